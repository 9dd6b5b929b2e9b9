//! The panes of the middle: rows of them, each with a head by which it is moved, maximised and closed.
//!
//! Which panes there are, and where, is in the experiment's `view`; how high a row is follows from
//! what stands in it. A new pane is a variant of [`Pane`], a line in [`ui`] and, in its head, a
//! [`head::grip_ui`] and [`head::entries_ui`] (or [`head::buttons_ui`]).

mod drag;
mod head;
mod menu;

use std::collections::BTreeMap;

use eframe::egui::{Rect, ScrollArea, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::experiment::{Pane, Panes};

use super::{GAP, curve, inside, landscape, lanes, results};
use crate::ui::frame::Frame;

pub(in crate::ui) use head::{buttons_ui, entries_ui, grip_ui, head_height};
pub(in crate::ui) use menu::menu_ui;

/// The least height of a row, and the least width of a pane, at a text size of 100 %.
const LEAST: Vec2 = vec2(300.0, 180.0);

/// What the panes keep between frames.
#[derive(Debug, Default)]
pub(super) struct PanesState {
    /// Where each lay when it was last drawn.
    places: BTreeMap<Pane, Rect>,
    /// The one that is being moved.
    dragged: Option<Pane>,
}

/// Draws all panes into the room that there is.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let view = frame.session.view();
    let rows = match view.maximised {
        Some(pane) => vec![vec![pane]],
        // One picture stands beside the curve: below it, it would be a strip.
        None if view.panes == Panes::default() && frame.session.lanes().len() == 1 => {
            vec![vec![Pane::Curve, Pane::Lanes]]
        }
        None => view.panes.rows().to_vec(),
    };
    let room = ui.available_size();
    let rows = fitting(&rows, room.x, frame.window.text_scale);
    let heights = heights(&rows, frame, ui, room);
    let total: f32 = heights.iter().sum::<f32>() + GAP * (rows.len() - 1) as f32;
    frame.window.center.panes.places.clear();
    if total <= room.y + 0.5 {
        rows_ui(ui, frame, (&rows, &heights), room.x);
    } else {
        let scroll = ScrollArea::vertical().id_salt("panes").auto_shrink(false);
        scroll.show(ui, |ui| rows_ui(ui, frame, (&rows, &heights), room.x - GAP));
    }
    drag::ui(ui, frame);
}

/// The rows as far as panes find the room: where a row is too narrow for two, it becomes two rows.
fn fitting(rows: &[Vec<Pane>], width: f32, scale: f32) -> Vec<Vec<Pane>> {
    let abreast = ((width + GAP) / (LEAST.x * scale + GAP)).max(1.0) as usize;
    rows.iter().flat_map(|row| row.chunks(abreast).map(<[Pane]>::to_vec)).collect()
}

/// How high each row is: rows of tiles as high as those want to be, the others share what is left.
fn heights(rows: &[Vec<Pane>], frame: &Frame<'_>, ui: &Ui, room: Vec2) -> Vec<f32> {
    let least = LEAST.y * frame.window.text_scale;
    if let [_] = rows {
        return vec![room.y.max(least)];
    }
    let wanted: Vec<Option<f32>> = rows
        .iter()
        .map(|row| {
            let alone = matches!(row[..], [Pane::Lanes]);
            alone.then(|| lanes::wanted_height(ui, frame, room))
        })
        .collect();
    let given: f32 = wanted.iter().flatten().sum();
    let open = wanted.iter().filter(|height| height.is_none()).count();
    let gaps = GAP * (rows.len() - 1) as f32;
    let share = ((room.y - given - gaps) / open.max(1) as f32).max(least);
    wanted.into_iter().map(|height| height.unwrap_or(share)).collect()
}

fn rows_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    (rows, heights): (&[Vec<Pane>], &[f32]),
    width: f32,
) {
    let origin = ui.cursor().min;
    let mut top = origin.y;
    for (row, height) in rows.iter().zip(heights) {
        let mut left = origin.x;
        for (pane, own) in row.iter().zip(widths(row, frame, vec2(width, *height))) {
            let rect = Rect::from_min_size(pos2(left, top), vec2(own, *height));
            left += own + GAP;
            frame.window.center.panes.places.insert(*pane, rect);
            let builder = UiBuilder::new().id_salt(("pane", pane)).max_rect(rect);
            ui.scope_builder(builder, |ui| pane_ui(ui, frame, *pane, rect.size()));
        }
        top += height + GAP;
    }
    ui.advance_cursor_after_rect(Rect::from_min_max(origin, pos2(origin.x + width, top - GAP)));
}

/// How wide each pane of a row is: all alike, but for a single lane's tile, which is no wider than high: a
/// picture in more room would not be larger, and in a strip it would be lost.
fn widths(row: &[Pane], frame: &Frame<'_>, room: Vec2) -> Vec<f32> {
    let room_x = room.x - GAP * (row.len() - 1) as f32;
    let each = room_x / row.len() as f32;
    let is_single = |pane: &Pane| *pane == Pane::Lanes && frame.session.lanes().len() == 1;
    let own = each.min(room.y * 0.9).max(210.0 * frame.window.text_scale).min(each);
    let others = (row.len() - 1).max(1) as f32;
    let has_single = row.len() > 1 && row.iter().any(is_single);
    let width = |pane: &Pane| match (has_single, is_single(pane)) {
        (true, true) => own,
        (true, false) => (room_x - own) / others,
        (false, _) => each,
    };
    row.iter().map(|pane| width(pane).floor()).collect()
}

fn pane_ui(ui: &mut Ui, frame: &mut Frame<'_>, pane: Pane, size: Vec2) {
    match pane {
        Pane::Curve => curve::ui(ui, frame, size),
        Pane::Lanes => lanes::ui(ui, frame, size),
        Pane::Results => results::ui(ui, frame, size),
        Pane::Landscape => landscape::ui(ui, frame, size),
        Pane::Inside => inside::ui(ui, frame, size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_too_narrow_for_their_panes_become_several() {
        let rows = vec![vec![Pane::Curve, Pane::Lanes]];
        assert_eq!(fitting(&rows, 900.0, 1.0), rows);
        assert_eq!(fitting(&rows, 500.0, 1.0), [[Pane::Curve], [Pane::Lanes]]);
        assert_eq!(fitting(&rows, 900.0, 2.0), [[Pane::Curve], [Pane::Lanes]]);
    }
}
