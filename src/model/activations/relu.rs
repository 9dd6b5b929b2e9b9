//! f(x) = max(0, x).

use crate::catalog::{Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Relu",
    label: "ReLU",
    summary: "Zero below zero, the sum itself above: f(x) = max(0, x).",
    details: "Cheap, and its slope does not fade for large sums, so deep networks learn quickly. A \
              unit whose sums are all negative has slope 0 everywhere and stays silent: smaller \
              learning rates help. At 0 the slope is taken as 0, as PyTorch does.",
    source: "torch.nn.ReLU",
    fields: &[],
    form: Form::Named,
    card: None,
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Relu>(&ENTRY, true);

struct Relu;

impl Pointwise for Relu {
    /// Written so that NaN stays NaN.
    #[inline]
    fn value<R: Real>(x: R) -> R {
        if x <= R::ZERO { R::ZERO } else { x }
    }
    #[inline]
    fn slope<R: Real>(x: R, _: R) -> R {
        if x > R::ZERO { R::ONE } else { R::ZERO }
    }
}
