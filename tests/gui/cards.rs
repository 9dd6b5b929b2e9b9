//! The reference cards, used as a person uses them.

use eframe::egui::{Key, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::desk::{Desk, desk};

const ONE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 50),
    lanes: [(name: "Quick", optimizer: RandomLocalSearch(learning_rate: 0.03))],
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
    h.get_by_label("Search the cards").focus();
    h.run_ok();
    h.get_by_label("Search the cards").type_text("half a cosine");
    h.run_ok();
    assert!(!says(&h, "ACTIVATIONS"), "only what matches is listed");
    click(&mut h, "Cosine");
    assert!(says(&h, "The learning rate falls along half a cosine"));
    h.key_press(Key::F2);
    h.run_ok();
    assert!(!says(&h, "Search the cards"));
}
