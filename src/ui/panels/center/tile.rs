//! A lane's tile: what its model has learnt, as a picture or as a table.

use std::sync::Arc;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{
    Align, Button, Label, Layout, PointerButton, Rect, RichText, Sense, Stroke, Theme, Ui, Vec2,
    vec2,
};

use crate::data::Split;
use crate::experiment::TaskPlan;
use crate::session::{Action, Export, Lane};
use crate::train::{Picture, PictureKind, PictureRequest};
use crate::ui::theme::{
    lane_look, number_style, paint_class, paint_marker, small_style, strong_style, theme_of, tokens,
};
use crate::ui::tiles::{
    Confusion, Plane, Regions, ScatterScene, confusion_ui, paint_line, scatter_ui,
};
use crate::ui::widgets::{Icon, link_button, segmented, tile_frame};

use super::super::super::dialogs::{Dialog, FilePurpose, file_stem};
use super::super::super::frame::Frame;
use super::points::Points;
use super::predictions::{ROWS, answer};
use super::surface::{self, SurfaceMap};
use super::{TileView, line_of, predictions_ui};

/// What a tile keeps between frames.
#[derive(Debug, Default)]
pub(super) struct TileCache {
    /// The data's points, and the data they are of.
    points: Option<(Arc<Split>, Option<Arc<Points>>)>,
    /// The regions' picture, and the picture and theme it was made of.
    regions: Option<(u64, Theme, Regions)>,
    /// Earlier boundaries of this lane, oldest first, as lines.
    map: Option<SurfaceMap>,
}

/// How many times wider than high, or higher than wide, a picture may get.
const WIDEST: f32 = 1.6;
/// Cells along each side of a decision picture.
const CELLS: usize = 72;
/// Rows that a scatter or a confusion matrix is made of.
const MOST_ROWS: usize = 4000;

/// Draws the tile.
pub(super) fn ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane, size: Vec2) {
    let mut cache = frame.window.center.tiles.remove(&lane.id).unwrap_or_default();
    let scene = scene_of(&mut cache, lane);
    let shown = tile_frame(ui, size, |ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        title_ui(ui, frame, lane);
        let view = frame.window.center.show;
        frame.push(Action::Watch(lane.id, requests(view, &scene)));
        match view {
            TileView::Predictions => predictions_ui(ui, lane),
            TileView::Pictures => picture_ui(ui, frame, &mut cache, &scene, lane),
        }
    });
    ui.data_mut(|d| d.insert_temp(tile_id(lane), shown.response.rect));
    frame.window.center.tiles.insert(lane.id, cache);
}

/// What a tile shows.
enum Scene {
    /// Two features and classes.
    Plane(Arc<Points>),
    /// More features and classes.
    Confusion,
    /// Numbers to predict.
    Fit,
    /// A function of two variables.
    Surface,
}

fn scene_of(cache: &mut TileCache, lane: &Lane) -> Scene {
    let TaskPlan::Learn(learn) = &lane.plan.task else { return Scene::Surface };
    let known = cache.points.as_ref().filter(|(split, _)| Arc::ptr_eq(split, &learn.split));
    let points = if let Some((_, points)) = known {
        points.clone()
    } else {
        let points = Points::of(&learn.split).map(Arc::new);
        cache.points = Some((Arc::clone(&learn.split), points.clone()));
        points
    };
    match points {
        Some(points) => Scene::Plane(points),
        None if learn.split.train.targets.classes().is_some() => Scene::Confusion,
        None => Scene::Fit,
    }
}

fn requests(view: TileView, scene: &Scene) -> Vec<PictureRequest> {
    match (view, scene) {
        (_, Scene::Surface) => Vec::new(),
        (TileView::Predictions, _) => vec![PictureRequest::Outputs { rows: ROWS }],
        (TileView::Pictures, Scene::Plane(points)) => vec![
            PictureRequest::Regions {
                features: [0, 1],
                x: points.x,
                y: points.y,
                cells: (CELLS, CELLS),
            },
            PictureRequest::Parameters,
        ],
        (TileView::Pictures, Scene::Confusion | Scene::Fit) => {
            vec![PictureRequest::Outputs { rows: MOST_ROWS }]
        }
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
                let score = score_text(lane, ui.available_width() > 200.0);
                ui.label(RichText::new(score).text_style(number_style()).color(tokens(ui).dim));
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let name = RichText::new(lane.name()).text_style(strong_style());
                    ui.add(Label::new(name).truncate());
                });
            });
        },
    );
}

/// The latest score: accuracy in percent, R², or the value of a surface.
fn score_text(lane: &Lane, roomy: bool) -> String {
    let Some(record) = lane.latest() else { return String::new() };
    let scores = record.evaluation.held_out.as_ref().unwrap_or(&record.evaluation.train);
    if let Some(accuracy) = scores.accuracy {
        let digits = usize::from(roomy);
        format!("{:.digits$} %", accuracy * 100.0)
    } else if let Some(r2) = scores.r2 {
        format!("R² {r2:.3}")
    } else {
        crate::ui::widgets::fixed(record.evaluation.full_loss)
    }
}

fn menu_ui(ui: &mut Ui, frame: &mut Frame<'_>, lane: &Lane) {
    let button = Button::new(Icon::More.atom(ui)).frame(false);
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        let learns = matches!(lane.plan.task, TaskPlan::Learn(_));
        if learns {
            let views = [(TileView::Pictures, "picture"), (TileView::Predictions, "predictions")];
            let view = frame.window.center.show;
            if let Some(view) = segmented(ui, "Tiles show", view, &views) {
                frame.window.center.show = view;
            }
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
    response.on_hover_text("Picture or predictions, save");
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
    scene: &Scene,
    lane: &Lane,
) {
    let whole = ui.available_rect_before_wrap();
    // Far from square a plane misleads about slopes and distances.
    let shape = vec2(
        whole.width().min(whole.height() * WIDEST),
        whole.height().min(whole.width() * WIDEST),
    );
    let rect = Rect::from_center_size(whole.center(), shape);
    if rect.width() < 40.0 || rect.height() < 40.0 {
        return;
    }
    match scene {
        Scene::Surface => surface::ui(ui, &mut cache.map, lane, rect),
        Scene::Plane(points) => plane_ui(ui, frame, cache, points, lane, rect),
        Scene::Confusion => confusion(ui, lane, rect),
        Scene::Fit => fit(ui, lane, rect),
    }
    ui.advance_cursor_after_rect(whole);
}

fn plane_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    cache: &mut TileCache,
    points: &Points,
    lane: &Lane,
    rect: Rect,
) {
    let theme = theme_of(ui);
    let line = line_of(lane);
    let foot = if line.is_some() { ui.text_style_height(&small_style()) + 4.0 } else { 0.0 };
    let (upper, lower) = rect.split_top_bottom_at_y(rect.bottom() - foot);
    let plane =
        Plane::with_axes(ui, upper, points.x, points.y, [&points.names[0], &points.names[1]]);
    let painter = ui.painter().with_clip_rect(plane.rect);
    if let Some(picture) = &lane.pictures.regions {
        refresh_regions(ui, cache, picture);
    }
    if let Some((.., regions)) = &cache.regions {
        regions.paint(&painter, &plane);
    }
    let radius = if points.train.len() > 600 { 1.8 } else { 2.6 };
    // Beyond a few thousand, points only cover each other.
    let every = points.train.len().div_ceil(3000).max(1);
    for ([x, y], class) in points.train.iter().step_by(every) {
        paint_class(&painter, *class, theme, plane.at(*x, *y), radius);
    }
    match (&line, &cache.regions) {
        (Some(line), _) => {
            let stroke = Stroke::new(2.0, tokens(ui).ink);
            paint_line(&painter, &plane, [line.w1, line.w2, line.b], stroke);
        }
        (None, Some((.., regions))) => regions.paint_boundary(&painter, &plane, theme),
        (None, None) => {}
    }
    brush_ui(ui, frame, &plane);
    if let Some(line) = line {
        let mut foot = ui.new_child(eframe::egui::UiBuilder::new().max_rect(lower));
        foot.horizontal(|ui| {
            let sign = if -line.w1 / line.w2 < 0.0 { "−" } else { "+" };
            let text =
                format!("y = {:.3} {sign} {:.3}·x", -line.b / line.w2, (line.w1 / line.w2).abs());
            let text = RichText::new(text).text_style(small_style()).color(tokens(ui).dim);
            ui.add(Label::new(text).truncate());
            if link_button(ui, "why?").clicked() {
                frame.window.dialog = Some(Dialog::Line(lane.id));
            }
        });
    }
}

fn refresh_regions(ui: &Ui, cache: &mut TileCache, picture: &Picture) {
    let theme = theme_of(ui);
    let PictureKind::Regions { request, outputs, width } = &picture.kind else { return };
    let PictureRequest::Regions { cells, .. } = request else { return };
    // The numbers' place in memory tells pictures apart, also of one step.
    let key = outputs.as_ptr() as u64 ^ picture.step.rotate_left(32);
    if cache.regions.as_ref().is_none_or(|(k, t, _)| *k != key || *t != theme) {
        let regions = Regions::new(ui.ctx(), theme, outputs, *width, cells.0);
        cache.regions = Some((key, theme, regions));
    }
}

/// Painting points with the mouse, where it is switched on.
fn brush_ui(ui: &mut Ui, frame: &mut Frame<'_>, plane: &Plane) {
    let Some(class) = frame.window.experiment.painted_class() else { return };
    let response = ui.interact(plane.rect, ui.scope_id().with("brush"), Sense::click_and_drag());
    let stroke = &mut frame.window.center.stroke;
    if let Some(place) = response.interact_pointer_pos().filter(|p| plane.rect.contains(*p)) {
        let far = stroke.last().is_none_or(|last| plane.at(last[0], last[1]).distance(place) > 7.0);
        let pressed = response.is_pointer_button_down_on() || response.clicked();
        if far && pressed && !response.dragged_by(PointerButton::Secondary) {
            stroke.push(plane.point(place));
        }
    }
    let theme = theme_of(ui);
    for [x, y] in stroke.iter() {
        paint_class(ui.painter(), class, theme, plane.at(*x, *y), 3.2);
    }
    if (response.drag_stopped() || response.clicked()) && !stroke.is_empty() {
        let points = std::mem::take(stroke);
        frame.push(Action::Paint { class, points });
    }
    response.on_hover_cursor(eframe::egui::CursorIcon::Crosshair);
}

fn confusion(ui: &Ui, lane: &Lane, rect: Rect) {
    let TaskPlan::Learn(learn) = &lane.plan.task else { return };
    let crate::data::Targets::Classes { labels, names } = &learn.split.train.targets else {
        return;
    };
    let Some(picture) = &lane.pictures.outputs else { return };
    let PictureKind::Outputs { outputs, width } = &picture.kind else { return };
    let answers = outputs.chunks((*width).max(1)).map(answer);
    let confusion = Confusion::of(names.len(), labels.iter().copied().zip(answers));
    confusion_ui(ui, rect, &confusion, names);
}

fn fit(ui: &Ui, lane: &Lane, rect: Rect) {
    let TaskPlan::Learn(learn) = &lane.plan.task else { return };
    let crate::data::Targets::Values { values, .. } = &learn.split.train.targets else { return };
    let Some(picture) = &lane.pictures.outputs else { return };
    let PictureKind::Outputs { outputs, width } = &picture.kind else { return };
    let predictions = outputs.chunks((*width).max(1)).map(|o| o[0]);
    let pairs: Vec<[f64; 2]> =
        values.column(0).iter().zip(predictions).map(|(t, p)| [*t, p]).collect();
    let color = lane_look(lane.color).color(theme_of(ui));
    scatter_ui(ui, rect, &ScatterScene { pairs: &pairs, color });
}
