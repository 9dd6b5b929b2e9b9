//! The tile of a lane that diverged: why, what is kept, and the ways out.

use downhill::experiment::Change;
use downhill::session::{Action, Lane, Session};
use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::desk::{Desk, desk, press, wait_for};

const TOO_FAST: &str = r#"(
    version: 1,
    task: Learn(
        data: Regression(samples: 100, features: 3, seed: 1),
        model: (hidden: [Dense(units: 6, activation: Relu)]),
        loss: MeanSquaredError,
    ),
    training: (epochs: 5, batch_size: 8),
    lanes: [
        (name: "Calm", optimizer: Sgd(learning_rate: 0.0001)),
        (name: "Fast", optimizer: Sgd(learning_rate: 0.02)),
    ],
)"#;

fn over() -> Harness<'static, Desk> {
    let mut h = desk(TOO_FAST);
    h.state_mut().session_mut().hurry_to(u64::MAX);
    wait_for(&mut h, Session::is_over);
    h.run_ok();
    wait_for(&mut h, |session| !session.is_examining_any());
    h.run_ok();
    h
}

#[test]
fn a_tile_says_why_its_lane_diverged_until_its_picture_is_wanted() {
    let mut h = over();
    let step = h.state().session().lanes()[1].status.step;
    for words in [&*format!("Diverged at step {step}"), "loss = inf", "parameters of step"] {
        assert!(h.query_by_label_contains(words).is_some(), "{words}");
    }
    // Reasons come first, and the ways out stay in sight below them.
    let reason = h.get_by_label_contains("Diverged at step").rect();
    let way = h.get_by_role_and_label(Role::Button, "Fork with clipping").rect();
    let window = h.ctx.content_rect();
    assert!(reason.bottom() < way.top() && window.contains_rect(way), "{reason} {way}");
    press(&mut h, "Show its picture");
    h.run_ok();
    assert!(h.query_by_label_contains("parameters of step").is_none());
}

#[test]
fn one_press_forks_it_with_a_tenth_of_its_learning_rate() {
    let mut h = over();
    h.get_by_role_and_label(Role::Button, "Fork with learning rate ÷ 10").click();
    h.run_ok();
    wait_for(&mut h, |session| session.lanes().len() == 3 && !session.is_busy());
    let fork = &h.state().session().lanes()[2];
    assert_eq!(fork.knobs.optimizer.number("learning_rate"), 0.02 / 10.0);
    let from = fork.spec.from.as_ref().expect("a fork");
    assert_eq!(from.lane, "Fast");
    h.state_mut().session_mut().apply(Action::Undo);
    wait_for(&mut h, |session| session.lanes().len() == 2);
    h.run_ok();
    h.get_by_role_and_label(Role::Button, "Fork with clipping").click();
    h.run_ok();
    wait_for(&mut h, |session| session.lanes().len() == 3 && !session.is_busy());
    let clip = h.state().session().lanes()[2].knobs.clip.clone().expect("it clips");
    assert!((clip.name(), clip.number("limit")) == ("Norm", 1.0), "{clip:?}");
}

#[test]
fn a_lane_that_goes_back_shows_its_picture_again() {
    let mut h = over();
    h.state_mut().session_mut().apply(Action::RewindTo(2));
    wait_for(&mut h, |session| session.lanes()[1].status.step == 2);
    wait_for(&mut h, |s| s.lanes().iter().all(Lane::has_its_pictures));
    assert!(h.query_by_label_contains("Diverged at step").is_none());
    let lane = h.state().session().lanes()[1].id;
    let change = Change::Optimizer { knob: "learning_rate", value: 1e-4 };
    h.state_mut().session_mut().apply(Action::Turn { lane, change });
    h.state_mut().session_mut().apply(Action::Run);
    wait_for(&mut h, Session::is_over);
    assert!(h.query_by_label_contains("Diverged at step").is_none());
}
