//! What stands for many samples: their exact range, their mean, and whether any was not finite.

use crate::train::Summary;

/// A stretch of samples as a plot draws it.
///
/// With no finite sample (`finite == 0`), `min`, `max` and `mean` are NaN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// The step of the first sample.
    pub first_step: u64,
    /// The step of the last sample.
    pub last_step: u64,
    /// The least finite sample.
    pub min: f64,
    /// The greatest finite sample.
    pub max: f64,
    /// The mean of the finite samples.
    pub mean: f64,
    /// Whether the last sample is known to be infinite or NaN: what comes after did not come from it.
    pub breaks: bool,
    /// How many samples are finite.
    pub finite: u64,
    /// How many samples are infinite or NaN.
    pub non_finite: u64,
}

impl Bucket {
    pub(super) fn new(first_step: u64, last_step: u64, node: &Node) -> Self {
        let (min, max, mean) = if node.finite == 0 {
            (f64::NAN, f64::NAN, f64::NAN)
        } else {
            (node.min, node.max, node.mean())
        };
        Self {
            first_step,
            last_step,
            min,
            max,
            mean,
            breaks: false,
            finite: node.finite,
            non_finite: node.non_finite,
        }
    }
}

/// A summary of samples that can be joined with another: a stone of the pyramid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) sum: f64,
    pub(super) finite: u64,
    pub(super) non_finite: u64,
}

impl Node {
    /// Of no sample.
    pub(super) const EMPTY: Self =
        Self { min: f64::INFINITY, max: f64::NEG_INFINITY, sum: 0.0, finite: 0, non_finite: 0 };

    pub(super) fn add(&mut self, sample: f64) {
        if sample.is_finite() {
            self.min = self.min.min(sample);
            self.max = self.max.max(sample);
            self.sum += sample;
            self.finite += 1;
        } else {
            self.non_finite += 1;
        }
    }

    /// Of `samples`.
    pub(super) fn of(samples: &[f64]) -> Self {
        let summary = Summary::of(samples);
        Self::summed(&summary, samples.len() as u64).unwrap_or_else(|| {
            let mut each = Self::EMPTY;
            for sample in samples {
                each.add(*sample);
            }
            each
        })
    }

    /// Of `count` samples that were summarised before; none if a summary cannot stand for them.
    pub(super) fn summed(summary: &Summary, count: u64) -> Option<Self> {
        let Summary { least, greatest, sum } = *summary;
        // A sum that is finite has only finite terms.
        let node = Self { min: least, max: greatest, sum, finite: count, non_finite: 0 };
        sum.is_finite().then_some(node)
    }

    pub(super) fn join(&mut self, other: &Self) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum += other.sum;
        self.finite += other.finite;
        self.non_finite += other.non_finite;
    }

    /// A quarter of the samples, taken to be alike.
    pub(super) fn quarter(&self) -> Self {
        let finite = self.finite.div_ceil(4);
        let sum = if self.finite == 0 { 0.0 } else { self.mean() * finite as f64 };
        Self { sum, finite, non_finite: self.non_finite.div_ceil(4), ..*self }
    }

    /// The mean of the finite samples; where their sum is too large for a number, the middle of the
    /// range.
    fn mean(&self) -> f64 {
        let mean = self.sum / self.finite as f64;
        if mean.is_finite() {
            mean.clamp(self.min, self.max)
        } else {
            self.min / 2.0 + self.max / 2.0
        }
    }
}
