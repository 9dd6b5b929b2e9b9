//! A regression of one feature: the curve of what the model says over the points it is to follow, and
//! how the curve was at earlier steps, the older the fainter.

use std::sync::Arc;

use eframe::egui::{Painter, Pos2, Rect, Sense, Shape, Stroke, Theme, Ui};

use crate::data::{Dataset, Span, Split, Targets};
use crate::session::Lane;
use crate::train::{MapPlane, PictureKind, PictureRequest, RowSet};
use crate::ui::theme::{lane_look, line_width, mix, palette, theme_of, tokens, tokens_of};
use crate::ui::tiles::{Plane, Still};
use crate::ui::widgets::short;

use super::fits::{FitCache, worth_ui};
use super::judged::every_of;
use super::plane::{EARLIER, fade, stroke_key};
use super::points::unscaled;
use crate::ui::frame::Frame;

/// How many places along the feature the model is asked at.
pub(super) const PLACES: usize = 160;

/// The rows as points: the feature across, the (first) target up.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    /// Training rows.
    pub(super) train: Vec<[f64; 2]>,
    /// Held-out rows.
    pub(super) held_out: Vec<[f64; 2]>,
    /// The range of the feature worth drawing.
    pub(super) x: (f64, f64),
    /// The range of the target worth drawing.
    pub(super) y: (f64, f64),
    /// What the axes are.
    pub(super) names: [String; 2],
    plane: MapPlane,
}

/// What the picture keeps between frames.
#[derive(Debug, Default)]
pub(super) struct FittedCache {
    points: Still,
    curve: Still,
    earlier: [Still; EARLIER],
}

impl Rows {
    /// The points of data with one feature and numbers to predict; `None` of others.
    pub(super) fn of(split: &Split) -> Option<Self> {
        let scaler = split.scaler.as_ref();
        let points = |data: &Dataset| {
            let Targets::Values { values, .. } = &data.targets else { return None };
            let point =
                |row: usize| [unscaled(scaler, 0, data.features[[row, 0]]), values[[row, 0]]];
            let rows = (0..data.rows()).step_by(every_of(data));
            (data.width() == 1).then(|| rows.map(point).collect::<Vec<_>>())
        };
        let Targets::Values { names, .. } = &split.train.targets else { return None };
        let train = points(&split.train)?;
        let held_out = split.held_out.as_ref().and_then(points).unwrap_or_default();
        let range = |axis: usize| {
            let all = train.iter().chain(&held_out).map(|point| point[axis]);
            let (low, high) =
                all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
            let margin = ((high - low) * 0.07).max(1e-6);
            (low - margin, high + margin)
        };
        let names = [split.train.feature_names.first(), names.first()];
        let along = Span { origin: vec![0.0], across: vec![1.0], up: vec![0.0] };
        Some(Self {
            x: range(0),
            y: range(1),
            train,
            held_out,
            names: names.map(|name| name.cloned().unwrap_or_default()),
            plane: MapPlane::Span(Arc::new(along)),
        })
    }

    /// The request for the curve: a map of one row of cells.
    pub(super) fn request(&self) -> PictureRequest {
        let (plane, cells) = (self.plane.clone(), (PLACES, 1));
        PictureRequest::Regions { plane, x: self.x, y: (0.0, 1.0), cells }
    }
}

/// Draws points, the curve and earlier ones.
pub(super) fn ui(
    ui: &mut Ui,
    frame: &Frame<'_>,
    (cache, fit): (&mut FittedCache, &mut FitCache),
    rows: &Arc<Rows>,
    lane: &Lane,
    rect: Rect,
) {
    let rest = worth_ui(ui, frame, fit, lane, rect, "Fitted curve");
    let names = [rows.names[0].as_str(), rows.names[1].as_str()];
    let plane = Plane::with_axes(ui, rest, rows.x, rows.y, names);
    let painter = ui.painter().with_clip_rect(plane.rect);
    let theme = theme_of(ui);
    paint_rows(ui.painter(), &mut cache.points, rows, &plane, theme);
    let color = lane_look(lane.color).color(theme);
    let Some(picture) = &lane.pictures().regions else { return };
    let PictureKind::Regions { request, outputs, width, .. } = &picture.kind else { return };
    if *request != rows.request() {
        return;
    }
    if frame.window.center.choice.earlier {
        let earlier = lane.traces().before(request, picture.step, EARLIER);
        for (age, trace) in earlier.into_iter().rev().enumerate() {
            let stroke =
                Stroke::new(line_width(1.3), mix(tokens_of(theme).panel, color, fade(age)));
            let values = (&trace.values, *width, 0);
            paint_curve(&painter, &mut cache.earlier[age], values, &plane, stroke);
        }
    }
    paint_curve(
        &painter,
        &mut cache.curve,
        (outputs, *width, 0),
        &plane,
        Stroke::new(line_width(2.0), color),
    );
    hover_ui(ui, rows, (outputs, *width), &plane);
}

fn paint_rows(painter: &Painter, still: &mut Still, rows: &Arc<Rows>, plane: &Plane, theme: Theme) {
    let colors = tokens_of(theme);
    let radius = line_width(if rows.train.len() > 600 { 1.6 } else { 2.4 });
    let painter = &painter.with_clip_rect(plane.rect.expand(radius + 1.0));
    still.paint(painter, rows, (plane.key(), palette(theme)), || {
        let at = |[x, y]: &[f64; 2]| plane.at(*x, *y);
        let filled = rows.train.iter().map(|p| Shape::circle_filled(at(p), radius, colors.dim));
        let line = Stroke::new(1.1, colors.text);
        let hollow = rows.held_out.iter().map(|p| Shape::circle_stroke(at(p), radius, line));
        filled.chain(hollow).collect()
    });
}

/// What the model says along the feature: of so many numbers a place, one.
pub(super) fn paint_curve(
    painter: &Painter,
    still: &mut Still,
    (values, width, column): (&Arc<[f32]>, usize, usize),
    plane: &Plane,
    stroke: Stroke,
) {
    let key = (column, width, plane.key(), stroke_key(stroke));
    still.paint(painter, values, key, || {
        let cells = values.len() / width.max(1);
        let place = |cell: usize| {
            let x = (cell as f64 + 0.5) / cells as f64;
            let y = f64::from(values[cell * width + column]);
            // Far outside a line has no use and much to be cut off.
            let span = plane.y.1 - plane.y.0;
            plane.at(
                plane.x.0 + x * (plane.x.1 - plane.x.0),
                y.clamp(plane.y.0 - span, plane.y.1 + span),
            )
        };
        let places: Vec<Pos2> = (0..cells).map(place).collect();
        // Where the model says no number there is no line.
        let parts = places.split(|place| !place.is_finite());
        parts.filter(|part| part.len() > 1).map(|part| Shape::line(part.to_vec(), stroke)).collect()
    });
}

/// The row under the pointer, and what the model says there.
fn hover_ui(ui: &Ui, rows: &Rows, (values, width): (&Arc<[f32]>, usize), plane: &Plane) {
    let response = ui.interact(plane.rect, ui.scope_id().with("place"), Sense::hover());
    let Some(pointer) = response.hover_pos() else { return };
    let [x, _] = plane.point(pointer);
    let part = (x - plane.x.0) / (plane.x.1 - plane.x.0);
    let cells = values.len() / width.max(1);
    let cell = ((part * cells as f64) as usize).min(cells.saturating_sub(1));
    let said = values.get(cell * width).copied().map_or(f64::NAN, f64::from);
    let mut text = format!("{} {}: predicted {}", rows.names[0], short(x), short(said));
    let sets = [(RowSet::HeldOut, &rows.held_out), (RowSet::Training, &rows.train)];
    let near = sets.into_iter().flat_map(|(set, points)| {
        let far = |[x, y]: &[f64; 2]| plane.at(*x, *y).distance(pointer);
        points.iter().enumerate().map(move |(at, point)| (far(point), set, at, point))
    });
    let nearest = near.filter(|(far, ..)| *far <= 6.0).min_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, set, at, [x, y])) = nearest {
        let kind = if set == RowSet::HeldOut { "held out" } else { "training" };
        let [x, y] = [x, y].map(|value| short(*value));
        let [across, up] = &rows.names;
        text = format!("row {at}, {kind}: {across} {x}, {up} {y}\n{text}");
    }
    let ring = nearest.map(|(.., [x, y])| plane.at(*x, *y));
    if let Some(at) = ring {
        let painter = ui.painter().with_clip_rect(plane.rect);
        painter.circle_stroke(at, 4.6, Stroke::new(1.5, tokens(ui).ink));
    }
    response.on_hover_text_at_pointer(text);
}
