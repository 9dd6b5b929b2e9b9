//! What can go wrong on the training floor, apart from a run that diverges, which is a result.

use crate::catalog::SetError;
use crate::model::{LayerSpec, ModelError};
use crate::numeric::Precision;
use crate::optim::ScheduleError;

/// Why a trainer could not be built from a plan.
#[derive(Debug, thiserror::Error)]
pub enum TrainError {
    /// The network or its start does not fit the data.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The schedule does not fit the run.
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    /// A fork's parent did not get to where it is forked off.
    #[error("it is forked off at step {step}, but its parent ended after {reached} updates")]
    Fork {
        /// Where it is forked off.
        step: u64,
        /// How far the parent got.
        reached: u64,
    },
    /// A fork is not of its parent's precision.
    #[error("a fork trains in the precision of its parent")]
    ForkPrecision,
    /// An edit of the file cannot be made.
    #[error("the edit at step {step}: {problem}")]
    Edit {
        /// When it was to be made.
        step: u64,
        /// Why it cannot.
        problem: ChangeError,
    },
}

/// Why a change was refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ChangeError {
    /// No such knob, or a value out of range.
    #[error(transparent)]
    Set(#[from] SetError),
    /// A knob that is read only when a run starts.
    #[error("`{knob}` cannot change while a lane runs: it applies on Reset")]
    NotLive {
        /// The knob.
        knob: &'static str,
    },
    /// Batches without rows.
    #[error("a batch needs at least one row")]
    EmptyBatch,
    /// A surface has no rows.
    #[error("a surface has no batches")]
    NoBatches,
    /// A surface has no weights.
    #[error("a surface has no weights, so there are no penalties on them")]
    NoWeights,
    /// A penalty that would reward large weights, or is no number.
    #[error("the factor of a penalty is a number of at least 0, not {0}")]
    Penalty(f64),
    /// No dropout layer stands there.
    #[error("hidden layer {} is no dropout layer", layer + 1)]
    NoDropout {
        /// Its place among the hidden layers, counted from 0.
        layer: usize,
    },
    /// A rate that would silence everything, or less than nothing.
    #[error("the rate of a dropout layer is {allowed}, not {0}", allowed = LayerSpec::RATES)]
    DropoutRate(f64),
    /// There are fewer parameters.
    #[error("there is no parameter {index}: the last is {}", count - 1)]
    NoParameter {
        /// The place asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// Not a number that a parameter can be in the lane's precision.
    #[error("a parameter is a finite number in the lane's precision, not {0}")]
    NotFinite(f64),
}

/// Why a checkpoint was refused; nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// It is of another precision.
    #[error("the checkpoint is in {found:?}, the lane trains in {expected:?}")]
    Precision {
        /// The lane's.
        expected: Precision,
        /// The checkpoint's.
        found: Precision,
    },
    /// It is of another network or optimizer.
    #[error("the checkpoint is of another model or optimizer")]
    Shape,
}
