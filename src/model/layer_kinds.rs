//! The kinds of hidden layers, as a table to read: what each is called, what its numbers mean, when
//! it helps.
//!
//! Deliberately not here: what a layer computes ([`super::layers`]), and how the file writes it
//! ([`super::LayerSpec`]).

use crate::catalog::{Card, Entry, Family, Field, Form, Given, Interval, Kind, Scale};

/// The table of hidden layers.
#[derive(Debug)]
pub struct Layers;

impl Family for Layers {
    const NOUN: &'static str = "layer";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
    }
}

static TABLE: [&Entry; 3] = [&DENSE, &DROPOUT, &LAYER_NORM];

pub(super) static DENSE: Entry = Entry {
    name: "Dense",
    label: "Dense",
    summary: "Every unit sees every input: a weighted sum and a bias, then the activation.",
    details: "The layer everything else stands between. Units of one layer are interchangeable, so \
              their weights have to start apart: the start draws them at random. A layer without \
              an activation adds nothing that the next one could not do alone.",
    source: "torch.nn.Linear",
    fields: &[
        Field {
            name: "units",
            label: "Units",
            meaning: "How many units. Too few cannot bend the boundary as the data ask; too many are \
                      slow, and learn a small training set by heart.",
            kind: Kind::Integer { min: 1, max: u64::MAX, scale: Scale::Log(1.0, 1024.0) },
            default: Given::Nothing,
            live: false,
        },
        Field {
            name: "activation",
            label: "Activation",
            meaning: "What each unit does with its sum. A smooth one draws round boundaries, a kinked \
                      one straight pieces; Identity leaves the layer linear, and a stack of linear \
                      layers is no more than one.",
            kind: Kind::Word(&super::activations::NAMES),
            default: Given::Nothing,
            live: false,
        },
    ],
    form: Form::Named,
    card: Some(&Card {
        equation: "z = W·x + b\ny = f(z)\n∂W = ∂z·xᵀ    ∂b = ∂z    ∂x = Wᵀ·∂z",
        shines: "Tables: a few to some hundreds of features without a neighbourhood to use.",
        hurts: "Pictures and sequences, where every shifted copy of a pattern has to be learned anew; \
                weights grow with inputs × units.",
        differs: "PyTorch and this keep W as units × inputs, Keras and Flax as inputs × units. Here \
                  and in PyTorch the activation is a thing of its own; in Keras it is an argument of \
                  the layer. Biases start at 0 here and in Keras; PyTorch draws them.",
        call: "torch.nn.Linear(2, 8)  # inputs, units",
        numpy: "",
    }),
};

pub(super) static DROPOUT: Entry = Entry {
    name: "Dropout",
    label: "Dropout",
    summary: "At each training step every unit is silenced at random, and those that stay are scaled \
              up to keep the expected sum.",
    details: "No unit can rely on another one, so a large net learns less by heart; the training loss \
              falls more slowly and jitters. Predictions, and the losses of evaluations, silence \
              nothing. Which units are silent depends on noise seed, step, row and unit alone, so a \
              replayed step silences the same ones.",
    source: "Srivastava et al. 2014; torch.nn.Dropout",
    fields: &[Field {
        name: "rate",
        label: "Rate",
        meaning: "The chance of each unit to be silenced at a step. 0 does nothing; 0.2 to 0.5 is \
                  usual; near 1 hardly anything gets through and the net learns too little.",
        kind: Kind::Number(Interval::BELOW_ONE, Scale::Linear(0.0, 0.9)),
        default: Given::Nothing,
        live: false,
    }],
    form: Form::Named,
    card: Some(&Card {
        equation: "m ~ 0 with chance p, else 1/(1 − p)\ny = m·x    ∂x = m·∂y",
        shines: "Wide layers on few rows: the gap between training and held-out loss narrows.",
        hurts: "Small nets, which need all their units, and regressions, where the scaled units add \
                noise to every value. More updates are needed for the same training loss.",
        differs: "PyTorch, Keras and this scale while training (inverted dropout) and leave \
                  predictions alone. The paper scales the weights down at prediction instead: the \
                  same in expectation. Each library draws its own random numbers.",
        call: "torch.nn.Dropout(p=0.5)  # the rate",
        numpy: "",
    }),
};

pub(super) static LAYER_NORM: Entry = Entry {
    name: "LayerNorm",
    label: "Layer norm",
    summary: "Each row is brought to mean 0 and variance 1 over its units; then each unit has a gain \
              and a bias that are learned.",
    details: "Sums keep their size through many layers, so larger learning rates hold; what is lost \
              is the size of a row, which over few units can be all that tells rows apart. A row's \
              result depends on that row alone, so the batch size changes nothing.",
    source: "Ba, Kiros, Hinton 2016; torch.nn.LayerNorm, with ε = 1e-5",
    fields: &[],
    form: Form::Named,
    card: Some(&Card {
        equation: "x̂ = (x − mean) / √(variance + ε)\ny = gain·x̂ + bias\n\
                   ∂x = (g − mean(g) − x̂·mean(g·x̂)) / √(variance + ε),  g = gain·∂y",
        shines: "Deep stacks and small batches: no statistics over the batch are needed.",
        hurts: "Layers of two or three units, where little is left of a row once its mean and size \
                are taken out.",
        differs: "The variance is divided by the number of units, not by one less, in PyTorch, Keras \
                  and here. ε is 1e-5 in PyTorch and here, 1e-3 in Keras.",
        call: "torch.nn.LayerNorm(8)  # units",
        numpy: "",
    }),
};
