//! He's uniform start or Xavier's, layer by layer.

use crate::catalog::{Card, Entry, Form};

use super::{InitRow, he, uniform_within, xavier};

pub(super) static ROW: InitRow = InitRow::new(&ENTRY, |_, shape, random, weights| {
    let squared = if shape.rectifies { he::over(shape, 6.0) } else { xavier::over(shape, 6.0) };
    uniform_within(squared, random, weights);
});

pub(super) static ENTRY: Entry = Entry {
    name: "Auto",
    label: "Automatic",
    summary: "He's uniform start for ReLU layers, Xavier's for all others.",
    details: "Chosen layer by layer so that signals neither fade nor grow on their way through the \
              network. ReLU and what is shaped like it (leaky ReLU, ReLU6, ELU, SiLU, Mish, GELU) \
              starts as HeUniform. The output layer counts as not ReLU. Biases start at zero.",
    source: "He et al. 2015; Glorot and Bengio 2010",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "ReLU and its kin: w ~ U(−a, a), a = √(6 / fan-in)\nothers: w ~ U(−a, a), a = √(6 / (fan-in + fan-out))",
    shines: "Nearly always: a sound start without a thought.",
    hurts: "SELU, which asks for LeCunNormal; and where another program's start is to be matched.",
    differs: "Keras starts all dense layers as XavierUniform; torch.nn.Linear draws weights and \
              biases evenly within ±1/√fan-in. This does neither.",
    call: "torch.nn.init.kaiming_uniform_(w, nonlinearity=\"relu\")  # after ReLU and its kin; else xavier_uniform_(w)",
    numpy: "",
};
