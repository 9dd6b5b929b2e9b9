//! A lane that begins where another one stood.
//!
//! Invariant: a fork without a change goes on bit for bit as its parent. What it takes over: parameters
//! (of every tensor that both have in the same shape), the place in the data, counters, and the memory of
//! optimizer, schedule and stop rules where they are of the same kind. Its knobs are its own.

use std::collections::VecDeque;

use crate::experiment::LanePlan;
use crate::optim::{Tabled, carried};

use super::progress::Progress;
use super::retrace::advance;
use super::{AnyTrainer, TrainError, Trainer};

/// The trainer that a plan begins with, the eldest of those it is forked off, and what it turns into.
#[derive(Debug)]
pub(super) struct Lineage {
    /// Who trains now.
    pub(super) trainer: AnyTrainer,
    /// After how many updates whom it turns into, first fork first.
    pub(super) forks: VecDeque<(u64, AnyTrainer)>,
}

impl Lineage {
    /// Of a trainer that turns into no other.
    pub(super) fn alone(trainer: AnyTrainer) -> Self {
        Self { trainer, forks: VecDeque::new() }
    }

    /// Of a plan and those it is forked off, all at step 0.
    ///
    /// # Errors
    /// As of [`AnyTrainer::new`].
    pub(super) fn of(plan: &LanePlan) -> Result<Self, TrainError> {
        let own = AnyTrainer::new(plan)?;
        let Some(fork) = &plan.from else {
            return Ok(Self::alone(own));
        };
        let mut lineage = Self::of(&fork.parent)?;
        lineage.forks.push_back((fork.step, own));
        Ok(lineage)
    }

    /// The next fork: whoever trains now has to stand there. Says whether there was one.
    ///
    /// # Errors
    /// If the parent does not stand there.
    pub(super) fn fork(&mut self) -> Result<bool, TrainError> {
        let Some((step, mut child)) = self.forks.pop_front() else { return Ok(false) };
        child.fork_off(&self.trainer, step)?;
        self.trainer = child;
        Ok(true)
    }
}

impl AnyTrainer {
    /// A trainer where the plan begins: at step 0, or, for a fork, where its parent stood, whose updates
    /// are done once more.
    ///
    /// # Errors
    /// As of [`AnyTrainer::new`], for the plan and those it is forked off; or if a parent ended before.
    pub fn born(plan: &LanePlan) -> Result<Self, TrainError> {
        let mut lineage = Lineage::of(plan)?;
        while let Some((step, _)) = lineage.forks.front() {
            advance(&mut lineage.trainer, *step);
            lineage.fork()?;
        }
        Ok(lineage.trainer)
    }

    /// Goes to where `parent` stands after `step` updates, as a lane of its own.
    ///
    /// # Errors
    /// If the parent does not stand there, or is of another precision.
    pub fn fork_off(&mut self, parent: &Self, step: u64) -> Result<(), TrainError> {
        if parent.step() != step {
            return Err(TrainError::Fork { step, reached: parent.step() });
        }
        match (self, parent) {
            (Self::F32(child), Self::F32(parent)) => child.fork_off(parent),
            (Self::F64(child), Self::F64(parent)) => child.fork_off(parent),
            _ => return Err(TrainError::ForkPrecision),
        }
        Ok(())
    }
}

impl<R: Tabled> Trainer<R> {
    /// Goes to where `parent` stands, as a lane of its own.
    fn fork_off(&mut self, parent: &Self) {
        let state = parent.checkpoint();
        let (own, other) = (self.objective.layout(), parent.objective.layout());
        let same = own == other;
        for tensor in &own.tensors {
            let twin = other.tensors.iter().find(|twin| {
                (&twin.name, twin.rows, twin.cols) == (&tensor.name, tensor.rows, tensor.cols)
            });
            if let Some(twin) = twin {
                self.params[tensor.range()].copy_from_slice(&state.params[twin.range()]);
            }
        }
        self.kept.copy_from_slice(&self.params);
        self.moved = state.moved.filter(|_| same);
        let memory = (&state.knobs, &state.optimizer);
        if let Some(memory) = carried(memory, &self.knobs, state.progress.step).filter(|_| same) {
            self.method.restore(&memory);
        }
        if self.schedule.chosen().name() == state.schedule.name() {
            self.schedule.restore(state.watched);
        }
        self.rules.restore(&state.rules);
        self.progress = Progress { edits_done: 0, end: None, ..state.progress };
        self.rows_of = None;
        self.evaluated = None;
        self.make_planned_changes();
    }
}
