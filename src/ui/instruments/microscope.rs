//! The microscope's page: one parameter's next update, the equations filled with their numbers.

use eframe::egui::{Button, Grid, Label, RichText, Ui, containers::menu::MenuButton};

use super::Bench;
use crate::lab::{Microscope, parameter};
use crate::model::ParamLayout;
use crate::objective::is_measured;
use crate::optim::{Stage, filled};
use crate::session::Lane;
use crate::ui::theme::{number_style, small_style, strong_style, tokens};
use crate::ui::widgets::{Icon, NumberEntry, exact, short, with_minus};

/// The furthest look ahead, in updates.
const MOST_AHEAD: u64 = 1000;

/// Which parameter, and how far ahead.
fn choice_ui(ui: &mut Ui, bench: &mut Bench<'_, '_>, layout: &ParamLayout) {
    let count = layout.len();
    ui.horizontal(|ui| {
        let here = parameter(layout, bench.state.index);
        let name = here.map_or_else(|| "choose".to_owned(), |p| p.to_string());
        let text = RichText::new(name).text_style(number_style());
        MenuButton::new((text, Icon::Down.atom(ui)))
            .ui(ui, |ui| {
                for tensor in &layout.tensors {
                    let label = format!("{} ({} × {})", tensor.name, tensor.rows, tensor.cols);
                    if ui.button(label).clicked() {
                        bench.state.index = tensor.offset;
                    }
                }
            })
            .0
            .on_hover_text("Which tensor of parameters");
        let mut index = bench.state.index as f64;
        let width = 64.0;
        ui.label(RichText::new("params.").text_style(small_style()).color(tokens(ui).dim));
        let entry =
            NumberEntry::new("Parameter number", &mut index).integer().step(1.0).width(width);
        if entry.show(ui).committed {
            bench.state.index = (index.max(0.0) as usize).min(count.saturating_sub(1));
        }
        ui.label(
            RichText::new(format!("0 to {}", count.saturating_sub(1)))
                .text_style(small_style())
                .color(tokens(ui).dim),
        );
        ui.separator();
        let back = ui.add_enabled(bench.state.ahead > 0, Button::new("‹"));
        let back = back.accessible_name("One update back");
        if back.on_hover_text("One update back").clicked() {
            bench.state.ahead -= 1;
        }
        let on = ui.add(Button::new("›")).accessible_name("One update further ahead");
        if on.on_hover_text("One update further ahead, on a copy: the lane stays").clicked() {
            bench.state.ahead = (bench.state.ahead + 1).min(MOST_AHEAD);
        }
    });
}

pub(super) fn ui(ui: &mut Ui, bench: &mut Bench<'_, '_>, found: &Microscope) {
    choice_ui(ui, bench, &found.layout);
    let t = tokens(ui);
    let explained = &found.explained;
    let ahead = match bench.state.ahead {
        0 => "the lane's next".to_owned(),
        n => format!("{n} ahead, on a copy"),
    };
    let over = match found.rows {
        _ if bench.lane.train_rows() == 0 => String::new(),
        1 => " over 1 row".to_owned(),
        rows => format!(" over {rows} rows"),
    };
    let head = format!(
        "{}: update {} ({ahead}), loss {}{over}",
        found.optimizer,
        explained.step + 1,
        short(explained.loss)
    );
    ui.add(Label::new(RichText::new(head).text_style(strong_style())).wrap());
    ui.add_space(4.0);
    gradient_ui(ui, found, bench.lane);
    let knobs: Vec<String> = explained
        .stages
        .iter()
        .filter(|stage| stage.formula.is_empty() && stage.symbol != "w" && stage.symbol != "g")
        // Spaces that do not break: a knob and its number stay together.
        .map(|stage| format!("{}\u{a0}=\u{a0}{}", stage.symbol, short(stage.value)))
        .collect();
    ui.add(
        Label::new(RichText::new(knobs.join("   ")).text_style(number_style()).color(t.dim)).wrap(),
    );
    ui.add_space(6.0);
    stages_ui(ui, &explained.stages);
    let before = explained.stages.first().map_or(0.0, |stage| stage.value);
    let after = explained.stages.last().map_or(0.0, |stage| stage.value);
    ui.add_space(6.0);
    // Numbers below their words, in columns: however long they are, what follows stays in place.
    Grid::new("move").num_columns(3).spacing([16.0, 2.0]).show(ui, |ui| {
        for word in ["before", "after", "moved by"] {
            ui.label(RichText::new(word).text_style(small_style()).color(t.dim));
        }
        ui.end_row();
        let numbers = [
            (with_minus(&exact(before)), t.text),
            (with_minus(&exact(after)), t.accent),
            (short(after - before), t.text),
        ];
        for (number, color) in numbers {
            ui.label(RichText::new(number).text_style(number_style()).color(color));
        }
        ui.end_row();
    });
    if let Some(card) = bench.lane.knobs.optimizer.entry().card {
        Bench::note_ui(ui, card.differs);
    }
}

/// What becomes of the gradient before the method sees it.
fn gradient_ui(ui: &mut Ui, found: &Microscope, lane: &Lane) {
    let explained = &found.explained;
    // On a surface there is no batch.
    let of = if lane.train_rows() == 0 { "gradient" } else { "gradient of the batch" };
    let is_measured = is_measured(lane.plan.gradient.as_ref());
    let how = if is_measured { ", measured by differences:" } else { "" };
    let mut words = vec![format!("{of}{how} {}", short(explained.raw))];
    if explained.noisy != explained.raw {
        words.push(format!("with noise {}", short(explained.noisy)));
    }
    if explained.treated != explained.noisy {
        words.push(format!("clipped {}", short(explained.treated)));
    }
    ui.add(Label::new(RichText::new(words.join(", ")).text_style(number_style())).wrap());
}

/// One row a formula: symbol, the formula, and the same filled with its numbers.
fn stages_ui(ui: &mut Ui, stages: &[Stage]) {
    let t = tokens(ui);
    let width = ui.available_width();
    Grid::new("stages").num_columns(2).spacing([12.0, 6.0]).striped(true).show(ui, |ui| {
        for (index, stage) in stages.iter().enumerate() {
            if stage.formula.is_empty() {
                continue;
            }
            ui.label(RichText::new(stage.symbol).text_style(strong_style()));
            ui.vertical(|ui| {
                ui.set_width(width - 70.0);
                let formula = RichText::new(with_minus(stage.formula)).text_style(small_style());
                ui.label(formula.color(t.dim));
                let numbers = filled(stages, index, short);
                let whole = with_minus(&format!("{numbers} = {}", short(stage.value)));
                let line = RichText::new(whole).text_style(number_style()).color(t.text);
                ui.add(Label::new(line).wrap());
            });
            ui.end_row();
        }
    });
}
