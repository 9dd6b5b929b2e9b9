//! The panels beside the middle, and how they share the window's width with it.
//!
//! Invariant: as panels come they leave the middle 55 % of the width. Where the text is so large that two
//! panels cannot do with the rest, one of them is open and the other is a strip at its edge; a click on the
//! strip exchanges them.

use std::f32::consts::FRAC_PI_2;

use eframe::egui::{
    CursorIcon, Frame as EguiFrame, Panel, Pos2, Role, Sense, Stroke, Ui, WidgetInfo,
    epaint::TextShape, pos2, vec2,
};

use super::frame::Frame;
use super::panels;
use super::theme::{caption_style, tokens};

/// The part of the width that panels take together, unless they are dragged wider.
const PART: f32 = 0.45;
/// A panel is never wider than this part of the window.
const MOST: f32 = 0.345;

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The experiment, or the lesson that is taken.
    Left,
    /// The lanes.
    Right,
}

/// Which side is open where there is room for one.
#[derive(Debug, Default)]
pub(super) struct Sides {
    chosen: Option<Side>,
    /// Whether a lesson was taken when it was chosen.
    in_lesson: bool,
}

/// How wide a panel is at a text size of 100 %: at least, as it comes, and at most.
#[derive(Debug, Clone, Copy)]
struct Widths([f32; 3]);

const EXPERIMENT: Widths = Widths([220.0, 276.0, 420.0]);
const LANES: Widths = Widths([240.0, 300.0, 440.0]);
/// On a projector the middle matters most.
const LANES_PRESENTED: Widths = Widths([240.0, 240.0, 440.0]);

/// Draws both sides.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let scale = frame.window.text_scale;
    let whole = ui.available_width();
    let presents = frame.window.presentation.is_some();
    let in_lesson = frame.session.lesson().is_some();
    let lanes = if presents { LANES_PRESENTED } else { LANES };
    // In front of a class the run is looked at, not the file.
    if presents && !in_lesson {
        let width = (lanes.0[1] * scale).min(whole * PART);
        return right_ui(ui, frame, lanes, width, "lanes presented");
    }
    let room = whole * PART;
    let least = (EXPERIMENT.0[0] + lanes.0[0]) * scale;
    if least <= room {
        let [left, right] = shared([EXPERIMENT, lanes], scale, room);
        let (first, second) = if presents {
            ("lesson presented", "lanes presented")
        } else {
            ("experiment", "lanes")
        };
        left_ui(ui, frame, EXPERIMENT, left, first);
        return right_ui(ui, frame, lanes, right, second);
    }
    let usual = if in_lesson { Side::Left } else { Side::Right };
    let sides = &frame.window.sides;
    let open = sides.chosen.filter(|_| sides.in_lesson == in_lesson).unwrap_or(usual);
    let strip = ui.spacing().interact_size.y + 8.0;
    let width = |widths: Widths| (widths.0[1] * scale).min(room - strip);
    let mut chosen = None;
    match open {
        Side::Right => {
            let name = if in_lesson { "Lesson" } else { "Experiment" };
            if strip_ui(ui, Side::Left, name, strip) {
                chosen = Some(Side::Left);
            }
            right_ui(ui, frame, lanes, width(lanes), "lanes alone");
        }
        Side::Left => {
            if strip_ui(ui, Side::Right, "Lanes", strip) {
                chosen = Some(Side::Right);
            }
            left_ui(ui, frame, EXPERIMENT, width(EXPERIMENT), "experiment alone");
        }
    }
    if chosen.is_some() {
        frame.window.sides = Sides { chosen, in_lesson };
    }
}

/// The widths of both: as they come if there is room, else less of what they have above the least.
fn shared(both: [Widths; 2], scale: f32, room: f32) -> [f32; 2] {
    let sum = |at: usize| (both[0].0[at] + both[1].0[at]) * scale;
    let (least, usual) = (sum(0), sum(1));
    let part = if usual > least { ((room - least) / (usual - least)).clamp(0.0, 1.0) } else { 1.0 };
    both.map(|Widths([least, usual, _])| ((least + (usual - least) * part) * scale).floor())
}

fn range(ui: &Ui, widths: Widths, scale: f32, width: f32) -> std::ops::RangeInclusive<f32> {
    let [least, _, most] = widths.0.map(|points| points * scale);
    let whole = ui.ctx().content_rect().width();
    least.min(width)..=most.min(whole * MOST).max(width)
}

fn left_ui(ui: &mut Ui, frame: &mut Frame<'_>, widths: Widths, width: f32, id: &'static str) {
    let range = range(ui, widths, frame.window.text_scale, width);
    Panel::left(id)
        .frame(EguiFrame::new().fill(tokens(ui).panel))
        .resizable(true)
        .default_size(width)
        .size_range(range)
        .show(ui, |ui| {
            if frame.session.lesson().is_some() {
                panels::lesson::ui(ui, frame);
            } else {
                panels::experiment::ui(ui, frame);
            }
        });
}

fn right_ui(ui: &mut Ui, frame: &mut Frame<'_>, widths: Widths, width: f32, id: &'static str) {
    let range = range(ui, widths, frame.window.text_scale, width);
    Panel::right(id)
        .frame(EguiFrame::new().fill(tokens(ui).panel))
        .resizable(true)
        .default_size(width)
        .size_range(range)
        .show(ui, |ui| panels::lanes::ui(ui, frame));
}

/// A panel that has given way: its name along the edge. Says whether it was pressed.
fn strip_ui(ui: &mut Ui, side: Side, name: &str, width: f32) -> bool {
    let fill = EguiFrame::new().fill(tokens(ui).panel);
    let panel = match side {
        Side::Left => Panel::left("left strip"),
        Side::Right => Panel::right("right strip"),
    };
    let shown = panel.frame(fill).resizable(false).exact_size(width).show(ui, |ui| {
        let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click());
        let enabled = ui.is_enabled();
        let button = format!("Show the {}", name.to_lowercase());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &button));
        let t = tokens(ui);
        let color = if response.hovered() { t.text } else { t.dim };
        if response.hovered() {
            ui.painter().rect_filled(rect, 0.0, t.hover);
        }
        if response.has_focus() {
            let stroke = Stroke::new(1.5, t.accent);
            ui.painter().rect_stroke(
                rect.shrink(2.0),
                4.0,
                stroke,
                eframe::egui::StrokeKind::Inside,
            );
        }
        let at = pos2(rect.center().x, rect.top() + ui.spacing().interact_size.y * 0.5 + 4.0);
        // It points to where the panel will be.
        let reach = ui.spacing().icon_width * 0.3;
        let tip = if side == Side::Left { reach * 0.5 } else { -reach * 0.5 };
        let corners = [vec2(-tip, -reach), vec2(tip, 0.0), vec2(-tip, reach)].map(|by| at + by);
        ui.painter().line(corners.to_vec(), Stroke::new(1.5, color));
        let font = caption_style().resolve(ui.style());
        let galley = ui.painter().layout_no_wrap(name.to_uppercase(), font, color);
        let top = rect.top() + ui.spacing().interact_size.y + 12.0;
        // Turned by a right angle, its upper left corner becomes the upper right one.
        let corner: Pos2 = pos2(rect.center().x + galley.size().y * 0.5, top);
        ui.painter().add(TextShape::new(corner, galley, color).with_angle(FRAC_PI_2));
        response
            .on_hover_cursor(CursorIcon::PointingHand)
            .on_hover_text(format!("{button}, in the place of the other panel"))
            .clicked()
    });
    shown.inner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_come_as_they_are_and_narrower_where_the_middle_needs_the_room() {
        let both = [EXPERIMENT, LANES];
        assert_eq!(shared(both, 1.0, 1280.0 * PART), [276.0, 300.0]);
        assert_eq!(shared(both, 1.0, 4000.0), [276.0, 300.0]);
        let [left, right] = shared(both, 1.2, 1280.0 * PART);
        assert!(left >= 220.0 * 1.2 && right >= 240.0 * 1.2 && left + right <= 1280.0 * PART);
    }
}
