//! The columns of one view, kept from frame to frame.
//!
//! Samples never change once they are there: a column whose last sample was measured says the same for
//! good. So a frame folds only the columns that the run has reached since the frame before.
//!
//! Invariant: the buckets are those that [`Series::range`] would give for the stretches asked for; where
//! detail was given up since they were folded, they are the more exact ones. Going back, and getting
//! samples back, makes a series another one here.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Bucket, Series};

/// A name that no other series has, and no series that said something else before.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark(u64);

impl Default for Mark {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl Clone for Mark {
    /// Another name: copies go their own ways.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// The buckets of the stretches that were last asked for.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    of: u64,
    asked: Vec<Range<u64>>,
    buckets: Vec<Bucket>,
    /// How many of the first buckets hold all samples of their stretch.
    whole: usize,
    fresh: usize,
}

impl Columns {
    /// The buckets, one a stretch, ascending.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// The first bucket that was folded anew: all before it are those of the time before.
    pub fn fresh(&self) -> usize {
        self.fresh
    }

    /// Looks at `stretches` (ascending, none empty), as far as the series goes. `placed` says where a
    /// bucket's samples were measured.
    pub(super) fn look(
        &mut self,
        series: &Series,
        mark: &Mark,
        mut stretches: impl Iterator<Item = Range<u64>>,
        placed: impl Fn(Bucket) -> Bucket,
    ) {
        let whole = if self.of == mark.0 { self.whole } else { 0 };
        let mut known = self.asked[..whole].iter();
        self.fresh = 0;
        let mut next = stretches.next();
        while next.is_some() && known.next() == next.as_ref() {
            self.fresh += 1;
            next = stretches.next();
        }
        self.asked.truncate(self.fresh);
        self.buckets.truncate(self.fresh);
        for stretch in next.into_iter().chain(stretches) {
            let Some(bucket) = series.range(stretch.clone()) else { break };
            self.buckets.push(placed(bucket));
            self.asked.push(stretch);
        }
        self.of = mark.0;
        self.whole = self.asked.partition_point(|stretch| stretch.end <= series.len());
    }
}
