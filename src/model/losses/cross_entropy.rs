//! −ln p(true class), from logits.

use crate::catalog::{Entry, Form};
use crate::numeric::Real;

use super::super::activations::sigmoid;
use super::{LossRow, LossRows, LossRule, LossTask, Reduction, SlopeBy};

pub(super) static ENTRY: Entry = Entry {
    name: "CrossEntropy",
    label: "Cross-entropy",
    summary: "Minus the logarithm of the probability given to the true class, averaged over rows.",
    details: "Binary cross-entropy for two classes (one logit), softmax cross-entropy for more (a \
              logit each). Its gradient by the logit is simply probability minus truth: the \
              sigmoid's slope cancels, so a confident mistake is corrected fast. Always computed \
              from logits, so it stays finite for logits of ±10,000, whatever `output` says.",
    source: "torch.nn.BCEWithLogitsLoss and torch.nn.CrossEntropyLoss",
    fields: &[],
    form: Form::Named,
    card: None,
};

pub(super) static ROW: LossRow =
    LossRow::new::<CrossEntropy>(&ENTRY, LossTask::Classes, Reduction::MeanOverRows, SlopeBy::Sums);

struct CrossEntropy;

impl LossRule for CrossEntropy {
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, slopes: &mut [R]) -> R {
        if rows.width == 1 { binary(rows, slopes) } else { categorical(rows, slopes) }
    }
}

/// Per row max(z, 0) − z·t + ln(1 + e^−|z|), with slope σ(z) − t.
fn binary<R: Real>(rows: &LossRows<'_, R>, slopes: &mut [R]) -> R {
    let mut total = R::ZERO;
    for ((slope, z), t) in slopes.iter_mut().zip(rows.sums).zip(rows.targets) {
        let (z, t) = (*z, *t);
        total += z.max(R::ZERO) - z * t + (-z.abs()).exp().ln_1p();
        *slope = sigmoid(z) - t;
    }
    total
}

/// Per row Σ t·(ln Σ eᶻ − z), with slopes softmax(z)·Σt − t.
fn categorical<R: Real>(rows: &LossRows<'_, R>, slopes: &mut [R]) -> R {
    let mut total = R::ZERO;
    let sums = rows.sums.chunks_exact(rows.width);
    let targets = rows.targets.chunks_exact(rows.width);
    for ((z, t), slope) in sums.zip(targets).zip(slopes.chunks_exact_mut(rows.width)) {
        let (highest, exponentials) = shifted_exponentials(z, slope);
        let log = exponentials.ln();
        let mut weight = R::ZERO;
        for (z, t) in z.iter().zip(t) {
            // Skipped where zero, so that an infinite logit of a wrong class does not make NaN.
            if *t != R::ZERO {
                total += *t * ((highest - *z) + log);
                weight += *t;
            }
        }
        for (slope, t) in slope.iter_mut().zip(t) {
            *slope = *slope / exponentials * weight - *t;
        }
    }
    total
}

/// Writes e^(z − max z); returns max z and the sum of what was written.
pub(in crate::model) fn shifted_exponentials<R: Real>(z: &[R], out: &mut [R]) -> (R, R) {
    let highest = z.iter().fold(R::from_f64(f64::NEG_INFINITY), |m, z| m.max(*z));
    let mut total = R::ZERO;
    for (out, z) in out.iter_mut().zip(z) {
        *out = (*z - highest).exp();
        total += *out;
    }
    (highest, total)
}
