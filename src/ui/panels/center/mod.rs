//! The middle: panes, as the experiment's `view` arranges them; the curves and a tile a lane at first.

mod curve;
mod inside;
mod landscape;
mod lanes;
mod panes;
mod results;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use eframe::egui::{ColorImage, Context, Rect, ScreenshotCallback, Ui, Vec2, ViewportCommand};

use crate::session::{Export, LaneId};
use crate::ui::plot::CurvePlot;
use crate::ui::widgets::{Icon, button, empty_state};

use super::{lesson, start_page};
use crate::ui::dialogs::{Dialog, FilePurpose};
use crate::ui::frame::Frame;

use curve::{CurveTable, Smoothing};
use inside::InsideState;
pub(in crate::ui) use inside::shows as inside_shows;
use landscape::LandscapeState;
use lanes::{TileCache, TileChoice};
pub(in crate::ui) use lanes::{line_of, shows as tiles_show};
use panes::PanesState;
pub(in crate::ui) use panes::menu_ui as panes_menu_ui;

/// The middle's own state.
#[derive(Debug, Default)]
pub(in crate::ui) struct CenterState {
    plot: CurvePlot,
    panes: PanesState,
    inside: InsideState,
    /// Its smoothed lines.
    smoothing: Smoothing,
    /// The same as a table.
    table: CurveTable,
    /// What each lane's tile keeps between frames.
    tiles: BTreeMap<LaneId, TileCache>,
    /// What the tiles show, as the experiment's view has it in this frame.
    choice: TileChoice,
    /// The loss view's own.
    landscape: LandscapeState,
    /// Lanes that diverged and whose tiles show their pictures nevertheless.
    pictured: BTreeSet<LaneId>,
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

    /// Has pictures drawn anew, because everything looks otherwise.
    pub(in crate::ui) fn forget_pictures(&mut self) {
        self.tiles.clear();
    }

    /// Shows the curves and the landscape as tables, or as pictures again.
    pub(in crate::ui) fn toggle_table(&mut self) {
        self.table.is_shown = !self.table.is_shown;
        self.landscape.show_table(self.table.is_shown);
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
        let waker = crate::ui::window::waker(ctx);
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

/// Draws the middle.
pub(in crate::ui) fn ui(ui: &mut Ui, frame: &mut Frame<'_>) {
    frame.window.center.area = Some(ui.max_rect());
    frame.window.center.choice = TileChoice::of(&frame.session.experiment().view.tiles);
    if frame.window.start_page {
        return start_page::ui(ui, frame);
    }
    if lesson::center_ui(ui, frame) {
        return;
    }
    if frame.session.lanes().is_empty() {
        return nothing_ui(ui, frame);
    }
    ui.spacing_mut().item_spacing = Vec2::splat(GAP);
    panes::ui(ui, frame);
    let CenterState { tiles, pictured, .. } = &mut frame.window.center;
    let alive = |id: &LaneId| frame.session.lane(*id).is_some();
    tiles.retain(|id, _| alive(id));
    pictured.retain(alive);
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
