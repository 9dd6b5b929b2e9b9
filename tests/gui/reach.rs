//! Everything can be reached: by name, by keyboard, and with a sentence that says what it does.

use std::collections::BTreeSet;

use eframe::egui::accesskit::{Action as Do, Role};
use eframe::egui::{Key, Modifiers, Order, Shape};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use downhill::ui::Instrument;
use downhill::ui::theme::DARK;

use super::desk::{Desk, desk, key, settle, wait_for};

const LEARN: &str = r#"(
    version: 1,
    name: "Two ways",
    task: Learn(
        data: Moons(samples: 60, noise: 0.1, seed: 1),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [Dense(units: 4, activation: Tanh)]),
    ),
    training: (epochs: 3, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01), clip: Norm(1.0)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05), schedule: Cosine(min: 0.0)),
    ],
)"#;

const SURFACE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 50),
    lanes: [(name: "Adam", optimizer: Adam(learning_rate: 0.05))],
)"#;

/// What can be pressed, turned or typed into.
const CONTROLS: [Role; 9] = [
    Role::Button,
    Role::Slider,
    Role::SpinButton,
    Role::CheckBox,
    Role::RadioButton,
    Role::ComboBox,
    Role::TextInput,
    Role::MultilineTextInput,
    Role::Link,
];

/// Controls that are on and on screen: role, name, and where.
fn controls(h: &Harness<'_, Desk>) -> Vec<(Role, String, eframe::egui::Rect)> {
    let all = h.root().children_recursive();
    all.filter(|node| {
        let node = node.accesskit_node();
        CONTROLS.contains(&node.role())
            && !node.is_disabled()
            && node.data().supports_action(Do::Focus)
    })
    .map(|node| {
        let inner = node.accesskit_node();
        (inner.role(), inner.label().unwrap_or_default(), node.rect())
    })
    .collect()
}

fn nameless(h: &Harness<'_, Desk>, view: &str) -> Vec<String> {
    let found = controls(h).into_iter().filter(|(_, name, _)| name.trim().is_empty());
    found.map(|(role, _, at)| format!("{role:?} at {at} in {view}")).collect()
}

fn trained(text: &str) -> Harness<'static, Desk> {
    let mut h = desk(text);
    key(&mut h, Modifiers::NONE, Key::Space);
    wait_for(&mut h, downhill::session::Session::is_over);
    h
}

/// Lines of the palette that show something else.
const VIEWS: &[&str] = &[
    "help and keys",
    "reference cards",
    "open an experiment…",
    "save as…",
    "save as preset…",
    "your presets…",
    "show adam as numpy",
    "tiles show: rows",
    "tiles show: confusion matrix",
    "tiles show: roc curve",
    "look at step 2",
    "start page",
    "take lesson batch size",
    "take lesson blind walker",
];

/// Does what a line of the palette says.
fn command(h: &mut Harness<'_, Desk>, text: &str) {
    key(h, Modifiers::COMMAND, Key::K);
    h.get_by_role_and_label(Role::TextInput, "Command").type_text(text);
    h.run_ok();
    key(h, Modifiers::NONE, Key::Enter);
    settle(h);
}

#[test]
fn every_control_of_every_view_has_a_name() {
    let mut found = Vec::new();
    for text in [LEARN, SURFACE] {
        let mut h = trained(text);
        h.state_mut().unfold_cards();
        h.run_ok();
        assert!(controls(&h).len() > 40);
        found.extend(nameless(&h, "the laboratory"));
        let mut visit = |h: &mut Harness<'_, Desk>, line: &str| {
            command(h, line);
            found.extend(nameless(h, line));
            key(h, Modifiers::NONE, Key::Escape);
            key(h, Modifiers::NONE, Key::Escape);
        };
        let views: &[&str] = if text == SURFACE { &["look at step 2"] } else { VIEWS };
        for line in views {
            visit(&mut h, line);
        }
        key(&mut h, Modifiers::COMMAND, Key::K);
        found.extend(nameless(&h, "the palette"));
    }
    let mut h = trained(LEARN);
    for instrument in [
        Instrument::Microscope,
        Instrument::GradientCheck,
        Instrument::RateFinder,
        Instrument::Sharpness,
    ] {
        h.state_mut().open_instrument(0, instrument);
        h.run_ok();
        wait_for(&mut h, |session| !session.is_examining_any());
        found.extend(nameless(&h, &format!("{instrument:?}")));
    }
    assert!(found.is_empty(), "{} have no name:\n{}", found.len(), found.join("\n"));
}

/// Whether a ring as that of the focus is drawn around a place.
fn is_ringed(h: &Harness<'_, Desk>, at: eframe::egui::Rect) -> bool {
    h.output().shapes.iter().any(|clipped| match &clipped.shape {
        Shape::Rect(ring) => {
            let is_ring = ring.stroke.color == DARK.accent && ring.stroke.width == 2.0;
            is_ring && ring.rect.expand(1.0).contains_rect(at.shrink(2.0))
        }
        _ => false,
    })
}

#[test]
fn tab_comes_to_every_control_one_after_the_other_and_the_focus_is_seen() {
    for text in [LEARN, SURFACE] {
        let mut h = trained(text);
        let place = |at: &eframe::egui::Rect| (at.left().round() as i64, at.top().round() as i64);
        let wanted: BTreeSet<(String, (i64, i64))> = controls(&h)
            .into_iter()
            // With the focus, these are fields for typing, of no name of their own.
            .filter(|(role, ..)| *role != Role::SpinButton)
            .map(|(_, name, at)| (name, place(&at)))
            .collect();
        let mut reached = BTreeSet::new();
        let mut order = Vec::new();
        for _ in 0..wanted.len() * 2 {
            h.key_press(Key::Tab);
            h.step();
            let focused = h.root().children_recursive().find(|n| n.accesskit_node().is_focused());
            let Some(focused) = focused else { continue };
            let name = focused.accesskit_node().label().unwrap_or_default();
            let at = focused.rect();
            assert!(is_ringed(&h, at), "{name} has the focus, but it is not seen");
            if !reached.insert((name.clone(), place(&at))) {
                break;
            }
            order.push(name);
        }
        let missed: Vec<_> = wanted.difference(&reached).collect();
        assert!(missed.is_empty(), "Tab never comes to {missed:?}; it went {order:?}");
        // From the bar on top to the lanes: what is first is first.
        let at = |name: &str| order.iter().position(|other| other == name);
        assert!(at("Run again") < at("Name") && at("Name") < at("Menu of Adam"), "{order:?}");
    }
}

#[test]
fn every_control_of_the_laboratory_says_what_it_does() {
    let mut h = trained(LEARN);
    h.state_mut().unfold_cards();
    h.run_ok();
    let mut silent = Vec::new();
    for (role, name, at) in controls(&h) {
        // What is measured says itself what it is, in the menu that this opens.
        if name.starts_with("Metric: ") {
            continue;
        }
        h.hover_at(at.center());
        // The pointer has to rest a while.
        for _ in 0..3 {
            h.step();
        }
        let says = h.ctx.memory(|memory| {
            let layers = memory.areas().visible_layer_ids();
            layers.into_iter().any(|layer| layer.order == Order::Tooltip)
        });
        if !says {
            silent.push(format!("{role:?} {name}"));
        }
        h.remove_cursor();
        h.step();
    }
    assert!(silent.is_empty(), "{} say nothing:\n{}", silent.len(), silent.join("\n"));
}
