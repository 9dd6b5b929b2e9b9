//! How to look at an experiment: the `view` of its file. Nothing of it changes a result.

mod inside;
mod landscape;
mod panes;
mod tiles;

use serde::{Deserialize, Serialize};

pub use inside::{InsideLook, InsideView};
pub use landscape::{HeightScale, LandscapePlane, LandscapeShape, LandscapeView};
pub use panes::{Arrange, Pane, Panes, Side};
pub use tiles::{TileAxes, TileRows, TileView, TilesView};

/// How to look at the experiment; never changes a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(clippy::struct_excessive_bools, reason = "switches of the screen, each on its own")]
pub struct ViewSpec {
    /// Steps a second, so that learning can be watched; none is full speed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pace: Option<f64>,
    /// What the curve's x axis counts.
    #[serde(skip_serializing_if = "is_default")]
    pub x: XAxis,
    /// Whether the x axis is logarithmic.
    #[serde(skip_serializing_if = "is_default")]
    pub x_log: bool,
    /// Whether the y axis is logarithmic.
    #[serde(skip_serializing_if = "is_default")]
    pub y_log: bool,
    /// Whether the y axis is logarithmic in both directions and linear around 0; goes before `y_log`.
    #[serde(skip_serializing_if = "is_default")]
    pub y_symlog: bool,
    /// Whether single outliers are left out of the y axis.
    #[serde(skip_serializing_if = "is_default")]
    pub robust: bool,
    /// The weight of the past in the moving average that is drawn over the curves, at least 0 and below 1;
    /// at 0 none is.
    #[serde(skip_serializing_if = "is_default")]
    pub smooth: f64,
    /// What the curve plot shows.
    #[serde(skip_serializing_if = "is_default")]
    pub metric: Metric,
    /// How many of a lane's seeds the band around their median holds.
    #[serde(skip_serializing_if = "is_default")]
    pub seed_band: SeedBand,
    /// Lanes of which every seed is drawn, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub every_seed: Vec<String>,
    /// How the loss view looks.
    #[serde(skip_serializing_if = "is_default")]
    pub landscape: LandscapeView,
    /// What the lanes' tiles show.
    #[serde(skip_serializing_if = "is_default")]
    pub tiles: TilesView,
    /// What is shown of one lane's inside.
    #[serde(skip_serializing_if = "is_default")]
    pub inside: InsideLook,
    /// Which parts of the middle are on screen, and where.
    #[serde(skip_serializing_if = "is_default")]
    pub panes: Panes,
    /// The one that has all the room, if one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximised: Option<Pane>,
    /// By what lanes go abreast.
    #[serde(skip_serializing_if = "is_default")]
    pub race: Race,
    /// Lanes that train without being drawn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub muted: Vec<String>,
    /// The only lanes that are drawn, if there are any here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub solo: Vec<String>,
    /// The lane that others are compared with, if not the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinned: Option<String>,
    /// What the metric on the plot should reach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
}

impl ViewSpec {
    /// The greatest weight of the past in the moving average.
    pub const SMOOTHEST: f64 = 0.999;
}

impl Default for ViewSpec {
    fn default() -> Self {
        Self {
            pace: None,
            x: XAxis::Step,
            x_log: false,
            y_log: false,
            y_symlog: false,
            robust: false,
            smooth: 0.0,
            metric: Metric::Loss,
            seed_band: SeedBand::Quartiles,
            every_seed: Vec::new(),
            landscape: LandscapeView::default(),
            tiles: TilesView::default(),
            inside: InsideLook::default(),
            panes: Panes::default(),
            maximised: None,
            race: Race::Free,
            muted: Vec::new(),
            solo: Vec::new(),
            pinned: None,
            target: None,
        }
    }
}

/// How many of a lane's seeds the band around their median holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SeedBand {
    /// Half of them, from the lower quartile to the upper.
    #[default]
    Quartiles,
    /// 95 in a hundred.
    Percent95,
}

/// By what lanes go abreast; it decides when a lane computes, never what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Race {
    /// Each as fast as it can.
    #[default]
    Free,
    /// By updates.
    Step,
    /// By passes over the training rows.
    Epoch,
    /// By rows seen.
    Samples,
    /// By evaluations of the loss or its gradient.
    Evaluations,
}

impl Race {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 5] =
        [Self::Free, Self::Step, Self::Epoch, Self::Samples, Self::Evaluations];

    /// What it is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Free => "each by itself",
            Self::Step => "by step",
            Self::Epoch => "by epoch",
            Self::Samples => "by rows",
            Self::Evaluations => "by evaluations",
        }
    }
}

/// What the curve's x axis counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum XAxis {
    /// Parameter updates.
    #[default]
    Step,
    /// Passes over the training rows.
    Epoch,
    /// Rows seen.
    Samples,
    /// Evaluations of the loss or its gradient: what an update takes.
    Evaluations,
    /// Seconds of computing.
    Time,
}

/// What the curve plot shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Metric {
    /// Batch loss, faint, and epoch means, bold; held-out dashed.
    #[default]
    Loss,
    /// The loss over all training rows at the epoch's final parameters.
    FullLoss,
    /// The part of rows whose class is predicted rightly.
    Accuracy,
    /// The mean precision of the classes.
    Precision,
    /// The mean recall of the classes.
    Recall,
    /// The mean F1 of the classes.
    F1,
    /// The area under the ROC curve.
    RocAuc,
    /// The mean precision over the rows of class 1, each where it is found.
    AveragePrecision,
    /// The mean of −ln(probability of the true class).
    LogLoss,
    /// The mean squared distance of probability and truth.
    Brier,
    /// The coefficient of determination.
    R2,
    /// The mean absolute error.
    Mae,
    /// The root of the mean squared error.
    Rmse,
    /// The Euclidean norm of the full gradient.
    GradientNorm,
    /// The variance of the batches' gradients around the full one.
    GradientNoise,
    /// The Euclidean norm of the parameters.
    ParameterNorm,
    /// The size of the last update as a part of the parameters' norm.
    UpdateRatio,
    /// The part of the rectifying units that are silent on every training row.
    DeadUnits,
    /// The loss above f*, its value at the minimum; the loss where f* is not known.
    Gap,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
