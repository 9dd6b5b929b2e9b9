//! A lane's tile: what its model has learnt, as a picture or as a table.

use std::sync::Arc;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align, Button, Label, Layout, Rect, RichText, Sense, Ui, UiBuilder, Vec2, vec2,
};

use crate::data::Split;
use crate::experiment::{TaskPlan, TileView};
use crate::session::{Action, Export, Lane};
use crate::train::{PictureRequest, RowSet};
use crate::ui::panels::fields::tip;
use crate::ui::theme::{
    lane_look, number_style, paint_marker, small_style, strong_style, theme_of, tokens,
};
use crate::ui::widgets::{Icon, count, fixed, score, tile_frame};

use super::autopsy;
use super::choice::caption;
use super::fits::{self, FitCache};
use super::fitted::{self, FittedCache, Rows};
use super::judged::{self, RocCache};
use super::plane::{PlaneCache, plane_ui};
use super::points::{self, Axes, Found, Points};
use super::predictions::{ROWS, predictions_ui};
use super::sheet::{self, SheetCache};
use super::surface::{self, SurfaceMap};
use crate::ui::dialogs::{Dialog, FilePurpose, file_stem};
use crate::ui::frame::Frame;

/// What a tile keeps between frames.
#[derive(Debug, Default)]
pub(in crate::ui::panels::center) struct TileCache {
    /// The data's points, and the data and axes they are of.
    points: Option<(Arc<Split>, Axes, Found)>,
    /// The plane's picture.
    plane: PlaneCache,
    /// Predictions beside targets.
    fit: FitCache,
    /// The curve over one feature.
    fitted: FittedCache,
    /// The worst mistakes of images.
    sheet: SheetCache,
    /// The ROC curve, and the outputs it was made of.
    roc: Option<RocCache>,
    /// The map of the surface, if the lane walks one.
    map: Option<SurfaceMap>,
}

/// How many times wider than high, or higher than wide, a picture may get.
const WIDEST: f32 = 1.6;
/// Cells along each side of a decision picture.
const CELLS: usize = 72;

/// Draws the tile.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane, size: Vec2) {
    let mut cache = frame.window.center.tiles.remove(&lane.id).unwrap_or_default();
    let scene = scene_of(&mut cache, frame, lane);
    let shown = tile_frame(ui, size, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        title_ui(ui, frame, lane);
        if autopsy::is_shown(frame, lane) {
            return autopsy::ui(ui, frame, lane);
        }
        let choice = frame.window.center.choice;
        let view = choice.view_of(lane);
        frame.watch(lane.id, requests(view, choice.of, &scene, lane));
        match view {
            TileView::Rows => predictions_ui(ui, lane, choice.of),
            _ => {
                picture_ui(ui, frame, &mut cache, (view, &scene), lane);
            }
        }
    });
    if autopsy::is_shown(frame, lane) {
        autopsy::frame_ui(ui, shown.response.rect);
    }
    ui.data_mut(|d| d.insert_temp(tile_id(lane), shown.response.rect));
    frame.window.center.tiles.insert(lane.id, cache);
}

/// What a lane's picture is made of.
enum Scene {
    /// Classes on a plane.
    Plane(Arc<Points>),
    /// Classes on a plane that is not known yet.
    Waiting,
    /// Classes by one feature.
    Classes,
    /// Numbers to predict by one feature.
    Fitted(Arc<Rows>),
    /// Numbers to predict by several.
    Fit,
    /// A function of two variables.
    Surface,
}

fn scene_of(cache: &mut TileCache, frame: &mut Frame<'_>, lane: &Lane) -> Scene {
    let TaskPlan::Learn(learn) = &lane.plan.task else { return Scene::Surface };
    let axes = frame.window.center.choice.axes;
    let is_known = |(split, of, found): &&(Arc<Split>, Axes, Found)| {
        Arc::ptr_eq(split, &learn.split) && *of == axes && *found != Found::Waiting
    };
    let found = if let Some((.., found)) = cache.points.as_ref().filter(is_known) {
        found.clone()
    } else {
        let projection = frame.session.projection(lane);
        let found = points::find(&learn.split, axes, projection);
        if found == Found::Waiting && !frame.session.is_projecting() {
            frame.push(Action::Project(lane.id));
        }
        cache.points = Some((Arc::clone(&learn.split), axes, found.clone()));
        found
    };
    match found {
        Found::Points(points) => Scene::Plane(points),
        Found::Rows(rows) => Scene::Fitted(rows),
        Found::Waiting => Scene::Waiting,
        Found::None if learn.split.train.targets.classes().is_some() => Scene::Classes,
        Found::None => Scene::Fit,
    }
}

fn requests(view: TileView, of: RowSet, scene: &Scene, lane: &Lane) -> Vec<PictureRequest> {
    let Some((of, _)) = lane.rows(of) else { return Vec::new() };
    match (view, scene) {
        (_, Scene::Surface) | (TileView::Picture, Scene::Waiting) => Vec::new(),
        (TileView::Rows, _) => vec![PictureRequest::Outputs { of, rows: ROWS, every: 1 }],
        (TileView::Picture, Scene::Plane(points)) => {
            let plane = points.plane.clone();
            let cells = (CELLS, CELLS);
            let map = PictureRequest::Regions { plane, x: points.x, y: points.y, cells };
            let mut requests = vec![map, PictureRequest::Parameters];
            requests.extend(judged::request(lane, RowSet::Training));
            if !points.held_out.is_empty() {
                requests.extend(judged::request(lane, RowSet::HeldOut));
            }
            requests
        }
        (TileView::Picture, Scene::Fitted(rows)) => {
            judged::request(lane, of).into_iter().chain([rows.request()]).collect()
        }
        _ => judged::request(lane, of).into_iter().collect(),
    }
}

fn title_ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane) {
    let height = ui.spacing().interact_size.y;
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), height),
        Layout::left_to_right(Align::Center),
        |ui| {
            let side = ui.text_style_height(&strong_style());
            let (mark, _) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
            let look = lane_look(lane.color);
            paint_marker(
                ui.painter(),
                look.marker,
                mark.center(),
                side * 0.3,
                look.color(theme_of(ui)),
            );
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                menu_ui(ui, frame, lane);
                let (score, says) = score_text(lane, ui.available_width() > 200.0);
                let score = RichText::new(score).text_style(number_style()).color(tokens(ui).dim);
                tip(ui.label(score), &says);
                seed_ui(ui, lane);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let name = RichText::new(lane.name()).text_style(strong_style());
                    ui.add(Label::new(name).truncate());
                });
            });
        },
    );
}

/// Which of several seeds is shown.
fn seed_ui(ui: &mut Ui, lane: &Lane) {
    if lane.seed_count() > 1 {
        let (number, all) = (lane.shown_seed() + 1, lane.seed_count());
        let words = RichText::new(format!("#{number}")).text_style(small_style());
        let says = format!("Seed {number} of {all} is shown. The lane's card shows another one.");
        ui.label(words.color(tokens(ui).dim)).on_hover_text(says);
    }
}

/// The latest score: accuracy in percent, R², or the value of a surface, with a word where there is room;
/// and which it is.
fn score_text(lane: &Lane, roomy: bool) -> (String, String) {
    let Some(record) = lane.latest() else { return (String::new(), String::new()) };
    let (evaluation, after) = (&record.evaluation, updates(record.step));
    let scores = evaluation.held_out.as_ref().unwrap_or(&evaluation.train);
    let rows = if evaluation.held_out.is_some() { "held-out" } else { "training" };
    if let Some(accuracy) = scores.accuracy {
        let text = format!("{} %", score(accuracy * 100.0, 100.0, usize::from(roomy)));
        (text, format!("How many of all {rows} rows are right, {after}."))
    } else if let Some(r2) = scores.r2 {
        let says = format!("The part of the targets' variance that is told, {rows} rows, {after}.");
        let told = if r2.is_finite() { score(r2, 1.0, 3) } else { "–".to_owned() };
        (format!("R² {told}"), says)
    } else {
        let (word, says) = if lane.train_rows() == 0 {
            ("here ", format!("The function's value where the lane is, {after}."))
        } else {
            ("all ", format!("The loss over all training rows, {after}."))
        };
        // In a narrow tile the lane's name needs the room more.
        let word = if roomy { word } else { "" };
        (format!("{word}{}", fixed(evaluation.full_loss)), says)
    }
}

/// "after 12 updates".
fn updates(step: u64) -> String {
    match step {
        0 => "before any update".to_owned(),
        1 => "after 1 update".to_owned(),
        n => format!("after {} updates", count(n)),
    }
}

fn menu_ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane) {
    let button = Button::new(Icon::More.atom(ui)).frame(false);
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        autopsy::entry_ui(ui, frame, lane);
        let learns = matches!(lane.plan.task, TaskPlan::Learn(_));
        if learns {
            if ui.button("Save rows and outputs…").clicked() {
                let name = format!("{}.csv", file_stem(lane.name()));
                let purpose = FilePurpose::Export(Export::Outputs(lane.id));
                frame.window.dialog = Some(Dialog::save(frame.session, purpose, &name));
            }
        } else if ui.button("Save path…").clicked() {
            let name = format!("{}.csv", file_stem(lane.name()));
            let purpose = FilePurpose::Export(Export::Trail(lane.id));
            frame.window.dialog = Some(Dialog::save(frame.session, purpose, &name));
        }
        if ui.button("Save picture…").clicked() {
            let name = format!("{}.png", file_stem(lane.name()));
            frame.window.center.shoot(tile_rect(ui, lane), name);
        }
    });
    response.on_hover_text("Save the picture or the numbers");
}

fn tile_id(lane: &Lane) -> eframe::egui::Id {
    eframe::egui::Id::unique(("tile rect", lane.id))
}

/// The tile's place on the screen, as last drawn.
fn tile_rect(ui: &Ui, lane: &Lane) -> Rect {
    ui.data(|d| d.get_temp(tile_id(lane))).unwrap_or(Rect::NOTHING)
}

fn picture_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    cache: &mut TileCache,
    (view, scene): (TileView, &Scene),
    lane: &Lane,
) {
    let whole = ui.available_rect_before_wrap();
    let rect = shaped(whole);
    if rect.width() < 40.0 || rect.height() < 40.0 {
        return;
    }
    match (view, scene) {
        (TileView::Roc, _) => judged::roc(ui, frame, &mut cache.roc, lane, whole),
        (TileView::Mistakes, _) => sheet::ui(ui, frame, &mut cache.sheet, lane, whole),
        (TileView::Confusion, _) | (_, Scene::Classes) => {
            judged::confusion(ui, frame, lane, rect);
        }
        (_, Scene::Surface) => surface::ui(ui, &mut cache.map, lane, rect),
        (_, Scene::Plane(points)) => plane_ui(ui, frame, &mut cache.plane, points, lane, whole),
        (_, Scene::Waiting) => {
            let text = caption(ui, "One moment: the plane in which the rows differ most.");
            ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| ui.label(text));
        }
        (TileView::Residuals, _) => fits::residuals(ui, frame, &mut cache.fit, lane, whole),
        (TileView::Picture, Scene::Fitted(rows)) => {
            let caches = (&mut cache.fitted, &mut cache.fit);
            fitted::ui(ui, frame, caches, rows, lane, whole);
        }
        (_, Scene::Fit | Scene::Fitted(_)) => fits::fit(ui, frame, &mut cache.fit, lane, rect),
    }
    ui.advance_cursor_after_rect(whole);
}

/// The part of a room that a plane is drawn in: far from square it misleads about slopes and distances.
pub(super) fn shaped(room: Rect) -> Rect {
    let shape =
        vec2(room.width().min(room.height() * WIDEST), room.height().min(room.width() * WIDEST));
    Rect::from_center_size(room.center(), shape)
}
