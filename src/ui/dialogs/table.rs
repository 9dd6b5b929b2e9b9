//! A table's first twenty rows, and the choice of the column to predict by a click on it.

use std::path::PathBuf;

use eframe::egui::{Grid, RichText, ScrollArea, Ui, vec2};

use crate::data::Preview;
use crate::session::Action;

use super::super::frame::Frame;
use super::super::theme::tokens;
use super::forms::primary;
use super::{Outcome, guard};

/// Choosing a table's target.
#[derive(Debug)]
pub(in crate::ui) struct TableForm {
    path: PathBuf,
    target: Option<usize>,
    /// Whether the likely target was proposed.
    asked: bool,
}

impl TableForm {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, target: None, asked: false }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Outcome {
        let area = ui.ctx().content_rect();
        let size = vec2((area.width() - 120.0).min(900.0), area.height() - 140.0);
        // Its size is the same from the first frame on, whatever has been read by then.
        ui.set_min_size(size);
        ui.set_max_size(size);
        ui.heading("Open a table");
        ui.label(RichText::new(self.path.display().to_string()).color(tokens(ui).dim));
        ui.add_space(6.0);
        let session = frame.session;
        let preview = session.table_preview().filter(|p| p.path == self.path);
        let mut outcome = Outcome::Stay;
        match preview.map(|p| &p.found) {
            None => {
                ui.spinner();
            }
            Some(Err(message)) => {
                ui.label(RichText::new(message).color(tokens(ui).bad));
            }
            Some(Ok(found)) => {
                if !self.asked {
                    self.asked = true;
                    self.target = found.likely_target();
                }
                ui.label("Click the column that is to be predicted.");
                let below = ui.spacing().interact_size.y * 2.0 + 32.0;
                let height = ui.available_height() - below;
                self.rows_ui(ui, found, height);
                ui.add_space(4.0);
                ui.label(RichText::new(self.says(found)).color(tokens(ui).dim));
            }
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let found = preview.and_then(|p| p.found.as_ref().ok());
            let column = self.target.and_then(|t| found.and_then(|f| f.headers.get(t)));
            let open = ui.add_enabled(column.is_some(), primary(ui, "Train on it"));
            if let (true, Some(column)) = (open.clicked(), column) {
                let action = Action::OpenTable {
                    path: self.path.clone(),
                    target: column.clone(),
                    classes: found.is_some_and(|f| self.target.is_some_and(|t| f.is_class(t))),
                };
                guard(frame, action);
                outcome = Outcome::Close;
            }
            if ui.button("Cancel").clicked() {
                outcome = Outcome::Close;
            }
        });
        outcome
    }

    fn rows_ui(&mut self, ui: &mut Ui, found: &Preview, height: f32) {
        let colors = tokens(ui);
        ScrollArea::both().max_height(height).auto_shrink(false).show(ui, |ui| {
            Grid::new("preview").striped(true).min_col_width(56.0).show(ui, |ui| {
                for (column, header) in found.headers.iter().enumerate() {
                    let chosen = self.target == Some(column);
                    let name = if header.is_empty() {
                        format!("column {}", column + 1)
                    } else {
                        header.clone()
                    };
                    if ui.selectable_label(chosen, RichText::new(name).strong()).clicked() {
                        self.target = Some(column);
                    }
                }
                ui.end_row();
                for row in &found.rows {
                    for (column, cell) in row.iter().enumerate() {
                        let text = RichText::new(cell).color(match self.target {
                            Some(target) if target == column => colors.accent,
                            _ if cell.is_empty() => colors.bad,
                            _ => colors.text,
                        });
                        let shown = if cell.is_empty() {
                            RichText::new("missing").color(colors.bad)
                        } else {
                            text
                        };
                        if ui.selectable_label(false, shown).clicked() {
                            self.target = Some(column);
                        }
                    }
                    ui.end_row();
                }
            });
        });
    }

    fn says(&self, found: &Preview) -> String {
        match self.target {
            None => {
                format!("{} columns; the first {} rows.", found.headers.len(), found.rows.len())
            }
            Some(target) if found.is_class(target) => {
                format!("“{}” will be predicted as a class.", found.headers[target])
            }
            Some(target) => format!("“{}” will be predicted as a number.", found.headers[target]),
        }
    }
}
