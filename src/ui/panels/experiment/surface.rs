//! The surface to walk down: function, start, noise.

use eframe::egui::{Label as EguiLabel, RichText, Ui};

use super::Parts;
use crate::catalog::{Chosen, Field, Kind};
use crate::experiment::{SurfaceTask, TextEdit, literal};
use crate::objective::{Surfaces, formula_of, surface_info};
use crate::ui::panels::choice::{fields_ui, pick_ui};
use crate::ui::panels::editor::{Editor, switched};
use crate::ui::panels::fields::{
    Label, Look, problems_ui, settle, tip, typed_row, typed_row_to, typed_ui,
};
use crate::ui::panels::section::section_ui;
use crate::ui::panels::typed::{self, number, parse_number};
use crate::ui::theme::tokens;

pub(super) fn ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, surface: &SurfaceTask) {
    let editor = &mut *parts.editor;
    section_ui(ui, "Surface", "f(x, y)");
    let label = Label::new("Function", "The function of x and y whose lowest point is looked for.");
    function_ui(ui, editor, &label, surface);
    let (x, y) = surface.start;
    for (text, path, here) in [("Start x", "task.start.0", x), ("Start y", "task.start.1", y)] {
        let label = Label::new(text, "Where every lane starts.");
        let parse = |text: &str| parse_number(text.trim()).map(|x| format!("{x:?}"));
        typed_row(ui, editor, &label, path, &number(here), &parse);
    }
    let label = Label::new(
        "Noise",
        "The standard deviation of the noise added to each component of the gradient, as mini-batches would.",
    );
    let parse = |text: &str| parse_number(text.trim()).map(|x| format!("{x:?}"));
    let commit = |editor: &mut Editor<'_>, value: &str| {
        editor.set_while("task.noise", value);
    };
    let shown = number(surface.noise);
    typed_row_to(ui, editor, (&label, "task.noise"), (&shown, true), &parse, &commit);
}

const FUNCTION: &str = "task.function";

/// The menu of functions, and below it the fields of the one that is chosen.
fn function_ui(ui: &mut Ui, editor: &mut Editor<'_>, label: &Label<'_>, surface: &SurfaceTask) {
    let function = &surface.function;
    if let Some(entry) = pick_ui(ui, label, FUNCTION, function) {
        let chosen = switched(Some(function), entry);
        let mut edits = vec![TextEdit::set(FUNCTION, literal(&chosen))];
        edits.extend(start_edit(&chosen, surface.start));
        editor.push(edits, None);
    }
    match function.entry().fields {
        [field] if formula_of(function).is_some() => formula_ui(ui, editor, field, function),
        _ => {
            let problems = editor.problems_at(FUNCTION);
            problems_ui(ui, &problems);
            fields_ui(ui, editor, "", FUNCTION, function);
        }
    }
}

/// A start for a function that was just chosen, if the old one lies out of its picture.
fn start_edit(function: &Chosen<Surfaces>, (x, y): (f64, f64)) -> Option<TextEdit> {
    let info = surface_info(function);
    let is_seen = (info.x.0..=info.x.1).contains(&x) && (info.y.0..=info.y.1).contains(&y);
    let [x, y] = info.start;
    (!is_seen).then(|| TextEdit::set("task.start", format!("({x:?}, {y:?})")))
}

/// A formula, as wide as the panel, with what is wrong in it below.
fn formula_ui(
    ui: &mut Ui,
    editor: &mut Editor<'_>,
    field: &'static Field,
    function: &Chosen<Surfaces>,
) {
    let words = RichText::new(field.label).color(tokens(ui).dim);
    tip(ui.add(EguiLabel::new(words)), field.meaning);
    let problems = editor.problems_at(FUNCTION);
    let look = Look {
        width: ui.available_width(),
        is_number: false,
        lines: 2,
        is_bad: !problems.is_empty(),
    };
    let path = "task.function.formula";
    let parse = |text: &str| typed::literal(&Kind::Text, text);
    let current = function.text(field.name);
    let typed = typed_ui(ui, editor.buffers, (path, field.label), current, look, &parse);
    let commit = |editor: &mut Editor<'_>, value: &str| {
        editor.set_field(FUNCTION, function, field.name, value);
    };
    settle(ui, editor, &typed, &problems, &commit);
}
