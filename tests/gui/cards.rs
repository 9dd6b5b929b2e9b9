//! The reference cards, used as a person uses them.

use downhill::session::Action;
use eframe::egui::{Key, Modifiers, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::desk::{Desk, desk, wait_for};

const ONE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 50),
    lanes: [(name: "Quick", optimizer: RandomLocalSearch(learning_rate: 0.03))],
)"#;

const NETS: &str = r#"(
    version: 1,
    task: Learn(
        data: Blobs(samples: 60, features: 2, centers: 2, std: 2.0, seed: 1),
        model: (hidden: [Dense(units: 4, activation: Tanh), Dense(units: 3, activation: Relu)]),
    ),
    training: (epochs: 3, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

fn click(h: &mut Harness<'_, Desk>, name: &str) {
    h.get_by_label(name).click();
    h.run_ok();
}

fn says(h: &Harness<'_, Desk>, part: &str) -> bool {
    h.query_all_by_label_contains(part).next().is_some()
}

/// What the last frame put on the clipboard.
fn copied_text(h: &Harness<'_, Desk>) -> Option<String> {
    h.output().platform_output.commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

fn search(h: &mut Harness<'_, Desk>, words: &str) {
    h.get_by_label("Search the cards").focus();
    h.run_ok();
    h.key_press_modifiers(Modifiers::COMMAND, Key::A);
    h.get_by_label("Search the cards").type_text(words);
    h.run_ok();
}

#[test]
fn a_lanes_card_shows_its_rule_and_copies_the_call_with_its_numbers() {
    let mut h = desk(ONE);
    click(&mut h, "Card of the optimizer of Quick");
    for part in ["What each number does", "When it shines", "How others do it", "Source"] {
        assert!(says(&h, part), "{part}");
    }
    h.get_by_label("Copy").click();
    let mut copied = None;
    for _ in 0..6 {
        h.step();
        copied = copied.or_else(|| copied_text(&h));
    }
    let copied = copied.expect("something was copied");
    assert!(copied.contains("w + 0.03 * np.random.randn"), "{copied}");
    h.run_ok();
    h.key_press(Key::Escape);
    h.run_ok();
    assert!(!says(&h, "What each number does"), "Esc closes it");
}

#[test]
fn cards_open_by_key_and_are_found_by_searching() {
    let mut h = desk(ONE);
    h.key_press(Key::F2);
    h.run_ok();
    assert!(says(&h, "ACTIVATIONS"));
    search(&mut h, "half a cosine");
    assert!(!says(&h, "ACTIVATIONS"), "only what matches is listed");
    click(&mut h, "Cosine");
    assert!(says(&h, "The learning rate falls along half a cosine"));
    h.key_press(Key::F2);
    h.run_ok();
    assert!(!says(&h, "Search the cards"));
}

/// Waits until the lanes' sums are found, and draws.
fn found(h: &mut Harness<'_, Desk>) {
    for _ in 0..3 {
        wait_for(h, |s| !s.is_busy() && !s.is_examining_any());
    }
}

#[test]
fn an_activations_card_has_the_sums_of_a_lane_on_its_curve() {
    let mut h = desk(NETS);
    h.key_press(Key::F2);
    h.run_ok();
    search(&mut h, "Squeezes the sum smoothly between −1");
    click(&mut h, "tanh");
    found(&mut h);
    assert!(says(&h, "the sums of SGD at step 0, over 60 rows"));
    assert!(says(&h, "hidden1: from"), "the layer with this activation");
    assert!(!says(&h, "hidden2: from"), "and no other");
    h.state_mut().session_mut().apply(Action::StepOnce);
    wait_for(&mut h, |s| s.lanes().iter().all(|lane| lane.status.step == 1));
    found(&mut h);
    assert!(says(&h, "the sums of SGD at step 1"), "it follows the lane");
    let adam = h.get_all_by_label("Adam").last().expect("a choice of lanes");
    adam.click();
    h.run_ok();
    found(&mut h);
    assert!(says(&h, "the sums of Adam at step 1"));
    search(&mut h, "softsign");
    click(&mut h, "Softsign");
    assert!(says(&h, "With a lane that has this activation"));
}
