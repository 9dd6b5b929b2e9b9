//! The pane of the lanes' tiles: what they show, and below it the tiles in rows.

mod along;
mod autopsy;
mod axes;
mod choice;
mod fits;
mod fitted;
mod judged;
mod key;
mod line;
mod plane;
mod points;
mod predictions;
mod sheet;
mod steps;
mod surface;
mod tile;

use eframe::egui::{Align, Layout, ScrollArea, Ui, Vec2, vec2};

use crate::experiment::Pane;
use crate::session::{Lane, Session};
use crate::ui::frame::Frame;

use super::{GAP, panes};

pub(super) use choice::TileChoice;
pub(in crate::ui) use choice::shows;
pub(in crate::ui) use line::line_of;
pub(super) use tile::TileCache;

/// The least width of a tile, and the least height, at a text size of 100 %.
const LEAST: Vec2 = vec2(156.0, 150.0);
/// What stands around a tile's picture, across and up: margins, numbers, names and lines of text.
const AROUND: Vec2 = vec2(45.0, 85.0);

/// How high the pane wants to be in a middle of that size.
pub(super) fn wanted_height(ui: &Ui, frame: &Frame<'_>, room: Vec2) -> f32 {
    let count = shown(frame.session).count();
    let scale = frame.window.text_scale;
    let columns = largest(room.x, count, scale, |rows| height_of(rows, room.y));
    let rows = count.div_ceil(columns).max(1);
    let tile = height_of(rows, room.y);
    // Two rows are seen at a time, one where they are narrow; the others scroll.
    let seen = if columns == 1 { 1 } else { rows.min(2) };
    let tiles = (tile + GAP) * seen as f32 - GAP;
    (tiles + bar_height(ui)).min((room.y - 160.0 - GAP).max(tile))
}

/// How high tiles in so many rows are in a middle of that height.
fn height_of(rows: usize, room: f32) -> f32 {
    if rows == 1 { (room * 0.36).clamp(180.0, 340.0) } else { (room * 0.25).clamp(LEAST.y, 260.0) }
}

fn bar_height(ui: &Ui) -> f32 {
    panes::head_height(ui) + GAP
}

/// Draws the pane.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, size: Vec2) {
    ui.spacing_mut().item_spacing = Vec2::splat(GAP);
    head_ui(ui, frame);
    let room = vec2(size.x, size.y - bar_height(ui));
    let lanes: Vec<&Lane> = shown(frame.session).collect();
    let count = lanes.len();
    let columns = best_columns(room, count, frame.window.text_scale);
    let rows = count.div_ceil(columns).max(1);
    let height = ((room.y + GAP) / rows as f32 - GAP).floor();
    let height = height.max(LEAST.y);
    let scroll = ScrollArea::vertical().id_salt("tiles").max_height(room.y).auto_shrink(false);
    scroll.show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        let gaps = GAP * (columns - 1) as f32;
        let width = ((ui.available_width() - gaps) / columns as f32).floor();
        for row in lanes.chunks(columns) {
            ui.horizontal(|ui| {
                for lane in row {
                    ui.push_id(lane.id, |ui| tile::ui(ui, frame, lane, vec2(width, height)));
                }
            });
        }
    });
}

/// The lanes that have a tile.
fn shown(session: &Session) -> impl Iterator<Item = &Lane> {
    session.lanes().iter().filter(|lane| session.is_shown(lane))
}

fn head_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let row = vec2(ui.available_width(), panes::head_height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        panes::grip_ui(ui, frame, Pane::Lanes);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            panes::buttons_ui(ui, frame, Pane::Lanes);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                choice::bar_ui(ui, frame);
            });
        });
    });
}

/// How many tiles find room side by side.
fn columns(width: f32, count: usize, scale: f32) -> usize {
    let fit = ((width + GAP) / (LEAST.x * scale + GAP)) as usize;
    let fit = fit.clamp(1, count.max(1));
    // Rows of equal length look calmer than a full one and a rest.
    count.max(1).div_ceil(count.max(1).div_ceil(fit))
}

/// How many tiles stand side by side so that their pictures are largest in this room.
fn best_columns(room: Vec2, count: usize, scale: f32) -> usize {
    // Rows that find no room scroll.
    largest(room.x, count, scale, |rows| ((room.y + GAP) / rows as f32 - GAP).max(LEAST.y))
}

/// How many tiles stand side by side so that their pictures are largest, where tiles in so many rows are
/// `height` high. Pictures are as large as the lesser of their sides: most planes are about square.
fn largest(room: f32, count: usize, scale: f32, height: impl Fn(usize) -> f32) -> usize {
    let count = count.max(1);
    let size = |columns: usize| {
        let width = (room + GAP) / columns as f32 - GAP;
        let picture = vec2(width, height(count.div_ceil(columns))) - AROUND * scale;
        picture.min_elem()
    };
    let most = columns(room, count, scale);
    // Of equals the last counts: the one with the fewest rows.
    let calm = (1..=count).rev().map(|rows| count.div_ceil(rows)).filter(|c| *c <= most);
    calm.max_by(|a, b| size(*a).total_cmp(&size(*b))).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_stand_in_rows_of_equal_length() {
        assert_eq!(columns(824.0, 4, 1.0), 4);
        assert_eq!(columns(824.0, 8, 1.0), 4);
        assert_eq!(columns(684.0, 4, 1.0), 4);
        assert_eq!(columns(824.0, 6, 1.0), 3);
        assert_eq!(columns(824.0, 2, 2.0), 2);
        assert_eq!(columns(100.0, 3, 1.0), 1);
    }

    #[test]
    fn a_wide_room_has_two_rows_of_four_and_a_narrow_one_a_row_of_four() {
        let columns = |room: Vec2, count| largest(room.x, count, 1.0, |n| height_of(n, room.y));
        assert_eq!(columns(vec2(1330.0, 1000.0), 8), 4);
        assert_eq!(columns(vec2(824.0, 750.0), 8), 4);
        assert_eq!(columns(vec2(824.0, 750.0), 4), 4);
        assert_eq!(columns(vec2(684.0, 690.0), 4), 4);
        assert_eq!(columns(vec2(1330.0, 1000.0), 2), 2);
    }

    #[test]
    fn tiles_are_as_large_as_the_room_allows() {
        assert_eq!(best_columns(vec2(824.0, 290.0), 4, 1.0), 4);
        assert_eq!(best_columns(vec2(824.0, 400.0), 8, 1.0), 4);
        assert_eq!(best_columns(vec2(824.0, 750.0), 4, 1.0), 2);
        assert_eq!(best_columns(vec2(400.0, 300.0), 4, 1.0), 2);
        assert_eq!(best_columns(vec2(400.0, 300.0), 1, 1.0), 1);
    }
}
