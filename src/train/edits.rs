//! Knobs turned while a lane runs: checked, made between two updates, and recorded.
//!
//! Invariant: a refused change changes nothing. A change sets the *base* value; schedules, as closed
//! forms of base and step, follow at once.

use crate::catalog::{Chosen, Family, Value};
use crate::data::BatchSize;
use crate::experiment::Change;
use crate::model::{DropoutRates, LayerSpec};
use crate::numeric::Real;
use crate::objective::Regularize;
use crate::optim::{Clip, Clips, Optimizers, Tabled};

use super::{ChangeError, ChangeRecord, TrainError, Trainer};

impl<R: Tabled> Trainer<R> {
    /// Makes a change, from the next update on.
    ///
    /// # Errors
    /// If the knob does not exist, is not live, or does not take the value; nothing is changed then.
    pub fn change(&mut self, change: &Change) -> Result<ChangeRecord, ChangeError> {
        self.make(change, false)
    }

    pub(super) fn make(
        &mut self,
        change: &Change,
        planned: bool,
    ) -> Result<ChangeRecord, ChangeError> {
        let (from, to) = match change {
            Change::Optimizer { knob, value } => {
                let mut knobs = self.knobs.clone();
                let words = turn(&mut knobs, knob, *value)?;
                self.set_knobs(knobs);
                words
            }
            Change::Schedule { knob, value } => {
                let mut schedule = self.schedule.chosen().clone();
                let words = turn(&mut schedule, knob, *value)?;
                self.schedule.retune(&schedule);
                words
            }
            Change::Clip(clip) => {
                let words = (clip_text(self.clip.as_ref()), clip_text(clip.as_ref()));
                self.set_clip(clip.clone());
                words
            }
            Change::GradientNoise(std) => {
                let words = (text(self.gradient_noise), text(*std));
                self.gradient_noise = *std;
                words
            }
            Change::BatchSize(size) => {
                check_batch(*size, self.has_epochs)?;
                let words = (batch_text(self.batch_size), batch_text(*size));
                self.batch_size = *size;
                // The noise of the gradient is that of other batches from now on.
                self.evaluated = None;
                words
            }
            Change::Regularize { penalty, factor } => {
                check_penalty(*factor, self.has_epochs)?;
                let words = (text(self.regularize.of(*penalty)), text(*factor));
                self.set_regularize(self.regularize.with(*penalty, *factor));
                self.evaluated = None;
                words
            }
            Change::Dropout { layer, rate } => {
                let now = check_dropout(&self.dropout, *layer, *rate)?;
                let mut rates = self.dropout.clone();
                rates.set(*layer, *rate);
                self.set_dropout(rates);
                self.evaluated = None;
                (text(now), text(*rate))
            }
            Change::Parameter { index, value } => {
                let number = check_parameter::<R>(*index, *value, self.params.len())?;
                // How far the last update went is no longer to be seen from the parameters.
                self.moved = self.last_move();
                let words = (text(self.params[*index].to_f64()), text(*value));
                self.params[*index] = number;
                self.kept[*index] = number;
                self.evaluated = None;
                words
            }
        };
        Ok(ChangeRecord { step: self.step(), change: change.clone(), from, to, planned })
    }

    /// Whether every planned change can be made, tried on the choices alone.
    pub(super) fn rehearse_edits(&self) -> Result<(), TrainError> {
        let (mut knobs, mut schedule) = (self.knobs.clone(), self.schedule.chosen().clone());
        for edit in &self.edits {
            let tried = match &edit.change {
                Change::Optimizer { knob, value } => turn(&mut knobs, knob, *value).map(drop),
                Change::Schedule { knob, value } => turn(&mut schedule, knob, *value).map(drop),
                Change::Clip(_) | Change::GradientNoise(_) => Ok(()),
                Change::BatchSize(size) => check_batch(*size, self.has_epochs),
                Change::Regularize { factor, .. } => check_penalty(*factor, self.has_epochs),
                Change::Dropout { layer, rate } => {
                    check_dropout(&self.dropout, *layer, *rate).map(drop)
                }
                Change::Parameter { index, value } => {
                    check_parameter::<R>(*index, *value, self.params.len()).map(drop)
                }
            };
            tried.map_err(|problem| TrainError::Edit { step: edit.step, problem })?;
        }
        Ok(())
    }

    pub(super) fn set_knobs(&mut self, knobs: Chosen<Optimizers>) {
        self.method.configure(&knobs);
        self.base_rate = knobs.number("learning_rate");
        self.knobs = knobs;
    }

    pub(super) fn set_regularize(&mut self, regularize: Regularize) {
        self.regularize = regularize;
        self.objective.regularize(regularize);
    }

    pub(super) fn set_dropout(&mut self, rates: DropoutRates) {
        self.objective.drop_out(&rates);
        self.dropout = rates;
    }

    pub(super) fn set_clip(&mut self, clip: Option<Chosen<Clips>>) {
        self.clipping = clip.as_ref().map(Clip::new);
        self.clip = clip;
    }
}

/// Turns one knob of a choice; the old and the new value as the file writes them.
pub(super) fn turn<F: Family>(
    chosen: &mut Chosen<F>,
    knob: &'static str,
    value: f64,
) -> Result<(String, String), ChangeError> {
    if chosen.entry().field(knob).is_some_and(|field| !field.live) {
        return Err(ChangeError::NotLive { knob });
    }
    let text = |chosen: &Chosen<F>| chosen.get(knob).map(Value::to_string).unwrap_or_default();
    let from = text(chosen);
    chosen.set(knob, Value::Number(value))?;
    Ok((from, text(chosen)))
}

/// Whether batches can have this size.
pub(super) fn check_batch(size: BatchSize, has_epochs: bool) -> Result<(), ChangeError> {
    match size {
        _ if !has_epochs => Err(ChangeError::NoBatches),
        BatchSize::Rows(0) => Err(ChangeError::EmptyBatch),
        BatchSize::Rows(_) | BatchSize::Full => Ok(()),
    }
}

/// Whether a penalty can have this factor.
pub(super) fn check_penalty(factor: f64, has_weights: bool) -> Result<(), ChangeError> {
    match factor {
        _ if !has_weights => Err(ChangeError::NoWeights),
        factor if factor.is_finite() && factor >= 0.0 => Ok(()),
        factor => Err(ChangeError::Penalty(factor)),
    }
}

/// Whether a dropout layer can have this rate; the rate it has.
pub(super) fn check_dropout(
    rates: &DropoutRates,
    layer: usize,
    rate: f64,
) -> Result<f64, ChangeError> {
    let now = rates.get(layer).ok_or(ChangeError::NoDropout { layer })?;
    if LayerSpec::is_rate(rate) { Ok(now) } else { Err(ChangeError::DropoutRate(rate)) }
}

/// What a parameter becomes, of `count`.
pub(super) fn check_parameter<R: Real>(
    index: usize,
    value: f64,
    count: usize,
) -> Result<R, ChangeError> {
    if index >= count {
        return Err(ChangeError::NoParameter { index, count });
    }
    let number = R::from_f64(value);
    if number.is_finite() { Ok(number) } else { Err(ChangeError::NotFinite(value)) }
}

fn text(number: f64) -> String {
    format!("{number:?}")
}

fn clip_text(clip: Option<&Chosen<Clips>>) -> String {
    match clip {
        None => "None".to_owned(),
        Some(clip) => {
            let values: Vec<_> = clip.values().iter().map(Value::to_string).collect();
            format!("{}({})", clip.name(), values.join(", "))
        }
    }
}

fn batch_text(size: BatchSize) -> String {
    match size {
        BatchSize::Rows(n) => n.to_string(),
        BatchSize::Full => "Full".to_owned(),
    }
}
