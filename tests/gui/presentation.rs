//! The presentation: what F11 changes, and that all is as before when it is left.

use downhill::session::library::Settings;
use downhill::ui::theme::{DARK, DARK_STRONG};
use eframe::egui::{Color32, Key, Modifiers, Shape, TextStyle, epaint::ClippedShape};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::desk::{Desk, desk, key, settle, wait_for};

const RACE: &str = r#"(
    version: 1,
    name: "Race",
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 50),
    lanes: [
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
        (name: "SGD", optimizer: Sgd(learning_rate: 0.001)),
    ],
)"#;

fn text_size(h: &Harness<'_, Desk>) -> f32 {
    TextStyle::Body.resolve(&h.ctx.global_style()).size
}

fn panel(h: &Harness<'_, Desk>) -> Color32 {
    h.ctx.global_style().visuals.panel_fill
}

fn settings(h: &mut Harness<'_, Desk>) -> Settings {
    settle(h);
    h.state().session().shelf().settings.clone()
}

#[test]
fn f11_presents_in_a_size_of_its_own_and_f11_or_escape_puts_all_back() {
    let mut h = desk(RACE);
    let usual = text_size(&h);
    assert_eq!(panel(&h), DARK.panel);
    key(&mut h, Modifiers::NONE, Key::F11);
    assert_eq!((text_size(&h), panel(&h)), (usual * 1.5, DARK_STRONG.panel));
    key(&mut h, Modifiers::COMMAND, Key::Plus);
    assert_eq!(text_size(&h), usual * 1.6);
    key(&mut h, Modifiers::NONE, Key::Escape);
    assert_eq!((text_size(&h), panel(&h)), (usual, DARK.panel), "Esc leaves it");
    let kept = settings(&mut h);
    assert_eq!((kept.text_size, kept.presentation_text_size), (100, 160));
    key(&mut h, Modifiers::NONE, Key::F11);
    assert_eq!(text_size(&h), usual * 1.6, "its size is remembered");
    // A dialog's Esc is its own.
    key(&mut h, Modifiers::NONE, Key::F1);
    key(&mut h, Modifiers::NONE, Key::Escape);
    assert_eq!(panel(&h), DARK_STRONG.panel);
    key(&mut h, Modifiers::NONE, Key::F11);
    assert_eq!((text_size(&h), panel(&h)), (usual, DARK.panel));
}

/// Rings as thick as those of a click.
fn halos(h: &Harness<'_, Desk>) -> usize {
    fn count(shape: &Shape) -> usize {
        match shape {
            Shape::Vec(shapes) => shapes.iter().map(count).sum(),
            Shape::Circle(circle) => usize::from(circle.stroke.width == 4.0),
            _ => 0,
        }
    }
    h.output().shapes.iter().map(|ClippedShape { shape, .. }| count(shape)).sum()
}

#[test]
fn a_click_has_a_halo_only_while_presenting() {
    let mut h = desk(RACE);
    let click = |h: &mut Harness<'_, Desk>| {
        h.get_by_label("Timeline").click();
        h.step();
    };
    click(&mut h);
    assert_eq!(halos(&h), 0);
    key(&mut h, Modifiers::NONE, Key::F11);
    click(&mut h);
    assert_eq!(halos(&h), 1);
}

#[test]
fn f5_is_ready_for_the_next_class_after_asking_for_what_is_not_saved() {
    let mut h = desk(RACE);
    let before = h.state().session().draft().text().to_owned();
    key(&mut h, Modifiers::NONE, Key::Space);
    wait_for(&mut h, downhill::session::Session::is_over);
    key(&mut h, Modifiers::NONE, Key::F5);
    wait_for(&mut h, |session| !session.is_busy() && session.furthest() == 0);
    let lane = h.state().session().lane_ids()[0];
    h.state_mut().session_mut().apply(downhill::session::Action::RemoveLane(lane));
    h.run_ok();
    key(&mut h, Modifiers::NONE, Key::F5);
    assert!(h.query_by_label("Save the changes first?").is_some());
    assert_ne!(h.state().session().draft().text(), before);
    h.get_by_label("Do not save").click();
    h.run_ok();
    settle(&mut h);
    assert_eq!(h.state().session().draft().text(), before);
    assert_eq!(h.state().session().lanes().len(), 2);
}
