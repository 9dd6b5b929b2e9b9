//! The intermediate values of a network for one chunk of rows, allocated once.
//!
//! Invariant: its size depends on the network alone, never on the batch: larger batches run through
//! it chunk by chunk. It carries nothing from one chunk to the next.

use crate::numeric::Real;

use super::Network;
use super::activations::ActivationKernel;

/// The most rows worked on at once. Sums over a batch are sums over chunks of so many rows, in
/// order, so this number is part of what a result is.
pub const CHUNK_ROWS: usize = 256;

/// The intermediate values of a network for one chunk of rows.
#[derive(Debug, Clone)]
pub struct Workspace<R> {
    pub(super) layers: Vec<LayerValues<R>>,
    /// Whether the transposed weights are up to date and to be used.
    pub(super) transposed: bool,
}

/// One layer's values, row-major, a row of `outputs` numbers for each row of the chunk.
#[derive(Debug, Clone)]
pub(super) struct LayerValues<R> {
    /// x·Wᵀ + b.
    pub(super) sums: Vec<R>,
    /// The activation of each sum; empty in the output layer.
    pub(super) outputs: Vec<R>,
    /// The gradient by each sum.
    pub(super) delta: Vec<R>,
    /// Wᵀ (inputs × outputs).
    pub(super) transposed: Vec<R>,
    /// The activation; none in the output layer, where the head goes on.
    pub(super) kernel: Option<ActivationKernel<R>>,
}

impl<R: Real> Workspace<R> {
    /// Space for chunks of up to [`CHUNK_ROWS`] rows.
    pub fn new(network: &Network) -> Self {
        let last = network.layers.len() - 1;
        let layers = network.layers.iter().enumerate().map(|(i, layer)| {
            let size = CHUNK_ROWS * layer.outputs;
            LayerValues {
                sums: vec![R::ZERO; size],
                outputs: vec![R::ZERO; if i == last { 0 } else { size }],
                delta: vec![R::ZERO; size],
                transposed: vec![R::ZERO; layer.inputs * layer.outputs],
                kernel: (i < last).then(|| layer.activation.kernel()),
            }
        });
        Self { layers: layers.collect(), transposed: false }
    }

    /// The output layer's sums of the chunk last run forward, and where the gradient by them goes.
    pub(crate) fn output(&mut self) -> (&[R], &mut [R]) {
        let last = self.layers.last_mut().expect("a network has an output layer");
        (&last.sums, &mut last.delta)
    }
}
