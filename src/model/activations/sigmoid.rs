//! f(x) = 1 / (1 + e⁻ˣ).

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Sigmoid",
    label: "Sigmoid",
    summary: "Squeezes the sum smoothly between 0 and 1: f(x) = 1 / (1 + exp(−x)).",
    details: "The classic unit, and what turns one logit into a probability. Its slope is at most \
              a quarter, so gradients shrink with every layer it stands in; tanh or ReLU learn \
              faster in hidden layers.",
    source: "torch.nn.Sigmoid",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = 1 / (1 + exp(−x))\nf′(x) = f(x)·(1 − f(x)), at most 1/4",
    shines: "As the output for two classes, and where a hidden unit should mean a probability or a \
             gate.",
    hurts: "In hidden layers: slopes of at most a quarter and outputs around a half slow every \
            layer below.",
    differs: "The same function everywhere; this one is computed from −|x|, so that it never \
              overflows.",
    call: "torch.nn.Sigmoid()",
    numpy: r"def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x < 0, e, 1.0) / (1.0 + e)

def sigmoid_slope(x, y):
    return y * (1.0 - y)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Sigmoid>(&ENTRY, false);

pub(super) struct Sigmoid;

/// 1 / (1 + e⁻ˣ), without overflow for any x.
#[inline(always)]
pub(in crate::model) fn sigmoid<R: Real>(x: R) -> R {
    let e = (-x.abs()).exp();
    let numerator = if x < R::ZERO { e } else { R::ONE };
    numerator / (R::ONE + e)
}

impl Pointwise for Sigmoid {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        sigmoid(x)
    }
    #[inline(always)]
    fn slope<R: Real>(_: R, y: R) -> R {
        y * (R::ONE - y)
    }
}
