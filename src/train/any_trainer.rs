//! A trainer in whichever precision the plan asks for. Above this, everything speaks `f64`.

use ndarray::ArrayView2;

use crate::catalog::{Chosen, Duration};
use crate::data::BatchSize;
use crate::experiment::{Change, LanePlan};
use crate::model::{DropoutRates, ParamLayout};
use crate::numeric::{Precision, Real, Team};
use crate::objective::{Evaluation, Outputs, Regularize};
use crate::optim::{Clips, Optimizers, Schedules, Stage};

use super::{
    Burst, ChangeError, ChangeRecord, Checkpoint, End, Explained, LossSink, RestoreError,
    TrainError, Trainer,
};

/// A [`Trainer`] of either precision.
#[derive(Debug)]
pub enum AnyTrainer {
    /// In `f32`.
    F32(Box<Trainer<f32>>),
    /// In `f64`.
    F64(Box<Trainer<f64>>),
}

/// The same expression for either precision.
macro_rules! either {
    ($any:expr, $trainer:ident => $expression:expr) => {
        match $any {
            AnyTrainer::F32($trainer) => $expression,
            AnyTrainer::F64($trainer) => $expression,
        }
    };
}

impl AnyTrainer {
    /// A trainer at step 0, in the plan's precision.
    ///
    /// # Errors
    /// If network, schedule or edits of the plan do not fit its data.
    pub fn new(plan: &LanePlan) -> Result<Self, TrainError> {
        Ok(match plan.precision {
            Precision::F32 => Self::F32(Box::new(Trainer::new(plan)?)),
            Precision::F64 => Self::F64(Box::new(Trainer::new(plan)?)),
        })
    }

    /// From now on these help with large pieces of work; see [`Trainer::join`].
    pub fn join(&mut self, team: &Team) {
        either!(self, t => t.join(team));
    }

    /// At most `n` updates, their losses written into `sink` and published; see [`Trainer::burst`].
    pub fn burst(&mut self, n: u64, sink: &LossSink) -> Burst {
        either!(self, t => t.burst(n, Some(sink)))
    }

    /// At most `n` updates whose losses are known already or wanted by nobody; a [`Self::burst`]
    /// otherwise.
    pub fn replay(&mut self, n: u64) -> Burst {
        either!(self, t => t.burst(n, None))
    }

    /// Everything measured at the current parameters; see [`Trainer::evaluate`].
    pub fn evaluate(&mut self) -> Evaluation {
        either!(self, t => t.evaluate())
    }

    /// Activations of the model for unscaled feature rows; `None` on a surface.
    #[expect(clippy::needless_pass_by_value, reason = "views are handed on as views")]
    pub fn predict(&mut self, features: ArrayView2<'_, f64>) -> Option<Outputs> {
        either!(self, t => t.predict(features))
    }

    /// Ends the run here, unless it has ended.
    pub fn stop(&mut self) {
        either!(self, t => t.stop());
    }

    /// Lengthens the plan and lets the run go on; see [`Trainer::train_on`].
    pub fn train_on(&mut self, more: Duration) -> bool {
        either!(self, t => t.train_on(more))
    }

    /// Makes a change, from the next update on.
    ///
    /// # Errors
    /// If the knob does not exist, is not live, or does not take the value; nothing is changed then.
    pub fn change(&mut self, change: &Change) -> Result<ChangeRecord, ChangeError> {
        either!(self, t => t.change(change))
    }

    /// The state at this step, to go on from later.
    pub fn checkpoint(&self) -> Checkpoint {
        match self {
            Self::F32(t) => Checkpoint::F32(Box::new(t.checkpoint())),
            Self::F64(t) => Checkpoint::F64(Box::new(t.checkpoint())),
        }
    }

    /// Goes back (or on) to the state of a checkpoint of this plan.
    ///
    /// # Errors
    /// If it is of another precision, model or optimizer; nothing is changed then.
    pub fn restore(&mut self, checkpoint: &Checkpoint) -> Result<(), RestoreError> {
        match (self, checkpoint) {
            (Self::F32(t), Checkpoint::F32(state)) => t.restore(state),
            (Self::F64(t), Checkpoint::F64(state)) => t.restore(state),
            (trainer, checkpoint) => Err(RestoreError::Precision {
                expected: trainer.precision(),
                found: checkpoint.precision(),
            }),
        }
    }

    /// The precision it computes in.
    pub fn precision(&self) -> Precision {
        match self {
            Self::F32(_) => Precision::F32,
            Self::F64(_) => Precision::F64,
        }
    }

    /// Updates done.
    pub fn step(&self) -> u64 {
        either!(self, t => t.step())
    }

    /// Epochs finished; 0 on a surface.
    pub fn epoch(&self) -> u64 {
        either!(self, t => t.epoch())
    }

    /// Evaluations of the loss, for gradients or guesses.
    pub fn loss_evaluations(&self) -> u64 {
        either!(self, t => t.loss_evaluations())
    }

    /// Rows seen.
    pub fn samples(&self) -> u64 {
        either!(self, t => t.samples())
    }

    /// The last batch's shown loss; `None` before the first update.
    pub fn last_loss(&self) -> Option<f64> {
        either!(self, t => t.last_loss())
    }

    /// The mean of the current epoch's batch values so far; `None` before its first batch.
    pub fn partial_epoch_loss(&self) -> Option<f64> {
        either!(self, t => t.partial_epoch_loss())
    }

    /// The layout of the parameter vector.
    pub fn layout(&self) -> &ParamLayout {
        either!(self, t => t.layout())
    }

    /// The parameters: a flat vector in the order of the layout.
    pub fn params(&self) -> Vec<f64> {
        either!(self, t => t.params().iter().map(|x| x.to_f64()).collect())
    }

    /// The position on a surface; `None` elsewhere.
    pub fn position(&self) -> Option<[f64; 2]> {
        either!(self, t => t.position())
    }

    /// The rate of the next update, after the schedule.
    pub fn learning_rate(&self) -> f64 {
        either!(self, t => t.learning_rate())
    }

    /// Holds the rate of the following updates; see [`Trainer::pin_rate`].
    pub fn pin_rate(&mut self, rate: f64) {
        either!(self, t => t.pin_rate(rate));
    }

    /// Which training rows the next update takes; one on a surface.
    pub fn next_rows(&mut self) -> &[u32] {
        either!(self, t => t.next_rows())
    }

    /// The next update of parameter `index`, told in stages; see [`Trainer::explain_next`].
    ///
    /// # Panics
    /// If there is no such parameter.
    pub fn explain_next(&mut self, index: usize) -> Explained {
        either!(self, t => t.explain_next(index))
    }

    /// The next update of the first `count` parameters; see [`Trainer::explain_all`].
    pub fn explain_all(&mut self, count: usize, see: impl FnMut(usize, &[Stage])) -> bool {
        either!(self, t => t.explain_all(count, see))
    }

    /// The gradient that the method was last shown, or told of.
    pub fn treated_gradient(&self) -> Vec<f64> {
        either!(self, t => t.treated_gradient().iter().map(|x| x.to_f64()).collect())
    }

    /// The penalties as they are now.
    pub fn regularize(&self) -> Regularize {
        either!(self, t => t.regularize())
    }

    /// The rates of dropout layers as they are now.
    pub fn dropout(&self) -> &DropoutRates {
        either!(self, t => t.dropout())
    }

    /// The optimizer with its knobs as they are now.
    pub fn knobs(&self) -> &Chosen<Optimizers> {
        either!(self, t => t.knobs())
    }

    /// The schedule with its numbers as they are now.
    pub fn schedule(&self) -> &Chosen<Schedules> {
        either!(self, t => t.schedule())
    }

    /// The clipping as it is now.
    pub fn clip(&self) -> Option<&Chosen<Clips>> {
        either!(self, t => t.clip())
    }

    /// Rows per update as it is now.
    pub fn batch_size(&self) -> BatchSize {
        either!(self, t => t.batch_size())
    }

    /// Updates in an epoch at the current batch size; 1 on a surface.
    pub fn batches_per_epoch(&self) -> u64 {
        either!(self, t => t.batches_per_epoch())
    }

    /// Updates of the current plan in all, at the current batch size; `None` if unlimited.
    pub fn planned_steps(&self) -> Option<u64> {
        either!(self, t => t.planned_steps())
    }

    /// How the run ended; `None` while it has not.
    pub fn end(&self) -> Option<&End> {
        either!(self, t => t.end())
    }
}
