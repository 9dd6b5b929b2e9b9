//! The loss view by mouse: clicked to start a lane, turned, zoomed, and its choices kept with the experiment.

use downhill::catalog::Chosen;
use downhill::experiment::{HeightScale, LandscapePlane, LandscapeShape};
use downhill::numeric::{evened, fillable};
use downhill::session::{Action, Session};
use downhill::ui::widgets::short;
use eframe::egui::{
    Event, Key, Modifiers, MouseWheelUnit, Pos2, TouchPhase, accesskit::Role, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable as _};

use super::desk::{Desk, desk, key, press, wait_for};

const RAVINE: &str = r#"(
    version: 1,
    task: Surface(function: Himmelblau, start: (0.0, 0.0)),
    training: (steps: 200),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.01))],
    view: (panes: [[Landscape, Curve]]),
)"#;
const NET: &str = r#"(
    version: 1,
    task: Learn(
        data: Moons(samples: 60, noise: 0.2, seed: 1),
        model: (hidden: [Dense(units: 3, activation: Tanh)]),
    ),
    training: (epochs: 20, batch_size: 20),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
    view: (panes: [[Landscape], [Curve]]),
)"#;

fn is_laid(session: &Session) -> bool {
    let landscape = session.landscape();
    session.has_its_landscape() && landscape.sheet().is_some_and(|sheet| sheet.is_finest)
}

fn middle(h: &Harness<'_, Desk>, name: &str) -> Pos2 {
    h.get_by_role_and_label(Role::Image, name).rect().center()
}

fn click(h: &mut Harness<'_, Desk>, at: Pos2) {
    h.hover_at(at);
    h.run_ok();
    h.drag_at(at);
    h.run_ok();
    h.drop_at(at);
    h.run_ok();
}

/// The window on an experiment, its lanes trained and its plane laid.
fn trained(text: &str) -> Harness<'static, Desk> {
    let mut h = desk(text);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    wait_for(&mut h, is_laid);
    h
}

#[test]
fn a_click_on_the_map_starts_a_lane_there_and_undo_takes_it_back() {
    let mut h = trained(RAVINE);
    let rect = h.get_by_role_and_label(Role::Image, "Map of the loss").rect();
    let window = h.state().session().landscape().chart().expect("a plane").window;
    click(&mut h, rect.left_top() + rect.size() * vec2(0.75, 0.25));
    wait_for(&mut h, |s| !s.is_busy() && s.lanes().len() == 2);
    let start = h.state().session().lanes()[1].spec.start.expect("its own start");
    // Axes are equal, as far as a range does not more than double, and the map fills its room.
    let shape = f64::from(rect.width() / rect.height());
    let ranges = [window.x, window.y];
    let seen = evened(ranges, [1.0, 1.0], fillable(ranges, [1.0, 1.0], shape));
    let known = h.state().session().landscape().sheet().expect("heights").window;
    for (seen, known) in seen.into_iter().zip([known.x, known.y]) {
        assert!(known.0 < seen.0 + 1e-3 && known.1 > seen.1 - 1e-3, "{known:?} holds {seen:?}");
    }
    let [x, y] = seen.map(|(low, high)| low + 0.75 * (high - low));
    assert!((start.0 - x).abs() < 0.1 && (start.1 - y).abs() < 0.2, "{start:?} is not ({x}, {y})");
    press(&mut h, "Undo");
    assert_eq!(h.state().session().lane_ids().len(), 1);
}

#[test]
fn the_bowl_is_turned_zoomed_and_clicked() {
    let mut h = trained(NET);
    h.get_by_role_and_label(Role::RadioButton, "Landscape: bowl").click();
    h.run_ok();
    let shape = |h: &Harness<'_, Desk>| h.state().session().view().landscape.shape;
    assert_eq!(shape(&h), LandscapeShape::Bowl);
    let before = h.state().session().draft().text().to_owned();
    let from = middle(&h, "The loss as a bowl");
    h.hover_at(from);
    h.run_ok();
    h.drag_at(from);
    h.run_ok();
    for step in 1..=5 {
        h.hover_at(from + vec2(20.0, 8.0) * step as f32);
        h.run_ok();
    }
    h.drop_at(from + vec2(100.0, 40.0));
    h.run_ok();
    assert_eq!(h.state().session().lane_ids().len(), 2, "a drag is no click");
    h.hover_at(from);
    h.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, 60.0),
        source: eframe::egui::MouseWheelSource::Wheel,
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
    });
    h.run_ok();
    // By keys, too: while it has the focus, arrows are its own.
    h.get_by_role_and_label(Role::Image, "The loss as a bowl").focus();
    h.run_ok();
    for turning in [Key::ArrowRight, Key::ArrowUp, Key::Plus] {
        key(&mut h, Modifiers::NONE, turning);
    }
    assert_eq!(h.state().session().lanes()[0].status.step, 60, "no lane has stepped");
    assert_eq!(h.state().session().draft().text(), before, "how it is seen is no part of the file");
    click(&mut h, from);
    wait_for(&mut h, |s| !s.is_busy() && s.lanes().len() == 3);
    let new = &h.state().session().lanes()[2];
    assert_eq!(new.spec.init.as_ref().map(Chosen::name), Some("Values"));
    wait_for(&mut h, is_laid);
    let landscape = h.state().session().landscape();
    let spot = landscape.spot(&h.state().session().lanes()[2]).expect("a place");
    assert!(landscape.chart().expect("a plane").window.holds(spot.at) && spot.off < 1e-9);
    press(&mut h, "Undo");
    assert_eq!(h.state().session().lane_ids().len(), 2);
}

#[test]
fn what_is_chosen_is_kept_with_the_experiment_and_undone() {
    let mut h = trained(NET);
    h.get_by_role_and_label(Role::RadioButton, "Heights: lin").click();
    h.run_ok();
    press(&mut h, "Gradient, momentum, step and accumulated squares of every lane");
    wait_for(&mut h, |s| s.has_its_landscape() && s.landscape().thrusts().len() == 2);
    press(&mut h, "Loss landscape: plane and more");
    h.get_by_role_and_label(Role::RadioButton, "Plane: random").click();
    h.run_ok();
    let view = h.state().session().view().landscape.clone();
    assert_eq!((view.heights, view.arrows), (HeightScale::Linear, true));
    assert_eq!(view.plane, LandscapePlane::Random { seed: 1 });
    let text = h.state().session().draft().text();
    assert!(text.contains("landscape: (plane: Random(seed: 1)"), "{text}");
    wait_for(&mut h, is_laid);
    for _ in 0..3 {
        h.state_mut().session_mut().apply(Action::Undo);
    }
    assert_eq!(h.state().session().draft().text(), NET);
}

#[test]
fn nothing_is_computed_where_nobody_looks() {
    let mut h = trained(NET);
    press(&mut h, "Close Landscape");
    h.run_ok();
    assert!(!h.state().session().landscape().is_working());
    press(&mut h, "Reset");
    wait_for(&mut h, |s| !s.is_busy());
    assert!(!h.state().session().landscape().is_working());
}

#[test]
fn the_landscape_has_tables_of_its_heights_and_of_the_paths() {
    let mut h = trained(NET);
    press(&mut h, "Landscape as a table");
    let name = "Heights of the loss, as a table";
    assert!(h.query_by_role_and_label(Role::Table, name).is_some());
    let sheet = h.state().session().landscape().sheet().expect("heights");
    let corner = short(sheet.heights[sheet.side * (sheet.side - 1)]);
    let cells = h.query_all_by_role(Role::Cell);
    let cells: Vec<String> = cells.filter_map(|cell| cell.accesskit_node().label()).collect();
    assert!(cells.iter().any(|cell| cell.contains(&corner)), "{corner} is not in {cells:?}");
    h.get_by_role_and_label(Role::RadioButton, "The table tells: paths").click();
    h.run_ok();
    assert!(h.query_by_role_and_label(Role::Table, "Paths of all lanes, as a table").is_some());
    key(&mut h, Modifiers::NONE, Key::T);
    key(&mut h, Modifiers::NONE, Key::T);
    assert!(h.query_by_role_and_label(Role::Table, "Paths of all lanes, as a table").is_none());
    assert!(h.query_by_role_and_label(Role::Image, "Map of the loss").is_some());
}

#[test]
fn a_path_on_a_surface_has_a_table() {
    let mut h = desk(&RAVINE.replace("[[Landscape, Curve]]", "[[Lanes]]"));
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    if h.query_by_role_and_label(Role::RadioButton, "Tiles show: rows").is_none() {
        press(&mut h, "Tiles: picture");
    }
    h.get_by_role_and_label(Role::RadioButton, "Tiles show: rows").click();
    h.run_ok();
    assert!(h.query_by_role_and_label(Role::Table, "Path of SGD, as a table").is_some());
}
