//! The instruments' window, used as a person uses it: opened from a lane's menu, by role and label.

use eframe::egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::desk::{Desk, desk, settle, wait_for};

const TWO: &str = r#"(
    version: 1,
    task: Learn(
        data: Blobs(samples: 60, features: 2, centers: 2, std: 2.0, seed: 1),
        model: (hidden: [Dense(units: 4, activation: Tanh)]),
    ),
    training: (epochs: 3, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.001, momentum: 0.5)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

fn click(h: &mut Harness<'_, Desk>, name: &str) {
    h.get_by_label(name).click();
    h.run_ok();
    found(h);
}

/// Waits until no instrument is at work, and draws what was found.
fn found(h: &mut Harness<'_, Desk>) {
    for _ in 0..3 {
        wait_for(h, |s| !s.is_busy() && !s.is_examining_any());
    }
}

fn open(h: &mut Harness<'_, Desk>, lane: &str) {
    click(h, &format!("Menu of {lane}"));
    click(h, "Instruments…");
}

fn says(h: &Harness<'_, Desk>, part: &str) -> bool {
    h.query_all_by_label_contains(part).next().is_some()
}

#[test]
fn the_microscope_opens_from_a_lanes_menu_and_looks_ahead_without_moving_it() {
    let mut h = desk(TWO);
    open(&mut h, "SGD");
    assert!(says(&h, "hidden1.weights[0, 0]"));
    assert!(says(&h, "update 1 (the lane's next)"));
    assert!(says(&h, "−γ·d"), "the formula");
    click(&mut h, "One update further ahead");
    assert!(says(&h, "update 2 (1 ahead, on a copy)"));
    assert!(says(&h, "μ·b + (1 − τ)·g"), "there is a velocity by then");
    assert_eq!(h.state().session().lanes()[0].status.step, 0);
    click(&mut h, "One update back");
    assert!(says(&h, "update 1 (the lane's next)"));
    h.key_press(Key::Escape);
    h.run_ok();
    assert!(!says(&h, "hidden1.weights[0, 0]"), "Esc closes it");
}

#[test]
fn the_microscope_follows_the_lane() {
    let mut h = desk(TWO);
    open(&mut h, "Adam");
    click(&mut h, "Step");
    wait_for(&mut h, |s| s.lanes()[1].status.step == 1);
    found(&mut h);
    assert!(says(&h, "update 2 (the lane's next)"));
    assert!(says(&h, "β2·v + (1 − β2)·g²"));
}

#[test]
fn a_suggested_rate_is_adopted_with_a_click() {
    let mut h = desk(TWO);
    open(&mut h, "SGD");
    click(&mut h, "Instrument: Rate finder");
    let button = h.query_all_by_label_contains("valley: ").next().expect("a suggestion");
    button.click();
    h.run_ok();
    settle(&mut h);
    let rate = h.state().session().experiment().lanes[0].optimizer.number("learning_rate");
    assert!(rate > 0.001, "{rate} is another rate than before");
    let text = h.state().session().draft().text();
    assert!(text.contains("Adam(learning_rate: 0.05)"), "the other lane keeps its own");
}

#[test]
fn the_gradient_check_names_every_tensor_and_sharpness_its_limit() {
    let mut h = desk(TWO);
    open(&mut h, "SGD");
    click(&mut h, "Instrument: Gradient check");
    assert!(says(&h, "The analytic gradient is right."));
    for tensor in ["hidden1.weights", "hidden1.biases", "output.weights", "output.biases"] {
        assert!(says(&h, tensor), "{tensor}");
    }
    click(&mut h, "Instrument: Sharpness");
    assert!(says(&h, "limit 2(1 + momentum) / rate"));
    click(&mut h, "Close the instruments");
    assert!(!says(&h, "limit 2 / rate"));
}
