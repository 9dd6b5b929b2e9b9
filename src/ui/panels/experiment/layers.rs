//! The hidden layers: one row a layer, and a menu of kinds to add. A lane with a network of its own
//! shows the same rows.
//!
//! Deliberately not here: output, start and loss, which every network has ([`super::model`]).

use eframe::egui::{
    Align, Button, Label as Words, Layout, RichText, Ui, containers::menu::MenuButton, vec2,
};

use crate::catalog::{Chosen, Entry, Family};
use crate::experiment::{TextEdit, literal};
use crate::model::{Activations, LayerSpec, Layers};
use crate::ui::panels::choice::{bare_menu_ui, fields_ui};
use crate::ui::panels::editor::{Editor, switched};
use crate::ui::panels::fields::{
    Label, Look, Typed, control_width, problems_ui, settle, text_width, tip, typed_ui,
};
use crate::ui::panels::typed::{number, parse_number, parse_whole};
use crate::ui::theme::{number_style, tokens};

/// The rate of a dropout layer that is added by click.
const FIRST_RATE: f64 = 0.5;

/// The hidden layers of the model at `path`, added and removed by click.
pub(in crate::ui::panels) fn layers_ui(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    of: &str,
    path: &str,
    layers: &[LayerSpec],
) {
    let path = format!("{path}.hidden");
    for (at, layer) in layers.iter().enumerate() {
        let item = format!("{path}[{at}]");
        ui.push_id(&item, |ui| layer_ui(ui, editor, (of, &item, at), layer));
    }
    let problems = editor.problems_at(&path);
    problems_ui(ui, &problems);
    if let Some(kind) = add_ui(ui, of) {
        editor.insert(&path, layers.len(), literal(&another(layers, kind)));
    }
}

/// The button that adds a layer; gives the kind that was just picked.
fn add_ui(ui: &mut Ui, of: &str) -> Option<&'static Entry> {
    let label = Label { text: "Add layer", meaning: "", of };
    let mut picked = None;
    let (button, _) = MenuButton::from_button(Button::new("+ Layer")).ui(ui, |ui| {
        for kind in Layers::entries() {
            let line = ui.add(Button::new(kind.label).frame_when_inactive(false));
            let name = format!("Add {}", kind.label.to_lowercase());
            if tip(line.accessible_name(name), kind.summary).clicked() {
                picked = Some(*kind);
            }
        }
    });
    tip(button.accessible_name(label.name()), "A layer in front of the output");
    picked
}

/// A layer of a kind, alike to the last one of its kind.
fn another(layers: &[LayerSpec], kind: &Entry) -> LayerSpec {
    let last = layers.iter().rev().find(|layer| layer.entry().name == kind.name);
    last.cloned().unwrap_or_else(|| match kind.name {
        "Dropout" => LayerSpec::Dropout { rate: FIRST_RATE },
        "LayerNorm" => LayerSpec::LayerNorm,
        _ => LayerSpec::Dense { units: 8, activation: first_activation() },
    })
}

fn first_activation() -> Chosen<Activations> {
    let named = Chosen::named("Tanh").or_else(|| Chosen::named("Relu"));
    named.unwrap_or_else(|| Chosen::of(Activations::entries()[0]))
}

/// From right to left: out with it, what it is, its number, which layer it is.
fn layer_ui(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    (of, path, at): (&str, &str, usize),
    layer: &LayerSpec,
) {
    let words = format!("Layer {}", at + 1);
    let lower = words.to_lowercase();
    let name = Label { text: &lower, meaning: "", of }.name();
    let height = ui.spacing().interact_size.y;
    let menu_width = control_width(ui) * 0.7;
    let size = vec2(ui.available_width(), height);
    let layout = Layout::right_to_left(Align::Center);
    let typed = ui
        .allocate_ui_with_layout(size, layout, |ui| {
            let button = Button::new("×").frame(false).min_size(vec2(height, height));
            let button = ui.add(button).accessible_name(format!("Remove {name}"));
            if tip(button, "Take this layer out").clicked() {
                editor.remove(path);
            }
            match layer {
                LayerSpec::Dense { activation, .. } => {
                    activation_ui(ui, editor, (path, &name), menu_width, activation);
                }
                LayerSpec::Dropout { .. } | LayerSpec::LayerNorm => {
                    kind_ui(ui, menu_width, layer.entry());
                }
            }
            let typed = number_ui(ui, editor, (path, &name), layer);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let dim = tokens(ui).dim;
                let words = ui.add(Words::new(RichText::new(&words).color(dim)).truncate());
                tip(words, layer.entry().summary);
            });
            typed
        })
        .inner;
    if let Some((path, typed)) = typed {
        let problems = editor.problems_at(&path);
        let commit = |editor: &mut Editor<'_>, value: &str| editor.set_while(&path, value);
        settle(ui, editor, &typed, &problems, &commit);
    }
    if let LayerSpec::Dense { activation, .. } = layer {
        let path = format!("{path}.activation");
        fields_ui(ui, editor, &name, &path, activation);
        let problems = editor.problems_at(&path);
        problems_ui(ui, &problems);
    }
    let problems = editor.problems_at(path);
    problems_ui(ui, &problems);
}

/// What a layer without an activation is, where the others have theirs.
fn kind_ui(ui: &mut Ui, width: f32, kind: &Entry) {
    let size = vec2(width, ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(width);
        ui.add_space(ui.spacing().button_padding.x);
        tip(ui.add(Words::new(kind.label).truncate()), kind.summary);
    });
}

fn activation_ui(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    (path, layer): (&str, &str),
    width: f32,
    activation: &Chosen<Activations>,
) {
    let path = format!("{path}.activation");
    let name = format!("Activation of {layer}");
    if let Some(entry) = bare_menu_ui(ui, (&path, &name), width, activation) {
        let value = literal(&switched(Some(activation), entry));
        editor.push(vec![TextEdit::set(&path, value)], None);
    }
}

/// The field for a layer's number, if it has one; gives its path and what was typed.
fn number_ui(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    (path, layer): (&str, &str),
    spec: &LayerSpec,
) -> Option<(String, Typed)> {
    let whole = |text: &str| parse_whole(text.trim()).map(|n| n.to_string());
    let any = |text: &str| parse_number(text.trim()).map(|x| format!("{x:?}"));
    let (field, words, current, parse): (_, _, _, &dyn Fn(&str) -> _) = match spec {
        LayerSpec::Dense { units, .. } => ("units", "Units", units.to_string(), &whole),
        LayerSpec::Dropout { rate } => ("rate", "Rate", number(*rate), &any),
        LayerSpec::LayerNorm => return None,
    };
    let path = format!("{path}.{field}");
    let is_bad = !editor.problems_at(&path).is_empty();
    let width = text_width(ui, "00000", &number_style()) + 16.0;
    let look = Look { width, is_number: true, lines: 1, is_bad };
    let name = format!("{words} of {layer}");
    let shown = ui.scope(|ui| typed_ui(ui, editor.buffers, (&path, &name), &current, look, parse));
    let meaning = spec.entry().field(field).map_or("", |field| field.meaning);
    tip(shown.response, meaning);
    Some((path, shown.inner))
}
