//! The reference cards: every choice of every table with its equation, a picture, what each number
//! does, when it shines and when it hurts, how libraries differ, and the same in Python.
//!
//! Everything written here comes from the tables; what is drawn is computed when a card is opened.

mod picture;
mod today;
mod usual;

use eframe::egui::{
    Align, Grid, Label, Layout, RichText, ScrollArea, Sense, TextEdit, Ui, UiBuilder,
    style::ScrollAnimation, vec2,
};

use crate::catalog::{Chosen, Entry, Family, Given, Value};
use crate::data::Sources;
use crate::experiment::StopRules;
use crate::model::{Activations, Initializers, Layers, Losses};
use crate::objective::{Gradients, Surfaces};
use crate::optim::{Clips, Optimizers, Schedules};
use crate::ui::theme::{caption_style, number_style, small_style, strong_style, tokens};
use crate::ui::widgets::{Icon, button, with_minus};

use super::super::frame::Frame;
use super::Outcome;
use picture::CardPicture;
use today::Today;

/// A table of choices, as the cards' list shows it.
struct Shelf {
    title: &'static str,
    entries: fn() -> &'static [&'static Entry],
    /// The card's call with an entry's usual values filled in.
    call: fn(&'static Entry) -> String,
    picture: fn(&'static Entry) -> Option<CardPicture>,
}

fn usual_call<F: Family>(entry: &'static Entry) -> String {
    call_of(&usual::usual::<F>(entry))
}

fn call_of<F: Family>(chosen: &Chosen<F>) -> String {
    chosen.entry().card.map_or_else(String::new, |card| chosen.python(card.call))
}

const fn shelf<F: Family>(
    title: &'static str,
    picture: fn(&'static Entry) -> Option<CardPicture>,
) -> Shelf {
    Shelf { title, entries: F::entries, call: usual_call::<F>, picture }
}

static SHELVES: [Shelf; 11] = [
    shelf::<Optimizers>("Optimizers", picture::optimizer),
    shelf::<Schedules>("Schedules", picture::schedule),
    shelf::<Clips>("Clipping", |_| None),
    shelf::<Gradients>("Gradients", |_| None),
    shelf::<Losses>("Losses", |entry| Some(picture::loss(entry))),
    shelf::<Layers>("Layers", |_| None),
    // Their curve is drawn anew each time, with the sums of a lane on it.
    shelf::<Activations>("Activations", |_| None),
    shelf::<Initializers>("Initialisers", picture::initializer),
    shelf::<Surfaces>("Surfaces", |_| None),
    shelf::<Sources>("Data", |_| None),
    shelf::<StopRules>("Stop rules", |_| None),
];

/// Which card is open, and what is searched for.
#[derive(Debug)]
pub(in crate::ui) struct CardsSheet {
    shelf: usize,
    entry: &'static Entry,
    call: String,
    picture: Option<CardPicture>,
    today: Today,
    search: String,
    /// Whether the list has been scrolled to the entry.
    is_found: bool,
}

impl Default for CardsSheet {
    fn default() -> Self {
        Self::open(0, (SHELVES[0].entries)()[0])
    }
}

impl CardsSheet {
    fn open(shelf: usize, entry: &'static Entry) -> Self {
        let Shelf { call, picture, .. } = &SHELVES[shelf];
        Self {
            shelf,
            entry,
            call: call(entry),
            picture: picture(entry),
            today: Today::default(),
            search: String::new(),
            is_found: false,
        }
    }

    /// The card of a choice, with its values in the call.
    pub(in crate::ui) fn of<F: Family>(chosen: &Chosen<F>) -> Self {
        let is_on =
            |shelf: &Shelf| (shelf.entries)().iter().any(|e| std::ptr::eq(*e, chosen.entry()));
        let shelf = SHELVES.iter().position(is_on).unwrap_or(0);
        Self { call: call_of(chosen), ..Self::open(shelf, chosen.entry()) }
    }

    /// The card called `name`, whichever table it is in.
    pub(in crate::ui) fn named(name: &str) -> Option<Self> {
        SHELVES.iter().enumerate().find_map(|(shelf, table)| {
            let entry = (table.entries)().iter().find(|entry| entry.name == name)?;
            Some(Self::open(shelf, entry))
        })
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Outcome {
        let screen = ui.ctx().content_rect();
        let scale = frame.window.text_scale;
        let width = (940.0 * scale).min(screen.width() - 80.0);
        let height = (620.0 * scale).min(screen.height() - 160.0);
        ui.set_width(width);
        ui.horizontal(|ui| {
            ui.heading("Cards");
            let hint =
                TextEdit::singleline(&mut self.search).hint_text("search").desired_width(180.0);
            ui.add(hint).accessible_name("Search the cards");
        });
        ui.add_space(6.0);
        let list = (210.0 * scale).min(width * 0.3);
        // As high from the first frame on as it will be.
        let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        ui.scope_builder(
            UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::TOP)),
            |ui| {
                ui.vertical(|ui| {
                    ui.set_width(list);
                    ScrollArea::vertical()
                        .id_salt("shelves")
                        .max_height(height)
                        .auto_shrink(false)
                        .show(ui, |ui| self.shelves_ui(ui));
                });
                ui.separator();
                ui.vertical(|ui| {
                    ScrollArea::vertical()
                        .id_salt(("card", self.entry.name))
                        .max_height(height)
                        .auto_shrink(false)
                        .show(ui, |ui| {
                            ui.set_max_width(ui.available_width() - 12.0);
                            self.card_ui(ui, frame);
                        });
                });
            },
        );
        ui.add_space(8.0);
        if ui.button("Close").clicked() { Outcome::Close } else { Outcome::Stay }
    }

    fn shelves_ui(&mut self, ui: &mut Ui) {
        let wanted = self.search.to_lowercase();
        let says = |shelf: &Shelf| (shelf.entries)().iter().any(|e| matches(e, &wanted));
        if !SHELVES.iter().any(says) {
            ui.label(RichText::new("No card says that.").color(tokens(ui).dim));
        }
        let mut chosen = None;
        for (index, shelf) in SHELVES.iter().enumerate() {
            let found: Vec<_> = (shelf.entries)().iter().filter(|e| matches(e, &wanted)).collect();
            if found.is_empty() {
                continue;
            }
            let dim = tokens(ui).dim;
            let title = shelf.title.to_uppercase();
            ui.label(RichText::new(title).text_style(caption_style()).color(dim));
            for entry in found {
                let on = self.shelf == index && std::ptr::eq(*entry, self.entry);
                let label = ui.selectable_label(on, entry.label);
                if on && !std::mem::replace(&mut self.is_found, true) {
                    label.scroll_to_me_animation(Some(Align::Center), ScrollAnimation::none());
                }
                if label.on_hover_text(entry.summary).clicked() {
                    chosen = Some((index, *entry));
                }
            }
            ui.add_space(6.0);
        }
        if let Some((shelf, entry)) = chosen {
            let (search, today) =
                (std::mem::take(&mut self.search), std::mem::take(&mut self.today));
            *self = Self { search, today, is_found: true, ..Self::open(shelf, entry) };
        }
    }

    fn card_ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) {
        let t = tokens(ui);
        let entry = self.entry;
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(entry.label).heading());
            ui.label(RichText::new(entry.name).text_style(number_style()).color(t.dim));
        });
        ui.label(entry.summary);
        if let Some(card) = entry.card {
            ui.add_space(6.0);
            for line in card.equation.lines() {
                let words =
                    RichText::new(with_minus(line)).text_style(number_style()).color(t.accent);
                ui.add(Label::new(words).wrap());
            }
            let legend = Optimizers::find(entry.name).map(Optimizers::legend).unwrap_or_default();
            if !legend.is_empty() {
                let words = format!("w is a parameter, g its gradient, {legend}.");
                ui.label(RichText::new(words).text_style(small_style()).color(t.dim));
            }
        }
        self.call_ui(ui);
        if let Some(picture) = &self.picture {
            ui.add_space(6.0);
            picture.ui(ui);
        }
        if Activations::find(entry.name).is_some_and(|found| std::ptr::eq(found, entry)) {
            ui.add_space(6.0);
            self.today.ui(ui, frame, entry);
        }
        if !entry.details.is_empty() {
            ui.add_space(6.0);
            ui.label(entry.details);
        }
        fields_ui(ui, entry);
        if let Some(card) = entry.card {
            for (title, text) in [
                ("When it shines", card.shines),
                ("When it hurts", card.hurts),
                ("How others do it", card.differs),
            ] {
                paragraph_ui(ui, title, text);
            }
        }
        paragraph_ui(ui, "Source", entry.source);
    }

    fn call_ui(&self, ui: &mut Ui) {
        if self.call.trim().is_empty() {
            return;
        }
        let t = tokens(ui);
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            let says = "The same in Python, with these numbers";
            if button(ui, Some(Icon::Copy), "Copy").on_hover_text(says).clicked() {
                ui.ctx().copy_text(self.call.clone());
            }
            let words = RichText::new(&self.call).text_style(number_style()).color(t.text);
            ui.add(Label::new(words).wrap().selectable(true));
        });
    }
}

fn matches(entry: &Entry, wanted: &str) -> bool {
    let texts = [entry.name, entry.label, entry.summary, entry.details];
    wanted.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(wanted))
}

fn paragraph_ui(ui: &mut Ui, title: &str, text: &str) {
    if !text.is_empty() {
        ui.add_space(6.0);
        ui.label(RichText::new(title).text_style(strong_style()));
        ui.label(text);
    }
}

/// What each number does: its name, usual value, range and meaning.
fn fields_ui(ui: &mut Ui, entry: &Entry) {
    if entry.fields.is_empty() {
        return;
    }
    let t = tokens(ui);
    ui.add_space(8.0);
    ui.label(RichText::new("What each number does").text_style(strong_style()));
    let width = ui.available_width();
    Grid::new("fields").num_columns(2).spacing([14.0, 6.0]).striped(true).show(ui, |ui| {
        for field in entry.fields {
            let usual = match Value::from_given(field.default) {
                _ if field.default == Given::Nothing => "required".to_owned(),
                Some(value) => value.to_string(),
                None => String::new(),
            };
            ui.vertical(|ui| {
                ui.set_width((width * 0.27).max(110.0));
                ui.add(Label::new(field.label).wrap());
                let name = RichText::new(field.name).text_style(small_style()).color(t.dim);
                ui.add(Label::new(name).wrap());
                let usual = RichText::new(usual).text_style(small_style()).color(t.accent);
                ui.add(Label::new(usual).wrap());
            });
            ui.vertical(|ui| {
                ui.set_width(width * 0.66);
                ui.label(field.meaning);
                let takes = format!("Takes {}.", field.kind.allowed().replace('`', ""));
                ui.label(RichText::new(takes).text_style(small_style()).color(t.dim));
            });
            ui.end_row();
        }
    });
}
