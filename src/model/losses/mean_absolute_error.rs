//! The mean of |activation − target|.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy, pointwise, sign};

pub(super) static ENTRY: Entry = Entry {
    name: "MeanAbsoluteError",
    label: "Mean absolute error",
    summary: "The mean of the absolute differences between outputs and targets.",
    details: "Every error pulls equally hard, however large, so single outliers hardly matter: it \
              is the median that is fitted, not the mean. The slope does not shrink near the goal, \
              so training with a fixed learning rate ends in a jitter; let the rate fall. At 0 the \
              slope is taken as 0, as PyTorch does.",
    source: "torch.nn.L1Loss",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "L = mean |a − t|\n∂L/∂a = sign(a − t) / n",
    shines: "Targets with outliers or wrong entries.",
    hurts: "Close to the goal: the slope is ±1 up to the last step, so the loss dances instead of \
            settling.",
    differs: "The same in PyTorch (L1Loss) and Keras; both average over all elements, as this \
              does.",
    call: "torch.nn.L1Loss()",
    numpy: r"def loss(z, a, t):
    error = a - t
    return np.sum(np.abs(error)), np.sign(error)
",
};

pub(super) static ROW: LossRow = LossRow::new::<AbsoluteError>(
    &ENTRY,
    LossTask::Values,
    Reduction::MeanOverElements,
    SlopeBy::Activations,
);

struct AbsoluteError;

impl LossRule for AbsoluteError {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, _: &Settings, slopes: &mut [R]) -> R {
        pointwise(rows.activations, rows.targets, slopes, |a, t| {
            let error = a - t;
            let term = error.abs();
            (term, sign(error))
        })
    }
}
