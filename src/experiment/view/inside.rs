//! What is shown of one lane's inside.

use serde::{Deserialize, Serialize};

use super::is_default;

/// What the pane that looks inside a model shows; never changes a result.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InsideLook {
    /// The lane looked into, if not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lane: Option<String>,
    /// What is shown of its model.
    #[serde(skip_serializing_if = "is_default")]
    pub show: InsideView,
}

/// What is shown of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum InsideView {
    /// The network, a map a unit.
    #[default]
    Network,
    /// Weight matrices.
    Weights,
    /// How numbers are spread over time.
    Histograms,
}
