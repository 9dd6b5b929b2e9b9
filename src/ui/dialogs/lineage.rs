//! What a fork has of its parent, in three columns.

use eframe::egui::{Grid, RichText, ScrollArea, Ui};

use crate::session::LaneId;
use crate::ui::theme::{number_style, strong_style, tokens};
use crate::ui::widgets::elided;

use super::super::frame::Frame;
use super::Outcome;

/// Letters of a name at the head of a column.
const NAME: usize = 22;

/// Draws the sheet.
pub(super) fn ui(ui: &mut Ui, frame: &Frame<'_>, id: LaneId) -> Outcome {
    let lane = frame.session.lane(id);
    let known = lane.and_then(|lane| Some((lane, lane.inherited()?, lane.plan.from.as_ref()?)));
    let Some((lane, rows, from)) = known else { return Outcome::Close };
    let parent = &from.parent.name;
    ui.heading(format!("{} and its parent", lane.name()));
    let colors = *tokens(ui);
    let says =
        "What the fork begins with, beside what its parent had there and what it began with.";
    ui.label(RichText::new(says).color(colors.dim));
    ui.add_space(6.0);
    let height = (ui.ctx().content_rect().height() - 220.0).max(120.0);
    ScrollArea::vertical().max_height(height).show(ui, |ui| {
        Grid::new("lineage").num_columns(4).spacing([24.0, 4.0]).show(ui, |ui| {
            let heads = [
                String::new(),
                format!("{} at step {}", elided(parent, NAME), from.step),
                format!("{} in the file", elided(parent, NAME)),
                elided(lane.name(), NAME),
            ];
            for head in heads {
                ui.label(RichText::new(head).text_style(strong_style()));
            }
            ui.end_row();
            for row in &rows {
                ui.label(&row.what);
                let moved = row.then != row.file;
                let own = row.fork != row.then;
                let cells = [
                    (&row.then, if moved { colors.text } else { colors.dim }),
                    (&row.file, colors.dim),
                    (&row.fork, if own { colors.accent } else { colors.text }),
                ];
                for (text, color) in cells {
                    ui.label(RichText::new(text).text_style(number_style()).color(color));
                }
                ui.end_row();
            }
        });
    });
    ui.add_space(8.0);
    if ui.button("Close").clicked() { Outcome::Close } else { Outcome::Stay }
}
