//! Lanes that stand for several seeds: what each seed is, and how seeds of two lanes pair.

use std::sync::atomic::AtomicBool;

use downhill::data::NoFiles;
use downhill::experiment::{LanePlan, check, shipped_preset};
use downhill::session::{Contender, verdicts};
use downhill::train::{AnyTrainer, EndReason, HeadlessOptions, LaneResult, train_all};

use super::fixtures::assert_same_bits;

/// Dropout, noise, a start and an order: everything that a seed decides.
pub(crate) const SEEDED: &str = r#"(
    version: 1,
    task: Learn(
        data: Moons(samples: 60, noise: 0.2, seed: 5),
        held_out: (fraction: 0.25, seed: 2),
        model: (hidden: [Dense(units: 6, activation: Tanh), Dropout(rate: 0.2)]),
    ),
    training: (epochs: 12, batch_size: 7, seed: 3, order_seed: 40),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1), gradient_noise: 0.01, seeds: 3),
        (name: "Adam", optimizer: Adam(learning_rate: 0.02), seeds: 6),
        (name: "Plain", optimizer: Sgd(learning_rate: 0.05)),
    ],
    edits: [(lane: "SGD", step: 20, set: "optimizer.learning_rate", to: 0.05)],
)"#;

pub(crate) fn plans(text: &str) -> Vec<LanePlan> {
    check(text).and_then(|valid| valid.prepare(&NoFiles)).expect("it can be trained")
}

pub(crate) fn trained(plans: &[LanePlan]) -> Vec<LaneResult> {
    let options = HeadlessOptions { threads: 2, history: true, params_at: Vec::new() };
    train_all(plans, &options, &AtomicBool::new(false), &())
}

/// The same experiment with the seeds of run `number` written in the file, one seed a lane.
pub(crate) fn alone(text: &str, number: u32) -> String {
    let seeds = format!("seed: {}, order_seed: {}", 3 + number, 40 + number);
    text.replace("seed: 3, order_seed: 40", &seeds)
        .replace(", seeds: 3", "")
        .replace(", seeds: 6", "")
}

#[test]
fn each_seed_is_the_lane_alone_with_its_seeds_in_the_file() {
    let group = plans(SEEDED);
    for number in 0..3 {
        let of_group: Vec<LanePlan> = group.iter().map(|plan| plan.of_run(number)).collect();
        let (ours, alone) = (trained(&of_group), trained(&plans(&alone(SEEDED, number))));
        for (ours, alone) in ours.iter().zip(&alone) {
            let what = format!("{}, run {number}", ours.name);
            assert_same_bits(&ours.params, &alone.params, &what);
            let losses = |run: &LaneResult| run.batch_losses().collect::<Vec<f64>>();
            assert_same_bits(&losses(ours), &losses(alone), &what);
            assert_eq!(ours.evaluations, alone.evaluations, "{what}");
        }
    }
}

#[test]
fn run_k_of_every_lane_has_the_same_start_and_batches_and_no_other_run_has() {
    let group = plans(SEEDED);
    let print = |plan: &LanePlan, number| {
        let trainer = AnyTrainer::new(&plan.of_run(number)).expect("it can be built");
        trainer.fingerprint()
    };
    let prints: Vec<Vec<_>> =
        (0..6).map(|number| group.iter().map(|plan| print(plan, number)).collect()).collect();
    for (number, run) in prints.iter().enumerate() {
        assert!(run.iter().all(|lane| *lane == run[0]), "run {number}: {run:?}");
        for other in &prints[..number] {
            assert_ne!(run[0].start, other[0].start);
            assert_ne!(run[0].batches, other[0].batches);
        }
    }
}

#[test]
fn lanes_of_too_many_seeds_and_forks_of_several_are_refused() {
    let problem = |text: &str| {
        let problems = check(text).expect_err("refused");
        problems.into_iter().map(|p| format!("{}: {}", p.path, p.message)).collect::<Vec<_>>()
    };
    for wrong in ["0", "65"] {
        let text = SEEDED.replace("seeds: 3", &format!("seeds: {wrong}"));
        let said = "lanes[0].seeds: `seeds` takes a whole number from 1 to 64, not ".to_owned();
        assert_eq!(problem(&text), [said + wrong]);
    }
    let fork = SEEDED.replace("seeds: 6", "seeds: 6, from: (lane: \"SGD\", step: 30)");
    let said = "lanes[1].seeds: a fork goes on from one run, so it has one seed";
    assert_eq!(problem(&fork), [said]);
    let lane =
        |i: usize| format!("(name: \"{i}\", optimizer: Sgd(learning_rate: 0.1), seeds: 64),");
    let nine: String = (0..9).map(lane).collect();
    let many = SEEDED.replace("(name: \"Plain\"", &format!("{nine} (name: \"Plain\""));
    let said = "lanes[10].seeds: the lanes stand for 586 runs; at most 512 are allowed";
    assert_eq!(problem(&many), [said]);
    let huge = SEEDED
        .replace("units: 6", "units: 200000")
        .replace("seeds: 6", "seeds: 64")
        .replace("seeds: 3", "seeds: 64");
    let problems = check(&huge).and_then(|valid| valid.prepare(&NoFiles)).expect_err("too large");
    assert_eq!(problems.len(), 2, "{problems:?}");
    let message = &problems[0].message;
    assert!(message.starts_with("the parameters of all seeds would take "), "{message}");
}

/// The notes of the preset: SGD is behind, and the other two cannot be told apart.
#[test]
fn the_preset_has_a_pair_that_differs_and_one_that_does_not() {
    let preset = shipped_preset("seeds").expect("it ships");
    let plans = plans(preset.text);
    let runs: Vec<LanePlan> =
        plans.iter().flat_map(|plan| (0..8).map(|number| plan.of_run(number))).collect();
    let results = trained(&runs);
    let loss = |run: &LaneResult| {
        assert_eq!(run.end.reason, EndReason::Finished);
        run.evaluation()?.held_out.as_ref()?.loss
    };
    let contenders: Vec<Contender<'_>> = results
        .chunks(8)
        .map(|lane| Contender { name: &lane[0].name, losses: lane.iter().map(loss).collect() })
        .collect();
    let winners: Vec<_> =
        verdicts(&contenders).iter().map(downhill::session::Verdict::winner).collect();
    assert_eq!(winners, [Some(1), Some(2), None]);
    let [behind, momentum, nesterov] = contenders.as_slice() else { panic!("three lanes") };
    let above = |a: &Contender<'_>, b: &Contender<'_>| {
        a.losses.iter().zip(&b.losses).filter(|(a, b)| a > b).count()
    };
    assert_eq!((above(behind, momentum), above(behind, nesterov)), (8, 8), "on every seed");
    let leads = above(momentum, nesterov);
    assert!((2..=6).contains(&leads), "now one ahead, now the other: {leads} of 8");
}
