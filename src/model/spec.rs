//! The parts of the experiment file that describe a network: layers, output, start.
//!
//! Not here: the network itself ([`super::Network`]).

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::catalog::Chosen;

use super::{Activations, Initializers};

/// The network's shape and start.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelSpec {
    /// The layers between input and output.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<LayerSpec>,
    /// The output layer's activation.
    #[serde(skip_serializing_if = "is_default")]
    pub output: Output,
    /// Where the weights start; `None` is written `Auto`.
    #[serde(skip_serializing_if = "is_auto_init")]
    pub init: InitSpec,
}

/// The start of the weights.
#[derive(Debug, Clone, PartialEq)]
pub struct InitSpec(pub Chosen<Initializers>);

impl Default for InitSpec {
    fn default() -> Self {
        Self(Chosen::named("Auto").expect("the table of initialisers has a row for Auto"))
    }
}

impl Serialize for InitSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for InitSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Chosen::deserialize(deserializer).map(Self)
    }
}

fn is_auto_init(init: &InitSpec) -> bool {
    init.0.name() == "Auto"
}

/// One hidden layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum LayerSpec {
    /// Every unit sees every input.
    Dense {
        /// How many units.
        units: u64,
        /// What each unit does with its sum.
        activation: Chosen<Activations>,
    },
    /// Units silenced at random while training.
    Dropout {
        /// The chance of each unit to be silenced at a step: from 0, below 1.
        rate: f64,
    },
    /// Each row brought to mean 0 and variance 1, then a gain and a bias a unit.
    LayerNorm,
}

/// What a kind of hidden layer is called, and what it is good for.
#[derive(Debug, Clone, Copy)]
pub struct LayerKind {
    /// Its name in the file.
    pub name: &'static str,
    /// Its name on screen.
    pub label: &'static str,
    /// What it does, and what too little and too much of it do.
    pub summary: &'static str,
    /// What its number means; empty if it has none.
    pub meaning: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

impl LayerKind {
    /// Every kind, in the order of menus.
    pub const ALL: [Self; 3] = [
        Self {
            name: "Dense",
            label: "Dense",
            summary: "Every unit sees every input: a weighted sum and a bias, then the activation.",
            meaning: "How many units. Too few cannot bend the boundary as the data ask; too many are \
                slow, and learn a small training set by heart.",
            source: "torch.nn.Linear",
        },
        Self {
            name: "Dropout",
            label: "Dropout",
            summary: "At each training step every unit is silenced at random, and those that stay are \
                scaled up to keep the expected sum. No unit can rely on another one, so a large net \
                learns less by heart; the training loss falls more slowly and jitters. Predictions, \
                and the losses of evaluations, silence nothing.",
            meaning: "The chance of each unit to be silenced at a step. 0 does nothing; 0.2 to 0.5 is \
                usual; near 1 hardly anything gets through and the net learns too little.",
            source: "Srivastava et al. 2014; torch.nn.Dropout",
        },
        Self {
            name: "LayerNorm",
            label: "Layer norm",
            summary: "Each row is brought to mean 0 and variance 1 over its units; then each unit has a \
                gain and a bias that are learned. Sums keep their size through many layers, so larger \
                learning rates hold; what is lost is the size of a row, which over few units can be \
                all that tells rows apart.",
            meaning: "",
            source: "Ba, Kiros, Hinton 2016; torch.nn.LayerNorm, with ε = 1e-5",
        },
    ];
}

impl LayerSpec {
    /// What a dropout layer's rate can be, in words.
    pub const RATES: &str = "a number from 0, below 1";

    /// What kind it is.
    pub fn kind(&self) -> LayerKind {
        let [dense, dropout, norm] = LayerKind::ALL;
        match self {
            Self::Dense { .. } => dense,
            Self::Dropout { .. } => dropout,
            Self::LayerNorm => norm,
        }
    }

    /// Whether a dropout layer can have this rate.
    pub fn is_rate(rate: f64) -> bool {
        (0.0..1.0).contains(&rate)
    }
}

/// The output layer's activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Output {
    /// As the data and the loss ask: logits for classes, values for numbers.
    #[default]
    Auto,
    /// The sums themselves.
    Identity,
    /// Squeezed between 0 and 1.
    Sigmoid,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
