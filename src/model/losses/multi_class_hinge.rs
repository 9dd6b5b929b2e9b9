//! Σ max(0, margin − z(true) + z(other))^p / K, averaged over rows.

use crate::catalog::{Card, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::{Answer, LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy};

pub(super) static ENTRY: Entry = Entry {
    name: "MultiClassHinge",
    label: "Multi-class hinge",
    summary: "How far the true class falls short of leading every other by a margin.",
    details: "Each class has a score, also where there are only two. Per row the shortfalls \
              against all other classes are summed, with p = 2 squared, and divided by the number \
              of classes; then the rows are averaged, as in PyTorch. The class is the greatest \
              score; there are no probabilities.",
    source: "Crammer and Singer 2001; torch.nn.MultiMarginLoss",
    fields: &FIELDS,
    form: Form::Named,
    card: Some(&CARD),
};

static FIELDS: [Field; 2] = [
    Field {
        name: "margin",
        label: "Margin",
        meaning: "By how much the true class must lead every other. Larger asks for larger scores, \
                  and with them weights; towards 0 a bare lead is enough.",
        kind: Kind::Number(Interval::POSITIVE, Scale::Log(0.1, 10.0)),
        default: Given::Number(1.0),
        live: false,
    },
    Field {
        name: "p",
        label: "Power",
        meaning: "1 counts each shortfall as it is, 2 its square: smooth, but harder on rows that \
                  are far off.",
        kind: Kind::Integer { min: 1, max: 2, scale: Scale::Linear(1.0, 2.0) },
        default: Given::Integer(1),
        live: false,
    },
];

static CARD: Card = Card {
    equation: "l = Σᵢ≠ᵧ max(0, margin − z[y] + z[i])ᵖ / K\n∂l/∂z[i] = p·max(0, …)ᵖ⁻¹ / K for i ≠ y; ∂l/∂z[y] = −Σ of those; L = mean l over rows",
    shines: "Several classes that only need to be ranked: rows that lead by the margin are left \
             alone.",
    hurts: "No probabilities, and the division by K makes slopes small with many classes: raise \
            the learning rate.",
    differs: "torch.nn.MultiMarginLoss, with its division by the number of classes. Crammer and \
              Singer take only the worst rival, Keras' CategoricalHinge as well.",
    call: "torch.nn.MultiMarginLoss(p={p}, margin={margin})",
    numpy: r"def loss(z, a, t):
    margin, p = {margin}, {p}
    true = t.argmax(axis=1)
    rows, classes = z.shape
    lead = z[np.arange(rows), true][:, None]
    short = np.maximum(margin - lead + z, 0.0)
    short[np.arange(rows), true] = 0.0
    slopes = (np.where(short > 0, 1.0, 0.0) if p == 1 else 2.0 * short) / classes
    slopes[np.arange(rows), true] = -slopes.sum(axis=1)
    return np.sum(short ** p) / classes, slopes
",
};

pub(super) static ROW: LossRow = LossRow::new::<MultiClassHingeRule>(
    &ENTRY,
    LossTask::Classes,
    Reduction::MeanOverRows,
    SlopeBy::Sums,
)
.answering(Answer::Ranks);

struct MultiClassHingeRule;

impl LossRule for MultiClassHingeRule {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, settings: &Settings, slopes: &mut [R]) -> R {
        let (margin, squared) = (settings.knob::<R>(0), settings.knob::<R>(1) == R::from_f64(2.0));
        let classes = R::from_f64(rows.width as f64);
        let mut total = R::ZERO;
        let sums = rows.sums.chunks_exact(rows.width);
        let targets = rows.targets.chunks_exact(rows.width);
        for ((z, t), slopes) in sums.zip(targets).zip(slopes.chunks_exact_mut(rows.width)) {
            let truth = truth(t);
            let (mut term, mut all) = (R::ZERO, R::ZERO);
            for (i, (slope, other)) in slopes.iter_mut().zip(z).enumerate() {
                let short = margin - z[truth] + *other;
                *slope = R::ZERO;
                // Written so that NaN is not taken for a margin that is kept.
                if i == truth || short <= R::ZERO {
                    continue;
                }
                term += if squared { short * short } else { short };
                *slope = if squared { short + short } else { R::ONE } / classes;
                all += *slope;
            }
            slopes[truth] = -all;
            total += term / classes;
        }
        total
    }
}

/// The true class of a row of one-hot targets.
fn truth<R: Real>(targets: &[R]) -> usize {
    let mut best = 0;
    for (class, t) in targets.iter().enumerate() {
        if *t > targets[best] {
            best = class;
        }
    }
    best
}
