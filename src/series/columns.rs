//! The columns of one view, kept from frame to frame.
//!
//! Samples never change once they are there: a column whose last sample was measured says the same for
//! good. So a frame folds only the columns that the run has reached since the frame before, and those that a
//! moved view shows for the first time.
//!
//! Invariant: the buckets are those that [`Series::range`] would give for the stretches asked for; where
//! detail was given up since they were folded, they are the more exact ones. Going back, and getting
//! samples back, makes a series another one here.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Bucket, Series};

/// A name that no other series has, and no series that said something else before.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mark {
    name: u64,
    /// The name before, and how many samples are still those that it had.
    before: Option<(u64, u64)>,
}

impl Mark {
    /// Another name, for a series of which the first `kept` samples are as they were.
    pub(super) fn renewed(&self, kept: u64) -> Self {
        Self { before: Some((self.name, kept)), ..Self::default() }
    }

    /// The name, as a number.
    pub(super) fn name(&self) -> u64 {
        self.name
    }

    /// How many samples are those that the series of another name had; none if that is not known.
    pub(super) fn kept_of(&self, name: u64) -> Option<u64> {
        if name == self.name {
            return Some(u64::MAX);
        }
        self.before.filter(|(before, _)| *before == name).map(|(_, kept)| kept)
    }
}

impl Default for Mark {
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self { name: NEXT.fetch_add(1, Ordering::Relaxed), before: None }
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
    now: View,
    /// The memory of the view before.
    spare: View,
    /// How many of the first buckets hold all samples of their stretch.
    whole: usize,
    fresh: usize,
}

/// Stretches and their buckets.
#[derive(Debug, Clone, Default)]
struct View {
    asked: Vec<Range<u64>>,
    buckets: Vec<Bucket>,
}

impl Columns {
    /// The buckets, one a stretch, ascending.
    pub fn buckets(&self) -> &[Bucket] {
        &self.now.buckets
    }

    /// The first bucket that was folded anew: all before it are those of the time before.
    pub fn fresh(&self) -> usize {
        self.fresh
    }

    /// Looks at `stretches` (ascending, none empty), as far as the series goes. `placed` says where a
    /// bucket's samples were measured. A view that was moved keeps the columns that it still shows.
    pub(super) fn look(
        &mut self,
        series: &Series,
        mark: &Mark,
        stretches: impl Iterator<Item = Range<u64>>,
        placed: impl Fn(Bucket) -> Bucket,
    ) {
        let mut stretches = stretches.peekable();
        let whole = if self.of == mark.name { self.whole } else { 0 };
        self.fresh = 0;
        while self.fresh < whole && stretches.next_if_eq(&self.now.asked[self.fresh]).is_some() {
            self.fresh += 1;
        }
        let View { asked: known, buckets } = &mut self.spare;
        known.clear();
        buckets.clear();
        known.extend(self.now.asked.drain(self.fresh..));
        buckets.extend(self.now.buckets.drain(self.fresh..));
        known.truncate(whole - self.fresh);
        let mut at = 0;
        for stretch in stretches {
            while known.get(at).is_some_and(|known| known.start < stretch.start) {
                at += 1;
            }
            let bucket = if known.get(at) == Some(&stretch) {
                buckets[at]
            } else {
                let Some(bucket) = series.range(stretch.clone()) else { break };
                placed(bucket)
            };
            self.now.buckets.push(bucket);
            self.now.asked.push(stretch);
        }
        self.of = mark.name;
        self.whole = self.now.asked.partition_point(|stretch| stretch.end <= series.len());
    }
}
