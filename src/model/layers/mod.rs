//! The kinds of layers a network is stacked from: one file a kind.
//!
//! Invariant: a layer knows shapes, rules and where its parameters lie, and holds no numbers; what it
//! needs between its forward and its backward run stands in its [`LayerValues`]. Deliberately not
//! here: the order of layers, and the head ([`super::Network`]).

mod dense;
mod dropout;
mod layer_norm;

use crate::numeric::{Aligned, Kernels, Real, Team};

use super::activations::ActivationKernel;

pub(super) use dense::Dense;
pub(super) use dropout::Dropout;
pub use dropout::Masks;
pub(super) use layer_norm::LayerNorm;

/// One layer of a network.
#[derive(Debug, Clone)]
pub(super) enum Layer {
    /// Every unit sees every input.
    Dense(Dense),
    /// Units are silenced at random while training.
    Dropout(Dropout),
    /// Each row is brought to mean 0 and variance 1.
    LayerNorm(LayerNorm),
}

/// One layer's values for a chunk of rows, row-major.
#[derive(Debug, Clone)]
pub(super) struct LayerValues<R: 'static> {
    /// What a layer keeps for its backward run, a number a unit: sums, factors, normalised values.
    pub(super) kept: Aligned<R>,
    /// What the next layer reads; empty in the output layer, whose sums are the network's output.
    pub(super) outputs: Aligned<R>,
    /// The gradient by each output; a dense layer turns it into the gradient by each sum.
    pub(super) delta: Aligned<R>,
    /// A dense layer's Wᵀ (inputs × outputs).
    pub(super) transposed: Aligned<R>,
    /// The sums of the columns of a dense layer's `delta`.
    pub(super) totals: Vec<R>,
    /// One over the deviation of each row, in a layer norm.
    pub(super) inverse: Vec<R>,
    /// A dense layer's activation; none in the output layer, where the head goes on.
    pub(super) kernel: Option<ActivationKernel<R>>,
    /// What matrices are multiplied with.
    pub(super) kernels: &'static Kernels<R>,
    /// Who helps with large products.
    pub(super) team: Team,
}

impl<R: Real> LayerValues<R> {
    /// Space for `count` units in all rows of a chunk.
    fn of_units(count: usize) -> Self {
        Self {
            kept: Aligned::zeros(count),
            outputs: Aligned::zeros(count),
            delta: Aligned::zeros(count),
            transposed: Aligned::zeros(0),
            totals: Vec::new(),
            inverse: Vec::new(),
            kernel: None,
            kernels: Kernels::active(),
            team: Team::alone(),
        }
    }
}

/// How a chunk is run through a layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass {
    /// Rows of the chunk.
    pub(super) rows: usize,
    /// Whether the transposed weights are up to date and to be used.
    pub(super) transposed: bool,
    /// What dropout silences; none where nothing is.
    pub(super) masks: Option<Masks>,
}

impl Layer {
    /// Numbers per row that it reads.
    pub(super) fn inputs(&self) -> usize {
        match self {
            Self::Dense(dense) => dense.inputs,
            Self::Dropout(dropout) => dropout.units,
            Self::LayerNorm(norm) => norm.units,
        }
    }

    /// Numbers per row that it writes.
    pub(super) fn outputs(&self) -> usize {
        match self {
            Self::Dense(dense) => dense.outputs,
            Self::Dropout(dropout) => dropout.units,
            Self::LayerNorm(norm) => norm.units,
        }
    }

    /// Space for its values.
    pub(super) fn values<R: Real>(&self) -> LayerValues<R> {
        match self {
            Self::Dense(dense) => dense.values(),
            Self::Dropout(dropout) => dropout.values(),
            Self::LayerNorm(norm) => norm.values(),
        }
    }

    /// Runs a chunk through it, from `input` to its outputs.
    pub(super) fn forward<R: Real>(
        &self,
        params: &[R],
        input: &[R],
        pass: Pass,
        values: &mut LayerValues<R>,
    ) {
        match self {
            Self::Dense(dense) => dense.forward(params, input, pass, values),
            Self::Dropout(dropout) => dropout.forward(input, pass, values),
            Self::LayerNorm(norm) => norm.forward(params, input, pass.rows, values),
        }
    }

    /// From the gradient by its outputs: adds its parameters' to `gradient` (or sets them
    /// there, in the first chunk of a batch), and writes the one by its
    /// inputs to `below`, unless nothing lies there.
    pub(super) fn backward<R: Real>(
        &self,
        params: &[R],
        (input, rows): (&[R], usize),
        values: &mut LayerValues<R>,
        below: Option<&mut [R]>,
        gradient: (&mut [R], bool),
    ) {
        match self {
            Self::Dense(dense) => dense.backward(params, (input, rows), values, below, gradient),
            Self::Dropout(dropout) => dropout.backward(rows, values, below),
            Self::LayerNorm(norm) => norm.backward(params, rows, values, below, gradient),
        }
    }
}
