//! The order in which an epoch visits the training rows.
//!
//! Invariant: the order of an epoch depends on the seed, the epoch's number and the number of rows,
//! and on nothing else. No generator lives between epochs, so nothing of it needs a checkpoint, and
//! NumPy can redraw every order.

use crate::numeric::RandomState;

use super::Shuffle;

/// What the order's stream of random numbers is called: the second word of its key.
const PURPOSE: u32 = 1;

/// The order in which each epoch visits the training rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowOrder {
    shuffle: Shuffle,
    seed: u64,
    rows: usize,
}

impl RowOrder {
    /// The order of `rows` training rows.
    #[must_use]
    pub fn new(shuffle: Shuffle, seed: u64, rows: usize) -> Self {
        Self { shuffle, seed, rows }
    }

    /// Whether every epoch has the same order, so that one fill serves them all.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        matches!(self.shuffle, Shuffle::Never | Shuffle::Once)
    }

    /// Writes the rows of an epoch, counted from 0, in the order in which it visits them. Allocates
    /// nothing.
    ///
    /// With `g = RandomState([seed, 1, epoch])`: `EachEpoch` is `g.permutation(n)`, `Once` the same of
    /// epoch 0 every time, `WithReplacement` is `g.randint(0, n, n)`; `Never` counts up.
    ///
    /// # Panics
    /// If `rows` is not as long as there are rows, or these are more than 32-bit numbers.
    pub fn fill(&self, epoch: u64, rows: &mut [u32]) {
        assert_eq!(rows.len(), self.rows, "an epoch visits as many rows as there are");
        let count = u32::try_from(self.rows).expect("rows are counted in 32 bits");
        let generator = |epoch| RandomState::from_stream(self.seed, PURPOSE, epoch);
        match self.shuffle {
            Shuffle::Never => {
                for (place, row) in rows.iter_mut().zip(0..count) {
                    *place = row;
                }
            }
            Shuffle::Once => generator(0).fill_permutation(rows),
            Shuffle::EachEpoch => generator(epoch).fill_permutation(rows),
            Shuffle::WithReplacement => {
                let mut generator = generator(epoch);
                for row in rows {
                    *row = generator.bounded(u64::from(count) - 1) as u32;
                }
            }
        }
    }
}
