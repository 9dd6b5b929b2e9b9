//! A fixed stretch of samples, written by one thread and read by others while it grows.
//!
//! The training thread stores each update's loss into a segment that was allocated ahead and
//! publishes how far it got; readers see exactly the published samples. The samples' bits lie in
//! relaxed atomics, and one release store of the length publishes them, so no `unsafe` is needed
//! and a store costs what a plain store costs.
//!
//! Beside its samples the segment of a lane holds [`Summary`]s of them, [`SUMMARISED`] at a time: made by
//! the writer while the samples are still in its cache, they spare the reader nearly all of its work.
//!
//! Invariant: what is published, samples or summaries, never changes.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::numeric::{Precision, Real};

use super::summary::{SUMMARISED, Summary};

/// Samples per segment.
pub const SEGMENT_LEN: usize = 65_536;

/// A fixed stretch of samples, [`SEGMENT_LEN`] of them from a lane, in the experiment's precision.
#[derive(Debug)]
pub struct Segment {
    samples: Samples,
    published: AtomicUsize,
    /// Samples before the first that a summary begins with.
    lead: usize,
    /// The bits of each summary's parts; empty where there are none.
    summaries: Box<[[AtomicU64; 3]]>,
    summarised: AtomicUsize,
}

#[derive(Debug)]
enum Samples {
    F32(Box<[AtomicU32]>),
    F64(Box<[AtomicU64]>),
}

impl Segment {
    /// An empty segment of [`SEGMENT_LEN`] samples.
    #[must_use]
    pub fn new(precision: Precision) -> Self {
        Self::with_capacity(precision, SEGMENT_LEN)
    }

    /// An empty segment of `capacity` samples.
    #[must_use]
    pub fn with_capacity(precision: Precision, capacity: usize) -> Self {
        let samples = match precision {
            Precision::F32 => Samples::F32((0..capacity).map(|_| AtomicU32::new(0)).collect()),
            Precision::F64 => Samples::F64((0..capacity).map(|_| AtomicU64::new(0)).collect()),
        };
        let (published, summarised) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { samples, published, lead: 0, summaries: Box::default(), summarised }
    }

    /// An empty segment of [`SEGMENT_LEN`] samples with room for summaries, each of which begins at a
    /// multiple of [`SUMMARISED`] when the segment's first sample is sample `first` of its run.
    #[must_use]
    pub fn with_summaries(precision: Precision, first: u64) -> Self {
        let lead = (first.wrapping_neg() % SUMMARISED as u64) as usize;
        let summaries =
            (0..(SEGMENT_LEN - lead) / SUMMARISED).map(|_| Default::default()).collect();
        Self { lead, summaries, ..Self::new(precision) }
    }

    /// Makes and publishes the summaries of what was published since the last time. For the one writer.
    pub fn summarise(&self) {
        let from = self.summarised.load(Ordering::Relaxed);
        let whole = self.len().saturating_sub(self.lead) / SUMMARISED;
        let to = whole.min(self.summaries.len());
        for at in from..to {
            let mut samples = [0.0; SUMMARISED];
            self.read(self.lead + at * SUMMARISED, &mut samples);
            let Summary { least, greatest, sum } = Summary::of(&samples);
            for (place, part) in self.summaries[at].iter().zip([least, greatest, sum]) {
                place.store(part.to_bits(), Ordering::Relaxed);
            }
        }
        if to > from {
            self.summarised.store(to, Ordering::Release);
        }
    }

    /// The summary of the [`SUMMARISED`] samples from `start` on, if there is one.
    pub fn summary(&self, start: usize) -> Option<Summary> {
        let from = start.checked_sub(self.lead)?;
        let at = from / SUMMARISED;
        if !from.is_multiple_of(SUMMARISED) || at >= self.summarised.load(Ordering::Acquire) {
            return None;
        }
        let [least, greatest, sum] =
            [0, 1, 2].map(|part| f64::from_bits(self.summaries[at][part].load(Ordering::Relaxed)));
        Some(Summary { least, greatest, sum })
    }

    /// Stores the bits of a sample, unpublished. For the one writer.
    pub fn store_bits(&self, index: usize, bits: u64) {
        match &self.samples {
            Samples::F32(s) => s[index].store(bits as u32, Ordering::Relaxed),
            Samples::F64(s) => s[index].store(bits, Ordering::Relaxed),
        }
    }

    /// Makes the first `len` samples visible to readers. For the one writer; never falls, except
    /// that a new branch starts in a segment of its own.
    pub fn publish(&self, len: usize) {
        self.published.store(len, Ordering::Release);
    }

    /// How many samples may be read.
    pub fn len(&self) -> usize {
        self.published.load(Ordering::Acquire)
    }

    /// Whether nothing was published yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sample at `index`, which must be below [`Segment::len`].
    pub fn get(&self, index: usize) -> f64 {
        match &self.samples {
            Samples::F32(s) => f64::from(f32::from_bits(s[index].load(Ordering::Relaxed))),
            Samples::F64(s) => f64::from_bits(s[index].load(Ordering::Relaxed)),
        }
    }

    /// Calls `each` with the samples of `range`, in order; all of it must be published.
    pub fn for_each(&self, range: Range<usize>, mut each: impl FnMut(f64)) {
        match &self.samples {
            Samples::F32(s) => {
                for a in &s[range] {
                    each(f64::from(f32::from_bits(a.load(Ordering::Relaxed))));
                }
            }
            Samples::F64(s) => {
                for a in &s[range] {
                    each(f64::from_bits(a.load(Ordering::Relaxed)));
                }
            }
        }
    }

    /// Fills `out` with the samples from `start` on; all of them must be published.
    pub fn read(&self, start: usize, out: &mut [f64]) {
        let range = start..start + out.len();
        match &self.samples {
            Samples::F32(s) => {
                for (to, a) in out.iter_mut().zip(&s[range]) {
                    *to = f64::from(f32::from_bits(a.load(Ordering::Relaxed)));
                }
            }
            Samples::F64(s) => {
                for (to, a) in out.iter_mut().zip(&s[range]) {
                    *to = f64::from_bits(a.load(Ordering::Relaxed));
                }
            }
        }
    }

    /// How many samples fit.
    pub fn capacity(&self) -> usize {
        match &self.samples {
            Samples::F32(s) => s.len(),
            Samples::F64(s) => s.len(),
        }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        let samples = match &self.samples {
            Samples::F32(s) => size_of_val(&**s),
            Samples::F64(s) => size_of_val(&**s),
        };
        samples + size_of_val(&*self.summaries)
    }
}

/// Where a trainer writes its batch losses: a segment, and the step its first sample belongs to.
///
/// The trainer stores sample k (measured before update k + 1) with [`LossSink::store`] and publishes
/// once at the end of its burst; it never runs past [`LossSink::end`].
#[derive(Debug, Clone)]
pub struct LossSink {
    first_step: u64,
    segment: Arc<Segment>,
}

impl LossSink {
    /// A fresh segment whose first sample is that of update `first_step + 1`.
    #[must_use]
    pub fn new(first_step: u64, precision: Precision) -> Self {
        Self { first_step, segment: Arc::new(Segment::with_summaries(precision, first_step)) }
    }

    /// Updates done before its first sample.
    pub fn first_step(&self) -> u64 {
        self.first_step
    }

    /// Updates that may be done in all before another sink is needed.
    pub fn end(&self) -> u64 {
        self.first_step + SEGMENT_LEN as u64
    }

    /// The segment, to share with readers.
    pub fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    /// Stores the loss measured after `step` updates, before update `step + 1`, unpublished.
    #[inline]
    pub fn store<R: Real>(&self, step: u64, loss: R) {
        let index = (step - self.first_step) as usize;
        match &self.segment.samples {
            Samples::F32(s) if R::PRECISION == Precision::F32 => {
                s[index].store(loss.to_bits64() as u32, Ordering::Relaxed);
            }
            Samples::F32(s) => s[index].store((loss.to_f64() as f32).to_bits(), Ordering::Relaxed),
            Samples::F64(s) => s[index].store(loss.to_f64().to_bits(), Ordering::Relaxed),
        }
    }

    /// Makes the losses of the first `step` updates in all visible to readers.
    pub fn publish(&self, step: u64) {
        self.segment.publish((step - self.first_step) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_begin_at_multiples_and_are_those_of_their_samples() {
        for first in [0, 1, 63, 64, 777] {
            let segment = Segment::with_summaries(Precision::F64, first);
            let value = |i: usize| if i == 500 { f64::NAN } else { ((i * 37) % 101) as f64 - 50.0 };
            (0..2_000).for_each(|i| segment.store_bits(i, value(i).to_bits()));
            let lead = (64 - first as usize % 64) % 64;
            for published in [0, lead + 63, lead + 64, 1_000, 2_000] {
                segment.publish(published);
                segment.summarise();
                for start in 0..2_000 {
                    let is_there = start >= lead
                        && (start - lead).is_multiple_of(64)
                        && start + 64 <= published;
                    let made = segment.summary(start);
                    assert_eq!(made.is_some(), is_there, "{first}, {published}, {start}");
                    let Some(made) = made else { continue };
                    let samples: Vec<f64> = (start..start + 64).map(value).collect();
                    let sum: f64 = samples.iter().sum();
                    if sum.is_nan() {
                        assert!(made.sum.is_nan());
                        continue;
                    }
                    assert_eq!(made.least, samples.iter().copied().fold(f64::INFINITY, f64::min));
                    assert_eq!(made.greatest, samples.iter().copied().fold(-1e9, f64::max));
                    assert!((made.sum - sum).abs() < 1e-9);
                }
            }
        }
        let plain = Segment::new(Precision::F32);
        plain.publish(1_000);
        plain.summarise();
        assert_eq!(plain.summary(0), None);
    }

    #[test]
    fn a_full_segment_is_summarised_to_its_last_whole_stretch() {
        for first in [0_u64, 30] {
            let sink = LossSink::new(first, Precision::F32);
            (first..sink.end()).for_each(|step| sink.store(step, 1.0_f32));
            sink.publish(sink.end());
            sink.segment().summarise();
            let last = SEGMENT_LEN - if first == 0 { 64 } else { 64 + 30 };
            assert_eq!(sink.segment().summary(last).map(|s| s.sum), Some(64.0));
            assert_eq!(sink.segment().summary(last + 64), None);
        }
    }
}
