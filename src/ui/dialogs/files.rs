//! Choosing a file to open or to write.

use std::path::{Path, PathBuf};

use eframe::egui::Context;

use crate::session::{Action, Export};

use super::super::file_dialog::{FileChoice, FileDialog, FileFilter};
use super::super::frame::Frame;
use super::table::TableForm;
use super::{Dialog, guard};

/// What the chosen file is for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ui) enum FilePurpose {
    /// An experiment to open.
    OpenExperiment,
    /// A table to preview.
    OpenTable,
    /// Where the experiment is written from now on.
    SaveExperiment,
    /// Where something on screen is written.
    Export(Export),
}

/// Choosing a file.
#[derive(Debug)]
pub(in crate::ui) struct FileForm {
    purpose: FilePurpose,
    dialog: FileDialog,
    /// What it was opened from and goes back to.
    from: Option<Dialog>,
}

impl FileForm {
    pub(super) fn open(purpose: FilePurpose, folder: &Path) -> Self {
        let (title, filters) = match purpose {
            FilePurpose::OpenTable => ("Open a table", vec![tables(), all()]),
            _ => ("Open an experiment", vec![experiments(), all()]),
        };
        Self { dialog: FileDialog::open(title, folder, filters), purpose, from: None }
    }

    pub(super) fn save(purpose: FilePurpose, folder: &Path, name: &str) -> Self {
        let (title, filters) = match &purpose {
            FilePurpose::Export(Export::Picture { .. }) => {
                ("Save the picture", vec![FileFilter::new("Pictures", &["png"])])
            }
            FilePurpose::Export(Export::Program) => {
                ("Save the program", vec![FileFilter::new("Python programs", &["py"])])
            }
            FilePurpose::Export(Export::Notebook) => {
                ("Save the notebook", vec![FileFilter::new("Notebooks", &["ipynb"])])
            }
            FilePurpose::Export(_) => ("Save the numbers", vec![tables()]),
            _ => ("Save the experiment", vec![experiments(), all()]),
        };
        Self { dialog: FileDialog::save(title, folder, name, filters), purpose, from: None }
    }

    /// The dialog that it was opened from, to go back to when it is done with.
    pub(super) fn take_from(&mut self) -> Option<Dialog> {
        self.from.take()
    }

    /// Goes back to `dialog` when it is done with.
    pub(super) fn opened_from(&mut self, dialog: Dialog) {
        self.from = Some(dialog);
    }

    /// Draws the dialog; true when it is done with.
    pub(super) fn show(&mut self, ctx: &Context, frame: &mut Frame<'_>) -> bool {
        match self.dialog.show(ctx) {
            None => false,
            Some(FileChoice::Closed) => true,
            Some(FileChoice::Chosen(path)) => {
                chosen(frame, &self.purpose, path);
                true
            }
        }
    }
}

fn experiments() -> FileFilter {
    FileFilter::new("Experiments", &["ron"])
}

fn tables() -> FileFilter {
    FileFilter::new("Tables", &["csv", "tsv", "txt"])
}

fn all() -> FileFilter {
    FileFilter::new("All files", &[])
}

/// Does what the file was chosen for; another dialog may open.
fn chosen(frame: &mut Frame<'_>, purpose: &FilePurpose, path: PathBuf) {
    match purpose {
        FilePurpose::OpenExperiment => guard(frame, Action::Open(path)),
        FilePurpose::OpenTable => {
            frame.push(Action::PreviewTable(path.clone()));
            frame.window.dialog = Some(Dialog::Table(TableForm::new(path)));
        }
        FilePurpose::SaveExperiment => frame.push(Action::SaveAs(path)),
        FilePurpose::Export(what) => frame.push(Action::Export(path, what.clone())),
    }
}
