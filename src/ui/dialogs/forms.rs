//! Small forms: keep as a preset, rename and delete presets, the question before work is lost.

use eframe::egui::{RichText, ScrollArea, TextEdit as TextField, Ui, ViewportCommand};

use crate::session::{Action, Session};

use super::super::frame::Frame;
use super::super::theme::{heading_style, tokens};
use super::{Dialog, Outcome, Then};

/// Keeping the experiment as a preset: name and note.
#[derive(Debug)]
pub(in crate::ui) struct PresetForm {
    name: String,
    note: String,
}

impl PresetForm {
    pub(super) fn new(session: &Session) -> Self {
        Self { name: session.shown_name(), note: session.experiment().notes.clone() }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Outcome {
        ui.set_width(420.0);
        ui.heading("Save as preset");
        ui.label(
            RichText::new("Presets stand in the menu, and `downhill run NAME` runs them.")
                .color(tokens(ui).dim),
        );
        ui.add_space(8.0);
        let label = ui.label("Name");
        ui.add(TextField::singleline(&mut self.name).desired_width(f32::INFINITY))
            .labelled_by(label.id);
        let label = ui.label("Note: what to look at");
        ui.add(TextField::multiline(&mut self.note).desired_rows(4).desired_width(f32::INFINITY))
            .labelled_by(label.id);
        let name = self.name.trim().to_owned();
        let taken = frame.session.shelf().presets.iter().any(|p| p.own && p.name == name);
        let warning = if name.is_empty() {
            "A preset needs a name."
        } else if taken {
            "There is a preset of that name: saving replaces it."
        } else {
            ""
        };
        ui.label(RichText::new(warning).color(tokens(ui).warn));
        let mut outcome = Outcome::Stay;
        ui.horizontal(|ui| {
            let button = ui.add_enabled(!name.is_empty(), primary(ui, "Save preset"));
            if button.clicked() {
                let note = self.note.trim().to_owned();
                frame.push(Action::SavePreset { name, note, replace: taken });
                outcome = Outcome::Close;
            }
            if ui.button("Cancel").clicked() {
                outcome = Outcome::Close;
            }
        });
        outcome
    }
}

/// Renaming and deleting own presets.
#[derive(Debug, Default)]
pub(in crate::ui) struct PresetsForm {
    /// The preset being renamed, and its new name so far.
    renaming: Option<(String, String)>,
    /// The preset whose deletion is being asked about.
    deleting: Option<String>,
}

impl PresetsForm {
    pub(super) fn ui(&mut self, ui: &mut Ui, frame: &mut Frame<'_>) -> Outcome {
        ui.set_width(480.0);
        ui.heading("Your presets");
        ui.add_space(8.0);
        let own: Vec<_> = frame.session.shelf().presets.iter().filter(|p| p.own).collect();
        if own.is_empty() {
            ui.label(
                "You have none yet. “Save as preset…” in the menu keeps the experiment as one.",
            );
        }
        let mut action = None;
        ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
            for preset in own {
                ui.push_id(&preset.name, |ui| {
                    let row = self.row_ui(ui, &preset.name, preset.replaces_shipped);
                    action = action.take().or(row);
                });
            }
        });
        ui.add_space(8.0);
        if let Some(action) = action {
            frame.push(action);
        }
        if ui.button("Close").clicked() { Outcome::Close } else { Outcome::Stay }
    }

    fn row_ui(&mut self, ui: &mut Ui, name: &str, replaces_shipped: bool) -> Option<Action> {
        let mut action = None;
        ui.horizontal(|ui| match (&mut self.renaming, &self.deleting) {
            (Some((old, new)), _) if old == name => {
                let label = ui.label("New name");
                ui.add(TextField::singleline(new)).labelled_by(label.id);
                if ui.button("Rename").clicked() && !new.trim().is_empty() {
                    let to = new.trim().to_owned();
                    action = Some(Action::RenamePreset { from: name.to_owned(), to });
                }
                if ui.button("Keep").clicked() || action.is_some() {
                    self.renaming = None;
                }
            }
            (_, Some(doomed)) if doomed == name => {
                ui.label(format!("Delete “{name}”?"));
                if ui.button("Delete it").clicked() {
                    action = Some(Action::DeletePreset(name.to_owned()));
                }
                if ui.button("Keep it").clicked() || action.is_some() {
                    self.deleting = None;
                }
            }
            _ => {
                ui.label(name);
                if replaces_shipped {
                    ui.label(RichText::new("before the shipped one").color(tokens(ui).dim));
                }
                if ui.button("Rename…").clicked() {
                    self.renaming = Some((name.to_owned(), name.to_owned()));
                }
                let delete = if replaces_shipped { "Back to shipped…" } else { "Delete…" };
                if ui.button(delete).clicked() {
                    self.deleting = Some(name.to_owned());
                }
            }
        });
        action
    }
}

/// Unsaved work would be lost: what to do.
pub(super) fn unsaved_ui(ui: &mut Ui, frame: &mut Frame<'_>, then: &Then) -> Outcome {
    ui.set_width(420.0);
    ui.label(RichText::new("Save the changes first?").text_style(heading_style()));
    ui.add_space(4.0);
    ui.label(format!(
        "“{}” has changes that are not saved; they would be lost.",
        frame.session.shown_name()
    ));
    ui.add_space(12.0);
    let mut outcome = Outcome::Stay;
    ui.horizontal_wrapped(|ui| {
        if ui.add(primary(ui, "Save…")).clicked() {
            outcome = if frame.session.draft().path.is_some() {
                frame.push(Action::Save);
                Outcome::Close
            } else {
                Outcome::Next(Dialog::save_experiment(frame.session))
            };
        }
        if ui.button("Do not save").clicked() {
            match then {
                Then::Do(action) => frame.push(action.clone()),
                Then::Close => {
                    frame.window.may_close = true;
                    ui.ctx().send_viewport_cmd(ViewportCommand::Close);
                }
            }
            outcome = Outcome::Close;
        }
        if ui.button("Cancel").clicked() {
            outcome = Outcome::Close;
        }
    });
    outcome
}

/// The button that does what the dialog is for.
pub(super) fn primary<'a>(ui: &Ui, text: &str) -> eframe::egui::Button<'a> {
    let colors = tokens(ui);
    eframe::egui::Button::new(RichText::new(text).color(colors.on_accent)).fill(colors.accent)
}
