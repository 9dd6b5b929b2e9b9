//! Classes by one feature: how probable the model finds each along it, over the rows that it is to tell
//! apart.
//!
//! Rows lie at the height of their class, spread a little so that they are seen. Vertical lines are where
//! the answer turns; what fades is how that was at earlier steps. Of two classes there is one curve, of the
//! second one's probability; of more, one a class, in its colour. Invariant: a threshold is where two
//! classes are equally likely, between two places that were asked for.

use std::sync::Arc;

use eframe::egui::{Painter, Rect, Shape, Stroke, Ui, pos2};

use crate::experiment::TaskPlan;
use crate::model::{Head, Link};
use crate::numeric::Range;
use crate::session::{Lane, Trace};
use crate::train::{PictureKind, PictureRequest};
use crate::ui::theme::{class_look, lane_look, line_width, mix, theme_of, tokens_of};
use crate::ui::tiles::{Plane, Still};
use crate::ui::widgets::short;

use super::fitted::{PLACES, paint_curve};
use super::judged::captioned;
use super::plane::{
    EARLIER, MapOn, PlaneCache, caption_ui, class_names, fade, hover_ui, paint_points,
    refresh_regions, refresh_wrong,
};
use super::points::Points;
use crate::ui::frame::Frame;

/// What the picture keeps between frames.
#[derive(Debug, Default)]
pub(super) struct AlongCache {
    curves: Vec<Still>,
    earlier: [Still; EARLIER],
}

/// Thresholds that are told by number, at most.
const TOLD: usize = 4;
/// How far beyond 0 and 1 a score may lie to be seen.
const FAR: f64 = 1.0;

/// The request for the curves: a map of one row of cells.
pub(super) fn request(points: &Points) -> PictureRequest {
    let (plane, cells) = (points.plane.clone(), (PLACES, 1));
    PictureRequest::Regions { plane, x: points.x, y: (0.0, 1.0), cells }
}

/// What the model says along the feature.
#[derive(Clone, Copy)]
struct Said<'a> {
    step: u64,
    values: &'a Arc<[f32]>,
    width: usize,
    request: &'a PictureRequest,
}

impl<'a> Said<'a> {
    fn of(lane: &'a Lane, points: &Points) -> Option<Self> {
        let picture = lane.pictures().regions.as_ref()?;
        let PictureKind::Regions { request: asked, outputs, width, .. } = &picture.kind else {
            return None;
        };
        let (step, values, width) = (picture.step, outputs, (*width).max(1));
        (*asked == request(points)).then_some(Self { step, values, width, request: asked })
    }

    /// What it said at some earlier steps, oldest first.
    fn earlier(&self, lane: &'a Lane) -> Vec<&'a Trace> {
        lane.traces().before(self.request, self.step, EARLIER)
    }
}

/// Draws rows, curves, thresholds and earlier ones.
pub(super) fn ui(
    ui: &mut Ui,
    frame: &Frame<'_>,
    (cache, own): (&mut PlaneCache, &mut AlongCache),
    points: &Arc<Points>,
    lane: &Lane,
    rect: Rect,
) {
    let theme = theme_of(ui);
    refresh_wrong(&mut cache.rows.wrong, points, lane);
    let said = Said::of(lane, points);
    let turns = said.map_or_else(Vec::new, |said| thresholds(said.values, said.width, points.x));
    let told = told(&turns);
    let (names, word) = (class_names(lane).unwrap_or_default(), word(lane));
    let what = format!("{word} of classes by {}, {}, {told}", points.names[0], lane.name());
    let wrong = cache.rows.wrong.as_deref();
    let mut rest = caption_ui(ui, frame, wrong, points, lane, (rect, &what));
    if rest.height() > 9.0 * ui.text_style_height(&crate::ui::theme::small_style()) {
        rest = captioned(ui, rest, &[&told]);
    }
    let is_one = said.is_none_or(|said| said.width == 1);
    let up = match names {
        [_, second] if is_one => format!("{word} of {second}"),
        _ => word.to_owned(),
    };
    let y = said.map_or(points.y, |said| heights(said, points.y));
    let plane = Plane::with_axes(ui, rest, points.x, y, [&points.names[0], &up]);
    let painter = ui.painter().with_clip_rect(plane.rect);
    // Scores of several classes have a scale of their own; rows lie in parts of it.
    let of_rows = if is_one { plane } else { Plane { y: points.y, ..plane } };
    let map = MapOn::of(lane, points, &Plane { y: (0.0, 1.0), ..plane });
    refresh_regions(ui, &mut cache.regions, map.as_ref().filter(|_| said.is_some()));
    if let Some((.., regions)) = &cache.regions {
        regions.paint(&painter, &plane);
    }
    if let Some(said) = said.filter(|_| frame.window.center.choice.earlier) {
        let color = lane_look(lane.color).color(theme);
        for (age, trace) in said.earlier(lane).into_iter().rev().enumerate() {
            let line =
                |color| Stroke::new(line_width(1.3), mix(tokens_of(theme).panel, color, fade(age)));
            let before = thresholds(&trace.values, said.width, points.x);
            paint_thresholds(&painter, &before, &plane, line(tokens_of(theme).ink));
            if is_one {
                let values = (&trace.values, said.width, 0);
                paint_curve(&painter, &mut own.earlier[age], values, &plane, line(color));
            }
        }
    }
    paint_points(ui.painter(), &mut cache.rows, points, &of_rows, theme);
    if let Some(said) = said {
        let ink = Stroke::new(line_width(1.6), tokens_of(theme).ink);
        paint_thresholds(&painter, &turns, &plane, ink);
        own.curves.resize_with(said.width, Still::default);
        for (class, still) in own.curves.iter_mut().enumerate() {
            let color = if is_one {
                lane_look(lane.color).color(theme)
            } else {
                class_look(class).color(theme)
            };
            let stroke = Stroke::new(line_width(2.0), color);
            paint_curve(&painter, still, (said.values, said.width, class), &plane, stroke);
        }
    }
    hover_ui(ui, points, lane, &of_rows, map.as_ref());
}

/// What the numbers of a model are.
fn word(lane: &Lane) -> &'static str {
    let TaskPlan::Learn(learn) = &lane.plan.task else { return "score" };
    let head = Head::new(&learn.split.train.targets, &learn.loss, learn.model.output);
    match head.map(|head| head.link) {
        Ok(Link::Sigmoid | Link::Softmax) => "probability",
        _ => "score",
    }
}

/// "thresholds 2.9, 4.81".
fn told(turns: &[f64]) -> String {
    let numbers: Vec<String> = turns.iter().take(TOLD).map(|x| short(*x)).collect();
    match turns.len() {
        0 => "no threshold".to_owned(),
        1 => format!("threshold {}", numbers[0]),
        count if count > TOLD => format!("{count} thresholds"),
        _ => format!("thresholds {}", numbers.join(", ")),
    }
}

/// The range up: from 0 to 1 with room, and further where scores are no probabilities.
fn heights(said: Said<'_>, usual: Range) -> Range {
    let finite = said.values.iter().copied().map(f64::from).filter(|v| v.is_finite());
    let (low, high) = finite.fold((0.0_f64, 1.0_f64), |(l, h), v| (l.min(v), h.max(v)));
    if said.width == 1 {
        // Rows lie at 0 and 1, and those are to be seen.
        return (usual.0.min(low.max(-FAR)), usual.1.max(high.min(1.0 + FAR)));
    }
    let room = (high - low) * -usual.0;
    (low - room, high + room)
}

/// Where along a range the answer turns, by what is said in the middles of as many cells as there are
/// `width`s of numbers.
fn thresholds(values: &[f32], width: usize, (low, high): Range) -> Vec<f64> {
    let lead = |cell: &[f32]| match cell {
        [one] => (usize::from(*one > 0.5), f64::from(*one) - 0.5),
        many => {
            let best = (0..many.len()).max_by(|a, b| many[*a].total_cmp(&many[*b]).then(b.cmp(a)));
            (best.unwrap_or(0), 0.0)
        }
    };
    let cells: Vec<&[f32]> = values.chunks_exact(width.max(1)).collect();
    let middle = |cell: f64| low + (high - low) * (cell + 0.5) / cells.len() as f64;
    let mut found = Vec::new();
    for (at, two) in cells.windows(2).enumerate() {
        if two.iter().any(|cell| cell.iter().any(|value| !value.is_finite())) {
            continue;
        }
        let ((from, before), (to, after)) = (lead(two[0]), lead(two[1]));
        if from == to {
            continue;
        }
        // How far the one is ahead of the other, on either side.
        let ahead = |cell: &[f32]| f64::from(cell[from]) - f64::from(cell[to]);
        let (before, after) =
            if width > 1 { (ahead(two[0]), ahead(two[1])) } else { (before, after) };
        found.push(middle(at as f64 + before / (before - after)));
    }
    found
}

fn paint_thresholds(painter: &Painter, turns: &[f64], plane: &Plane, stroke: Stroke) {
    let (top, bottom) = (plane.rect.top(), plane.rect.bottom());
    painter.extend(turns.iter().map(|x| {
        let across = plane.at(*x, plane.y.0).x;
        Shape::line_segment([pos2(across, top), pos2(across, bottom)], stroke)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_lie_where_two_classes_are_as_likely() {
        // A straight line through ½ at 0.3 of the range.
        let one: Vec<f32> = (0..10).map(|i| 0.2 + (i as f32 + 0.5) * 0.1).collect();
        let found = thresholds(&one, 1, (0.0, 10.0));
        assert!(found.len() == 1 && (found[0] - 3.0).abs() < 1e-5, "{found:?}");
        // The first of three falls, the second is the same everywhere, the third rises.
        let three: Vec<f32> = (0..10)
            .flat_map(|i| {
                let x = (i as f32 + 0.5) * 0.1;
                [0.9 - x, 0.5, x - 0.1]
            })
            .collect();
        let found = thresholds(&three, 3, (0.0, 1.0));
        assert!((found[0] - 0.4).abs() < 1e-5 && (found[1] - 0.6).abs() < 1e-5, "{found:?}");
        assert_eq!(found.len(), 2);
        assert!(thresholds(&[f32::NAN; 4], 1, (0.0, 1.0)).is_empty());
        assert!(thresholds(&[0.7; 4], 1, (0.0, 1.0)).is_empty());
        assert_eq!(told(&[]), "no threshold");
        assert_eq!(told(&[2.0, 4.5]), "thresholds 2, 4.5");
    }
}
