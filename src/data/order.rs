//! The order in which an epoch visits the training rows.
//!
//! Invariant: the order of an epoch depends on the seed, the epoch's number and the number of rows,
//! and on nothing else. What is kept between epochs ([`Orders`]) is a store of orders made ahead: nothing
//! of it needs a checkpoint, and NumPy can redraw every order.

use crate::numeric::{RandomState, TWISTERS, Twisters, shuffle_on};

use super::Shuffle;

/// What the order's stream of random numbers is called: the second word of its key.
const PURPOSE: u32 = 1;

/// With more rows, seeding costs nothing beside shuffling them.
const FEW_ROWS: usize = 2048;

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
        let generator = |epoch| RandomState::from_stream(self.seed, PURPOSE, epoch);
        match self.shuffle {
            Shuffle::Never => count_up(rows),
            Shuffle::Once => generator(0).fill_permutation(rows),
            Shuffle::EachEpoch => generator(epoch).fill_permutation(rows),
            Shuffle::WithReplacement => {
                let count = rows.len() as u64;
                let mut generator = generator(epoch);
                for row in rows {
                    *row = generator.bounded(count - 1) as u32;
                }
            }
        }
    }
}

fn count_up(rows: &mut [u32]) {
    let count = u32::try_from(rows.len()).expect("rows are counted in 32 bits");
    for (place, row) in rows.iter_mut().zip(0..count) {
        *place = row;
    }
}

/// The orders of epochs, a few of them made at once where that is cheaper.
#[derive(Debug)]
pub struct Orders {
    order: RowOrder,
    ahead: Option<Ahead>,
}

/// The orders of eight epochs, one after another.
#[derive(Debug)]
struct Ahead {
    twisters: Twisters,
    /// The first of the epochs; `None` before any was asked for.
    first: Option<u64>,
    orders: Vec<u32>,
}

impl Orders {
    /// Which order they are of.
    #[must_use]
    pub fn order(&self) -> RowOrder {
        self.order
    }

    /// Those that `order` gives.
    #[must_use]
    pub fn new(order: RowOrder) -> Self {
        let pays = order.shuffle == Shuffle::EachEpoch && (2..=FEW_ROWS).contains(&order.rows);
        let ahead = pays.then(|| Ahead {
            twisters: Twisters::new(),
            first: None,
            orders: vec![0; TWISTERS * order.rows],
        });
        Self { order, ahead }
    }

    /// Whether every epoch has the same order, so that one fill serves them all.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.order.is_fixed()
    }

    /// What [`RowOrder::fill`] writes. Allocates nothing.
    ///
    /// # Panics
    /// As [`RowOrder::fill`].
    pub fn fill(&mut self, epoch: u64, rows: &mut [u32]) {
        let Self { order, ahead } = self;
        let Some(ahead) = ahead else { return order.fill(epoch, rows) };
        assert_eq!(rows.len(), order.rows, "an epoch visits as many rows as there are");
        let lane = epoch % TWISTERS as u64;
        let first = epoch - lane;
        if ahead.first != Some(first) {
            ahead.shuffle(order.seed, first, order.rows);
        }
        rows.copy_from_slice(&ahead.orders[lane as usize * order.rows..][..order.rows]);
    }
}

impl Ahead {
    fn shuffle(&mut self, seed: u64, first: u64, rows: usize) {
        let Self { twisters, orders, .. } = self;
        twisters.seed(seed, PURPOSE, first);
        for order in orders.chunks_exact_mut(rows) {
            count_up(order);
        }
        // Rows that have no place yet.
        let mut left = [rows; TWISTERS];
        while left.iter().any(|left| *left > 1) {
            let words = twisters.block();
            for (lane, (order, left)) in orders.chunks_exact_mut(rows).zip(&mut left).enumerate() {
                *left = shuffle_on(order, *left, words.iter().map(|words| words[lane]));
            }
        }
        self.first = Some(first);
    }
}
