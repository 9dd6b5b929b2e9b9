//! The file dialog: used by role and name, by mouse and by keyboard, on a real folder.

use std::path::{Path, PathBuf};

use downhill::ui::file_dialog::{FileChoice, FileDialog, FileFilter};
use downhill::ui::theme;
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Ui};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use crate::gallery::paint;

struct State {
    dialog: FileDialog,
    choice: Option<FileChoice>,
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str| std::fs::write(folder.path().join(name), "x").expect("written");
    std::fs::create_dir(folder.path().join("inner")).expect("made");
    ["moons.ron", "blobs.ron", "table.csv", "inner/deep.ron"].into_iter().for_each(write);
    folder
}

fn ron() -> Vec<FileFilter> {
    vec![FileFilter::new("Experiments", &["ron"])]
}

fn harness(dialog: FileDialog) -> Harness<'static, State> {
    let state = State { dialog, choice: None };
    let mut harness = Harness::builder()
        .with_size([800.0, 560.0])
        .with_context_setup(|ctx| theme::install(ctx, 1.0))
        .build_ui_state(
            |ui: &mut Ui, state: &mut State| {
                if state.choice.is_none() {
                    state.choice = state.dialog.show(ui.ctx());
                }
            },
            state,
        );
    wait_for(&mut harness, |h| h.query_by_label("inner").is_some() || h.state().choice.is_some());
    harness
}

/// Steps until something is so: the disk is looked at on another thread.
fn wait_for(harness: &mut Harness<'_, State>, so: impl Fn(&Harness<'_, State>) -> bool) {
    for _ in 0..2000 {
        harness.step();
        if so(harness) {
            return;
        }
        std::thread::yield_now();
    }
    panic!("it never came to be");
}

fn chosen(harness: &mut Harness<'_, State>) -> PathBuf {
    wait_for(harness, |h| h.state().choice.is_some());
    match harness.state().choice.clone() {
        Some(FileChoice::Chosen(path)) => path,
        other => panic!("expected a file, got {other:?}"),
    }
}

fn open(folder: &Path) -> Harness<'static, State> {
    harness(FileDialog::open("Open experiment", folder, ron()))
}

#[test]
fn a_file_is_opened_by_mouse() {
    let folder = folder();
    let mut harness = open(folder.path());
    assert!(harness.query_by_label("table.csv").is_none(), "the filter hides it");
    harness.get_by_label("moons.ron").click();
    harness.step();
    harness.step();
    harness.get_by_role_and_label(Role::Button, "Open").click();
    assert_eq!(chosen(&mut harness), folder.path().join("moons.ron"));
}

#[test]
fn a_folder_is_entered_and_left_by_keyboard() {
    let folder = folder();
    let mut harness = open(folder.path());
    harness.get_by_label("inner").focus();
    harness.step();
    harness.key_press(Key::Enter);
    wait_for(&mut harness, |h| h.query_by_label("deep.ron").is_some());
    harness.get_by_label("Folder above").click();
    wait_for(&mut harness, |h| h.query_by_label("moons.ron").is_some());
    harness.get_by_label("blobs.ron").focus();
    harness.step();
    harness.key_press(Key::Enter);
    assert_eq!(chosen(&mut harness), folder.path().join("blobs.ron"));
}

#[test]
fn a_path_is_typed_and_a_wrong_one_is_told() {
    let folder = folder();
    let mut harness = open(folder.path());
    for (text, right) in [("nowhere.ron", false), ("inner/deep.ron", true)] {
        harness.get_by_role_and_label(Role::TextInput, "Path").focus();
        harness.step();
        harness.step();
        harness.get_by_role_and_label(Role::TextInput, "Path").type_text(text);
        harness.step();
        harness.key_press(Key::Enter);
        if !right {
            wait_for(&mut harness, |h| {
                h.query_by_label_contains("nowhere.ron does not exist").is_some()
            });
        }
    }
    assert_eq!(chosen(&mut harness), folder.path().join("inner/deep.ron"));
}

#[test]
fn saving_adds_the_extension_and_asks_before_it_replaces() {
    let folder = folder();
    let dialog = FileDialog::save("Save experiment", folder.path(), "new", ron());
    let mut harness = harness(dialog);
    harness.get_by_role_and_label(Role::Button, "Save").click();
    assert_eq!(chosen(&mut harness), folder.path().join("new.ron"));

    let dialog = FileDialog::save("Save experiment", folder.path(), "moons", ron());
    let mut harness = self::harness(dialog);
    harness.get_by_role_and_label(Role::Button, "Save").click();
    wait_for(&mut harness, |h| h.query_by_label_contains("Replace it?").is_some());
    harness.get_by_label("Keep it").click();
    harness.step();
    harness.step();
    assert!(harness.state().choice.is_none());
    harness.get_by_role_and_label(Role::Button, "Save").click();
    wait_for(&mut harness, |h| h.query_by_label_contains("Replace it?").is_some());
    harness.get_by_label("Replace").click();
    assert_eq!(chosen(&mut harness), folder.path().join("moons.ron"));
}

#[test]
fn escape_closes() {
    let folder = folder();
    let mut harness = open(folder.path());
    harness.key_press(Key::Escape);
    wait_for(&mut harness, |h| h.state().choice.is_some());
    assert_eq!(harness.state().choice, Some(FileChoice::Closed));
}

#[test]
fn picture() {
    let folder = folder();
    let mut dialog = FileDialog::save("Save experiment", folder.path(), "moons.ron", ron());
    let mut answers = Vec::new();
    paint("dialog", [800.0, 560.0], 1.0, |ui, _| {
        std::thread::yield_now();
        answers.extend(dialog.show(ui.ctx()));
    });
    assert!(answers.is_empty());
}
