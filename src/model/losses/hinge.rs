//! max(0, 1 − y·z), with labels y of −1 and +1.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{
    Answer, LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy, pointwise, side,
};

pub(super) static ENTRY: Entry = Entry {
    name: "Hinge",
    label: "Hinge",
    summary: "How far each score falls short of a margin of 1 on its own side, averaged.",
    details: "The loss of support vector machines. Labels 0 and 1 are read as −1 and +1. With more \
              than two classes every class has a score of its own, +1 where it is the true one and \
              −1 elsewhere, and the mean goes over all of them. Rows beyond the margin have no \
              slope at all: only the others move the boundary. The class is the sign of the score, \
              or the greatest score; there are no probabilities.",
    source: "Cortes and Vapnik 1995; keras.losses.Hinge",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "y = 2t − 1\nL = mean max(0, 1 − y·z)\n∂l/∂z = −y where y·z < 1, 0 otherwise",
    shines: "Linear classifiers with an L2 penalty: together they are the support vector machine.",
    hurts: "Scores are no probabilities, and separable data without a penalty leave nothing to \
            learn once the margin is reached.",
    differs: "Keras' Hinge and optax' hinge_loss are this; PyTorch has no plain hinge loss. At the \
              margin itself the slope is 0.",
    call: "torch.clamp(1 - y * z, min=0).mean()",
    numpy: r"def loss(z, a, t):
    y = 2.0 * t - 1.0
    short = 1.0 - y * z
    return np.sum(np.maximum(short, 0.0)), np.where(short > 0, -y, 0.0)
",
};

pub(super) static ROW: LossRow = LossRow::new::<HingeRule>(
    &ENTRY,
    LossTask::Classes,
    Reduction::MeanOverElements,
    SlopeBy::Sums,
)
.answering(Answer::Scores);

struct HingeRule;

impl LossRule for HingeRule {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, _: &Settings, slopes: &mut [R]) -> R {
        pointwise(rows.sums, rows.targets, slopes, |z, t| {
            let sign = side(t);
            let short = R::ONE - sign * z;
            let term = short.max(R::ZERO);
            (term, if short > R::ZERO { -sign } else { R::ZERO })
        })
    }
}
