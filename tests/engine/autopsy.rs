//! Autopsies: of runs that left all bounds where it is known why.

use std::sync::Arc;
use std::time::{Duration, Instant};

use downhill::data::BatchSize;
use downhill::experiment::{Change, LanePlan, TaskPlan};
use downhill::lab::{Autopsy, FAR, autopsy};
use downhill::numeric::Precision;
use downhill::session::library::Library;
use downhill::session::{Action, Draft, Session, Waker};
use downhill::train::{AnyTrainer, Bad, Branches, EndReason, LossSink};

use crate::plans::{chosen, data, learning, model, surface};

/// A lane that trains until it diverges, `turned` on its way; with what an autopsy of it says.
fn diverged(plan: &LanePlan, turned: Option<&(u64, Change)>) -> (AnyTrainer, Autopsy) {
    let mut trainer = AnyTrainer::new(plan).expect("a plan that can be trained");
    let mut past = Branches::new(&trainer, 1 << 20);
    while trainer.end().is_none() {
        if let Some((at, change)) = turned.filter(|(at, _)| *at == trainer.step()) {
            past.change(&mut trainer, change).expect("live");
            assert_eq!(trainer.step(), *at);
        }
        let sink = LossSink::new(trainer.step(), plan.precision);
        trainer.burst(1, &sink);
        past.keep(&trainer);
    }
    let end = trainer.end().expect("just seen").clone();
    assert_eq!(end.reason, EndReason::Diverged, "{plan:?}");
    let first = end.step.saturating_sub(256);
    let way = past.retrace(first..end.step).expect("it has been there");
    let found = autopsy(&Arc::new(plan.clone()), &way).expect("it diverged");
    assert_eq!((found.kept, trainer.step()), (end.step, end.step));
    (trainer, found)
}

/// Two layers; the second is thrown about when its weight is put far away.
fn network() -> LanePlan {
    let split = data("Regression(samples: 60, features: 3, seed: 1)", None);
    let network = model("(hidden: [Dense(units: 6, activation: Relu)])");
    let mut plan = learning(split, network, "MeanSquaredError");
    plan.batch_size = BatchSize::Rows(8);
    plan
}

#[test]
fn the_first_bad_number_is_named_with_its_batch() {
    for precision in [Precision::F64, Precision::F32] {
        let mut plan = network();
        plan.precision = precision;
        plan.optimizer = chosen("Sgd(learning_rate: 0.5)");
        let (mut trainer, found) = diverged(&plan, None);
        // Sixty rows in batches of eight.
        let batch = found.kept % 8 + 1;
        assert_eq!(found.attempt.epoch, found.kept / 8 + 1);
        assert_eq!(found.attempt.batch, (batch, 8));
        assert_eq!(found.attempt.rows, if batch == 8 { 4 } else { 8 });
        assert_eq!(trainer.next_rows().len(), found.attempt.rows);
        assert_eq!(found.attempt.learning_rate, 0.5);
        let (at, last) = *found.losses.last().expect("some losses");
        assert_eq!(at, found.kept);
        match found.attempt.bad.expect("something is bad") {
            Bad::Loss(loss) => assert!(!loss.is_finite() && !last.is_finite()),
            Bad::Gradient { value, .. } | Bad::Parameter { value, .. } => {
                assert!(!value.is_finite() && found.parameter.is_some());
            }
        }
        // What was recorded on the way is what is told.
        assert_eq!(trainer.last_loss().map(f64::is_finite), Some(last.is_finite()));
    }
}

#[test]
fn the_losses_told_are_those_of_the_run() {
    let mut plan = network();
    plan.optimizer = chosen("Sgd(learning_rate: 0.5)");
    let (_, found) = diverged(&plan, None);
    let mut trainer = AnyTrainer::new(&plan).expect("a trainer");
    for (step, loss) in &found.losses[..found.losses.len() - 1] {
        trainer.replay(step + 1 - trainer.step());
        while trainer.step() < step + 1 {
            trainer.replay(step + 1 - trainer.step());
        }
        assert_eq!(trainer.last_loss(), Some(*loss), "step {step}");
    }
}

#[test]
fn the_layer_that_was_pushed_is_where_it_grew_first() {
    for (index, tensor) in [(2, "hidden1.weights"), (26, "output.weights")] {
        let mut plan = network();
        plan.optimizer = chosen("Sgd(learning_rate: 0.001)");
        // One weight is put so far away that the next gradients are enormous.
        let pushed = Change::Parameter { index, value: 1e6 };
        let (_, found) = diverged(&plan, Some(&(40, pushed)));
        let growth = found.growth.expect("it has layers");
        // A far weight in one layer throws the other about, and then itself.
        assert!((41..=44).contains(&growth.update), "{tensor}: {growth:?}");
        assert!(growth.is_far && growth.ratio > FAR && !growth.is_older, "{growth:?}");
        let other = if index == 2 { "output.weights" } else { "hidden1.weights" };
        assert_eq!(
            growth.tensor, other,
            "the gradient of one layer is as long as the other's weights"
        );
    }
}

#[test]
fn a_quadratic_diverges_as_its_eigenvalue_says() {
    // On ½·(x² + 50·y²) with rate 0.1 every update multiplies y by 1 − 5 = −4.
    let mut plan = surface("Ravine(condition: 50.0)", [1.0, 2.0]);
    plan.optimizer = chosen("Sgd(learning_rate: 0.1)");
    let (_, found) = diverged(&plan, None);
    let growth = found.growth.as_ref().expect("a place moves");
    assert!(growth.is_far && growth.update == 1 && !growth.is_older, "{growth:?}");
    // From (1, 2) the first update goes 0.1 along x and 10 along y.
    assert!((growth.ratio / (100.01_f64 / 5.0).sqrt() - 1.0).abs() < 1e-12, "{growth:?}");
    assert!((growth.last / 5.0 - 1.0).abs() < 1e-6, "{growth:?}");
    let sharpness = found.before_growth.as_ref().expect("it grew before").as_ref();
    let sharpness = sharpness.expect("it can be measured there");
    assert!((sharpness.eigenvalue / 50.0 - 1.0).abs() < 1e-3, "{sharpness:?}");
    assert_eq!(sharpness.limit(), 20.0);
    assert_eq!(found.attempt.batch, (1, 1));
    assert_eq!(found.attempt.epoch, 0);
}

#[test]
fn knobs_turned_in_the_last_updates_are_turned_again() {
    let mut plan = network();
    plan.optimizer = chosen("Sgd(learning_rate: 0.0001)");
    let turned = Change::Optimizer { knob: "learning_rate", value: 10.0 };
    let (_, found) = diverged(&plan, Some(&(50, turned)));
    assert_eq!(found.attempt.learning_rate, 10.0);
    let growth = found.growth.expect("it has layers");
    assert_eq!((growth.update, growth.is_older), (51, false), "{growth:?}");
    let before = found.before_growth.expect("it grew before").expect("calm there");
    assert_eq!((before.step, before.learning_rate), (50, 10.0));
    assert!(before.eigenvalue > before.limit(), "{before:?}");
}

#[test]
fn a_run_that_is_calm_has_no_autopsy() {
    let plan = network();
    let mut trainer = AnyTrainer::new(&plan).expect("a trainer");
    let past = Branches::new(&trainer, 1 << 20);
    let TaskPlan::Learn(_) = &plan.task else { panic!("it learns") };
    trainer.replay(0);
    let way = past.retrace(0..0).expect("it is there");
    let words = autopsy(&Arc::new(plan), &way).expect_err("calm").to_string();
    assert!(words.contains("has not diverged"), "{words}");
}

#[test]
fn a_session_makes_the_autopsy_of_a_lane_that_diverged_and_forgets_it_when_it_goes_back() {
    let text = "(version: 1, task: Learn(data: Regression(samples: 60, features: 3, seed: 1), \
        loss: MeanSquaredError, model: (hidden: [Dense(units: 6, activation: Relu)])), \
        training: (epochs: 50, batch_size: 8), lanes: [\
        (name: \"calm\", optimizer: Sgd(learning_rate: 0.0001)), \
        (name: \"far\", optimizer: Sgd(learning_rate: 0.5))])";
    let folder = tempfile::tempdir().expect("a place for settings");
    let draft = Draft::open(text.to_owned(), None).expect("valid");
    let mut session = Session::new(draft, Library::under(folder.path()), Waker::silent());
    let wait = |session: &mut Session, done: &dyn Fn(&Session) -> bool| {
        let begin = Instant::now();
        while !done(session) {
            assert!(begin.elapsed() < Duration::from_mins(1), "it takes too long");
            session.drain(Duration::from_millis(5));
            std::thread::yield_now();
        }
    };
    wait(&mut session, &|s| !s.is_busy());
    session.hurry_to(u64::MAX);
    wait(&mut session, &Session::is_over);
    let (calm, far) = (session.lanes()[0].id, session.lanes()[1].id);
    for lane in [calm, far, far] {
        session.apply(Action::Autopsy(lane));
    }
    wait(&mut session, &|s| !s.is_examining_any());
    assert!(session.autopsy(calm).is_none());
    let end = session.lane(far).and_then(|lane| lane.end()).expect("it diverged").clone();
    let found = session.autopsy(far).expect("it was asked for").clone().expect("found");
    assert_eq!((end.reason, found.kept), (EndReason::Diverged, end.step));
    // A fork begins where its parent stood, and is looked at no further back.
    let change = Change::Optimizer { knob: "learning_rate", value: 5.0 };
    session.apply(Action::Fork { lane: calm, step: Some(30), change: Some(change) });
    wait(&mut session, &|s| s.lanes().len() == 3 && !s.is_busy());
    let fork = session.lanes()[1].id;
    session.hurry_to(u64::MAX);
    wait(&mut session, &|s| s.lane(fork).is_some_and(|lane| lane.end().is_some()));
    session.apply(Action::Autopsy(fork));
    wait(&mut session, &|s| !s.is_examining_any());
    let found = session.autopsy(fork).expect("it was asked for").clone().expect("found");
    let growth = found.growth.expect("it has layers");
    assert_eq!((growth.update, growth.is_far, growth.is_older), (31, true, false));
    assert_eq!(found.attempt.learning_rate, 5.0);
    session.apply(Action::RewindTo(1));
    wait(&mut session, &|s| s.lane(far).is_some_and(|lane| lane.status.step == 1));
    assert!(session.autopsy(far).is_none(), "it has not diverged any more");
}
