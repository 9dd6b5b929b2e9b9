//! The result of a run as one JSON object. Its keys are part of the command line's contract.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::metrics::{SCORES, Scores};
use crate::objective::{Evaluation, READINGS};
use crate::train::{End, EndReason};

use super::Number;

/// The result of one experiment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunResult {
    /// The experiment's name.
    pub experiment: String,
    /// The seed of its training.
    pub seed: u64,
    /// Which kernels computed it.
    pub kernels: String,
    /// One result a lane and seed, in the order of the file.
    pub lanes: Vec<LaneResult>,
    /// What the seeds say of each two lanes that have several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comparisons: Vec<ComparisonResult>,
}

/// What the seeds of two lanes say. The loss is that by which lanes are ranked; what was not computed is
/// left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ComparisonResult {
    /// The lanes' names.
    pub lanes: [String; 2],
    /// Seeds that both have.
    pub pairs: usize,
    /// The lane that wins, if the seeds can show it.
    pub winner: Option<String>,
    /// The mean over seeds of the first lane's loss less the second's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<Number>,
    /// Its 95 % interval, of this pair alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<[Number; 2]>,
    /// The chance of such a mean without a difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<Number>,
    /// The same after Holm's correction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_corrected: Option<Number>,
    /// For how many comparisons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_for: Option<usize>,
    /// How many seeds of each lane diverged, where any did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diverged: Option<[usize; 2]>,
    /// On how many seeds each lane has the lower loss, where any diverged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<[usize; 2]>,
}

/// The result of one lane.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LaneResult {
    /// The lane's name.
    pub name: String,
    /// The optimizer's name.
    pub optimizer: String,
    /// The seed.
    pub seed: u64,
    /// Updates done.
    pub steps: u64,
    /// Epochs finished.
    pub epochs: u64,
    /// Evaluations of the loss, for gradients or guesses.
    pub loss_evaluations: u64,
    /// Why and where it ended.
    pub stop: StopResult,
    /// The mean of the last finished epoch's batches (of the batches so far, before the first is
    /// finished); on a surface its value.
    pub loss: Option<Number>,
    /// The loss over all training rows at the end.
    pub full_loss: Number,
    /// What was measured of the lane itself: norms, noise, silent units.
    #[serde(flatten)]
    pub readings: ReadingsResult,
    /// Scores on the training rows.
    pub train: ScoresResult,
    /// Scores on the held-out rows, if there are any.
    pub held_out: Option<ScoresResult>,
    /// The parameters at the end, as the layout orders them.
    pub params: Vec<Number>,
    /// Seconds of computing, evaluations not counted.
    pub seconds: Number,
    /// Updates a second.
    pub steps_per_second: Number,
    /// The batch losses, entry k measured before update k + 1; only with a history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_loss: Option<Vec<Number>>,
    /// The epochs' mean losses; only with a history.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epoch_loss: Option<Vec<Number>>,
    /// Parameters after the steps that were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params_at: Option<BTreeMap<u64, Vec<Number>>>,
    /// Rows with what the model says of them; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predictions: Option<Vec<Prediction>>,
}

/// Why and where a lane ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StopResult {
    /// `finished`, `rule:<Name>`, `stopped`, `diverged`, `failed`.
    pub reason: String,
    /// After how many updates.
    pub step: u64,
    /// What went wrong, of a lane that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The scores of one set of rows with those of a model that never looks at a row. Written as one
/// object with the keys of [`SCORES`] and `baseline`; what does not apply is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScoresResult {
    /// The lane's scores.
    pub scores: Scores,
    /// The baseline's, if the lane learns from rows.
    pub baseline: Option<Scores>,
}

/// What was measured of the lane itself at its end, under the keys of [`READINGS`]; what does not
/// apply is left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReadingsResult(pub Option<Evaluation>);

/// One row and what the model says of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prediction {
    /// The row in the source data, from 0.
    pub row: usize,
    /// The model's outputs: probabilities for classes, values for numbers.
    pub activation: Vec<Number>,
    /// The class or value predicted.
    pub predicted: String,
    /// The true class or value.
    #[serde(rename = "true")]
    pub truth: String,
}

impl ScoresResult {
    /// The scores on the training rows.
    pub fn of_train(evaluation: &Evaluation) -> Self {
        let baseline = evaluation.baseline.as_ref().map(|b| b.train.clone());
        Self { scores: evaluation.train.clone(), baseline }
    }

    /// The scores on the held-out rows, if there are any.
    pub fn of_held_out(evaluation: &Evaluation) -> Option<Self> {
        let scores = evaluation.held_out.clone()?;
        let baseline = evaluation.baseline.as_ref().and_then(|b| b.held_out.clone());
        Some(Self { scores, baseline })
    }
}

/// The scores that apply, by key.
fn by_key(scores: &Scores) -> BTreeMap<&'static str, Number> {
    SCORES.iter().filter_map(|s| Some((s.key, Number((s.of)(scores)?)))).collect()
}

impl Serialize for ScoresResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, number) in by_key(&self.scores) {
            map.serialize_entry(key, &number)?;
        }
        if let Some(baseline) = &self.baseline {
            map.serialize_entry("baseline", &by_key(baseline))?;
        }
        map.end()
    }
}

impl Serialize for ReadingsResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let read =
            |e: &Evaluation| READINGS.iter().filter_map(|r| Some((r.key, (r.of)(e)?))).collect();
        let readings: Vec<(&str, f64)> = self.0.as_ref().map(read).unwrap_or_default();
        let mut map = serializer.serialize_map(Some(readings.len()))?;
        for (key, number) in readings {
            map.serialize_entry(key, &Number(number))?;
        }
        map.end()
    }
}

impl From<&End> for StopResult {
    fn from(end: &End) -> Self {
        let message = match &end.reason {
            EndReason::Failed(message) => Some(message.clone()),
            _ => None,
        };
        Self { reason: end.reason.label(), step: end.step, message }
    }
}

/// Numbers as a result writes them.
impl Number {
    /// A list of numbers.
    pub fn all(numbers: impl IntoIterator<Item = f64>) -> Vec<Self> {
        numbers.into_iter().map(Self).collect()
    }
}
