//! A stretch of a lane's past, done once more for its losses.
//!
//! Long runs give up single losses to stay within their memory. A [`Retrace`] brings them back exactly:
//! it holds the nearest checkpoint before them and the deeds since, and does the same updates again on
//! a trainer of its own, away from the lane.
//!
//! The same brings a trainer to an earlier state, to look at it or to go on from it elsewhere.
//!
//! Invariant: what comes back are the losses the lane recorded, bit for bit, and its states.

use std::ops::Range;
use std::sync::Arc;

use crate::experiment::LanePlan;

use super::branches::Deed;
use super::{AnyTrainer, Checkpoint, LossSink, RestoreError, TrainError};

/// Everything it takes to do a stretch of a lane's past once more.
#[derive(Debug, Clone)]
pub struct Retrace {
    pub(super) checkpoint: Arc<Checkpoint>,
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

    /// A trainer of the lane's plan that stands where the stretch ends.
    ///
    /// # Errors
    /// If the plan is not that of the lane.
    pub fn trainer_at_end(&self, plan: &LanePlan) -> Result<AnyTrainer, RetraceError> {
        let mut trainer = AnyTrainer::new(plan)?;
        self.go_to_end(&mut trainer, None)?;
        Ok(trainer)
    }

    /// Brings a trainer of the lane's plan to where the stretch ends, everything done there included.
    /// Where `earlier`, by which the trainer came to where it stands, is of the same past, it goes on
    /// from there.
    ///
    /// # Errors
    /// If the trainer is of another plan.
    pub fn go_to_end(
        &self,
        trainer: &mut AnyTrainer,
        earlier: Option<&Self>,
    ) -> Result<(), RestoreError> {
        let done = earlier.filter(|earlier| self.continues(earlier, trainer.step()));
        if done.is_none() {
            trainer.restore(&self.checkpoint)?;
        }
        for deed in self.deeds.iter().skip(done.map_or(0, |earlier| earlier.deeds.len())) {
            advance(trainer, deed.step());
            deed.repeat(trainer);
        }
        advance(trainer, self.steps.end);
        Ok(())
    }

    /// Whether a trainer that stands at `step` by `earlier` is on the way to the end.
    fn continues(&self, earlier: &Self, step: u64) -> bool {
        let deeds = self.deeds.get(..earlier.deeds.len());
        Arc::ptr_eq(&self.checkpoint, &earlier.checkpoint)
            && step == earlier.steps.end
            && step <= self.steps.end
            && deeds.is_some_and(|deeds| {
                deeds.iter().zip(&earlier.deeds).all(|(a, b)| a.number() == b.number())
            })
            && self.deeds[earlier.deeds.len()..].iter().all(|deed| deed.step() >= step)
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

    /// Does the stretch once more, update by update, on a trainer of its own. `look` sees it where the
    /// stretch begins and after every update, everything done there included, and says whether to go on.
    /// Gives the trainer where it stopped: at the end, or before an update that could not be made.
    ///
    /// # Errors
    /// If the plan is not that of the lane.
    pub fn walk(
        &self,
        plan: &LanePlan,
        mut look: impl FnMut(&mut AnyTrainer) -> bool,
    ) -> Result<AnyTrainer, RetraceError> {
        let mut trainer = AnyTrainer::new(plan)?;
        trainer.restore(&self.checkpoint)?;
        let mut deeds = self.deeds.iter().peekable();
        loop {
            while let Some(deed) = deeds.next_if(|deed| deed.step() <= trainer.step()) {
                deed.repeat(&mut trainer);
            }
            let step = trainer.step();
            let goes_on = step < self.steps.start || look(&mut trainer);
            if step >= self.steps.end || !goes_on {
                return Ok(trainer);
            }
            let next = deeds.peek().map_or(self.steps.start, |deed| deed.step());
            let next = next.min(self.steps.start).max(step + 1);
            advance(&mut trainer, next);
            if trainer.step() < next {
                return Ok(trainer);
            }
        }
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

/// Does updates until `step` are done.
pub(super) fn advance(trainer: &mut AnyTrainer, step: u64) {
    while trainer.step() < step {
        if trainer.replay(step - trainer.step()).ended && trainer.step() < step {
            return;
        }
    }
}
