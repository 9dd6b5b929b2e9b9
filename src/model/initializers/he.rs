//! He's (Kaiming's) starts: variance 2 / fan-in.

use crate::catalog::{Card, Entry, Form};

use super::{InitRow, Shape, normal_within, uniform_within};

pub(super) static UNIFORM: InitRow = InitRow::new(&UNIFORM_ENTRY, |_, shape, random, weights| {
    uniform_within(over(shape, 6.0), random, weights);
});

pub(super) static UNIFORM_ENTRY: Entry = Entry {
    name: "HeUniform",
    label: "He, uniform",
    summary: "Weights drawn evenly within ±√(6 / fan-in).",
    details: "Made for ReLU, which silences half of its inputs: the spread is doubled to make up \
              for it. Also called Kaiming's. Biases start at zero.",
    source: "He et al. 2015; torch.nn.init.kaiming_uniform_ with nonlinearity=\"relu\"",
    fields: &[],
    form: Form::Named,
    card: Some(&UNIFORM_CARD),
};

static UNIFORM_CARD: Card = Card {
    equation: "w ~ U(−a, a), a = √(6 / fan-in)",
    shines: "ReLU and its kin, at any depth.",
    hurts: "tanh and sigmoid: their units start half saturated.",
    differs: "PyTorch's kaiming_uniform_ with nonlinearity=\"relu\". What torch.nn.Linear starts \
              with by itself is kaiming_uniform_(a=√5), √6 times smaller.",
    call: "torch.nn.init.kaiming_uniform_(w, nonlinearity=\"relu\")",
    numpy: r"def start(rng, outputs, inputs):
    limit = math.sqrt(6.0 / inputs)
    return rng.uniform(-limit, limit, size=(outputs, inputs))
",
};

pub(super) static NORMAL: InitRow = InitRow::new(&NORMAL_ENTRY, |_, shape, random, weights| {
    normal_within(over(shape, 2.0), random, weights);
});

pub(super) static NORMAL_ENTRY: Entry = Entry {
    name: "HeNormal",
    label: "He, normal",
    summary: "Weights from the normal distribution with variance 2 / fan-in.",
    details: "The normal form of HeUniform, with the same spread. Biases start at zero.",
    source: "He et al. 2015; torch.nn.init.kaiming_normal_ with nonlinearity=\"relu\"",
    fields: &[],
    form: Form::Named,
    card: Some(&NORMAL_CARD),
};

static NORMAL_CARD: Card = Card {
    equation: "w ~ N(0, σ²), σ² = 2 / fan-in",
    shines: "Deep ReLU networks, for which it was derived.",
    hurts: "tanh and sigmoid, as HeUniform.",
    differs: "PyTorch's is a plain normal, as this; Keras' he_normal is cut off at two standard \
              deviations.",
    call: "torch.nn.init.kaiming_normal_(w, nonlinearity=\"relu\")",
    numpy: r"def start(rng, outputs, inputs):
    return rng.normal(0.0, math.sqrt(2.0 / inputs), size=(outputs, inputs))
",
};

/// A number over the fan-in.
pub(super) fn over(shape: &Shape, number: f64) -> f64 {
    number / shape.inputs as f64
}
