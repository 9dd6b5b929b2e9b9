//! A fixed stretch of samples, written by one thread and read by others while it grows.
//!
//! The training thread stores each update's loss into a segment that was allocated ahead and
//! publishes how far it got; readers see exactly the published samples. The samples' bits lie in
//! relaxed atomics, and one release store of the length publishes them, so no `unsafe` is needed
//! and a store costs what a plain store costs.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crate::numeric::{Precision, Real};

/// Samples per segment.
pub const SEGMENT_LEN: usize = 65_536;

/// A fixed stretch of samples, [`SEGMENT_LEN`] of them from a lane, in the experiment's precision.
#[derive(Debug)]
pub struct Segment {
    samples: Samples,
    published: AtomicUsize,
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
        Self { samples, published: AtomicUsize::new(0) }
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
        match &self.samples {
            Samples::F32(s) => s.len() * 4,
            Samples::F64(s) => s.len() * 8,
        }
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
        Self { first_step, segment: Arc::new(Segment::new(precision)) }
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
