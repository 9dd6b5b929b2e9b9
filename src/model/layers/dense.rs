//! Dense layers: sums = x·Wᵀ + b, then the activation.
//!
//! Invariant: how many rows a chunk has never changes a row's numbers. Deliberately not here: the
//! activations themselves, and how weights start.

use std::ops::Range;

use crate::model::CHUNK_ROWS;
use crate::model::activations::ActivationRow;
use crate::numeric::{Aligned, End, Left, Real, Weights};

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
        values.transposed = Aligned::zeros(self.inputs * self.outputs);
        if self.is_output {
            values.outputs = Aligned::zeros(0);
        } else {
            values.kernel = Some(self.activation.kernel());
            values.totals = vec![R::ZERO; self.outputs];
        }
        values
    }

    /// Brings Wᵀ up to date, where the forward run reads it.
    pub(in crate::model) fn transpose<R: Real>(&self, params: &[R], values: &mut LayerValues<R>) {
        if values.kernels.wants_transposed(self.outputs) {
            let weights = &params[self.weights.clone()];
            let shape = [self.outputs, self.inputs];
            values.team.transpose(values.kernels, weights, shape, &mut values.transposed);
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
        let weights = Weights {
            rows: &params[self.weights.clone()],
            transposed: pass.transposed.then_some(&values.transposed[..]),
            biases: &params[self.biases.clone()],
        };
        let shape = [pass.rows, self.inputs, self.outputs];
        values.kernels.affine(sums, input, weights, shape, &values.team);
        if let Some(kernel) = values.kernel {
            let outputs = &mut values.outputs[..pass.rows * self.outputs];
            (kernel.forward)(values.kernels.runner(), sums, outputs);
        }
    }

    pub(super) fn backward<R: Real>(
        &self,
        params: &[R],
        (input, rows): (&[R], usize),
        values: &mut LayerValues<R>,
        below: Option<&mut [R]>,
        (gradient, first): (&mut [R], bool),
    ) {
        let kernels = values.kernels;
        let delta = &mut values.delta[..rows * self.outputs];
        let biases = &mut gradient[self.biases.clone()];
        if first {
            biases.fill(R::ZERO);
        }
        if let Some(kernel) = values.kernel {
            let totals = &mut values.totals;
            (kernel.backward)(kernels.runner(), &values.kept, &values.outputs, delta, totals);
            for (bias, total) in biases.iter_mut().zip(totals) {
                *bias += *total;
            }
        } else {
            kernels.add_column_sums(biases, delta);
        }
        values.team.product(
            kernels,
            &mut gradient[self.weights.clone()],
            (Left::transposed(delta, self.outputs), input),
            [self.outputs, rows, self.inputs],
            if first { End::Set } else { End::Add },
        );
        let Some(below) = below else { return };
        let weights = &params[self.weights.clone()];
        let shape = [rows, self.outputs, self.inputs];
        let matrices = (Left::rows(delta, self.outputs), weights);
        values.team.product(kernels, below, matrices, shape, End::Set);
    }
}
