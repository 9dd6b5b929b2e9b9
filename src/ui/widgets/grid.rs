//! A table of numbers as long as a run: rows are asked for as they come into sight, the heads of rows and
//! columns stay, and every cell in sight has its place in the table for screen readers.
//!
//! Rows are counted, not measured in points, so a billion of them scroll as well as ten. By keyboard:
//! arrows, Page up and down, Home and End.

use eframe::egui::{
    Align2, Color32, EventFilter, FontId, Galley, Key, Rect, Response, Role, Sense, Stroke, Ui,
    UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

use super::number::with_minus;
use crate::ui::theme::{number_style, small_style, tokens};

/// A column: the first line of its head, which neighbours may share, and the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridColumn {
    /// Whose numbers they are.
    pub group: String,
    /// What they are.
    pub title: String,
    /// The colour of a line below the head.
    pub color: Option<Color32>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GridCell {
    /// The number as text.
    pub text: String,
    /// Whether it was not measured in this row, but before.
    pub is_old: bool,
}

/// A table.
pub struct Grid<'a> {
    /// What screen readers call it.
    pub name: &'a str,
    /// What the heads of rows are: "step".
    pub row_title: &'a str,
    /// The columns beside the heads of rows.
    pub columns: &'a [GridColumn],
    /// How many rows there are.
    pub rows: u64,
    /// The head of a row.
    pub head: &'a dyn Fn(u64) -> String,
    /// The cell of a row and a column.
    pub cell: &'a dyn Fn(u64, usize) -> GridCell,
    /// A row to be marked.
    pub marked: Option<u64>,
}

impl std::fmt::Debug for Grid<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Grid").field("name", &self.name).field("rows", &self.rows).finish()
    }
}

/// How far a table is scrolled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GridState {
    top: u64,
    left: usize,
    /// What the wheel has not moved yet, in rows and columns.
    rest: Vec2,
    /// Whether it stays at its last row while rows are added.
    at_end: bool,
}

impl Default for GridState {
    fn default() -> Self {
        Self { top: 0, left: 0, rest: Vec2::ZERO, at_end: true }
    }
}

impl GridState {
    /// Brings a row to the top.
    pub fn go_to(&mut self, row: u64) {
        (self.top, self.at_end) = (row, false);
    }
}

/// The sizes of a table's parts.
struct Sizes {
    /// Of a row.
    line: f32,
    /// Of the heads of columns.
    head: f32,
    /// Of the heads of rows, and of a column.
    first: f32,
    other: f32,
}

impl Sizes {
    fn of(ui: &Ui) -> Self {
        let number = number_style().resolve(ui.style());
        let digits = |count: usize| {
            let text = "0".repeat(count);
            ui.painter().layout_no_wrap(text, number.clone(), Color32::WHITE).size().x + 12.0
        };
        let line = ui.text_style_height(&number_style()) + 4.0;
        let head = ui.text_style_height(&small_style()) * 2.0 + 8.0;
        // A number in full has up to twenty letters.
        Self { line, head, first: digits(11), other: digits(20) }
    }
}

impl Sizes {
    /// As wide as columns have to be to fill a width, none of them in part.
    fn within(self, width: f32) -> Self {
        let first = self.first.min(width * 0.4);
        let room = (width - first).max(1.0);
        Self { first, other: room / (room / self.other).floor().max(1.0), ..self }
    }
}

/// The thickness of a bar to scroll by.
const BAR: f32 = 10.0;

impl Grid<'_> {
    /// Draws the table over `size`.
    pub fn show(&self, ui: &mut Ui, state: &mut GridState, size: Vec2) -> Response {
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let inner = Rect::from_min_max(rect.min, rect.max - vec2(BAR, BAR));
        let sizes = Sizes::of(ui).within(inner.width());
        let seen_rows = (((inner.height() - sizes.head) / sizes.line).floor().max(1.0)) as u64;
        let seen_columns = ((inner.width() - sizes.first) / sizes.other).floor().max(1.0) as usize;
        let last_top = self.rows.saturating_sub(seen_rows);
        let last_left = self.columns.len().saturating_sub(seen_columns);
        if response.clicked() {
            response.request_focus();
        }
        if state.at_end {
            state.top = last_top;
        }
        self.move_by_keys(ui, &response, state, seen_rows);
        self.move_by_wheel(ui, &response, state, &sizes);
        let ends = [
            (rect, true, seen_rows, self.rows),
            (rect, false, seen_columns as u64, self.columns.len() as u64),
        ];
        for (rect, is_vertical, seen, all) in ends {
            let at = if is_vertical { state.top } else { state.left as u64 };
            let Some(to) = bar_ui(ui, self.name, (rect, is_vertical), (at, seen, all)) else {
                continue;
            };
            if is_vertical {
                state.top = to;
                state.at_end = to >= last_top;
            } else {
                state.left = to as usize;
            }
        }
        (state.top, state.left) = (state.top.min(last_top), state.left.min(last_left));
        let enabled = ui.is_enabled();
        response.widget_info(|| WidgetInfo::labeled(Role::Table, enabled, self.name));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_row_count(self.rows as usize + 1);
            node.set_column_count(self.columns.len() + 1);
        });
        let columns = state.left..(state.left + seen_columns).min(self.columns.len());
        let rows = state.top..(state.top + seen_rows).min(self.rows);
        let table = UiBuilder::new().max_rect(inner).accessibility_parent(response.id);
        ui.scope_builder(table, |ui| {
            ui.shrink_clip_rect(inner.expand(1.0));
            self.heads_ui(ui, inner, &sizes, columns.clone());
            for row in rows {
                let top = inner.top() + sizes.head + (row - state.top) as f32 * sizes.line;
                let line =
                    Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), sizes.line));
                self.row_ui(ui, line, &sizes, (row, columns.clone()));
            }
        });
        if response.has_focus() {
            let stroke = Stroke::new(1.5, tokens(ui).accent);
            ui.painter().rect_stroke(rect, 4.0, stroke, eframe::egui::StrokeKind::Inside);
        }
        response
    }

    fn move_by_keys(&self, ui: &Ui, response: &Response, state: &mut GridState, seen: u64) {
        if !response.has_focus() {
            return;
        }
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let last = self.rows.saturating_sub(seen);
        let before = state.top;
        ui.input(|input| {
            for (key, to) in [
                (Key::ArrowUp, before.saturating_sub(1)),
                (Key::ArrowDown, before.saturating_add(1)),
                (Key::PageUp, before.saturating_sub(seen)),
                (Key::PageDown, before.saturating_add(seen)),
                (Key::Home, 0),
                (Key::End, last),
            ] {
                if input.key_pressed(key) {
                    state.top = to.min(last);
                    state.at_end = state.top >= last;
                }
            }
            if input.key_pressed(Key::ArrowLeft) {
                state.left = state.left.saturating_sub(1);
            }
            if input.key_pressed(Key::ArrowRight) {
                state.left = state.left.saturating_add(1);
            }
        });
    }

    fn move_by_wheel(&self, ui: &Ui, response: &Response, state: &mut GridState, sizes: &Sizes) {
        if !response.contains_pointer() {
            return;
        }
        let scrolled = ui.input(eframe::egui::InputState::smooth_scroll_delta);
        if scrolled == Vec2::ZERO {
            return;
        }
        state.rest -= scrolled / vec2(sizes.other, sizes.line);
        let whole = vec2(state.rest.x.trunc(), state.rest.y.trunc());
        state.rest -= whole;
        state.left = state.left.saturating_add_signed(whole.x as isize);
        if whole.y != 0.0 {
            state.top = state.top.saturating_add_signed(whole.y as i64).min(self.rows);
            state.at_end = false;
        }
    }

    fn heads_ui(&self, ui: &Ui, inner: Rect, sizes: &Sizes, columns: std::ops::Range<usize>) {
        let t = tokens(ui);
        let font = small_style().resolve(ui.style());
        let half = (sizes.head - 6.0) * 0.5;
        let first = Rect::from_min_size(inner.min, vec2(sizes.first, sizes.head));
        let at = pos2(first.right() - 6.0, first.top() + half);
        ui.painter().text(at, Align2::RIGHT_TOP, self.row_title, font.clone(), t.dim);
        cell_node(ui, first, ("head", 0), (Role::ColumnHeader, self.row_title, ""), (0, 0));
        for (place, index) in columns.enumerate() {
            let column = &self.columns[index];
            let left = inner.left() + sizes.first + place as f32 * sizes.other;
            let rect = Rect::from_min_size(pos2(left, inner.top()), vec2(sizes.other, sizes.head));
            for (line, text, color) in [(0.0, &column.group, t.text), (half, &column.title, t.dim)]
            {
                let galley = shortened(ui, text, &font, color, sizes.other - 12.0);
                let at = pos2(rect.right() - 6.0 - galley.size().x, rect.top() + line);
                ui.painter().galley(at, galley, color);
            }
            if let Some(color) = column.color {
                let y = rect.bottom() - 3.0;
                let x = rect.left() + 6.0..=rect.right() - 6.0;
                ui.painter().hline(x, y, Stroke::new(2.0, color));
            }
            let name = format!("{} {}", column.group, column.title);
            cell_node(
                ui,
                rect,
                ("head", index + 1),
                (Role::ColumnHeader, &name, ""),
                (0, index + 1),
            );
        }
    }

    fn row_ui(
        &self,
        ui: &mut Ui,
        line: Rect,
        sizes: &Sizes,
        (row, columns): (u64, std::ops::Range<usize>),
    ) {
        let t = tokens(ui);
        let font = number_style().resolve(ui.style());
        if self.marked == Some(row) {
            ui.painter().rect_filled(line, 2.0, t.selection);
        } else if row % 2 == 1 {
            ui.painter().rect_filled(line, 0.0, t.card);
        }
        let index = row as usize + 1;
        ui.push_id(row, |ui| {
            ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
                node.set_role(Role::Row);
                node.set_row_index(index);
            });
            let text = |at: Rect, text: &str, color: Color32| {
                let galley = shortened(ui, text, &font, color, at.width() - 8.0);
                let place = pos2(at.right() - 6.0, at.center().y);
                let place = Align2::RIGHT_CENTER.anchor_size(place, galley.size());
                ui.painter().galley(place.min, galley, color);
            };
            let first = line.with_max_x(line.left() + sizes.first);
            let head = (self.head)(row);
            text(first, &head, t.dim);
            cell_node(ui, first, ("cell", 0), (Role::RowHeader, &head, ""), (index, 0));
            for (place, index_of) in columns.enumerate() {
                let left = first.right() + place as f32 * sizes.other;
                let rect =
                    Rect::from_min_size(pos2(left, line.top()), vec2(sizes.other, line.height()));
                let GridCell { text: number, is_old } = (self.cell)(row, index_of);
                let number = with_minus(&number);
                let shown = if number.is_empty() { "—" } else { number.as_str() };
                let is_bad = matches!(shown, "nan" | "inf" | "−inf");
                let color = match (is_bad, is_old || number.is_empty()) {
                    (true, _) => t.bad,
                    (false, true) => t.faint,
                    (false, false) => t.text,
                };
                text(rect, shown, color);
                let column = &self.columns[index_of];
                let older = if is_old { ", measured before" } else { "" };
                let whole =
                    format!("{} {}, {} {head}{older}", column.group, column.title, self.row_title);
                let said = (Role::Cell, shown, whole.as_str());
                cell_node(ui, rect, ("cell", index_of + 1), said, (index, index_of + 1));
            }
        });
    }
}

/// A cell's place among what screen readers read: what it says and, in full, which one it is.
fn cell_node(
    ui: &Ui,
    rect: Rect,
    id: (&str, usize),
    (role, says, whole): (Role, &str, &str),
    (row, column): (usize, usize),
) {
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(role, true, says));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_row_index(row);
        node.set_column_index(column);
        if !whole.is_empty() {
            node.set_description(whole);
        }
    });
}

/// A bar to scroll by; where to, if it was dragged. None where all is in sight.
fn bar_ui(
    ui: &Ui,
    name: &str,
    (rect, is_vertical): (Rect, bool),
    (at, seen, all): (u64, u64, u64),
) -> Option<u64> {
    if seen >= all {
        return None;
    }
    let t = tokens(ui);
    let track = if is_vertical {
        rect.with_min_x(rect.right() - BAR + 2.0).with_max_y(rect.bottom() - BAR)
    } else {
        rect.with_min_y(rect.bottom() - BAR + 2.0).with_max_x(rect.right() - BAR)
    };
    let (start, length) =
        if is_vertical { (track.top(), track.height()) } else { (track.left(), track.width()) };
    let part = (length * (seen as f64 / all as f64) as f32).max(24.0).min(length);
    let way = length - part;
    let last = all - seen;
    let place = start + way * (at.min(last) as f64 / last as f64) as f32;
    let handle = if is_vertical {
        Rect::from_min_size(pos2(track.left(), place), vec2(track.width(), part))
    } else {
        Rect::from_min_size(pos2(place, track.top()), vec2(part, track.height()))
    };
    let response =
        ui.interact(track, ui.scope_id().with((name, is_vertical)), Sense::click_and_drag());
    let enabled = ui.is_enabled();
    let what = if is_vertical { "rows" } else { "columns" };
    response.widget_info(|| {
        WidgetInfo::labeled(Role::ScrollBar, enabled, format!("Scroll the {what} of {name}"))
    });
    let color = if response.hovered() || response.dragged() { t.dim } else { t.edge };
    ui.painter().rect_filled(handle, 3.0, color);
    let pointer =
        response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked())?;
    let along = if is_vertical { pointer.y } else { pointer.x };
    let share = f64::from((along - start - part * 0.5) / way.max(1.0)).clamp(0.0, 1.0);
    Some((share * last as f64).round() as u64)
}

/// Text in one line of at most a width, with an ellipsis where some is left out.
fn shortened(ui: &Ui, text: &str, font: &FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job =
        eframe::egui::text::LayoutJob::simple_singleline(text.to_owned(), font.clone(), color);
    job.wrap = eframe::egui::text::TextWrapping::truncate_at_width(width.max(1.0));
    ui.painter().layout_job(job)
}
