//! The mean of ln cosh(activation − target).

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy, pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "LogCosh",
    label: "Log-cosh",
    summary: "The logarithm of the hyperbolic cosine of each difference, averaged.",
    details: "About e²/2 for small errors and |e| − ln 2 for large ones: a Huber loss without a \
              corner and without a knob. The turn lies near an error of 1, so targets should be \
              scaled to that size.",
    source: "keras.losses.LogCosh; PyTorch has none",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "e = a − t\nL = mean (|e| + ln(1 + exp(−2|e|)) − ln 2) = mean ln cosh e\n∂l/∂a = tanh e",
    shines: "Regression with outliers where second derivatives should exist everywhere.",
    hurts: "Targets in large units: all errors are then on the straight part, and it is the \
            absolute error.",
    differs: "The same in Keras and optax (log_cosh). PyTorch has none; the reference values are \
              those of its formula in torch.",
    call: "torch.mean(torch.nn.functional.softplus(-2 * (a - t)) + (a - t) - math.log(2))",
    numpy: r"def loss(z, a, t):
    error = a - t
    size = np.abs(error)
    return np.sum(size + np.log1p(np.exp(-2.0 * size)) - math.log(2.0)), np.tanh(error)
",
};

pub(super) static ROW: LossRow = LossRow::new::<LogCoshRule>(
    &ENTRY,
    LossTask::Values,
    Reduction::MeanOverElements,
    SlopeBy::Activations,
);

struct LogCoshRule;

impl LossRule for LogCoshRule {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, _: &Settings, slopes: &mut [R]) -> R {
        let ln_2 = R::from_f64(std::f64::consts::LN_2);
        pointwise(rows.activations, rows.targets, slopes, |a, t| {
            let error = a - t;
            let size = error.abs();
            let term = size + (-(size + size)).exp().ln_1p() - ln_2;
            (term, error.tanh())
        })
    }
}
