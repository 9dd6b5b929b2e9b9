//! Squares for small errors, a straight line of slope 1 for large ones.

use crate::catalog::{Card, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::{LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy, pointwise, sign};

pub(super) static ENTRY: Entry = Entry {
    name: "SmoothL1",
    label: "Smooth L1",
    summary: "Absolute error with its kink rounded off below beta.",
    details: "e²/(2·beta) up to beta, |e| − beta/2 beyond: the slope never exceeds 1, whatever \
              beta. It is Huber divided by delta. With beta 0 it is the mean absolute error.",
    source: "Girshick 2015; torch.nn.SmoothL1Loss",
    fields: &FIELDS,
    form: Form::Named,
    card: Some(&CARD),
};

static FIELDS: [Field; 1] = [Field {
    name: "beta",
    label: "Beta",
    meaning: "Below which size errors are squared, in units of the targets. Too small and the \
                  kink of the absolute error is back; too large and slopes become small \
                  everywhere.",
    kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(0.01, 100.0)),
    default: Given::Number(1.0),
    live: false,
}];

static CARD: Card = Card {
    equation: "e = a − t\nl = e²/(2β) for |e| < β, |e| − β/2 otherwise\n∂l/∂a = e/β for |e| < β, sign(e) otherwise; L = mean l",
    shines: "Boxes and coordinates, where a slope of at most 1 keeps learning rates comparable.",
    hurts: "A small beta gives large curvature at the goal, so a learning rate that is fine far \
            away overshoots there.",
    differs: "torch.nn.SmoothL1Loss with the same beta; Keras and optax have only Huber, which is \
              beta times this.",
    call: "torch.nn.SmoothL1Loss(beta={beta})",
    numpy: r"def loss(z, a, t):
    beta = {beta}
    error = a - t
    size = np.abs(error)
    inside = size < beta
    width = beta if beta > 0 else 1.0
    terms = np.where(inside, 0.5 * error * error / width, size - 0.5 * beta)
    return np.sum(terms), np.where(inside, error / width, np.sign(error))
",
};

pub(super) static ROW: LossRow = LossRow::new::<SmoothL1Rule>(
    &ENTRY,
    LossTask::Values,
    Reduction::MeanOverElements,
    SlopeBy::Activations,
);

struct SmoothL1Rule;

impl LossRule for SmoothL1Rule {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, settings: &Settings, slopes: &mut [R]) -> R {
        let beta = settings.knob(0);
        let half = R::from_f64(0.5);
        pointwise(rows.activations, rows.targets, slopes, |a, t| {
            let error = a - t;
            let size = error.abs();
            let term = if size < beta { half * error * error / beta } else { size - half * beta };
            (term, if size < beta { error / beta } else { sign(error) })
        })
    }
}
