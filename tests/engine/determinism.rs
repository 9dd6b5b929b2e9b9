//! The laws of the trainer: whatever is paused, resumed, rewound, forked or spread over threads, the
//! bits are those of the uninterrupted run.

use std::sync::atomic::AtomicBool;

use downhill::catalog::{Chosen, Duration, Family};
use downhill::data::{BatchSize, Shuffle};
use downhill::experiment::{Change, LanePlan, Length, PlannedEdit, PlannedLength, TaskPlan};
use downhill::numeric::Precision;
use downhill::objective::Penalty;
use downhill::optim::{Clips, Optimizers, Schedules};
use downhill::train::{
    AnyTrainer, BranchId, Branches, ChangeRecord, Checkpoint, EndReason, EpochRecord,
    HeadlessOptions, LossSink, train_all,
};

use crate::plans::{chosen, data, learning, model, small, surface};

/// A whole run, as it went.
#[derive(Debug, PartialEq)]
struct Story {
    losses: Vec<u64>,
    epochs: Vec<EpochRecord>,
    changes: Vec<ChangeRecord>,
    last: Checkpoint,
}

fn trainer(plan: &LanePlan) -> AnyTrainer {
    AnyTrainer::new(plan).unwrap_or_else(|e| panic!("{e}"))
}

fn bits(sink: &LossSink) -> Vec<u64> {
    (0..sink.segment().len()).map(|i| sink.segment().get(i).to_bits()).collect()
}

/// Trains to the end in bursts of `size`.
fn story(plan: &LanePlan, size: u64, evaluate: bool) -> Story {
    let mut trainer = trainer(plan);
    let sink = LossSink::new(0, plan.precision);
    let (mut epochs, mut changes) = (Vec::new(), Vec::new());
    loop {
        let burst = trainer.burst(size, &sink);
        epochs.extend(burst.epoch);
        changes.extend(burst.changed);
        if evaluate {
            trainer.evaluate();
        }
        if trainer.end().is_some() {
            return Story { losses: bits(&sink), epochs, changes, last: trainer.checkpoint() };
        }
    }
}

/// Trains until so many updates are done.
fn go(trainer: &mut AnyTrainer, step: u64) {
    while trainer.step() < step && !trainer.replay(step - trainer.step()).ended {}
    assert_eq!(trainer.step(), step);
}

/// Each row of the optimizers' table at its defaults, and with all its flags and numbers in play.
fn optimizers() -> Vec<Chosen<Optimizers>> {
    let defaults = Optimizers::entries().iter().map(|entry| Chosen::of(entry));
    let others = [
        "Sgd(learning_rate: 0.02, momentum: 0.9, dampening: 0.3)",
        "Sgd(learning_rate: 0.02, momentum: 0.9, weight_decay: 0.01, nesterov: true)",
        "Adam(learning_rate: 0.02, weight_decay: 0.01, amsgrad: true)",
    ];
    defaults.chain(others.map(chosen)).collect()
}

fn schedules() -> [Chosen<Schedules>; 2] {
    ["Constant()", "Cosine(min: 0.001, warm_up: Epochs(2))"].map(chosen)
}

fn clips() -> [Option<Chosen<Clips>>; 3] {
    [None, Some(chosen("Norm(0.3)")), Some(chosen("Value(0.05)"))]
}

const SHUFFLES: [Shuffle; 4] =
    [Shuffle::Never, Shuffle::Once, Shuffle::EachEpoch, Shuffle::WithReplacement];

#[test]
fn resuming_at_any_step_is_going_on() {
    for optimizer in optimizers() {
        for schedule in schedules() {
            for clip in clips() {
                for (shuffle, precision) in SHUFFLES
                    .iter()
                    .flat_map(|shuffle| [(shuffle, Precision::F32), (shuffle, Precision::F64)])
                {
                    let plan = LanePlan {
                        optimizer: optimizer.clone(),
                        schedule: schedule.clone(),
                        clip: clip.clone(),
                        shuffle: *shuffle,
                        precision,
                        ..small()
                    };
                    check_resume(&plan);
                }
            }
        }
    }
}

/// The small plan with dropout on inputs and units, and a layer norm.
fn noisy() -> LanePlan {
    let mut plan = small();
    if let TaskPlan::Learn(learn) = &mut plan.task {
        learn.model = model(
            "(hidden: [Dropout(rate: 0.1), Dense(units: 5, activation: Tanh), LayerNorm, \
             Dropout(rate: 0.4), Dense(units: 4, activation: Relu), Dropout(rate: 0.2)])",
        );
    }
    plan
}

#[test]
fn resuming_at_any_step_draws_the_same_masks() {
    for precision in [Precision::F32, Precision::F64] {
        for batch_size in [BatchSize::Rows(8), BatchSize::Rows(1), BatchSize::Full] {
            for optimizer in ["Adam(learning_rate: 0.01)", "RandomSearch(spread: 0.1)"] {
                let optimizer = chosen(optimizer);
                check_resume(&LanePlan { precision, batch_size, optimizer, ..noisy() });
            }
        }
    }
    let gradient = Some(chosen("Numeric(0.00001)"));
    check_resume(&LanePlan { gradient, ..noisy() });
    let story = |seed| {
        let mut plan = noisy();
        plan.seeds.noise = seed;
        [story(&plan, 1000, false), story(&plan, 7, true)]
    };
    let [whole, bursts] = story(1);
    assert!(whole == bursts, "evaluations in between draw nothing");
    assert!(story(2)[0] != whole, "another noise seed is another run");
}

/// A plateau that is seen several times in the 200 updates of the small plan.
const PLATEAU: &str = "Plateau(factor: 0.7, patience: 1, threshold: 0.05, cooldown: 1)";

#[test]
fn resuming_under_any_schedule_is_going_on() {
    let all = Schedules::entries().iter().map(|entry| Chosen::of(entry));
    for schedule in all.chain([chosen(PLATEAU)]) {
        for optimizer in ["Sgd(learning_rate: 0.02, momentum: 0.9)", "Adam(learning_rate: 0.02)"] {
            let optimizer = chosen(optimizer);
            check_resume(&LanePlan { optimizer, schedule: schedule.clone(), ..small() });
        }
    }
}

#[test]
fn a_plateau_is_a_matter_of_updates_not_of_bursts() {
    let small = LanePlan { schedule: chosen(PLATEAU), ..small() };
    let mut on_surface = surface("Rosenbrock", [-1.5, 2.0]);
    on_surface.optimizer = chosen("Sgd(learning_rate: 0.001, momentum: 0.9)");
    on_surface.schedule = chosen("Plateau(factor: 0.5, patience: 3, threshold: 0.3)");
    for plan in [small, on_surface] {
        let whole = story(&plan, 1000, false);
        for (size, evaluate) in [(1, false), (7, true)] {
            assert!(story(&plan, size, evaluate) == whole, "{plan:?} in bursts of {size}");
        }
        let mut end = trainer(&plan);
        end.restore(&whole.last).expect("a checkpoint of this plan");
        let (base, rate) = (plan.optimizer.number("learning_rate"), end.learning_rate());
        assert!(rate < 0.6 * base, "it has met plateaus: {base} is {rate}");
    }
}

/// From the checkpoint of every step, in a trainer that was elsewhere before: one update gives the
/// next step's whole state, and now and then the rest of the run gives the whole end.
fn check_resume(plan: &LanePlan) {
    let mut whole = trainer(plan);
    let mut checkpoints = vec![whole.checkpoint()];
    while whole.end().is_none() {
        if whole.replay(1).done == 1 {
            checkpoints.push(whole.checkpoint());
        }
    }
    assert_eq!(checkpoints.len(), 201);
    let mut other = trainer(plan);
    for (step, pair) in checkpoints.windows(2).enumerate() {
        other.restore(&pair[0]).expect("a checkpoint of this plan");
        other.replay(1);
        assert!(other.checkpoint() == pair[1], "{plan:?}: update {}", step + 1);
        if step % 45 == 7 {
            other.restore(&pair[0]).expect("a checkpoint of this plan");
            while !other.replay(1000).ended {}
            assert!(other.checkpoint() == checkpoints[200], "{plan:?}: from {step} to the end");
        }
    }
}

#[test]
fn the_size_of_bursts_does_not_matter() {
    let mut plan = small();
    plan.length = PlannedLength::Epochs(Length::Count(60));
    plan.edits = vec![
        edit(0, rate(0.03)),
        edit(33, Change::BatchSize(BatchSize::Rows(3))),
        edit(70, Change::Clip(Some(chosen("Norm(0.5)")))),
        edit(70, rate(0.01)),
        edit(71, Change::Regularize { penalty: Penalty::L2, factor: 0.02 }),
        edit(71, Change::Parameter { index: 1, value: -0.75 }),
    ];
    for rule in ["NoGain(epochs: 3, min_gain: 0.02)", "AccuracyAbove(0.97)", "LossBelow(0.12)"] {
        plan.stop = vec![chosen(rule)];
        let whole = story(&plan, 1000, false);
        assert_eq!(whole.changes.len(), 6);
        for (size, evaluate) in [(1, false), (7, false), (7, true), (1000, true)] {
            assert!(story(&plan, size, evaluate) == whole, "{rule} in bursts of {size}");
        }
    }
    let mut plan = surface("Rosenbrock", [-1.5, 2.0]);
    plan.optimizer = chosen("Adam(learning_rate: 0.05)");
    plan.stop = vec![chosen("LossBelow(0.5)")];
    let whole = story(&plan, 1000, false);
    assert!(whole.losses.len() < 1000, "the rule ends it early");
    for size in [1, 7] {
        assert!(story(&plan, size, true) == whole, "in bursts of {size}");
    }
}

#[test]
fn planned_edits_are_live_edits() {
    let changes = [(20, rate(0.2)), (21, Change::BatchSize(BatchSize::Full)), (90, rate(0.01))];
    let planned = LanePlan {
        edits: changes.iter().map(|(step, change)| edit(*step, change.clone())).collect(),
        ..small()
    };
    let planned = story(&planned, 1000, false);
    let mut live = trainer(&small());
    let sink = LossSink::new(0, Precision::F64);
    let mut pending = changes.iter().peekable();
    while live.end().is_none() {
        while let Some((_, change)) = pending.next_if(|(step, _)| *step == live.step()) {
            let record = live.change(change).unwrap();
            assert!(!record.planned);
            assert_eq!(record.step, live.step());
        }
        live.burst(1, &sink);
    }
    assert_eq!(bits(&sink), planned.losses);
    assert_eq!(live.params(), params(&small(), &planned.last));
    let words: Vec<_> = planned.changes.iter().map(|c| (&*c.from, &*c.to)).collect();
    assert_eq!(words, [("0.05", "0.2"), ("8", "Full"), ("0.2", "0.01")]);
}

fn params(plan: &LanePlan, checkpoint: &Checkpoint) -> Vec<f64> {
    let mut trainer = trainer(plan);
    trainer.restore(checkpoint).expect("a checkpoint of this plan");
    trainer.params()
}

fn rate(value: f64) -> Change {
    Change::Optimizer { knob: "learning_rate", value }
}

fn edit(step: u64, change: Change) -> PlannedEdit {
    PlannedEdit { step, change }
}

/// What is turned in a long run, and when.
fn turned() -> [(u64, Change); 4] {
    [
        (300, rate(0.03)),
        (700, Change::Regularize { penalty: Penalty::L1, factor: 0.003 }),
        (700, Change::Parameter { index: 0, value: 0.5 }),
        (1200, rate(0.002)),
    ]
}

/// A run of 2,000 updates whose past keeps few checkpoints, with knobs [`turned`].
fn long() -> (LanePlan, AnyTrainer, Branches) {
    long_under("Constant()")
}

fn long_under(schedule: &str) -> (LanePlan, AnyTrainer, Branches) {
    let mut plan = small();
    plan.schedule = chosen(schedule);
    plan.optimizer = chosen("Adam(learning_rate: 0.01)");
    plan.length = PlannedLength::Steps(Length::Count(2000));
    let mut trainer = trainer(&plan);
    let mut past = Branches::new(&trainer, 8 * trainer.checkpoint().bytes());
    for (at, change) in turned() {
        train(&mut trainer, &mut past, at);
        past.change(&mut trainer, &change).expect("a knob");
    }
    train(&mut trainer, &mut past, 2000);
    (plan, trainer, past)
}

fn train(trainer: &mut AnyTrainer, past: &mut Branches, until: u64) {
    while trainer.step() < until && trainer.end().is_none() {
        let step = trainer.step();
        let sink = past.sink(step);
        trainer.burst((until - step).min(13), sink);
        past.keep(trainer);
    }
}

/// All losses of the current branch.
fn losses(past: &Branches) -> Vec<u64> {
    let bits = |segment: &downhill::train::Segment, i| segment.get(i).to_bits();
    past.stretches()
        .iter()
        .flat_map(|s| (0..s.samples).map(|i| bits(&s.segment, i)).collect::<Vec<_>>())
        .collect()
}

#[test]
fn a_stretch_done_once_more_has_the_losses_of_the_first_time() {
    for schedule in ["Constant()", PLATEAU] {
        let (plan, trainer, past) = long_under(schedule);
        let (whole, last) = (losses(&past), trainer.checkpoint());
        for steps in [0..50, 250..350, 299..301, 300..301, 1_100..1_300, 1_990..2_000] {
            let retrace = past.retrace(steps.clone()).expect("the branch was there");
            let sinks = retrace.losses(&plan).expect("the lane's plan");
            let found: Vec<u64> = sinks
                .iter()
                .flat_map(|sink| (0..sink.segment().len()).map(|i| sink.segment().get(i).to_bits()))
                .collect();
            assert_eq!(sinks[0].first_step(), steps.start);
            assert_eq!(found, whole[steps.start as usize..steps.end as usize], "{steps:?}");
        }
        assert!(trainer.checkpoint() == last, "the lane stays where it is");
        assert!(past.retrace(1_990..2_001).is_ok(), "as far as it goes");
        assert!(past.retrace(2_001..2_002).is_err(), "where it never was");
    }
}

#[test]
fn rewinding_is_never_having_gone_on() {
    check_rewinds(long());
}

/// A plateau's memory goes back with the run, and meets the same plateaus after the same edits.
#[test]
fn rewinding_past_a_plateau_is_never_having_met_it() {
    let run = long_under(PLATEAU);
    let (base, rate) = (run.1.knobs().number("learning_rate"), run.1.learning_rate());
    assert!(rate > 0.0 && rate < 0.4 * base, "it has met plateaus: {base} is {rate}");
    check_rewinds(run);
}

fn check_rewinds((_, mut trainer, mut past): (LanePlan, AnyTrainer, Branches)) {
    let whole = losses(&past);
    let (last, root) = (trainer.checkpoint(), past.current());
    assert_eq!(whole.len(), 2000);
    for step in [1999, 1201, 1200, 1199, 701, 699, 300, 299, 17, 1, 0] {
        past.go_to(&mut trainer, root, 2000).expect("the end is kept");
        assert!(trainer.checkpoint() == last, "back at the end before going to {step}");
        past.rewind(&mut trainer, step).expect("every step is reached");
        assert_eq!((trainer.step(), trainer.end()), (step, None));
        assert_eq!(
            losses(&past),
            &whole[..step as usize],
            "a branch shares what was before {step}"
        );
        // Without the later edits the run is another one; with them it is the same.
        for (at, change) in turned().into_iter().filter(|(at, _)| step < *at) {
            train(&mut trainer, &mut past, at);
            past.change(&mut trainer, &change).expect("a knob");
        }
        train(&mut trainer, &mut past, 2000);
        assert_eq!(losses(&past), whole, "from {step}");
        assert!(trainer.checkpoint() == last, "from {step}");
    }
}

#[test]
fn a_fork_without_a_change_is_its_parent() {
    let (plan, mut trainer, mut past) = long();
    let (whole, root) = (losses(&past), past.current());
    past.fork(&mut trainer, root, 1500).unwrap();
    let mut fork = AnyTrainer::new(&plan).unwrap();
    fork.restore(&trainer.checkpoint()).unwrap();
    train(&mut trainer, &mut past, 2000);
    assert_eq!(losses(&past), whole);
    go(&mut fork, 2000);
    assert_eq!(fork.params(), trainer.params(), "as a lane of its own");
}

#[test]
fn what_a_rewind_leaves_behind_stays_with_the_older_branch() {
    let (_, mut trainer, mut past) = long();
    let whole = losses(&past);
    let child = past.rewind(&mut trainer, 700).unwrap();
    assert_eq!(past.parent(child), Some((BranchId(0), 700)));
    past.change(&mut trainer, &rate(0.3)).unwrap();
    train(&mut trainer, &mut past, 900);
    assert_ne!(losses(&past)[..], whole[..900]);
    assert_eq!(losses(&past)[..700], whole[..700]);
    let changed = trainer.checkpoint();
    past.go_to(&mut trainer, BranchId(0), 2000).unwrap();
    assert_eq!(losses(&past), whole, "redo");
    assert_eq!(trainer.knobs().number("learning_rate"), 0.002);
    past.go_to(&mut trainer, child, 900).unwrap();
    assert!(trainer.checkpoint() == changed, "and undo again");
    past.forget_abandoned();
    past.go_to(&mut trainer, child, 800).unwrap();
    assert_eq!(trainer.knobs().number("learning_rate"), 0.3);
    assert!(past.rewind(&mut trainer, 801).is_err(), "this branch ends at 800");
}

#[test]
fn stopping_and_training_on_replay_as_they_happened() {
    let plan = LanePlan { length: PlannedLength::Epochs(Length::Count(3)), ..small() };
    let mut trainer = trainer(&plan);
    let mut past = Branches::new(&trainer, 0);
    train(&mut trainer, &mut past, 10);
    past.stop(&mut trainer);
    assert!(matches!(trainer.end(), Some(end) if end.reason == EndReason::Stopped));
    past.rewind(&mut trainer, 10).unwrap();
    assert_eq!(trainer.end(), None, "an order to stop is not repeated");
    past.stop(&mut trainer);
    assert!(past.train_on(&mut trainer, Duration::Epochs(3)));
    train(&mut trainer, &mut past, u64::MAX);
    assert_eq!(trainer.step(), 28, "three more epochs after the one that was finished");
    assert!(past.train_on(&mut trainer, Duration::Steps(4)));
    train(&mut trainer, &mut past, u64::MAX);
    let (whole, last) = (losses(&past), trainer.checkpoint());
    assert_eq!(trainer.step(), 32);
    for step in [30, 28, 27, 12] {
        past.rewind(&mut trainer, step).unwrap();
        if step < 28 {
            train(&mut trainer, &mut past, u64::MAX);
            assert_eq!(trainer.step(), 28);
            past.train_on(&mut trainer, Duration::Steps(4));
        }
        train(&mut trainer, &mut past, u64::MAX);
        assert_eq!(losses(&past), whole, "from {step}");
        assert!(trainer.checkpoint() == last, "from {step}");
    }
    past.rewind(&mut trainer, 9).unwrap();
    train(&mut trainer, &mut past, u64::MAX);
    assert_eq!(trainer.step(), 21, "before all that: three epochs, as planned");
}

#[test]
fn threads_do_not_matter() {
    let mut plans = Vec::new();
    for (i, optimizer) in optimizers().into_iter().enumerate() {
        let precision = if i % 2 == 0 { Precision::F64 } else { Precision::F32 };
        let base = if i % 3 == 0 { noisy() } else { small() };
        plans.push(LanePlan { optimizer, precision, name: format!("lane {i}"), ..base });
    }
    let run = |threads| {
        let params_at = vec![0, 3, 200, 1000];
        let options = HeadlessOptions { threads, history: true, params_at };
        let results = train_all(&plans, &options, &AtomicBool::new(false), &());
        let outcome = |r: downhill::train::LaneResult| {
            assert_eq!(r.end.reason, EndReason::Finished);
            assert_eq!((r.steps, r.epochs, r.samples), (200, 28, 1432));
            assert_eq!(r.params_at.keys().copied().collect::<Vec<_>>(), [0, 3, 200]);
            assert_eq!(r.params_at[&200], r.params);
            let losses: Vec<_> = r.batch_losses().map(f64::to_bits).collect();
            assert_eq!(losses.len(), 200);
            let evaluations: Vec<_> = r.evaluations.iter().map(|e| format!("{e:?}")).collect();
            (r.name, r.params, losses, evaluations)
        };
        results.into_iter().map(outcome).collect::<Vec<_>>()
    };
    let one = run(1);
    for threads in [2, 3, 8] {
        assert_eq!(run(threads), one, "{threads} threads");
    }
}

#[test]
fn helpers_do_not_matter() {
    let split = data("Blobs(samples: 300, features: 290, centers: 10, std: 9.0, seed: 1)", None);
    let network = model("(hidden: [Dense(units: 128, activation: Relu)])");
    let mut plan = learning(split, network, "CrossEntropy");
    plan.batch_size = BatchSize::Rows(125);
    plan.length = PlannedLength::Steps(Length::Count(7));
    for (optimizer, precision) in [("Adam()", Precision::F32), ("Adagrad()", Precision::F64)] {
        let plan = LanePlan { optimizer: chosen(optimizer), precision, ..plan.clone() };
        let run = |threads| {
            let options = HeadlessOptions { threads, history: true, params_at: Vec::new() };
            let results =
                train_all(std::slice::from_ref(&plan), &options, &AtomicBool::new(false), &());
            let losses: Vec<_> = results[0].batch_losses().map(f64::to_bits).collect();
            (results[0].end.reason.clone(), losses, results[0].params.clone())
        };
        let alone = run(1);
        assert_eq!((&alone.0, alone.1.len()), (&EndReason::Finished, 7));
        for threads in [2, 5] {
            assert!(run(threads) == alone, "{optimizer} on {threads} threads");
        }
    }
}
