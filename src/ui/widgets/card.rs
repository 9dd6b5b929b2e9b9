//! What things stand in: cards, tiles, sections, chips; and bars of progress.

use eframe::egui::{
    Align, Color32, Frame, InnerResponse, Label, Layout, Margin, Rect, Response, RichText, Role,
    Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, epaint::RectShape, pos2, vec2,
};

use super::icon::Icon;
use crate::ui::theme::{caption_style, heading_style, small_style, tokens};

/// A card with a coloured left edge, as wide as there is room: a lane, an edit.
pub fn card<R>(ui: &mut Ui, edge: Color32, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let t = tokens(ui);
    let behind = ui.painter().add(Shape::Noop);
    let inner = Frame::new().inner_margin(Margin { left: 12, right: 8, top: 8, bottom: 8 }).show(
        ui,
        |ui| {
            ui.set_min_width(ui.available_width());
            add(ui)
        },
    );
    let rect = inner.response.rect;
    let body = RectShape::new(rect, 8.0, t.card, Stroke::new(1.0, t.line), StrokeKind::Inside);
    // The edge: the card's shape in its colour, with the body laid over all but its left three
    // points, so that its corners follow the card's.
    let clip = Rect::from_min_max(rect.min, pos2(rect.left() + 3.0, rect.bottom()));
    ui.painter().set(behind, body);
    ui.painter().with_clip_rect(clip.intersect(ui.clip_rect())).rect_filled(rect, 8.0, edge);
    inner
}

/// A tile of the middle: title left, notes right, and the picture below, filling `size`.
pub fn tile<R>(
    ui: &mut Ui,
    size: Vec2,
    title: impl FnOnce(&mut Ui),
    notes: impl FnOnce(&mut Ui),
    add: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<R> {
    tile_frame(ui, size, |ui| {
        let row = vec2(ui.available_width(), ui.spacing().interact_size.y);
        ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
            title(ui);
            ui.with_layout(Layout::right_to_left(Align::Center), notes);
        });
        add(ui)
    })
}

/// The frame of a tile, filling `size`; what is in it stands one below the other.
pub fn tile_frame<R>(ui: &mut Ui, size: Vec2, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let t = tokens(ui);
    let frame = Frame::new()
        .fill(t.panel)
        .stroke(Stroke::new(1.0, t.line))
        .corner_radius(8)
        .inner_margin(Margin::same(8));
    frame.show(ui, |ui| {
        let inner = (size - Vec2::splat(18.0)).max(Vec2::splat(1.0));
        ui.vertical(|ui| {
            ui.set_min_size(inner);
            ui.set_max_size(inner);
            add(ui)
        })
        .inner
    })
}

/// A section of a side panel: its header, then its rows, then a line.
pub fn section<R>(
    ui: &mut Ui,
    title: &str,
    note: &str,
    add: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<R> {
    let t = tokens(ui);
    ui.vertical(|ui| {
        section_header(ui, title, note);
        let inner = add(ui);
        ui.add_space(4.0);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
        ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, t.line));
        ui.add_space(4.0);
        inner
    })
}

/// The head of a section: its name in capitals, a note at the right.
pub fn section_header(ui: &mut Ui, title: &str, note: &str) -> Response {
    let t = tokens(ui);
    let height = ui.spacing().interact_size.y;
    let name = title;
    let title = RichText::new(title.to_uppercase())
        .text_style(caption_style())
        .extra_letter_spacing(0.6)
        .color(t.text);
    let note = RichText::new(note).text_style(small_style()).color(t.faint);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), height),
        Layout::left_to_right(Align::Center),
        |ui| {
            let response = ui.add(Label::new(title));
            response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, name));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add(Label::new(note).truncate());
            });
            response
        },
    )
    .inner
}

/// A fact in a small rounded frame: `4th`, `2 classes`.
pub fn chip(ui: &mut Ui, text: &str) -> Response {
    let t = tokens(ui);
    let font = small_style().resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, t.dim);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(14.0, 4.0), Sense::hover());
    let frame = Stroke::new(1.0, t.line);
    ui.painter().rect(rect, rect.height() * 0.5, t.card, frame, StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() * 0.5, galley, t.dim);
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, text));
    response
}

/// A bar of progress, `share` from 0 to 1; `None` when there is no end to measure by.
pub fn progress_bar(ui: &mut Ui, name: &str, share: Option<f64>, width: f32) -> Response {
    let t = tokens(ui);
    let height = ui.spacing().interact_size.y;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let bar = Rect::from_center_size(rect.center(), vec2(width, 4.0));
    let share = share.map(|s| s.clamp(0.0, 1.0));
    let painter = ui.painter();
    painter.rect_filled(bar, 2.0, t.edge);
    if let Some(share) = share {
        let filled = vec2(bar.width() * share as f32, bar.height());
        painter.rect_filled(Rect::from_min_size(bar.min, filled), 2.0, t.accent);
    }
    let enabled = ui.is_enabled();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, enabled, name);
        info.value = share;
        info
    });
    response
}

/// What a place says while there is nothing in it: what it is, and what to do next.
pub fn empty_state<R>(
    ui: &mut Ui,
    icon: Icon,
    title: &str,
    text: &str,
    next: impl FnOnce(&mut Ui) -> R,
) -> R {
    let t = tokens(ui);
    ui.vertical_centered(|ui| {
        let side = ui.spacing().interact_size.y * 1.5;
        ui.add_space((ui.available_height() * 0.3 - side).max(8.0));
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
        icon.paint(ui.painter(), rect, t.faint);
        ui.add_space(8.0);
        ui.label(RichText::new(title).text_style(heading_style()));
        ui.add(Label::new(RichText::new(text).color(t.dim)).wrap());
        ui.add_space(8.0);
        next(ui)
    })
    .inner
}
