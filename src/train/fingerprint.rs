//! Whether two lanes start alike and see the same rows in the same batches: numbers to compare.
//!
//! Invariant: equal inputs give equal numbers, whatever the precision of the optimizer's other numbers;
//! different ones differ, but for one chance in 2⁶⁴.

use crate::data::{BatchSize, RowOrder};
use crate::optim::Tabled;

use super::{AnyTrainer, Trainer};

/// Epochs whose order is looked at.
const EPOCHS: u64 = 2;

/// What a lane begins with, in two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fingerprint {
    /// Of the parameters at step 0.
    pub start: u64,
    /// Of the order of the rows and the size of batches; 0 where there are no rows.
    pub batches: u64,
}

/// FNV-1a, over words.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    fn add(&mut self, word: u64) {
        for byte in word.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}

impl AnyTrainer {
    /// What a trainer at step 0 begins with.
    pub fn fingerprint(&self) -> Fingerprint {
        match self {
            Self::F32(trainer) => trainer.fingerprint(),
            Self::F64(trainer) => trainer.fingerprint(),
        }
    }
}

impl<R: Tabled> Trainer<R> {
    fn fingerprint(&self) -> Fingerprint {
        let mut start = Fnv::new();
        for w in self.params() {
            start.add(w.to_f64().to_bits());
        }
        let batches = if self.has_epochs { self.batches(self.order.order()) } else { 0 };
        Fingerprint { start: start.0, batches }
    }

    fn batches(&self, order: RowOrder) -> u64 {
        let mut batches = Fnv::new();
        batches.add(match self.batch_size {
            BatchSize::Rows(rows) => rows.min(self.rows.len() as u64),
            BatchSize::Full => self.rows.len() as u64,
        });
        let mut rows = vec![0; self.rows.len()];
        for epoch in 0..EPOCHS {
            order.fill(epoch, &mut rows);
            for row in &rows {
                batches.add(u64::from(*row));
            }
        }
        batches.0
    }
}
