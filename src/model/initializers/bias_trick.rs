//! The bias drawn first, as the tutorials' column of ones does.

use crate::catalog::{Card, Entry, Form};

use super::InitRow;
use super::uniform::{HIGH, LOW};

pub(super) static ROW: InitRow = InitRow::new(&ENTRY, |_, _, _, _| {});

pub(super) static ENTRY: Entry = Entry {
    name: "BiasTrick",
    label: "Bias trick",
    summary: "Bias first, then the weights, drawn evenly between two numbers.",
    details: "As in programs that put a column of ones before the features and draw `W = \
              uniform(size=features + 1)`: the bias is the first number. Needs a model without \
              hidden layers and with one output.",
    source: "the tutorials; numpy.random.RandomState.uniform",
    fields: &[LOW, HIGH],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "W ~ U(low, high), features + 1 numbers\nb = W[0], w = W[1:]",
    shines: "Matching those programs number by number.",
    hurts: "Anything deeper: there is no such order for several layers.",
    differs: "No library starts so; it is a habit of programs that have no bias of their own.",
    call: "np.random.RandomState(seed).uniform({low}, {high}, size=features + 1)",
    numpy: "",
};
