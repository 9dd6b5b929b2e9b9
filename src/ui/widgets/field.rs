//! A row of a form: label left, field right, what is wrong with it below.

use eframe::egui::{
    Align, InnerResponse, Label, Layout, Rect, RichText, Sense, Stroke, Ui, UiBuilder, Vec2, pos2,
    vec2,
};

use super::icon::Icon;
use crate::ui::theme::{small_style, tokens};

/// A row of a form.
#[derive(Debug, Clone, Copy)]
pub struct FieldRow<'a> {
    label: &'a str,
    help: &'a str,
    field_width: f32,
    problem: Option<&'a str>,
    note: Option<&'a str>,
}

impl<'a> FieldRow<'a> {
    /// A row with this label.
    pub fn new(label: &'a str) -> Self {
        Self { label, help: "", field_width: 120.0, problem: None, note: None }
    }

    /// What the field means, shown when the pointer rests on the label.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = help;
        self
    }

    /// Room for the field, in points at 100 % text.
    pub fn field_width(mut self, width: f32) -> Self {
        self.field_width = width;
        self
    }

    /// What is wrong with the value.
    pub fn problem(mut self, problem: Option<&'a str>) -> Self {
        self.problem = problem;
        self
    }

    /// What to know about the value: "applies on Reset".
    pub fn note(mut self, note: Option<&'a str>) -> Self {
        self.note = note;
        self
    }

    /// Draws the row over the width there is; `add` draws the field, from the right, and what it
    /// adds is named by the label. The response is the label's.
    pub fn show<R>(self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
        let height = ui.spacing().interact_size.y;
        let width = ui.available_width();
        let (row, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        let field = (self.field_width * height / 24.0).min(width * 0.65);
        let split = row.right() - field;
        let label_rect = Rect::from_min_max(row.min, pos2(split - 4.0, row.bottom()));
        let field_rect = Rect::from_min_max(pos2(split, row.top()), row.max);
        let t = tokens(ui);
        let text = RichText::new(self.label).color(t.dim);
        let place = |rect, layout| UiBuilder::new().max_rect(rect).layout(layout);
        let label = ui
            .scope_builder(place(label_rect, Layout::left_to_right(Align::Center)), |ui| {
                ui.add(Label::new(text).truncate())
            })
            .inner;
        let inner = ui
            .scope_builder(place(field_rect, Layout::right_to_left(Align::Center)), |ui| {
                if self.problem.is_some() {
                    let widgets = &mut ui.visuals_mut().widgets;
                    for look in [&mut widgets.inactive, &mut widgets.hovered] {
                        look.bg_stroke = Stroke::new(1.0, t.bad);
                    }
                }
                ui.label_inputs_by(label.id, add)
            })
            .inner;
        if let Some(problem) = self.problem {
            problem_ui(ui, problem);
        }
        if let Some(note) = self.note {
            let note = RichText::new(note).text_style(small_style()).color(t.faint);
            ui.add(Label::new(note).wrap());
        }
        let label = if self.help.is_empty() { label } else { label.on_hover_text(self.help) };
        InnerResponse::new(inner, label)
    }
}

/// What is wrong, in words, with a sign before them.
pub fn problem_ui(ui: &mut Ui, problem: &str) {
    let t = tokens(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let side = (ui.text_style_height(&small_style()) * 0.85).round();
        let (rect, _) = ui.allocate_exact_size(vec2(side, side + 2.0), Sense::hover());
        let square = Rect::from_center_size(rect.center() + vec2(0.0, 1.0), Vec2::splat(side));
        Icon::Warning.paint(ui.painter(), square, t.bad);
        let text = RichText::new(problem).text_style(small_style()).color(t.bad);
        ui.add(Label::new(text).wrap());
    });
}
