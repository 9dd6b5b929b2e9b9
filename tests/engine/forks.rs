//! Forks: without a change they are their parents, with one they go on from where those stood.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use downhill::data::NoFiles;
use downhill::experiment::{Change, ForkPlan, LanePlan, PlannedEdit, check};
use downhill::optim::{Optimizers, is_carried};
use downhill::train::{AnyTrainer, EndReason, HeadlessOptions, LaneResult, TrainError, train_all};

use crate::determinism::optimizers;
use crate::plans::{chosen, model, small};

fn run(plans: &[LanePlan], threads: usize) -> Vec<LaneResult> {
    let options = HeadlessOptions { threads, history: true, params_at: vec![40, 156] };
    train_all(plans, &options, &AtomicBool::new(false), &())
}

fn bits(result: &LaneResult) -> Vec<u64> {
    result.batch_losses().map(f64::to_bits).collect()
}

/// `plan`, forked off `parent` after so many updates.
fn forked(plan: LanePlan, parent: &LanePlan, step: u64) -> LanePlan {
    let from = Some(Arc::new(ForkPlan { parent: parent.clone(), step }));
    LanePlan { name: "fork".to_owned(), from, edits: Vec::new(), ..plan }
}

#[test]
fn a_fork_without_a_change_is_its_parent_for_every_optimizer() {
    for optimizer in optimizers() {
        for schedule in ["Constant()", "Cosine(min: 0.0)", "Plateau(factor: 0.7, patience: 1)"] {
            let parent = LanePlan {
                optimizer: optimizer.clone(),
                schedule: chosen(schedule),
                stop: vec![chosen("NoGain(epochs: 15, min_gain: 0.001)")],
                ..small()
            };
            let child = forked(parent.clone(), &parent, 61);
            let grandchild = forked(child.clone(), &child, 99);
            let results = run(&[parent, child, grandchild], 2);
            for fork in &results[1..] {
                assert_eq!(fork.params, results[0].params, "{optimizer:?} {schedule}");
                assert_eq!(bits(fork), bits(&results[0]));
                assert_eq!((fork.steps, &fork.end), (results[0].steps, &results[0].end));
                assert_eq!(fork.epoch_records.len(), results[0].epoch_records.len());
                assert_eq!(fork.evaluations, results[0].evaluations);
                assert_eq!(fork.params_at, results[0].params_at);
            }
        }
    }
}

#[test]
fn a_fork_with_a_knob_of_its_own_is_the_parent_with_an_edit_there() {
    let rate = Change::Optimizer { knob: "learning_rate", value: 0.2 };
    let mut parent = small();
    parent.optimizer = chosen("Sgd(learning_rate: 0.05, momentum: 0.9)");
    let mut edited = parent.clone();
    edited.edits = vec![PlannedEdit { step: 77, change: rate }];
    let mut other = parent.clone();
    other.optimizer = chosen("Sgd(learning_rate: 0.2, momentum: 0.9)");
    let results = run(&[edited, forked(other, &parent, 77)], 1);
    assert_eq!(results[0].params, results[1].params);
    assert_eq!(bits(&results[0]), bits(&results[1]));
    assert!(results[0].changes.len() == 1 && results[1].changes.is_empty());
}

#[test]
fn what_the_parent_was_told_before_belongs_to_the_fork() {
    let mut parent = small();
    let rate = Change::Optimizer { knob: "learning_rate", value: 0.3 };
    parent.edits = vec![PlannedEdit { step: 20, change: rate }];
    let mut child = parent.clone();
    child.optimizer = child.optimizer.with("learning_rate", 0.3);
    let same = forked(child, &parent, 50);
    let results = run(&[parent, same], 1);
    assert_eq!(results[0].params, results[1].params);
}

#[test]
fn the_memory_of_adam_and_its_kin_goes_on_and_all_other_begins_afresh() {
    let named = |name: &str| chosen::<Optimizers>(&format!("{name}(learning_rate: 0.01)"));
    let family = ["Adam", "AdamW", "NAdam"];
    for from in family.into_iter().chain(["Sgd", "Lion"]) {
        for to in family.into_iter().chain(["Sgd", "Lion"]) {
            let (parent, child) = (named(from), named(to));
            let expected = from == to || (family.contains(&from) && family.contains(&to));
            assert_eq!(is_carried(&parent, &child), expected, "{from} to {to}");
            let parent = LanePlan { optimizer: parent, ..small() };
            let fork = forked(LanePlan { optimizer: child, ..small() }, &parent, 100);
            let results = run(&[parent, fork], 1);
            assert_eq!(results[1].end.reason, EndReason::Finished, "{from} to {to}");
            assert_eq!(results[1].steps, 200);
        }
    }
    // Decoupled decay of nothing is coupled decay of nothing: the same rule, the same memory.
    let adam = LanePlan { optimizer: named("Adam"), ..small() };
    let plain = LanePlan { optimizer: named("AdamW").with("weight_decay", 0.0), ..small() };
    let results = run(&[adam.clone(), forked(plain, &adam, 77)], 1);
    assert_eq!(results[0].params, results[1].params);
    // Back and forth through NAdam the means are those that were gathered: the first update after it
    // is as long as Adam's would be.
    let n_adam = LanePlan { optimizer: named("NAdam"), ..small() };
    let mut fork = AnyTrainer::born(&forked(adam, &n_adam, 100)).expect("it can be built");
    let before = fork.params();
    fork.replay(1);
    let far = fork.params().iter().zip(&before).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(far < 0.02, "no leap: {far}");
}

#[test]
fn layers_of_the_same_shape_keep_their_weights_and_new_ones_are_fresh() {
    let with = |text: &str| {
        let mut plan = small();
        if let downhill::experiment::TaskPlan::Learn(learn) = &mut plan.task {
            learn.model = model(text);
        }
        plan
    };
    let parent = with("(hidden: [Dense(units: 5, activation: Tanh)])");
    let wider =
        with("(hidden: [Dense(units: 5, activation: Relu), Dense(units: 5, activation: Tanh)])");
    let old = AnyTrainer::born(&forked(parent.clone(), &parent, 60)).expect("it can be built");
    let fresh = AnyTrainer::new(&wider).expect("it can be built");
    let fork = AnyTrainer::born(&forked(wider, &parent, 60)).expect("it can be built");
    let tensor = |trainer: &AnyTrainer, name: &str| {
        let layout = trainer.layout();
        let tensor = layout.tensors.iter().find(|t| t.name == name).expect("it has it");
        trainer.params()[tensor.range()].to_vec()
    };
    for name in ["hidden1.weights", "hidden1.biases", "output.weights", "output.biases"] {
        assert_eq!(tensor(&fork, name), tensor(&old, name), "{name}");
    }
    assert_eq!(tensor(&fork, "hidden2.weights"), tensor(&fresh, "hidden2.weights"));
    assert_eq!((fork.step(), fork.epoch(), fork.samples()), (60, old.epoch(), old.samples()));
}

#[test]
fn a_fork_off_a_run_that_ended_before_says_so() {
    let mut parent = small();
    parent.stop = vec![chosen("NoGain(epochs: 1, min_gain: 1000000.0)")];
    let error = AnyTrainer::born(&forked(small(), &parent, 150)).unwrap_err();
    assert!(matches!(error, TrainError::Fork { step: 150, reached } if reached < 150), "{error}");
    let results = run(&[forked(small(), &parent, 150)], 1);
    let EndReason::Failed(reason) = &results[0].end.reason else { panic!("{:?}", results[0].end) };
    assert!(reason.contains("its parent ended after"), "{reason}");
}

const TEXT: &str = r#"(
    version: 1,
    task: Learn(data: Blobs(samples: 60, features: 2, centers: 2, std: 1.5, seed: 3)),
    training: (steps: 100),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.05)),
        (name: "A", from: (lane: "SGD", step: 30), optimizer: Adam(learning_rate: 0.05)),
        (name: "B", from: (lane: "A", step: 60), optimizer: Adam(learning_rate: 0.005)),
    ],
    edits: [(lane: "SGD", step: 10, set: "optimizer.learning_rate", to: 0.1)],
)"#;

#[test]
fn a_file_tells_forks_and_their_mistakes_have_places() {
    let plans = check(TEXT).unwrap().prepare(&NoFiles).unwrap();
    let b = plans[2].from.as_ref().expect("a fork");
    assert_eq!((b.step, b.parent.name.as_str()), (60, "A"));
    let a = b.parent.from.as_ref().expect("a fork of a fork");
    assert_eq!((a.step, a.parent.edits.len()), (30, 1));
    let told = |from: &str, to: &str| -> String {
        let problems = check(&TEXT.replace(from, to)).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for (from, to, says) in [
        ("lane: \"SGD\", step: 30", "lane: \"SDG\", step: 30", "did you mean `SGD`"),
        ("lane: \"SGD\", step: 30", "lane: \"B\", step: 30", "would be forked off itself"),
        ("lane: \"SGD\", step: 30", "lane: \"A\", step: 30", "would be forked off itself"),
        ("lane: \"SGD\", step: 30", "lane: \"SGD\", step: 100", "nothing is left to train"),
        ("lane: \"A\", step: 60", "lane: \"A\", step: 20", "itself begins at step 30"),
        ("(lane: \"SGD\", step: 10, set", "(lane: \"A\", step: 10, set", "begins at step 30"),
        ("lane: \"SGD\", step: 30", "lane: \"SGD\"", "step"),
    ] {
        let found = told(from, to);
        assert!(found.contains(says), "{to}: {found}");
    }
}
