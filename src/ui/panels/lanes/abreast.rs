//! What stands above the cards: by what lanes go abreast, and whether they begin alike.

use std::fmt::Write as _;

use eframe::egui::{
    Align, Button, Label, Layout, RichText, Ui, containers::menu::MenuButton, vec2,
};

use crate::experiment::{Race, Task};
use crate::session::{Action, Lane, Session};
use crate::train::Fingerprint;
use crate::ui::theme::{small_style, tokens};
use crate::ui::widgets::Icon;

/// By what lanes go abreast, as a menu.
pub(super) fn race_ui(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    if session.lane_ids().len() < 2 {
        return;
    }
    let on_surface = matches!(session.experiment().task, Task::Surface(_));
    let now = session.view().race;
    let text = match now {
        Race::Free => "Race".to_owned(),
        rule => format!("Race {}", rule.label()),
    };
    let button = Button::new((text.as_str(), Icon::Down.atom(ui))).truncate();
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        ui.set_min_width(180.0);
        for rule in Race::ALL {
            // A surface has neither rows nor passes over them.
            if on_surface && matches!(rule, Race::Epoch | Race::Samples) {
                continue;
            }
            if ui.selectable_label(rule == now, rule.label()).on_hover_text(says(rule)).clicked() {
                actions.push(Action::Race(rule));
            }
        }
    });
    response.accessible_name(format!("Race: {}", now.label())).on_hover_text(
        "By what the lanes go abreast. It decides when a lane computes, never what it computes.",
    );
}

fn says(rule: Race) -> &'static str {
    match rule {
        Race::Free => "Each lane trains as fast as it can",
        Race::Step => "No lane is ahead of another in updates by more than a frame's work",
        Race::Epoch => "All finish an epoch before any goes on to the next, or a few at full speed",
        Race::Samples => "All have seen as many rows: small batches take more updates",
        Race::Evaluations => {
            "All have evaluated the loss or its gradient as often: fair where an optimizer needs more \
             than one evaluation an update"
        }
    }
}

/// The line above the cards: whether all lanes start alike, or, where one looks back, what a knob does now. It
/// is always there, so that nothing below it moves.
pub(super) fn line_ui(ui: &mut Ui, session: &Session) {
    let row = vec2(ui.available_width(), ui.text_style_height(&small_style()));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        if session.looked_at().is_none() {
            return same_ui(ui, session);
        }
        let words = RichText::new("Looking back: a knob turned now forks its lane.");
        let words = words.text_style(small_style()).color(tokens(ui).accent);
        let says =
            "What was stays: a new lane goes on from this step with the knob as you turn it.";
        ui.add(Label::new(words).truncate()).on_hover_text(says);
    });
}

/// Whether all lanes begin alike and see the same batches, so that a difference is the optimizer's.
fn same_ui(ui: &mut Ui, session: &Session) {
    let of_seed = |run: usize| -> Vec<(&str, Fingerprint)> {
        let lanes = session.lanes().iter();
        lanes.filter_map(|lane| Some((lane.name(), lane.seed_began(run)?))).collect()
    };
    let began = of_seed(0);
    let Some((_, first)) = began.first().filter(|_| began.len() > 1) else { return };
    // Seed by seed: among all lanes that have a seed of that number.
    let most = session.lanes().iter().map(Lane::seed_count).max().unwrap_or(1);
    let seeds: Vec<_> = (0..most).map(of_seed).collect();
    let same = |what: fn(&Fingerprint) -> u64| {
        let alike = |lanes: &Vec<(&str, Fingerprint)>| {
            lanes.windows(2).all(|two| what(&two[0].1) == what(&two[1].1))
        };
        seeds.iter().all(alike)
    };
    let (same_start, same_batches) = (same(|print| print.start), same(|print| print.batches));
    let mark = |same: bool| if same { "✓" } else { "✕" };
    let on_surface = first.batches == 0;
    let batches = format!(" · same batches {}", mark(same_batches));
    let batches = if on_surface { "" } else { &batches };
    let words = format!("same start {}{batches}", mark(same_start));
    let words = RichText::new(words).text_style(small_style()).color(tokens(ui).dim);
    let mut says = String::from(
        "Checked by numbers made of all parameters at step 0, and of batch size and row order:",
    );
    for (name, print) in &began {
        // Writing to a string cannot fail.
        let _infallible = write!(says, "\n{name}: {:04x}", print.start & 0xFFFF);
        if !on_surface {
            let _infallible = write!(says, " · {:04x}", print.batches & 0xFFFF);
        }
    }
    ui.add(Label::new(words).truncate()).on_hover_text(says);
}
