//! f(x) = x / (1 + |x|).

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Softsign",
    label: "Softsign",
    summary: "Squeezes the sum between −1 and 1, more gently than tanh.",
    details: "Approaches its ends like 1/x, not exponentially, so its slope fades later than that \
              of tanh and saturated units can come back. Needs no exponential. Its second \
              derivative jumps at 0.",
    source: "Bergstra et al. 2009; torch.nn.Softsign",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = x / (1 + |x|)\nf′(x) = 1 / (1 + |x|)²",
    shines: "As a cheap tanh whose units saturate slowly.",
    hurts: "It reaches ±0.9 only at sums of ±9, so a network takes longer to make a sharp boundary \
            with it.",
    differs: "The same function in PyTorch, Keras (softsign) and jax.nn (soft_sign).",
    call: "torch.nn.Softsign()",
    numpy: r"def softsign(x):
    return x / (1.0 + np.abs(x))

def softsign_slope(x, y):
    return 1.0 / (1.0 + np.abs(x)) ** 2
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Softsign>(&ENTRY, false);

struct Softsign;

impl Pointwise for Softsign {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        x / (R::ONE + x.abs())
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        let size = R::ONE + x.abs();
        R::ONE / (size * size)
    }
}
