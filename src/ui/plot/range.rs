//! The view of a plot that follows its data.
//!
//! It moves rarely: its ends are round numbers, so they stay while the numbers below them grow.

use super::columns::{Kept, look};
use super::scale::{AxisScale, round_up};
use super::scene::{CurveScene, LineLook};
use crate::series::Bucket;

/// Both ends of both axes, in places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct View {
    pub(super) x: [f64; 2],
    pub(super) y: [f64; 2],
}

/// Columns looked at for the ends: coarser than the picture, their least and greatest as exact.
const COLUMNS: f32 = 256.0;

/// What shows all of a scene.
pub(super) fn follow(scene: &CurveScene<'_>, kept: &mut Kept) -> View {
    let x = x_range(scene);
    let y = y_range(scene, x, kept);
    View { x, y }
}

fn x_range(scene: &CurveScene<'_>) -> [f64; 2] {
    let axes = &scene.axes;
    let ends = scene.lanes.iter().filter(|lane| lane.shown).filter_map(|lane| {
        let last = lane.lines.iter().filter_map(|line| line.samples.last_step()).max();
        last.map(|step| lane.axes.x(step as f64, axes.x))
    });
    let end = ends.fold(0.0, f64::max);
    let round = round_up(end);
    let end = match axes.planned_end {
        Some(planned) if end <= planned * 1.000_001 => round.min(planned),
        _ => round,
    };
    let end = if end > 0.0 { end } else { 1.0 };
    match axes.x_scale {
        AxisScale::Linear => [0.0, end],
        AxisScale::Log => {
            // 0 has no place here: the axis begins where the first update ends.
            let ones = scene.lanes.iter().filter(|lane| lane.shown);
            let first = ones.map(|lane| lane.axes.x(1.0, axes.x)).fold(end, f64::min);
            let first = first.max(end * 1e-6);
            [first.log10(), end.log10().max(first.log10() + 1.0)]
        }
    }
}

/// What a lane's lines reach.
struct Reach {
    low: f64,
    high: f64,
    diverged: bool,
    first: f64,
}

fn y_range(scene: &CurveScene<'_>, x: [f64; 2], kept: &mut Kept) -> [f64; 2] {
    let log = scene.axes.y_scale == AxisScale::Log;
    let mut reaches = Vec::new();
    let lines = scene.lanes.iter().flat_map(|lane| lane.lines.iter().map(move |l| (lane, l)));
    for ((lane, line), kept) in lines.zip(&mut kept.lines).filter(|((lane, _), _)| lane.shown) {
        look(line.samples, lane.axes, &scene.axes, x[0]..=x[1], COLUMNS, &mut kept.ends);
        let faint = line.look == LineLook::Faint;
        let (buckets, less) = (kept.ends.buckets(), line.samples.less());
        reaches.extend(reach(buckets, less, faint, lane.diverged, log));
    }
    let steady = |pick: fn(&Reach) -> f64| {
        reaches.iter().filter(|r| !r.diverged).map(pick).fold(f64::NEG_INFINITY, f64::max)
    };
    let first = reaches.iter().map(|r| r.first).fold(f64::NEG_INFINITY, f64::max);
    // A run that left all bounds may climb, but not push the others into a line at the bottom.
    let ceiling = steady(|r| r.high).max(first) * if log { 10.0 } else { 2.0 };
    let low = reaches.iter().map(|r| r.low).fold(f64::INFINITY, f64::min);
    let high = reaches
        .iter()
        .map(|r| if r.diverged && ceiling > 0.0 { r.high.min(ceiling) } else { r.high })
        .fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        return if log { [-2.0, 1.0] } else { [0.0, 1.0] };
    }
    let (low, high) =
        scene.baseline.map_or((low, high), |b| b.within(low, high, scene.axes.y_scale));
    if log { log_ends(low, high) } else { linear_ends(low, high) }
}

fn reach(buckets: &[Bucket], less: f64, faint: bool, diverged: bool, log: bool) -> Option<Reach> {
    let usable = |value: &f64| value.is_finite() && !(log && *value <= 0.0);
    let seen = || buckets.iter().filter(|bucket| bucket.finite > 0);
    let highs = || seen().map(|b| b.max - less).filter(usable);
    let lows = || seen().map(|b| b.min - less).filter(usable);
    let high = highs().reduce(f64::max)?;
    let first = highs().next()?;
    // On a logarithmic axis a single lucky batch near 0 would stretch the plot over many empty
    // decades: of faint lines the lowest fiftieth may lie below the edge.
    let low = if faint && log {
        let mut lows: Vec<f64> = lows().collect();
        let skip = lows.len() / 50;
        (skip < lows.len()).then(|| *lows.select_nth_unstable_by(skip, f64::total_cmp).1)
    } else {
        lows().reduce(f64::min)
    };
    Some(Reach { low: low.unwrap_or(first), high, diverged, first })
}

fn log_ends(low: f64, high: f64) -> [f64; 2] {
    let (low, high) = (low.log10(), high.log10());
    // Ends at 1, 2 or 5 of a decade, with a little room.
    let snap = |place: f64, up: bool| {
        let decade = place.floor();
        let marks = [0.0, 2f64.log10(), 5f64.log10(), 1.0].map(|m| decade + m);
        if up {
            marks.into_iter().find(|m| *m >= place).unwrap_or(decade + 1.0)
        } else {
            marks.into_iter().rev().find(|m| *m <= place).unwrap_or(decade)
        }
    };
    let (bottom, top) = (snap(low - 0.03, false), snap(high + 0.03, true));
    [bottom, top.max(bottom + 0.3)]
}

fn linear_ends(low: f64, high: f64) -> [f64; 2] {
    if low >= 0.0 && low < 0.4 * high {
        return [0.0, round_up(high * 1.04)];
    }
    let span = if high > low { high - low } else { high.abs().max(1.0) * 0.1 };
    let step = round_up(span * 1.08) / 10.0;
    let ends = [(low / step - 0.3).floor() * step, (high / step + 0.3).ceil() * step];
    if ends[0] < ends[1] { ends } else { [low - 0.5, low + 0.5] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_hold_what_they_should() {
        for (low, high) in [(0.035, 12.0), (1.0, 1.0), (1e-9, 3e4), (0.99, 1.02)] {
            let [bottom, top] = log_ends(low, high);
            assert!(10f64.powf(bottom) < low && 10f64.powf(top) > high, "{low}..{high}");
        }
        for (low, high) in [(0.0, 1.0), (-3.0, 4.0), (0.93, 0.94), (5.0, 5.0), (0.0, 0.0)] {
            let [bottom, top] = linear_ends(low, high);
            assert!(bottom <= low && top >= high && bottom < top, "{low}..{high}: {bottom} {top}");
        }
    }
}
