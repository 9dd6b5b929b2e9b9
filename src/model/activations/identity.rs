//! f(x) = x.

use crate::catalog::{Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Identity",
    label: "Identity",
    summary: "The sum itself: f(x) = x.",
    details: "A layer with it only mixes its inputs linearly; several such layers in a row can do \
              no more than one. Useful to see what the bend in the other activations is for.",
    source: "torch.nn.Identity",
    fields: &[],
    form: Form::Named,
    card: None,
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Identity>(&ENTRY, false);

struct Identity;

impl Pointwise for Identity {
    #[inline]
    fn value<R: Real>(x: R) -> R {
        x
    }
    #[inline]
    fn slope<R: Real>(_: R, _: R) -> R {
        R::ONE
    }
}
