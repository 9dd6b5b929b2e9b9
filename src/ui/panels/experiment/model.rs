//! The model: its layers, output and start; then the loss, the report and the penalties.

use eframe::egui::Ui;

use super::Parts;
use super::layers::layers_ui;
use crate::experiment::{Learn, TaskPlan, literal};
use crate::model::{Network, Output};
use crate::ui::panels::choice::{choice_ui, optional_choice_ui};
use crate::ui::panels::editor::Editor;
use crate::ui::panels::fields::{
    Item, Label, complaint_ui, menu_row, note_ui, problems_ui, typed_row,
};
use crate::ui::panels::section::section_ui;
use crate::ui::panels::typed::{number, parse_number};
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
            "The factor of Σ|w|, weights only: its gradient pulls weights to exactly 0, whatever the \
             optimizer. Too large leaves none.",
        ),
        (
            "L2",
            "task.regularize.l2",
            learn.regularize.l2,
            "The factor of ½Σw², weights only: coupled weight decay, for every optimizer, with or \
             without a decay of its own. Too large flattens what the model says.",
        ),
    ];
    for (text, path, value, meaning) in penalties {
        typed_row(ui, editor, &Label::new(text, meaning), path, &number(value), &parse);
    }
    let problems = editor.problems_at("task.regularize");
    problems_ui(ui, &problems);
}
