//! The curve's bar: which metric, how the axes are spread, how smooth, and the menu.
//!
//! Where there is less room the axes fold into two buttons, then into the menu; nothing is out of reach.

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{Align, Button, Label, Layout, RichText, Role, Ui, WidgetInfo, vec2};

use crate::experiment::{Metric, Pane, TextEdit, ViewSpec, XAxis};
use crate::session::{Action, Export, MEASURES};
use crate::ui::panels::fields::text_width;
use crate::ui::theme::{small_style, strong_style, tokens};
use crate::ui::widgets::{Icon, Knob, Rail, Spread, count, icon_toggle, segmented, toggle_chip};

use super::super::panes;
use super::{on_surface, seeds};
use crate::ui::dialogs::{Dialog, FilePurpose};
use crate::ui::frame::Frame;

fn set_view(frame: &mut Frame<'_>, field: &str, value: &str) {
    let edits = vec![TextEdit::set(format!("view.{field}"), value)];
    frame.push(Action::Edit { edits, gesture: None });
}

/// How much of the bar finds room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    /// Only what is in the menu.
    Tight,
    /// The axes behind two buttons.
    Some,
    /// And the smoothing.
    More,
    /// All choices side by side.
    Ample,
    /// And the robust range.
    All,
}

impl Room {
    fn of(width: f32) -> Self {
        match width {
            width if width > 860.0 => Self::All,
            width if width > 725.0 => Self::Ample,
            width if width > 470.0 => Self::More,
            width if width > 300.0 => Self::Some,
            _ => Self::Tight,
        }
    }
}

/// Draws the bar.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let shown = frame.session.shown_measure();
    let mut says = shown.meaning;
    if frame.session.view().smooth > 0.0 {
        says = "faint as measured, bold smoothed; held-out dashed";
    } else if shown.metric == Metric::Loss && on_surface(frame.session) {
        says = "the function's value before every update";
    }
    says = seeds::meaning(frame).unwrap_or(says);
    // As high from the start as its highest control: else what comes later would stand lower.
    let row = vec2(ui.available_width(), panes::head_height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        panes::grip_ui(ui, frame, Pane::Curve);
        metric_ui(ui, frame);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let room = Room::of(ui.available_width() / frame.window.text_scale);
            ui.spacing_mut().item_spacing.x = 5.0;
            tools_ui(ui, frame, room);
            if room >= Room::All {
                robust_ui(ui, frame);
            }
            if room >= Room::More {
                let width = 150.0 * frame.window.text_scale;
                let size = vec2(width, ui.spacing().interact_size.y);
                ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
                    smooth_ui(ui, frame);
                });
            }
            if room >= Room::Ample {
                y_axis_ui(ui, frame);
                x_axis_ui(ui, frame);
            } else if room >= Room::Some {
                y_button(ui, frame);
                x_button(ui, frame);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                // Half a sentence says nothing.
                if text_width(ui, says, &small_style()) <= ui.available_width() {
                    let says = RichText::new(says).text_style(small_style());
                    ui.add(Label::new(says.color(tokens(ui).dim)).truncate());
                }
            });
        });
    });
}

/// Which metric is drawn.
fn metric_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let shown = frame.session.shown_measure();
    let text = RichText::new(shown.label).text_style(strong_style());
    let (response, _) = MenuButton::new((text, Icon::Down.atom(ui))).ui(ui, |ui| {
        let session = frame.session;
        for row in MEASURES.iter().filter(|row| session.lanes().iter().any(|l| row.fits(l))) {
            let on = row.metric == shown.metric;
            if ui.selectable_label(on, row.label).on_hover_text(row.meaning).clicked() {
                set_view(frame, "metric", &format!("{:?}", row.metric));
            }
        }
    });
    let enabled = ui.is_enabled();
    let name = format!("Metric: {}", shown.label);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
}

/// The letter of an axis and its switches, in this order also where a row is filled from the right.
fn of_axis(ui: &mut Ui, letter: &str, switches: impl FnOnce(&mut Ui)) {
    if ui.layout().prefer_right_to_left() {
        switches(ui);
        note(ui, letter);
    } else {
        note(ui, letter);
        switches(ui);
    }
}

/// What the x axis counts and how it is spread.
fn x_axis_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    of_axis(ui, "x", |ui| {
        if ui.layout().prefer_right_to_left() {
            x_scale_ui(ui, frame);
            x_unit_ui(ui, frame);
        } else {
            x_unit_ui(ui, frame);
            x_scale_ui(ui, frame);
        }
    });
}

const UNITS: [(XAxis, &str); 5] = [
    (XAxis::Step, "step"),
    (XAxis::Epoch, "epoch"),
    (XAxis::Samples, "rows"),
    (XAxis::Evaluations, "gradients"),
    (XAxis::Time, "time"),
];

fn x_unit_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    // A surface has neither rows nor passes over them.
    let has_rows = !on_surface(frame.session);
    let fits =
        |(axis, _): &(XAxis, &str)| has_rows || !matches!(axis, XAxis::Epoch | XAxis::Samples);
    let axes: Vec<_> = UNITS.into_iter().filter(fits).collect();
    if let Some(axis) = segmented(ui, "Horizontal axis", frame.session.view().x, &axes) {
        set_view(frame, "x", &format!("{axis:?}"));
    }
}

const SPREADS: [(bool, &str); 2] = [(false, "lin"), (true, "log")];

fn x_scale_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let log = frame.session.view().x_log;
    if let Some(log) = segmented(ui, "Horizontal scale", log, &SPREADS) {
        set_view(frame, "x_log", &log.to_string());
    }
}

/// How the y axis is spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Height {
    Linear,
    Log,
    Symlog,
}

const HEIGHTS: [(Height, &str); 3] =
    [(Height::Linear, "lin"), (Height::Log, "log"), (Height::Symlog, "symlog")];

impl Height {
    fn of(view: &ViewSpec) -> Self {
        match (view.y_symlog, view.y_log) {
            (true, _) => Self::Symlog,
            (false, true) => Self::Log,
            (false, false) => Self::Linear,
        }
    }
}

fn y_axis_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let view = frame.session.view();
    of_axis(ui, "y", |ui| {
        let chosen = segmented(ui, "Vertical scale", Height::of(view), &HEIGHTS);
        let Some(height) = chosen else { return };
        let mut edits = Vec::new();
        if height == Height::Symlog {
            edits.push(TextEdit::set("view.y_symlog", "true"));
        } else {
            edits.push(TextEdit::set("view.y_log", (height == Height::Log).to_string()));
            if view.y_symlog {
                edits.push(TextEdit::Remove { path: "view.y_symlog".to_owned() });
            }
        }
        frame.push(Action::Edit { edits, gesture: None });
    });
}

/// A button that says how an axis is spread, and opens what can be chosen.
fn axis_button(ui: &mut Ui, (name, text): (&str, &str), inside: impl FnOnce(&mut Ui)) {
    let (response, _) = MenuButton::new((text, Icon::Down.atom(ui))).ui(ui, inside);
    let enabled = ui.is_enabled();
    let name = format!("{name}: {text}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
}

fn x_button(ui: &mut Ui, frame: &mut Frame<'_>) {
    let view = frame.session.view();
    let unit = UNITS.iter().find(|(axis, _)| *axis == view.x).map_or("", |(_, name)| name);
    let text = if view.x_log { format!("x {unit} log") } else { format!("x {unit}") };
    axis_button(ui, ("Horizontal axis", &text), |ui| {
        ui.horizontal(|ui| x_unit_ui(ui, frame));
        ui.horizontal(|ui| x_scale_ui(ui, frame));
    });
}

fn y_button(ui: &mut Ui, frame: &mut Frame<'_>) {
    let height = Height::of(frame.session.view());
    let name = HEIGHTS.iter().find(|(other, _)| *other == height).map_or("", |(_, name)| name);
    axis_button(ui, ("Vertical axis", &format!("y {name}")), |ui| {
        ui.horizontal(|ui| y_axis_ui(ui, frame));
        robust_ui(ui, frame);
    });
}

/// Whether single outliers are left out of the scale.
fn robust_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let on = frame.session.view().robust;
    let name = "Robust range: few outliers do not set the scale, arrows show where they are";
    if toggle_chip(ui, on, "robust", name) {
        set_view(frame, "robust", &(!on).to_string());
    }
}

const HELP: &str = "How much of the past is in the bold curve: the weight w of a debiased moving \
    average, s = w·s + (1 − w)·x, over every number of the run. The faint curve is as measured. 0 is none.";

/// How smooth the bold curves are.
fn smooth_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let before = frame.session.view().smooth;
    let mut weight = before;
    let rail = Rail::new(Spread::OneMinus, 0.0, ViewSpec::SMOOTHEST);
    let over = frame.window.center.smoothing.over_means().map(|steps| {
        let (from, to) = (count(steps.start), count(steps.end));
        format!(
            "{HELP} Single losses from step {from} to {to} were given up for memory before they were \
             smoothed: there it is the average of their means."
        )
    });
    let knob = Knob::new("Curve smoothing", &mut weight, rail)
        .label("smooth")
        .widths(48.0, 46.0)
        .default_value(0.0)
        .help(over.as_deref().unwrap_or(HELP));
    let answer = knob.show(ui);
    if answer.changed {
        let edits = if weight > 0.0 {
            vec![TextEdit::set("view.smooth", format!("{weight:?}"))]
        } else if before > 0.0 {
            vec![TextEdit::Remove { path: "view.smooth".to_owned() }]
        } else {
            Vec::new()
        };
        frame.push(Action::Edit { edits, gesture: Some("smooth".to_owned()) });
    }
    if answer.gesture_end {
        frame.push(Action::EndGesture);
    }
}

fn note(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).text_style(small_style()).color(tokens(ui).dim));
}

/// What is not in the bar itself, in this order: the menu, following, the table.
fn tools_ui(ui: &mut Ui, frame: &mut Frame<'_>, room: Room) {
    MenuButton::from_button(Button::new(Icon::More.atom(ui)))
        .ui(ui, |ui| {
            // What fills its row would else fill the window's.
            let width = if room < Room::Some { 340.0 } else { 240.0 };
            ui.set_max_width(width * frame.window.text_scale);
            if room < Room::Some {
                ui.horizontal(|ui| x_axis_ui(ui, frame));
                ui.horizontal(|ui| y_axis_ui(ui, frame));
            }
            if matches!(room, Room::Tight | Room::Ample) {
                robust_ui(ui, frame);
            }
            if room < Room::More {
                smooth_ui(ui, frame);
            }
            seeds::menu_ui(ui, frame);
            if ui.button("Save picture…").clicked()
                && let Some(rect) = frame.window.center.curve_rect
            {
                frame.window.center.shoot(rect, "curves.png".to_owned());
            }
            let raw = "As they were measured, whatever is smoothed on the screen.";
            if ui.button("Save batch losses…").on_hover_text(raw).clicked() {
                frame.window.dialog = Some(Dialog::save(
                    frame.session,
                    FilePurpose::Export(Export::Batches),
                    "batches.csv",
                ));
            }
            if ui.button("Save epochs and evaluations…").on_hover_text(raw).clicked() {
                frame.window.dialog = Some(Dialog::save(
                    frame.session,
                    FilePurpose::Export(Export::Epochs),
                    "epochs.csv",
                ));
            }
            let ghosts = !frame.session.ghosts().is_empty();
            if ui.add_enabled(ghosts, Button::new("Forget earlier runs")).clicked() {
                frame.push(Action::ClearGhosts);
            }
            panes::entries_ui(ui, frame, Pane::Curve);
        })
        .0
        .accessible_name("Curve's menu")
        .on_hover_text("Save the picture or the numbers");
    let is_table = frame.window.center.table.is_shown;
    let says = "The numbers instead of the curves, readable by screen readers (T)";
    if icon_toggle(ui, is_table, Icon::Table, "Curves as a table").on_hover_text(says).clicked() {
        frame.window.center.table.is_shown = !is_table;
    }
    let follows = frame.window.center.plot.follows();
    if icon_toggle(ui, follows, Icon::Follow, "Follow")
        .on_hover_text("Follow the training (F)")
        .clicked()
    {
        frame.window.center.plot.set_follow(!follows);
    }
}
