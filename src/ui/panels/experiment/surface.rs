//! The surface to walk down: function, start, noise.

use eframe::egui::Ui;

use super::Parts;
use crate::experiment::SurfaceTask;
use crate::ui::panels::choice::choice_ui;
use crate::ui::panels::fields::{Label, typed_row, typed_row_to};
use crate::ui::panels::section::section_ui;
use crate::ui::panels::typed::{number, parse_number};

pub(super) fn ui(ui: &mut Ui, parts: &mut Parts<'_, '_>, surface: &SurfaceTask) {
    let editor = &mut *parts.editor;
    section_ui(ui, "Surface", "f(x, y)");
    let label = Label::new("Function", "The function of x and y whose lowest point is looked for.");
    choice_ui(ui, editor, &label, "task.function", &surface.function);
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
    let commit = |editor: &mut crate::ui::panels::editor::Editor<'_>, value: &str| {
        editor.set_while("task.noise", value);
    };
    let shown = number(surface.noise);
    typed_row_to(ui, editor, (&label, "task.noise"), (&shown, true), &parse, &commit);
}
