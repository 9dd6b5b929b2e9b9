//! f(x) = x/6 + 1/2, cut off at 0 and 1.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Hardsigmoid",
    label: "Hard sigmoid",
    summary: "A sigmoid of three straight lines: 0 below −3, 1 above 3.",
    details: "Cheap, with slope 1/6 between −3 and 3 and 0 outside. At the corners the slope is \
              taken as 0, as PyTorch does.",
    source: "torch.nn.Hardsigmoid",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = min(max(x + 3, 0), 6) / 6\nf′(x) = 1/6 for −3 < x < 3, 0 otherwise",
    shines: "Gates and bounded outputs where an exponential is too expensive.",
    hurts: "Outside ±3 nothing is learned, and the small slope inside shrinks gradients from layer \
            to layer.",
    differs: "PyTorch, Keras 3 and jax.nn have slope 1/6; older Keras had 1/5, cut at ±2.5. PyTorch \
              takes the sixth in single precision when it goes back, even in double; so does this.",
    call: "torch.nn.Hardsigmoid()",
    numpy: r"def hardsigmoid(x):
    return np.clip(x + 3.0, 0.0, 6.0) / 6.0

def hardsigmoid_slope(x, y):
    return np.where((x > -3.0) & (x < 3.0), 0.1666666716337204, 0.0)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Hardsigmoid>(&ENTRY, false);

struct Hardsigmoid;

/// A sixth in single precision, also where all else is double: so PyTorch has it.
const SLOPE: f64 = 0.166_666_671_633_720_4;

impl Pointwise for Hardsigmoid {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        let (three, six) = (R::from_f64(3.0), R::from_f64(6.0));
        (x + three).max(R::ZERO).min(six) / six
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        let three = R::from_f64(3.0);
        if x > -three && x < three { R::from_f64(SLOPE) } else { R::ZERO }
    }
}
