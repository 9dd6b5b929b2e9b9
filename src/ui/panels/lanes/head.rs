//! The first line of a card: name, menu and rank; of a folded card, which is no more than that line, the
//! loss, too.

use eframe::egui::{
    Align, Button, Key, Label, Layout, RichText, Role, Sense, TextEdit, Ui, WidgetInfo,
    containers::menu::MenuButton, vec2,
};

use super::card::Card;
use super::losses;
use super::rank::ordinal;
use super::spread::SpreadForm;
use crate::session::{Action, Lane, LaneId};
use crate::ui::dialogs::{Dialog, ProgramSheet};
use crate::ui::instruments::{Instrument, Instruments};
use crate::ui::panels::fields::{complaint_ui, fitted, text_width};
use crate::ui::panels::section::chip_ui;
use crate::ui::theme::{
    LANE_COUNT, lane_look, paint_marker, small_style, strong_style, theme_of, tokens,
};
use crate::ui::widgets::{Icon, count};

/// A name being typed.
#[derive(Debug)]
pub(super) struct Renaming {
    lane: LaneId,
    text: String,
    has_begun: bool,
}

pub(super) fn ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let height = ui.spacing().interact_size.y;
    let size = vec2(ui.available_width(), height);
    let mut complaint = None;
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if card.session.lesson().is_none() {
            menu_ui(ui, card);
        }
        rank_ui(ui, card);
        if card.is_dense || !card.is_open() {
            ui.add_space(0.2 * ui.text_style_height(&small_style()));
            losses::line_ui(ui, card);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if card.renaming.as_ref().is_some_and(|r| r.lane == card.id) {
                complaint = rename_ui(ui, card);
            } else {
                name_ui(ui, card);
            }
        });
    });
    if let Some(complaint) = complaint {
        complaint_ui(ui, &complaint);
    }
}

fn name_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let side = ui.text_style_height(&strong_style());
    let (rect, _) = ui.allocate_exact_size(vec2(side * 0.7, side), Sense::hover());
    let look = lane_look(card.lane.map_or(card.index, |lane| lane.color));
    paint_marker(ui.painter(), look.marker, rect.center(), side * 0.24, look.color(theme_of(ui)));
    let seeds = card.spec.seeds;
    let name = if seeds > 1 && !card.is_open() {
        format!("{} × {seeds}", card.spec.name)
    } else {
        card.spec.name.clone()
    };
    let is_pinned = card.session.pinned() == Some(card.id);
    if is_pinned || card.session.is_solo(card.id) {
        let word = if is_pinned { "pinned" } else { "solo" };
        let note = RichText::new(word).text_style(small_style()).color(tokens(ui).accent);
        ui.add(Label::new(note).extend());
    }
    // Names that differ at their ends stay apart.
    let text = fitted(ui, &name, &strong_style(), ui.available_width() - 1.0);
    let mut words = RichText::new(text).text_style(strong_style());
    let is_drawn = card.lane.is_none_or(|lane| card.session.is_shown(lane));
    if !is_drawn {
        words = words.color(tokens(ui).faint).strikethrough();
    }
    let label = ui.add(Label::new(words).truncate().sense(Sense::click()));
    let enabled = ui.is_enabled();
    label.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, &name));
    let label = label.on_hover_text(format!(
        "{}: click to fold or open, double-click to rename",
        card.spec.name
    ));
    if label.double_clicked() && card.session.lesson().is_none() {
        begin_renaming(card);
    } else if label.clicked() {
        toggle(card);
    }
}

fn begin_renaming(card: &mut Card<'_, '_>) {
    let text = card.spec.name.clone();
    *card.renaming = Some(Renaming { lane: card.id, text, has_begun: false });
}

fn toggle(card: &mut Card<'_, '_>) {
    let is_open = card.is_open();
    card.open.insert(card.id, !is_open);
}

/// The field for a new name; gives what is wrong with what stands in it.
fn rename_ui(ui: &mut Ui, card: &mut Card<'_, '_>) -> Option<String> {
    let renaming = card.renaming.as_mut()?;
    let edit = TextEdit::singleline(&mut renaming.text)
        .id_salt("rename")
        .margin(vec2(6.0, 2.0))
        .desired_width(ui.available_width());
    let response = ui.add(edit).accessible_name(format!("Name of {}", card.spec.name));
    if !std::mem::replace(&mut renaming.has_begun, true) {
        response.request_focus();
    }
    let name = renaming.text.trim().to_owned();
    let mut others = card.session.experiment().lanes.iter().enumerate();
    let complaint = if name.is_empty() {
        Some("A lane needs a name.".to_owned())
    } else if others.any(|(at, lane)| at != card.index && lane.name == name) {
        Some(format!("Another lane is called “{name}”."))
    } else {
        None
    };
    if response.lost_focus() {
        let given_up = ui.input(|i| i.key_pressed(Key::Escape));
        if complaint.is_none() && !given_up && name != card.spec.name {
            card.editor.actions.push(Action::RenameLane(card.id, name));
            card.editor.end_gesture();
        }
        // A name that cannot be taken stays to be mended, unless it was given up.
        if complaint.is_none() || given_up {
            *card.renaming = None;
        }
    }
    complaint
}

fn rank_ui(ui: &mut Ui, card: &Card<'_, '_>) {
    let width = text_width(ui, "10th", &small_style()) + 14.0;
    let size = vec2(width, ui.spacing().interact_size.y);
    let layout = Layout::right_to_left(Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        let Some(rank) = card.rank else { return };
        let t = tokens(ui);
        let color = if rank == 1 { t.good } else { t.dim };
        let by = card.lane.and_then(Lane::ranked_loss).map_or("its loss", |loss| loss.by.meaning());
        let says = format!("Its place by {by}: the number that is told first.");
        chip_ui(ui, &ordinal(rank), color).on_hover_text(says);
    });
}

fn menu_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let side = ui.spacing().interact_size.y;
    let button = ui
        .scope(|ui| {
            ui.spacing_mut().button_padding = vec2(4.0, 4.0);
            let button = Button::new(Icon::More.atom(ui)).frame_when_inactive(false);
            MenuButton::from_button(button.min_size(vec2(side, side))).ui(ui, |ui| {
                ui.spacing_mut().button_padding = vec2(8.0, 4.0);
                entries_ui(ui, card);
            })
        })
        .inner
        .0;
    button
        .accessible_name(format!("Menu of {}", card.spec.name))
        .on_hover_text("Rename, duplicate, fork, spread, instruments, NumPy, recolour, remove");
}

fn entries_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    ui.set_min_width(160.0);
    if ui.button("Rename…").clicked() {
        begin_renaming(card);
    }
    if ui.button("Duplicate").clicked() {
        card.editor.actions.push(Action::DuplicateLane(card.id));
    }
    if let Some(lane) = card.lane.filter(|lane| !lane.is_at_start()) {
        let words = format!("Fork at step {}", count(lane.shown_step()));
        let says = "A new lane that goes on from here: the same parameters, memory and place in the data. \
            To fork at another step, look at it in the timeline.";
        if ui.button(words).on_hover_text(says).clicked() {
            let fork = Action::Fork { lane: card.id, step: None, change: None };
            card.editor.actions.push(fork);
        }
    }
    branches_ui(ui, card);
    if card.spec.seeds > 1 {
        let mut on = card.session.draws_every_seed(card.id);
        let says = "Each seed a thin line, beside the median and the band";
        if ui.checkbox(&mut on, "Every seed as a line").on_hover_text(says).changed() {
            card.editor.actions.push(Action::DrawSeeds(card.id, on));
        }
    }
    let says = "Lanes over values of one knob, all else alike";
    if ui.button("Spread…").on_hover_text(says).clicked() {
        *card.spread = Some(SpreadForm::of(card));
        card.open.insert(card.id, true);
    }
    let says = "Microscope, gradient check, rate finder, sharpness: on a copy of the lane";
    if ui.button("Instruments…").on_hover_text(says).clicked() {
        *card.instruments = Some(Instruments::of(card.id, Instrument::default()));
    }
    let says = "The lane as a plain NumPy program to read, run and change";
    if ui.button("Show as NumPy…").on_hover_text(says).clicked() {
        card.editor.actions.push(Action::WriteProgram(card.id));
        *card.dialog = Some(Dialog::Program(ProgramSheet::new(card.id)));
    }
    if ui.button(if card.is_open() { "Fold" } else { "Open" }).clicked() {
        toggle(card);
    }
    let last = card.session.experiment().lanes.len() - 1;
    for (words, by, can) in [("Move up", -1, card.index > 0), ("Move down", 1, card.index < last)] {
        if ui.add_enabled(can, Button::new(words)).clicked() {
            card.editor.actions.push(Action::MoveLane(card.id, by));
        }
    }
    shown_ui(ui, card);
    ui.separator();
    colors_ui(ui, card);
    ui.separator();
    let is_last = card.session.experiment().lanes.len() == 1;
    let remove = ui.add_enabled(!is_last, Button::new("Remove"));
    if remove.on_disabled_hover_text("An experiment needs a lane.").clicked() {
        card.editor.actions.push(Action::RemoveLane(card.id));
    }
}

/// Opens the tree of the lane's past, once there is one.
fn branches_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let is_parent = |lane: &crate::experiment::LaneSpec| {
        lane.from.as_ref().is_some_and(|from| from.lane == card.spec.name)
    };
    let has_forks = card.session.experiment().lanes.iter().any(is_parent);
    let has_tree = has_forks || card.lane.is_some_and(Lane::has_branches);
    let says = "What was left when the lane went back, and what was forked off it";
    let none = "There is one branch: go back, or undo a turned knob, and there will be more.";
    let entry = ui.add_enabled(has_tree, Button::new("Branches…"));
    if entry.on_hover_text(says).on_disabled_hover_text(none).clicked() {
        *card.dialog = Some(Dialog::Branches(card.id));
    }
}

/// Whether it is drawn, alone or with others, and compared with.
fn shown_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let (session, id) = (card.session, card.id);
    if session.lane_ids().len() < 2 {
        return;
    }
    ui.separator();
    let (solo, muted, pinned) =
        (session.is_solo(id), session.is_muted(id), session.pinned() == Some(id));
    let entries = [
        (solo, "Solo", "Draw this lane and no others", Action::Solo(id, !solo)),
        (muted, "Mute", "Train it without drawing it", Action::Mute(id, !muted)),
        (
            pinned,
            "Pin",
            "Keep it on top, and compare the others with it",
            Action::Pin((!pinned).then_some(id)),
        ),
    ];
    for (mut on, words, says, action) in entries {
        if ui.checkbox(&mut on, words).on_hover_text(says).changed() {
            card.editor.actions.push(action);
            ui.close();
        }
    }
}

fn colors_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let side = ui.spacing().interact_size.y;
    let current = card.lane.map_or(card.index, |lane| lane.color) % LANE_COUNT;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for at in 0..LANE_COUNT {
            let button = Button::selectable(current == at, "").min_size(vec2(side, side));
            let response = ui.add(button).accessible_name(format!("Colour {}", at + 1));
            let look = lane_look(at);
            let (center, color) = (response.rect.center(), look.color(theme_of(ui)));
            paint_marker(ui.painter(), look.marker, center, side * 0.22, color);
            if response.clicked() {
                card.editor.actions.push(Action::RecolorLane(card.id, at as u8 + 1));
            }
        }
    });
}
