//! The loss view: the plane through the lanes' parameters with the loss over it, as a map or as a bowl, the
//! lanes' paths on it and what drives them.
//!
//! Deliberately not here: how the plane is laid and the loss found ([`crate::session::Landscape`]); a frame
//! only places what there is.

mod controls;
mod marks;
mod picture;
mod table;

use std::sync::Arc;

use eframe::egui::{Align, Label, Layout, Mesh, Rect, RichText, Ui, Vec2, vec2};

use crate::experiment::{HeightScale, LandscapeShape, TaskPlan};
use crate::lab::Window;
use crate::objective::surface_info;
use crate::session::{Action, Apart, Chart, Lane, LessonRun};
use crate::train::PictureRequest;
use crate::ui::theme::{Palette, small_style, theme_of, tokens};
use crate::ui::tiles::{Camera, HeatMap, Relief};
use crate::ui::widgets::{Icon, empty_state, short, tile_frame};

use crate::ui::frame::Frame;
use marks::Track;
use table::LandscapeTable;

/// What the loss view keeps between frames.
#[derive(Debug, Default)]
pub(super) struct LandscapeState {
    /// From where the bowl is seen, once it was.
    camera: Option<Camera>,
    /// The heights on their scale, and what they were made of.
    relief: Option<(ReliefKey, Arc<Relief>)>,
    /// The same as a picture.
    map: Option<(ReliefKey, HeatMap)>,
    /// The same as triangles, and from where they are seen.
    mesh: Option<(ReliefKey, Palette, Camera, Rect, Arc<Mesh>)>,
    /// The part of the plane that the map last showed.
    seen: Option<Window>,
    /// The same as a table.
    table: LandscapeTable,
    /// Where the pane lies on the screen.
    rect: Option<Rect>,
}

impl LandscapeState {
    /// Shows a table in place of the picture, or the picture again.
    pub(super) fn show_table(&mut self, on: bool) {
        self.table.is_shown = on;
    }
}

/// Which heights, on which scale.
#[derive(Debug, Clone)]
struct ReliefKey {
    heights: Arc<[f64]>,
    scale: HeightScale,
    /// The part of them that is shown, and the known minimum.
    window: Window,
    lowest: Option<f64>,
}

impl PartialEq for ReliefKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.heights, &other.heights)
            && self.scale == other.scale
            && self.window == other.window
            && self.lowest == other.lowest
    }
}

/// What is drawn: a plane that there is, and the lanes on it.
struct Scene<'a> {
    chart: &'a Chart,
    relief: Arc<Relief>,
    key: ReliefKey,
    tracks: Vec<Track<'a>>,
    /// The known minima of a surface.
    minima: &'a [[f64; 2]],
}

/// Draws the pane.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, size: Vec2) {
    let is_blind = frame.session.lesson().is_some_and(LessonRun::is_blind);
    if !is_blind {
        watch(frame);
    }
    let shown = tile_frame(ui, size, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        controls::ui(ui, frame);
        let session = frame.session;
        if is_blind {
            let words = "The lesson hides the map until you have walked.";
            return empty_state(ui, Icon::Eye, "In the fog", words, |_| {});
        }
        if let Some(problem) = session.landscape().problem() {
            return empty_state(ui, Icon::Warning, "No plane to look at", problem, |_| {});
        }
        let is_map = session.view().landscape.shape == LandscapeShape::Contours;
        if is_map && session.landscape().shape().is_none() {
            // About, as long as nothing was drawn.
            let size = ui.available_size() - vec2(90.0, 60.0);
            frame.push(Action::ShapeLandscape(f64::from(size.x / size.y)));
        }
        let (Some(chart), Some(_)) = (session.landscape().chart(), session.landscape().sheet())
        else {
            return waiting_ui(ui);
        };
        let Some(scene) = scene_of(frame, chart) else { return };
        if frame.window.center.landscape.table.is_shown {
            return table::ui(ui, frame, &scene);
        }
        let foot = foot_height(ui, frame);
        let whole = ui.available_rect_before_wrap();
        let (upper, lower) = whole.split_top_bottom_at_y(whole.bottom() - foot);
        if upper.width() > 60.0 && upper.height() > 60.0 {
            match session.view().landscape.shape {
                LandscapeShape::Contours => picture::map_ui(ui, frame, &scene, upper),
                LandscapeShape::Bowl => picture::bowl_ui(ui, frame, &scene, upper),
            }
        }
        let mut below = ui.new_child(eframe::egui::UiBuilder::new().max_rect(lower));
        foot_ui(&mut below, frame, &scene);
        ui.advance_cursor_after_rect(whole);
    });
    frame.window.center.landscape.rect = Some(shown.response.rect);
}

/// Says that the loss view is on screen, and which pictures of the lanes it needs.
fn watch(frame: &mut Frame<'_>) {
    frame.looks_at_landscape = true;
    let arrows = frame.session.view().landscape.arrows;
    let session = frame.session;
    for lane in session.lanes().iter().filter(|lane| session.is_shown(lane)) {
        let mut requests = Vec::new();
        if !is_on_surface(lane) {
            requests.push(PictureRequest::Parameters);
        }
        if arrows {
            requests.push(PictureRequest::State);
        }
        frame.watch(lane.id, requests);
    }
}

fn is_on_surface(lane: &Lane) -> bool {
    matches!(lane.plan.task, TaskPlan::Surface { .. })
}

fn waiting_ui(ui: &mut Ui) {
    let words = "The plane is being laid and the loss found over it.";
    empty_state(ui, Icon::Picture, "One moment", words, |ui| {
        ui.spinner();
    });
}

/// Puts together what is drawn, with the heights on their scale.
fn scene_of<'a>(frame: &mut Frame<'a>, chart: &'a Chart) -> Option<Scene<'a>> {
    let session = frame.session;
    let sheet = session.landscape().sheet()?;
    let lane = session.lane(chart.lane)?;
    let view = &session.view().landscape;
    // A map fills its room, a bowl stands on a square.
    let window = match view.shape {
        LandscapeShape::Contours => sheet.window,
        LandscapeShape::Bowl => chart.window,
    };
    let (heights, lowest) = (Arc::clone(&sheet.heights), lane.lowest());
    let key = ReliefKey { heights, scale: view.heights, window, lowest };
    let known = frame.window.center.landscape.relief.as_ref().filter(|(of, _)| *of == key);
    let relief = if let Some((_, relief)) = known {
        Arc::clone(relief)
    } else {
        let log = key.scale == HeightScale::Log;
        let relief = Arc::new(Relief::new(&sheet.part(window), sheet.side, log, lowest));
        frame.window.center.landscape.relief = Some((key.clone(), Arc::clone(&relief)));
        relief
    };
    let minima = match &lane.plan.task {
        TaskPlan::Surface { function, .. } => surface_info(function).minima,
        TaskPlan::Learn(_) => &[],
    };
    let tracks = session.lanes().iter().filter(|lane| session.is_shown(lane));
    let seen = match view.shape {
        LandscapeShape::Contours => frame.window.center.landscape.seen.unwrap_or(chart.window),
        LandscapeShape::Bowl => chart.window,
    };
    let tracks = tracks.filter_map(|lane| Track::of(session, lane, seen)).collect();
    Some(Scene { chart, relief, key, tracks, minima })
}

fn line_height(ui: &Ui) -> f32 {
    ui.text_style_height(&small_style()) + 4.0
}

fn foot_height(ui: &Ui, frame: &Frame<'_>) -> f32 {
    let lines = if frame.session.view().landscape.arrows { 2.0 } else { 1.0 };
    lines * line_height(ui)
}

/// What is to be known of the picture: who is not on the plane, and how far the others are off it.
fn foot_ui(ui: &mut Ui, frame: &mut Frame<'_>, scene: &Scene<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    if frame.session.view().landscape.arrows {
        let row = vec2(ui.available_width(), line_height(ui));
        ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
            marks::legend_ui(ui, theme_of(ui));
        });
    }
    let note = notes(frame, scene).join("; ");
    let row = vec2(ui.available_width(), line_height(ui));
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        let text = RichText::new(note).text_style(small_style()).color(tokens(ui).dim);
        // Shortened where there is no room, and then told in full under the pointer.
        ui.add(Label::new(text).truncate());
    });
}

fn notes(frame: &Frame<'_>, scene: &Scene<'_>) -> Vec<String> {
    let session = frame.session;
    let mut notes = Vec::new();
    let named = |wanted: Apart| {
        let of = scene.chart.apart.iter().filter(|(_, apart)| *apart == wanted);
        let names: Vec<&str> = of.filter_map(|(id, _)| session.lane(*id)).map(Lane::name).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    notes.extend(
        named(Apart::Model).map(|names| format!("not shown, as the model is another: {names}")),
    );
    notes.extend(named(Apart::Lost).map(|names| format!("path not found: {names}")));
    notes.extend(
        named(Apart::Loss).map(|names| format!("the loss is another than the one shown: {names}")),
    );
    let gone: Vec<&str> =
        scene.tracks.iter().filter(|track| !track.is_inside).map(|t| t.lane.name()).collect();
    if !gone.is_empty() {
        notes.push(format!("out of the picture: {}", gone.join(", ")));
    }
    let off = scene.tracks.iter().filter(|track| track.off > 0.0 && track.is_inside);
    let farthest = off.max_by(|a, b| a.off.total_cmp(&b.off));
    let is_slice = scene.chart.slice.len() > 2;
    if let Some(track) = farthest.filter(|_| is_slice) {
        notes.push(format!("up to {} off the plane ({})", short(track.off), track.lane.name()));
    }
    let tool = match session.view().landscape.shape {
        LandscapeShape::Contours => "click to start a lane",
        LandscapeShape::Bowl => "drag to turn, click to start a lane",
    };
    notes.push(tool.to_owned());
    notes
}

/// Starts a lane at a point of the plane.
fn start_at(frame: &mut Frame<'_>, at: [f64; 2]) {
    frame.push(Action::StartLaneAt(at));
}
