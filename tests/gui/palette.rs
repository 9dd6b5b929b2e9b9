//! The command palette, by keyboard alone.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::desk::{Desk, desk, key, settle, wait_for};

const TWO: &str = r#"(
    version: 1,
    name: "Two ways",
    task: Learn(data: Moons(samples: 60, noise: 0.1, seed: 1)),
    training: (epochs: 3, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

fn typed(h: &mut Harness<'_, Desk>, text: &str) {
    h.get_by_role_and_label(Role::TextInput, "Command").type_text(text);
    h.run_ok();
}

/// Opens the palette, types, and presses Enter.
fn command(h: &mut Harness<'_, Desk>, text: &str) {
    key(h, Modifiers::COMMAND, Key::K);
    typed(h, text);
    key(h, Modifiers::NONE, Key::Enter);
    settle(h);
}

fn is_open(h: &Harness<'_, Desk>) -> bool {
    h.query_by_role_and_label(Role::TextInput, "Command").is_some()
}

fn chosen(h: &Harness<'_, Desk>) -> String {
    let lines = h.query_all_by_role(Role::ListBoxOption);
    let chosen = lines.into_iter().find(|line| line.accesskit_node().is_selected() == Some(true));
    chosen.and_then(|line| line.accesskit_node().label()).unwrap_or_default()
}

fn text(h: &Harness<'_, Desk>) -> String {
    h.state().session().draft().text().to_owned()
}

#[test]
fn a_knob_is_turned_by_name_at_the_start_and_while_a_lane_has_trained() {
    let mut h = desk(TWO);
    command(&mut h, "adam learning rate 0.03");
    assert!(!is_open(&h));
    assert!(text(&h).contains("Adam(learning_rate: 0.03)"), "{}", text(&h));
    command(&mut h, "batch size 16");
    assert_eq!(text(&h).matches("batch_size: 16").count(), 2, "{}", text(&h));
    command(&mut h, "one update");
    wait_for(&mut h, |session| session.lanes().iter().all(|lane| lane.status.step == 1));
    command(&mut h, "sgd momentum 0.9");
    wait_for(&mut h, |session| !session.lanes()[0].changes.is_empty());
    let change = h.state().session().lanes()[0].changes[0].clone();
    assert_eq!((change.change.path().as_str(), change.step), ("optimizer.momentum", 1));
}

#[test]
fn arrows_choose_enter_completes_and_does_and_escape_closes() {
    let mut h = desk(TWO);
    key(&mut h, Modifiers::COMMAND, Key::K);
    assert!(is_open(&h));
    assert_eq!(chosen(&h), "Run, Space", "nothing is typed, nothing was used");
    key(&mut h, Modifiers::NONE, Key::ArrowDown);
    assert_eq!(chosen(&h), "Pause, Space");
    key(&mut h, Modifiers::NONE, Key::ArrowUp);
    key(&mut h, Modifiers::NONE, Key::ArrowUp);
    assert_ne!(chosen(&h), "Run, Space", "before the first is the last");
    typed(&mut h, "sgd learning");
    assert_eq!(chosen(&h), "SGD: Learning rate …");
    key(&mut h, Modifiers::NONE, Key::Enter);
    assert!(is_open(&h), "it waits for the value");
    typed(&mut h, "-1");
    assert!(chosen(&h).contains("takes a number"), "{}", chosen(&h));
    key(&mut h, Modifiers::NONE, Key::Enter);
    assert!(is_open(&h), "what is refused is not done");
    assert!(text(&h).contains("Sgd(learning_rate: 0.01)"));
    key(&mut h, Modifiers::NONE, Key::Escape);
    assert!(!is_open(&h));
    key(&mut h, Modifiers::COMMAND, Key::K);
    key(&mut h, Modifiers::COMMAND, Key::K);
    assert!(!is_open(&h), "the key that opens it closes it");
}

#[test]
fn lanes_presets_and_the_window_obey_it_and_what_was_used_is_first() {
    let mut h = desk(TWO);
    command(&mut h, "duplicate sgd");
    assert_eq!(h.state().session().lanes().len(), 3);
    command(&mut h, "Rename SGD 2 to Slow");
    assert!(text(&h).contains("\"Slow\""));
    command(&mut h, "remove adam");
    assert!(!text(&h).contains("\"Adam\""));
    key(&mut h, Modifiers::COMMAND, Key::K);
    assert_eq!(chosen(&h), "Duplicate SGD", "what is gone is not offered");
    key(&mut h, Modifiers::NONE, Key::Escape);
    command(&mut h, "light theme");
    assert_eq!(
        h.state().session().shelf().settings.theme,
        downhill::session::library::ThemeChoice::Light
    );
    key(&mut h, Modifiers::COMMAND, Key::K);
    assert_eq!(chosen(&h), "Light theme");
    key(&mut h, Modifiers::NONE, Key::Escape);
    command(&mut h, "open preset rosenbrock");
    assert!(h.query_all_by_label_contains("Save the changes first?").next().is_some());
}

#[test]
fn it_opens_what_does_the_rest_and_a_fork_is_one_line() {
    let mut h = desk(TWO);
    command(&mut h, "run");
    wait_for(&mut h, downhill::session::Session::is_over);
    command(&mut h, "fork adam at step 7");
    wait_for(&mut h, |session| session.lanes().len() == 3);
    assert!(text(&h).contains("from: (lane: \"Adam\", step: 7)"), "{}", text(&h));
    command(&mut h, "help and keys");
    assert!(h.query_by_label("Find a command by typing").is_some(), "the sheet has its key");
    key(&mut h, Modifiers::NONE, Key::Escape);
    command(&mut h, "card adam");
    assert!(h.query_by_role_and_label(Role::TextInput, "Search the cards").is_some());
}
