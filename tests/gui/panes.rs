//! The panes of the middle: moved, maximised, closed and reopened by mouse, and all of it undone.

use downhill::experiment::{Pane, Panes};
use downhill::session::{Action, Lane};
use eframe::egui::{Pos2, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::desk::{Desk, desk, press, settle};

const TWO: &str = r#"(
    version: 1,
    task: Learn(data: Moons(samples: 60, noise: 0.2, seed: 1)),
    training: (epochs: 4),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

fn panes(h: &Harness<'_, Desk>) -> Panes {
    h.state().session().view().panes.clone()
}

fn grip(h: &Harness<'_, Desk>, name: &str) -> Pos2 {
    h.get_by_role_and_label(Role::Button, name).rect().center()
}

#[test]
fn a_pane_is_dragged_to_the_side_of_another_and_back_by_undo() {
    let mut h = desk(TWO);
    let (from, over) = (grip(&h, "Move Lanes' tiles"), grip(&h, "Move Curves"));
    // The grip stands in the curve's upper left corner: its left edge is nearest.
    let left = over + eframe::egui::vec2(0.0, 300.0);
    h.hover_at(from);
    h.run_ok();
    h.drag_at(from);
    h.run_ok();
    h.hover_at(left);
    h.run_ok();
    h.drop_at(left);
    h.run_ok();
    assert_eq!(panes(&h), Panes(vec![vec![Pane::Lanes, Pane::Curve]]));
    assert!(h.state().session().draft().text().contains("panes: [[Lanes, Curve]]"));
    h.run_ok();
    assert!(grip(&h, "Move Lanes' tiles").x < grip(&h, "Move Curves").x);
    h.state_mut().session_mut().apply(Action::Undo);
    h.run_ok();
    assert_eq!(panes(&h), Panes::default());
}

#[test]
fn a_pane_is_maximised_closed_and_reopened() {
    let mut h = desk(TWO);
    press(&mut h, "Give this pane all the room: Lanes' tiles");
    settle(&mut h);
    assert!(h.query_by_role_and_label(Role::Button, "Metric: Loss").is_none());
    press(&mut h, "Show all panes again: Lanes' tiles");
    settle(&mut h);
    assert!(h.query_by_role_and_label(Role::Button, "Metric: Loss").is_some());
    press(&mut h, "Close Lanes' tiles");
    settle(&mut h);
    assert_eq!(panes(&h), Panes(vec![vec![Pane::Curve]]));
    // Nobody looks at pictures any more, so none are taken.
    assert!(h.state().session().lanes().iter().all(Lane::has_its_pictures));
    press(&mut h, "Panes");
    h.get_by_role_and_label(Role::CheckBox, "Lanes' tiles").click();
    h.run_ok();
    assert_eq!(panes(&h), Panes(vec![vec![Pane::Curve, Pane::Lanes]]));
}
