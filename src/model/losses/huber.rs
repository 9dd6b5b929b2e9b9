//! Squares for small errors, a straight line for large ones, with slope at most δ.

use crate::catalog::{Card, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::{LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy, pointwise, sign};

pub(super) static ENTRY: Entry = Entry {
    name: "Huber",
    label: "Huber",
    summary: "Squared error for errors up to delta, absolute error times delta beyond.",
    details: "Smooth at the goal as the squared error, and as calm about outliers as the absolute \
              error. PyTorch and the paper: e²/2 up to delta, then delta·(|e| − delta/2).",
    source: "Huber 1964; torch.nn.HuberLoss",
    fields: &FIELDS,
    form: Form::Named,
    card: Some(&CARD),
};

static FIELDS: [Field; 1] = [Field {
    name: "delta",
    label: "Delta",
    meaning: "Where the square turns into a straight line, in units of the targets. Too small \
                  and it is the absolute error with a small slope; too large and it is the squared \
                  error, outliers and all.",
    kind: Kind::Number(Interval::POSITIVE, Scale::Log(0.01, 100.0)),
    default: Given::Number(1.0),
    live: false,
}];

static CARD: Card = Card {
    equation: "e = a − t\nl = e²/2 for |e| ≤ δ, δ·(|e| − δ/2) otherwise\n∂l/∂a = e clipped to ±δ; L = mean l",
    shines: "Regression with a few outliers: it needs no other change to the training.",
    hurts: "delta has to fit the size of ordinary errors; if targets are rescaled, so must it be.",
    differs: "PyTorch, Keras and optax agree. SmoothL1 is this divided by delta.",
    call: "torch.nn.HuberLoss(delta={delta})",
    numpy: r"def loss(z, a, t):
    delta = {delta}
    error = a - t
    size = np.abs(error)
    terms = np.where(size <= delta, 0.5 * error * error, delta * (size - 0.5 * delta))
    return np.sum(terms), np.clip(error, -delta, delta)
",
};

pub(super) static ROW: LossRow = LossRow::new::<HuberRule>(
    &ENTRY,
    LossTask::Values,
    Reduction::MeanOverElements,
    SlopeBy::Activations,
);

struct HuberRule;

impl LossRule for HuberRule {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, settings: &Settings, slopes: &mut [R]) -> R {
        let delta = settings.knob(0);
        let half = R::from_f64(0.5);
        pointwise(rows.activations, rows.targets, slopes, |a, t| {
            let error = a - t;
            let size = error.abs();
            let term =
                if size <= delta { half * error * error } else { delta * (size - half * delta) };
            (term, if size <= delta { error } else { delta * sign(error) })
        })
    }
}
