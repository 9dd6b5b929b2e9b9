//! A stretch of a lane's past, done once more for its losses.
//!
//! Long runs give up single losses to stay within their memory. A [`Retrace`] brings them back exactly:
//! it holds the nearest checkpoint before them and the deeds since, and does the same updates again on
//! a trainer of its own, away from the lane.
//!
//! Invariant: what comes back are the losses the lane recorded, bit for bit.

use std::ops::Range;

use crate::experiment::LanePlan;

use super::branches::{Deed, advance};
use super::{AnyTrainer, Checkpoint, LossSink, RestoreError, TrainError};

/// Everything it takes to do a stretch of a lane's past once more.
#[derive(Debug, Clone)]
pub struct Retrace {
    pub(super) checkpoint: Checkpoint,
    /// What was done to the lane after the checkpoint, in order.
    pub(super) deeds: Vec<Deed>,
    pub(super) steps: Range<u64>,
}

/// Why a stretch could not be done once more.
#[derive(Debug, thiserror::Error)]
pub enum RetraceError {
    /// The plan cannot be trained.
    #[error(transparent)]
    Plan(#[from] TrainError),
    /// The checkpoint is not of this plan.
    #[error(transparent)]
    State(#[from] RestoreError),
}

impl Retrace {
    /// The samples that come back: sample k was measured after k updates.
    pub fn steps(&self) -> Range<u64> {
        self.steps.clone()
    }

    /// The losses of the stretch, in segments end to end. Takes as long as the updates do, those since
    /// the checkpoint included.
    ///
    /// # Errors
    /// If the plan is not that of the lane.
    pub fn losses(&self, plan: &LanePlan) -> Result<Vec<LossSink>, RetraceError> {
        let mut trainer = AnyTrainer::new(plan)?;
        trainer.restore(&self.checkpoint)?;
        let mut sinks = Vec::new();
        for deed in self.deeds.iter().filter(|deed| deed.step() < self.steps.end) {
            self.record(&mut trainer, deed.step(), plan, &mut sinks);
            deed.repeat(&mut trainer);
        }
        self.record(&mut trainer, self.steps.end, plan, &mut sinks);
        Ok(sinks)
    }

    /// Does updates until `step` are done, and records those of the stretch.
    fn record(
        &self,
        trainer: &mut AnyTrainer,
        step: u64,
        plan: &LanePlan,
        sinks: &mut Vec<LossSink>,
    ) {
        advance(trainer, step.min(self.steps.start));
        while trainer.step() < step {
            let at = trainer.step();
            if sinks.last().is_none_or(|sink| at >= sink.end()) {
                sinks.push(LossSink::new(at, plan.precision));
            }
            let Some(sink) = sinks.last() else { return };
            if trainer.burst(step - at, sink).ended && trainer.step() < step {
                return;
            }
        }
    }
}
