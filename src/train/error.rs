//! What can go wrong on the training floor, apart from a run that diverges, which is a result.

use crate::catalog::SetError;
use crate::model::ModelError;
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
