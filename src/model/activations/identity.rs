//! f(x) = x.

use crate::catalog::{Card, Entry, Form};
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
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = x\nf′(x) = 1",
    shines: "To see what a stack of linear layers can do, and to train a deep linear model on \
             purpose.",
    hurts: "It adds nothing: any number of layers with it is one linear map, with a harder path to \
            it.",
    differs: "The same everywhere: torch.nn.Identity, Keras' linear, no function at all in optax \
              programs.",
    call: "torch.nn.Identity()",
    numpy: r"def identity(x):
    return x

def identity_slope(x, y):
    return np.ones_like(x)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Identity>(&ENTRY, false);

struct Identity;

impl Pointwise for Identity {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        x
    }
    #[inline(always)]
    fn slope<R: Real>(_: R, _: R) -> R {
        R::ONE
    }
}
