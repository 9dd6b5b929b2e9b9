//! The mean of (activation − target)².

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy, pointwise};

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
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "L = mean (a − t)²\n∂L/∂a = 2·(a − t) / n",
    shines: "Regression with errors that look normal; smooth and easy to descend.",
    hurts: "Outliers, whose pull grows with their distance; and classes, where a sigmoid before it \
            flattens the slope.",
    differs: "PyTorch and Keras average over all elements, as this does; optax' squared_error \
              leaves the mean to you, its l2_loss is half of it.",
    call: "torch.nn.MSELoss()",
    numpy: r"def loss(z, a, t):
    error = a - t
    return np.sum(error * error), 2.0 * error
",
};

pub(super) static ROW: LossRow = LossRow::new::<SquaredError>(
    &ENTRY,
    LossTask::Values,
    Reduction::MeanOverElements,
    SlopeBy::Activations,
);

pub(super) struct SquaredError;

impl LossRule for SquaredError {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, _: &Settings, slopes: &mut [R]) -> R {
        pointwise(rows.activations, rows.targets, slopes, |a, t| {
            let error = a - t;
            let term = error * error;
            (term, error + error)
        })
    }
}
