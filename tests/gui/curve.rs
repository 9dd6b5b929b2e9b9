//! The curve's bar: what it changes in the file, by keys and names, and what is drawn then.

use downhill::experiment::XAxis;
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

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
    assert_eq!(h.state().session().view().x, XAxis::GradientEvaluations);
    choose(&mut h, "Vertical scale: symlog");
    assert!(h.state().session().view().y_symlog);
    choose(&mut h, "Vertical scale: log");
    let view = h.state().session().view();
    assert!(view.y_log && !view.y_symlog);
    choose(&mut h, "Vertical scale: lin");
    let view = h.state().session().view();
    assert!(!view.y_log && !view.y_symlog);
    let text = h.state().session().draft().text();
    assert!(text.contains("x: GradientEvaluations") && text.contains("y_log: false"), "{text}");
    press(&mut h, "Curve's menu");
    let robust = "Robust range: few outliers do not set the scale, arrows show where they are";
    press(&mut h, robust);
    assert!(h.state().session().view().robust);
}
