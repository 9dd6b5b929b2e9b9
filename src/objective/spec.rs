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
