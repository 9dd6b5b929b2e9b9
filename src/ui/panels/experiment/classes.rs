//! How cross-entropy treats labels and classes: smoothing and weights, where the loss reads them.
//!
//! Not here: which of them fit together (the experiment's validation says it, below the rows).

use eframe::egui::Ui;

use super::Parts;
use crate::catalog::Kind;
use crate::experiment::{Learn, TaskPlan, TextEdit};
use crate::model::Losses;
use crate::ui::panels::editor::Editor;
use crate::ui::panels::fields::{Label, typed_row_to};
use crate::ui::panels::typed::{literal, number, parse_number};

/// The rows, if the loss reads them or the file has them.
pub(super) fn ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, learn: &Learn) {
    if Losses::treats_classes(&learn.loss) || !learn.class_treatment().is_neutral() {
        let classes = classes(parts);
        smoothing_ui(ui, parts.editor, learn.label_smoothing);
        weights_ui(ui, parts.editor, learn.class_weights.as_deref());
        let positive = learn.positive_weight;
        if positive.is_some() || (classes == Some(2) && learn.class_weights.is_none()) {
            positive_ui(ui, parts.editor, positive);
        }
    }
}

/// How many classes the data has that the lanes were built from.
fn classes(parts: &Parts<'_, '_>) -> Option<usize> {
    match &parts.session.lanes().first()?.plan.task {
        TaskPlan::Learn(plan) => plan.split.train.targets.classes(),
        TaskPlan::Surface { .. } => None,
    }
}

fn smoothing_ui(ui: &mut Ui, editor: &mut Editor<'_>, smoothing: f64) {
    let label = Label::new(
        "Smoothing",
        "Which part of each label is spread evenly over all classes, from 0 up to but not including \
         1. A little (0.1) keeps logits from growing for ever and helps with wrong labels; too much \
         and no class stands out.",
    );
    let parse = |text: &str| match text.trim() {
        "" => Ok(String::new()),
        text => parse_number(text).map(|x| format!("{x:?}")),
    };
    optional_row(ui, editor, &label, "task.label_smoothing", &number(smoothing), &parse);
}

fn weights_ui(ui: &mut Ui, editor: &mut Editor<'_>, weights: Option<&[f64]>) {
    let label = Label::new(
        "Class weights",
        "A number for each class, in their order, separated by commas: 1, 5. Rows of a class count \
         that much, and the mean is divided by the weights. Larger for a rare class makes the model \
         miss it less and call it too often. Empty: all classes count alike.",
    );
    let shown = weights.unwrap_or_default().iter().map(|w| number(*w)).collect::<Vec<_>>();
    let parse = |text: &str| match text.trim() {
        "" => Ok(String::new()),
        text => literal(&Kind::Numbers, text),
    };
    optional_row(ui, editor, &label, "task.class_weights", &shown.join(", "), &parse);
}

fn positive_ui(ui: &mut Ui, editor: &mut Editor<'_>, weight: Option<f64>) {
    let label = Label::new(
        "Positive weight",
        "By what the terms of class 1 are multiplied; the mean is divided by rows all the same. Above \
         1 the model misses class 1 less, below 1 it is surer before it says so. Empty: 1.",
    );
    let shown = weight.map_or_else(String::new, number);
    let parse = |text: &str| match text.trim() {
        "" => Ok(String::new()),
        text => parse_number(text).map(|x| format!("{x:?}")),
    };
    optional_row(ui, editor, &label, "task.positive_weight", &shown, &parse);
}

/// A field that is taken out of the file while it is empty.
fn optional_row(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    label: &Label<'_>,
    path: &str,
    shown: &str,
    parse: &dyn Fn(&str) -> Result<String, String>,
) {
    let commit = |editor: &mut Editor<'_>, value: &str| {
        let edit =
            if value.is_empty() { TextEdit::remove(path) } else { TextEdit::set(path, value) };
        editor.push(vec![edit], Some(path.to_owned()));
    };
    typed_row_to(ui, editor, (label, path), (shown, true), parse, &commit);
}
