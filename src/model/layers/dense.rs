//! Dense layers: sums = x·Wᵀ + b, then the activation.
//!
//! Invariant: how many rows a chunk has never changes a row's numbers. Deliberately not here: the
//! activations themselves, and how weights start.

use std::ops::Range;

use crate::model::CHUNK_ROWS;
use crate::model::activations::ActivationRow;
use crate::numeric::{
    Real, add_column_sums, add_product, add_product_of_transposed, add_to_each_row, transpose,
};

use super::{LayerValues, Pass};

/// One dense layer. The output layer's activation is Identity; the head goes on from its sums.
#[derive(Debug, Clone)]
pub(in crate::model) struct Dense {
    pub(in crate::model) inputs: usize,
    pub(in crate::model) outputs: usize,
    pub(in crate::model) activation: &'static ActivationRow,
    pub(in crate::model) is_output: bool,
    pub(in crate::model) weights: Range<usize>,
    pub(in crate::model) biases: Range<usize>,
}

impl Dense {
    pub(super) fn values<R: Real>(&self) -> LayerValues<R> {
        let mut values = LayerValues::of_units(CHUNK_ROWS * self.outputs);
        values.transposed = vec![R::ZERO; self.inputs * self.outputs];
        if self.is_output {
            values.outputs = Vec::new();
        } else {
            values.kernel = Some(self.activation.kernel());
        }
        values
    }

    /// Brings Wᵀ up to date.
    pub(in crate::model) fn transpose<R: Real>(&self, params: &[R], values: &mut LayerValues<R>) {
        let weights = &params[self.weights.clone()];
        if self.outputs > 1 {
            transpose(weights, self.outputs, self.inputs, &mut values.transposed);
        } else {
            values.transposed.copy_from_slice(weights);
        }
    }

    pub(super) fn forward<R: Real>(
        &self,
        params: &[R],
        input: &[R],
        pass: Pass,
        values: &mut LayerValues<R>,
    ) {
        let sums = &mut values.kept[..pass.rows * self.outputs];
        sums.fill(R::ZERO);
        if pass.transposed {
            let shape = [pass.rows, self.inputs, self.outputs];
            add_product(sums, input, &values.transposed, shape);
        } else {
            let weights = &params[self.weights.clone()];
            add_product(sums, weights, input, [self.outputs, self.inputs, pass.rows]);
        }
        add_to_each_row(sums, &params[self.biases.clone()]);
        if let Some(kernel) = values.kernel {
            (kernel.forward)(sums, &mut values.outputs[..pass.rows * self.outputs]);
        }
    }

    pub(super) fn backward<R: Real>(
        &self,
        params: &[R],
        (input, rows): (&[R], usize),
        values: &mut LayerValues<R>,
        below: Option<&mut [R]>,
        gradient: &mut [R],
    ) {
        let delta = &mut values.delta[..rows * self.outputs];
        if let Some(kernel) = values.kernel {
            (kernel.backward)(&values.kept, &values.outputs, delta);
        }
        add_product_of_transposed(
            &mut gradient[self.weights.clone()],
            delta,
            input,
            [self.outputs, rows, self.inputs],
        );
        add_column_sums(&mut gradient[self.biases.clone()], delta);
        let Some(below) = below else { return };
        below.fill(R::ZERO);
        let weights = &params[self.weights.clone()];
        add_product(below, delta, weights, [rows, self.outputs, self.inputs]);
    }
}
