//! A lane's tile: what its model has learnt, as a picture or as a table.

use std::sync::Arc;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align, Button, Label, Layout, Rect, RichText, Role, Sense, TextStyle, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};

use crate::data::Split;
use crate::experiment::{TaskPlan, TileView};
use crate::objective::Evaluation;
use crate::session::{Action, Export, Lane};
use crate::train::{PictureRequest, RowSet};
use crate::ui::panels::fields::{fitted, text_width, tip};
use crate::ui::theme::{
    lane_look, number_style, paint_marker, small_style, strong_style, theme_of, tokens,
};
use crate::ui::widgets::{GridState, Icon, brief, count, elided_middle, fixed, score, tile_frame};

use super::along::{self, AlongCache};
use super::autopsy;
use super::choice::caption;
use super::fits::{self, FitCache};
use super::fitted::{self, FittedCache, Rows};
use super::judged::{self, RocCache};
use super::plane::{PlaneCache, plane_ui};
use super::points::{self, Axes, Found, Points};
use super::predictions::{ROWS, predictions_ui};
use super::sheet::{self, SheetCache};
use super::shown;
use super::steps;
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
    /// Classes by one feature.
    along: AlongCache,
    /// Predictions beside targets.
    fit: FitCache,
    /// The curve over one feature.
    fitted: FittedCache,
    /// The worst mistakes of images.
    sheet: SheetCache,
    /// The ROC curve, and the outputs it was made of.
    roc: Option<RocCache>,
    /// How far the table of a path is scrolled.
    steps: GridState,
    /// The map of the surface, if the lane walks one.
    map: Option<SurfaceMap>,
}

impl TileCache {
    /// Predictions beside targets, as they were last drawn.
    pub(super) fn fit(&self) -> &FitCache {
        &self.fit
    }
}

/// How many times wider than high a picture may get.
const WIDEST: f32 = 1.6;
/// The same of a picture of equal axes.
const WIDEST_EQUAL: f32 = 2.4;
/// How many times higher than wide any may get.
const HIGHEST: f32 = 1.6;

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
        match view {
            TileView::Rows if matches!(scene, Scene::Surface) => {
                steps::ui(ui, &mut cache.steps, lane);
            }
            TileView::Rows => predictions_ui(ui, lane, choice.of),
            _ => {
                picture_ui(ui, frame, &mut cache, (view, &scene), lane);
            }
        }
        // Only now it is known how large the picture is.
        frame.watch(lane.id, requests((view, choice.of), &scene, cache.plane.shape, lane));
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
    Along(Arc<Points>),
    /// Classes by nothing that could be drawn.
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
        Found::Along(points) => Scene::Along(points),
        Found::Rows(rows) => Scene::Fitted(rows),
        Found::Waiting => Scene::Waiting,
        Found::None if learn.split.train.targets.classes().is_some() => Scene::Classes,
        Found::None => Scene::Fit,
    }
}

/// The pictures that a view needs; `shape` is that of a plane on the screen.
fn requests(
    (view, of): (TileView, RowSet),
    scene: &Scene,
    shape: Option<f64>,
    lane: &Lane,
) -> Vec<PictureRequest> {
    let Some((of, _)) = lane.rows(of) else { return Vec::new() };
    match (view, scene) {
        (_, Scene::Surface) | (TileView::Picture, Scene::Waiting) => Vec::new(),
        (TileView::Rows, _) => vec![PictureRequest::Outputs { of, rows: ROWS, every: 1 }],
        (TileView::Picture, Scene::Plane(points)) => {
            let map = [points.map(shape), PictureRequest::Parameters];
            map.into_iter().chain(of_points(points, lane)).collect()
        }
        (TileView::Picture, Scene::Along(points)) => {
            [along::request(points)].into_iter().chain(of_points(points, lane)).collect()
        }
        (TileView::Picture, Scene::Fitted(rows)) => {
            judged::request(lane, of).into_iter().chain([rows.request()]).collect()
        }
        _ => judged::request(lane, of).into_iter().collect(),
    }
}

/// What is asked for of the rows that are points.
fn of_points(points: &Points, lane: &Lane) -> impl Iterator<Item = PictureRequest> {
    let training = judged::request(lane, RowSet::Training);
    let is_split = !points.held_out.is_empty();
    training.into_iter().chain(judged::request(lane, RowSet::HeldOut).filter(|_| is_split))
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
                standing_ui(ui, frame, lane);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let name = fitted(ui, lane.name(), &strong_style(), ui.available_width() - 1.0);
                    let name = RichText::new(name).text_style(strong_style());
                    let label = ui.add(Label::new(name).truncate()).on_hover_text(lane.name());
                    let enabled = ui.is_enabled();
                    label.widget_info(|| WidgetInfo::labeled(Role::Label, enabled, lane.name()));
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

/// A name of so many letters is not shortened for anything else, a longer one not below [`KEPT`].
const LETTERS: usize = 11;
const KEPT: usize = 7;
/// What a score is as wide as.
const WIDEST_SCORE: &str = "100.0 %";

/// How a loss is written, from the most digits to the fewest.
const LOSSES: [fn(f64) -> String; 4] =
    [fixed, |loss| brief(loss, 3), |loss| brief(loss, 2), |loss| brief(loss, 1)];

/// What stands beside a tile's name.
struct Standing {
    /// Which of [`LOSSES`]; none has room where even the last is too wide.
    loss: Option<usize>,
    has_score: bool,
    has_word: bool,
}

impl Standing {
    /// The most that leaves names their room: the word goes first, then the score, then digits of the loss.
    /// All tiles do alike: what counts is the longest of each. In a row that is filled from the right.
    fn of(ui: &Ui, frame: &Frame<'_>, has_score: bool) -> Self {
        let lanes = || shown(frame.session);
        let wide = |text: &str, style: &TextStyle| text_width(ui, text, style) + 6.0;
        let widest = |texts: &mut dyn Iterator<Item = String>, style: &TextStyle| {
            texts.map(|text| wide(&text, style)).fold(0.0, f32::max)
        };
        let (strong, small, number) = (strong_style(), small_style(), number_style());
        let mut names = lanes().map(Lane::name).map(|name| match name.chars().count() {
            ..=LETTERS => name.to_owned(),
            _ => elided_middle(name, KEPT),
        });
        let seeds = lanes().any(|lane| lane.seed_count() > 1);
        let seed = if seeds { wide("#00", &small) } else { 0.0 };
        let room = ui.available_width() - widest(&mut names, &strong) - seed;
        let ranked = || lanes().filter_map(Lane::ranked_loss);
        let loss_as =
            |at: usize| widest(&mut ranked().map(|ranked| LOSSES[at](ranked.value)), &number);
        let score = if has_score { wide(WIDEST_SCORE, &small) } else { 0.0 };
        let word = widest(&mut ranked().map(|ranked| ranked.by.word().to_owned()), &small);
        let full = loss_as(0);
        Self {
            loss: (0..LOSSES.len()).find(|at| loss_as(*at) <= room),
            has_score: full + score <= room,
            has_word: full + score + word <= room,
        }
    }
}

/// The loss that the lane is placed by, then the score: accuracy or R².
fn standing_ui(ui: &mut Ui, frame: &Frame<'_>, lane: &Lane) {
    let Some(ranked) = lane.ranked_loss() else { return };
    let score = lane.latest().and_then(|record| score_of(&record.evaluation, record.step));
    let standing = Standing::of(ui, frame, score.is_some());
    let dim = tokens(ui).dim;
    if let Some((text, says)) = score.filter(|_| standing.has_score) {
        let text = RichText::new(text).text_style(small_style()).color(dim);
        tip(ui.label(text), &says);
    }
    // Of several seeds the score is that of the one that is shown, the loss is their median.
    seed_ui(ui, lane);
    let Some(loss) = standing.loss else { return };
    let median = if lane.seed_count() > 1 { "The median of all seeds of" } else { "Here:" };
    let (meaning, after) = (ranked.by.meaning(), updates(ranked.step));
    let says = format!("{median} {meaning}, {after}. Lanes are placed by it.");
    let text = RichText::new(LOSSES[loss](ranked.value)).text_style(number_style());
    tip(ui.label(text), &says);
    if standing.has_word {
        let word = RichText::new(ranked.by.word()).text_style(small_style()).color(dim);
        tip(ui.label(word), &says);
    }
}

/// Accuracy in percent, or R², and what it is of; none where neither is measured.
fn score_of(evaluation: &Evaluation, step: u64) -> Option<(String, String)> {
    let scores = evaluation.held_out.as_ref().unwrap_or(&evaluation.train);
    let rows = if evaluation.held_out.is_some() { "held-out" } else { "training" };
    let after = updates(step);
    if let Some(accuracy) = scores.accuracy {
        let text = format!("{} %", score(accuracy * 100.0, 100.0, 1));
        Some((text, format!("How many of all {rows} rows are right, {after}.")))
    } else if let Some(r2) = scores.r2.filter(|r2| r2.is_finite()) {
        let says = format!("The part of the targets' variance that is told, {rows} rows, {after}.");
        Some((format!("R² {}", score(r2, 1.0, 3)), says))
    } else {
        None
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
        (_, Scene::Surface) => surface::ui(ui, &mut cache.map, lane, shaped_equal(whole)),
        (_, Scene::Plane(points)) => plane_ui(ui, frame, &mut cache.plane, points, lane, whole),
        (_, Scene::Along(points)) => {
            along::ui(ui, frame, (&mut cache.plane, &mut cache.along), points, lane, whole);
        }
        (_, Scene::Waiting) => {
            let text = caption(ui, "One moment: the plane in which the rows differ most.");
            ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| ui.label(text));
        }
        (TileView::Residuals, _) => fits::residuals(ui, frame, &mut cache.fit, lane, whole),
        (TileView::Picture, Scene::Fitted(rows)) => {
            let caches = (&mut cache.fitted, &mut cache.fit);
            fitted::ui(ui, frame, caches, rows, lane, whole);
        }
        (_, Scene::Fit | Scene::Fitted(_)) => {
            fits::fit(ui, frame, &mut cache.fit, lane, shaped_equal(whole));
        }
    }
    ui.advance_cursor_after_rect(whole);
}

/// The part of a room that a plane is drawn in: far from square it misleads about slopes and distances.
pub(super) fn shaped(room: Rect) -> Rect {
    within(room, WIDEST)
}

/// The same of a plane of equal axes, which misleads about nothing; but far from square it shows little of
/// what matters.
pub(super) fn shaped_equal(room: Rect) -> Rect {
    within(room, WIDEST_EQUAL)
}

fn within(room: Rect, most: f32) -> Rect {
    let shape =
        vec2(room.width().min(room.height() * most), room.height().min(room.width() * HIGHEST));
    // What is left lies below: captions stand beneath the title.
    Rect::from_min_size(pos2(room.center().x - shape.x / 2.0, room.top()), shape)
}
