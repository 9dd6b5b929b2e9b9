//! The update that cannot be made: which number of it is the first that is not finite.
//!
//! Found by doing what an update does, piece by piece, on a trainer that nobody keeps. Deliberately not
//! here: how it came to that, which the updates before tell.

use crate::numeric::Real;
use crate::optim::{Method, Tabled};

use super::update::batch_rows;
use super::{AnyTrainer, Trainer};

/// An update, tried, and the first number of it that is not finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The epoch it belongs to, from 1; 0 on a surface.
    pub epoch: u64,
    /// Which batch of the epoch, from 1, and of how many.
    pub batch: (u64, u64),
    /// Rows of the batch.
    pub rows: usize,
    /// The batch's loss, penalties included.
    pub loss: f64,
    /// The rate it was to be made with.
    pub learning_rate: f64,
    /// The first number that is not finite; none if the update can be made.
    pub bad: Option<Bad>,
    /// The parameters it would lead to, where it came so far.
    pub after: Option<Vec<f64>>,
}

/// The first number of an update that is not finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bad {
    /// The loss of the batch.
    Loss(f64),
    /// The gradient by a parameter.
    Gradient {
        /// Its place in the flat vector.
        index: usize,
        /// The number.
        value: f64,
    },
    /// A parameter after the update.
    Parameter {
        /// Its place in the flat vector.
        index: usize,
        /// The number.
        value: f64,
    },
}

fn first_bad<R: Real>(numbers: &[R]) -> Option<(usize, f64)> {
    let index = numbers.iter().position(|x| !x.is_finite())?;
    Some((index, numbers[index].to_f64()))
}

impl<R: Tabled> Trainer<R> {
    /// Tries the next update, to see what of it is not finite. The optimizer's memory is used up: for a
    /// trainer that nobody keeps.
    pub fn try_next(&mut self) -> Attempt {
        let batch = self.next_batch();
        let rows = batch.len();
        let learning_rate = self.learning_rate();
        let (loss, gradient) = match self.method {
            Method::Descent(_) => {
                let values = self.measure(batch);
                self.add_noise();
                (values.loss.to_f64(), first_bad(&self.gradient))
            }
            Method::Search(_) => {
                let (step, rows) = (self.progress.step, &self.rows[batch]);
                (self.objective.value(&self.params, rows, step).loss.to_f64(), None)
            }
        };
        let mut after = None;
        let bad = if !loss.is_finite() {
            Some(Bad::Loss(loss))
        } else if let Some((index, value)) = gradient {
            Some(Bad::Gradient { index, value })
        } else {
            self.clip_gradient();
            let scheduled = self.scheduled();
            if let Method::Descent(optimizer) = &mut self.method {
                let is_finite =
                    optimizer.advance(scheduled, &self.params, &mut self.kept, &self.gradient);
                debug_assert!(is_finite || first_bad(&self.kept).is_some(), "it says which");
                after = Some(self.kept.iter().map(|x| x.to_f64()).collect());
            }
            let bad = after.is_some().then(|| first_bad(&self.kept)).flatten();
            bad.map(|(index, value)| Bad::Parameter { index, value })
        };
        let (epoch, batch) = self.place();
        Attempt { epoch, batch, rows, loss, learning_rate, bad, after }
    }

    /// Which epoch the next update belongs to, and which of its batches it takes, of how many.
    fn place(&self) -> (u64, (u64, u64)) {
        if !self.has_epochs {
            return (0, (1, 1));
        }
        let left = self.rows.len() - self.progress.row_offset;
        let each = batch_rows(left, self.batch_size).max(1);
        let done = self.progress.epoch_batches;
        (self.progress.epoch + 1, (done + 1, done + left.div_ceil(each) as u64))
    }
}

impl AnyTrainer {
    /// Tries the next update, to see what of it is not finite; see [`Trainer::try_next`].
    pub fn try_next(&mut self) -> Attempt {
        match self {
            Self::F32(t) => t.try_next(),
            Self::F64(t) => t.try_next(),
        }
    }
}
