//! The network: shapes and rules, forward and backward.
//!
//! Invariant: a network holds no numbers. Parameters come as one flat slice in the order of
//! [`ParamLayout`]; intermediate values live in a [`Workspace`] made for it. Rows are worked on in
//! chunks of at most [`CHUNK_ROWS`](super::CHUNK_ROWS); what a chunk adds to a gradient does not
//! depend on how the chunks before it were made. Nothing here allocates after construction.

use std::ops::Range;

use crate::catalog::Chosen;
use crate::data::Targets;
use crate::numeric::{
    Real, add_column_sums, add_product, add_product_of_transposed, add_to_each_row, transpose,
};

use super::activations::ActivationRow;
use super::{
    Activations, Head, LayerSpec, Losses, ModelError, ModelSpec, ParamLayout, TensorKind,
    Workspace, check_memory,
};

/// A stack of dense layers with a head.
#[derive(Debug, Clone)]
pub struct Network {
    pub(super) layers: Vec<Layer>,
    layout: ParamLayout,
    head: Head,
}

/// One dense layer: sums = x·Wᵀ + b, then the activation. The output layer's is Identity; the head
/// goes on from its sums.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) activation: &'static ActivationRow,
    pub(super) weights: Range<usize>,
    pub(super) biases: Range<usize>,
}

impl Network {
    /// The network that a description, the data's targets and the loss ask for.
    ///
    /// # Errors
    /// If the loss does not fit the targets, a layer has no units, or the parameters would not fit
    /// [`MEMORY_BUDGET`](super::MEMORY_BUDGET): checked before anything is allocated.
    pub fn new(
        inputs: usize,
        spec: &ModelSpec,
        targets: &Targets,
        loss: &Chosen<Losses>,
    ) -> Result<Self, ModelError> {
        if inputs == 0 {
            return Err(ModelError::NoData { what: "features" });
        }
        let head = Head::new(targets, loss, spec.output)?;
        check_sizes(inputs, spec, head)?;
        let identity = Chosen::<Activations>::named("Identity");
        let identity = identity.expect("the table of activations has a row for Identity");
        let mut network = Self { layers: Vec::new(), layout: ParamLayout::default(), head };
        for (i, LayerSpec::Dense { units, activation }) in spec.hidden.iter().enumerate() {
            let row = ActivationRow::of(activation);
            network.push(&format!("hidden{}", i + 1), inputs, *units as usize, row);
        }
        network.push("output", inputs, head.width, ActivationRow::of(&identity));
        Ok(network)
    }

    fn push(&mut self, name: &str, features: usize, outputs: usize, row: &'static ActivationRow) {
        let inputs = self.layers.last().map_or(features, |layer| layer.outputs);
        self.layout.push(format!("{name}.weights"), TensorKind::Weights, outputs, inputs);
        let weights = self.layout.len() - outputs * inputs..self.layout.len();
        self.layout.push(format!("{name}.biases"), TensorKind::Biases, 1, outputs);
        let biases = self.layout.len() - outputs..self.layout.len();
        self.layers.push(Layer { inputs, outputs, activation: row, weights, biases });
    }

    /// Where each tensor lies in the flat vector.
    pub fn layout(&self) -> &ParamLayout {
        &self.layout
    }

    /// The output side.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Features, then the units of each layer, then outputs: `[2, 8, 1]`.
    pub fn widths(&self) -> Vec<usize> {
        let first = self.layers.iter().take(1).map(|layer| layer.inputs);
        first.chain(self.layers.iter().map(|layer| layer.outputs)).collect()
    }

    /// Prepares a workspace for parameters and for chunks of one row (`single`) or of any number.
    pub(crate) fn prepare<R: Real>(&self, params: &[R], single: bool, ws: &mut Workspace<R>) {
        ws.transposed = !single;
        if single {
            return;
        }
        for (layer, values) in self.layers.iter().zip(&mut ws.layers) {
            let weights = &params[layer.weights.clone()];
            if layer.outputs > 1 {
                transpose(weights, layer.outputs, layer.inputs, &mut values.transposed);
            } else {
                values.transposed.copy_from_slice(weights);
            }
        }
    }

    /// Runs `rows` rows of `x` through all layers; the output layer's sums are in [`Workspace::output`].
    /// [`Network::prepare`] has been called with the same parameters.
    pub(crate) fn forward<R: Real>(
        &self,
        params: &[R],
        x: &[R],
        rows: usize,
        ws: &mut Workspace<R>,
    ) {
        for (i, layer) in self.layers.iter().enumerate() {
            let (before, ours) = ws.layers.split_at_mut(i);
            let input = before.last().map_or(x, |before| &before.outputs);
            let input = &input[..rows * layer.inputs];
            let values = &mut ours[0];
            let sums = &mut values.sums[..rows * layer.outputs];
            sums.fill(R::ZERO);
            if ws.transposed {
                let shape = [rows, layer.inputs, layer.outputs];
                add_product(sums, input, &values.transposed, shape);
            } else {
                let weights = &params[layer.weights.clone()];
                add_product(sums, weights, input, [layer.outputs, layer.inputs, rows]);
            }
            add_to_each_row(sums, &params[layer.biases.clone()]);
            if let Some(kernel) = values.kernel {
                (kernel.forward)(sums, &mut values.outputs[..rows * layer.outputs]);
            }
        }
    }

    /// Adds to `gradient` what the chunk last run forward contributes, given the gradient by its
    /// output sums in [`Workspace::output`]. `x` and `rows` are those of the forward run.
    pub(crate) fn backward<R: Real>(
        &self,
        params: &[R],
        x: &[R],
        rows: usize,
        ws: &mut Workspace<R>,
        gradient: &mut [R],
    ) {
        for (i, layer) in self.layers.iter().enumerate().rev() {
            let (before, ours) = ws.layers.split_at_mut(i);
            let delta = &ours[0].delta[..rows * layer.outputs];
            let input = before.last().map_or(x, |before| &before.outputs);
            add_product_of_transposed(
                &mut gradient[layer.weights.clone()],
                delta,
                &input[..rows * layer.inputs],
                [layer.outputs, rows, layer.inputs],
            );
            add_column_sums(&mut gradient[layer.biases.clone()], delta);
            let Some(before) = before.last_mut() else { return };
            let below = &mut before.delta[..rows * layer.inputs];
            below.fill(R::ZERO);
            let weights = &params[layer.weights.clone()];
            add_product(below, delta, weights, [rows, layer.outputs, layer.inputs]);
            if let Some(kernel) = before.kernel {
                (kernel.backward)(&before.sums, &before.outputs, below);
            }
        }
    }
}

fn check_sizes(inputs: usize, spec: &ModelSpec, head: Head) -> Result<(), ModelError> {
    let mut taken = 0;
    let mut width = inputs as u64;
    for (i, LayerSpec::Dense { units, .. }) in spec.hidden.iter().enumerate() {
        if *units == 0 {
            return Err(ModelError::NoUnits { layer: i });
        }
        let path = format!("model.hidden[{i}].units");
        taken = check_layer(&path, taken, width, *units)?;
        width = *units;
    }
    check_layer("model.hidden", taken, width, head.width as u64).map(drop)
}

/// Copies of the weights that the hungriest optimizer's lane may hold: parameters, those before the
/// last update, gradient and transposed weights (4); buffers and intermediate numbers of Muon, of a
/// square matrix (5); a checkpoint with Adan's buffers (5).
const COPIES: u64 = 14;

/// The copies of the weights, and four values a unit for each row of a chunk.
fn check_layer(path: &str, taken: u64, inputs: u64, outputs: u64) -> Result<u64, ModelError> {
    let taken = check_memory(path, "the parameters", taken, &[COPIES, inputs, outputs])?;
    check_memory(path, "the values of a layer", taken, &[4, super::CHUNK_ROWS as u64, outputs])
}
