//! The layers of a network as lines of Python: forward, and backward by the chain rule.
//!
//! Every layer has a number, and its variables end in it: `W2` and `b2` its tensors, `h2` its output,
//! `dh2` the slope of the loss by that output, `gW2` by its weights. The output layer gives `z`.
//!
//! Deliberately not here: the functions that the lines call.

use crate::experiment::Change;
use crate::model::LayerSpec;

use super::lane::{Lane, Learning};
use super::text::{number, snake};

/// One layer with its place.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    /// Its number, from 1.
    number: usize,
    /// What the file says of it; none for the output layer.
    layer: Option<&'a LayerSpec>,
    /// Numbers per row that come in.
    inputs: usize,
    /// Units of all dropout layers before it.
    dropped_before: usize,
}

/// The layers from the input to the output.
pub(super) fn stages<'a>(learning: &Learning<'a>) -> Vec<Stage<'a>> {
    let hidden = &learning.plan.model.hidden;
    let (mut inputs, mut dropped_before) = (learning.plan.split.train.width(), 0);
    let mut stages = Vec::with_capacity(hidden.len() + 1);
    for layer in hidden.iter().map(Some).chain([None]) {
        stages.push(Stage { number: stages.len() + 1, layer, inputs, dropped_before });
        match layer {
            Some(LayerSpec::Dense { units, .. }) => inputs = *units as usize,
            Some(LayerSpec::Dropout { .. }) => dropped_before += inputs,
            Some(LayerSpec::LayerNorm) | None => {}
        }
    }
    stages
}

impl Stage<'_> {
    /// What comes in.
    fn input(&self) -> String {
        if self.number == 1 { "x".to_owned() } else { format!("h{}", self.number - 1) }
    }

    /// The names of its tensors, in the order of the parameter vector.
    pub(super) fn tensors(&self) -> Vec<String> {
        let n = self.number;
        match self.layer {
            None | Some(LayerSpec::Dense { .. }) => vec![format!("W{n}"), format!("b{n}")],
            Some(LayerSpec::Dropout { .. }) => Vec::new(),
            Some(LayerSpec::LayerNorm) => vec![format!("g{n}"), format!("b{n}")],
        }
    }

    /// The names of what it computes forward.
    pub(super) fn values(&self) -> String {
        let n = self.number;
        match self.layer {
            None => "z".to_owned(),
            Some(LayerSpec::Dense { .. }) => format!("z{n}, h{n}"),
            Some(LayerSpec::Dropout { .. }) => format!("m{n}, h{n}"),
            Some(LayerSpec::LayerNorm) => format!("n{n}, r{n}, h{n}"),
        }
    }

    /// Its lines of the forward pass.
    pub(super) fn forward(&self, lane: &Lane<'_>) -> Vec<String> {
        let (n, input) = (self.number, self.input());
        match self.layer {
            None => vec![format!("z = {input} @ W{n}.T + b{n}")],
            Some(LayerSpec::Dense { activation, .. }) => vec![
                format!("z{n} = {input} @ W{n}.T + b{n}"),
                format!("h{n} = {}(z{n})", snake(activation.name())),
            ],
            Some(LayerSpec::Dropout { rate }) => {
                let path = Change::Dropout { layer: n - 1, rate: *rate }.path();
                let rate = lane.value(&path, number(*rate));
                let (units, before) = (self.inputs, self.dropped_before);
                vec![
                    format!("m{n} = mask(step, {rate}, len(x), {units}, {before})"),
                    format!("h{n} = {input} * m{n}"),
                ]
            }
            Some(LayerSpec::LayerNorm) => vec![
                format!("n{n}, r{n} = normalised({input})"),
                format!("h{n} = g{n} * n{n} + b{n}"),
            ],
        }
    }

    /// Its lines of the backward pass: from the slope by its output to those by its tensors and by
    /// what came in.
    pub(super) fn backward(&self) -> Vec<String> {
        let (n, input) = (self.number, self.input());
        let below = format!("dh{}", n.saturating_sub(1));
        let mut lines = Vec::new();
        match self.layer {
            None => {
                lines.push(format!("gW{n}, gb{n} = dz.T @ {input}, dz.sum(axis=0)"));
                lines.push(format!("{below} = dz @ W{n}"));
            }
            Some(LayerSpec::Dense { activation, .. }) => {
                let slope = snake(activation.name());
                lines.push(format!("dz{n} = dh{n} * {slope}_slope(z{n}, h{n})"));
                lines.push(format!("gW{n}, gb{n} = dz{n}.T @ {input}, dz{n}.sum(axis=0)"));
                lines.push(format!("{below} = dz{n} @ W{n}"));
            }
            Some(LayerSpec::Dropout { .. }) => lines.push(format!("{below} = dh{n} * m{n}")),
            Some(LayerSpec::LayerNorm) => {
                lines.push(format!("gg{n}, gb{n} = (dh{n} * n{n}).sum(axis=0), dh{n}.sum(axis=0)"));
                lines.push(format!("{below} = norm_slope(dh{n} * g{n}, n{n}, r{n})"));
            }
        }
        if n == 1 {
            // Nothing lies below the input.
            lines.pop();
        }
        lines
    }
}

/// What layer norm calls.
pub(super) const NORM: &str = "\
def normalised(x):
    \"\"\"Every row with mean 0 and variance 1 over its units; also by what it was multiplied.\"\"\"
    centred = x - x.mean(axis=1, keepdims=True)
    r = 1 / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    return centred * r, r


def norm_slope(d, n, r):
    \"\"\"The slope by what came in, from the slope by the normalised numbers.\"\"\"
    along = (d * n).mean(axis=1, keepdims=True)
    return (d - d.mean(axis=1, keepdims=True) - n * along) * r


";
