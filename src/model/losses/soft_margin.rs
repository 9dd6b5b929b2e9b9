//! ln(1 + e^(−y·z)), with labels y of −1 and +1.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::super::activations::sigmoid;
use super::{
    Answer, LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy, pointwise, side,
};

pub(super) static ENTRY: Entry = Entry {
    name: "SoftMargin",
    label: "Soft margin",
    summary: "A hinge with its corner rounded off: ln(1 + exp(−y·z)), averaged.",
    details: "For two classes it is the binary cross-entropy, written for labels −1 and +1. With \
              more classes each has a logit of its own against all others, and the mean goes over \
              all of them: a row may be likely in several classes, or in none. The sigmoid of a \
              logit is its probability.",
    source: "torch.nn.SoftMarginLoss",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "y = 2t − 1\nL = mean ln(1 + exp(−y·z))\n∂l/∂z = −y·σ(−y·z)",
    shines: "One class against the rest, each judged by itself.",
    hurts: "With classes that exclude each other CrossEntropy learns faster: its probabilities add \
            up to 1.",
    differs: "torch.nn.SoftMarginLoss is this, and overflows to infinity below about −700, where \
              this stays exact; optax' sigmoid_binary_cross_entropy is the same for labels 0 and \
              1.",
    call: "torch.nn.SoftMarginLoss()",
    numpy: r"def loss(z, a, t):
    y = 2.0 * t - 1.0
    m = -y * z
    e = np.exp(-np.abs(m))
    return np.sum(np.maximum(m, 0.0) + np.log1p(e)), -y * np.where(m < 0, e, 1.0) / (1.0 + e)
",
};

pub(super) static ROW: LossRow = LossRow::new::<SoftMarginRule>(
    &ENTRY,
    LossTask::Classes,
    Reduction::MeanOverElements,
    SlopeBy::Sums,
)
.answering(Answer::EachByItself);

struct SoftMarginRule;

impl LossRule for SoftMarginRule {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, _: &Settings, slopes: &mut [R]) -> R {
        pointwise(rows.sums, rows.targets, slopes, |z, t| {
            let sign = side(t);
            let m = -(sign * z);
            let term = m.max(R::ZERO) + (-m.abs()).exp().ln_1p();
            (term, -sign * sigmoid(m))
        })
    }
}
