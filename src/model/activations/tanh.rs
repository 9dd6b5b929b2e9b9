//! f(x) = tanh x.

use crate::catalog::{Entry, Form};
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
    card: None,
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Tanh>(&ENTRY, false);

struct Tanh;

impl Pointwise for Tanh {
    #[inline]
    fn value<R: Real>(x: R) -> R {
        x.tanh()
    }
    #[inline]
    fn slope<R: Real>(_: R, y: R) -> R {
        R::ONE - y * y
    }
}
