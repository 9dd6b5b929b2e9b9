//! Opening, saving, presets: everything of the session that touches files. Reading and writing run
//! on workers; presets are small and kept by the library.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::experiment::{Problem, TextEdit};

use super::library::{Existing, Library, LibraryError, with_absolute_tables};
use super::workbench::{NoticeKind, Session};
use super::{Action, Draft, Lane, Shelf};

/// What *New* starts from.
const BLANK: &str = r#"(
    version: 1,
    name: "New experiment",
    task: Learn(
        data: Blobs(samples: 200, features: 2, centers: 2, std: 1.5, seed: 1),
        held_out: (fraction: 0.25, seed: 42),
        loss: CrossEntropy,
    ),
    training: (epochs: 100, batch_size: 32, seed: 1),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.05)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
    view: (pace: 60.0),
)
"#;

impl Session {
    pub(super) fn apply_to_files(&mut self, action: Action) {
        match action {
            Action::New => self.open_text(BLANK.to_owned(), None, "The new experiment"),
            Action::Revert => self.revert(),
            Action::Open(path) => {
                if let Err(error) = self.jobs.read(path) {
                    self.notify(NoticeKind::Failed, format!("no thread could be started: {error}"));
                }
            }
            Action::OpenPreset(name) => self.open_preset(&name),
            Action::OpenText(text) => {
                self.open_text(text, None, "The text");
                self.draft.mark_unsaved();
            }
            Action::OpenTable { path, target, classes } => {
                self.open_table(&path, &target, classes);
            }
            Action::PreviewTable(path) => self.preview_table(path),
            Action::Export(path, what) => self.export(path, what),
            Action::WriteProgram(lane) => self.write_program(lane),
            Action::Save => match self.draft.path.clone() {
                Some(path) => self.save_to(path),
                None => self.notify(NoticeKind::Failed, "It has no file yet: choose Save as…"),
            },
            Action::SaveAs(path) => self.save_to(path),
            Action::SavePreset { name, note, replace } => self.save_preset(name, note, replace),
            Action::RenamePreset { from, to } => {
                let done = format!("The preset is now called “{to}”.");
                self.shelve(Some(done), move |library| library.rename_preset(&from, &to));
            }
            Action::DeletePreset(name) => {
                let done = format!("The preset “{name}” was deleted.");
                self.shelve(Some(done), move |library| library.delete_preset(&name));
            }
            Action::Remember(settings) => {
                self.shelve(None, move |library| library.set_settings(&settings));
            }
            // Everything else is routed by `apply`.
            _ => {}
        }
    }

    /// Changes what the library keeps, on a worker.
    fn shelve(
        &mut self,
        done: Option<String>,
        change: impl FnOnce(&Library) -> Result<(), LibraryError> + Send + 'static,
    ) {
        if let Err(error) = self.jobs.shelve(self.library.clone(), done, change) {
            self.notify(NoticeKind::Failed, format!("no thread could be started: {error}"));
        }
    }

    pub(super) fn take_shelved(&mut self, shelf: Shelf, result: Result<Option<String>, String>) {
        self.shelf = shelf;
        match result {
            Ok(Some(done)) => self.notify(NoticeKind::Done, done),
            Ok(None) => {}
            Err(message) => self.notify(NoticeKind::Failed, message),
        }
    }

    pub(super) fn open_text(&mut self, text: String, path: Option<PathBuf>, what: &str) {
        match Draft::open(text, path) {
            Ok(draft) => {
                self.draft = draft;
                self.lesson = None;
                self.undo.clear();
                self.timeline.forget();
                self.ghosts.clear();
                self.attic.clear();
                self.earlier = None;
                self.lanes.clear();
                self.refused = None;
                self.running = false;
                self.run_when_ready = false;
                self.fresh_ids();
                self.rebuild_all();
            }
            Err(problems) => self.notify(NoticeKind::Failed, summary(what, &problems)),
        }
    }

    /// The experiment as it was opened or last saved; a lesson from its beginning.
    fn revert(&mut self) {
        if self.lesson.is_some() {
            return self.restart_lesson();
        }
        let (text, path) = (self.draft.as_opened().to_owned(), self.draft.path.clone());
        self.open_text(text, path, "The experiment");
    }

    fn open_preset(&mut self, name: &str) {
        match self.library.find(OsStr::new(name)) {
            Ok(found) => self.open_text(found.text, None, &format!("The preset “{name}”")),
            Err(error) => self.notify(NoticeKind::Failed, error.to_string()),
        }
    }

    fn open_table(&mut self, path: &Path, target: &str, classes: bool) {
        let Some(shown) = path.to_str() else {
            let text = "The table's path is no valid text; move it to a folder with a plain name.";
            return self.notify(NoticeKind::Failed, text);
        };
        let name = path.file_stem().map_or_else(|| shown.into(), |s| s.to_string_lossy());
        let text = table_experiment(&name, shown, target, classes);
        self.open_text(text, None, "The table");
        self.draft.mark_unsaved();
    }

    pub(super) fn take_read(&mut self, path: &Path, text: Result<String, String>) {
        match text {
            Err(message) => self.notify(NoticeKind::Failed, message),
            Ok(text) => {
                let what = path.display().to_string();
                self.open_text(text, Some(path.to_path_buf()), &what);
                if self.draft.path.as_deref() == Some(path) {
                    self.remember(path);
                }
            }
        }
    }

    /// Writes the text with the knobs turned by hand as its `edits`.
    fn save_to(&mut self, path: PathBuf) {
        self.keep_live_edits();
        let text = self.draft.text().to_owned();
        if let Err(error) = self.jobs.write(path, text) {
            self.notify(NoticeKind::Failed, format!("no thread could be started: {error}"));
        }
    }

    /// Moves the knobs turned by hand into the text: from now on the file orders them.
    fn keep_live_edits(&mut self) {
        let edits = self.edits_of_turned_knobs();
        if edits.is_empty() {
            return;
        }
        let runs = self.up_to_date();
        match self.draft.edit(&edits) {
            Ok(()) => {
                self.adopt_length(&runs);
                self.sync_written();
            }
            Err(problem) => self.notify(NoticeKind::Failed, problem.message),
        }
    }

    /// What the text lacks of what was turned by hand.
    pub(super) fn edits_of_turned_knobs(&self) -> Vec<TextEdit> {
        let lanes: Vec<&Lane> = self.lanes.iter().collect();
        self.edits_of(&lanes)
    }

    /// The same of these lanes.
    pub(super) fn edits_of(&self, lanes: &[&Lane]) -> Vec<TextEdit> {
        self.orders(self.live_edits(lanes), lanes)
    }

    /// Lines at the end of the file's list of edits, and a plan that reaches as far as these lanes.
    pub(super) fn orders(&self, lines: Vec<String>, lanes: &[&Lane]) -> Vec<TextEdit> {
        let at = self.draft.experiment().edits.len();
        let edits: Vec<TextEdit> = if at == 0 && !lines.is_empty() {
            let value = match lines.as_slice() {
                [line] => format!("[{line}]"),
                lines => format!("[\n        {},\n    ]", lines.join(",\n        ")),
            };
            vec![TextEdit::Set { path: "edits".to_owned(), value }]
        } else {
            let insert =
                |(i, value)| TextEdit::Insert { path: "edits".to_owned(), index: at + i, value };
            lines.into_iter().enumerate().map(insert).collect()
        };
        if edits.is_empty() {
            return edits;
        }
        self.lengthened_plan(lanes).into_iter().chain(edits).collect()
    }

    /// A knob may have been turned after the planned end, once training went on: then the file plans
    /// as many steps as the run has now, so that it still plays the same run.
    pub(super) fn lengthened_plan(&self, lanes: &[&Lane]) -> Vec<TextEdit> {
        let turned = |lane: &Lane| {
            let acting = lane.changes.iter().filter(|change| lane.acts(change));
            acting.map(|change| change.step).max().unwrap_or(0)
        };
        let beyond = lanes.iter().any(|l| l.first_plan.is_some_and(|plan| turned(l) >= plan));
        let steps = lanes.iter().filter_map(|l| l.status.planned_steps).max();
        match steps {
            Some(steps) if beyond => {
                let by_epochs = self.experiment().training.epochs.is_some();
                let remove = by_epochs.then(|| TextEdit::remove("training.epochs"));
                let set = TextEdit::set("training.steps", steps.to_string());
                remove.into_iter().chain([set]).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn take_written(&mut self, path: PathBuf, text: &str, result: Result<(), String>) {
        if let Err(message) = result {
            let text = format!("{} could not be saved: {message}", path.display());
            return self.notify(NoticeKind::Failed, text);
        }
        self.notify(NoticeKind::Done, format!("Saved {}.", path.display()));
        self.draft.mark_saved_as(text);
        self.remember(&path);
        self.draft.path = Some(path);
    }

    fn remember(&mut self, path: &Path) {
        let path = path.to_path_buf();
        self.shelve(None, move |library| library.add_recent(&path));
    }

    fn save_preset(&mut self, name: String, note: String, replace: bool) {
        self.keep_live_edits();
        // Kept in another folder, the experiment must still find its table.
        let folder = self.draft.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        let text = with_absolute_tables(self.draft.text(), folder);
        let existing = if replace { Existing::Replace } else { Existing::Keep };
        let done = format!("Kept as the preset “{name}”.");
        self.shelve(Some(done), move |library| {
            library.save_preset(&name, &note, &text, existing).map(|_path| ())
        });
    }
}

/// An experiment on a table: small network, scaled features, a quarter held out.
fn table_experiment(name: &str, path: &str, target: &str, classes: bool) -> String {
    let loss = if classes { "CrossEntropy" } else { "MeanSquaredError" };
    let kind = if classes { "Classes" } else { "Values" };
    // Numbers to predict come in any size, and so do their gradients: clipping keeps plain steps
    // from flying off at the first batch.
    let (clip, adam) = if classes { ("", "0.005") } else { (", clip: Norm(10.0)", "0.05") };
    format!(
        r#"(
    version: 1,
    name: {name:?},
    task: Learn(
        data: Csv(path: {path:?}, target: {target:?}, kind: {kind}),
        scale: Standard,
        held_out: (fraction: 0.25, seed: 42),
        model: (hidden: [Dense(units: 16, activation: Relu)]),
        loss: {loss},
    ),
    training: (epochs: 100, batch_size: 32, seed: 1),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.05){clip}),
        (name: "Momentum", optimizer: Sgd(learning_rate: 0.01, momentum: 0.9){clip}),
        (name: "Adam", optimizer: Adam(learning_rate: {adam})),
    ],
    view: (y_log: true),
)
"#
    )
}

fn summary(what: &str, problems: &[Problem]) -> String {
    let Some(first) = problems.first() else { return format!("{what} cannot be opened.") };
    let place = first.place.map_or_else(String::new, |p| format!(" line {}:", p.line));
    let more = match problems.len() {
        1 => String::new(),
        n => format!(" ({} more)", n - 1),
    };
    format!("{what} was not opened:{place} {}{more}", first.message)
}
