//! Weights from the normal distribution.

use crate::catalog::{Card, Entry, Field, Form, Interval, Scale};

use super::{InitRow, number};

pub(super) static ROW: InitRow = InitRow::new(&ENTRY, |init, _, random, weights| {
    for w in weights {
        *w = random.normal(0.0, init.number("std"));
    }
});

pub(super) static ENTRY: Entry = Entry {
    name: "Normal",
    label: "Normal",
    summary: "Weights drawn from the normal distribution around zero.",
    details: "The same spread for every layer. Biases are not drawn; they start at zero.",
    source: "numpy.random.RandomState.normal",
    fields: &[STD],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "w ~ N(0, std²)",
    shines: "Matching a program that draws so, as many papers did with 0.01 or 0.02.",
    hurts: "Deep networks: one spread cannot suit layers of different widths.",
    differs: "torch.nn.init.normal_(w, 0, std) and Keras' RandomNormal (std 0.05 by default) draw \
              from other generators; the numbers here are NumPy's.",
    call: "torch.nn.init.normal_(w, 0.0, {std})",
    numpy: r"def start(rng, outputs, inputs):
    return rng.normal(0.0, {std}, size=(outputs, inputs))
",
};

/// The spread of a normal start.
pub(super) const STD: Field = number(
    "std",
    "Standard deviation",
    "The spread of the weights around zero: too small and signals fade from layer to layer, too \
     large and units saturate.",
    Interval::NOT_NEGATIVE,
    Scale::Log(1e-3, 10.0),
);
