//! How runs end: divergence, stop rules, planned lengths, changes refused, edits at their step.

use std::sync::atomic::{AtomicBool, Ordering};

use downhill::catalog::Duration;
use downhill::data::{BatchSize, HeldOut};
use downhill::experiment::{Change, LanePlan, Length, PlannedEdit, PlannedLength, TaskPlan};
use downhill::numeric::Precision;
use downhill::objective::{Penalty, Regularize};
use downhill::train::{
    AnyTrainer, Branches, ChangeError, EndReason, EpochRecord, HeadlessOptions, LaneResult,
    LossSink, TrainError, Watcher, train_all,
};

use crate::plans::{chosen, data, learning, model, small, surface};

fn run(plan: LanePlan) -> LaneResult {
    let options = HeadlessOptions { threads: 1, history: true, params_at: Vec::new() };
    let results = train_all(&[plan], &options, &AtomicBool::new(false), &());
    results.into_iter().next().expect("one result a plan")
}

#[test]
fn a_rate_too_large_diverges_and_keeps_the_last_finite_step() {
    let mut plan = surface("Rosenbrock", [-1.5, 2.0]);
    plan.optimizer = chosen("Sgd(learning_rate: 0.1)");
    let result = run(plan.clone());
    assert_eq!(result.end.reason, EndReason::Diverged);
    assert_eq!(result.end.step, result.steps);
    assert!(result.steps < 20);
    assert!(result.params.iter().all(|x| x.is_finite()));
    assert_eq!(result.batch_losses().count() as u64, result.steps + 1, "the odd sample is kept");

    let mut trainer = AnyTrainer::new(&plan).unwrap();
    let mut past = Branches::new(&trainer, 1 << 20);
    let sink = past.sink(0).clone();
    while !trainer.burst(1000, &sink).ended {
        past.keep(&trainer);
    }
    past.keep(&trainer);
    let last = trainer.params();
    assert!(!past.train_on(&mut trainer, Duration::Steps(100)), "it would diverge again");
    past.rewind(&mut trainer, result.steps).unwrap();
    assert_eq!((trainer.params(), trainer.end()), (last, None), "but it can be rewound");
    past.rewind(&mut trainer, 0).unwrap();
    past.change(&mut trainer, &Change::Optimizer { knob: "learning_rate", value: 5e-4 }).unwrap();
    let sink = past.sink(0).clone();
    while !trainer.burst(1000, &sink).ended {}
    assert_eq!(trainer.step(), 1000);
}

#[test]
fn losses_that_are_not_finite_end_a_run_at_once() {
    let split = data("Regression(samples: 40, features: 3, seed: 1)", None);
    let mut plan = learning(split, model("()"), "MeanSquaredError");
    // The first overflows the next loss, the second the parameters themselves.
    for (rate, steps) in [("1e300", 1), ("1e308", 0)] {
        plan.optimizer = chosen(&format!("Sgd(learning_rate: {rate})"));
        let result = run(plan.clone());
        assert_eq!((result.end.reason, result.steps), (EndReason::Diverged, steps), "{rate}");
        assert!(result.params.iter().all(|x| x.is_finite()), "{rate}");
    }
}

#[test]
fn stop_rules_name_the_end() {
    let split = data(
        "Blobs(samples: 80, centers: 2, std: 1.05, seed: 20)",
        Some(HeldOut { fraction: 0.25, seed: 1, stratified: false }),
    );
    let mut plan = learning(split, model("()"), "CrossEntropy");
    plan.optimizer = chosen("Adam(learning_rate: 0.05)");
    for rule in ["LossBelow(0.2)", "AccuracyAbove(0.9)", "NoGain(epochs: 2, min_gain: 0.05)"] {
        let result = run(LanePlan { stop: vec![chosen(rule)], ..plan.clone() });
        let name = rule.split('(').next().expect("a name");
        assert_eq!(result.end.reason.label(), format!("rule:{name}"));
        assert!(result.epochs < 100);
        let last = result.epoch_records.last().expect("an epoch");
        assert_eq!((last.epoch, last.step), (result.epochs, result.steps), "at an epoch's end");
        match name {
            "LossBelow" => {
                let below = result.epoch_records.iter().position(|r| r.loss < 0.2);
                assert_eq!(below, Some(result.epoch_records.len() - 1));
            }
            "AccuracyAbove" => {
                let held_out = result.evaluation().and_then(|e| e.held_out.as_ref());
                assert!(held_out.and_then(|scores| scores.accuracy).expect("held out") > 0.9);
            }
            _ => {}
        }
    }
}

#[test]
fn epochs_are_means_of_their_batches_and_batches_end_with_them() {
    let mut plan = small();
    plan.length = PlannedLength::Epochs(Length::Count(4));
    plan.edits = vec![PlannedEdit { step: 10, change: Change::BatchSize(BatchSize::Rows(20)) }];
    let result = run(plan);
    // 7 batches; then 3 of 8 rows and, of the 26 rows left, 20 and 6; then 20, 20, 10.
    let steps: Vec<_> = result.epoch_records.iter().map(|r| (r.step, r.samples)).collect();
    assert_eq!(steps, [(7, 50), (12, 100), (15, 150), (18, 200)]);
    let losses: Vec<_> = result.batch_losses().collect();
    let mut from = 0;
    for record in &result.epoch_records {
        let batches = &losses[from..record.step as usize];
        let mean = batches.iter().sum::<f64>() / batches.len() as f64;
        assert_eq!(record.loss, mean, "epoch {}", record.epoch);
        from = record.step as usize;
    }
    assert_eq!(result.loss(), result.epoch_records.last().map(|r| r.loss));
    let evaluated: Vec<_> = result.evaluations.iter().map(|e| (e.step, e.epoch)).collect();
    assert_eq!(evaluated, [(0, 0), (7, 1), (12, 2), (15, 3), (18, 4)]);
}

#[test]
fn planned_lengths_follow_batch_size_and_training_on() {
    let mut plan = small();
    plan.length = PlannedLength::Epochs(Length::Count(10));
    let mut trainer = AnyTrainer::new(&plan).unwrap();
    assert_eq!(trainer.planned_steps(), Some(70));
    trainer.replay(3);
    trainer.change(&Change::BatchSize(BatchSize::Full)).unwrap();
    assert_eq!(trainer.planned_steps(), Some(3 + 1 + 9));
    assert!(trainer.train_on(Duration::Epochs(5)), "lengthens the plan while it runs");
    assert_eq!(trainer.planned_steps(), Some(3 + 1 + 14));
    while !trainer.replay(100).ended {}
    assert_eq!((trainer.step(), trainer.epoch()), (18, 15));
    plan.length = PlannedLength::Epochs(Length::Unlimited);
    let trainer = AnyTrainer::new(&plan).unwrap();
    assert_eq!(trainer.planned_steps(), None);
    plan.length = PlannedLength::Steps(Length::Count(0));
    let result = run(plan);
    assert_eq!((result.steps, result.end.reason), (0, EndReason::Finished));
}

#[test]
fn changes_that_make_no_sense_are_refused_and_change_nothing() {
    let mut plan = small();
    plan.schedule = chosen("Cosine(min: 0.0)");
    let mut trainer = AnyTrainer::new(&plan).unwrap();
    let before = trainer.checkpoint();
    let schedule = |knob, value| Change::Schedule { knob, value };
    let refusals = [
        (Change::Optimizer { knob: "momentum", value: 1.0 }, "at least 0 and below 1"),
        (Change::Optimizer { knob: "beta1", value: 0.5 }, "has no field `beta1`"),
        (Change::Optimizer { knob: "learning_rate", value: f64::NAN }, "not NaN"),
        (schedule("warm_up_start", 0.5), "applies on Reset"),
        (Change::BatchSize(BatchSize::Rows(0)), "at least one row"),
        (Change::Regularize { penalty: Penalty::L2, factor: -1.0 }, "at least 0, not -1"),
        (Change::Parameter { index: 999, value: 1.0 }, "no parameter 999: the last is"),
        (Change::Parameter { index: 0, value: f64::INFINITY }, "a finite number"),
    ];
    for (change, reason) in &refusals {
        let refused = trainer.change(change).unwrap_err();
        assert!(refused.to_string().contains(reason), "{refused}");
        assert!(trainer.checkpoint() == before, "{change:?}");
    }
    trainer.change(&schedule("min", 0.02)).unwrap();
    go(&mut trainer, 199);
    assert!((trainer.learning_rate() - 0.02).abs() < 1e-5, "{}", trainer.learning_rate());
    let mut lane = AnyTrainer::new(&surface("Sphere", [1.0, 1.0])).unwrap();
    let full = lane.change(&Change::BatchSize(BatchSize::Full));
    assert_eq!(full, Err(ChangeError::NoBatches));
    let penalty = lane.change(&Change::Regularize { penalty: Penalty::L1, factor: 0.1 });
    assert_eq!(penalty, Err(ChangeError::NoWeights));
    plan.edits = vec![PlannedEdit { step: 9, change: refusals[0].0.clone() }];
    let refused = AnyTrainer::new(&plan).unwrap_err();
    assert!(matches!(refused, TrainError::Edit { step: 9, .. }), "{refused}");
}

#[test]
fn penalties_turned_at_the_start_are_those_of_the_file() {
    for precision in [Precision::F32, Precision::F64] {
        let mut from_file = LanePlan { precision, ..small() };
        let turned_plan = from_file.clone();
        let TaskPlan::Learn(learn) = &mut from_file.task else { panic!("it learns") };
        learn.regularize = Regularize { l1: 0.02, l2: 0.3 };
        let mut turned = AnyTrainer::new(&turned_plan).unwrap();
        let mut plain = AnyTrainer::new(&turned_plan).unwrap();
        for (penalty, factor) in [(Penalty::L1, 0.02), (Penalty::L2, 0.3)] {
            let record = turned.change(&Change::Regularize { penalty, factor }).unwrap();
            assert_eq!((record.from, record.to), ("0.0".to_owned(), format!("{factor:?}")));
        }
        let mut from_file = AnyTrainer::new(&from_file).unwrap();
        for trainer in [&mut turned, &mut plain, &mut from_file] {
            go(trainer, 50);
        }
        assert_eq!(turned.params(), from_file.params());
        assert_ne!(turned.params(), plain.params());
    }
}

#[test]
fn a_parameter_put_to_a_value_is_where_training_goes_on_from() {
    let mut lane = AnyTrainer::new(&surface("Sphere", [1.0, 1.0])).unwrap();
    go(&mut lane, 3);
    let moved =
        lane.evaluate().update_ratio.expect("it has moved") * lane.evaluate().parameter_norm;
    let [x, y] = lane.position().expect("a place");
    let record = lane.change(&Change::Parameter { index: 1, value: 4.0 }).unwrap();
    assert_eq!((record.step, record.from, record.to), (3, format!("{y:?}"), "4.0".to_owned()));
    assert_eq!(lane.position(), Some([x, 4.0]));
    let evaluation = lane.evaluate();
    assert_eq!(evaluation.full_loss, x * x + 16.0);
    let now = evaluation.update_ratio.expect("it has moved") * evaluation.parameter_norm;
    assert!((now - moved).abs() < 1e-15, "a hand is no update: {now} is not {moved}");
    let mut other = AnyTrainer::new(&surface("Sphere", [x, 4.0])).unwrap();
    go(&mut lane, 4);
    go(&mut other, 1);
    assert_eq!(lane.position(), other.position(), "plain descent remembers nothing else");
}

fn go(trainer: &mut AnyTrainer, step: u64) {
    while trainer.step() < step && !trainer.replay(step - trainer.step()).ended {}
}

#[test]
fn an_edit_acts_first_in_the_update_after_its_step() {
    let mut plan = surface("Sphere", [1.0, 0.0]);
    plan.optimizer = chosen("Sgd(learning_rate: 0.0)");
    let change = Change::Optimizer { knob: "learning_rate", value: 0.25 };
    plan.edits = vec![PlannedEdit { step: 5, change }];
    let mut trainer = AnyTrainer::new(&plan).unwrap();
    let sink = LossSink::new(0, plan.precision);
    let mut changed = Vec::new();
    while trainer.step() < 6 {
        let burst = trainer.burst(1000, &sink);
        assert!(trainer.step() != 5 || trainer.position() == Some([1.0, 0.0]));
        changed.extend(burst.changed);
        if trainer.step() == 5 {
            assert_eq!(changed.len(), 1, "reported by the burst that reached its step");
            assert_eq!((changed[0].step, changed[0].planned), (5, true));
            trainer.burst(1, &sink);
        }
    }
    assert_ne!(trainer.position(), Some([1.0, 0.0]));
}

struct InterruptAfter<'a>(u64, &'a AtomicBool);

impl Watcher for InterruptAfter<'_> {
    fn epoch(&self, _: usize, record: &EpochRecord) {
        if record.epoch == self.0 {
            self.1.store(true, Ordering::Relaxed);
        }
    }
}

#[test]
fn an_interrupted_lane_keeps_what_it_has() {
    let plan = LanePlan { length: PlannedLength::Epochs(Length::Unlimited), ..small() };
    let interrupt = AtomicBool::new(false);
    let options = HeadlessOptions { threads: 2, ..HeadlessOptions::default() };
    let results =
        train_all(&[plan.clone(), plan], &options, &interrupt, &InterruptAfter(30, &interrupt));
    for result in results {
        assert_eq!(result.end.reason, EndReason::Stopped);
        let at_end = result.evaluations.last().is_some_and(|last| last.step == result.steps);
        assert!(at_end && !result.params.is_empty());
        assert_eq!(result.batch_losses().count(), 0, "history was not asked for");
    }
}
