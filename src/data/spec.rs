//! The parts of the experiment file that say how rows are used: held out, scaled, batched, ordered.
//!
//! Not here: doing it.

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::catalog::count_or_word;

/// Scaling of the features, fitted on the training rows and applied to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scaling {
    /// To mean 0 and (population) standard deviation 1, as scikit-learn's `StandardScaler`.
    Standard,
    /// To the range 0 to 1, as scikit-learn's `MinMaxScaler`.
    MinMax,
}

/// The part of the rows kept out of training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldOut {
    /// The part, above 0 and below 1; ceil(fraction · rows) rows are held out.
    pub fraction: f64,
    /// The seed of the split, as scikit-learn's `random_state`.
    #[serde(default)]
    pub seed: u64,
    /// Whether every class keeps its share.
    #[serde(default)]
    pub stratified: bool,
}

/// Rows per update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchSize {
    /// So many rows; the last batch of an epoch may be shorter.
    Rows(u64),
    /// All training rows: plain gradient descent.
    Full,
}

impl Default for BatchSize {
    fn default() -> Self {
        Self::Rows(32)
    }
}

/// How the training rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Shuffle {
    /// In the order of the data, every epoch.
    Never,
    /// In one random order, every epoch.
    Once,
    /// In a new random order each epoch.
    #[default]
    EachEpoch,
    /// Each row drawn anew from all of them.
    WithReplacement,
}

impl<'de> Deserialize<'de> for BatchSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match count_or_word(deserializer, "Full")? {
            Some(n) => Ok(Self::Rows(n)),
            None => Ok(Self::Full),
        }
    }
}

impl Serialize for BatchSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Rows(n) => serializer.serialize_u64(*n),
            Self::Full => serializer.serialize_unit_variant("BatchSize", 0, "Full"),
        }
    }
}
