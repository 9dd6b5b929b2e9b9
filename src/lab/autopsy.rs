//! Why a run left all bounds: its last updates, done once more and looked at one by one.
//!
//! Found exactly, on a copy: the way to the last updates holds a checkpoint and everything done since,
//! so the copy makes the very updates that the lane made, and then tries the one that failed.
//!
//! *Where it grew first*: of each layer's weights, the last stretch of updates each of which moved them by
//! more than [`FAR`] of their length, if it reaches to the last 8 updates: weights that were thrown
//! far out may rest there before a number overflows. The layer whose stretch began first is named, of
//! several the one that moved furthest then.

use std::sync::Arc;

use crate::experiment::LanePlan;
use crate::model::{ParamLayout, TensorKind};
use crate::train::{AnyTrainer, Attempt, Bad, Checkpoint, Retrace};

use super::{LabError, Parameter, Sharpness, Specimen, measure_sharpness, parameter};

/// An update that moves weights by more than this part of their length is far.
pub const FAR: f64 = 0.5;
/// Updates at the end that may move weights little after they were thrown far.
const STILL: usize = 8;
/// Updates looked at before the one that failed.
pub const LOOKED_AT: u64 = 256;
/// Losses that are told.
const LOSSES: usize = 6;

/// Why a run left all bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Autopsy {
    /// Updates done: the state that is kept.
    pub kept: u64,
    /// The update that could not be made.
    pub attempt: Attempt,
    /// The parameter whose number was the first bad one, if it was one.
    pub parameter: Option<Parameter>,
    /// The last losses: each with the updates done when it was measured; the last is of the update that
    /// failed.
    pub losses: Vec<(u64, f64)>,
    /// Where it grew first; none if no layer has weights.
    pub growth: Option<Growth>,
    /// The sharpness of the state that is kept, or why it cannot be measured.
    pub sharpness: Result<Sharpness, String>,
    /// The same where it began to grow, if that was earlier.
    pub before_growth: Option<Result<Sharpness, String>>,
}

/// Where and when a layer's weights began to be thrown about.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// The tensor: `hidden1.weights`.
    pub tensor: String,
    /// The first of the updates, from 1, that moved it far one after the other.
    pub update: u64,
    /// ‖Δw‖ / ‖w‖ of that update, w before it.
    pub ratio: f64,
    /// ‖Δw‖ / ‖w‖ of the last update that was made or tried.
    pub last: f64,
    /// Whether that stretch is all that was looked at, and may have begun earlier.
    pub is_older: bool,
    /// Whether any of the last updates was far; else this is the one that moved furthest in the last.
    pub is_far: bool,
}

/// How far each update moved the weights of each layer, by their length.
#[derive(Debug)]
struct Moves {
    tensors: Vec<(String, std::ops::Range<usize>)>,
    before: Vec<f64>,
    /// Updates done before the first move.
    first: u64,
    /// A row an update, a number a tensor.
    ratios: Vec<Vec<f64>>,
}

impl Moves {
    fn new(layout: &ParamLayout) -> Self {
        let counts = |kind| matches!(kind, TensorKind::Weights | TensorKind::Position);
        let tensors = layout.tensors.iter().filter(|tensor| counts(tensor.kind));
        let tensors = tensors.map(|tensor| (tensor.name.clone(), tensor.range())).collect();
        Self { tensors, before: Vec::new(), first: 0, ratios: Vec::new() }
    }

    /// Takes note of the parameters after an update, or of the first ones.
    fn see(&mut self, step: u64, params: Vec<f64>) {
        if self.before.is_empty() {
            self.first = step;
        } else {
            let ratio = |(_, range): &(String, std::ops::Range<usize>)| {
                let (old, new) = (&self.before[range.clone()], &params[range.clone()]);
                let length = length(old.iter().copied());
                length_of_move(old, new) / length.max(f64::MIN_POSITIVE)
            };
            self.ratios.push(self.tensors.iter().map(ratio).collect());
        }
        self.before = params;
    }

    /// Where it grew first; the lane's own first update is that after `first`.
    fn growth(&self, first: u64) -> Option<Growth> {
        let last = self.ratios.last()?;
        let stretch = |tensor: usize| {
            let far = |ratios: &&Vec<f64>| ratios[tensor] > FAR || ratios[tensor].is_nan();
            let still =
                self.ratios.iter().rev().take(STILL).take_while(|ratios| !far(ratios)).count();
            let far = self.ratios.iter().rev().skip(still).take_while(far).count();
            (far, if far > 0 { far + still } else { 0 })
        };
        let begin = |tensor: usize| self.ratios.len() - stretch(tensor).1;
        // Where no update was far, the last one is looked at.
        let at = |tensor: usize| begin(tensor).min(self.ratios.len() - 1);
        let order = |a: &usize, b: &usize| {
            let ratio = |tensor: usize| self.ratios[at(tensor)][tensor];
            begin(*b).cmp(&begin(*a)).then(ratio(*a).total_cmp(&ratio(*b)))
        };
        let tensor = (0..self.tensors.len()).max_by(order)?;
        Some(Growth {
            tensor: self.tensors[tensor].0.clone(),
            update: self.first + at(tensor) as u64 + 1,
            ratio: self.ratios[at(tensor)][tensor],
            last: last[tensor],
            is_older: begin(tensor) == 0 && self.first > first,
            is_far: stretch(tensor).0 > 0,
        })
    }
}

/// The length of a vector whose squares may be too large for a number.
fn length(numbers: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = numbers.clone().map(f64::abs).fold(0.0, f64::max);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * numbers.map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

fn length_of_move(old: &[f64], new: &[f64]) -> f64 {
    length(old.iter().zip(new).map(|(old, new)| new - old))
}

/// Finds out why a lane of this plan diverged; `way` leads through its last updates to where it stands.
///
/// # Errors
/// If the way is not of this plan, or the update after it can be made.
pub fn autopsy(plan: &Arc<LanePlan>, way: &Retrace) -> Result<Autopsy, LabError> {
    let mut moves = None;
    let mut losses: Vec<(u64, f64)> = Vec::new();
    let mut trainer = way.walk(plan, |trainer| {
        let step = trainer.step();
        let moves = moves.get_or_insert_with(|| Moves::new(trainer.layout()));
        moves.see(step, trainer.params());
        losses.extend(step.checked_sub(1).zip(trainer.last_loss()));
        true
    })?;
    let (kept, state) = (trainer.step(), Arc::new(trainer.checkpoint()));
    let layout = trainer.layout().clone();
    let attempt = trainer.try_next();
    if attempt.bad.is_none() || kept != way.steps().end {
        return Err(LabError::Calm);
    }
    losses.push((kept, attempt.loss));
    losses.drain(..losses.len().saturating_sub(LOSSES));
    if let (Some(moves), Some(after)) = (&mut moves, &attempt.after) {
        moves.see(kept + 1, after.clone());
    }
    let first = plan.from.as_ref().map_or(0, |from| from.step);
    let growth = moves.and_then(|moves| moves.growth(first));
    let begin = growth.as_ref().map(|growth| growth.update - 1).filter(|step| *step < kept);
    let before_growth = match begin {
        Some(step) => Some(sharpness(plan, state_at(plan, way, step)?)),
        None => None,
    };
    let index = match attempt.bad {
        Some(Bad::Gradient { index, .. } | Bad::Parameter { index, .. }) => Some(index),
        Some(Bad::Loss(_)) | None => None,
    };
    Ok(Autopsy {
        kept,
        parameter: index.and_then(|index| parameter(&layout, index)),
        attempt,
        losses,
        growth,
        sharpness: sharpness(plan, state),
        before_growth,
    })
}

fn state_at(plan: &Arc<LanePlan>, way: &Retrace, step: u64) -> Result<Arc<Checkpoint>, LabError> {
    let trainer = way.walk(plan, |trainer: &mut AnyTrainer| trainer.step() < step)?;
    Ok(Arc::new(trainer.checkpoint()))
}

fn sharpness(plan: &Arc<LanePlan>, state: Arc<Checkpoint>) -> Result<Sharpness, String> {
    let specimen = Specimen { plan: Arc::clone(plan), state };
    measure_sharpness(&specimen).map_err(|error| error.to_string())
}
