//! The view of a plot that follows its data.
//!
//! It moves rarely: its ends are round numbers, so they stay while the numbers below them grow.

use super::columns::{Kept, look};
use super::scale::{AxisScale, even_part, round_up};
use super::scene::{CurveLine, CurveScene, LaneCurves, LineLook};
use crate::series::Bucket;

/// Both ends of both axes, in places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct View {
    pub(super) x: [f64; 2],
    pub(super) y: [f64; 2],
}

/// Columns looked at for the ends: coarser than the picture, their least and greatest as exact.
const COLUMNS: f32 = 256.0;

/// The part of a line's samples that a robust range leaves out at either end.
const LEFT_OUT: f64 = 0.02;
/// How much wider all of it has to be for a robust range to leave something out.
const WORTH_IT: f64 = 1.5;

/// What shows all of a scene, and how y is spread: with the even part that its values ask for.
pub(super) fn follow(scene: &CurveScene<'_>, kept: &mut Kept) -> (View, AxisScale) {
    let x = x_range(scene);
    let lines = scene.lanes.iter().flat_map(|lane| lane.lines.iter().map(move |l| (lane, l)));
    for ((lane, line), kept) in lines.zip(&mut kept.lines).filter(|((lane, _), _)| lane.shown) {
        look(line.samples, lane.axes, &scene.axes, x[0]..=x[1], COLUMNS, &mut kept.ends);
    }
    let scale = match scene.axes.y_scale {
        AxisScale::Symlog(_) => AxisScale::Symlog(even_part_of(scene, kept)),
        other => other,
    };
    let all = y_range(scene, kept, scale, false);
    let y = if scene.axes.robust { worth_it(all, y_range(scene, kept, scale, true)) } else { all };
    (View { x, y }, scale)
}

/// The range that leaves something out, if the other is much wider for it.
fn worth_it(all: [f64; 2], robust: [f64; 2]) -> [f64; 2] {
    if all[1] - all[0] > WORTH_IT * (robust[1] - robust[0]) { robust } else { all }
}

/// The lines that are shown, with the columns that they were looked at in.
fn looked_at<'a>(
    scene: &'a CurveScene<'_>,
    kept: &'a Kept,
) -> impl Iterator<Item = (&'a LaneCurves<'a>, &'a CurveLine<'a>, &'a [Bucket])> {
    let lines = scene.lanes.iter().flat_map(|lane| lane.lines.iter().map(move |l| (lane, l)));
    let shown = lines.zip(&kept.lines).filter(|((lane, _), _)| lane.shown);
    shown.map(|((lane, line), kept)| (lane, line, kept.ends.buckets()))
}

/// How far a symmetric logarithmic axis is even around 0. Runs that left all bounds have no say, if there
/// are others.
fn even_part_of(scene: &CurveScene<'_>, kept: &Kept) -> f64 {
    let calm = scene.lanes.iter().any(|lane| lane.shown && !lane.diverged);
    let lines = || looked_at(scene, kept).filter(|(lane, ..)| !(calm && lane.diverged));
    let sizes = lines().flat_map(|(_, line, buckets)| {
        let less = line.samples.less();
        let seen = buckets.iter().filter(|bucket| bucket.finite > 0);
        seen.flat_map(move |bucket| [bucket.min - less, bucket.mean - less, bucket.max - less])
    });
    // A lane begins where the least of its lines does: means may be of what has grown already.
    let begin = |lane: &LaneCurves<'_>| {
        let own = lines().filter(|(other, ..)| std::ptr::eq(*other, lane));
        own.filter_map(|(_, line, buckets)| {
            let first = buckets.iter().find(|bucket| bucket.finite > 0)?;
            Some((first.min - line.samples.less()).abs())
        })
        .reduce(f64::min)
    };
    let begins = scene.lanes.iter().filter_map(begin).reduce(f64::max);
    even_part(sizes, begins.unwrap_or(f64::INFINITY))
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
        AxisScale::Linear | AxisScale::Symlog(_) => [0.0, end],
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
    lane: usize,
    low: f64,
    high: f64,
    diverged: bool,
    faint: bool,
    first: f64,
}

/// How far below all other lines single batches reach on a logarithmic axis: a model that is sure of a
/// batch has a loss of nearly 0, and a hundred decades would press all else flat.
const LUCKY: f64 = 1e-3;

fn y_range(scene: &CurveScene<'_>, kept: &Kept, scale: AxisScale, robust: bool) -> [f64; 2] {
    let log = scale == AxisScale::Log;
    let mut reaches: Vec<Reach> = looked_at(scene, kept)
        .filter_map(|(lane, line, buckets)| {
            let less = line.samples.less();
            let faint = line.look == LineLook::Faint;
            let mut reach = reach(buckets, less, faint, lane.diverged, log)?;
            reach.lane = scene.lanes.iter().position(|other| std::ptr::eq(other, lane))?;
            if robust && let Some((low, high)) = middle(buckets) {
                let usable = |value: f64| !(log && value <= 0.0);
                reach.low = Some(low - less).filter(|low| usable(*low)).unwrap_or(reach.low);
                reach.high = Some(high - less).filter(|high| usable(*high)).unwrap_or(reach.high);
                reach.first = reach.first.min(reach.high);
            }
            Some(reach)
        })
        .collect();
    if robust {
        leave_out_far_lanes(&mut reaches, scale);
    }
    let steady =
        |pick: fn(&Reach) -> f64| reaches.iter().filter(|r| !r.diverged).map(pick).reduce(f64::max);
    let first = highest_start(&reaches);
    // A run that left all bounds may climb, but not push the others into a line at the bottom.
    let ceiling = match steady(|r| r.high) {
        Some(steady) if !log => steady.max(first),
        steady => steady.unwrap_or(first).max(first) * if log { 10.0 } else { 2.0 },
    };
    let calm = reaches.iter().filter(|r| !r.faint).map(|r| r.low).reduce(f64::min);
    let floor = calm.filter(|_| log).map_or(f64::NEG_INFINITY, |calm| calm * LUCKY);
    let held = |r: &Reach| if r.faint { r.low.max(floor).min(r.high) } else { r.low };
    let low = reaches.iter().map(held).fold(f64::INFINITY, f64::min);
    let high = reaches
        .iter()
        .map(|r| if r.diverged && ceiling > 0.0 { r.high.min(ceiling) } else { r.high })
        .fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        return if log { [-2.0, 1.0] } else { [0.0, 1.0] };
    }
    let (low, high) = scene.baseline.map_or((low, high), |b| b.within(low, high, scale));
    match scale {
        AxisScale::Log => log_ends(low, high),
        AxisScale::Linear => linear_ends(low, high),
        AxisScale::Symlog(_) => symlog_ends(low, high, scale),
    }
}

/// How many times as far as the usual lane another may reach, and how many orders of magnitude further on a
/// logarithmic axis, to have a say in a robust range.
const FAR: f64 = 10.0;
const FAR_DECADES: f64 = 3.0;

/// Takes from the range of lanes what lies far from where the middle one of those that did not diverge lies:
/// a lane that grew without end is one that diverged, whether or not it was still finite when it ended.
fn leave_out_far_lanes(reaches: &mut [Reach], scale: AxisScale) {
    let is_even = scale == AxisScale::Linear;
    let place = |value: f64| scale.place(value).unwrap_or(value);
    // Places between which each lane lies.
    let mut lanes: Vec<(usize, f64, f64)> = Vec::new();
    for reach in reaches.iter().filter(|reach| !reach.diverged) {
        let (low, high) = (place(reach.low), place(reach.high));
        match lanes.iter_mut().find(|(lane, ..)| *lane == reach.lane) {
            Some((_, least, most)) => (*least, *most) = (least.min(low), most.max(high)),
            None => lanes.push((reach.lane, low, high)),
        }
    }
    let middle = |mut ends: Vec<f64>| {
        ends.sort_by(f64::total_cmp);
        ends.get(ends.len().saturating_sub(1) / 2).copied()
    };
    let high = middle(lanes.iter().map(|(.., high)| *high).collect());
    let low = middle(lanes.iter().map(|(_, low, _)| -low).collect()).map(|low| -low);
    let (Some(low), Some(high)) = (low, high) else { return };
    let room = if is_even { (high - low).max(0.1 * high.abs()) * FAR } else { FAR_DECADES };
    let is_far = |(_, least, most): &&(usize, f64, f64)| *most > high + room || *least < low - room;
    let far = |lane: usize| lanes.iter().filter(is_far).find(|(other, ..)| *other == lane);
    let near = reaches.iter().filter(|reach| !reach.diverged && far(reach.lane).is_none());
    let least = near.map(|reach| reach.low).fold(f64::INFINITY, f64::min);
    for reach in reaches {
        if let Some((_, low_end, high_end)) = far(reach.lane) {
            reach.diverged |= *high_end > high + room;
            if *low_end < low - room && least.is_finite() {
                reach.low = reach.low.max(least).min(reach.high);
            }
        }
    }
}

/// Where the highest lane starts. A lane starts where its lowest line does: the first mean over an epoch may
/// already be of one that left all bounds.
fn highest_start(reaches: &[Reach]) -> f64 {
    let start = |reach: &Reach| {
        let own = reaches.iter().filter(|other| other.lane == reach.lane);
        own.map(|other| other.first).fold(f64::INFINITY, f64::min)
    };
    reaches.iter().map(start).fold(f64::NEG_INFINITY, f64::max)
}

/// Between which values nearly all samples of a line lie: a part of them is above, and as large a part
/// below, as far as columns tell; a column counts by its samples, and with its extremes. Values there are,
/// however far away the others.
fn middle(buckets: &[Bucket]) -> Option<(f64, f64)> {
    let seen = || buckets.iter().filter(|bucket| bucket.finite > 0);
    let all: u64 = seen().map(|bucket| bucket.finite).sum();
    // At least one column may stand out, however few there are.
    let widest = seen().map(|bucket| bucket.finite).max()?;
    let may_go = ((all as f64 * LEFT_OUT) as u64).max(widest.min(all / 8));
    let cut = |mut ends: Vec<(f64, u64)>| {
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut gone = 0;
        let stays = |&&(_, samples): &&(f64, u64)| {
            gone += samples;
            gone > may_go
        };
        ends.iter().find(stays).map(|(value, _)| *value)
    };
    let low = cut(seen().map(|bucket| (bucket.min, bucket.finite)).collect())?;
    // From above, what is least is greatest.
    let high = -cut(seen().map(|bucket| (-bucket.max, bucket.finite)).collect())?;
    Some((low.min(high), high.max(low)))
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
    Some(Reach { lane: 0, low: low.unwrap_or(first), high, diverged, faint, first })
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

/// Ends at quarters of an order of magnitude, so that they stay while the numbers move.
fn symlog_ends(low: f64, high: f64, scale: AxisScale) -> [f64; 2] {
    let place = |value: f64| scale.place(value).unwrap_or_default() * 4.0;
    let (bottom, top) = ((place(low) - 0.1).floor() / 4.0, (place(high) + 0.1).ceil() / 4.0);
    [if low >= 0.0 { bottom.max(0.0) } else { bottom }, top.max(bottom + 0.5)]
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
    use crate::series::Series;

    fn buckets(values: impl Iterator<Item = f64>) -> Vec<Bucket> {
        let segment = crate::train::Segment::new(crate::numeric::Precision::F64);
        let mut count = 0;
        for (at, value) in values.enumerate() {
            segment.store_bits(at, value.to_bits());
            count = at + 1;
        }
        segment.publish(count);
        let mut series = Series::new();
        series.adopt(0, std::sync::Arc::new(segment));
        series.refresh();
        let mut buckets = Vec::new();
        series.view(0..series.len(), 256, &mut buckets);
        buckets
    }

    #[test]
    fn a_robust_range_does_not_see_a_spike_however_high() {
        let calm = |k: usize| 1.0 + ((k * 37) % 101) as f64 / 100.0;
        for spike in [1e2, 1e9, 1e300] {
            for (at, count) in [(500, 1000), (0, 1000), (20_000, 50_000), (3, 9)] {
                let values = (0..count).map(|k| if k == at { spike } else { calm(k) });
                let (low, high) = middle(&buckets(values)).expect("a range");
                assert!(low >= 1.0 && high <= 2.0, "{low}..{high} with {spike} at {at} of {count}");
                let below = (0..count).map(|k| if k == at { -spike } else { calm(k) });
                let (low, high) = middle(&buckets(below)).expect("a range");
                assert!(
                    low >= 1.0 && high <= 2.0,
                    "{low}..{high} with -{spike} at {at} of {count}"
                );
            }
        }
        // Nearly all samples are inside.
        let (low, high) = middle(&buckets((0..1000).map(f64::from))).expect("a range");
        let inside = (0..1000).filter(|k| (low..=high).contains(&f64::from(*k))).count();
        assert!(inside >= 960, "{inside}");
        assert_eq!(middle(&buckets(std::iter::once(4.0))), Some((4.0, 4.0)));
        assert_eq!(middle(&buckets(std::iter::once(f64::NAN))), None);
    }

    #[test]
    fn a_robust_range_leaves_something_out_only_where_that_helps() {
        assert_eq!(worth_it([0.0, 10.0], [0.0, 8.0]), [0.0, 10.0]);
        assert_eq!(worth_it([0.0, 1000.0], [0.0, 8.0]), [0.0, 8.0]);
    }

    #[test]
    fn a_lane_that_diverged_within_its_first_epoch_starts_where_its_first_batch_was() {
        let reach = |lane, first| {
            let (low, high, diverged, faint) = (first, first, lane == 1, false);
            Reach { lane, low, high, diverged, faint, first }
        };
        assert_eq!(highest_start(&[reach(0, 5.0), reach(1, 7.0), reach(1, 1e54)]), 7.0);
        assert_eq!(highest_start(&[]), f64::NEG_INFINITY);
    }

    #[test]
    fn one_lane_that_grew_without_end_does_not_flatten_the_others_of_a_robust_range() {
        let reach =
            |lane, low, high| Reach { lane, low, high, diverged: false, faint: false, first: low };
        for scale in [AxisScale::Linear, AxisScale::Log, AxisScale::Symlog(0.01)] {
            let mut all = vec![
                reach(0, 0.04, 0.3),
                reach(1, 0.2, 6.7e52),
                reach(1, 0.3, 2.4e52),
                reach(2, 0.06, 0.5),
                reach(3, 0.05, 0.4),
            ];
            leave_out_far_lanes(&mut all, scale);
            let left: Vec<usize> = all.iter().filter(|r| r.diverged).map(|r| r.lane).collect();
            assert_eq!(left, [1, 1], "{scale:?}");
            // Two lanes: the one that stayed is the usual one.
            let mut two = vec![reach(0, 0.1, 1e40), reach(1, 0.1, 0.9)];
            leave_out_far_lanes(&mut two, scale);
            assert!(two[0].diverged && !two[1].diverged, "{scale:?}");
            // Nothing is left out where all are near.
            let mut near = vec![reach(0, 0.1, 3.0), reach(1, 0.3, 0.9), reach(2, 0.1, 0.4)];
            leave_out_far_lanes(&mut near, scale);
            assert!(near.iter().all(|reach| !reach.diverged), "{scale:?}");
        }
        // A score far below the others'.
        let mut scores = vec![reach(0, -0.5, 0.9), reach(1, -2.8e24, 0.2), reach(2, -0.1, 0.8)];
        leave_out_far_lanes(&mut scores, AxisScale::Linear);
        assert_eq!(scores[1].low, -0.5);
    }

    #[test]
    fn symlog_ends_hold_both_signs() {
        let scale = AxisScale::Symlog(0.01);
        for (low, high) in [(-3.0, 40.0), (0.0, 1.0), (-1e-3, 1e-3), (5.0, 5.0), (-2.0, -1.0)] {
            let [bottom, top] = symlog_ends(low, high, scale);
            let place = |value| scale.place(value).expect("a place");
            assert!(bottom <= place(low) && top >= place(high) && bottom < top, "{low}..{high}");
        }
    }

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
