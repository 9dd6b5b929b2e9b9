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
use crate::numeric::Precision;
use crate::optim::{Clips, OptimizerState, Optimizers, Schedules};

use super::progress::{Goal, Progress};
use super::stop::RuleMemory;

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
    pub(super) optimizer: OptimizerState<R>,
    pub(super) knobs: Chosen<Optimizers>,
    pub(super) schedule: Chosen<Schedules>,
    pub(super) clip: Option<Chosen<Clips>>,
    pub(super) batch_size: BatchSize,
    pub(super) goal: Goal,
    pub(super) rules: Vec<RuleMemory>,
    pub(super) progress: Progress,
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

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        match self {
            Self::F32(state) => state.bytes(),
            Self::F64(state) => state.bytes(),
        }
    }
}
