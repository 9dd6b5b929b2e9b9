//! The two precisions, by name.

use serde::{Deserialize, Serialize};

/// The precision of parameters, gradients and losses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Precision {
    /// 32-bit floating point: for speed.
    F32,
    /// 64-bit floating point: for agreement with reference numbers.
    #[default]
    F64,
}
