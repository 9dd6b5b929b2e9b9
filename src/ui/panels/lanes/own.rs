//! What a lane may have of its own instead of the experiment's: row order, start, loss, network.

use eframe::egui::Ui;

use super::card::Card;
use crate::experiment::{Task, literal};
use crate::ui::panels::choice::optional_choice_ui;
use crate::ui::panels::experiment::{SHUFFLES, layers_ui};
use crate::ui::panels::fields::{Item, Label, flag_row, menu_row, note_ui, problems_ui, typed_row};
use crate::ui::panels::section::rule_ui;
use crate::ui::panels::typed::{number, parse_number};

const COMMON: Item<'static> =
    Item { label: "As all", note: "As the experiment on the left has it." };

pub(super) fn ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    rule_ui(ui);
    note_ui(ui, "Of its own:");
    match &card.session.experiment().task {
        Task::Learn(learn) => {
            batch_size_back_ui(ui, card);
            shuffle_ui(ui, card);
            let label = |text, meaning| Label { text, meaning, of: &card.spec.name };
            let init = label("Start", "Where this lane's weights start.");
            let path = card.path("init");
            optional_choice_ui(ui, card.editor, &init, &path, (card.spec.init.as_ref(), COMMON));
            let loss = label("Loss", "What this lane's updates descend.");
            let path = card.path("loss");
            optional_choice_ui(ui, card.editor, &loss, &path, (card.spec.loss.as_ref(), COMMON));
            network_ui(ui, card, &learn.model);
            penalties_back_ui(ui, card);
        }
        Task::Surface(surface) => start_ui(ui, card, surface.start),
    }
}

/// Back to the common batch size; its own is the knob above.
fn batch_size_back_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let label = Label {
        text: "Batch size",
        meaning: "Ticked: this lane has its own batch size.",
        of: &card.spec.name,
    };
    let label = Label { text: "Own batch size", ..label };
    let path = card.path("batch_size");
    if let Some(on) = flag_row(ui, &label, card.spec.batch_size.is_some()) {
        if on {
            let now = card.session.experiment().batch_size(card.spec);
            card.editor.set(&path, literal(&now));
        } else {
            card.editor.remove(&path);
        }
    }
}

fn shuffle_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let path = card.path("shuffle");
    let label =
        Label { text: "Shuffle", meaning: "How this lane orders its rows.", of: &card.spec.name };
    let items: Vec<Item<'_>> =
        std::iter::once(COMMON).chain(SHUFFLES.iter().map(|(_, item)| *item)).collect();
    let own = card.spec.shuffle;
    let at = own.map_or(Some(0), |own| {
        SHUFFLES.iter().position(|(shuffle, _)| *shuffle == own).map(|at| at + 1)
    });
    match menu_row(ui, &label, &path, at, &items) {
        Some(0) => card.editor.remove(&path),
        Some(at) => card.editor.set(&path, literal(&SHUFFLES[at - 1].0)),
        None => {}
    }
    let problems = card.editor.problems_at(&path);
    problems_ui(ui, &problems);
}

fn network_ui(ui: &mut Ui, card: &mut Card<'_, '_>, common: &crate::model::ModelSpec) {
    let path = card.path("model");
    let label = Label {
        text: "Own network",
        meaning: "Ticked: this lane trains layers of its own.",
        of: &card.spec.name,
    };
    if let Some(on) = flag_row(ui, &label, card.spec.model.is_some()) {
        if on {
            card.editor.set(&path, literal(common));
        } else {
            card.editor.remove(&path);
        }
    }
    if let Some(model) = &card.spec.model {
        layers_ui(ui, card.editor, &card.spec.name, &path, &model.hidden);
    }
    let problems = card.editor.problems_at(&path);
    problems_ui(ui, &problems);
}

/// Back to the common penalties; its own are the knobs above.
fn penalties_back_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let path = card.path("regularize");
    let label = Label {
        text: "Own penalties",
        meaning: "Ticked: this lane has an L1 and L2 of its own.",
        of: &card.spec.name,
    };
    if let Some(on) = flag_row(ui, &label, card.spec.regularize.is_some()) {
        if on {
            let now = card.session.experiment().regularize(card.spec).unwrap_or_default();
            card.editor.set(&path, format!("(l1: {:?}, l2: {:?})", now.l1, now.l2));
        } else {
            card.editor.remove(&path);
        }
    }
}

fn start_ui(ui: &mut Ui, card: &mut Card<'_, '_>, common: (f64, f64)) {
    let path = card.path("start");
    let label = Label {
        text: "Own start",
        meaning: "Ticked: this lane starts at a place of its own.",
        of: &card.spec.name,
    };
    if let Some(on) = flag_row(ui, &label, card.spec.start.is_some()) {
        if on {
            card.editor.set(&path, format!("({:?}, {:?})", common.0, common.1));
        } else {
            card.editor.remove(&path);
        }
    }
    let Some((x, y)) = card.spec.start else { return };
    let parse = |text: &str| parse_number(text.trim()).map(|x| format!("{x:?}"));
    for (text, at, here) in [("Start x", 0, x), ("Start y", 1, y)] {
        let label = Label { text, meaning: "Where this lane starts.", of: &card.spec.name };
        typed_row(ui, card.editor, &label, &format!("{path}.{at}"), &number(here), &parse);
    }
}
