//! What the lanes' tiles show of an experiment.

use serde::{Deserialize, Serialize};

use super::is_default;

/// What the lanes' tiles show; never changes a result.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TilesView {
    /// Which view; a lane that has no such view shows its first.
    #[serde(skip_serializing_if = "is_default")]
    pub show: TileView,
    /// Which rows are judged.
    #[serde(skip_serializing_if = "is_default")]
    pub rows: TileRows,
    /// What the axes of points stand for, where there are more features than two.
    #[serde(skip_serializing_if = "is_default")]
    pub axes: TileAxes,
    /// Whether boundaries and curves of earlier steps are drawn.
    #[serde(skip_serializing_if = "is_true")]
    pub earlier: bool,
    /// From which score on a row counts as class 1.
    #[serde(skip_serializing_if = "is_half")]
    pub threshold: f64,
}

impl Default for TilesView {
    fn default() -> Self {
        Self {
            show: TileView::default(),
            rows: TileRows::default(),
            axes: TileAxes::default(),
            earlier: true,
            threshold: HALF,
        }
    }
}

/// A view of a lane in its tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum TileView {
    /// Points with regions, predictions against targets, contours.
    #[default]
    Picture,
    /// Predictions against targets, where the picture is the fitted curve.
    Fit,
    /// What predictions leave of the targets.
    Residuals,
    /// The confusion matrix.
    Confusion,
    /// The ROC curve with a threshold to move; of two classes.
    Roc,
    /// The images that are taken for another class, the worst first.
    Mistakes,
    /// A table of rows with what the model says.
    Rows,
}

/// Which rows the tiles judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum TileRows {
    /// Those that are learned from.
    Training,
    /// Those that are held out; where none are, the training rows.
    #[default]
    HeldOut,
}

/// What the axes of a picture of points stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum TileAxes {
    /// The first two principal components of the training rows; of two features those themselves.
    #[default]
    Components,
    /// Two features, across and up, counted from 0.
    Features(usize, usize),
}

const HALF: f64 = 0.5;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_true(flag: &bool) -> bool {
    *flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_half(threshold: &f64) -> bool {
    threshold.to_bits() == HALF.to_bits()
}
