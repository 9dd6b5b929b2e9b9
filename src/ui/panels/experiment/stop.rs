//! Stop early: one row a rule of the table, switched on and off.

use eframe::egui::Ui;

use super::Parts;
use crate::catalog::Family;
use crate::experiment::{StopRules, Task, literal};
use crate::ui::panels::choice::fields_ui;
use crate::ui::panels::editor::switched;
use crate::ui::panels::fields::{Label, flag_row, problems_ui};
use crate::ui::panels::section::section_ui;

pub(super) fn ui(ui: &mut Ui, parts: &mut Parts<'_, '_>) {
    let rules = &parts.experiment.stop;
    let editor = &mut *parts.editor;
    section_ui(ui, "Stop early", if rules.len() > 1 { "any of" } else { "" });
    let is_surface = matches!(parts.experiment.task, Task::Surface(_));
    for entry in StopRules::entries() {
        let mut places =
            rules.iter().enumerate().filter(|(_, rule)| rule.name() == entry.name).peekable();
        if is_surface && entry.name == "AccuracyAbove" && places.peek().is_none() {
            continue;
        }
        let label = Label::new(entry.label, entry.summary);
        let is_on = places.peek().is_some();
        if let Some(on) = flag_row(ui, &label, is_on) {
            if on {
                let rule = literal(&switched::<StopRules>(None, entry));
                editor.insert("stop", rules.len(), rule);
            } else if let Some((at, _)) = places.peek() {
                editor.remove(&format!("stop[{at}]"));
            }
        }
        for (at, rule) in places {
            let path = format!("stop[{at}]");
            let problems = editor.problems_at(&path);
            ui.indent(("stop", at), |ui| fields_ui(ui, editor, entry.label, &path, rule));
            problems_ui(ui, &problems);
        }
    }
    let problems = editor.problems_at("stop");
    problems_ui(ui, &problems);
}
