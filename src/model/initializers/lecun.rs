//! The starts of Yann Le Cun: variance 1 / fan-in.

use crate::catalog::{Card, Entry, Form};

use super::{InitRow, Shape, normal_within, uniform_within};

pub(super) static UNIFORM: InitRow = InitRow::new(&UNIFORM_ENTRY, |_, shape, random, weights| {
    uniform_within(over(shape, 3.0), random, weights);
});

pub(super) static UNIFORM_ENTRY: Entry = Entry {
    name: "LeCunUniform",
    label: "LeCun, uniform",
    summary: "Weights drawn evenly within ±√(3 / fan-in).",
    details: "The sum of a unit has the spread of its inputs. Half of He's variance: for SELU, and \
              for linear layers. Biases start at zero.",
    source: "LeCun et al. 1998; keras.initializers.LecunUniform",
    fields: &[],
    form: Form::Named,
    card: Some(&UNIFORM_CARD),
};

static UNIFORM_CARD: Card = Card {
    equation: "w ~ U(−a, a), a = √(3 / fan-in)",
    shines: "SELU networks, and tanh networks with standardised features.",
    hurts: "Deep ReLU networks: signals fade, as half of each is silenced.",
    differs: "Keras' lecun_uniform and jax.nn.initializers.lecun_uniform; PyTorch has none by that \
              name.",
    call: "torch.nn.init.kaiming_uniform_(w, nonlinearity=\"linear\")",
    numpy: r"def start(rng, outputs, inputs):
    limit = math.sqrt(3.0 / inputs)
    return rng.uniform(-limit, limit, size=(outputs, inputs))
",
};

pub(super) static NORMAL: InitRow = InitRow::new(&NORMAL_ENTRY, |_, shape, random, weights| {
    normal_within(over(shape, 1.0), random, weights);
});

pub(super) static NORMAL_ENTRY: Entry = Entry {
    name: "LeCunNormal",
    label: "LeCun, normal",
    summary: "Weights from the normal distribution with variance 1 / fan-in.",
    details: "The start that SELU was made for. A plain normal distribution: Keras cuts it off at \
              two standard deviations and widens it to the same variance, this does not. Biases \
              start at zero.",
    source: "LeCun et al. 1998; keras.initializers.LecunNormal without its truncation",
    fields: &[],
    form: Form::Named,
    card: Some(&NORMAL_CARD),
};

static NORMAL_CARD: Card = Card {
    equation: "w ~ N(0, σ²), σ² = 1 / fan-in",
    shines: "SELU networks: with it they normalise themselves.",
    hurts: "Deep ReLU networks, as LeCunUniform.",
    differs: "Keras' and jax.nn's lecun_normal are cut off at two standard deviations; this is \
              not, as PyTorch's kaiming_normal_ with nonlinearity=\"linear\", which is the same \
              start.",
    call: "torch.nn.init.kaiming_normal_(w, nonlinearity=\"linear\")",
    numpy: r"def start(rng, outputs, inputs):
    return rng.normal(0.0, math.sqrt(1.0 / inputs), size=(outputs, inputs))
",
};

/// A number over the fan-in.
fn over(shape: &Shape, number: f64) -> f64 {
    number / shape.inputs as f64
}
