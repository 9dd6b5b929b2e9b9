//! The model: its layers, output and start; then the loss, the report and the penalties.

use eframe::egui::{Align, Button, Layout, Ui, vec2};

use super::Parts;
use crate::catalog::{Chosen, Family};
use crate::experiment::{Learn, TaskPlan, TextEdit, literal};
use crate::model::{Activations, LayerSpec, Network, Output};
use crate::ui::panels::choice::{bare_menu_ui, choice_ui, fields_ui, optional_choice_ui};
use crate::ui::panels::editor::{Editor, switched};
use crate::ui::panels::fields::{
    Item, Label, Look, complaint_ui, control_width, menu_row, note_ui, problems_ui, text_width,
    tip, typed_row, typed_ui,
};
use crate::ui::panels::section::section_ui;
use crate::ui::panels::typed::{number, parse_number, parse_whole};
use crate::ui::theme::tokens;
use crate::ui::widgets::count as grouped;

pub(super) fn ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, learn: &Learn) {
    let network = network(parts, learn);
    let (count, widths) = match &network {
        Some(Ok(network)) => (network.layout().len(), network.widths()),
        _ => (0, Vec::new()),
    };
    let right = match count {
        0 => String::new(),
        1 => "1 parameter".to_owned(),
        count => format!("{} parameters", grouped(count as u64)),
    };
    section_ui(ui, "Model", &right);
    widths_ui(ui, &widths);
    layers_ui(ui, parts.editor, "", "task.model", &learn.model.hidden);
    if let Some(Err(why)) = &network {
        complaint_ui(ui, why);
    }
    output_ui(ui, parts.editor, learn.model.output);
    let label = Label::new("Weights", "Where the weights start. Biases start at zero.");
    choice_ui(ui, parts.editor, &label, "task.model.init", &learn.model.init.0);
    let problems = parts.editor.problems_at("task.model");
    problems_ui(ui, &problems);
}

/// The network as the text now has it, on the data that the lanes were built from.
fn network(parts: &Parts<'_, '_>, learn: &Learn) -> Option<Result<Network, String>> {
    let TaskPlan::Learn(plan) = &parts.session.lanes().first()?.plan.task else { return None };
    let data = &plan.split.train;
    let made = Network::new(data.width(), &learn.model, &data.targets, &learn.loss);
    // Where the session already says what is wrong, once is enough.
    let says = parts.session.problems().next().is_some();
    match made {
        Err(_) if says => None,
        made => Some(made.map_err(|error| error.to_string())),
    }
}

fn widths_ui(ui: &mut Ui, widths: &[usize]) {
    if let Some((inputs, outputs)) = widths.first().zip(widths.last()) {
        let all: Vec<String> = widths.iter().map(ToString::to_string).collect();
        note_ui(ui, &format!("{inputs} in, {outputs} out: {}", all.join(" → ")));
    }
}

/// The hidden layers of the model at `path`, added and removed by click.
pub(in crate::ui::panels) fn layers_ui(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    of: &str,
    path: &str,
    layers: &[LayerSpec],
) {
    let path = format!("{path}.hidden");
    for (at, LayerSpec::Dense { units, activation }) in layers.iter().enumerate() {
        let layer = format!("{path}[{at}]");
        ui.push_id(&layer, |ui| layer_ui(ui, editor, (of, &layer, at), *units, activation));
    }
    let problems = editor.problems_at(&path);
    problems_ui(ui, &problems);
    let label = Label { text: "Add layer", meaning: "", of };
    let button = ui.button("+ Layer").accessible_name(label.name());
    if tip(button, "A layer in front of the output: every unit sees every input.").clicked() {
        let (units, activation) = match layers.last() {
            Some(LayerSpec::Dense { units, activation }) => (*units, activation.clone()),
            None => (8, first_activation()),
        };
        let layer = literal(&LayerSpec::Dense { units, activation });
        editor.insert(&path, layers.len(), layer);
    }
}

fn first_activation() -> Chosen<Activations> {
    let named = Chosen::named("Tanh").or_else(|| Chosen::named("Relu"));
    named.unwrap_or_else(|| Chosen::of(Activations::entries()[0]))
}

fn layer_ui(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    (of, path, at): (&str, &str, usize),
    units: u64,
    activation: &Chosen<Activations>,
) {
    let words = format!("layer {}", at + 1);
    let layer = Label { text: &words, meaning: "", of }.name();
    let units_path = format!("{path}.units");
    let activation_path = format!("{path}.activation");
    let problems = editor.problems_at(&units_path);
    let mut typed = None;
    let height = ui.spacing().interact_size.y;
    let size = vec2(ui.available_width(), height);
    let menu_width = control_width(ui);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        let button = ui.add(Button::new("×").frame(false).min_size(vec2(height, height)));
        if tip(button.accessible_name(format!("Remove {layer}")), "Take this layer out").clicked() {
            editor.remove(path);
        }
        let name = format!("Activation of {layer}");
        let menu = (activation_path.as_str(), name.as_str());
        let width = menu_width * 0.7;
        if let Some(entry) = bare_menu_ui(ui, menu, width, activation) {
            let value = literal(&switched(Some(activation), entry));
            editor.push(vec![TextEdit::set(&activation_path, value)], None);
        }
        let words = text_width(ui, "00000", &crate::ui::theme::number_style()) + 16.0;
        let look = Look { width: words, is_number: true, lines: 1, is_bad: !problems.is_empty() };
        let name = format!("Units of {layer}");
        let parse = |text: &str| parse_whole(text.trim()).map(|n| n.to_string());
        let field = (units_path.as_str(), name.as_str());
        typed = Some(typed_ui(ui, editor.buffers, field, &units.to_string(), look, &parse));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let dim = tokens(ui).dim;
            let words = eframe::egui::RichText::new(format!("Layer {}", at + 1)).color(dim);
            ui.add(eframe::egui::Label::new(words).truncate());
        });
    });
    let Some(typed) = typed else { return };
    if let Some(value) = &typed.value {
        editor.set_while(&units_path, value.clone());
    }
    if typed.ended {
        editor.end_gesture();
    }
    match &typed.reason {
        Some(reason) => complaint_ui(ui, reason),
        None => problems_ui(ui, &problems),
    }
    fields_ui(ui, editor, &layer, &activation_path, activation);
    let problems = editor.problems_at(&activation_path);
    problems_ui(ui, &problems);
}

fn output_ui(ui: &mut Ui, editor: &mut Editor<'_>, output: Output) {
    let all = [Output::Auto, Output::Identity, Output::Sigmoid];
    let items = [
        Item {
            label: "Auto",
            note: "As data and loss ask: sums for the loss to squeeze with classes, values with numbers.",
        },
        Item { label: "Identity", note: "The sums themselves." },
        Item { label: "Sigmoid", note: "Squeezed between 0 and 1, before the loss sees them." },
    ];
    let at = all.iter().position(|o| *o == output);
    let label = Label::new("Output", "What the last layer does with its sums.");
    if let Some(at) = menu_row(ui, &label, "task.model.output", at, &items) {
        editor.set("task.model.output", literal(&all[at]));
    }
    let problems = editor.problems_at("task.model.output");
    problems_ui(ui, &problems);
}

/// Loss, report and penalties.
pub(super) fn loss_ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, learn: &Learn) {
    let editor = &mut *parts.editor;
    section_ui(ui, "Loss", "");
    let label = Label::new("Loss", "What each update descends.");
    choice_ui(ui, editor, &label, "task.loss", &learn.loss);
    super::classes::ui(ui, parts, learn);
    let editor = &mut *parts.editor;
    let label = Label::new(
        "Report",
        "What the curve shows, if not the loss: the tutorials descend one and report another.",
    );
    let none = Item { label: "The loss", note: "The curve shows what is descended." };
    optional_choice_ui(ui, editor, &label, "task.report", (learn.report.as_ref(), none));
    let parse = |text: &str| parse_number(text.trim()).map(|x| format!("{x:?}"));
    let penalties = [
        (
            "L1",
            "task.regularize.l1",
            learn.regularize.l1,
            "The factor of Σ|w|: pulls weights to exactly 0.",
        ),
        (
            "L2",
            "task.regularize.l2",
            learn.regularize.l2,
            "The factor of ½Σw²: keeps weights small.",
        ),
    ];
    for (text, path, value, meaning) in penalties {
        typed_row(ui, editor, &Label::new(text, meaning), path, &number(value), &parse);
    }
    let problems = editor.problems_at("task.regularize");
    problems_ui(ui, &problems);
}
