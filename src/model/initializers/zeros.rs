//! All weights zero.

use crate::catalog::{Card, Entry, Form};

use super::InitRow;

pub(super) static ROW: InitRow = InitRow::new(&ENTRY, |_, _, _, weights| weights.fill(0.0));

pub(super) static ENTRY: Entry = Entry {
    name: "Zeros",
    label: "All zeros",
    summary: "Every weight and bias starts at zero.",
    details: "Fine for a model without hidden layers, which has one minimum. With hidden layers \
              all units of a layer get the same gradient and stay equal for ever (and with ReLU or \
              tanh nothing moves but the output's bias): try it and see why starts are random.",
    source: "torch.nn.init.zeros_",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "w = 0",
    shines: "Models without hidden layers: no chance in the start, so runs differ by their batches \
             alone.",
    hurts: "Every network with hidden layers: its units stay copies of each other.",
    differs: "The same everywhere; scikit-learn's linear models start so.",
    call: "torch.nn.init.zeros_(w)",
    numpy: r"def start(rng, outputs, inputs):
    return np.zeros((outputs, inputs))
",
};
