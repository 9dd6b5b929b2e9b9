//! The pane that looks inside a model: its numbers are typed where they are drawn.

use downhill::experiment::{Change, InsideView};
use downhill::session::{Action, Lane, Session};
use eframe::egui::{Key, Modifiers, Pos2, Rect, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::desk::{Desk, desk, key, press, wait_for};

const MOONS: &str = r#"(
    version: 1,
    task: Learn(
        data: Moons(samples: 60, noise: 0.2, seed: 1),
        model: (hidden: [Dense(units: 3, activation: Relu)]),
    ),
    training: (epochs: 20, batch_size: 20),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

/// The window with the pane open on lanes that have trained so many steps.
fn opened(steps: u64, view: InsideView) -> Harness<'static, Desk> {
    let mut h = desk(MOONS);
    h.state_mut().show_inside(view);
    h.run_ok();
    if steps > 0 {
        h.state_mut().session_mut().hurry_to(steps);
    }
    let there = move |s: &Session| s.lanes().iter().all(|lane| lane.status.step == steps);
    wait_for(&mut h, there);
    wait_for(&mut h, |s| s.lanes().iter().all(Lane::has_its_pictures));
    h.run_ok();
    h
}

fn unit(h: &Harness<'_, Desk>, name: &str) -> Rect {
    h.get_by_role_and_label(Role::Button, name).rect()
}

/// The middle of the edge between two units: its curve is as much above it as below.
fn edge(h: &Harness<'_, Desk>, from: &str, to: &str) -> Pos2 {
    let (a, b) = (unit(h, from).right_center(), unit(h, to).left_center());
    a + (b - a) * 0.5
}

fn click(h: &mut Harness<'_, Desk>, at: Pos2) {
    h.hover_at(at);
    h.run_ok();
    h.drag_at(at);
    h.run_ok();
    h.drop_at(at);
    h.run_ok();
}

fn type_number(h: &mut Harness<'_, Desk>, name: &str, text: &str) {
    h.get_by_role_and_label(Role::TextInput, name).type_text(text);
    h.run_ok();
    key(h, Modifiers::NONE, Key::Enter);
}

fn parameter_changes(session: &Session) -> Vec<(usize, f64)> {
    let changes = session.lanes()[0].changes.iter().map(|record| &record.change);
    let of = |change: &Change| match change {
        Change::Parameter { index, value } => Some((*index, *value)),
        _ => None,
    };
    changes.filter_map(of).collect()
}

#[test]
fn clicking_an_edge_lets_its_weight_be_typed() {
    let mut h = opened(9, InsideView::Network);
    let middle = edge(&h, "hidden1[0]", "output[0]");
    click(&mut h, middle);
    // Three units of two inputs, their biases, then the output's weights.
    type_number(&mut h, "params.9", "0.75");
    wait_for(&mut h, |session| !parameter_changes(session).is_empty());
    assert_eq!(parameter_changes(h.state().session()), [(9, 0.75)]);
    h.run_ok();
    assert!(h.query_by_role_and_label(Role::TextInput, "params.9").is_none(), "it has closed");
    h.state_mut().session_mut().apply(Action::Undo);
    wait_for(&mut h, |session| parameter_changes(session).is_empty());
}

#[test]
fn a_unit_offers_its_bias_and_the_weights_it_reads_by() {
    let mut h = opened(9, InsideView::Network);
    press(&mut h, "hidden1[1]");
    h.run_ok();
    for name in ["params.7", "params.2", "params.3"] {
        assert!(h.query_by_role_and_label(Role::TextInput, name).is_some(), "{name}");
    }
    h.get_by_role_and_label(Role::TextInput, "params.7").focus();
    h.run_ok();
    type_number(&mut h, "params.7", "-1.5");
    wait_for(&mut h, |session| parameter_changes(session) == [(7, -1.5)]);
    key(&mut h, Modifiers::NONE, Key::Escape);
    h.run_ok();
    assert!(h.query_by_role_and_label(Role::TextInput, "params.7").is_none());
}

#[test]
fn a_weight_typed_before_the_first_update_is_written_into_the_file() {
    let mut h = opened(0, InsideView::Network);
    let middle = edge(&h, "hidden1[2]", "output[0]");
    click(&mut h, middle);
    type_number(&mut h, "params.11", "2");
    let text = h.state().session().draft().text();
    assert!(text.contains(r#"(lane: "SGD", step: 0, set: "params.11", to: 2.0)"#), "{text}");
}

#[test]
fn a_weight_typed_while_one_looks_back_begins_a_fork() {
    let mut h = opened(9, InsideView::Network);
    h.state_mut().session_mut().apply(Action::LookAt(Some(4)));
    wait_for(&mut h, |s| s.lanes().iter().all(Lane::has_its_pictures));
    press(&mut h, "hidden1[0]");
    h.run_ok();
    assert!(h.query_by_label_contains("begins a fork at step 4").is_some());
    type_number(&mut h, "params.6", "0.5");
    wait_for(&mut h, |s| s.lanes().len() == 3 && !s.is_busy());
    wait_for(&mut h, |s| s.lanes()[1].status.step == 4);
    let text = h.state().session().draft().text();
    let order = format!(
        "(lane: {:?}, step: 4, set: \"params.6\", to: 0.5)",
        h.state().session().lanes()[1].name()
    );
    assert!(text.contains(&order), "{text}");
    assert_eq!(parameter_changes(h.state().session()), [], "the parent stays");
    assert!(h.query_by_role_and_label(Role::TextInput, "params.6").is_none(), "it has closed");
}

#[test]
fn a_weight_is_typed_in_its_matrix_too() {
    let mut h = opened(9, InsideView::Weights);
    // Its last row, the third unit's, is lowest.
    let all = h.get_by_label("Weights and biases of hidden1").rect();
    click(&mut h, all.left_bottom() + eframe::egui::vec2(6.0, -6.0));
    type_number(&mut h, "params.4", "0.5");
    wait_for(&mut h, |session| parameter_changes(session) == [(4, 0.5)]);
}

#[test]
fn what_was_watched_is_kept_until_the_lane_goes_back_behind_it() {
    let mut h = opened(9, InsideView::Histograms);
    let seen = |session: &Session| -> Vec<u64> {
        session.lanes()[0].inside.seen().iter().map(|(step, _)| *step).collect()
    };
    assert_eq!(seen(h.state().session()).last(), Some(&9));
    assert!(h.query_by_label_contains("watched since step 0").is_some());
    let (first, other) = (&h.state().session().lanes()[0], &h.state().session().lanes()[1]);
    assert!(other.inside.seen().is_empty(), "nobody looks into the second lane");
    assert!(first.inside.seen().iter().all(|(_, layers)| layers.layers.len() == 2));
    h.state_mut().session_mut().apply(Action::RewindTo(5));
    wait_for(&mut h, |session| session.lanes()[0].status.step == 5);
    wait_for(&mut h, |s| s.lanes().iter().all(Lane::has_its_pictures));
    let kept = seen(h.state().session());
    assert!(kept.iter().all(|step| *step <= 5) && kept.contains(&0), "{kept:?}");
    h.state_mut().session_mut().apply(Action::Undo);
    wait_for(&mut h, |session| seen(session).contains(&9));
}

/// As [`MOONS`], with a layer of so many units.
fn wide(units: usize) -> Harness<'static, Desk> {
    let text = MOONS.replace("units: 3", &format!("units: {units}"));
    let mut h = desk(&text);
    h.state_mut().show_inside(InsideView::Network);
    h.run_ok();
    h.state_mut().session_mut().hurry_to(9);
    wait_for(&mut h, |s| s.lanes().iter().all(|lane| lane.status.step == 9));
    wait_for(&mut h, |s| s.lanes().iter().all(Lane::has_its_pictures));
    h.run_ok();
    h
}

#[test]
fn every_unit_of_a_wide_layer_can_be_brought_on_the_screen() {
    let units = 64;
    let mut h = wide(units);
    let shown = |h: &Harness<'_, Desk>, unit: usize| {
        h.query_by_role_and_label(Role::Button, &format!("hidden1[{unit}]")).is_some()
    };
    let mut seen = vec![false; units];
    for _ in 0..units {
        (0..units).filter(|unit| shown(&h, *unit)).for_each(|unit| seen[unit] = true);
        if seen[units - 1] {
            break;
        }
        press(&mut h, "hidden1: later units");
        wait_for(&mut h, |s| s.lanes().iter().all(Lane::has_its_pictures));
        h.run_ok();
    }
    assert!(seen.iter().all(|seen| *seen), "{seen:?}");
    // The last is a unit like every other: its bias can be typed.
    press(&mut h, &format!("hidden1[{}]", units - 1));
    h.run_ok();
    let bias = format!("params.{}", 3 * units - 1);
    assert!(h.query_by_role_and_label(Role::TextInput, &bias).is_some(), "{bias}");
    key(&mut h, Modifiers::NONE, Key::Escape);
    press(&mut h, "hidden1: earlier units");
    h.run_ok();
    assert!(!shown(&h, units - 1));
}

#[test]
fn the_wheel_over_a_wide_layer_moves_along_it() {
    let mut h = wide(64);
    let over = unit(&h, "hidden1[3]").center();
    h.hover_at(over);
    h.run_ok();
    h.event(eframe::egui::Event::MouseWheel {
        unit: eframe::egui::MouseWheelUnit::Point,
        delta: eframe::egui::vec2(0.0, -120.0),
        source: eframe::egui::MouseWheelSource::Wheel,
        phase: eframe::egui::TouchPhase::Move,
        modifiers: Modifiers::NONE,
    });
    for _ in 0..30 {
        h.step();
    }
    assert!(h.query_by_role_and_label(Role::Button, "hidden1[0]").is_none());
}

#[test]
fn the_numbers_of_matrices_and_spreads_stand_in_tables_too() {
    let mut h = opened(9, InsideView::Weights);
    press(&mut h, "Inside as a table");
    h.run_ok();
    let has =
        |h: &Harness<'_, Desk>, words: &str| h.query_all_by_label_contains(words).next().is_some();
    assert!(has(&h, "Weights and biases of hidden1, as a table"));
    let mut h = opened(9, InsideView::Histograms);
    press(&mut h, "Inside as a table");
    h.run_ok();
    assert!(has(&h, "Spread of hidden1 at step 9, as a table"));
    h.get_by_role_and_label(Role::RadioButton, "Rows of the spread's table: steps watched").click();
    h.run_ok();
    assert!(has(&h, "Spread of hidden1 over the steps watched, as a table"));
}

#[test]
fn a_spread_and_the_timeline_point_at_the_same_step() {
    let mut h = opened(9, InsideView::Histograms);
    let name = "weights of hidden1 from step 0 to 9; now ";
    let place = h.get_by_label_contains(name).rect();
    let bar = h.get_by_label("Step looked at").rect();
    // In the middle of the timeline something else than the present.
    h.hover_at(bar.center());
    h.run_ok();
    h.run_ok();
    assert!(h.query_by_label_contains(name).is_none(), "its bars are of the step pointed at");
    assert!(h.query_by_label_contains("weights of hidden1 from step 0 to 9; at step ").is_some());
    h.hover_at(place.left_center() + eframe::egui::vec2(70.0, 0.0));
    h.run_ok();
    h.run_ok();
    // What one of them is pointed at, all plots over steps show.
    assert!(h.query_by_label_contains("weights of output from step 0 to 9; at step ").is_some());
}

#[test]
fn what_is_shown_and_of_whom_is_kept_with_the_experiment() {
    let mut h = opened(3, InsideView::Weights);
    press(&mut h, "Lane looked into");
    let below = h.get_by_label("Lane looked into").rect();
    let is_line = |node: &egui_kittest::Node<'_>| {
        let at = node.rect();
        (below.bottom()..below.bottom() + 90.0).contains(&at.center().y)
            && at.x_range().intersection(below.x_range()).span() > 0.0
    };
    h.get_all_by_label("Adam").find(is_line).expect("its line of the menu").click();
    h.run_ok();
    let text = |h: &Harness<'_, Desk>| h.state().session().draft().text().to_owned();
    let kept = "inside: (lane: \"Adam\", show: Weights)";
    assert!(text(&h).contains(kept), "{}", text(&h));
    let adam = h.state().session().lane_ids()[1];
    let session = h.state_mut().session_mut();
    session.apply(Action::RenameLane(adam, "Eve".to_owned()));
    assert!(text(&h).contains("inside: (lane: \"Eve\", show: Weights)"), "{}", text(&h));
    let mut again = desk(&text(&h));
    wait_for(&mut again, |s| s.lanes().iter().all(Lane::has_its_pictures));
    let all = again.get_by_label("Weights and biases of hidden1").rect();
    click(&mut again, all.left_bottom() + eframe::egui::vec2(6.0, -6.0));
    type_number(&mut again, "params.4", "0.5");
    let order = "(lane: \"Eve\", step: 0, set: \"params.4\", to: 0.5)";
    assert!(text(&again).contains(order), "{}", text(&again));
    h.state_mut().session_mut().apply(Action::RemoveLane(adam));
    assert!(!text(&h).contains("Eve"), "{}", text(&h));
    h.run_ok();
}
