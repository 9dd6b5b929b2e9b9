//! What a card says of its lane's loss: first the number that it is placed by, with a word that names it,
//! then smaller the loss of the batches, which is another one.

use eframe::egui::{Align, Label, Layout, Response, RichText, Ui, vec2};

use super::card::Card;
use crate::session::{BatchesLoss, Lane, RankedLoss};
use crate::ui::panels::fields::text_width;
use crate::ui::theme::{number_style, small_style, strong_style, tokens};
use crate::ui::widgets::{count, fixed};

/// What a number is as wide as, at most.
const WIDEST: &str = "0.00e−00";

/// Both numbers in a line of an open card.
pub(super) fn ui(ui: &mut Ui, card: &Card<'_, '_>) {
    let row = vec2(ui.available_width(), row_height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let Some(ranked) = card.lane.and_then(Lane::ranked_loss) else {
            let words = RichText::new("not measured yet").text_style(small_style());
            ui.add(Label::new(words.color(tokens(ui).faint)).truncate());
            return;
        };
        word_ui(ui, ranked.by.word());
        number_ui(ui, card, &ranked);
        let Some(batches) = card.lane.and_then(Lane::batches_loss) else { return };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| batches_ui(ui, &batches));
    });
}

/// How high that line is, with what lies between it and the next.
pub(super) fn height(ui: &Ui) -> f32 {
    row_height(ui) + 2.0
}

fn row_height(ui: &Ui) -> f32 {
    ui.text_style_height(&number_style()) + 4.0
}

/// The number alone, in a line that is filled from the right; its word where the names of all lanes leave
/// room for it.
pub(super) fn line_ui(ui: &mut Ui, card: &Card<'_, '_>) {
    let Some(ranked) = card.lane.and_then(Lane::ranked_loss) else { return };
    number_ui(ui, card, &ranked);
    let names = card.session.experiment().lanes.iter();
    let name = names.map(|spec| text_width(ui, &spec.name, &strong_style())).fold(0.0, f32::max);
    let mark = ui.text_style_height(&strong_style());
    let word = text_width(ui, ranked.by.word(), &small_style());
    if name + mark + word + 24.0 <= ui.available_width() {
        word_ui(ui, ranked.by.word());
    }
}

/// In a cell of fixed width, so that nothing beside it moves.
fn number_ui(ui: &mut Ui, card: &Card<'_, '_>, ranked: &RankedLoss) -> Response {
    let height = ui.text_style_height(&number_style());
    let size = vec2(text_width(ui, WIDEST, &number_style()), height);
    let layout = if ui.layout().prefer_right_to_left() {
        Layout::right_to_left(Align::Center)
    } else {
        Layout::left_to_right(Align::Center)
    };
    let says = card.lane.map_or(String::new(), |lane| meaning(lane, ranked));
    let text = RichText::new(fixed(ranked.value)).text_style(number_style());
    let add = |ui: &mut Ui| ui.add(Label::new(text).truncate()).on_hover_text(says);
    ui.allocate_ui_with_layout(size, layout, add).inner
}

fn word_ui(ui: &mut Ui, word: &str) {
    let word = RichText::new(word).text_style(small_style()).color(tokens(ui).dim);
    ui.add(Label::new(word).truncate());
}

fn batches_ui(ui: &mut Ui, batches: &BatchesLoss) {
    let (word, says) = if batches.is_mean {
        let step = count(batches.step);
        let says = format!(
            "The mean of the batch losses of the last whole epoch, which ended at step {step}. Each was \
             measured before its update, so that it lags behind; lanes are not placed by it."
        );
        ("epoch mean", says)
    } else {
        let says = format!(
            "The loss of the last batch, before update {}. Lanes are not placed by it.",
            count(batches.step)
        );
        ("last batch", says)
    };
    let words = RichText::new(format!("{word} {}", fixed(batches.value)));
    let words = words.text_style(small_style()).color(tokens(ui).dim);
    ui.add(Label::new(words).truncate()).on_hover_text(says);
}

/// What the number is.
fn meaning(lane: &Lane, ranked: &RankedLoss) -> String {
    let (by, step) = (ranked.by.meaning(), count(ranked.step));
    if lane.seed_count() > 1 {
        let seeds = lane.seed_count();
        return format!(
            "The median of {seeds} seeds of {by}, at step {step}. Lanes are placed by it."
        );
    }
    let mut by = by.to_owned();
    by[..1].make_ascii_uppercase();
    format!("{by}, after update {step}. Lanes are placed by it.")
}
