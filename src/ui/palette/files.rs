//! Opening, saving, presets, numbers to files.

use crate::lesson::shipped_lessons;
use crate::session::{Action, Export, LessonAction, Session};
use crate::ui::shortcuts::KeyCommand;

use super::{Deed, Entry, WindowDeed};

pub(super) fn entries(session: &Session) -> Vec<Entry<'_>> {
    let mut all = vec![
        Entry::new("New experiment", Deed::Key(KeyCommand::New)).note("Blobs and two lanes."),
        Entry::new("Back to the file, for the next class", Deed::Key(KeyCommand::Revert))
            .note("All as it was opened or last saved: lanes, view, zoom.")
            .also("reset revert reload"),
        Entry::new("Open an experiment…", Deed::Key(KeyCommand::Open)).also("file"),
        Entry::window("Open a table…", WindowDeed::OpenTable).also("csv data file"),
        Entry::new("Save as…", Deed::Key(KeyCommand::SaveAs)).also("file write"),
        Entry::window("Save as preset…", WindowDeed::SavePreset).also("keep"),
        Entry::window("Your presets…", WindowDeed::Presets).also("rename delete"),
        Entry::new("Copy the experiment as text", Deed::Key(KeyCommand::Copy)).also("clipboard"),
        Entry::window("Save batch losses…", WindowDeed::Export(Export::Batches, "batches.csv"))
            .also("export csv"),
        Entry::window(
            "Save epochs and evaluations…",
            WindowDeed::Export(Export::Epochs, "epochs.csv"),
        )
        .also("export csv"),
    ];
    if session.draft().path.is_some() {
        all.insert(4, Entry::act("Save", Action::Save).also("file write"));
    }
    for lane in session.lanes() {
        let (what, name, title) = if lane.train_rows() > 0 {
            (Export::Outputs(lane.id), "outputs.csv", "outputs")
        } else {
            (Export::Trail(lane.id), "path.csv", "path")
        };
        let title = format!("Save the {title} of {}…", lane.name());
        all.push(Entry::window(title, WindowDeed::Export(what, name)).also("export csv"));
    }
    for preset in &session.shelf().presets {
        let open = Deed::Replace(Action::OpenPreset(preset.name.clone()));
        all.push(Entry::new(format!("Open preset: {}", preset.title), open).note(&*preset.notes));
    }
    all.extend(lessons(session));
    for path in &session.shelf().recent {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let open = Deed::Replace(Action::Open(path.clone()));
        let entry = Entry::new(format!("Open {name}"), open).also("recent file");
        all.push(entry.note(path.display().to_string()));
    }
    all
}

/// Lessons to begin, and to leave.
fn lessons(session: &Session) -> Vec<Entry<'_>> {
    let open = |name: &str| Deed::Replace(Action::Lesson(LessonAction::Open(name.to_owned())));
    let mut all: Vec<Entry<'_>> = shipped_lessons()
        .iter()
        .map(|lesson| {
            // Its name is its title's, with underscores.
            let title = lesson.name.replace('_', " ");
            Entry::new(format!("Take lesson: {title}"), open(lesson.name))
                .also("learn teach course")
        })
        .collect();
    if session.lesson().is_some() {
        let leave = Action::Lesson(LessonAction::Leave);
        all.push(Entry::act("Leave the lesson", leave).also("unlock free"));
    }
    all
}
