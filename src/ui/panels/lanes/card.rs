//! One lane's card: frame and coloured edge, and what stands in it from top to bottom.

use std::collections::{BTreeMap, BTreeSet};

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Align, Button, Color32, Layout, RichText, TextStyle, Ui, vec2};

use super::head::{self, Renaming};
use super::knobs::{self, Turned};
use super::losses;
use super::own;
use super::rescue::rescues;
use super::seeds;
use super::spread::{self, SpreadForm};
use crate::catalog::Family as _;
use crate::experiment::LaneSpec;
use crate::objective::is_measured;
use crate::session::{Knobs, Lane, LaneId, Session};
use crate::train::{EndReason, LaneState};
use crate::ui::dialogs::{CardsSheet, Dialog};
use crate::ui::instruments::Instruments;
use crate::ui::panels::choice::bare_menu_ui;
use crate::ui::panels::editor::Editor;
use crate::ui::panels::fields::{complaint_ui, menu_width, note_ui, problems_ui, text_width, tip};
use crate::ui::panels::section::{chip_ui, chip_width};
use crate::ui::theme::{lane_look, number_style, small_style, theme_of, tokens};
use crate::ui::widgets::{Icon, card as framed, count, fixed, icon_button, link_button};

/// Everything a card draws from and writes to.
pub(super) struct Card<'a, 'b> {
    pub(super) session: &'a Session,
    pub(super) id: LaneId,
    /// Its place in the experiment.
    pub(super) index: usize,
    /// What the file says.
    pub(super) spec: &'a LaneSpec,
    /// All lanes' specs as they are now: of those that train, with the knobs turned since.
    pub(super) now: &'a [LaneSpec],
    /// Its run; none while data are being loaded or cannot be.
    pub(super) lane: Option<&'a Lane>,
    /// The knobs of its run at the step that is shown.
    pub(super) knobs: Option<&'a Knobs>,
    pub(super) rank: Option<usize>,
    pub(super) editor: &'b mut Editor<'a>,
    pub(super) open: &'b mut BTreeMap<LaneId, bool>,
    /// Whether there is room for all of it.
    pub(super) has_room: bool,
    /// Whether the loss stands in the head.
    pub(super) is_dense: bool,
    pub(super) more: &'b mut BTreeSet<LaneId>,
    pub(super) renaming: &'b mut Option<Renaming>,
    pub(super) spread: &'b mut Option<SpreadForm>,
    pub(super) turned: &'b mut BTreeMap<(LaneId, String), Turned>,
    pub(super) refused: &'b mut BTreeMap<(LaneId, String), String>,
    pub(super) instruments: &'b mut Option<Instruments>,
    pub(super) dialog: &'b mut Option<Dialog>,
}

impl Card<'_, '_> {
    /// The path of one of its fields in the file.
    pub(super) fn path(&self, field: &str) -> String {
        format!("lanes[{}].{field}", self.index)
    }

    /// Its colour.
    pub(super) fn color(&self, ui: &Ui) -> Color32 {
        let index = self.lane.map_or(self.index, |lane| lane.color);
        lane_look(index).color(theme_of(ui))
    }

    /// Whether a turned knob goes to the lane itself, not into the file.
    pub(super) fn is_live(&self) -> bool {
        self.lane.is_some_and(|lane| !lane.is_at_start() || lane.is_running())
    }

    /// Whether all of it is shown, not just its line.
    pub(super) fn is_open(&self) -> bool {
        self.open.get(&self.id).copied().unwrap_or(self.has_room)
    }
}

/// Draws a card.
pub(super) fn ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let color = card.color(ui);
    framed(ui, color, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        head::ui(ui, card);
        if card.is_open() {
            if !card.is_dense {
                losses::ui(ui, card);
            }
            body_ui(ui, card);
        } else {
            trouble_ui(ui, card);
        }
    });
}

fn body_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    if card.session.lesson().is_some() {
        return lesson_body_ui(ui, card);
    }
    lineage_ui(ui, card);
    seeds::ui(ui, card);
    method_ui(ui, card);
    knobs::main_ui(ui, card);
    footer_ui(ui, card);
    if card.more.contains(&card.id) {
        knobs::more_ui(ui, card);
        seeds::count_ui(ui, card);
        own::ui(ui, card);
    }
    if card.spread.as_ref().is_some_and(|form| form.lane == card.id) {
        spread::ui(ui, card);
    }
    differences_ui(ui, card);
    trouble_ui(ui, card);
}

/// While a lesson is taken: what is free can be turned, the rest is told.
fn lesson_body_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let height = ui.spacing().interact_size.y;
    let size = vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.label(card.spec.optimizer.entry().label);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| state_ui(ui, card));
    });
    knobs::lesson_ui(ui, card);
    trouble_ui(ui, card);
}

/// Where a fork comes from.
fn lineage_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let Some(from) = &card.spec.from else { return };
    let words = format!("↳ {}, from step {}", from.lane, count(from.step));
    let words = RichText::new(words).text_style(small_style()).color(tokens(ui).accent);
    let line = ui.add(Button::new(words).frame(false).truncate());
    let says = format!(
        "Forked off “{}” after {} updates: it goes on with that lane's parameters and place in the data. \
         Click for what it has of its parent.",
        from.lane,
        count(from.step)
    );
    if line.on_hover_text(says).clicked() {
        *card.dialog = Some(Dialog::Lineage(card.id));
    }
}

/// Which optimizer, and how the lane stands.
fn method_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let path = card.path("optimizer");
    let problems = card.editor.problems_at(&path);
    let height = ui.spacing().interact_size.y;
    let size = vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        let name = format!("Optimizer of {}", card.spec.name);
        let chosen = &card.spec.optimizer;
        let beside =
            chip_width(ui, &state_of(ui, card).0) + height + ui.spacing().item_spacing.x * 2.0;
        let width = chooser_width(ui, chosen.entry().label, beside);
        if let Some(entry) = bare_menu_ui(ui, (&path, &name), width, chosen) {
            card.editor.switch(&path, Some(chosen), entry);
        }
        let name = format!("Card of the optimizer of {}", card.spec.name);
        if icon_button(ui, Icon::Info, &name).clicked() {
            let running = card.knobs.map(|knobs| &knobs.optimizer);
            let running = running.filter(|now| card.is_live() && now.name() == chosen.name());
            let sheet = CardsSheet::of(running.unwrap_or(chosen));
            *card.dialog = Some(Dialog::Cards(Box::new(sheet)));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| state_ui(ui, card));
    });
    problems_ui(ui, &problems);
}

/// How wide a chooser in a line of the card is: as its word wants, less what must stand beside it.
fn chooser_width(ui: &Ui, word: &str, beside: f32) -> f32 {
    let room = ui.available_width();
    let least = (room * 0.4).round();
    menu_width(ui, word).min(room - beside).max(least).round()
}

fn state_ui(ui: &mut Ui, card: &Card<'_, '_>) {
    let (text, color, says) = state_of(ui, card);
    tip(chip_ui(ui, &text, color), says);
}

/// How the lane stands: a word, its colour, and what it means.
fn state_of(ui: &Ui, card: &Card<'_, '_>) -> (String, Color32, &'static str) {
    let t = tokens(ui);
    let Some(lane) = card.lane else {
        return ("not built".to_owned(), t.dim, "Its data or settings are not ready.");
    };
    match &lane.status.state {
        LaneState::Paused if lane.is_at_start() => ("ready".to_owned(), t.dim, ""),
        LaneState::Paused => ("paused".to_owned(), t.dim, ""),
        LaneState::Running => ("running".to_owned(), t.good, ""),
        LaneState::Waiting => {
            ("waiting".to_owned(), t.warn, "Held until the window has taken in what it measured.")
        }
        LaneState::Ended(end) => match &end.reason {
            EndReason::Finished => ("finished".to_owned(), t.good, "It did its planned length."),
            EndReason::Rule(name) => (rule_label(name), t.good, "A stop rule held."),
            EndReason::Stopped => ("stopped".to_owned(), t.dim, "You stopped it."),
            EndReason::Diverged => (
                format!("diverged at {}", end.step),
                t.bad,
                "A loss, gradient or weight was no longer finite after that step, which is kept.",
            ),
            EndReason::Failed(_) => (format!("failed at {}", end.step), t.bad, ""),
        },
    }
}

fn rule_label(name: &str) -> String {
    let label = crate::experiment::StopRules::find(name).map_or(name, |entry| entry.label);
    format!("rule: {}", label.to_lowercase())
}

/// The schedule, the fold for everything else, and the gradient's norm.
fn footer_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let path = card.path("schedule");
    let problems = card.editor.problems_at(&path);
    let height = ui.spacing().interact_size.y;
    let size = vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        let name = format!("Schedule of {}", card.spec.name);
        let chosen = &card.spec.schedule;
        let norm =
            text_width(ui, "‖g‖", &TextStyle::Body) + text_width(ui, "0.00e−00", &number_style());
        let link = text_width(ui, "more", &TextStyle::Body);
        let beside = norm + link + ui.spacing().item_spacing.x * 3.0;
        let width = chooser_width(ui, chosen.entry().label, beside);
        if let Some(entry) = bare_menu_ui(ui, (&path, &name), width, chosen) {
            card.editor.switch(&path, Some(chosen), entry);
        }
        let is_open = card.more.contains(&card.id);
        let words = if is_open { "less" } else { "more" };
        let button = link_button(ui, words);
        let name = format!("{} of {}", if is_open { "Less" } else { "More" }, card.spec.name);
        let says = "Every other knob, clipping, and what the lane has of its own.";
        if button.accessible_name(name).on_hover_text(says).clicked() && !card.more.remove(&card.id)
        {
            card.more.insert(card.id);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| norm_ui(ui, card));
    });
    problems_ui(ui, &problems);
}

fn norm_ui(ui: &mut Ui, card: &Card<'_, '_>) {
    let Some(latest) = card.lane.and_then(Lane::latest) else { return };
    let t = tokens(ui);
    // The bars of the monospaced face are as wide as digits and blur; those of the other are slim.
    let mut words = LayoutJob::default();
    let part = |style: TextStyle| TextFormat::simple(style.resolve(ui.style()), t.dim);
    words.append("‖g‖", 0.0, part(TextStyle::Body));
    words.append(&fixed(latest.evaluation.gradient_norm), 6.0, part(number_style()));
    ui.add(eframe::egui::Label::new(words).truncate()).on_hover_text(
        "The length of the gradient over all training rows, at the last evaluation.",
    );
}

fn differences_ui(ui: &mut Ui, card: &Card<'_, '_>) {
    let lanes = card.now;
    let Some(now) = lanes.get(card.index) else { return };
    let notes = card.session.experiment().differs_among(now, lanes);
    // Worth saying even where all lanes do it.
    let measured = is_measured(now.gradient.as_ref()).then_some("gradient: numeric");
    let measured = measured.filter(|note| !notes.iter().any(|other| other == note));
    if notes.is_empty() && measured.is_none() {
        return;
    }
    let color = tokens(ui).warn;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if let Some(note) = measured {
            chip_ui(ui, note, tokens(ui).dim).on_hover_text(
                "Measured by trying each parameter a little to both sides, not by the chain rule.",
            );
        }
        for note in notes {
            chip_ui(ui, &note, color).on_hover_text(
                "Not the same as in the other lanes: a difference between them is then not the \
                 optimizer's alone.",
            );
        }
    });
}

/// Forks of a lane that diverged.
fn rescue_ui(ui: &mut Ui, card: &mut Card<'_, '_>, lane: &Lane) {
    let (place, forks) = rescues(lane);
    note_ui(ui, &format!("{place}:"));
    ui.horizontal_wrapped(|ui| {
        for (words, fork) in forks {
            if link_button(ui, words).clicked() {
                card.editor.actions.push(fork);
            }
        }
    });
}

/// What is stale, refused, failed or wrong.
fn trouble_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    if card.session.is_stale(card.id) {
        let warn = tokens(ui).warn;
        let words =
            RichText::new("changed: applies on Reset").text_style(small_style()).color(warn);
        ui.add(eframe::egui::Label::new(words).truncate()).on_hover_text(
            "The lane still trains as it began. Reset starts it as the experiment reads now.",
        );
    }
    if let Some(lane) = card.lane {
        if let Some(reason) = &lane.refused {
            complaint_ui(ui, reason);
        }
        if let Some(end) = lane.end()
            && let EndReason::Failed(message) = &end.reason
        {
            complaint_ui(ui, message);
            note_ui(ui, "The other lanes go on. Reset starts this one again.");
        }
        let is_free = card.session.lesson().is_none();
        if is_free && lane.end().is_some_and(|end| end.reason == EndReason::Diverged) {
            rescue_ui(ui, card, lane);
        }
    }
    let left = card.editor.problems_left(&format!("lanes[{}]", card.index));
    problems_ui(ui, &left);
}
