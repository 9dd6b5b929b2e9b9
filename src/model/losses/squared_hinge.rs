//! max(0, 1 − y·z)², with labels y of −1 and +1.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{
    Answer, LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy, pointwise, side,
};

pub(super) static ENTRY: Entry = Entry {
    name: "SquaredHinge",
    label: "Squared hinge",
    summary: "The square of how far each score falls short of a margin of 1, averaged.",
    details: "A hinge without a kink: the slope falls to 0 as a row reaches its margin. Labels 0 \
              and 1 are read as −1 and +1. With more than two classes every class has a score of \
              its own, +1 where it is the true one and −1 elsewhere, and the mean goes over all of \
              them. Rows far on the wrong side pull much harder than with the plain hinge. The \
              class is the sign of the score, or the greatest score.",
    source: "Tang 2013; keras.losses.SquaredHinge",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "y = 2t − 1\nL = mean max(0, 1 − y·z)²\n∂l/∂z = −2·y·max(0, 1 − y·z)",
    shines: "Support vector machines trained by gradients: smooth, so momentum and larger steps \
             work.",
    hurts: "Wrong labels and outliers: one row far on the wrong side outweighs many near the \
            boundary.",
    differs: "Keras' SquaredHinge is this; PyTorch has none. scikit-learn's LinearSVC uses it by \
              default, as a sum.",
    call: "torch.clamp(1 - y * z, min=0).square().mean()",
    numpy: r"def loss(z, a, t):
    y = 2.0 * t - 1.0
    short = np.maximum(1.0 - y * z, 0.0)
    return np.sum(short * short), -2.0 * y * short
",
};

pub(super) static ROW: LossRow = LossRow::new::<SquaredHingeRule>(
    &ENTRY,
    LossTask::Classes,
    Reduction::MeanOverElements,
    SlopeBy::Sums,
)
.answering(Answer::Scores);

struct SquaredHingeRule;

impl LossRule for SquaredHingeRule {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, _: &Settings, slopes: &mut [R]) -> R {
        pointwise(rows.sums, rows.targets, slopes, |z, t| {
            let sign = side(t);
            let short = (R::ONE - sign * z).max(R::ZERO);
            let term = short * short;
            (term, -(short + short) * sign)
        })
    }
}
