//! Rows of data with what a model says about them.

use eframe::egui::{Align, Label, Layout, RichText, ScrollArea, Ui};
use egui_extras::{Column, TableBuilder};

use crate::ui::theme::{class_shape_ui, number_style, small_style, tokens};
use crate::ui::widgets::{fixed, short};

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictionRow {
    /// Its number in the data.
    pub row: usize,
    /// Its features.
    pub features: Vec<f64>,
    /// What the model's outputs are: probabilities, or values.
    pub outputs: Vec<f64>,
    /// The class the model answers with, for classes.
    pub predicted: Option<usize>,
    /// The class it has.
    pub class: Option<usize>,
    /// The value it has, for values.
    pub target: Option<f64>,
}

/// The whole table.
#[derive(Debug, Clone, Copy)]
pub struct PredictionTable<'a> {
    /// The names of the features.
    pub features: &'a [String],
    /// The names of the classes; empty for values.
    pub classes: &'a [String],
    /// The rows.
    pub rows: &'a [PredictionRow],
}

/// Features beyond these are left out of the table.
const MOST_FEATURES: usize = 4;

/// Draws the table; wrong answers stand in the bad colour and say so in words.
pub fn predictions_ui(ui: &mut Ui, id: &str, table: &PredictionTable<'_>) {
    let features = table.features.len().min(MOST_FEATURES);
    let classes = !table.classes.is_empty();
    let height = ui.spacing().interact_size.y;
    let digits = ui.text_style_height(&number_style()) * 5.2;
    ScrollArea::horizontal().id_salt(id).show(ui, |ui| {
        let mut builder = TableBuilder::new(ui)
            .id_salt(id)
            .striped(true)
            .cell_layout(Layout::right_to_left(Align::Center))
            .column(Column::exact(digits * 0.8));
        for _ in 0..=features {
            builder = builder.column(Column::exact(digits));
        }
        let ends = if classes { digits * 2.2 } else { digits };
        builder = builder.column(Column::exact(ends)).column(Column::remainder().at_least(ends));
        builder
            .header(height, |mut header| {
                let names = table.features.iter().take(features).map(String::as_str);
                let output = if classes { "activation" } else { "prediction" };
                let ends = if classes { ["answer", "class"] } else { ["target", "error"] };
                for name in std::iter::once("row").chain(names).chain([output]) {
                    header.col(|ui| head_ui(ui, name));
                }
                for name in ends {
                    let layout = if classes {
                        Layout::left_to_right(Align::Center)
                    } else {
                        Layout::right_to_left(Align::Center)
                    };
                    header.col(|ui| drop(ui.with_layout(layout, |ui| head_ui(ui, name))));
                }
            })
            .body(|body| {
                body.rows(height, table.rows.len(), |mut row| {
                    let data = &table.rows[row.index()];
                    row.col(|ui| number_ui(ui, &data.row.to_string()));
                    for feature in 0..features {
                        let value = data.features.get(feature).copied().unwrap_or(f64::NAN);
                        row.col(|ui| number_ui(ui, &short(value)));
                    }
                    let output = likeliest(&data.outputs);
                    row.col(|ui| number_ui(ui, &output.map_or_else(|| "—".to_owned(), fixed)));
                    if classes {
                        let wrong = data.predicted != data.class;
                        row.col(|ui| class_ui(ui, table, data.predicted, wrong));
                        row.col(|ui| class_ui(ui, table, data.class, false));
                    } else {
                        let error = output.zip(data.target).map(|(output, target)| output - target);
                        for value in [data.target, error] {
                            let text = value.map_or_else(|| "—".to_owned(), fixed);
                            row.col(|ui| number_ui(ui, &text));
                        }
                    }
                });
            });
    });
}

/// The one output, or the greatest of several.
fn likeliest(outputs: &[f64]) -> Option<f64> {
    outputs.iter().copied().reduce(f64::max)
}

fn head_ui(ui: &mut Ui, text: &str) {
    let text = RichText::new(text).text_style(small_style()).color(tokens(ui).dim);
    ui.add(Label::new(text).truncate());
}

fn number_ui(ui: &mut Ui, text: &str) {
    ui.add(Label::new(RichText::new(text).text_style(number_style())).truncate());
}

fn class_ui(ui: &mut Ui, table: &PredictionTable<'_>, class: Option<usize>, wrong: bool) {
    let t = tokens(ui);
    let name = class.and_then(|class| table.classes.get(class)).map_or("—", String::as_str);
    let text = if wrong {
        RichText::new(format!("{name} · wrong")).color(t.bad)
    } else {
        RichText::new(name)
    };
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if let Some(class) = class {
            class_shape_ui(ui, class);
        }
        ui.add(Label::new(text).truncate());
    });
}
