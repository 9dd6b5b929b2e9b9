//! A lane's whole state at one step, as plain data.
//!
//! Invariant: a trainer built from the same plan and restored from a checkpoint goes on bit for bit
//! as the one it was taken from. [`Trainer::checkpoint`](super::Trainer::checkpoint) takes the
//! trainer apart field by field, so that a forgotten field does not compile.
//!
//! Not here: generators (row order, dropout and noise are functions of seed and step), losses already
//! drawn, and anything a file would need.

use crate::catalog::Chosen;
use crate::data::BatchSize;
use crate::model::DropoutRates;
use crate::numeric::Precision;
use crate::objective::Regularize;
use crate::optim::{Clips, OptimizerState, Optimizers, ScheduleMemory, Schedules, Tabled};

use super::progress::{Goal, Progress};
use super::stop::RuleMemory;
use super::{RestoreError, Trainer};

/// A lane's whole state at one step, in either precision.
#[derive(Debug, Clone, PartialEq)]
pub enum Checkpoint {
    /// Of an `f32` lane.
    F32(Box<State<f32>>),
    /// Of an `f64` lane.
    F64(Box<State<f64>>),
}

/// A lane's whole state at one step.
#[derive(Debug, Clone, PartialEq)]
pub struct State<R> {
    pub(super) params: Vec<R>,
    /// How far the last update moved them.
    pub(super) moved: Option<f64>,
    pub(super) optimizer: OptimizerState<R>,
    pub(super) knobs: Chosen<Optimizers>,
    pub(super) schedule: Chosen<Schedules>,
    pub(super) watched: ScheduleMemory,
    pub(super) clip: Option<Chosen<Clips>>,
    pub(super) gradient_noise: f64,
    pub(super) batch_size: BatchSize,
    pub(super) regularize: Regularize,
    pub(super) dropout: DropoutRates,
    pub(super) goal: Goal,
    pub(super) rules: Vec<RuleMemory>,
    pub(super) progress: Progress,
}

impl<R: Tabled> Trainer<R> {
    /// The state at this step, to go on from later.
    pub fn checkpoint(&self) -> State<R> {
        let Self {
            objective: _, // a function of parameters, rows, step, penalties and dropout rates
            method,
            knobs,
            base_rate: _, // one of the knobs
            schedule,
            pinned_rate: _, // of a trial
            clip,
            clipping: _, // built from `clip`
            gradient_noise,
            batch_size,
            regularize,
            dropout,
            has_epochs: _, // of the plan
            noise_seed: _, // of the plan
            goal,
            edits: _, // of the plan
            rules,
            progress,
            params,
            kept: _,     // as far as it is needed, in `moved`
            moved: _,    // asked for as `last_move`
            gradient: _, // scratch
            runner: _,   // of the process
            team: _,     // changes no number
            order: _,    // of the plan
            rows: _,     // a function of the epoch
            rows_of: _,
            unreported: _, // already made
            evaluated: _,  // a cache
        } = self;
        State {
            params: params.to_vec(),
            moved: self.last_move(),
            optimizer: method.state(),
            knobs: knobs.clone(),
            schedule: schedule.chosen().clone(),
            watched: schedule.memory(),
            clip: clip.clone(),
            gradient_noise: *gradient_noise,
            batch_size: *batch_size,
            regularize: *regularize,
            dropout: dropout.clone(),
            goal: *goal,
            rules: rules.memory(),
            progress: progress.clone(),
        }
    }

    /// Goes back (or on) to the state of a checkpoint of this plan.
    ///
    /// # Errors
    /// If the checkpoint is of another model or optimizer; nothing is changed then.
    pub fn restore(&mut self, state: &State<R>) -> Result<(), RestoreError> {
        let State {
            params,
            moved,
            optimizer,
            knobs,
            schedule,
            watched,
            clip,
            gradient_noise,
            batch_size,
            regularize,
            dropout,
            goal,
            rules,
            progress,
        } = state;
        let same_optimizer = std::ptr::eq(knobs.entry(), self.knobs.entry());
        if params.len() != self.params.len() || !same_optimizer {
            return Err(RestoreError::Shape);
        }
        self.params.copy_from_slice(params);
        self.kept.copy_from_slice(params);
        self.moved = *moved;
        self.method.restore(optimizer);
        self.set_knobs(knobs.clone());
        self.schedule.retune(schedule);
        self.schedule.restore(*watched);
        self.set_clip(clip.clone());
        self.gradient_noise = *gradient_noise;
        self.batch_size = *batch_size;
        self.set_regularize(*regularize);
        self.set_dropout(dropout.clone());
        self.goal = *goal;
        self.rules.restore(rules);
        self.progress.clone_from(progress);
        self.unreported.clear();
        self.evaluated = None;
        Ok(())
    }
}

impl<R> State<R> {
    fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(self.params.as_slice()) + self.optimizer.bytes()
    }
}

impl Checkpoint {
    /// Updates done.
    pub fn step(&self) -> u64 {
        match self {
            Self::F32(state) => state.progress.step,
            Self::F64(state) => state.progress.step,
        }
    }

    /// The precision of its numbers.
    pub fn precision(&self) -> Precision {
        match self {
            Self::F32(_) => Precision::F32,
            Self::F64(_) => Precision::F64,
        }
    }

    /// The parameters: a flat vector in the order of the layout.
    pub fn params(&self) -> Vec<f64> {
        match self {
            Self::F32(state) => state.params.iter().map(|x| f64::from(*x)).collect(),
            Self::F64(state) => state.params.clone(),
        }
    }

    /// How many parameters there are.
    pub fn count(&self) -> usize {
        match self {
            Self::F32(state) => state.params.len(),
            Self::F64(state) => state.params.len(),
        }
    }

    /// The penalties that hold.
    pub fn regularize(&self) -> Regularize {
        match self {
            Self::F32(state) => state.regularize,
            Self::F64(state) => state.regularize,
        }
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        match self {
            Self::F32(state) => state.bytes(),
            Self::F64(state) => state.bytes(),
        }
    }
}
