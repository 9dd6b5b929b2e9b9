//! A person's story in the window: run, pause, turn the theme, undo, save, open, ask for help.

use downhill::session::Lane;
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::desk::{desk, key, press, settle, wait_for};

const TWO: &str = r#"(
    version: 1,
    name: "Two ways",
    task: Learn(data: Blobs(samples: 60, features: 2, centers: 2, std: 1.0, seed: 1)),
    training: (epochs: 200, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
    view: (pace: 200.0),
)"#;

#[test]
fn run_and_pause_by_click_and_by_space() {
    let mut h = desk(TWO);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_running() && s.lanes().iter().all(|l| l.status.step > 3));
    press(&mut h, "Pause");
    wait_for(&mut h, |s| s.lanes().iter().all(|l| !l.is_running()));
    assert!(!h.state().session().is_running());
    key(&mut h, Modifiers::NONE, Key::Space);
    assert!(h.state().session().is_running());
    key(&mut h, Modifiers::NONE, Key::Space);
    assert!(!h.state().session().is_running());
}

#[test]
fn steps_reset_and_reseed_by_key() {
    let mut h = desk(TWO);
    key(&mut h, Modifiers::NONE, Key::ArrowRight);
    wait_for(&mut h, |s| s.lanes().iter().all(|l| l.status.step == 1));
    key(&mut h, Modifiers::NONE, Key::R);
    wait_for(&mut h, |s| !s.is_busy() && s.lanes().iter().all(|l| l.status.step == 0));
    key(&mut h, Modifiers::SHIFT, Key::R);
    settle(&mut h);
    assert_eq!(h.state().session().experiment().training.seed, 2);
    key(&mut h, Modifiers::COMMAND, Key::Z);
    settle(&mut h);
    assert_eq!(h.state().session().experiment().training.seed, 1);
}

#[test]
fn help_opens_and_closes_by_key_and_lists_the_keys() {
    let mut h = desk(TWO);
    key(&mut h, Modifiers::NONE, Key::F1);
    assert!(h.query_by_label("Run or pause").is_some());
    key(&mut h, Modifiers::NONE, Key::F1);
    assert!(h.query_by_label("Run or pause").is_none());
}

#[test]
fn another_experiment_asks_before_changes_are_lost() {
    let mut h = desk(TWO);
    key(&mut h, Modifiers::SHIFT, Key::R);
    settle(&mut h);
    key(&mut h, Modifiers::COMMAND, Key::N);
    assert!(h.query_by_label("Save the changes first?").is_some());
    press(&mut h, "Cancel");
    assert_eq!(h.state().session().shown_name(), "Two ways");
    key(&mut h, Modifiers::COMMAND, Key::N);
    press(&mut h, "Do not save");
    settle(&mut h);
    assert_eq!(h.state().session().shown_name(), "New experiment");
}

#[test]
fn the_theme_turns_and_the_button_says_what_it_does() {
    let mut h = desk(TWO);
    let before = h.query_by_label("Light theme").is_some();
    press(&mut h, if before { "Light theme" } else { "Dark theme" });
    assert_eq!(h.query_by_label("Light theme").is_some(), !before);
}

#[test]
fn the_curve_changes_its_axes_through_the_file() {
    let mut h = desk(TWO);
    h.get_by_label("Horizontal axis: epoch").click();
    h.run_ok();
    assert!(h.state().session().draft().text().contains("x: Epoch"));
    h.get_by_label("Vertical scale: log").click();
    h.run_ok();
    assert!(h.state().session().view().y_log);
    key(&mut h, Modifiers::COMMAND, Key::Z);
    assert!(!h.state().session().view().y_log);
}

#[test]
fn presets_are_opened_from_the_menu() {
    let mut h = desk(TWO);
    let menu = h
        .get_all_by_role(Role::Button)
        .find(|n| n.accesskit_node().label().is_some_and(|l| l.contains("Two ways")));
    menu.expect("the menu is named after the experiment").click();
    h.run_ok();
    assert!(h.query_by_label("Save as preset…").is_some());
    press(&mut h, "Start page");
    press(&mut h, "Rosenbrock race");
    settle(&mut h);
    assert!(matches!(
        h.state().session().experiment().task,
        downhill::experiment::Task::Surface(_)
    ));
}

#[test]
fn keys_do_nothing_to_a_run_that_stands_behind_a_dialog() {
    let mut h = desk(TWO);
    key(&mut h, Modifiers::NONE, Key::ArrowRight);
    wait_for(&mut h, |s| s.lanes().iter().all(|l| l.status.step == 1));
    let text = h.state().session().draft().text().to_owned();
    key(&mut h, Modifiers::NONE, Key::F2);
    for pressed in [Key::R, Key::Space, Key::ArrowRight] {
        key(&mut h, Modifiers::NONE, pressed);
        key(&mut h, Modifiers::SHIFT, pressed);
    }
    for pressed in [Key::Z, Key::Y, Key::N, Key::O, Key::S] {
        key(&mut h, Modifiers::COMMAND, pressed);
    }
    settle(&mut h);
    let session = h.state().session();
    assert!(!session.is_running());
    assert!(session.lanes().iter().all(|lane| lane.status.step == 1));
    assert_eq!(session.draft().text(), text);
    assert!(h.query_by_label("Search the cards").is_some(), "the cards are still open");
    key(&mut h, Modifiers::NONE, Key::F1);
    assert!(h.query_by_label("Run or pause").is_some(), "help takes their place");
    key(&mut h, Modifiers::NONE, Key::F1);
    key(&mut h, Modifiers::NONE, Key::R);
    wait_for(&mut h, |s| !s.is_busy() && s.lanes().iter().all(|l| l.status.step == 0));
}

#[test]
fn after_a_single_step_the_scores_shown_are_of_that_step() {
    let mut h = desk(TWO);
    for step in 1..=3 {
        key(&mut h, Modifiers::NONE, Key::ArrowRight);
        wait_for(&mut h, |s| {
            s.lanes().iter().all(|l| l.latest().is_some_and(|latest| latest.step == step))
        });
    }
    let session = h.state().session();
    let recorded = |lane: &Lane| lane.evaluations.iter().map(|e| e.step).collect::<Vec<_>>();
    assert!(session.lanes().iter().all(|lane| recorded(lane) == [0]), "no record is made of it");
}
