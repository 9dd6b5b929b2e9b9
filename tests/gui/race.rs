//! The race in the window: what lanes go abreast by, who is drawn, and the results.

use downhill::experiment::{Arrange, Pane, Race};
use downhill::session::{Action, Lane};
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;

use super::desk::{desk, press, wait_for};

const THREE: &str = r#"(
    version: 1,
    task: Learn(data: Moons(samples: 60, noise: 0.2, seed: 1)),
    training: (epochs: 20, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.05)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
        (name: "Lion", optimizer: Lion(learning_rate: 0.01)),
    ],
)"#;

#[test]
fn lanes_are_raced_muted_and_shown_alone_by_click() {
    let mut h = desk(THREE);
    press(&mut h, "Race: each by itself");
    h.get_by_label("by epoch").click();
    h.run_ok();
    assert_eq!(h.state().session().view().race, Race::Epoch);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    // The legend's chip mutes a lane: its tile is gone, too.
    let tiles = |h: &egui_kittest::Harness<'_, super::desk::Desk>| {
        h.state().session().lanes().iter().filter(|l| h.state().session().is_shown(l)).count()
    };
    press(&mut h, "Menu of Adam");
    h.get_by_role_and_label(Role::CheckBox, "Mute").click();
    h.run_ok();
    assert_eq!(tiles(&h), 2);
    press(&mut h, "Menu of Lion");
    h.get_by_role_and_label(Role::CheckBox, "Solo").click();
    h.run_ok();
    assert_eq!(tiles(&h), 1);
}

#[test]
fn the_results_say_when_a_typed_target_was_reached_and_who_is_compared_with() {
    let mut h = desk(THREE);
    h.state_mut().session_mut().apply(Action::Arrange(Arrange::Open(Pane::Results)));
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    let field = h.get_by_role_and_label(Role::TextInput, "Target");
    field.focus();
    h.run_ok();
    h.get_by_role_and_label(Role::TextInput, "Target").type_text("0.5");
    h.run_ok();
    h.key_press(eframe::egui::Key::Enter);
    h.run_ok();
    assert_eq!(h.state().session().view().target, Some(0.5));
    h.run_ok();
    // What the target was typed for stands beside the loss, in sight.
    let right_of = |label: &str| h.get_by_label(label).rect().right();
    assert!(right_of("time to target") < h.get_by_label("less SGD").rect().left());
    assert!(right_of("time to target") < h.get_by_label("LANES").rect().left());
    // A click on a name compares the others with it.
    press(&mut h, "Compare with Adam");
    let session = h.state().session();
    assert_eq!(session.compared_with().map(Lane::name), Some("Adam"));
    assert!(h.query_by_label("less Adam").is_some());
}
