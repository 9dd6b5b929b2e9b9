//! Dropout: at each training step every unit is silenced with a chance of `rate`, and those that stay
//! are scaled by 1/(1 − rate), so that the expected value is kept (torch.nn.Dropout; Srivastava et
//! al. 2014).
//!
//! Invariant: a mask is a pure function of noise seed, step, layer, row within the batch, and unit:
//! not of how a batch is cut into chunks, nor of what was drawn before. So the loss and its gradient
//! at one step have the same mask, and a replayed step has it again. Without [`Masks`] the layer hands
//! on what it gets: predictions and evaluations silence nothing.
//!
//! The elements of a step are counted layer by layer, then row by row, then unit by unit, over all
//! dropout layers; element e takes word e mod 4 of [`Noise::Dropout`]'s four words called ⌊e/4⌋ (they
//! begin again after 2³⁴ elements), and is silenced if word/2³² < rate. In NumPy, with `philox4x32` as
//! Random123 defines it and `rows` in the batch:
//!
//! ```text
//! def mask(seed, step, rate, rows, units, units_before):  # of the dropout layers before this one
//!     key = (seed & 0xffffffff, seed >> 32)
//!     first = rows * units_before
//!     words = [philox4x32((step & 0xffffffff, step >> 32, 3, e // 4), key)[e % 4]
//!              for e in range(first, first + rows * units)]
//!     kept = np.array(words).reshape(rows, units) / 2**32 >= rate
//!     return kept / (1 - rate)
//! ```

use crate::model::CHUNK_ROWS;
use crate::numeric::{Noise, Real};

use super::{LayerValues, Pass};

/// Which masks a chunk of a batch is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Masks {
    /// The lane's noise seed.
    pub seed: u64,
    /// Updates done.
    pub step: u64,
    /// Rows of the whole batch.
    pub batch: usize,
    /// The place of the chunk's first row in the batch.
    pub first: usize,
}

/// One dropout layer.
#[derive(Debug, Clone)]
pub(in crate::model) struct Dropout {
    pub(in crate::model) units: usize,
    pub(in crate::model) rate: f64,
    /// Units of all dropout layers before this one.
    pub(in crate::model) units_before: usize,
}

impl Dropout {
    pub(super) fn values<R: Real>(&self) -> LayerValues<R> {
        LayerValues::of_units(CHUNK_ROWS * self.units)
    }

    pub(super) fn forward<R: Real>(&self, input: &[R], pass: Pass, values: &mut LayerValues<R>) {
        let count = pass.rows * self.units;
        let factors = &mut values.kept[..count];
        match pass.masks {
            Some(masks) => self.draw(masks, factors),
            None => factors.fill(R::ONE),
        }
        for ((out, x), factor) in values.outputs[..count].iter_mut().zip(input).zip(factors) {
            *out = *x * *factor;
        }
    }

    pub(super) fn backward<R: Real>(
        &self,
        rows: usize,
        values: &LayerValues<R>,
        below: Option<&mut [R]>,
    ) {
        let Some(below) = below else { return };
        let count = rows * self.units;
        let slopes = values.delta[..count].iter().zip(&values.kept[..count]);
        for (below, (delta, factor)) in below.iter_mut().zip(slopes) {
            *below = *delta * *factor;
        }
    }

    /// Writes 0 for each silenced unit and 1/(1 − rate) for each that stays.
    fn draw<R: Real>(&self, masks: Masks, factors: &mut [R]) {
        let kept = R::from_f64(1.0 / (1.0 - self.rate));
        let limit = self.rate * 4_294_967_296.0;
        let before = masks.batch as u64 * self.units_before as u64;
        let mut element = before + masks.first as u64 * self.units as u64;
        let mut words = Noise::Dropout.words(masks.seed, masks.step, (element / 4) as u32);
        for factor in factors {
            let word = words[(element % 4) as usize];
            *factor = if f64::from(word) < limit { R::ZERO } else { kept };
            element += 1;
            if element.is_multiple_of(4) {
                words = Noise::Dropout.words(masks.seed, masks.step, (element / 4) as u32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(rate: f64, masks: Masks, rows: usize) -> Vec<f64> {
        let mut factors = vec![0.0; rows * 7];
        Dropout { units: 7, rate, units_before: 3 }.draw(masks, &mut factors);
        factors
    }

    #[test]
    fn a_mask_does_not_depend_on_how_the_batch_is_cut_into_chunks() {
        let masks = Masks { seed: 5, step: 9, batch: 11, first: 0 };
        let whole = factors(0.4, masks, 11);
        for cut in 1..11 {
            let first = factors(0.4, masks, cut);
            let second = factors(0.4, Masks { first: cut, ..masks }, 11 - cut);
            assert_eq!([first, second].concat(), whole, "cut after {cut} rows");
        }
    }

    #[test]
    fn each_element_is_a_word_of_the_step() {
        let masks = Masks { seed: 5 << 33, step: 9, batch: 2, first: 1 };
        for (unit, factor) in factors(0.4, masks, 1).into_iter().enumerate() {
            let element = 2 * 3 + 7 + unit;
            let words = Noise::Dropout.words(5 << 33, 9, (element / 4) as u32);
            let kept = f64::from(words[element % 4]) / 4_294_967_296.0 >= 0.4;
            assert_eq!(factor, if kept { 1.0 / 0.6 } else { 0.0 }, "unit {unit}");
        }
    }

    #[test]
    fn the_expected_factor_is_one() {
        for rate in [0.0, 0.1, 0.5, 0.9] {
            let masks = Masks { seed: 1, step: 4, batch: 20_000, first: 0 };
            let drawn = factors(rate, masks, 20_000);
            let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
            assert!((mean - 1.0).abs() < 0.03, "rate {rate}: {mean}");
            let silent = drawn.iter().filter(|f| **f == 0.0).count() as f64 / drawn.len() as f64;
            assert!((silent - rate).abs() < 0.01, "rate {rate}: {silent}");
        }
    }
}
