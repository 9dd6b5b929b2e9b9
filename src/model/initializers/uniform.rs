//! Weights drawn evenly from a range.

use crate::catalog::{Card, Entry, Field, Form, Interval, Scale};

use super::{InitRow, number};

pub(super) static ROW: InitRow = InitRow::new(&ENTRY, |init, _, random, weights| {
    let (low, high) = (init.number("low"), init.number("high"));
    for w in weights {
        *w = random.uniform(low, high);
    }
});

pub(super) static ENTRY: Entry = Entry {
    name: "Uniform",
    label: "Uniform",
    summary: "Weights drawn evenly between two numbers.",
    details: "The same range for every layer. Biases are not drawn; they start at zero.",
    source: "numpy.random.RandomState.uniform",
    fields: &[LOW, HIGH],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "w ~ U(low, high)",
    shines: "Matching a program that draws so, and small models whose scale is known.",
    hurts: "Deep networks: one range cannot suit layers of different widths, so signals fade or \
            grow.",
    differs: "torch.nn.init.uniform_(w, a, b) and Keras' RandomUniform draw from other generators; \
              the numbers here are NumPy's.",
    call: "torch.nn.init.uniform_(w, {low}, {high})",
    numpy: r"def start(rng, outputs, inputs):
    return rng.uniform({low}, {high}, size=(outputs, inputs))
",
};

pub(super) const LOW: Field =
    number("low", "Low", "The lower end of the range.", Interval::FINITE, Scale::Linear(-1.0, 0.0));

pub(super) const HIGH: Field = number(
    "high",
    "High",
    "The upper end of the range, itself never drawn. The wider the range, the larger the sums units \
     start with.",
    Interval::FINITE,
    Scale::Linear(0.0, 1.0),
);
