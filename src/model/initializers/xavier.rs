//! Xavier's (Glorot's) starts: variance 2 / (fan-in + fan-out).

use crate::catalog::{Card, Entry, Form};

use super::{InitRow, Shape, normal_within, uniform_within};

pub(super) static UNIFORM: InitRow = InitRow::new(&UNIFORM_ENTRY, |_, shape, random, weights| {
    uniform_within(over(shape, 6.0), random, weights);
});

pub(super) static UNIFORM_ENTRY: Entry = Entry {
    name: "XavierUniform",
    label: "Xavier, uniform",
    summary: "Weights drawn evenly within ±√(6 / (fan-in + fan-out)).",
    details: "Keeps the spread of signals and of gradients about equal from layer to layer; made \
              for tanh and sigmoid. Also called Glorot's. Biases start at zero.",
    source: "Glorot and Bengio 2010; torch.nn.init.xavier_uniform_",
    fields: &[],
    form: Form::Named,
    card: Some(&UNIFORM_CARD),
};

static UNIFORM_CARD: Card = Card {
    equation: "w ~ U(−a, a), a = √(6 / (fan-in + fan-out))",
    shines: "tanh, sigmoid and linear layers of similar widths.",
    hurts: "ReLU networks of many layers: half of each signal is lost a layer, so it fades with \
            depth.",
    differs: "PyTorch's has a gain, 1 by default, as here; it is Keras' default start \
              (glorot_uniform) for dense layers.",
    call: "torch.nn.init.xavier_uniform_(w)",
    numpy: r"def start(rng, outputs, inputs):
    limit = math.sqrt(6.0 / (inputs + outputs))
    return rng.uniform(-limit, limit, size=(outputs, inputs))
",
};

pub(super) static NORMAL: InitRow = InitRow::new(&NORMAL_ENTRY, |_, shape, random, weights| {
    normal_within(over(shape, 2.0), random, weights);
});

pub(super) static NORMAL_ENTRY: Entry = Entry {
    name: "XavierNormal",
    label: "Xavier, normal",
    summary: "Weights from the normal distribution with variance 2 / (fan-in + fan-out).",
    details: "The normal form of XavierUniform, with the same spread. Biases start at zero.",
    source: "Glorot and Bengio 2010; torch.nn.init.xavier_normal_",
    fields: &[],
    form: Form::Named,
    card: Some(&NORMAL_CARD),
};

static NORMAL_CARD: Card = Card {
    equation: "w ~ N(0, σ²), σ² = 2 / (fan-in + fan-out)",
    shines: "Where XavierUniform does; a few larger weights make units differ more.",
    hurts: "As XavierUniform with ReLU; and a rare large weight can saturate a unit from the \
            start.",
    differs: "PyTorch's is a plain normal, as this; Keras' glorot_normal is cut off at two \
              standard deviations.",
    call: "torch.nn.init.xavier_normal_(w)",
    numpy: r"def start(rng, outputs, inputs):
    return rng.normal(0.0, math.sqrt(2.0 / (inputs + outputs)), size=(outputs, inputs))
",
};

/// A number over both fans.
pub(super) fn over(shape: &Shape, number: f64) -> f64 {
    number / (shape.inputs + shape.outputs) as f64
}
