//! The parts of the experiment file that describe a network: layers, output, start.
//!
//! Not here: the network itself ([`super::Network`]).

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::catalog::{Chosen, Entry};

use super::{Activations, Initializers, layer_kinds};

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

impl LayerSpec {
    /// What a dropout layer's rate can be, in words.
    pub const RATES: &str = "a number from 0, below 1";

    /// Its row in the table of layers.
    pub fn entry(&self) -> &'static Entry {
        match self {
            Self::Dense { .. } => &layer_kinds::DENSE,
            Self::Dropout { .. } => &layer_kinds::DROPOUT,
            Self::LayerNorm => &layer_kinds::LAYER_NORM,
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
