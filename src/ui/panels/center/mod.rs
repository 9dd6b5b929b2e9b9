//! The middle: the curve plot, and below it a tile a lane.

mod choice;
mod curve;
mod curve_bar;
mod judged;
mod line;
mod plane;
mod points;
mod predictions;
mod smoothing;
mod surface;
mod tile;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use eframe::egui::{
    ColorImage, Context, Rect, ScreenshotCallback, ScrollArea, Ui, Vec2, ViewportCommand, vec2,
};

use crate::session::{Export, Lane, LaneId};
use crate::ui::plot::CurvePlot;
use crate::ui::widgets::{Icon, button, empty_state};

use super::super::dialogs::{Dialog, FilePurpose};
use super::super::frame::Frame;
use super::start_page;

use choice::TileChoice;
pub use choice::TileView;
pub(in crate::ui) use line::line_of;
use smoothing::Smoothing;
use tile::TileCache;

/// The middle's own state.
#[derive(Debug, Default)]
pub(in crate::ui) struct CenterState {
    plot: CurvePlot,
    /// Its smoothed lines.
    smoothing: Smoothing,
    /// What each lane's tile keeps between frames.
    tiles: BTreeMap<LaneId, TileCache>,
    /// What the tiles show.
    choice: TileChoice,
    /// Lanes whose curves are hidden.
    hidden: Vec<LaneId>,
    /// The points of the stroke being painted, if one is.
    stroke: Vec<[f64; 2]>,
    /// Where all of it lies on the screen.
    pub(in crate::ui) area: Option<Rect>,
    /// Where the curve tile lies on the screen.
    curve_rect: Option<Rect>,
    /// A picture to be cut out of the window's next screenshot.
    shot: Option<TileShot>,
}

/// A picture to be cut out of a screenshot of the window.
#[derive(Debug)]
struct TileShot {
    rect: Rect,
    name: String,
    /// Where the screenshot arrives, once it was asked for.
    image: Option<Receiver<Arc<ColorImage>>>,
}

impl CenterState {
    /// Lets the curve follow the training again.
    pub(in crate::ui) fn follow(&mut self) {
        self.plot.set_follow(true);
    }

    /// What the tiles show from now on.
    pub(in crate::ui) fn show_tiles(&mut self, view: TileView) {
        self.choice.view = view;
    }

    /// Asks for a picture of a part of the window, under a file name to propose.
    fn shoot(&mut self, rect: Rect, name: String) {
        self.shot = Some(TileShot { rect, name, image: None });
    }
}

/// Asks for the screenshot that a tile's picture is cut out of (once its menu is gone), and takes it
/// in when it comes.
pub(in crate::ui) fn take_shots(ctx: &Context, frame: &mut Frame<'_>) {
    let Some(shot) = &mut frame.window.center.shot else { return };
    let Some(arrives) = &shot.image else {
        let (sender, receiver) = sync_channel(1);
        shot.image = Some(receiver);
        let waker = super::super::window::waker(ctx);
        let callback = ScreenshotCallback::new(move |image| {
            // Nobody waits any more only if the window is closing.
            if sender.try_send(image).is_ok() {
                waker.wake();
            }
        });
        return ctx.send_viewport_cmd(ViewportCommand::Screenshot(callback));
    };
    let Ok(image) = arrives.try_recv() else { return };
    let part = image.region(&shot.rect, Some(ctx.pixels_per_point()));
    let name = std::mem::take(&mut shot.name);
    frame.window.center.shot = None;
    let picture = Export::Picture {
        width: part.width() as u32,
        height: part.height() as u32,
        rgba: part.as_raw().into(),
    };
    frame.window.dialog = Some(Dialog::save(frame.session, FilePurpose::Export(picture), &name));
}

/// Between tiles.
const GAP: f32 = 10.0;
/// The least width of a tile.
const TILE_WIDTH: f32 = 156.0;

/// Draws the middle.
pub(in crate::ui) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    frame.window.center.area = Some(ui.max_rect());
    if frame.window.start_page {
        return start_page::ui(ui, frame);
    }
    if frame.session.lanes().is_empty() {
        return nothing_ui(ui, frame);
    }
    let size = ui.available_size();
    ui.spacing_mut().item_spacing = Vec2::splat(GAP);
    if let [lane] = frame.session.lanes() {
        // One picture stands beside the curve: below it, it would be a strip.
        let width = (size.x * 0.36).min(size.y * 0.9).floor();
        ui.horizontal_top(|ui| {
            curve::ui(ui, frame, vec2(size.x - width - GAP, size.y));
            ui.vertical(|ui| {
                ui.set_max_width(width);
                let top = ui.cursor().top();
                if choice::is_offered(frame) {
                    ui.scope(|ui| choice::rows_of_ui(ui, frame));
                }
                let height = size.y - (ui.cursor().top() - top);
                ui.push_id(lane.id, |ui| tile::ui(ui, frame, lane, vec2(width, height)));
            });
        });
    } else {
        lanes_ui(ui, frame, size);
    }
    let CenterState { tiles, hidden, .. } = &mut frame.window.center;
    let alive = |id: &LaneId| frame.session.lane(*id).is_some();
    tiles.retain(|id, _| alive(id));
    hidden.retain(alive);
}

/// The curve plot above, the tiles in rows below.
fn lanes_ui(ui: &mut Ui, frame: &mut Frame<'_>, size: Vec2) {
    let count = frame.session.lanes().len();
    let columns = columns(size.x, count, frame.window.text_scale);
    let rows = count.div_ceil(columns);
    let tile_height = if rows == 1 {
        (size.y * 0.36).clamp(180.0, 340.0)
    } else {
        (size.y * 0.25).clamp(150.0, 260.0)
    };
    // Two rows are seen at a time, one where they are narrow; the others scroll.
    let seen = if columns == 1 { 1 } else { rows.min(2) };
    let tiles_height = (tile_height + GAP) * seen as f32 - GAP;
    let bar = if choice::is_offered(frame) { choice::height(ui) + GAP } else { 0.0 };
    let curve_height = (size.y - tiles_height - GAP - bar).max(160.0);
    curve::ui(ui, frame, vec2(size.x, curve_height));
    if bar > 0.0 {
        choice::bar_ui(ui, frame);
    }
    let room = tiles_height.min(size.y - curve_height - GAP - bar);
    ScrollArea::vertical().id_salt("tiles").max_height(room).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        let gaps = GAP * (columns - 1) as f32;
        let width = ((ui.available_width() - gaps) / columns as f32).floor();
        let session = frame.session;
        for row in session.lanes().chunks(columns) {
            ui.horizontal(|ui| {
                for lane in row {
                    ui.push_id(lane.id, |ui| {
                        tile::ui(ui, frame, lane, vec2(width, tile_height));
                    });
                }
            });
        }
    });
}

/// How many tiles stand side by side.
fn columns(width: f32, count: usize, scale: f32) -> usize {
    let fit = ((width + 10.0) / (TILE_WIDTH * scale + 10.0)) as usize;
    let fit = fit.clamp(1, count.max(1));
    // Rows of equal length look calmer than a full one and a rest.
    count.max(1).div_ceil(count.max(1).div_ceil(fit))
}

/// There are no lanes: data are loading, or something is wrong with them.
fn nothing_ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    let problem = frame.session.problems().next().map(|p| p.message.clone());
    match problem {
        Some(message) => empty_state(ui, Icon::Warning, "Nothing to train yet", &message, |ui| {
            if button(ui, Some(Icon::Folder), "Open another experiment…").clicked() {
                frame.window.dialog = Some(Dialog::open_experiment(frame.session));
            }
        }),
        None => empty_state(ui, Icon::Table, "Loading the data", "One moment.", |ui| {
            ui.spinner();
        }),
    }
}

/// Whether a lane's curves are drawn.
fn is_shown(state: &CenterState, lane: &Lane) -> bool {
    !state.hidden.contains(&lane.id)
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
}
