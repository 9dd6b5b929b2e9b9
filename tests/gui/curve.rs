//! The curve's bar: what it changes in the file, by keys and names, and what is drawn then.

use downhill::experiment::XAxis;
use eframe::egui::{Event, Key, Modifiers, Rect, Shape, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::desk::{Desk, desk, key, press, wait_for};

const NOISY: &str = r#"(
    version: 1,
    name: "Noisy",
    task: Learn(data: Moons(samples: 60, noise: 0.2, seed: 1), held_out: (fraction: 0.2, seed: 1)),
    training: (steps: 120, batch_size: 4),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.05)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

fn choose(h: &mut Harness<'_, Desk>, name: &str) {
    h.get_by_role_and_label(Role::RadioButton, name).click();
    h.run_ok();
}

#[test]
fn smoothing_is_turned_by_key_kept_in_the_file_and_taken_back() {
    let mut h = desk(NOISY);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    h.get_by_role_and_label(Role::Slider, "Curve smoothing").focus();
    h.run_ok();
    key(&mut h, Modifiers::NONE, Key::End);
    let smooth = |h: &Harness<'_, Desk>| h.state().session().view().smooth;
    assert!((smooth(&h) - 0.999).abs() < 1e-9, "{}", smooth(&h));
    assert!(h.state().session().draft().text().contains("smooth: 0.999"));
    key(&mut h, Modifiers::NONE, Key::Home);
    assert_eq!(smooth(&h), 0.0);
    assert!(!h.state().session().draft().text().contains("smooth"), "none is not written");
    key(&mut h, Modifiers::COMMAND, Key::Z);
    assert!(smooth(&h) > 0.99);
}

#[test]
fn the_axes_are_chosen_by_name_and_written_under_their_old_names() {
    let mut h = desk(NOISY);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    choose(&mut h, "Horizontal axis: gradients");
    assert_eq!(h.state().session().view().x, XAxis::Evaluations);
    choose(&mut h, "Vertical scale: symlog");
    assert!(h.state().session().view().y_symlog);
    choose(&mut h, "Vertical scale: log");
    let view = h.state().session().view();
    assert!(view.y_log && !view.y_symlog);
    choose(&mut h, "Vertical scale: lin");
    let view = h.state().session().view();
    assert!(!view.y_log && !view.y_symlog);
    let text = h.state().session().draft().text();
    assert!(text.contains("x: Evaluations") && text.contains("y_log: false"), "{text}");
    press(&mut h, "Curve's menu");
    let robust = "Robust range: few outliers do not set the scale, arrows show where they are";
    press(&mut h, robust);
    assert!(h.state().session().view().robust);
}

/// What stands in the cells of a column in sight, from top to bottom, by the column's name.
fn column(h: &Harness<'_, Desk>, name: &str) -> Vec<(String, String)> {
    let cells = h.get_all_by_role(Role::Cell);
    let told = cells.filter_map(|cell| {
        let node = cell.accesskit_node();
        let whole = node.description()?;
        let rest = whole.strip_prefix(&format!("{name}, step "))?.to_owned();
        Some((rest, node.label()?))
    });
    told.collect()
}

#[test]
fn the_table_shows_exactly_the_numbers_of_the_curves() {
    let mut h = desk(&NOISY.replace("lanes:", "view: (smooth: 0.6), lanes:"));
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    key(&mut h, Modifiers::NONE, Key::T);
    assert!(h.query_by_role_and_label(Role::Canvas, "loss of all lanes").is_none());
    let table = h.get_by_role_and_label(Role::Table, "Loss of all lanes, as a table");
    assert_eq!(
        table.accesskit_node().data().row_count(),
        Some(12),
        "the start, ten epochs, the heads"
    );
    let epochs = column(&h, "SGD epoch");
    let lane = &h.state().session().lanes()[0];
    let curve = &lane.curves.epoch_loss;
    let all: Vec<(String, String)> = std::iter::once(("0".to_owned(), "—".to_owned()))
        .chain(
            (0..10)
                .filter_map(|index| curve.get(index))
                .map(|point| (point.step.to_string(), format!("{}", point.value))),
        )
        .collect();
    assert_eq!(epochs, all);
    // Every step, from the end as it is followed, and from where one goes to.
    choose(&mut h, "Rows of the table: every step");
    let batches = column(&h, "SGD batch");
    assert!(batches.len() >= 20, "{}", batches.len());
    let losses = &h.state().session().lanes()[0].losses;
    assert_eq!(losses.len(), 120);
    let last = losses.get(119).expect("a loss");
    assert_eq!(batches.last(), Some(&("120, measured before".to_owned(), format!("{last}"))));
    h.get_by_role_and_label(Role::Table, "Loss of all lanes, as a table").focus();
    h.run_ok();
    key(&mut h, Modifiers::NONE, Key::Home);
    let losses = &h.state().session().lanes()[0].losses;
    for (step, (told, number)) in column(&h, "SGD batch").into_iter().enumerate() {
        assert_eq!(told, step.to_string());
        assert_eq!(number, format!("{}", losses.get(step as u64).expect("a loss")));
    }
    let first = |name: &str| column(&h, name)[0].1.parse::<f64>().expect("a number");
    assert!((first("SGD smooth") - first("SGD batch")).abs() < 1e-15, "it begins there");
    key(&mut h, Modifiers::NONE, Key::T);
    assert!(h.query_by_role(Role::Table).is_none());
}

#[test]
fn what_the_curve_points_at_and_zooms_to_is_seen_on_the_timeline() {
    let mut h = desk(NOISY);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    let plot = h.get_by_role_and_label(Role::Canvas, "loss of all lanes").rect();
    let track = h.get_by_label("Step looked at").rect();
    let lines = |h: &Harness<'_, Desk>| -> Vec<f32> {
        let shapes = h.output().shapes.iter();
        let segments = shapes.filter_map(|clipped| match &clipped.shape {
            Shape::LineSegment { points: [a, b], .. } if a.x == b.x => Some([*a, *b]),
            _ => None,
        });
        segments.filter(|ends| track.contains(ends[0].lerp(ends[1], 0.5))).map(|e| e[0].x).collect()
    };
    let before = lines(&h);
    h.hover_at(plot.center());
    h.run_ok();
    let after = lines(&h);
    assert_eq!(after.len(), before.len() + 1, "the step under the pointer is marked: {after:?}");
    let new = after.iter().find(|x| !before.contains(x)).expect("a line");
    assert!((new - track.center().x).abs() < track.width() * 0.1, "{new} of {track}");
    // Zoomed in, a bracket stands around what is seen.
    h.event(Event::Zoom(2.0));
    h.run_ok();
    let zoomed = lines(&h);
    assert_eq!(zoomed.len(), after.len() + 2, "{before:?} {after:?} {zoomed:?} {track}");
    key(&mut h, Modifiers::NONE, Key::F);
    h.hover_at(track.center_top() - vec2(0.0, 300.0));
    h.run_ok();
    assert_eq!(lines(&h).len(), before.len());
}

const MARKED: &str = r#"(
    version: 1,
    name: "Marked",
    task: Learn(data: Moons(samples: 60, noise: 0.2, seed: 1), held_out: (fraction: 0.2, seed: 1)),
    training: (steps: 400, batch_size: 4),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "One", from: (lane: "SGD", step: 86), optimizer: Sgd(learning_rate: 0.05)),
        (name: "Two", from: (lane: "SGD", step: 86), optimizer: Adam(learning_rate: 0.05)),
    ],
    edits: [
        (lane: "SGD", step: 200, set: "optimizer.learning_rate", to: 0.08),
        (lane: "SGD", step: 201, set: "optimizer.learning_rate", to: 0.05),
        (lane: "SGD", step: 203, set: "optimizer.learning_rate", to: 0.03),
    ],
)"#;

/// The texts in a rectangle.
fn texts(h: &Harness<'_, Desk>, within: Rect) -> Vec<(String, Rect)> {
    let shapes = h.output().shapes.iter();
    let texts = shapes.filter_map(|clipped| match &clipped.shape {
        Shape::Text(text) => Some((text.galley.text().to_owned(), text.visual_bounding_rect())),
        _ => None,
    });
    texts.filter(|(_, rect)| within.contains(rect.center())).collect()
}

#[test]
fn what_happened_is_told_above_the_curves_in_labels_that_do_not_hide_each_other() {
    let mut h = desk(MARKED);
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.is_over() && !s.is_running());
    h.run_ok();
    h.run_ok();
    let drag = "SGD: learning rate 0.1 → 0.03, 3 edits, steps 200–203: 0.08, 0.05, 0.03";
    let forks = "One: forked from SGD at step 86\nTwo: forked from SGD at step 86";
    let plot = h.get_by_role_and_label(Role::Canvas, "loss of all lanes").rect();
    let labels = [drag, forks].map(|whole| h.get_by_label(whole).rect());
    let told = ["SGD: lr 0.1 → 0.03", "2 forks at 86"];
    for (rect, told) in labels.iter().zip(told) {
        assert!(rect.bottom() <= plot.top() + 1.0, "{told} lies on the curves: {rect} of {plot}");
        let texts: Vec<String> = texts(&h, *rect).into_iter().map(|(text, _)| text).collect();
        assert_eq!(texts, [told]);
    }
    assert!(!labels[0].intersects(labels[1]), "{labels:?}");
    // The timeline tells the same where it is pointed at.
    let track = h.get_by_label("Step looked at").rect();
    h.hover_at(track.left_center() + vec2(6.0 + (track.width() - 12.0) * 0.504, 0.0));
    h.run_ok();
    h.run_ok();
    let all = texts(&h, h.ctx.content_rect());
    assert!(all.iter().any(|(text, _)| text.contains(drag)), "{all:?}");
}
