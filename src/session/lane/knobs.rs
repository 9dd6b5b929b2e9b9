//! The values of everything that can be turned, as they are at some step of a lane.

use crate::catalog::Chosen;
use crate::data::BatchSize;
use crate::experiment::{Change, LanePlan};
use crate::model::DropoutRates;
use crate::objective::Regularize;
use crate::optim::{Clips, Optimizers, Schedules};
use crate::train::ChangeRecord;

/// The values of everything that can be turned.
#[derive(Debug, Clone, PartialEq)]
pub struct Knobs {
    /// The optimizer with its present numbers.
    pub optimizer: Chosen<Optimizers>,
    /// The schedule with its present numbers.
    pub schedule: Chosen<Schedules>,
    /// The clipping.
    pub clip: Option<Chosen<Clips>>,
    /// The standard deviation of the noise on each gradient component.
    pub gradient_noise: f64,
    /// Rows per update.
    pub batch_size: BatchSize,
    /// The penalties on the weights.
    pub regularize: Regularize,
    /// The rates of dropout layers.
    pub dropout: DropoutRates,
}

impl Knobs {
    pub(in crate::session) fn of(plan: &LanePlan) -> Self {
        Self {
            optimizer: plan.optimizer.clone(),
            schedule: plan.schedule.clone(),
            clip: plan.clip.clone(),
            gradient_noise: plan.gradient_noise,
            batch_size: plan.batch_size,
            regularize: plan.regularize(),
            dropout: plan.dropout(),
        }
    }

    pub(in crate::session) fn take(&mut self, change: &Change) {
        // The lane has accepted the change, so the tables allow it; a refusal here could only mean
        // that they disagree, and the old value would stay on screen.
        match change {
            Change::Optimizer { knob, value } => {
                let _unchanged_if_refused = self.optimizer.set(knob, (*value).into());
            }
            Change::Schedule { knob, value } => {
                let _unchanged_if_refused = self.schedule.set(knob, (*value).into());
            }
            Change::Clip(clip) => self.clip.clone_from(clip),
            Change::GradientNoise(std) => self.gradient_noise = *std,
            Change::BatchSize(batch_size) => self.batch_size = *batch_size,
            Change::Regularize { penalty, factor } => {
                self.regularize = self.regularize.with(*penalty, *factor);
            }
            Change::Dropout { layer, rate } => self.dropout.set(*layer, *rate),
            // What a parameter is, training goes on to change: its pictures show it.
            Change::Parameter { .. } => {}
        }
    }

    /// As they were at the start, and then made as they are by these changes.
    pub(in crate::session) fn after<'a>(
        plan: &LanePlan,
        changes: impl IntoIterator<Item = &'a ChangeRecord>,
    ) -> Self {
        let mut knobs = Self::of(plan);
        for record in changes {
            knobs.take(&record.change);
        }
        knobs
    }
}
