//! The head of the loss view: what it shows, and how that is chosen.

use eframe::egui::containers::menu::{MenuButton, MenuConfig};
use eframe::egui::{Align, Button, Label, Layout, PopupCloseBehavior, RichText, Ui, vec2};

use crate::experiment::{HeightScale, LandscapePlane, LandscapeShape, Pane, TextEdit};
use crate::lab::SliceKind;
use crate::session::Action;
use crate::ui::theme::{small_style, strong_style, tokens};
use crate::ui::widgets::{
    Icon, NumberEntry, count, icon_button, icon_toggle, score, segmented, toggle_chip,
};

use super::super::panes;
use crate::ui::frame::Frame;

/// The sort of a plane, without its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    Paths,
    Random,
    Parameters,
}

fn set(frame: &mut Frame<'_>, field: &str, value: &str) {
    let edits = vec![TextEdit::set(format!("view.landscape.{field}"), value)];
    frame.push(Action::Edit { edits, gesture: None });
}

fn set_plane(frame: &mut Frame<'_>, plane: LandscapePlane) {
    let value = match plane {
        LandscapePlane::Paths => "Paths".to_owned(),
        LandscapePlane::Random { seed } => format!("Random(seed: {seed})"),
        LandscapePlane::Parameters(i, j) => format!("Parameters({i}, {j})"),
    };
    set(frame, "plane", &value);
}

/// Draws the head.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let row = vec2(ui.available_width(), panes::head_height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        panes::grip_ui(ui, frame, Pane::Landscape);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            panes::buttons_ui(ui, frame, Pane::Landscape);
            let roomy = ui.available_width() > 434.0 * frame.window.text_scale;
            menu_ui(ui, frame, !roomy);
            let again = icon_button(ui, Icon::Reset, "Lay the plane anew");
            if again
                .on_hover_text("Lay the plane anew, through where the lanes have been by now")
                .clicked()
            {
                frame.push(Action::SurveyAgain);
            }
            let is_table = frame.window.center.landscape.table.is_shown;
            let hint = "The numbers instead of the picture, readable by screen readers (T)";
            let table = icon_toggle(ui, is_table, Icon::Table, "Landscape as a table");
            if table.on_hover_text(hint).clicked() {
                frame.window.center.landscape.show_table(!is_table);
            }
            if roomy {
                arrows_ui(ui, frame);
                heights_ui(ui, frame);
                shape_ui(ui, frame);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let title = RichText::new("Loss landscape").text_style(strong_style());
                ui.add(Label::new(title).truncate());
                if frame.session.landscape().is_working() {
                    ui.add(eframe::egui::Spinner::new().size(12.0));
                }
                // A mere ellipsis says nothing.
                if ui.available_width() > 60.0 * frame.window.text_scale {
                    let says = RichText::new(says(frame)).text_style(small_style());
                    ui.add(Label::new(says.color(tokens(ui).dim)).truncate());
                }
            });
        });
    });
}

/// What the plane is, in few words.
fn says(frame: &Frame<'_>) -> String {
    let Some(chart) = frame.session.landscape().chart() else { return String::new() };
    match &chart.slice.kind {
        SliceKind::Whole => "the whole: two parameters".to_owned(),
        SliceKind::Paths { explained, .. } => {
            let part = score((explained[0] + explained[1]) * 100.0, 100.0, 1);
            format!("{part} % of the paths' variance")
        }
        SliceKind::Still => "random directions, until a lane moves".to_owned(),
        SliceKind::Random { seed } => format!("random directions, seed {seed}"),
        SliceKind::Parameters(_) => "two of the parameters".to_owned(),
    }
}

fn shape_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let shapes = [(LandscapeShape::Contours, "contours"), (LandscapeShape::Bowl, "bowl")];
    let current = frame.session.view().landscape.shape;
    if let Some(shape) = segmented(ui, "Landscape", current, &shapes) {
        set(frame, "shape", &format!("{shape:?}"));
    }
}

fn heights_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let scales = [(HeightScale::Linear, "lin"), (HeightScale::Log, "log")];
    let current = frame.session.view().landscape.heights;
    if let Some(scale) = segmented(ui, "Heights", current, &scales) {
        set(frame, "heights", &format!("{scale:?}"));
    }
}

fn arrows_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let on = frame.session.view().landscape.arrows;
    let name = "Gradient, momentum, step and accumulated squares of every lane";
    if toggle_chip(ui, on, "arrows", name) {
        set(frame, "arrows", &(!on).to_string());
    }
}

fn menu_ui(ui: &mut Ui, frame: &mut Frame<'_>, with_looks: bool) {
    let stays = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let button = Button::new(Icon::More.atom(ui));
    let (response, _) = MenuButton::from_button(button).config(stays).ui(ui, |ui| {
        ui.set_min_width(230.0 * frame.window.text_scale);
        if with_looks {
            ui.horizontal(|ui| shape_ui(ui, frame));
            ui.horizontal(|ui| heights_ui(ui, frame));
            ui.horizontal(|ui| arrows_ui(ui, frame));
            ui.separator();
        }
        plane_ui(ui, frame);
        if frame.session.view().landscape.shape == LandscapeShape::Bowl
            && ui.button("Turn the bowl back").clicked()
        {
            frame.window.center.landscape.camera = None;
        }
        if ui.button("Save picture…").clicked()
            && let Some(rect) = frame.window.center.landscape.rect
        {
            frame.window.center.shoot(rect, "landscape.png".to_owned());
            ui.close();
        }
        panes::entries_ui(ui, frame, Pane::Landscape);
    });
    let name = "Loss landscape: plane and more";
    response.accessible_name(name).on_hover_text("Which plane, and more");
}

/// Which plane, where there is a choice.
fn plane_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let chart = frame.session.landscape().chart();
    if chart.is_some_and(|chart| chart.slice.kind == SliceKind::Whole) {
        return;
    }
    let params = chart.map_or(0, |chart| chart.slice.len());
    let plane = frame.session.view().landscape.plane;
    let sort = match plane {
        LandscapePlane::Paths => Sort::Paths,
        LandscapePlane::Random { .. } => Sort::Random,
        LandscapePlane::Parameters(..) => Sort::Parameters,
    };
    let sorts =
        [(Sort::Paths, "paths"), (Sort::Random, "random"), (Sort::Parameters, "parameters")];
    ui.horizontal(|ui| {
        if let Some(sort) = segmented(ui, "Plane", sort, &sorts) {
            set_plane(
                frame,
                match sort {
                    Sort::Paths => LandscapePlane::Paths,
                    Sort::Random => LandscapePlane::Random { seed: 1 },
                    Sort::Parameters => LandscapePlane::Parameters(0, 1),
                },
            );
        }
    });
    match plane {
        LandscapePlane::Paths => {}
        LandscapePlane::Random { seed } => {
            ui.horizontal(|ui| {
                note(ui, "seed");
                if let Some(seed) = number_ui(ui, "Seed of the directions", seed) {
                    set_plane(frame, LandscapePlane::Random { seed });
                }
            });
        }
        LandscapePlane::Parameters(i, j) => {
            ui.horizontal(|ui| {
                note(ui, "no.");
                let first = number_ui(ui, "First parameter", i as u64);
                note(ui, "and");
                let second = number_ui(ui, "Second parameter", j as u64);
                note(ui, &format!("of {}", count(params as u64)));
                if first.is_some() || second.is_some() {
                    let index = |new: Option<u64>, old| new.map_or(old, |n| n as usize);
                    set_plane(frame, LandscapePlane::Parameters(index(first, i), index(second, j)));
                }
            });
        }
    }
    ui.separator();
}

fn note(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).text_style(small_style()).color(tokens(ui).dim));
}

/// A whole number to be typed; the new one, if it was.
fn number_ui(ui: &mut Ui, name: &str, value: u64) -> Option<u64> {
    let mut number = value as f64;
    let width = 56.0 * (ui.text_style_height(&small_style()) / 14.0).max(1.0);
    let entry = NumberEntry::new(name, &mut number).integer().step(1.0).width(width);
    let new = entry.show(ui).committed.then_some(number.max(0.0) as u64);
    new.filter(|new| *new != value)
}
