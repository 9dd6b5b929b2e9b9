//! The gradient check's page: a table, one row a tensor.

use eframe::egui::{Grid, Label, RichText, Ui};

use super::Bench;
use crate::lab::{Checked, GradientCheck, Verdict};
use crate::ui::theme::{number_style, small_style, strong_style, tokens};
use crate::ui::widgets::{exact, short, with_minus};

pub(super) fn ui(ui: &mut Ui, bench: &mut Bench<'_, '_>, found: &GradientCheck) {
    bench.step_ui(ui, found.step);
    let t = tokens(ui);
    let worst = found.worst();
    let (words, color) = match worst.map(crate::lab::Coordinate::verdict) {
        None => ("Nothing could be compared: every parameter stands at a kink.", t.warn),
        Some(Verdict::Right) => ("The analytic gradient is right.", t.good),
        Some(Verdict::Doubtful) => ("Nearly right: more than rounding explains.", t.warn),
        Some(Verdict::Wrong) => ("The two gradients do not agree.", t.bad),
    };
    ui.label(RichText::new(words).text_style(strong_style()).color(color));
    ui.add_space(4.0);
    Grid::new("tensors").num_columns(5).spacing([16.0, 4.0]).striped(true).show(ui, |ui| {
        for head in ["tensor", "compared", "at kinks", "worst error", ""] {
            ui.label(RichText::new(head).text_style(small_style()).color(t.dim));
        }
        ui.end_row();
        for tensor in &found.tensors {
            row_ui(ui, tensor);
        }
    });
    if let Some((tensor, worst)) = found.tensors.iter().find_map(|tensor| {
        let own = tensor.worst.as_ref().filter(|own| Some(*own) == worst)?;
        Some((tensor, own))
    }) {
        ui.add_space(8.0);
        let at = format!("worst: {}[{}, {}]", tensor.name, worst.place.0, worst.place.1);
        ui.label(RichText::new(at).text_style(number_style()));
        for (name, value) in [("analytic", worst.analytic), ("numeric", worst.numeric)] {
            let line = format!("{name:<9} {}", with_minus(&exact(value)));
            ui.add(Label::new(RichText::new(line).text_style(number_style())).truncate());
        }
    }
    let rows = if found.rows == 1 { "one row".to_owned() } else { format!("{} rows", found.rows) };
    Bench::note_ui(
        ui,
        &format!(
            "The lane's next batch ({rows}), in double precision, whatever is random frozen. Every \
             parameter is moved by h = 1e-5·max(1, |w|) to both sides; at most 200 a tensor. The \
             error is relative to the tensor's largest gradient: below 1e-7 is right, below 1e-5 \
             doubtful. Where the slope jumps (a ReLU at 0) there is nothing to compare.",
        ),
    );
}

fn row_ui(ui: &mut Ui, tensor: &Checked) {
    let t = tokens(ui);
    let number = |text: String| RichText::new(text).text_style(number_style());
    ui.label(number(tensor.name.clone()));
    ui.label(number(format!("{} of {}", tensor.compared, tensor.len)));
    ui.label(number(tensor.kinks.to_string()));
    match &tensor.worst {
        None => {
            ui.label(number("–".to_owned()));
            ui.label("");
        }
        Some(worst) => {
            ui.label(number(short(worst.error)));
            let (word, color) = match worst.verdict() {
                Verdict::Right => ("right", t.good),
                Verdict::Doubtful => ("doubtful", t.warn),
                Verdict::Wrong => ("wrong", t.bad),
            };
            ui.label(RichText::new(word).color(color));
        }
    }
    ui.end_row();
}
