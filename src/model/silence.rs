//! Which units of rectifying layers ever speak.
//!
//! A unit whose output is 0 on every row has slope 0 on every row: no update reaches the weights
//! before it any more. Deliberately not here: layers whose activation does not rectify, which always
//! let something through.

use crate::numeric::Real;

use super::layers::Layer;
use super::{Network, Workspace};

impl Network {
    /// How many units stand in rectifying layers.
    pub(crate) fn rectified_units(&self) -> usize {
        let layers = self.dense_layers().filter(|layer| layer.activation.rectifies);
        layers.map(|layer| layer.outputs).sum()
    }

    /// Marks, of the units of rectifying layers, those whose output is not 0 on some of the `rows`
    /// rows last run forward.
    pub(crate) fn mark_speaking<R: Real>(
        &self,
        rows: usize,
        ws: &Workspace<R>,
        speaking: &mut [bool],
    ) {
        let mut units = speaking;
        for (layer, values) in self.layers.iter().zip(&ws.layers) {
            let Layer::Dense(layer) = layer else { continue };
            if !layer.activation.rectifies {
                continue;
            }
            let (ours, rest) = units.split_at_mut(layer.outputs);
            units = rest;
            for row in values.outputs[..rows * layer.outputs].chunks_exact(layer.outputs) {
                for (speaks, output) in ours.iter_mut().zip(row) {
                    *speaks |= *output != R::ZERO;
                }
            }
        }
    }
}
