//! A network from outside: its dense layers in order, and what they said.
//!
//! For whoever looks at a network, or lets somebody turn a single weight of it. Deliberately not here:
//! any number of it, and how it is run.

use std::ops::Range;

use crate::numeric::Real;

use super::layers::{Dense, Layer};
use super::{Network, Workspace};

/// One dense layer of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DensePart {
    /// As the layout names it: `hidden1`, `output`.
    pub name: String,
    /// Numbers it reads a row.
    pub inputs: usize,
    /// Its units.
    pub units: usize,
    /// Its activation as the field writes it: `ReLU`, `tanh`; `Identity` in the output layer, whose head goes on.
    pub activation: &'static str,
    /// Whether a unit that never speaks learns nothing any more.
    pub rectifies: bool,
    /// Whether it is the last.
    pub is_output: bool,
    /// Where its weights lie in the flat vector, row-major (units × inputs).
    pub weights: Range<usize>,
    /// Where its biases lie.
    pub biases: Range<usize>,
    /// What stands between it and the next dense layer.
    pub then: Vec<Between>,
}

/// What may stand between two dense layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Silences units while training.
    Dropout,
    /// Brings each row to mean 0 and variance 1.
    LayerNorm,
}

impl DensePart {
    /// The place of the weight by which unit `to` reads input `from`.
    #[must_use]
    pub fn weight(&self, to: usize, from: usize) -> usize {
        self.weights.start + to * self.inputs + from
    }

    /// The place of a unit's bias.
    #[must_use]
    pub fn bias(&self, unit: usize) -> usize {
        self.biases.start + unit
    }
}

impl Network {
    /// Its dense layers, from input to output.
    pub fn dense_parts(&self) -> Vec<DensePart> {
        let name = |dense: &Dense| {
            let tensor =
                self.layout().tensors.iter().find(|tensor| tensor.offset == dense.weights.start);
            let name = tensor.map_or("", |tensor| &*tensor.name);
            name.strip_suffix(".weights").unwrap_or(name).to_owned()
        };
        let mut parts: Vec<DensePart> = Vec::new();
        for layer in &self.layers {
            match (layer, parts.last_mut()) {
                (Layer::Dense(dense), _) => parts.push(DensePart {
                    name: name(dense),
                    inputs: dense.inputs,
                    units: dense.outputs,
                    activation: dense.activation.label(),
                    rectifies: dense.activation.rectifies && !dense.is_output,
                    is_output: dense.is_output,
                    weights: dense.weights.clone(),
                    biases: dense.biases.clone(),
                    then: Vec::new(),
                }),
                (Layer::Dropout(_), Some(part)) => part.then.push(Between::Dropout),
                (Layer::LayerNorm(_), Some(part)) => part.then.push(Between::LayerNorm),
                // Between the inputs and the first dense layer.
                (Layer::Dropout(_) | Layer::LayerNorm(_), None) => {}
            }
        }
        parts
    }

    /// What the units of each hidden dense layer said in the `rows` rows last run forward, a row after
    /// the other, and how many units there are.
    pub(crate) fn hidden_outputs<'a, R: Real>(
        &self,
        rows: usize,
        ws: &'a Workspace<R>,
    ) -> impl Iterator<Item = (&'a [R], usize)> {
        self.layers.iter().zip(&ws.layers).filter_map(move |(layer, values)| match layer {
            Layer::Dense(dense) if !dense.is_output => {
                Some((&values.outputs[..rows * dense.outputs], dense.outputs))
            }
            Layer::Dense(_) | Layer::Dropout(_) | Layer::LayerNorm(_) => None,
        })
    }
}
