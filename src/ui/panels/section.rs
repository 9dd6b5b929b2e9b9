//! What both side panels are set in: headings of panels and sections, rules between them, chips.

use eframe::egui::{
    Align, Frame, Label, Layout, Margin, Response, RichText, ScrollArea, Sense, Ui, vec2,
};

use super::fields::text_width;
use crate::ui::theme::{caption_style, small_style, tokens};

/// What lies between a panel's edge and what stands in it.
pub(super) fn margin() -> Frame {
    Frame::new().inner_margin(Margin { left: 12, right: 4, top: 4, bottom: 0 })
}

/// The heading of a panel, with a word on its right; `is_marked` where the word wants to be read.
pub(super) fn heading_ui(ui: &mut Ui, text: &str, right: &str, is_marked: bool) {
    let tokens = tokens(ui);
    let color = if is_marked { tokens.warn } else { tokens.dim };
    caption_row_ui(ui, RichText::new(text.to_uppercase()).color(tokens.dim), text, |ui| {
        ui.add_space(BAR);
        ui.add(Label::new(RichText::new(right).text_style(small_style()).color(color)).truncate());
    });
}

/// The heading of a section, with what is to be known of it on its right.
pub(super) fn section_ui(ui: &mut Ui, text: &str, right: &str) {
    let tokens = tokens(ui);
    caption_row_ui(ui, RichText::new(text.to_uppercase()).color(tokens.text), text, |ui| {
        ui.add(
            Label::new(RichText::new(right).text_style(small_style()).color(tokens.dim)).truncate(),
        );
    });
}

/// A caption on the left and anything on the right.
pub(super) fn caption_row_ui<R>(
    ui: &mut Ui,
    caption: RichText,
    name: &str,
    right: impl FnOnce(&mut Ui) -> R,
) -> R {
    let height = ui.spacing().interact_size.y;
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), height),
        Layout::left_to_right(Align::Center),
        |ui| {
            let label = Label::new(caption.text_style(caption_style())).truncate();
            ui.add(label).accessible_name(name);
            ui.with_layout(Layout::right_to_left(Align::Center), right).inner
        },
    )
    .inner
}

/// The room of a scroll bar, kept free whether there is one or not, so that nothing moves when it
/// comes.
pub(super) const BAR: f32 = 8.0;

/// A panel's contents, scrolling where they are too long.
pub(super) fn scroll_ui(ui: &mut Ui, salt: &str, add: impl FnOnce(&mut Ui)) {
    let width = ui.available_width() - BAR;
    ScrollArea::vertical().id_salt(salt).auto_shrink([false, false]).show(ui, |ui| {
        ui.set_max_width(width);
        add(ui);
    });
}

/// A line between two sections.
pub(super) fn rule_ui(ui: &mut Ui) {
    ui.add_space(4.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, tokens(ui).line);
    ui.add_space(4.0);
}

/// How wide a chip with this word is.
pub(super) fn chip_width(ui: &Ui, text: &str) -> f32 {
    text_width(ui, text, &small_style()) + 14.0
}

/// A small word in a rounded frame.
pub(super) fn chip_ui(ui: &mut Ui, text: &str, color: eframe::egui::Color32) -> Response {
    let tokens = tokens(ui);
    let size = small_style().resolve(ui.style()).size;
    let width = text_width(ui, text, &small_style());
    let wanted = vec2(width.min(ui.available_width() - 16.0).max(8.0) + 14.0, (size + 6.0).round());
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    ui.painter().rect(
        rect,
        rect.height() / 2.0,
        tokens.panel,
        eframe::egui::Stroke::new(1.0, tokens.line),
        eframe::egui::StrokeKind::Inside,
    );
    let words = Label::new(RichText::new(text).text_style(small_style()).color(color)).truncate();
    ui.put(rect.shrink2(vec2(6.0, 0.0)), words);
    response
}
