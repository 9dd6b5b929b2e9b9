//! Data: the source with its fields, what came of it, the held-out part, scaling, painting.

use eframe::egui::{Button, Ui};

use super::Parts;
use crate::catalog::Entry;
use crate::data::{Dataset, HeldOut, Scaling, Split, Targets};
use crate::experiment::{Learn, TaskPlan, TextEdit, literal};
use crate::session::Action;
use crate::ui::panels::choice::{choice_menu_ui, fields_ui};
use crate::ui::panels::fields::{
    Item, Label, flag_row, menu_row, note_ui, problems_ui, row, tip, typed_row,
};
use crate::ui::panels::section::section_ui;
use crate::ui::panels::typed::{number, parse_number, parse_whole};
use crate::ui::theme::{CLASS_COUNT, class_look, theme_of};
use crate::ui::widgets::count;

/// What `Inline` begins with where there are no points to take over.
const INLINE: &str = "Inline(rows: [[-1.0, -1.0], [1.0, 1.0]], targets: [0, 1])";

pub(super) fn ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, learn: &Learn) {
    let split = built(parts);
    section_ui(ui, "Data", &split.map_or_else(String::new, summary));
    source_ui(ui, parts, learn);
    if let Some(words) = split.and_then(Split::left_out_words) {
        note_ui(ui, &words);
    }
    held_out_ui(ui, parts, learn.held_out);
    scale_ui(ui, parts, learn.scale);
    paint_ui(ui, parts, split);
    ui.horizontal_wrapped(|ui| {
        let button = ui.button("Open table…");
        let says = "A CSV file: look at its first rows, then click the column to predict.";
        parts.open_table |= tip(button, says).clicked();
    });
}

/// The data that the lanes were built from, whatever has been changed since.
fn built<'a>(parts: &Parts<'a, '_>) -> Option<&'a Split> {
    match &parts.session.lanes().first()?.plan.task {
        TaskPlan::Learn(learn) => Some(&learn.split),
        TaskPlan::Surface { .. } => None,
    }
}

fn summary(split: &Split) -> String {
    let rows = split.train.rows() + split.held_out.as_ref().map_or(0, Dataset::rows);
    let shape = format!("{} × {}", count(rows as u64), split.train.width());
    match &split.train.targets {
        Targets::Classes { names, .. } => format!("{shape} · {} classes", names.len()),
        Targets::Values { names, .. } if names.len() == 1 => format!("{shape} · a number"),
        Targets::Values { names, .. } => format!("{shape} · {} numbers", names.len()),
    }
}

fn source_ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, learn: &Learn) {
    let label = Label::new("Source", "Where the rows come from.");
    let picked = choice_menu_ui(ui, parts.editor, &label, "task.data", &learn.data);
    if let Some(entry) = picked {
        pick(parts, learn, entry);
    }
    fields_ui(ui, parts.editor, "", "task.data", &learn.data);
}

/// Another source: points by hand begin with the points there are.
fn pick(parts: &mut Parts<'_, '_>, learn: &Learn, entry: &'static Entry) {
    if entry.name != "Inline" {
        return parts.editor.switch("task.data", Some(&learn.data), entry);
    }
    let is_plane = built(parts).is_some_and(is_paintable);
    if is_plane {
        parts.editor.actions.push(Action::Paint { class: 0, points: Vec::new() });
    } else {
        parts.editor.set("task.data", INLINE);
    }
}

fn is_paintable(split: &Split) -> bool {
    split.train.width() == 2
        && split.train.rows() <= 5000
        && matches!(split.train.targets, Targets::Classes { .. })
}

fn held_out_ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, held_out: Option<HeldOut>) {
    let editor = &mut *parts.editor;
    let label = Label::new(
        "Held out",
        "The part of the rows kept out of training, to see how the model does on rows it never saw: \
         0.25, or 25 %. Nothing, or 0, holds none out.",
    );
    let problems = editor.problems_at("task.held_out");
    let now = held_out.map_or_else(|| "0".to_owned(), |h| number(h.fraction));
    let parse = |text: &str| {
        parse_number(if text.trim().is_empty() { "0" } else { text.trim() })
            .map(|x| format!("{x:?}"))
    };
    let path = "task.held_out.fraction";
    let commit = |editor: &mut crate::ui::panels::editor::Editor<'_>, value: &str| {
        let gesture = Some(path.to_owned());
        let is_none = value.parse() == Ok(0.0);
        let edit = match held_out {
            _ if is_none => TextEdit::remove("task.held_out"),
            Some(_) => TextEdit::set(path, value),
            None => TextEdit::set("task.held_out", format!("(fraction: {value}, seed: 42)")),
        };
        editor.push(vec![edit], gesture);
    };
    crate::ui::panels::fields::typed_row_to(
        ui,
        editor,
        (&label, path),
        (&now, true),
        &parse,
        &commit,
    );
    problems_ui(ui, &problems);
    let Some(held_out) = held_out else { return };
    let label =
        Label::new("Split seed", "Which rows are held out, as scikit-learn's random_state.");
    let whole = |text: &str| parse_whole(text.trim()).map(|n| n.to_string());
    typed_row(ui, editor, &label, "task.held_out.seed", &held_out.seed.to_string(), &whole);
    let label = Label::new("Stratified", "Every class keeps its share in both parts.");
    let problems = editor.problems_at("task.held_out.stratified");
    if let Some(on) = flag_row(ui, &label, held_out.stratified) {
        editor.set("task.held_out.stratified", on.to_string());
    }
    problems_ui(ui, &problems);
}

fn scale_ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, scale: Option<Scaling>) {
    let items = [
        Item { label: "None", note: "Features are used as they are." },
        Item {
            label: "Standard",
            note: "Each feature to mean 0 and standard deviation 1, fitted on the training rows.",
        },
        Item {
            label: "Min–max",
            note: "Each feature to the range 0 to 1, fitted on the training rows.",
        },
    ];
    let at = match scale {
        None => 0,
        Some(Scaling::Standard) => 1,
        Some(Scaling::MinMax) => 2,
    };
    let label = Label::new("Scale", "How features are brought to one size before training.");
    match menu_row(ui, &label, "task.scale", Some(at), &items) {
        Some(0) => parts.editor.remove("task.scale"),
        Some(1) => parts.editor.set("task.scale", literal(&Scaling::Standard)),
        Some(_) => parts.editor.set("task.scale", literal(&Scaling::MinMax)),
        None => {}
    }
    let problems = parts.editor.problems_at("task.scale");
    problems_ui(ui, &problems);
}

fn paint_ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, split: Option<&Split>) {
    let Some(split) = split.filter(|split| is_paintable(split)) else {
        *parts.paint = None;
        return;
    };
    let label = Label::new(
        "Paint points",
        "Click or drag on a lane's picture to add points of the chosen class. The data become a list \
         of points in the file.",
    );
    if let Some(on) = flag_row(ui, &label, parts.paint.is_some()) {
        *parts.paint = on.then_some(0);
    }
    let Some(class) = *parts.paint else { return };
    let count = match &split.train.targets {
        Targets::Classes { names, .. } => names.len(),
        Targets::Values { .. } => return,
    };
    let label = Label::new("Class", "The class of the points that are painted.");
    row(ui, &label, |ui, _| {
        // Laid out from the right.
        for at in (0..(count + 1).min(CLASS_COUNT)).rev() {
            let color = class_look(at).color(theme_of(ui));
            let words = eframe::egui::RichText::new(at.to_string()).color(color).strong();
            let button = ui.add(Button::selectable(class == at, words));
            let says = if at == count { "A new class" } else { "Paint this class" };
            if tip(button.accessible_name(format!("Class {at}")), says).clicked() {
                *parts.paint = Some(at);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Family;
    use crate::data::Sources;

    #[test]
    fn the_table_has_a_row_for_points_by_hand() {
        assert!(Sources::find("Inline").is_some());
        let text = format!(
            "(version: 1, task: Learn(data: {INLINE}), lanes: [(name: \"a\", optimizer: Sgd())])"
        );
        assert!(crate::experiment::check(&text).is_ok());
    }
}
