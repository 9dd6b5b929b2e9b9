//! −ln p(true class), from logits.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::super::activations::sigmoid;
use super::classes::ClassSettings;
use super::{LossRow, LossRows, LossRule, LossTask, Reduction, Settings, SlopeBy, pointwise};

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
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "two classes: l = −t·ln σ(z) − (1 − t)·ln(1 − σ(z)), ∂l/∂z = σ(z) − t\nmore: l = −ln softmax(z)[y], ∂l/∂z = softmax(z) − t\nL = mean l over rows",
    shines: "Classification, nearly always: probabilities come out, and confident mistakes are \
             corrected fast.",
    hurts: "Separable data: the loss falls for ever and weights grow with it, until a penalty or a \
            stop rule ends it. Wrong labels pull hard.",
    differs: "PyTorch's BCEWithLogitsLoss for two classes and CrossEntropyLoss for more, both from \
              logits. Keras takes probabilities unless told from_logits=True, and clips them. With \
              class weights the mean is divided by the weights of the rows, as in PyTorch; Keras \
              divides by the number of rows.",
    call: "torch.nn.CrossEntropyLoss()  # two classes, one logit: torch.nn.BCEWithLogitsLoss()",
    numpy: r"def loss(z, a, t, smoothing=0.0, weights=None, positive=1.0):
    classes = max(z.shape[1], 2)
    w = np.ones(classes) if weights is None else np.asarray(weights)
    if z.shape[1] == 1:
        one = w[1] * positive * ((1.0 - smoothing) * t + smoothing / 2.0)
        zero = w[0] * ((1.0 - smoothing) * (1.0 - t) + smoothing / 2.0)
        e = np.exp(-np.abs(z))
        log = np.log1p(e)
        terms = one * (np.maximum(-z, 0.0) + log) + zero * (np.maximum(z, 0.0) + log)
        slopes = (zero * np.where(z < 0, e, 1.0) - one * np.where(z < 0, 1.0, e)) / (1.0 + e)
        return np.sum(terms), slopes
    q = w * ((1.0 - smoothing) * t + smoothing / classes)
    shifted = z - z.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    s = e.sum(axis=1, keepdims=True)
    total = np.sum(q * (np.log(s) - shifted))
    return total, e / s * q.sum(axis=1, keepdims=True) - q
",
};

pub(super) static ROW: LossRow =
    LossRow::new::<CrossEntropy>(&ENTRY, LossTask::Classes, Reduction::MeanOverRows, SlopeBy::Sums);

struct CrossEntropy;

impl LossRule for CrossEntropy {
    #[inline(always)]
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, settings: &Settings, slopes: &mut [R]) -> R {
        match (&settings.classes, rows.width) {
            (None, 1) => binary(rows, slopes),
            (None, _) => categorical(rows, |_, t| t, slopes),
            (Some(treated), 1) => binary_treated(rows, treated, slopes),
            (Some(treated), width) => {
                let target =
                    |class: usize, t: R| treated.weight::<R>(class) * treated.smooth(t, width);
                categorical(rows, target, slopes)
            }
        }
    }
}

/// Per row max(z, 0) − z·t + ln(1 + e^−|z|), with slope σ(z) − t.
#[inline(always)]
fn binary<R: Real>(rows: &LossRows<'_, R>, slopes: &mut [R]) -> R {
    pointwise(rows.sums, rows.targets, slopes, |z, t| {
        let term = z.max(R::ZERO) - z * t + (-z.abs()).exp().ln_1p();
        (term, sigmoid(z) - t)
    })
}

/// Per row q1·softplus(−z) + q0·softplus(z), with slope q0·σ(z) − q1·σ(−z), where q1 and q0 are what
/// smoothing and weights make of t and of 1 − t.
#[inline(always)]
fn binary_treated<R: Real>(rows: &LossRows<'_, R>, treated: &ClassSettings, slopes: &mut [R]) -> R {
    let (weight0, weight1) = (treated.weight::<R>(0), treated.weight::<R>(1));
    let positive = R::from_f64(treated.positive);
    pointwise(rows.sums, rows.targets, slopes, |z, t| {
        let one = weight1 * positive * treated.smooth(t, 2);
        let zero = weight0 * treated.smooth(R::ONE - t, 2);
        let log = (-z.abs()).exp().ln_1p();
        let term = one * ((-z).max(R::ZERO) + log) + zero * (z.max(R::ZERO) + log);
        (term, zero * sigmoid(z) - one * sigmoid(-z))
    })
}

/// Per row Σ q·(ln Σ eᶻ − z), with slopes softmax(z)·Σq − q, where q is what `target` makes of the
/// target of a class.
#[inline(always)]
fn categorical<R: Real>(
    rows: &LossRows<'_, R>,
    target: impl Fn(usize, R) -> R,
    slopes: &mut [R],
) -> R {
    let mut total = R::ZERO;
    shifted_exponentials(rows.sums, rows.width, slopes);
    let sums = rows.sums.chunks_exact(rows.width);
    let targets = rows.targets.chunks_exact(rows.width);
    for ((z, t), slope) in sums.zip(targets).zip(slopes.chunks_exact_mut(rows.width)) {
        let (highest, exponentials) = (highest(z), total_of(slope));
        let log = exponentials.ln();
        let mut weight = R::ZERO;
        for (class, (z, t)) in z.iter().zip(t).enumerate() {
            let t = target(class, *t);
            // Skipped where zero, so that an infinite logit of a wrong class does not make NaN.
            if t != R::ZERO {
                total += t * ((highest - *z) + log);
                weight += t;
            }
        }
        for (class, (slope, t)) in slope.iter_mut().zip(t).enumerate() {
            *slope = *slope / exponentials * weight - target(class, *t);
        }
    }
    total
}

/// The highest of some sums.
#[inline(always)]
fn highest<R: Real>(z: &[R]) -> R {
    z.iter().fold(R::from_f64(f64::NEG_INFINITY), |m, z| m.max(*z))
}

/// What some numbers come to, in their order.
#[inline(always)]
pub(in crate::model) fn total_of<R: Real>(numbers: &[R]) -> R {
    numbers.iter().fold(R::ZERO, |total, x| total + *x)
}

/// Writes e^(z − max z) of each row.
#[inline(always)]
pub(in crate::model) fn shifted_exponentials<R: Real>(z: &[R], width: usize, out: &mut [R]) {
    for (out, z) in out.chunks_exact_mut(width).zip(z.chunks_exact(width)) {
        let highest = highest(z);
        for (out, z) in out.iter_mut().zip(z) {
            *out = *z - highest;
        }
    }
    for out in out {
        *out = out.exp();
    }
}
