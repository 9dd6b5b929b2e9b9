//! Lessons in the window: taken by keyboard alone, and locked as they say.

use downhill::lesson::Standing;
use downhill::session::Session;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::desk::{Desk, desk, key, press, settle, wait_for};

const BLANK: &str = "(version: 1, task: Surface(function: Sphere, start: (1.0, 1.0)), \
                     training: (steps: 5), lanes: [(name: \"a\", optimizer: Sgd(learning_rate: 0.1))])";

/// Begins a lesson by the palette.
fn lesson(name: &str) -> Harness<'static, Desk> {
    let mut h = desk(BLANK);
    key(&mut h, Modifiers::COMMAND, Key::K);
    h.get_by_role_and_label(Role::TextInput, "Command").type_text(&format!("take lesson {name}"));
    h.run_ok();
    key(&mut h, Modifiers::NONE, Key::Enter);
    settle(&mut h);
    assert!(h.state().session().lesson().is_some(), "{name} begins");
    h
}

fn says(h: &Harness<'_, Desk>, part: &str) -> bool {
    h.query_all_by_label_contains(part).next().is_some()
}

/// Moves the focus to a control by Tab and presses Enter: a keyboard reaches it.
fn press_by_keyboard(h: &mut Harness<'_, Desk>, name: &str) {
    for _ in 0..200 {
        let at = h.get_by_role_and_label(Role::Button, name);
        if egui_kittest::kittest::NodeT::accesskit_node(&at).is_focused() {
            key(h, Modifiers::NONE, Key::Enter);
            settle(h);
            return;
        }
        key(h, Modifiers::NONE, Key::Tab);
    }
    panic!("Tab never comes to {name}");
}

/// Trains to the end at full speed.
fn run(h: &mut Harness<'_, Desk>) {
    h.state_mut().session_mut().apply(downhill::session::Action::SetPace(None));
    h.run_ok();
    press(h, "Run");
    wait_for(h, Session::is_over);
}

#[test]
fn a_prediction_comes_before_the_curves_and_is_held_against_them() {
    let mut h = lesson("momentum");
    assert!(says(&h, "A ravine"));
    assert!(h.query_by_label("Duplicate").is_none() && h.query_by_label("Add lane").is_none());
    key(&mut h, Modifiers::NONE, Key::Space);
    assert!(!h.state().session().is_running(), "it waits for the answer");
    press_by_keyboard(&mut h, "Momentum 0.9");
    run(&mut h);
    assert!(says(&h, "It came as you said."), "the answer is judged");
    assert!(says(&h, "the gradient changes its sign"), "and explained");
    press(&mut h, "Next");
    settle(&mut h);
    press_by_keyboard(&mut h, "0.99: it is faster still");
    run(&mut h);
    assert!(says(&h, "It came otherwise."));
    press(&mut h, "Next");
    settle(&mut h);
    let knobs = h.query_all_by_role(Role::Slider).map(|knob| format!("{knob:?}")).count();
    // Pace and what is looked at are sliders, too.
    assert!(knobs <= 3, "only the momentum of the one lane is free");
    assert!(h.query_by_role_and_label(Role::Slider, "Momentum of Yours").is_some());
    run(&mut h);
    assert!(says(&h, "Missed."));
    press_by_keyboard(&mut h, "Show an answer");
    run(&mut h);
    assert!(matches!(
        h.state().session().lesson().map(downhill::session::LessonRun::standing),
        Some(Standing::Met(_))
    ));
    press(&mut h, "Finish");
    assert!(h.state().session().lesson().is_none());
    assert!(h.query_by_label("Add lane").is_some(), "all is free again");
}

#[test]
fn the_blind_walk_is_gone_by_arrow_keys_and_the_map_comes_after_it() {
    let mut h = lesson("blind walker");
    assert!(says(&h, "Height 545"), "the height of the start is known");
    assert!(h.query_by_label_contains("Map of the surface").is_none(), "the map is not");
    // The compass has the focus from the beginning.
    for _ in 0..3 {
        key(&mut h, Modifiers::NONE, Key::ArrowRight);
    }
    key(&mut h, Modifiers::NONE, Key::ArrowUp);
    let walk = h.state().session().lesson().and_then(|lesson| lesson.walk().cloned());
    let walk = walk.expect("it is a walk");
    assert_eq!(walk.places().last(), Some(&[1.0, 0.0]), "{:?}", walk.places());
    assert!(says(&h, "21 of 25 steps left"));
    press_by_keyboard(&mut h, "Give up and show the map");
    wait_for(&mut h, Session::is_running);
    assert!(h.query_by_label_contains("Map of the surface").is_some());
}

#[test]
fn the_start_page_offers_them_and_leaving_one_frees_everything() {
    let mut h = desk(BLANK);
    key(&mut h, Modifiers::COMMAND, Key::K);
    h.get_by_role_and_label(Role::TextInput, "Command").type_text("start page");
    h.run_ok();
    key(&mut h, Modifiers::NONE, Key::Enter);
    press_by_keyboard(&mut h, "Saddle points");
    assert!(says(&h, "A mountain pass"));
    press(&mut h, "Leave the lesson");
    assert!(h.query_by_label("Add lane").is_some());
    assert!(h.state().session().draft().text().contains("A hair beside"), "its experiment stays");
}
