//! What stands in front of the panels: choosing files, presets, the question before work is lost,
//! help. At most one at a time; Esc closes it; it does nothing until its button is pressed.

mod branches;
mod cards;
mod files;
mod forms;
mod help;
mod lineage;
mod program;
mod table;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use eframe::egui::{Context, Frame as EguiFrame, Id, Modal, Ui, ViewportCommand};

use crate::session::{Action, LaneId, Session};

use super::frame::Frame;
use super::instruments::Instruments;
use super::palette::Palette;
use super::theme::tokens_of;

pub(super) use cards::CardsSheet;
use files::FileForm;
pub(super) use files::FilePurpose;
use forms::{PresetForm, PresetsForm};
pub(super) use program::ProgramSheet;
use table::TableForm;

/// The dialog on screen.
#[derive(Debug)]
pub(super) enum Dialog {
    /// Choosing a file to open or to write.
    File(Box<FileForm>),
    /// A table's preview, and the choice of its target.
    Table(TableForm),
    /// Keeping the experiment as a preset.
    Preset(PresetForm),
    /// Renaming and deleting own presets.
    Presets(PresetsForm),
    /// Unsaved work would be lost: what to do after the answer.
    Unsaved(Then),
    /// The reference cards.
    Cards(Box<CardsSheet>),
    /// A lane as a NumPy program.
    Program(ProgramSheet),
    /// The command palette.
    Palette(Box<Palette>),
    /// Keys and answers.
    Help,
    /// Where a lane's line comes from.
    Line(LaneId),
    /// What a fork has of its parent.
    Lineage(LaneId),
    /// The branches of a lane's past, and its forks.
    Branches(LaneId),
}

/// What follows once unsaved work is given up.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Then {
    /// Another experiment.
    Do(Action),
    /// The end.
    Close,
}

/// What a dialog asks the window to do about itself.
enum Outcome {
    Stay,
    Close,
    Next(Dialog),
}

impl Dialog {
    /// Choosing an experiment file to open.
    pub(super) fn open_experiment(session: &Session) -> Self {
        Self::File(Box::new(FileForm::open(FilePurpose::OpenExperiment, &folder(session))))
    }

    /// Choosing a table to open.
    pub(super) fn open_table(session: &Session) -> Self {
        Self::File(Box::new(FileForm::open(FilePurpose::OpenTable, &folder(session))))
    }

    /// Choosing where to write the experiment.
    pub(super) fn save_experiment(session: &Session) -> Self {
        let name = format!("{}.ron", file_stem(&session.shown_name()));
        Self::save(session, FilePurpose::SaveExperiment, &name)
    }

    /// Choosing where to write something else.
    pub(super) fn save(session: &Session, purpose: FilePurpose, name: &str) -> Self {
        Self::File(Box::new(FileForm::save(purpose, &folder(session), name)))
    }

    /// Keeping the experiment as a preset.
    pub(super) fn save_preset(session: &Session) -> Self {
        Self::Preset(PresetForm::new(session))
    }

    /// Renaming and deleting own presets.
    pub(super) fn presets() -> Self {
        Self::Presets(PresetsForm::default())
    }
}

/// Where a dialog begins: beside the experiment's file, else the last one opened, else here.
fn folder(session: &Session) -> PathBuf {
    let file = session.draft().path.as_ref().or(session.shelf().recent.first());
    let beside = file.and_then(|f| f.parent()).filter(|p| !p.as_os_str().is_empty());
    beside.map_or_else(|| std::env::current_dir().unwrap_or_default(), Path::to_path_buf)
}

/// A name as part of a file's name: lower case, words joined by underscores.
pub(super) fn file_stem(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let stem = plain.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase();
    if stem.is_empty() { "experiment".to_owned() } else { stem }
}

/// Replaces the experiment, after asking if something would be lost.
pub(super) fn guard(frame: &mut Frame<'_>, action: Action) {
    if frame.session.has_unsaved() {
        frame.window.dialog = Some(Dialog::Unsaved(Then::Do(action)));
    } else {
        frame.push(action);
    }
}

/// Holds the window open while unsaved work is asked about.
pub(super) fn hold_back_closing(ctx: &Context, frame: &mut Frame<'_>) {
    let closing = ctx.input(|i| i.viewport().close_requested());
    if closing && frame.session.has_unsaved() && !frame.window.may_close {
        ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        frame.window.dialog = Some(Dialog::Unsaved(Then::Close));
    }
}

/// Takes experiment files and tables dropped on the window.
pub(super) fn take_drops(ctx: &Context, frame: &mut Frame<'_>) {
    let dropped = ctx.input(|i| i.raw.dropped_files.clone());
    let Some(path) = dropped.first().map(|file| file.path().to_path_buf()) else { return };
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
    if matches!(ending.as_str(), "csv" | "tsv" | "txt") {
        frame.push(Action::PreviewTable(path.clone()));
        frame.window.dialog = Some(Dialog::Table(TableForm::new(path)));
    } else {
        guard(frame, Action::Open(path));
    }
}

/// Draws the dialog, if one is open.
pub(super) fn ui(ctx: &Context, frame: &mut Frame<'_>) {
    let Some(mut dialog) = frame.window.dialog.take() else { return };
    if let Dialog::Palette(palette) = &mut dialog {
        let is_done = palette.show(ctx, frame);
        // What was chosen may have opened another dialog.
        if !is_done && frame.window.dialog.is_none() {
            frame.window.dialog = Some(dialog);
        }
        return;
    }
    if let Dialog::File(form) = &mut dialog {
        let next = if form.show(ctx, frame) { form.take_from() } else { Some(dialog) };
        if frame.window.dialog.is_none() {
            frame.window.dialog = next;
        }
        return;
    }
    let veil = tokens_of(frame.window.theme).veil;
    let panel = EguiFrame::popup(&ctx.global_style()).inner_margin(16);
    let modal = Modal::new(Id::unique("dialog")).frame(panel).backdrop_color(veil);
    let shown = modal.show(ctx, |ui| dialog_ui(ui, frame, &mut dialog));
    // A form is not put away by a click that missed it.
    let reads_only = matches!(
        dialog,
        Dialog::Help
            | Dialog::Line(_)
            | Dialog::Lineage(_)
            | Dialog::Branches(_)
            | Dialog::Cards(_)
            | Dialog::Program(_)
    );
    let dismissed = shown.should_close() && (reads_only || !shown.backdrop_response.clicked());
    let on_bench = matches!(dialog, Dialog::Cards(_));
    let next = match shown.inner {
        // What is read is still there when the file is chosen, or not chosen.
        Outcome::Next(Dialog::File(mut form)) if reads_only => {
            form.opened_from(dialog);
            Some(Dialog::File(form))
        }
        Outcome::Next(next) => Some(next),
        Outcome::Close => None,
        Outcome::Stay if dismissed => None,
        Outcome::Stay => Some(dialog),
    };
    if on_bench && next.is_none() {
        // A card examines lanes, too; the instruments go on with theirs.
        let subject = frame.window.instruments.as_ref().map(Instruments::lane);
        frame.push(Action::PutOnBench(subject));
    }
    // A dialog may have opened another while it was drawn.
    if frame.window.dialog.is_none() {
        frame.window.dialog = next;
    }
}

fn dialog_ui(ui: &mut Ui, frame: &mut Frame<'_>, dialog: &mut Dialog) -> Outcome {
    match dialog {
        // They bring windows of their own.
        Dialog::File(_) | Dialog::Palette(_) => Outcome::Stay,
        Dialog::Table(form) => form.ui(ui, frame),
        Dialog::Preset(form) => form.ui(ui, frame),
        Dialog::Presets(form) => form.ui(ui, frame),
        Dialog::Unsaved(then) => forms::unsaved_ui(ui, frame, then),
        Dialog::Cards(sheet) => sheet.ui(ui, frame),
        Dialog::Program(sheet) => sheet.ui(ui, frame),
        Dialog::Help => help::sheet_ui(ui),
        Dialog::Line(lane) => help::line_ui(ui, frame, *lane),
        Dialog::Lineage(lane) => lineage::ui(ui, frame, *lane),
        Dialog::Branches(lane) => branches::ui(ui, frame, *lane),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_file_names() {
        assert_eq!(file_stem("Four ways / down!"), "four_ways_down");
        assert_eq!(file_stem("…"), "experiment");
    }
}
