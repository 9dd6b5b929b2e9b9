//! The first rows of a set with what the model says of them.

use eframe::egui::{Grid, RichText, ScrollArea, Ui};

use crate::data::Targets;
use crate::metrics::predicted_class;
use crate::session::Lane;
use crate::train::RowSet;
use crate::ui::theme::{number_style, small_style, tokens};

/// Rows in the table.
pub(super) const ROWS: usize = 200;

/// Draws the table.
pub(super) fn predictions_ui(ui: &mut Ui, lane: &Lane, of: RowSet) {
    let Some((of, data)) = lane.rows(of) else {
        ui.label("A surface has no rows to predict.");
        return;
    };
    let Some((outputs, width)) = lane.outputs(of) else {
        ui.label("One moment.");
        return;
    };
    let colors = tokens(ui);
    ScrollArea::both().id_salt("predictions").auto_shrink(false).show(ui, |ui| {
        Grid::new("rows").striped(true).spacing([14.0, 2.0]).show(ui, |ui| {
            let classes = data.targets.classes().is_some();
            let heads: &[&str] = if classes {
                &["row", "activation", "predicted", "true"]
            } else {
                &["row", "predicted", "true", "error"]
            };
            for head in heads {
                ui.label(RichText::new(*head).text_style(small_style()).color(colors.dim));
            }
            ui.end_row();
            for (row, values) in outputs.chunks(width.max(1)).enumerate().take(ROWS) {
                let cells = cells_of(&data.targets, row, values);
                ui.label(
                    RichText::new(row.to_string()).text_style(number_style()).color(colors.dim),
                );
                for cell in cells.text {
                    let color = if cells.right { colors.text } else { colors.bad };
                    ui.label(RichText::new(cell).text_style(number_style()).color(color));
                }
                ui.end_row();
            }
        });
    });
}

struct Cells {
    text: [String; 3],
    right: bool,
}

fn cells_of(targets: &Targets, row: usize, values: &[f64]) -> Cells {
    match targets {
        Targets::Classes { labels, names } => {
            let class = predicted_class(values);
            let activation = values.get(if values.len() == 1 { 0 } else { class });
            let truth = labels.get(row).copied().unwrap_or_default();
            let name = |c: usize| names.get(c).cloned().unwrap_or_else(|| c.to_string());
            let mark = if class == truth { String::new() } else { " ✗".to_owned() };
            let activation = activation.copied().unwrap_or(f64::NAN);
            Cells {
                text: [format!("{activation:.4}"), name(class) + &mark, name(truth)],
                right: class == truth,
            }
        }
        Targets::Values { values: targets, .. } => {
            let truth = targets.get([row, 0]).copied().unwrap_or(f64::NAN);
            let predicted = values.first().copied().unwrap_or(f64::NAN);
            let numbers = [predicted, truth, predicted - truth];
            Cells { text: numbers.map(|x| format!("{x:.4}")), right: true }
        }
    }
}
