//! Looking back and going back: every step is found again, bit for bit, and nothing is lost on the way.

use std::time::Duration;

use downhill::experiment::Change;
use downhill::objective::Penalty;
use downhill::session::{Action, Lane, Session};
use downhill::train::{AnyTrainer, Branches, PictureKind, PictureRequest};

use crate::determinism::optimizers;
use crate::plans::small;
use crate::story::{Story, rate};

#[test]
fn each_step_of_every_optimizer_is_found_again() {
    for optimizer in optimizers() {
        let plan = downhill::experiment::LanePlan { optimizer, ..small() };
        let mut trainer = AnyTrainer::new(&plan).expect("it can be trained");
        let mut past = Branches::new(&trainer, 5 * trainer.checkpoint().bytes());
        let turned = Change::Regularize { penalty: Penalty::L2, factor: 0.01 };
        let mut states = vec![trainer.checkpoint()];
        while trainer.end().is_none() {
            past.keep(&trainer);
            if trainer.step() == 90 {
                past.change(&mut trainer, &turned).expect("a knob");
                states[90] = trainer.checkpoint();
            }
            let step = trainer.step();
            trainer.burst(1, past.sink(step));
            states.push(trainer.checkpoint());
        }
        past.keep(&trainer);
        assert_eq!(states.len(), 201);
        let mut visitor = AnyTrainer::new(&plan).expect("it can be trained");
        let mut way = None;
        // Forwards, where each goes on from the last; then here and there.
        let here_and_there = (0..201).map(|i| i * 77 % 201);
        for step in (0..201).chain(here_and_there) {
            let next = past.retrace(step..step).expect("the lane was there");
            next.go_to_end(&mut visitor, way.as_ref()).expect("of the same plan");
            assert!(visitor.checkpoint() == states[step as usize], "{plan:?}: step {step}");
            way = Some(next);
        }
    }
}

pub(super) const TEXT: &str = r#"(
    version: 1,
    name: "Back and forth",
    task: Learn(
        data: Blobs(samples: 60, features: 2, centers: 2, std: 1.5, seed: 3),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [Dense(units: 4, activation: Tanh)]),
        loss: CrossEntropy,
    ),
    training: (epochs: 50, batch_size: 9, seed: 1),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.05, momentum: 0.9)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.01), batch_size: 15),
    ],
)
"#;

/// A session whose lanes' parameters are watched.
pub(super) fn watched(text: &str) -> Story {
    let mut story = crate::story::story(text);
    for lane in story.session.lane_ids().to_vec() {
        story.session.apply(Action::Watch(lane, vec![PictureRequest::Parameters]));
    }
    story
}

fn story() -> Story {
    watched(TEXT)
}

/// Everything that is shown of a lane.
fn shown(lane: &Lane) -> (u64, Vec<f64>, String, f64) {
    let picture = lane.pictures().parameters.as_ref().expect("it is watched");
    let PictureKind::Parameters(params) = &picture.kind else { panic!("{picture:?}") };
    let latest = lane.latest().expect("it is measured");
    assert_eq!(latest.step, picture.step);
    let measured = format!("{:?}", latest.evaluation);
    (picture.step, params.to_vec(), measured, lane.shown_knobs().optimizer.number("learning_rate"))
}

#[test]
fn what_is_shown_of_an_earlier_step_is_what_was_there() {
    let mut story = self::story();
    story.train_to(100);
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Turn { lane, change: rate(0.02) });
    story.until("it is turned", |s| s.lanes()[0].changes.len() == 1);
    story.run_to_end();
    let (whole, ends) = (story.losses(0), [0, 1].map(|at| shown(&story.session.lanes()[at])));
    let mut other = self::story();
    for step in [3, 77, 100, 140] {
        other.train_to(step);
        if step == 100 {
            let lane = other.session.lanes()[0].id;
            other.session.apply(Action::Turn { lane, change: rate(0.02) });
            other.until("it is turned", |s| s.lanes()[0].changes.len() == 1);
        }
        other.until("it is pictured", |s| s.lanes().iter().all(Lane::has_its_pictures));
        story.look_at(step);
        assert_eq!(story.session.looked_at(), Some(step));
        for at in 0..2 {
            let (there, here) = (&story.session.lanes()[at], &other.session.lanes()[at]);
            assert_eq!(shown(there), shown(here), "lane {at} at {step}");
            assert_eq!(there.shown_step(), step);
        }
    }
    assert_eq!(story.losses(0), whole, "looking changes nothing");
    story.session.apply(Action::LookAt(None));
    assert_eq!([0, 1].map(|at| shown(&story.session.lanes()[at])), ends);
    // Beyond the end of a lane there is its end.
    story.look_at(u64::MAX);
    let steps: Vec<u64> = story.session.lanes().iter().map(Lane::shown_step).collect();
    assert_eq!(steps, [250, 150]);
}

#[test]
fn the_past_plays_back_both_ways() {
    let mut story = self::story();
    story.run_to_end();
    story.session.apply(Action::PlayBack(Some(5000.0)));
    assert_eq!(story.session.looked_at(), Some(0));
    story.until("it has played", |s| s.played_back().is_none());
    assert_eq!(story.session.looked_at(), Some(250));
    story.session.apply(Action::PlayBack(Some(-5000.0)));
    story.until("it is on the way", |s| s.looked_at() < Some(200));
    story.session.apply(Action::PlayBack(None));
    let held = story.session.looked_at();
    story.session.drain(Duration::from_millis(20));
    assert_eq!(story.session.looked_at(), held);
    story.session.apply(Action::PlayBack(Some(-5000.0)));
    story.until("it has played", |s| s.played_back().is_none());
    assert_eq!(story.session.looked_at(), Some(0));
    story.session.apply(Action::Reset);
    assert_eq!(story.session.looked_at(), None);
}

#[test]
fn going_back_can_be_undone_and_made_again() {
    let mut story = self::story();
    story.run_to_end();
    let whole = [story.losses(0), story.losses(1)];
    story.look_at(120);
    story.session.apply(Action::RewindTo(120));
    story.until("they are back", |s| s.lanes().iter().all(|l| l.status.step == 120));
    assert_eq!(story.session.looked_at(), None);
    assert_eq!(story.losses(0)[..], whole[0][..120]);
    let lane = story.session.lanes()[0].id;
    story.session.apply(Action::Turn { lane, change: rate(0.2) });
    story.until("it is turned", |s| s.lanes()[0].changes.len() == 1);
    story.run_to_end();
    let other = [story.losses(0), story.losses(1)];
    assert_ne!(other[0], whole[0]);
    assert_eq!(other[1], whole[1], "nothing was turned there");

    story.session.apply(Action::Undo);
    story.until("the knob is taken back", |s| s.lanes()[0].changes.is_empty());
    story.until("it stands there", |s| s.lanes()[0].status.step == 120);
    story.session.apply(Action::Undo);
    story.until("they are at the end", Session::is_over);
    assert_eq!([story.losses(0), story.losses(1)], whole, "and nothing was trained anew");
    assert_eq!(story.session.lanes()[0].evaluations.len(), 50 + 1);
    story.session.apply(Action::Redo);
    story.until("they are back", |s| s.lanes()[0].status.step == 120);
    story.session.apply(Action::Redo);
    story.until("they are at the other end", |s| s.lanes()[0].end().is_some());
    assert_eq!(story.losses(0), other[0]);
    assert_eq!(story.session.lanes()[0].knobs.optimizer.number("learning_rate"), 0.2);
    assert_eq!(story.session.lanes()[0].changes.len(), 1);
}

#[test]
fn of_two_knobs_turned_at_one_step_undo_takes_back_the_last() {
    let mut story = self::story();
    story.train_to(50);
    let lane = story.session.lanes()[0].id;
    let penalty = Change::Regularize { penalty: Penalty::L1, factor: 0.25 };
    for (n, change) in [rate(0.01), penalty].into_iter().enumerate() {
        story.session.apply(Action::Turn { lane, change });
        story.until("it is turned", |s| s.lanes()[0].changes.len() == n + 1);
        story.session.apply(Action::EndGesture);
    }
    story.session.apply(Action::Undo);
    story.until("one is left", |s| s.lanes()[0].knobs.regularize.l1 == 0.0);
    story.until("the other is there", |s| s.lanes()[0].changes.len() == 1);
    assert_eq!(story.session.lanes()[0].knobs.optimizer.number("learning_rate"), 0.01);
    story.session.apply(Action::Redo);
    story.until("both are there", |s| s.lanes()[0].changes.len() == 2);
    assert_eq!(story.session.lanes()[0].knobs.regularize.l1, 0.25);
}
