//! A reset loses nothing: the run that was left comes back with undo, and what was turned by hand in it
//! can be kept, at the reset and after it.

use downhill::session::{Action, Lane, LaneId, Offer, Session};

use super::story::{Story, rate, story};

const TWO: &str = r#"(
    version: 1,
    task: Learn(
        data: Moons(samples: 60, noise: 0.2, seed: 1),
        model: (hidden: [Dense(units: 4, activation: Tanh)]),
    ),
    training: (epochs: 20, batch_size: 15),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.02)),
    ],
)"#;

fn id(story: &Story, lane: usize) -> LaneId {
    story.session.lane_ids()[lane]
}

/// Trained to the end, with two knobs turned on the way.
fn turned() -> Story {
    let mut story = story(TWO);
    story.train_to(20);
    let lane = id(&story, 0);
    story.session.apply(Action::Turn { lane, change: rate(0.4) });
    story.until("it acts", |s| s.lanes()[0].changes.len() == 1);
    story.train_to(30);
    story.session.apply(Action::EndGesture);
    story.session.apply(Action::Turn { lane, change: rate(0.2) });
    story.until("it acts", |s| s.lanes()[0].changes.len() == 2);
    story.run_to_end();
    assert_eq!(story.session.turned_by_hand(), 2);
    story
}

fn is_built_anew(session: &Session) -> bool {
    !session.is_busy() && session.lanes().iter().all(Lane::is_at_start)
}

#[test]
fn undo_brings_back_the_run_that_a_reset_left_and_redo_the_new_one() {
    let mut story = turned();
    let losses = [story.losses(0), story.losses(1)];
    story.session.apply(Action::Reset);
    story.until("it is built anew", is_built_anew);
    assert_eq!(story.session.ghosts().len(), 2);
    story.train_to(5);
    let new = story.losses(0);
    story.session.apply(Action::Undo);
    assert_eq!([story.losses(0), story.losses(1)], losses);
    assert_eq!(story.session.turned_by_hand(), 2);
    assert!(story.session.has_unsaved() && !story.session.needs_reset());
    assert!(story.session.ghosts().is_empty(), "it is no longer behind another");
    story.session.apply(Action::Redo);
    assert_eq!((story.losses(0), story.step(0)), (new, 5));
    assert_eq!(story.session.turned_by_hand(), 0);
    story.session.apply(Action::Undo);
    // What was done in it can be undone in it.
    story.session.apply(Action::Undo);
    story.until("the second turn is undone", |s| s.lanes()[0].changes.len() == 1);
    story.until("it went back", |s| s.lanes()[0].status.step == 30);
    story.run_to_end();
    assert_eq!(story.losses(1), losses[1]);
}

#[test]
fn a_reset_that_is_undone_before_its_lanes_are_built_leaves_the_run_as_it_is() {
    let mut story = turned();
    let losses = story.losses(0);
    story.session.apply(Action::Reset);
    story.session.apply(Action::Undo);
    story.until("nothing is built", |s| !s.is_busy());
    assert_eq!(story.losses(0), losses);
    story.session.apply(Action::Redo);
    story.until("it is built anew", is_built_anew);
}

#[test]
fn what_was_turned_in_the_run_before_is_saved_into_the_experiment_and_turned_again() {
    let mut story = turned();
    let losses = story.losses(0);
    story.session.apply(Action::Run);
    story.until("it runs anew and ends", |s| s.is_over() && !s.is_running() && !s.is_busy());
    assert_ne!(story.losses(0), losses, "without the edits");
    let offered = story.session.notices().iter().find_map(|notice| notice.offer);
    assert_eq!(offered, Some(Offer::KeepTurned(2)));
    assert_eq!(story.session.turned_before(), 2);
    let lane = id(&story, 0);
    story.session.apply(Action::RenameLane(lane, "First".to_owned()));
    story.session.apply(Action::KeepTurned);
    assert_eq!(story.session.turned_before(), 0, "they are written");
    let text = story.session.draft().text();
    assert_eq!(text.matches("(lane: \"First\", step: ").count(), 2, "{text}");
    assert!(story.session.needs_reset(), "the run that stands there is without them");
    story.run_to_end();
    assert_eq!(story.losses(0), losses, "turned again, to the bit");
    assert!(!story.session.needs_reset());
}

#[test]
fn running_again_with_the_edits_is_one_step_of_undo() {
    let mut story = turned();
    let (losses, text) = (story.losses(0), story.session.draft().text().to_owned());
    story.session.apply(Action::ResetKeeping { run: true });
    story.until("it has run", |s| s.is_over() && !s.is_running() && !s.is_busy());
    assert_eq!(story.losses(0), losses);
    assert_eq!(story.session.draft().experiment().edits.len(), 2);
    story.session.apply(Action::Undo);
    assert_eq!(story.session.draft().text(), text);
    assert_eq!((story.losses(0), story.session.turned_by_hand()), (losses, 2));
    assert!(!story.session.needs_reset());
}

#[test]
fn another_seed_and_the_run_that_was_left_are_one_step_of_undo() {
    let mut story = turned();
    let losses = story.losses(0);
    story.session.apply(Action::Reseed);
    story.until("it is built anew", is_built_anew);
    assert_eq!(story.session.experiment().training.seed, 2);
    story.session.apply(Action::Undo);
    assert_eq!(story.session.experiment().training.seed, 1);
    assert_eq!(story.losses(0), losses);
    assert!(!story.session.needs_reset());
}

#[test]
fn of_all_runs_that_were_left_the_last_is_kept() {
    let mut story = turned();
    for _ in 0..3 {
        story.session.apply(Action::Reset);
        story.until("it is built anew", is_built_anew);
        story.train_to(5);
    }
    story.session.apply(Action::Undo);
    assert_eq!((story.step(0), story.session.turned_by_hand()), (5, 0));
    assert_eq!(
        story.session.next_undo(),
        None,
        "the runs before are gone, and what was done in them"
    );
}
