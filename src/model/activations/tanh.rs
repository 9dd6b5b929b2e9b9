//! f(x) = tanh x.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Tanh",
    label: "tanh",
    summary: "Squeezes the sum smoothly between −1 and 1.",
    details: "Smooth and centred at zero, a good first choice for small networks on points in the \
              plane: boundaries come out round. For large sums the slope fades and learning slows. \
              Its slope is 1 − tanh² x.",
    source: "torch.nn.Tanh",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = tanh x\nf′(x) = 1 − tanh² x",
    shines: "Small networks and smooth functions: outputs around zero, round boundaries, no kinks.",
    hurts: "Units with large sums stop learning, and gradients fade through many layers of it.",
    differs: "The same function everywhere. LeCun's scaled form 1.7159·tanh(2x/3) is not this.",
    call: "torch.nn.Tanh()",
    numpy: r"def tanh(x):
    return np.tanh(x)

def tanh_slope(x, y):
    return 1.0 - y * y
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Tanh>(&ENTRY, false);

pub(super) struct Tanh;

impl Pointwise for Tanh {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        x.tanh()
    }
    #[inline(always)]
    fn slope<R: Real>(_: R, y: R) -> R {
        R::ONE - y * y
    }
}
