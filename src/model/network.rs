//! The network: a stack of layers, forward and backward.
//!
//! Invariant: a network holds no numbers. Parameters come as one flat slice in the order of
//! [`ParamLayout`]; intermediate values live in a [`Workspace`] made for it. Rows are worked on in
//! chunks of at most [`CHUNK_ROWS`](super::CHUNK_ROWS); what a chunk adds to a gradient does not
//! depend on how the chunks before it were made. Nothing here allocates after construction.
//! Deliberately not here: what a layer does ([`super::layers`]).

use std::ops::Range;

use crate::catalog::Chosen;
use crate::data::Targets;
use crate::numeric::Real;

use super::activations::{ActivationRow, Inlined};
use super::layers::{Dense, Dropout, Layer, LayerNorm, Masks, Pass};
use super::{
    Activations, DropoutRates, Head, LayerSpec, Losses, ModelError, ModelSpec, ParamLayout,
    TensorKind, Workspace, check_memory,
};

/// A stack of layers with a head. The last layer is dense: the output layer.
#[derive(Debug, Clone)]
pub struct Network {
    pub(super) layers: Vec<Layer>,
    layout: ParamLayout,
    head: Head,
}

/// A dense layer whose activation a pass over the whole network can take into its own loops.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlainLayer {
    pub(crate) inputs: usize,
    pub(crate) units: usize,
    pub(crate) activation: Inlined,
    /// Where its weights begin in the flat vector; its biases follow.
    pub(crate) params: usize,
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
        for layer in &spec.hidden {
            let width = network.width(inputs);
            match layer {
                LayerSpec::Dense { units, activation } => {
                    let name = hidden_name(network.dense_layers().count());
                    let row = ActivationRow::of(activation);
                    network.push_dense(&name, [width, *units as usize], row, false);
                }
                LayerSpec::Dropout { rate } => network.push_dropout(width, *rate),
                LayerSpec::LayerNorm => network.push_norm(width),
            }
        }
        let width = network.width(inputs);
        network.push_dense("output", [width, head.width], ActivationRow::of(&identity), true);
        Ok(network)
    }

    /// Numbers per row after the last layer so far.
    fn width(&self, features: usize) -> usize {
        self.layers.last().map_or(features, Layer::outputs)
    }

    fn push_dense(
        &mut self,
        name: &str,
        [inputs, outputs]: [usize; 2],
        activation: &'static ActivationRow,
        is_output: bool,
    ) {
        let weights = format!("{name}.weights");
        let weights = self.tensor(weights, TensorKind::Weights, outputs, inputs);
        let biases = self.tensor(format!("{name}.biases"), TensorKind::Biases, 1, outputs);
        let dense = Dense { inputs, outputs, activation, is_output, weights, biases };
        self.layers.push(Layer::Dense(dense));
    }

    /// Adds a tensor to the layout; gives its place.
    fn tensor(&mut self, name: String, kind: TensorKind, rows: usize, cols: usize) -> Range<usize> {
        let start = self.layout.len();
        self.layout.push(name, kind, rows, cols);
        start..self.layout.len()
    }

    fn push_dropout(&mut self, units: usize, rate: f64) {
        let units_of = |layer: &Layer| match layer {
            Layer::Dropout(dropout) => dropout.units,
            Layer::Dense(_) | Layer::LayerNorm(_) => 0,
        };
        let units_before = self.layers.iter().map(units_of).sum();
        self.layers.push(Layer::Dropout(Dropout { units, rate, units_before }));
    }

    fn push_norm(&mut self, units: usize) {
        let is_norm = |layer: &&Layer| matches!(layer, Layer::LayerNorm(_));
        let name = format!("norm{}", self.layers.iter().filter(is_norm).count() + 1);
        let gains = self.tensor(format!("{name}.gains"), TensorKind::Gains, 1, units);
        let biases = self.tensor(format!("{name}.biases"), TensorKind::Biases, 1, units);
        self.layers.push(Layer::LayerNorm(LayerNorm { units, gains, biases }));
    }

    /// From now on its dropout layers silence units at these rates.
    pub(crate) fn drop_out(&mut self, rates: &DropoutRates) {
        // Each hidden layer of the description is a layer here.
        for (at, layer) in self.layers.iter_mut().enumerate() {
            if let (Layer::Dropout(dropout), Some(rate)) = (layer, rates.get(at)) {
                dropout.rate = rate;
            }
        }
    }

    /// The dense layers from input to output.
    pub(super) fn dense_layers(&self) -> impl Iterator<Item = &Dense> {
        self.layers.iter().filter_map(|layer| match layer {
            Layer::Dense(dense) => Some(dense),
            Layer::Dropout(_) | Layer::LayerNorm(_) => None,
        })
    }

    /// The layers from input to output, if all are plain.
    pub(crate) fn plain_layers(&self) -> Option<Vec<PlainLayer>> {
        let plain = |layer: &Layer| match layer {
            Layer::Dense(dense) => Some(PlainLayer {
                inputs: dense.inputs,
                units: dense.outputs,
                activation: Inlined::of(dense.activation.name())?,
                params: dense.weights.start,
            }),
            Layer::Dropout(_) | Layer::LayerNorm(_) => None,
        };
        self.layers.iter().map(plain).collect()
    }

    /// Where each tensor lies in the flat vector.
    pub fn layout(&self) -> &ParamLayout {
        &self.layout
    }

    /// The output side.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Whether anything stands between the features and the output layer.
    pub fn has_hidden_layers(&self) -> bool {
        self.layers.len() > 1
    }

    /// Features, then the units of each dense layer, then outputs: `[2, 8, 1]`.
    pub fn widths(&self) -> Vec<usize> {
        let first = self.layers.iter().take(1).map(Layer::inputs);
        first.chain(self.dense_layers().map(|layer| layer.outputs)).collect()
    }

    /// Prepares a workspace for parameters and for chunks of one row (`single`) or of any number.
    pub(crate) fn prepare<R: Real>(&self, params: &[R], single: bool, ws: &mut Workspace<R>) {
        ws.transposed = !single;
        if single {
            return;
        }
        for (layer, values) in self.layers.iter().zip(&mut ws.layers) {
            if let Layer::Dense(dense) = layer {
                dense.transpose(params, values);
            }
        }
    }

    /// Runs `rows` rows of `x` through all layers, units silenced by `masks` if there are any; the
    /// output layer's sums are in [`Workspace::output`]. [`Network::prepare`] has been called with the
    /// same parameters.
    pub(crate) fn forward<R: Real>(
        &self,
        params: &[R],
        (x, rows): (&[R], usize),
        masks: Option<Masks>,
        ws: &mut Workspace<R>,
    ) {
        let pass = Pass { rows, transposed: ws.transposed, masks };
        for (i, layer) in self.layers.iter().enumerate() {
            let (before, ours) = ws.layers.split_at_mut(i);
            let input = before.last().map_or(x, |before| &before.outputs);
            layer.forward(params, &input[..rows * layer.inputs()], pass, &mut ours[0]);
        }
    }

    /// What the units of each hidden layer got in the `rows` rows last run forward: the layer's name,
    /// its activation's, and the sums, a row after the other.
    pub(crate) fn hidden_sums<'a, R: Real>(
        &self,
        rows: usize,
        ws: &'a Workspace<R>,
    ) -> impl Iterator<Item = (String, &'static str, &'a [R])> {
        let dense = self.layers.iter().zip(&ws.layers).filter_map(|(layer, values)| match layer {
            Layer::Dense(dense) if !dense.is_output => Some((dense, values)),
            Layer::Dense(_) | Layer::Dropout(_) | Layer::LayerNorm(_) => None,
        });
        dense.enumerate().map(move |(at, (dense, values))| {
            let sums = &values.kept[..rows * dense.outputs];
            (hidden_name(at), dense.activation.name(), sums)
        })
    }

    /// Adds to `gradient` what the chunk last run forward contributes (to nothing, whatever stands there,
    /// if it is the `first` of its batch), given the gradient by its
    /// output sums in [`Workspace::output`]. `x` and `rows` are those of the forward run.
    pub(crate) fn backward<R: Real>(
        &self,
        params: &[R],
        (x, rows): (&[R], usize),
        ws: &mut Workspace<R>,
        (gradient, first): (&mut [R], bool),
    ) {
        for (i, layer) in self.layers.iter().enumerate().rev() {
            let (before, ours) = ws.layers.split_at_mut(i);
            let count = rows * layer.inputs();
            let (input, below) = match before.last_mut() {
                Some(before) => (&before.outputs[..], Some(&mut before.delta[..count])),
                None => (x, None),
            };
            let gradient = (&mut *gradient, first);
            layer.backward(params, (&input[..count], rows), &mut ours[0], below, gradient);
        }
    }
}

/// What the hidden dense layer with so many before it is called.
fn hidden_name(before: usize) -> String {
    format!("hidden{}", before + 1)
}

fn check_sizes(inputs: usize, spec: &ModelSpec, head: Head) -> Result<(), ModelError> {
    let mut taken = 0;
    let mut width = inputs as u64;
    for (layer, kind) in spec.hidden.iter().enumerate() {
        match kind {
            LayerSpec::Dense { units: 0, .. } => return Err(ModelError::NoUnits { layer }),
            LayerSpec::Dense { units, .. } => {
                let path = format!("model.hidden[{layer}].units");
                taken = check_layer(&path, taken, width, *units)?;
                width = *units;
            }
            LayerSpec::Dropout { rate } if !LayerSpec::is_rate(*rate) => {
                return Err(ModelError::DropoutRate { layer, found: *rate });
            }
            LayerSpec::LayerNorm if width < 2 => return Err(ModelError::NormOfOneUnit { layer }),
            LayerSpec::Dropout { .. } | LayerSpec::LayerNorm => {
                taken = check_layer(&format!("model.hidden[{layer}]"), taken, 2, width)?;
            }
        }
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
