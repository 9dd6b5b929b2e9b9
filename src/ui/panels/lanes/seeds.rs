//! What a card says of a lane that stands for several seeds: how many, their middle and spread, and which
//! of them is shown in its tile.

use eframe::egui::{Align, Label, Layout, RichText, Ui, vec2};

use super::card::Card;
use crate::session::{Action, Lane};
use crate::ui::panels::fields::{Item, Label as FieldLabel, menu_ui, typed_row};
use crate::ui::panels::section::chip_ui;
use crate::ui::theme::{small_style, tokens};
use crate::ui::widgets::{fixed, toggle_chip};

/// Of a lane that stands for several seeds: their spread, and which one is shown.
pub(super) fn ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let Some(lane) = card.lane.filter(|lane| lane.seed_count() > 1) else { return };
    spread_ui(ui, card, lane);
    shown_ui(ui, card, lane);
}

fn spread_ui(ui: &mut Ui, card: &Card<'_, '_>, lane: &Lane) {
    let dim = tokens(ui).dim;
    let row = vec2(ui.available_width(), ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let says = "So many runs: run k has every seed of training raised by k − 1. Data and split are \
            the same, so that run k of every lane has the same start and the same batches.";
        let (seeds, diverged) = (lane.seed_count(), lane.diverged_seeds());
        if diverged > 0 {
            let words = format!("× {seeds}, {diverged} diverged");
            let more = "Those that left all bounds count as higher than every number.";
            chip_ui(ui, &words, tokens(ui).bad).on_hover_text(format!("{says} {more}"));
        } else {
            chip_ui(ui, &format!("× {seeds} seeds"), dim).on_hover_text(says);
        }
        let Some(spread) = lane.spread() else { return };
        // A chip's words end before its frame does.
        ui.add_space(8.0);
        let kind = if diverged > 0 { "IQR" } else { "median · IQR" };
        let words = format!("{kind} {} – {}", fixed(spread.low), fixed(spread.high));
        let words = RichText::new(words).text_style(small_style()).color(dim);
        ui.add(Label::new(words).truncate()).on_hover_text(format!(
            "The lower and the upper quartile of the seeds of {}: half of them lie between. The number \
             above is their median.",
            card.spec.name
        ));
    });
}

/// The seed in the tile, and whether all of them are drawn.
fn shown_ui(ui: &mut Ui, card: &mut Card<'_, '_>, lane: &Lane) {
    let row = vec2(ui.available_width(), ui.spacing().interact_size.y);
    let labels: Vec<String> = (0..lane.seed_count()).map(|run| label(lane, run)).collect();
    let items: Vec<Item<'_>> = labels.iter().map(|text| Item::plain(text)).collect();
    let name = &card.spec.name;
    let mut picked = None;
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        let width = (ui.available_width() * 0.5).round();
        let salt = (card.path("seeds"), format!("Seed of {name} that is shown"));
        let shown = Some(lane.shown_seed());
        picked = menu_ui(ui, (&salt.0, &salt.1), width, shown, &items);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let on = card.session.draws_every_seed(card.id);
            let says = format!("Draw every seed of {name} as a line");
            if toggle_chip(ui, on, "every seed", &says) {
                card.editor.actions.push(Action::DrawSeeds(card.id, !on));
            }
        });
    });
    if let Some(run) = picked {
        card.editor.actions.push(Action::ShowSeed(card.id, run));
    }
}

/// A seed with what it has reached.
fn label(lane: &Lane, run: usize) -> String {
    let number = run + 1;
    match lane.seed_loss(run) {
        _ if lane.has_diverged(run) => format!("seed {number}: diverged"),
        Some(loss) => format!("seed {number}: {}", fixed(loss)),
        None => format!("seed {number}"),
    }
}

/// The field for how many seeds the lane stands for.
pub(super) fn count_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    if card.spec.from.is_some() {
        return;
    }
    let label = FieldLabel {
        text: "Seeds",
        meaning: "How many runs this lane stands for, each with seeds of its own: drawn as their median \
            with a band, and compared with other lanes seed by seed. Applies on Reset.",
        of: &card.spec.name,
    };
    let parse = |text: &str| match text.trim().parse::<u32>() {
        Ok(count) => Ok(count.to_string()),
        Err(_) => Err("A whole number is wanted, as 8.".to_owned()),
    };
    let (path, now) = (card.path("seeds"), card.spec.seeds.to_string());
    typed_row(ui, card.editor, &label, &path, &now, &parse);
}
