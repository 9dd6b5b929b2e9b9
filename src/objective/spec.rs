//! The parts of the experiment file that describe what is minimised.

use serde::{Deserialize, Serialize};

/// Penalties added to the loss: l1·Σ|w| + l2/2·Σw², over weights, not biases.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Regularize {
    /// The factor of the sum of absolute weights.
    pub l1: f64,
    /// The factor of half the sum of squared weights.
    pub l2: f64,
}

/// One of the penalties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Penalty {
    /// l1·Σ|w|.
    L1,
    /// l2/2·Σw².
    L2,
}

impl Penalty {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::L1, Self::L2];

    /// The name of its factor in the file.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::L1 => "l1",
            Self::L2 => "l2",
        }
    }
}

impl Regularize {
    /// The factor of one penalty.
    #[must_use]
    pub fn of(self, penalty: Penalty) -> f64 {
        match penalty {
            Penalty::L1 => self.l1,
            Penalty::L2 => self.l2,
        }
    }

    /// The same with another factor of one penalty.
    #[must_use]
    pub fn with(self, penalty: Penalty, factor: f64) -> Self {
        match penalty {
            Penalty::L1 => Self { l1: factor, ..self },
            Penalty::L2 => Self { l2: factor, ..self },
        }
    }
}
