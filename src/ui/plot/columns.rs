//! What stands under each column of pixels, kept from frame to frame.
//!
//! Most of a run is long past when a frame is drawn: what its columns hold and where they lie on the axes
//! stays from the frame before, and only the columns reached since are looked at.
//!
//! Invariant: what is kept is what would be found anew. Not here: the screen. Places are on the axes, so
//! that they stay when the window or the range of y changes.

use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use eframe::egui::Mesh;
use egui_plot::PlotTransform;

use super::edges::Beyond;
use super::scale::AxisScale;
use super::scene::{AxisSettings, CurveScene, Samples};
use crate::experiment::XAxis;
use crate::series::{Axes, Bucket, Columns};

/// What a plot keeps of its lines: one entry a line, in the order of the scene; and the memory they are
/// drawn into.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    pub(super) lines: Vec<Line>,
    pub(super) ghosts: Vec<Line>,
    pub(super) mesh: Arc<Mesh>,
    /// Where lines went beyond the edges when they were drawn last.
    pub(super) beyond: Vec<Beyond>,
}

/// What is kept of one line.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// The coarse columns that the followed range is taken from.
    pub(super) ends: Columns,
    columns: Columns,
    places: Vec<Place>,
    /// How many of the first places will stay where they are.
    settled: usize,
    placed_on: Option<(XAxis, AxisScale, AxisScale, u64)>,
}

/// Where a column's samples lie on the axes.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools, reason = "four facts of a column, each on its own")]
pub(super) struct Place {
    /// The middle of its steps; NaN where it has no place.
    pub(super) x: f64,
    /// The least, the greatest and the mean; −∞ where they have no place.
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) mean: f64,
    /// Whether anything of it can be drawn.
    pub(super) is_drawable: bool,
    /// Whether the line ends behind it.
    pub(super) breaks: bool,
    /// Whether some of its samples are infinite or NaN.
    pub(super) has_non_finite: bool,
    /// Whether more than one of its samples is finite.
    pub(super) is_dense: bool,
}

impl Kept {
    /// One entry a line of the scene.
    pub(super) fn fit(&mut self, scene: &CurveScene<'_>) {
        let lines = scene.lanes.iter().map(|lane| lane.lines.len()).sum();
        self.lines.resize_with(lines, Line::default);
        self.ghosts.resize_with(scene.ghosts.len(), Line::default);
    }
}

impl Line {
    /// The samples under the columns, a bucket a place.
    pub(super) fn buckets(&self) -> &[Bucket] {
        self.columns.buckets()
    }

    /// Samples a column, on average.
    pub(super) fn crowd(&self) -> f64 {
        let buckets = self.columns.buckets();
        let all: u64 = buckets.iter().map(|bucket| bucket.finite + bucket.non_finite).sum();
        all as f64 / buckets.len().max(1) as f64
    }

    /// The places of what lies between `bounds` on x, about one a point of `width`.
    pub(super) fn places(
        &mut self,
        samples: Samples<'_>,
        axes: &Axes,
        settings: &AxisSettings<'_>,
        bounds: RangeInclusive<f64>,
        width: f32,
    ) -> &[Place] {
        self.place(samples, axes, settings, bounds, width);
        &self.places
    }

    /// Finds the places.
    pub(super) fn place(
        &mut self,
        samples: Samples<'_>,
        axes: &Axes,
        settings: &AxisSettings<'_>,
        bounds: RangeInclusive<f64>,
        width: f32,
    ) {
        look(samples, axes, settings, bounds, width, &mut self.columns);
        let less = samples.less();
        let on = (settings.x, settings.x_scale, settings.y_scale, less.to_bits());
        let known = if self.placed_on == Some(on) { self.settled } else { 0 };
        self.placed_on = Some(on);
        let known = known.min(self.columns.fresh()).min(self.places.len());
        self.places.truncate(known);
        let buckets = self.columns.buckets();
        let new = buckets[known..].iter().map(|bucket| place(bucket, less, axes, settings));
        self.places.extend(new);
        let settled = axes.settled(settings.x);
        self.settled = buckets.partition_point(|bucket| bucket.last_step <= settled);
    }

    /// The places found last.
    pub(super) fn placed(&self) -> &[Place] {
        &self.places
    }
}

fn place(bucket: &Bucket, less: f64, axes: &Axes, settings: &AxisSettings<'_>) -> Place {
    let middle = (bucket.first_step as f64 + bucket.last_step as f64) * 0.5;
    let x = settings.x_scale.place(axes.x(middle, settings.x));
    let y = |value: f64| settings.y_scale.place(value - less).unwrap_or(f64::NEG_INFINITY);
    let log = settings.y_scale == AxisScale::Log;
    let is_drawable = bucket.finite > 0 && !(log && bucket.max - less <= 0.0);
    // One sample is its own least, greatest and mean.
    let (low, mean) = (y(bucket.min), if bucket.finite == 1 { None } else { Some(bucket.mean) });
    Place {
        x: x.unwrap_or(f64::NAN),
        low,
        high: if mean.is_some() { y(bucket.max) } else { low },
        mean: mean.map_or(low, y),
        is_drawable,
        breaks: !is_drawable || bucket.breaks,
        has_non_finite: bucket.non_finite > 0,
        is_dense: bucket.finite > 1,
    }
}

/// Looks at what lies between `bounds` (places on x), about one column a point of `width`.
pub(super) fn look(
    samples: Samples<'_>,
    axes: &Axes,
    settings: &AxisSettings<'_>,
    bounds: RangeInclusive<f64>,
    width: f32,
    kept: &mut Columns,
) {
    let Some(last) = samples.last_step() else { return *kept = Columns::default() };
    let Range { start: first, end: past } = visible(axes, settings, last, &bounds);
    let columns = columns(width);
    match samples {
        Samples::Some(curve) => curve.look(first..past, columns, kept),
        Samples::Every(series) | Samples::Less(series, _) | Samples::Made(series, _)
            if evenly_spread(settings) =>
        {
            series.look(first..past, columns, kept);
        }
        Samples::Every(series) | Samples::Less(series, _) | Samples::Made(series, _) => {
            let share = |i: usize| i as f64 / columns as f64;
            let place = |i: usize| bounds.start() + (bounds.end() - bounds.start()) * share(i);
            let step_at = |i: usize| step_at(axes, settings, last, place(i)).ceil() as u64;
            let mut edges: Vec<u64> = (0..=columns).map(|i| step_at(i).min(last + 1)).collect();
            edges.insert(0, first);
            edges.push(past);
            edges.dedup();
            series.look_at(&edges, kept);
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
    let bends = matches!(settings.x, XAxis::Time | XAxis::Evaluations);
    settings.x_scale == AxisScale::Linear && !bends
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::numeric::Precision;
    use crate::series::{Curve, Series};
    use crate::train::{EpochRecord, Segment};

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
            y_scale: AxisScale::Linear,
            y_title: "gap",
            has_epochs: false,
            robust: false,
            planned_end: None,
        };
        let axes = Axes::new(0, 0);
        let (mut plain, mut less) = (Line::default(), Line::default());
        for (end, x_scale) in
            [(4999.0, AxisScale::Linear), (40.0, AxisScale::Linear), (3.7, AxisScale::Log)]
        {
            let settings = AxisSettings { x_scale, ..settings };
            let on = (&axes, &settings);
            let plain = plain.places(Samples::Every(&series), on.0, on.1, 0.0..=end, 200.0);
            let less = less.places(Samples::Less(&series, -1.25), on.0, on.1, 0.0..=end, 200.0);
            assert_eq!(plain.len(), less.len());
            for (plain, less) in plain.iter().zip(less) {
                assert_eq!((less.low, less.high), (plain.low + 1.25, plain.high + 1.25));
                assert_eq!((less.is_dense, less.x.to_bits()), (plain.is_dense, plain.x.to_bits()));
            }
        }
        let second = Samples::Less(&series, -1.25).at(1).map(|point| (point.step, point.value));
        assert_eq!(second, Some((1, value(1) + 1.25)));
    }

    #[test]
    fn places_that_are_kept_are_those_that_would_be_found_anew() {
        let segment = Arc::new(Segment::new(Precision::F64));
        let mut series = Series::new();
        series.adopt(0, Arc::clone(&segment));
        let mut curve = Curve::new();
        let mut axes = Axes::new(100, 20);
        let units = [XAxis::Step, XAxis::Epoch, XAxis::Evaluations, XAxis::Time];
        let all = units.into_iter().flat_map(|x| {
            let scales = [AxisScale::Linear, AxisScale::Log, AxisScale::Symlog(0.01)];
            [AxisScale::Linear, AxisScale::Log]
                .into_iter()
                .flat_map(move |a| scales.map(move |b| (x, a, b)))
        });
        let mut kept: Vec<_> = all.map(|on| (on, Line::default(), Line::default())).collect();
        for epoch in 1..=200_u64 {
            for k in (epoch - 1) * 5..epoch * 5 {
                segment.store_bits(k as usize, (1.0 / (k + 1) as f64).to_bits());
            }
            segment.publish(epoch as usize * 5);
            series.refresh();
            curve.push(epoch * 5, 1.0 / epoch as f64);
            // Half of the time the epoch is not done yet.
            let (step, samples) = (epoch * 5 - epoch % 2, epoch * 100 - 20 * (epoch % 2));
            let seconds = (epoch as f64).powf(1.3) * 0.01;
            axes.epoch(&EpochRecord { epoch, step, loss: 0.0, samples, seconds });
            for ((x, x_scale, y_scale), every, some) in &mut kept {
                let (x, x_scale, y_scale) = (*x, *x_scale, *y_scale);
                let title = "loss";
                let on = AxisSettings {
                    x,
                    x_scale,
                    y_scale,
                    y_title: title,
                    has_epochs: true,
                    robust: false,
                    planned_end: None,
                };
                let end = x_scale.place(axes.x(1000.0, x)).expect("a place");
                for (line, samples) in
                    [(every, Samples::Every(&series)), (some, Samples::Some(&curve))]
                {
                    let mut new = Line::default();
                    let new = new.places(samples, &axes, &on, -1.0..=end, 150.0);
                    let kept = line.places(samples, &axes, &on, -1.0..=end, 150.0);
                    assert_eq!(kept.len(), new.len());
                    for (kept, new) in kept.iter().zip(new) {
                        let near = |a: f64, b: f64| {
                            a.to_bits() == b.to_bits() || (a - b).abs() <= 1e-9 * b.abs()
                        };
                        assert!(near(kept.x, new.x), "{on:?}, epoch {epoch}: {kept:?}, {new:?}");
                        let ends = |place: &Place| (place.low, place.high, place.mean);
                        assert_eq!(ends(kept), ends(new));
                    }
                }
            }
        }
    }
}
