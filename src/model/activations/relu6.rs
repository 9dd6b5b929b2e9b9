//! f(x) = max(0, x), cut off at 6.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Relu6",
    label: "ReLU6",
    summary: "A ReLU that stops at 6: f(x) = min(max(0, x), 6).",
    details: "The bound keeps numbers small where they are stored with few bits. A unit outside 0 \
              to 6 for all rows stays where it is. At both corners the slope is taken as 0, as \
              PyTorch does. Starts as ReLU does under `Auto`.",
    source: "Krizhevsky 2010; torch.nn.ReLU6",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = min(max(0, x), 6)\nf′(x) = 1 for 0 < x < 6, 0 otherwise",
    shines: "Networks that will run with 8-bit numbers.",
    hurts: "Units can fall silent at both ends; without the need for small numbers ReLU is \
            simpler.",
    differs: "The same in PyTorch, Keras (relu6) and jax.nn (relu6).",
    call: "torch.nn.ReLU6()",
    numpy: r"def relu6(x):
    return np.clip(x, 0.0, 6.0)

def relu6_slope(x, y):
    return np.where((x > 0.0) & (x < 6.0), 1.0, 0.0)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Relu6>(&ENTRY, true);

struct Relu6;

impl Pointwise for Relu6 {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        x.max(R::ZERO).min(R::from_f64(6.0))
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        if x > R::ZERO && x < R::from_f64(6.0) { R::ONE } else { R::ZERO }
    }
}
