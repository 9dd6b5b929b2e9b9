//! Which units of a column are drawn where it has more than find room: a page of them, that two buttons
//! below the column and the wheel over it move along.
//!
//! Invariant: every unit can be brought on the screen, and a page is never emptier than it need be.

use std::ops::Range;
use std::time::Duration;

use eframe::egui::{
    Align2, Color32, CursorIcon, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::ui::theme::{small_style, tokens};
use crate::ui::widgets::count;

use super::drawing::{Column, Drawing};
use super::model::Model;
use super::words::elided;

/// The points that the wheel is turned by for each unit.
const TURN: f32 = 25.0;

/// Of each column the first unit that is drawn.
#[derive(Debug, Default)]
pub(super) struct Pages {
    firsts: Vec<usize>,
    /// What the wheel was turned by, in units, that has moved no page yet.
    turned: f32,
}

impl Pages {
    /// The units of a column that are asked for, of so many, at most so many at once.
    pub(super) fn range(&self, column: usize, units: usize, most: usize) -> Range<usize> {
        let shown = units.min(most);
        let first = self.firsts.get(column).map_or(0, |first| (*first).min(units - shown));
        first..first + shown
    }

    /// The first unit of each column.
    pub(super) fn firsts(&self) -> &[usize] {
        &self.firsts
    }

    fn go_to(&mut self, at: usize, first: usize) {
        if self.firsts.len() <= at {
            self.firsts.resize(at + 1, 0);
        }
        self.firsts[at] = first;
    }
}

/// The columns of which only a part is drawn: which, and how to see the others.
pub(super) fn ui(ui: &mut Ui, pages: &mut Pages, model: &Model, (drawing, rect): (&Drawing, Rect)) {
    for (at, column) in drawing.columns.iter().enumerate() {
        if column.nodes.len() == column.units {
            continue;
        }
        let to = foot_ui(ui, model, (at, column), rect).or_else(|| wheel(ui, pages, column, rect));
        if let Some(to) = to.filter(|to| *to != column.first) {
            pages.go_to(at, to);
            ui.ctx().request_repaint_after(Duration::ZERO);
        }
    }
}

/// Which units are drawn, between the buttons; the first unit to be drawn from now on.
fn foot_ui(
    ui: &mut Ui,
    model: &Model,
    (at, column): (usize, &Column),
    rect: Rect,
) -> Option<usize> {
    let line = ui.text_style_height(&small_style());
    let (low, high) = (column.words.0.max(rect.left()), column.words.1.min(rect.right()));
    let (first, shown) = (column.first, column.nodes.len());
    let what = if at == 0 { "inputs" } else { "units" };
    let range = format!("{}–{}", count(first as u64 + 1), count((first + shown) as u64));
    let all = format!("{range} of {}", count(column.units as u64));
    let middle = pos2(f32::midpoint(low, high), rect.bottom() - line / 2.0);
    // The longest words that find room between the buttons.
    let room = high - low - 2.0 * (line + 6.0);
    let wide = |words: &str| {
        let font = small_style().resolve(ui.style());
        ui.painter().layout_no_wrap(words.to_owned(), font, Color32::WHITE).size().x
    };
    let longest = format!("{all} {what}");
    let tight = format!("{range}/{}", column.units);
    let fits =
        [longest.as_str(), &all, &tight, &range].into_iter().find(|words| wide(words) <= room);
    let half = fits.map_or(0.0, wide) / 2.0 + 3.0;
    if let Some(words) = fits {
        elided(ui, words, middle, Align2::CENTER_CENTER, room + 1.0, tokens(ui).dim);
    }
    let name = if at == 0 { "inputs".to_owned() } else { model.parts[at - 1].name.clone() };
    let last = column.units - shown;
    let mut chosen = None;
    for (is_later, to) in [(false, first.saturating_sub(shown)), (true, (first + shown).min(last))]
    {
        let left = if is_later { middle.x + half } else { middle.x - half - line };
        let place = Rect::from_min_size(pos2(left, rect.bottom() - line), vec2(line, line));
        let when = if is_later { "later" } else { "earlier" };
        let says = format!("{all} {what}. The wheel over them moves along, too.");
        let name = format!("{name}: {when} {what}");
        if arrow_ui(ui, place, (at, is_later, to != first), (&name, &says)) {
            chosen = Some(to);
        }
    }
    chosen
}

/// A small button with a triangle that points up or down; whether it was pressed.
fn arrow_ui(
    ui: &mut Ui,
    rect: Rect,
    (column, is_later, enabled): (usize, bool, bool),
    (name, says): (&str, &str),
) -> bool {
    let id = ui.scope_id().with(("page", column, is_later));
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect.expand(2.0), id, sense);
    let is_enabled = enabled && ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, name));
    let t = tokens(ui);
    let color = match () {
        () if !enabled => t.edge,
        () if response.hovered() || response.has_focus() => t.accent,
        () => t.text,
    };
    if response.has_focus() {
        let stroke = Stroke::new(1.0, t.accent);
        ui.painter().rect_stroke(rect.expand(1.0), 2.0, stroke, StrokeKind::Outside);
    }
    let (side, up) = (rect.height() * 0.32, if is_later { 1.0 } else { -1.0 });
    let middle = rect.center();
    let tip = middle + vec2(0.0, up * side);
    let base = |x: f32| middle + vec2(x * side * 1.1, -up * side * 0.7);
    let points = vec![tip, base(-1.0), base(1.0)];
    ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
    let response = response.on_hover_text(says);
    enabled && response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}

/// The first unit after the wheel was turned over the column, if it was.
fn wheel(ui: &Ui, pages: &mut Pages, column: &Column, rect: Rect) -> Option<usize> {
    let band = Rect::from_x_y_ranges(column.words.0..=column.words.1, rect.y_range());
    if !ui.rect_contains_pointer(band.intersect(ui.clip_rect())) {
        return None;
    }
    let turned = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y));
    pages.turned -= turned / TURN;
    let whole = pages.turned.trunc();
    pages.turned -= whole;
    let last = column.units - column.nodes.len();
    let to = (column.first as f32 + whole).clamp(0.0, last as f32) as usize;
    (whole != 0.0).then_some(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_lies_within_its_column_whatever_it_was_moved_to() {
        let mut pages = Pages::default();
        assert_eq!(pages.range(2, 8, 7), 0..7);
        pages.go_to(2, 5);
        assert_eq!(pages.range(2, 8, 7), 1..8, "the last page is full");
        assert_eq!(pages.range(2, 300, 16), 5..21);
        assert_eq!(pages.range(2, 4, 16), 0..4);
        assert_eq!(pages.range(1, 300, 16), 0..16, "each column has its own");
    }
}
