//! Parameters that are written in the file.

use crate::catalog::{Card, Entry, Field, Form, Given, Kind};

use super::InitRow;

pub(super) static ROW: InitRow = InitRow::new(&ENTRY, |_, _, _, _| {});

pub(super) static ENTRY: Entry = Entry {
    name: "Values",
    label: "Given values",
    summary: "Every parameter starts at the number written here.",
    details: "How a trajectory of another program is matched: per layer the weights row by row (a \
              row per output, as PyTorch stores them), then the biases.",
    source: "",
    fields: &[VALUES],
    form: Form::Positional,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "w = what is written",
    shines: "Matching another program, step by step.",
    hurts: "It fits one shape of network only, and says nothing about the next.",
    differs: "PyTorch and this store a row per output; Keras stores a column per output, so its \
              weights must be turned.",
    call: "torch.nn.utils.vector_to_parameters(torch.tensor({values}), model.parameters())",
    numpy: "",
};

const VALUES: Field = Field {
    name: "values",
    label: "Values",
    meaning: "All parameters in order: per layer the weights row by row (a row per output), then the \
              biases.",
    kind: Kind::Numbers,
    default: Given::Nothing,
    live: false,
};
