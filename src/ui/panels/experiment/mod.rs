//! The left panel: the experiment that all lanes share, every part of it editable.
//!
//! One file a section, from top to bottom: what it is called, what is minimised (data, model and
//! loss, or a surface), training, stop rules. Everything changes through the experiment's text;
//! this panel owns what is being typed and which folds are open, no more.

mod classes;
mod data;
mod layers;
mod model;
mod stop;
mod surface;
mod task;
mod training;

pub(super) use layers::layers_ui;
pub(super) use training::{SHUFFLES, batch_size_literal, batch_size_text};

use std::time::Duration;

use eframe::egui::{ScrollArea, TextStyle, Ui};

use super::editor::{Buffers, Editor};
use super::fields::{Look, note_ui, problems_ui, typed_ui};
use super::section::{heading_ui, margin, rule_ui, scroll_ui};
use crate::experiment::{Experiment, Task};
use crate::session::Session;
use crate::ui::frame::Frame;

/// How many lines of the notes are shown at a time, at least and at most.
const NOTE_LINES: (f32, f32) = (3.0, 12.0);
/// Which part of the window's height they may take.
const NOTES_PART: f32 = 0.14;
/// What stands above the first line of a field for typing.
const TEXT_MARGIN: f32 = 3.0;

/// What the experiment panel keeps between frames.
#[derive(Debug, Default)]
pub(in crate::ui) struct ExperimentPanelState {
    buffers: Buffers,
    /// The task of the other kind, as it read when it was left.
    other_task: Option<String>,
    /// Whether points are painted with the mouse, and of which class.
    paint: Option<usize>,
    /// Whether the seeds of their own are unfolded.
    more_seeds: bool,
}

impl ExperimentPanelState {
    /// The class of the points that a click on a picture of the data paints, while painting is on.
    pub(in crate::ui) fn painted_class(&self) -> Option<usize> {
        self.paint
    }
}

/// What a section draws from and writes to.
struct Parts<'a, 'b> {
    session: &'a Session,
    experiment: &'a Experiment,
    editor: &'b mut Editor<'a>,
    paint: &'b mut Option<usize>,
    other_task: &'b mut Option<String>,
    more_seeds: &'b mut bool,
    open_table: bool,
}

/// The experiment panel.
pub(in crate::ui) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    margin().show(ui, |ui| panel_ui(ui, frame));
}

fn panel_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let session = frame.session;
    let ExperimentPanelState { buffers, other_task, paint, more_seeds } =
        &mut frame.window.experiment;
    let mut editor = Editor::new(session, buffers, &mut frame.actions);
    let mut parts = Parts {
        session,
        experiment: session.experiment(),
        editor: &mut editor,
        paint,
        other_task,
        more_seeds,
        open_table: false,
    };
    let stale = session.needs_reset();
    let right = if stale { "changed: applies on Reset" } else { "shared by all lanes" };
    heading_ui(ui, "Experiment", right, stale);
    scroll_ui(ui, "experiment", |ui| {
        name_ui(ui, &mut parts);
        task::ui(ui, &mut parts);
        rule_ui(ui);
        match &parts.experiment.task {
            Task::Learn(learn) => {
                data::ui(ui, &mut parts, learn);
                rule_ui(ui);
                model::ui(ui, &mut parts, learn);
                rule_ui(ui);
                model::loss_ui(ui, &mut parts, learn);
            }
            Task::Surface(surface) => surface::ui(ui, &mut parts, surface),
        }
        rule_ui(ui);
        training::ui(ui, &mut parts);
        rule_ui(ui);
        stop::ui(ui, &mut parts);
        remaining_ui(ui, &parts);
    });
    if parts.open_table {
        super::open_table_dialog(frame);
    }
}

fn name_ui(ui: &mut Ui, parts: &mut Parts<'_, '_>) {
    text_ui(ui, parts, ("name", "Name"), &parts.experiment.name, 1);
    notes_ui(ui, parts);
}

/// Notes can be long: they scroll in a box of their own, which shows whole lines.
fn notes_ui(ui: &mut Ui, parts: &mut Parts<'_, '_>) {
    let font = TextStyle::Body.resolve(ui.style());
    let line = ui.fonts_mut(|fonts| fonts.row_height(&font));
    // A part of the panel, so that the data below stay in sight.
    let part = (ui.ctx().content_rect().height() * NOTES_PART / line).floor();
    let height = TEXT_MARGIN + line * part.clamp(NOTE_LINES.0, NOTE_LINES.1);
    // Where the wheel has stopped between two lines, the nearer one comes to the top.
    let nearer = ui.scope_id().with("nearer line");
    let mut scroll = ScrollArea::vertical().id_salt("notes").max_height(height);
    if let Some(to) = ui.data_mut(|data| data.remove_temp::<f32>(nearer)) {
        scroll = scroll.vertical_scroll_offset(to);
    }
    let shown = scroll.show(ui, |ui| {
        text_ui(ui, parts, ("notes", "Notes"), &parts.experiment.notes, 2);
    });
    let is_moved = ui.input(|input| {
        input.smooth_scroll_delta() != eframe::egui::Vec2::ZERO || input.pointer.any_down()
    });
    let at = shown.state.clamped_offset().y;
    let whole = (at / line).round() * line;
    if !is_moved && (whole - at).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(nearer, whole));
        ui.ctx().request_repaint_after(Duration::ZERO);
    }
}

fn text_ui(
    ui: &mut Ui,
    parts: &mut Parts<'_, '_>,
    (path, name): (&str, &str),
    current: &str,
    lines: usize,
) {
    let problems = parts.editor.problems_at(path);
    let look =
        Look { width: ui.available_width(), is_number: false, lines, is_bad: !problems.is_empty() };
    let quoted = |text: &str| Ok(format!("{text:?}"));
    let typed = typed_ui(ui, parts.editor.buffers, (path, name), current, look, &quoted);
    let says = if lines == 1 {
        "What the experiment is called, in the menu and on the window."
    } else {
        "What to look at: whoever opens the experiment reads this first."
    };
    typed.response.clone().on_hover_text(says);
    if let Some(value) = typed.value {
        parts.editor.set_while(path, value);
    }
    if typed.ended {
        parts.editor.end_gesture();
    }
    problems_ui(ui, &problems);
}

/// Problems that no field above has shown and no lane's card will.
fn remaining_ui(ui: &mut Ui, parts: &Parts<'_, '_>) {
    let left = parts.editor.problems_left("");
    let left: Vec<_> = left.into_iter().filter(|p| !p.path.starts_with("lanes[")).collect();
    if !left.is_empty() {
        rule_ui(ui);
        note_ui(ui, "What else is wrong:");
        problems_ui(ui, &left);
    }
}
