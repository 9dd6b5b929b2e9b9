//! Series smoothed by a debiased exponential moving average, `TensorBoard`'s: s ← w·s + (1 − w)·x, shown
//! as s / (1 − wⁿ) after n samples, so that it begins at the first sample and not near 0.
//!
//! It runs over every sample of the run, whatever is on the screen, and only over what is new since it
//! last ran: a smoothed series is itself a [`Series`], kept whole and drawn as such. A sample that is not
//! finite stands as it is and leaves the average alone, as in `TensorBoard`.
//!
//! Invariant: bit by bit the same numbers however the samples came in. Where single samples were given up
//! for memory before they were smoothed, the mean of their stretch stands for each of them, and
//! [`Smoothed::over_means`] says where.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::numeric::Precision;
use crate::train::{SEGMENT_LEN, Segment};

use super::{Curve, Series};

/// Samples that are smoothed between two looks at the clock.
const AT_ONCE: usize = 2048;
/// Bytes that a smoothed series holds at most, but its first and latest million numbers in any case.
const BYTES: usize = 64 << 20;
/// A share of the start so small that it changes no sum.
const GONE: f64 = 1e-20;

/// The average so far.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Average {
    sum: f64,
    /// w to the number of samples: how much of the sum is still missing.
    missing: f64,
}

impl Average {
    const NONE: Self = Self { sum: 0.0, missing: 1.0 };

    /// Takes in a sample; what stands for it.
    fn next(&mut self, weight: f64, sample: f64) -> f64 {
        if !sample.is_finite() {
            return sample;
        }
        self.sum = self.sum * weight + (1.0 - weight) * sample;
        if self.missing == 0.0 {
            return self.sum;
        }
        self.missing *= weight;
        if self.missing < GONE {
            self.missing = 0.0;
        }
        self.sum / (1.0 - self.missing)
    }
}

/// One way through a series with one weight. There is no copy of it: two would write into one segment.
#[derive(Debug)]
struct Pass {
    weight: f64,
    /// The name of the series.
    of: u64,
    average: Average,
    /// The average before every [`SEGMENT_LEN`]th sample, to go on from where a run was taken back.
    stops: Vec<Average>,
    made: Series,
    tail: Option<Arc<Segment>>,
    over_means: Option<Range<u64>>,
}

impl Pass {
    fn new(weight: f64, of: u64) -> Self {
        let (average, stops, made) = (Average::NONE, Vec::new(), Series::new());
        Self { weight, of, average, stops, made, tail: None, over_means: None }
    }

    /// Forgets what the series does not have any more.
    fn follow(&mut self, series: &Series) {
        let name = series.mark().name();
        if self.of == name {
            return;
        }
        let kept = series.mark().kept_of(self.of).unwrap_or(0).min(self.made.len());
        if kept < self.made.len() {
            let stop = kept / SEGMENT_LEN as u64;
            let average = self.stops.get(stop as usize).copied();
            self.made.truncate(stop * SEGMENT_LEN as u64);
            self.stops.truncate(stop as usize);
            (self.average, self.tail) = (average.unwrap_or(Average::NONE), None);
            let end = self.made.len();
            self.over_means = self.over_means.take().filter(|means| means.start < end);
        }
        self.of = name;
    }

    /// Goes on until the clock says stop; whether it has come to the end.
    fn run(&mut self, series: &Series, begin: Instant, budget: Duration) -> bool {
        let mut samples = [0.0; AT_ONCE];
        let mut at = self.made.len();
        while at < series.len() {
            let place = (at % SEGMENT_LEN as u64) as usize;
            if place == 0 || self.tail.is_none() {
                let segment = Arc::new(Segment::new(Precision::F64));
                self.made.adopt(at, Arc::clone(&segment));
                self.stops.push(self.average);
                self.tail = Some(segment);
            }
            let room = AT_ONCE.min(SEGMENT_LEN - place);
            let (count, are_means) = series.read_on(at, &mut samples[..room]);
            let Some(segment) = self.tail.as_ref().filter(|_| count > 0) else { break };
            if are_means {
                let first = self.over_means.as_ref().map_or(at, |means| means.start);
                self.over_means = Some(first..at + count as u64);
            }
            for (index, sample) in samples[..count].iter().enumerate() {
                let smooth = self.average.next(self.weight, *sample);
                segment.store_bits(place + index, smooth.to_bits());
            }
            segment.publish(place + count);
            at += count as u64;
            if begin.elapsed() >= budget {
                break;
            }
        }
        if at > self.made.len() {
            self.made.refresh();
            self.made.shrink_to(BYTES);
        }
        at >= series.len()
    }
}

/// A series with one number per update, smoothed.
///
/// When the weight changes, the numbers of the weight before stay until those of the new one are there.
#[derive(Debug, Default)]
pub struct Smoothed {
    shown: Option<Pass>,
    next: Option<Pass>,
}

impl Smoothed {
    /// Takes in what is new in `series`, and another weight (at least 0, below 1), for at most about
    /// `budget`, but some thousand samples at least. Whether there is nothing left to do.
    pub fn advance(&mut self, series: &Series, weight: f64, budget: Duration) -> bool {
        let begin = Instant::now();
        let name = series.mark().name();
        let shown = self.shown.get_or_insert_with(|| Pass::new(weight, name));
        shown.follow(series);
        if shown.weight == weight {
            self.next = None;
            return shown.run(series, begin, budget);
        }
        // A weight that is being turned is another one each time: each is taken to its end.
        let next = self.next.get_or_insert_with(|| Pass::new(weight, name));
        next.follow(series);
        if !next.run(series, begin, budget) {
            return false;
        }
        let is_done = next.weight == weight;
        self.shown = self.next.take();
        is_done
    }

    /// The smoothed numbers, one per update, as far as they are made.
    pub fn series(&self) -> Option<&Series> {
        self.shown.as_ref().map(|pass| &pass.made).filter(|made| !made.is_empty())
    }

    /// From the first to the last update where means stood for samples that were given up.
    pub fn over_means(&self) -> Option<Range<u64>> {
        self.shown.as_ref()?.over_means.clone()
    }
}

/// A curve of points at some updates, smoothed point by point.
#[derive(Debug, Clone, Default)]
pub struct SmoothedCurve {
    of: Option<(u64, u64)>,
    average: Option<Average>,
    /// How many points of the curve were looked at.
    seen: u64,
    made: Curve,
}

impl SmoothedCurve {
    /// Takes in what is new in `curve`, all of it anew if the weight or the past is another one.
    pub fn advance(&mut self, curve: &Curve, weight: f64) {
        let of = (curve.mark().name(), weight.to_bits());
        if self.of != Some(of) {
            *self = Self { of: Some(of), ..Self::default() };
        }
        let average = self.average.get_or_insert(Average::NONE);
        for point in (self.seen..curve.len()).filter_map(|index| curve.get(index)) {
            self.made.push(point.step, average.next(weight, point.value));
        }
        self.seen = curve.len();
    }

    /// The smoothed points.
    pub fn curve(&self) -> &Curve {
        &self.made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(segment: &Segment, from: usize, to: usize) {
        let sample = |k: usize| {
            if k % 977 == 976 { f64::NAN } else { 3.0 / (k + 1) as f64 + ((k * 7919) % 100) as f64 }
        };
        (from..to).for_each(|k| segment.store_bits(k, sample(k).to_bits()));
        segment.publish(to);
    }

    fn bits(smoothed: &Smoothed) -> Vec<u64> {
        let series = smoothed.series().expect("numbers");
        (0..series.len()).map(|k| series.get(k).expect("a number").to_bits()).collect()
    }

    #[test]
    fn bit_by_bit_the_same_however_the_samples_came_in() {
        let segments =
            [Arc::new(Segment::new(Precision::F64)), Arc::new(Segment::new(Precision::F32))];
        let mut series = Series::new();
        series.adopt(0, Arc::clone(&segments[0]));
        let (mut bitwise, mut at) = (Smoothed::default(), 0);
        for part in [1, 2, 63, 64, 65, 5000, 60_341] {
            grown(&segments[0], at, at + part);
            at += part;
            series.refresh();
            assert!(bitwise.advance(&series, 0.97, Duration::MAX));
        }
        assert_eq!(at, SEGMENT_LEN);
        series.adopt(at as u64, Arc::clone(&segments[1]));
        grown(&segments[1], 0, 20_000);
        series.refresh();
        // With no time at all it comes to the end bit by bit.
        let mut times = 0;
        while !bitwise.advance(&series, 0.97, Duration::ZERO) {
            times += 1;
        }
        assert_eq!(times, 20_000 / AT_ONCE);
        let mut whole = Smoothed::default();
        assert!(whole.advance(&series, 0.97, Duration::MAX));
        assert_eq!(bits(&bitwise), bits(&whole));
        // Taken back and grown again it is what it would be anew.
        for kept in [70_000_u64, 30_000, 0] {
            series.truncate(kept);
            let other = Arc::new(Segment::new(Precision::F64));
            series.adopt(kept, Arc::clone(&other));
            grown(&other, 0, 100);
            series.refresh();
            assert!(bitwise.advance(&series, 0.97, Duration::MAX));
            let mut whole = Smoothed::default();
            whole.advance(&series, 0.97, Duration::MAX);
            assert_eq!(bits(&bitwise), bits(&whole), "from {kept}");
        }
    }

    #[test]
    fn another_weight_shows_when_all_of_it_is_there() {
        let segment = Arc::new(Segment::new(Precision::F64));
        let mut series = Series::new();
        series.adopt(0, Arc::clone(&segment));
        grown(&segment, 0, 3 * AT_ONCE);
        series.refresh();
        let mut smoothed = Smoothed::default();
        assert!(smoothed.advance(&series, 0.5, Duration::MAX));
        let before = bits(&smoothed);
        assert!(!smoothed.advance(&series, 0.9, Duration::ZERO));
        assert_eq!(bits(&smoothed), before, "until then that of the weight before");
        while !smoothed.advance(&series, 0.9, Duration::ZERO) {}
        let mut anew = Smoothed::default();
        anew.advance(&series, 0.9, Duration::MAX);
        assert_eq!(bits(&smoothed), bits(&anew));
    }

    #[test]
    fn where_samples_were_given_up_their_means_stand_for_them_and_it_is_said() {
        let mut series = Series::new();
        for index in 0..40 {
            let segment = Arc::new(Segment::new(Precision::F32));
            grown(&segment, 0, SEGMENT_LEN);
            series.adopt(index * SEGMENT_LEN as u64, segment);
        }
        series.refresh();
        let mut whole = Smoothed::default();
        whole.advance(&series, 0.999, Duration::MAX);
        assert_eq!(whole.over_means(), None);
        series.shrink_to(0);
        let mut thinned = Smoothed::default();
        assert!(thinned.advance(&series, 0.999, Duration::MAX));
        let block = SEGMENT_LEN as u64;
        assert_eq!(thinned.over_means(), Some(16 * block..24 * block));
        let last =
            |smoothed: &Smoothed| smoothed.series().and_then(Series::last).expect("a number");
        assert!((last(&whole) - last(&thinned)).abs() < 1e-9 * last(&whole).abs());
    }

    #[test]
    fn a_curve_is_smoothed_point_by_point() {
        let mut curve = Curve::new();
        let mut smoothed = SmoothedCurve::default();
        for (step, value) in [(5, 1.0), (10, 3.0), (15, f64::INFINITY), (20, 2.0)] {
            curve.push(step, value);
            smoothed.advance(&curve, 0.5);
        }
        let points: Vec<_> = (0..4).filter_map(|i| smoothed.curve().get(i)).collect();
        assert_eq!(points.iter().map(|p| p.step).collect::<Vec<_>>(), [5, 10, 15, 20]);
        let values: Vec<f64> = points.iter().map(|p| p.value).collect();
        assert_eq!(values[0], 1.0);
        assert!((values[1] - (0.25 + 1.5) / 0.75).abs() < 1e-15);
        assert_eq!(values[2], f64::INFINITY);
        assert!((values[3] - (0.125 + 0.75 + 1.0) / 0.875).abs() < 1e-15);
        curve.truncate(10);
        smoothed.advance(&curve, 0.5);
        assert_eq!(smoothed.curve().len(), 2);
    }
}
