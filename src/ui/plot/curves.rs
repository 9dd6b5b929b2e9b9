//! Lines of the plot, from buckets of samples to shapes.
//!
//! One plot item draws all of a scene, so that lines lie over each other in one stated order: ghosts,
//! faint lines, then bold and dashed ones.

use std::ops::{Range, RangeInclusive};

use eframe::egui::{
    Color32, Pos2, Rangef, Rect, Shape, Stroke, Ui,
    epaint::{BandPoint, BandShape},
    pos2, vec2,
};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotPoint, PlotTransform};

use super::scale::AxisScale;
use super::scene::{AxisSettings, CurveScene, LineLook, Samples};
use crate::experiment::XAxis;
use crate::series::{Axes, Bucket};
use crate::ui::theme::{Dash, tokens};

/// Draws a whole scene.
pub(super) struct SceneItem<'a> {
    base: PlotItemBase,
    scene: CurveScene<'a>,
}

impl<'a> SceneItem<'a> {
    pub(super) fn new(scene: CurveScene<'a>) -> Self {
        Self { base: PlotItemBase::new("curves".to_owned()), scene }
    }
}

impl PlotItem for SceneItem<'_> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let t = tokens(ui);
        let scene = &self.scene;
        let mut canvas = Canvas::new(transform, scene.axes, shapes);
        for ghost in scene.ghosts {
            let color = t.faint.gamma_multiply(0.45);
            let ink = Ink { sign: t.faint, color, width: 1.2, dash: None, mean: true };
            canvas.line(ghost.samples, ghost.axes, &ink);
        }
        let lanes = || scene.lanes.iter().filter(|lane| lane.shown);
        for bold in [false, true] {
            for lane in lanes() {
                for line in lane.lines.iter().filter(|l| (l.look != LineLook::Faint) == bold) {
                    canvas.line(
                        line.samples,
                        lane.axes,
                        &Ink::of(line.look, lane.color, lane.look.dash),
                    );
                }
            }
        }
        canvas.crosses(t.panel);
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    fn allow_hover(&self) -> bool {
        false
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::NOTHING
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}

/// The pen of a line.
struct Ink {
    /// The lane's colour, for signs.
    sign: Color32,
    color: Color32,
    width: f32,
    dash: Option<Dash>,
    /// Whether the middle of many samples is drawn over their range.
    mean: bool,
}

impl Ink {
    fn of(look: LineLook, color: Color32, dash: Dash) -> Self {
        match look {
            LineLook::Faint => Self {
                sign: color,
                color: color.gamma_multiply(0.26),
                width: 1.0,
                dash: None,
                mean: false,
            },
            LineLook::Bold => Self { sign: color, color, width: 2.2, dash: None, mean: true },
            LineLook::Dashed => {
                Self { sign: color, color, width: 1.6, dash: Some(dash), mean: true }
            }
        }
    }
}

/// An unbroken stretch of a line on the screen.
#[derive(Default)]
struct Run {
    band: Vec<BandPoint>,
    means: Vec<Pos2>,
    /// Whether some column holds more than one sample.
    dense: bool,
}

/// A band at least as thick as a line.
fn band(mut points: Vec<BandPoint>, width: f32, color: Color32) -> Shape {
    for point in &mut points {
        let missing = (width - point.y.span()).max(0.0) * 0.5;
        point.y = Rangef::new(point.y.min - missing, point.y.max + missing);
    }
    BandShape::filled(points, color).into()
}

/// What lines are drawn on: the plot's place on the screen and its axes.
struct Canvas<'a, 's> {
    transform: &'a PlotTransform,
    axes: AxisSettings<'a>,
    shapes: &'s mut Vec<Shape>,
    buckets: Vec<Bucket>,
    /// Where samples were infinite or NaN, and in which colour to say so.
    non_finite: Vec<(f32, Color32)>,
}

impl<'a, 's> Canvas<'a, 's> {
    fn new(
        transform: &'a PlotTransform,
        axes: AxisSettings<'a>,
        shapes: &'s mut Vec<Shape>,
    ) -> Self {
        Self { transform, axes, shapes, buckets: Vec::new(), non_finite: Vec::new() }
    }

    fn frame(&self) -> Rect {
        *self.transform.frame()
    }

    /// Takes the buckets of what is visible: about one a point of the screen.
    fn look_at(&mut self, samples: Samples<'_>, axes: &Axes) {
        let bounds = self.transform.bounds().range_x();
        view(samples, axes, &self.axes, bounds, self.frame().width(), &mut self.buckets);
    }

    fn x(&self, bucket: &Bucket, axes: &Axes) -> Option<f32> {
        let middle = (bucket.first_step as f64 + bucket.last_step as f64) * 0.5;
        let place = self.axes.x_scale.place(axes.x(middle, self.axes.x))?;
        Some(self.transform.position_from_point(&PlotPoint::new(place, 0.0)).x)
    }

    /// The screen's y of a value; values without a place lie far below the plot.
    fn y(&self, value: f64) -> f32 {
        let frame = self.frame();
        let far = frame.height() + 100.0;
        let Some(place) = self.axes.y_scale.place(value) else { return frame.bottom() + far };
        let y = self.transform.position_from_point(&PlotPoint::new(0.0, place)).y;
        y.clamp(frame.top() - far, frame.bottom() + far)
    }

    fn line(&mut self, samples: Samples<'_>, axes: &Axes, ink: &Ink) {
        self.look_at(samples, axes);
        let mut run = Run::default();
        let log = self.axes.y_scale == AxisScale::Log;
        let buckets = std::mem::take(&mut self.buckets);
        for bucket in &buckets {
            let place = self.x(bucket, axes);
            let drawable = bucket.finite > 0 && !(log && bucket.max <= 0.0);
            if let (Some(x), true) = (place, bucket.non_finite > 0) {
                self.non_finite.push((x, ink.sign));
            }
            if let (Some(x), true) = (place, drawable) {
                let range = Rangef::new(self.y(bucket.max), self.y(bucket.min));
                run.band.push(BandPoint::new(x, range));
                run.means.push(pos2(x, self.y(bucket.mean)));
                run.dense |= bucket.finite > 1;
            }
            // A bucket with nothing to draw breaks the line, and so does one that ends in NaN or
            // infinity: what comes after did not come from what came before.
            if !drawable || bucket.breaks {
                self.stroke(std::mem::take(&mut run), ink);
            }
        }
        self.stroke(run, ink);
        self.buckets = buckets;
    }

    /// Draws an unbroken stretch: single samples as a line; many a column as the band they fill,
    /// and for means the line through the middle over a quieter band.
    fn stroke(&mut self, run: Run, ink: &Ink) {
        let stroke = Stroke::new(ink.width, ink.color);
        if let [alone] = run.band.as_slice() {
            let half = ink.width * 0.5;
            let rect = Rect::from_x_y_ranges(
                Rangef::new(alone.x - ink.width, alone.x + ink.width),
                Rangef::new(alone.y.min - half, alone.y.max + half),
            );
            self.shapes.push(Shape::rect_filled(rect, ink.width, ink.color));
            return;
        }
        if run.dense && !ink.mean {
            self.spikes(&run.band, ink);
        }
        if run.dense {
            let color = if ink.mean { ink.color.gamma_multiply(0.25) } else { ink.color };
            self.shapes.push(band(run.band, ink.width, color));
        }
        if run.dense && !ink.mean || run.means.len() < 2 {
            return;
        }
        match ink.dash {
            Some(dash) => self
                .shapes
                .extend(Shape::dashed_line_with_offset(&run.means, stroke, dash.on, dash.off, 0.0)),
            None => self.shapes.push(Shape::line(run.means, stroke)),
        }
    }

    /// Columns that stand far out of their neighbours get a line of their own: in a translucent band
    /// a single high sample would hardly be seen.
    fn spikes(&mut self, band: &[BandPoint], ink: &Ink) {
        const OUT: f32 = 12.0;
        let stroke = Stroke::new(1.0, ink.color.gamma_multiply(2.2));
        for three in band.windows(3) {
            let [left, here, right] = [three[0], three[1], three[2]];
            let around = left.y.min.min(right.y.min);
            if here.y.min + OUT < around {
                let ends = [pos2(here.x, here.y.min), pos2(here.x, around)];
                self.shapes.push(Shape::line_segment(ends, stroke));
            }
        }
    }

    /// A cross at the plot's upper edge wherever samples were infinite or NaN.
    fn crosses(&mut self, behind: Color32) {
        let frame = self.frame();
        let mut drawn: Vec<(f32, Color32)> = Vec::new();
        for (x, color) in std::mem::take(&mut self.non_finite) {
            let near = |(other, c): &(f32, Color32)| *c == color && (x - other).abs() < 10.0;
            if !frame.x_range().contains(x) || drawn.iter().any(near) {
                continue;
            }
            drawn.push((x, color));
            let center = pos2(x.clamp(frame.left() + 6.0, frame.right() - 6.0), frame.top() + 9.0);
            let arm = |y: f32| [center - vec2(4.0, y), center + vec2(4.0, y)];
            self.shapes.push(Shape::circle_filled(center, 7.5, behind));
            for points in [arm(4.0), arm(-4.0)] {
                self.shapes.push(Shape::line_segment(points, Stroke::new(2.0, color)));
            }
        }
    }
}

/// The buckets of `samples` that lie between `bounds` (places on x), about one a point of `width`.
pub(super) fn view(
    samples: Samples<'_>,
    axes: &Axes,
    settings: &AxisSettings<'_>,
    bounds: RangeInclusive<f64>,
    width: f32,
    out: &mut Vec<Bucket>,
) {
    out.clear();
    let Some(last) = samples.last_step() else { return };
    let step_at = |place: f64| step_at(axes, settings, last, place);
    let Range { start: first, end: past } = visible(axes, settings, last, &bounds);
    let columns = columns(width);
    match samples {
        Samples::Some(curve) => curve.view(first..past, columns, out),
        Samples::Every(series) | Samples::Less(series, _) if evenly_spread(settings) => {
            series.view(first..past, columns, out);
        }
        Samples::Every(series) | Samples::Less(series, _) => {
            let share = |i: usize| i as f64 / columns as f64;
            let place = |i: usize| bounds.start() + (bounds.end() - bounds.start()) * share(i);
            let mut edges: Vec<u64> =
                (0..=columns).map(|i| (step_at(place(i)).ceil() as u64).min(last + 1)).collect();
            edges.insert(0, first);
            edges.push(past);
            edges.dedup();
            series.view_at(&edges, out);
        }
    }
    if let Samples::Less(_, less) = samples {
        for bucket in out {
            for value in [&mut bucket.min, &mut bucket.max, &mut bucket.mean] {
                *value -= less;
            }
        }
    }
}

/// The step at a place on x, between 0 and one past the last.
fn step_at(axes: &Axes, settings: &AxisSettings<'_>, last: u64, place: f64) -> f64 {
    let step = axes.step_at(settings.x_scale.value(place), settings.x);
    if step.is_finite() { step.clamp(0.0, last as f64 + 1.0) } else { last as f64 + 1.0 }
}

/// The steps that lie between `bounds`, and one more on either side.
fn visible(
    axes: &Axes,
    settings: &AxisSettings<'_>,
    last: u64,
    bounds: &RangeInclusive<f64>,
) -> Range<u64> {
    let at = |place: &f64| step_at(axes, settings, last, *place);
    let first = (at(bounds.start()).floor() as u64).saturating_sub(1);
    first..(at(bounds.end()).ceil() as u64 + 2).min(last + 1).max(first)
}

fn columns(width: f32) -> usize {
    (width.max(1.0) as usize).max(2)
}

/// Of which lanes a picture needs single samples that were given up for memory, and which.
pub(super) fn lacking(
    scene: &CurveScene<'_>,
    transform: &PlotTransform,
) -> Vec<(usize, Range<u64>)> {
    let columns = columns(transform.frame().width());
    let bounds = transform.bounds().range_x();
    let lanes = scene.lanes.iter().enumerate().filter(|(_, lane)| lane.shown);
    let wanted = lanes.filter_map(|(index, lane)| {
        lane.lines.iter().find_map(|line| {
            let (Samples::Every(series) | Samples::Less(series, _)) = line.samples else {
                return None;
            };
            let last = series.len().checked_sub(1)?;
            let steps = visible(lane.axes, &scene.axes, last, &bounds);
            Some((index, series.lacks(&steps, columns)?))
        })
    });
    wanted.collect()
}

/// Whether equally many steps lie under every column, as far as a picture goes.
fn evenly_spread(settings: &AxisSettings<'_>) -> bool {
    settings.x_scale == AxisScale::Linear && settings.x != XAxis::Time
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::numeric::Precision;
    use crate::series::Series;
    use crate::train::Segment;

    #[test]
    fn a_series_less_a_number_is_exact_at_every_zoom() {
        let value = |k: u64| -1.25 + ((k * 7919) % 1000) as f64 / 64.0;
        let segment = Segment::new(Precision::F64);
        (0..5000).for_each(|k| segment.store_bits(k as usize, value(k).to_bits()));
        segment.publish(5000);
        let mut series = Series::new();
        series.adopt(0, Arc::new(segment));
        series.refresh();
        let settings = AxisSettings {
            x: XAxis::Step,
            x_scale: AxisScale::Linear,
            y_scale: AxisScale::Log,
            y_title: "gap",
            has_epochs: false,
            planned_end: None,
        };
        let axes = Axes::new(0, 0);
        let (mut plain, mut less) = (Vec::new(), Vec::new());
        for (end, x_scale) in
            [(4999.0, AxisScale::Linear), (40.0, AxisScale::Linear), (3.7, AxisScale::Log)]
        {
            let settings = AxisSettings { x_scale, ..settings };
            view(Samples::Every(&series), &axes, &settings, 0.0..=end, 200.0, &mut plain);
            view(Samples::Less(&series, -1.25), &axes, &settings, 0.0..=end, 200.0, &mut less);
            assert_eq!(plain.len(), less.len());
            for (plain, less) in plain.iter().zip(&less) {
                assert_eq!((less.min, less.max), (plain.min + 1.25, plain.max + 1.25));
                assert_eq!((less.finite, less.first_step), (plain.finite, plain.first_step));
            }
        }
        let second = Samples::Less(&series, -1.25).at(1).map(|point| (point.step, point.value));
        assert_eq!(second, Some((1, value(1) + 1.25)));
    }
}
