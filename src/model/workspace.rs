//! The intermediate values of a network for one chunk of rows, allocated once.
//!
//! Invariant: its size depends on the network alone, never on the batch: larger batches run through
//! it chunk by chunk. It carries nothing from one chunk to the next.

use crate::numeric::{Real, Team};

use super::Network;
use super::layers::{Layer, LayerValues};

/// The most rows worked on at once. Sums over a batch are sums over chunks of so many rows, in
/// order, so this number is part of what a result is.
pub const CHUNK_ROWS: usize = 256;

/// The intermediate values of a network for one chunk of rows.
#[derive(Debug, Clone)]
pub struct Workspace<R: 'static> {
    pub(super) layers: Vec<LayerValues<R>>,
    /// Whether the transposed weights are up to date and to be used.
    pub(super) transposed: bool,
}

impl<R: Real> Workspace<R> {
    /// Space for chunks of up to [`CHUNK_ROWS`] rows.
    pub fn new(network: &Network) -> Self {
        let layers = network.layers.iter().map(Layer::values);
        Self { layers: layers.collect(), transposed: false }
    }

    /// From now on these help with large products.
    pub(crate) fn join(&mut self, team: &Team) {
        for values in &mut self.layers {
            values.team = team.clone();
        }
    }

    /// The output layer's sums of the chunk last run forward, and where the gradient by them goes.
    pub(crate) fn output(&mut self) -> (&[R], &mut [R]) {
        let last = self.layers.last_mut().expect("a network has an output layer");
        (&last.kept, &mut last.delta)
    }
}
