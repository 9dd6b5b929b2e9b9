//! How the loss view looks at an experiment: which plane, drawn how.

use serde::{Deserialize, Serialize};

use super::is_default;

/// How the loss view looks; never changes a result.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LandscapeView {
    /// Which plane of a model's parameters; where there are but two, it is theirs.
    #[serde(skip_serializing_if = "is_default")]
    pub plane: LandscapePlane,
    /// A map, or a surface in space.
    #[serde(skip_serializing_if = "is_default")]
    pub shape: LandscapeShape,
    /// Whether heights are spread evenly, or by their logarithm.
    #[serde(skip_serializing_if = "is_default")]
    pub heights: HeightScale,
    /// Whether gradient, momentum, step and accumulated squares are drawn where the lanes are.
    #[serde(skip_serializing_if = "is_default")]
    pub arrows: bool,
}

/// A plane through the parameters of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum LandscapePlane {
    /// The two principal components of the lanes' paths.
    #[default]
    Paths,
    /// Two random directions around the first lane, normalised by filters.
    Random {
        /// The seed of the directions.
        seed: u64,
    },
    /// Two parameters, all others as the first lane has them.
    Parameters(usize, usize),
}

/// How heights are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LandscapeShape {
    /// A heat map with lines of equal height.
    #[default]
    Contours,
    /// A surface in space that can be turned.
    Bowl,
}

/// How heights are spread over colours and over the bowl.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum HeightScale {
    /// By the logarithm of their distance from the lowest.
    #[default]
    Log,
    /// Evenly; the highest are cut off.
    Linear,
}
