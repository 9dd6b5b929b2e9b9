//! A copy of a lane to try things on.

use std::sync::Arc;

use crate::experiment::LanePlan;
use crate::objective::Objective;
use crate::train::{AnyTrainer, Checkpoint, RestoreError, RetraceError, Start, TrainError};

/// A lane at one moment: what it was built from, and its state.
#[derive(Debug, Clone)]
pub struct Specimen {
    /// What the lane was built from.
    pub plan: Arc<LanePlan>,
    /// Its state.
    pub state: Arc<Checkpoint>,
}

/// Why an instrument gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// The plan cannot be trained.
    #[error(transparent)]
    Plan(#[from] TrainError),
    /// The state is not of this plan.
    #[error(transparent)]
    State(#[from] RestoreError),
    /// The method does not step by a learning rate.
    #[error("{optimizer} has no learning rate to be found")]
    NoRate {
        /// The optimizer on screen.
        optimizer: &'static str,
    },
    /// The method does not follow a gradient.
    #[error("{optimizer} follows no gradient: it guesses, and keeps the better point")]
    NoGradient {
        /// The optimizer on screen.
        optimizer: &'static str,
    },
    /// The run has diverged.
    #[error("the lane has diverged: rewind it to before that, and try again")]
    Diverged,
    /// The way could not be gone again.
    #[error(transparent)]
    Way(#[from] RetraceError),
    /// The run has not diverged.
    #[error("the update after the last one can be made: this run has not diverged")]
    Calm,
    /// The loss or its gradient is not finite here.
    #[error("the loss or its gradient is not finite here, so there is nothing to measure")]
    NotFinite,
    /// There is no such parameter.
    #[error("there is no parameter {index}; the model has {count}, counted from 0")]
    NoParameter {
        /// Which was asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
}

/// A specimen's loss as a function of its parameters, in double precision whatever the lane's.
pub(super) struct Ground {
    pub(super) objective: Box<dyn Objective<f64>>,
    pub(super) params: Vec<f64>,
    /// Updates done: freezes whatever is random in the model.
    pub(super) step: u64,
}

impl Specimen {
    /// A trainer in the specimen's state, in the lane's own precision.
    ///
    /// # Errors
    /// If the parts do not fit each other.
    pub fn trainer(&self) -> Result<AnyTrainer, LabError> {
        let mut trainer = AnyTrainer::new(&self.plan)?;
        trainer.restore(&self.state)?;
        Ok(trainer)
    }

    pub(super) fn ground(&self) -> Result<Ground, LabError> {
        let trainer = self.trainer()?;
        let mut start = Start::<f64>::of(&self.plan)?;
        // Penalties and dropout may have been turned since.
        start.objective.regularize(trainer.regularize());
        start.objective.drop_out(trainer.dropout());
        Ok(Ground { objective: start.objective, params: trainer.params(), step: trainer.step() })
    }
}

impl Ground {
    /// The gradient over `rows` at `at`.
    pub(super) fn gradient(&mut self, at: &[f64], rows: &[u32], out: &mut [f64]) -> f64 {
        self.objective.value_and_gradient(at, rows, self.step, out).loss
    }

    /// All training rows.
    pub(super) fn all_rows(&self) -> Vec<u32> {
        (0..self.objective.train_rows() as u32).collect()
    }
}
