//! f(x) = x, cut off at −1 and 1.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Hardtanh",
    label: "Hard tanh",
    summary: "The sum itself between −1 and 1, cut off outside.",
    details: "A tanh of three straight lines: cheap, with slope 1 inside and 0 outside. A unit \
              outside for all rows stays where it is. At the corners the slope is taken as 0, as \
              PyTorch does.",
    source: "torch.nn.Hardtanh",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = min(max(x, −1), 1)\nf′(x) = 1 for −1 < x < 1, 0 otherwise",
    shines: "Cheap bounded outputs; networks for small devices.",
    hurts: "Outside the corners nothing is learned at all, where tanh still has a little slope.",
    differs: "PyTorch and jax.nn (hard_tanh) cut at ±1; Keras has hard_tanh of the same shape.",
    call: "torch.nn.Hardtanh()",
    numpy: r"def hardtanh(x):
    return np.clip(x, -1.0, 1.0)

def hardtanh_slope(x, y):
    return np.where((x > -1.0) & (x < 1.0), 1.0, 0.0)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Hardtanh>(&ENTRY, false);

struct Hardtanh;

impl Pointwise for Hardtanh {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        x.max(-R::ONE).min(R::ONE)
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        if x > -R::ONE && x < R::ONE { R::ONE } else { R::ZERO }
    }
}
