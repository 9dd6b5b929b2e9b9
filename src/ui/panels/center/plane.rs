//! Points of two classes or more on a plane, with what the model says around them.
//!
//! Deliberately not here: the regions' picture ([`crate::ui::tiles`]), which is made once an output.

use std::sync::Arc;

use eframe::egui::{Label, PointerButton, Pos2, Rect, RichText, Sense, Stroke, Theme, Ui};

use crate::session::{Action, Lane};
use crate::train::{Picture, PictureKind, PictureRequest};
use crate::ui::theme::{line_width, paint_class, small_style, theme_of, tokens};
use crate::ui::tiles::{Plane, Regions, Stamps, Still, paint_line};
use crate::ui::widgets::link_button;

use super::super::super::dialogs::Dialog;
use super::super::super::frame::Frame;
use super::line_of;
use super::points::Points;

/// The regions' picture, and the picture and theme it was made of.
type RegionsCache = Option<(u64, Theme, Regions)>;

/// What the picture keeps between frames.
#[derive(Debug, Default)]
pub(super) struct PlaneCache {
    regions: RegionsCache,
    points: Stamps,
    boundary: Still,
}

/// Draws points, regions and the boundary; painted points are taken in.
pub(super) fn plane_ui(
    ui: &mut Ui,
    frame: &mut Frame<'_>,
    cache: &mut PlaneCache,
    points: &Arc<Points>,
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
    if let Some(picture) = &lane.pictures().regions {
        refresh_regions(ui, &mut cache.regions, picture);
    }
    if let Some((.., regions)) = &cache.regions {
        regions.paint(&painter, &plane);
    }
    let place = [plane.rect.min.x, plane.rect.min.y, plane.rect.max.x, plane.rect.max.y];
    let place = place.map(f32::to_bits);
    let key = (Arc::as_ptr(points) as usize, theme == Theme::Dark, place);
    let radius = if points.train.len() > 600 { 1.8 } else { 2.6 };
    cache.points.paint(&painter, key, (theme, radius), || points_of(points, &plane));
    match (&line, &cache.regions) {
        (Some(line), _) => {
            let stroke = Stroke::new(line_width(2.0), tokens(ui).ink);
            paint_line(&painter, &plane, [line.w1, line.w2, line.b], stroke);
        }
        (None, Some((made_of, _, regions))) => {
            let key = (*made_of, theme == Theme::Dark, place);
            cache.boundary.paint(&painter, key, || regions.boundary_shapes(&plane, theme));
        }
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

fn points_of(points: &Points, plane: &Plane) -> Vec<(Pos2, usize)> {
    // Beyond a few thousand, points only cover each other.
    let every = points.train.len().div_ceil(3000).max(1);
    let shown = points.train.iter().step_by(every);
    shown.map(|([x, y], class)| (plane.at(*x, *y), *class)).collect()
}

fn refresh_regions(ui: &Ui, cache: &mut RegionsCache, picture: &Picture) {
    let theme = theme_of(ui);
    let PictureKind::Regions { request, outputs, width, .. } = &picture.kind else { return };
    let PictureRequest::Regions { cells, .. } = request else { return };
    // The numbers' place in memory tells pictures apart, also of one step.
    let key = outputs.as_ptr() as u64 ^ picture.step.rotate_left(32);
    if cache.as_ref().is_none_or(|(k, t, _)| *k != key || *t != theme) {
        let regions = Regions::new(ui.ctx(), theme, outputs, *width, cells.0);
        *cache = Some((key, theme, regions));
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
