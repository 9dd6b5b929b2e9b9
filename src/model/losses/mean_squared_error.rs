//! The mean of (activation − target)².

use crate::catalog::{Entry, Form};
use crate::numeric::Real;

use super::{LossRow, LossRows, LossRule, LossTask, Reduction, SlopeBy};

pub(super) static ENTRY: Entry = Entry {
    name: "MeanSquaredError",
    label: "Mean squared error",
    summary: "The mean of the squared differences between outputs and targets.",
    details: "The usual loss of regression. Averaged over all outputs of all rows of the batch, as \
              PyTorch does. Class labels are read as numbers: 0 and 1 for two classes, a column of \
              zeros and ones per class for more. Large errors count most, so single outliers pull.",
    source: "torch.nn.MSELoss",
    fields: &[],
    form: Form::Named,
    card: None,
};

pub(super) static ROW: LossRow = LossRow::new::<SquaredError>(
    &ENTRY,
    LossTask::Values,
    Reduction::MeanOverElements,
    SlopeBy::Activations,
);

pub(super) struct SquaredError;

impl LossRule for SquaredError {
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, slopes: &mut [R]) -> R {
        let mut total = R::ZERO;
        for ((slope, a), t) in slopes.iter_mut().zip(rows.activations).zip(rows.targets) {
            let error = *a - *t;
            total += error * error;
            *slope = error + error;
        }
        total
    }
}
