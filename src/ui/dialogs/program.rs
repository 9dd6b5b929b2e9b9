//! A lane as a NumPy program: to read, to copy, to save.

use eframe::egui::{Label, RichText, ScrollArea, TextWrapMode, Ui, vec2};

use crate::script::Program;
use crate::session::{Export, LaneId};
use crate::ui::theme::{number_style, tokens};
use crate::ui::widgets::{Icon, button};

use super::super::frame::Frame;
use super::files::FilePurpose;
use super::forms::primary;
use super::{Dialog, Outcome, file_stem};

/// A program on screen: its text is made once.
#[derive(Debug)]
pub(in crate::ui) struct ProgramSheet {
    lane: LaneId,
    text: Option<String>,
}

impl ProgramSheet {
    pub(in crate::ui) fn new(lane: LaneId) -> Self {
        Self { lane, text: None }
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, frame: &Frame<'_>) -> Outcome {
        let screen = ui.ctx().content_rect();
        let size = vec2((screen.width() - 80.0).min(1000.0), screen.height() - 100.0);
        // Its size is the same from the first frame on, whatever has been written by then.
        ui.set_min_size(size);
        ui.set_max_size(size);
        let name = frame.session.lane(self.lane).map_or("This lane", |lane| lane.name());
        ui.heading(format!("{name} as a NumPy program"));
        let says = "The same data, start and updates in plain Python, with every knob you have turned; \
            losses and parameters agree to about ten digits.";
        ui.label(RichText::new(says).color(tokens(ui).dim));
        ui.add_space(6.0);
        let program = frame.session.program().filter(|program| program.lane == self.lane);
        let found = program.map(|program| &program.found);
        let below = ui.spacing().interact_size.y + 20.0;
        let height = ui.available_height() - below;
        ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
            ui.set_min_height(height);
            match found {
                None => {
                    ui.spinner();
                }
                Some(Err(message)) => {
                    ui.label(RichText::new(message).color(tokens(ui).bad));
                }
                Some(Ok(program)) => self.code_ui(ui, program),
            }
        });
        ui.add_space(8.0);
        self.buttons_ui(ui, frame, name)
    }

    fn code_ui(&mut self, ui: &mut Ui, program: &Program) {
        let text = self.text.get_or_insert_with(|| program.text());
        let lines: Vec<&str> = text.lines().collect();
        let colors = tokens(ui);
        let height = ui.text_style_height(&number_style());
        ui.spacing_mut().item_spacing.y = 2.0;
        let area = ScrollArea::both().id_salt("program").auto_shrink(false);
        area.show_rows(ui, height, lines.len(), |ui, shown| {
            ui.style_mut().wrap_mode = Some(TextWrapMode::Extend);
            for line in &lines[shown] {
                let is_comment = line.trim_start().starts_with('#');
                let color = if is_comment { colors.dim } else { colors.text };
                let words = RichText::new(*line).text_style(number_style()).color(color);
                ui.add(Label::new(words).selectable(true));
            }
        });
    }

    fn buttons_ui(&self, ui: &mut Ui, frame: &Frame<'_>, lane: &str) -> Outcome {
        let mut outcome = Outcome::Stay;
        ui.horizontal(|ui| {
            let stem = file_stem(&format!("{} {lane}", frame.session.shown_name()));
            let save = |what, ending| {
                let name = format!("{stem}.{ending}");
                Outcome::Next(Dialog::save(frame.session, FilePurpose::Export(what), &name))
            };
            ui.add_enabled_ui(self.text.is_some(), |ui| {
                if ui.add(primary(ui, "Save…")).clicked() {
                    outcome = save(Export::Program, "py");
                }
                if ui.button("Save as notebook…").clicked() {
                    outcome = save(Export::Notebook, "ipynb");
                }
                if button(ui, Some(Icon::Copy), "Copy").clicked()
                    && let Some(text) = &self.text
                {
                    ui.ctx().copy_text(text.clone());
                }
            });
            if ui.button("Close").clicked() {
                outcome = Outcome::Close;
            }
        });
        outcome
    }
}
