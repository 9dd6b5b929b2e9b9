//! Layer norm: each row is brought to mean 0 and variance 1 over its units, then each unit has a gain
//! and a bias of its own (torch.nn.LayerNorm; Ba, Kiros, Hinton 2016).
//!
//! x̂ = (x − mean) / √(variance + ε), y = gain·x̂ + bias, with the biased variance (divided by the
//! number of units) and ε = 1e-5 inside the root. Backward, with g = gain·∂y:
//! ∂x = (g − mean(g) − x̂·mean(g·x̂)) / √(variance + ε).
//!
//! Invariant: a row's outputs depend on that row alone. Thanks to ε a row of equal numbers gives the
//! biases. Deliberately not here: statistics over a batch.

use std::ops::Range;

use crate::model::CHUNK_ROWS;
use crate::numeric::Real;

use super::LayerValues;

/// What keeps the root from zero.
const EPSILON: f64 = 1e-5;

/// One layer norm.
#[derive(Debug, Clone)]
pub(in crate::model) struct LayerNorm {
    pub(in crate::model) units: usize,
    pub(in crate::model) gains: Range<usize>,
    pub(in crate::model) biases: Range<usize>,
}

impl LayerNorm {
    pub(super) fn values<R: Real>(&self) -> LayerValues<R> {
        let mut values = LayerValues::of_units(CHUNK_ROWS * self.units);
        values.inverse = vec![R::ZERO; CHUNK_ROWS];
        values
    }

    pub(super) fn forward<R: Real>(
        &self,
        params: &[R],
        input: &[R],
        rows: usize,
        values: &mut LayerValues<R>,
    ) {
        let (gains, biases) = (&params[self.gains.clone()], &params[self.biases.clone()]);
        let (width, epsilon) = (R::from_f64(self.units as f64), R::from_f64(EPSILON));
        let inputs = input.chunks_exact(self.units).take(rows);
        let normalised = values.kept.chunks_exact_mut(self.units);
        let outputs = values.outputs.chunks_exact_mut(self.units);
        let places = normalised.zip(outputs).zip(&mut values.inverse);
        for (x, ((normalised, out), inverse)) in inputs.zip(places) {
            let mut mean = R::ZERO;
            for x in x {
                mean += *x;
            }
            mean /= width;
            let mut variance = R::ZERO;
            for (centred, x) in normalised.iter_mut().zip(x) {
                *centred = *x - mean;
                variance += *centred * *centred;
            }
            *inverse = R::ONE / (variance / width + epsilon).sqrt();
            for value in normalised.iter_mut() {
                *value *= *inverse;
            }
            let units = normalised.iter().zip(gains.iter().zip(biases));
            for (out, (value, (gain, bias))) in out.iter_mut().zip(units) {
                *out = *gain * *value + *bias;
            }
        }
    }

    /// Leaves the gradient by each gain, row by row, where the one by each output stood.
    pub(super) fn backward<R: Real>(
        &self,
        params: &[R],
        rows: usize,
        values: &mut LayerValues<R>,
        below: Option<&mut [R]>,
        (gradient, first): (&mut [R], bool),
    ) {
        if first {
            gradient[self.gains.clone()].fill(R::ZERO);
            gradient[self.biases.clone()].fill(R::ZERO);
        }
        let count = rows * self.units;
        let (delta, normalised) = (&mut values.delta[..count], &values.kept[..count]);
        let kernels = values.kernels;
        kernels.add_column_sums(&mut gradient[self.biases.clone()], delta);
        if let Some(below) = below {
            self.by_inputs(
                &params[self.gains.clone()],
                normalised,
                (delta, &values.inverse),
                below,
            );
        }
        for (delta, value) in delta.iter_mut().zip(normalised) {
            *delta *= *value;
        }
        kernels.add_column_sums(&mut gradient[self.gains.clone()], delta);
    }

    fn by_inputs<R: Real>(
        &self,
        gains: &[R],
        normalised: &[R],
        (delta, inverse): (&[R], &[R]),
        below: &mut [R],
    ) {
        let width = R::from_f64(self.units as f64);
        let slopes = delta.chunks_exact(self.units).zip(normalised.chunks_exact(self.units));
        let below = below.chunks_exact_mut(self.units);
        for (below, ((delta, normalised), inverse)) in below.zip(slopes.zip(inverse)) {
            let (mut mean, mut along) = (R::ZERO, R::ZERO);
            let units = delta.iter().zip(gains).zip(normalised);
            for (below, ((delta, gain), value)) in below.iter_mut().zip(units) {
                *below = *delta * *gain;
                mean += *below;
                along += *below * *value;
            }
            mean /= width;
            along /= width;
            for (below, value) in below.iter_mut().zip(normalised) {
                *below = (*below - mean - *value * along) * *inverse;
            }
        }
    }
}
