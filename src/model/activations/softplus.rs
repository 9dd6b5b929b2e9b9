//! f(x) = ln(1 + eˣ).

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Softplus",
    label: "Softplus",
    summary: "A smooth ReLU: f(x) = ln(1 + exp(x)).",
    details: "Never quite zero and never quite straight, with the sigmoid as its slope. Above 20 \
              it is the sum itself, as in PyTorch. Its outputs are all positive, with 0.69 at \
              zero, so layers after it see a shift.",
    source: "Dugas et al. 2001; torch.nn.Softplus",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = ln(1 + exp(x)) for x ≤ 20, x above\nf′(x) = exp(x) / (1 + exp(x)) for x ≤ 20, 1 above",
    shines: "Where an output must be positive, or a smooth stand-in for ReLU is wanted.",
    hurts: "Slower than ReLU to compute and usually to learn: every unit answers a little to \
            everything.",
    differs: "PyTorch switches to the straight line above 20, with a step of 2e-9 there; Keras and \
              jax.nn do not switch. This is PyTorch's.",
    call: "torch.nn.Softplus()",
    numpy: r"def softplus(x):
    return np.where(x > 20.0, x, np.log1p(np.exp(np.minimum(x, 20.0))))

def softplus_slope(x, y):
    e = np.exp(np.minimum(x, 20.0))
    return np.where(x > 20.0, 1.0, e / (1.0 + e))
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Softplus>(&ENTRY, false);

struct Softplus;

/// Above it the function is x itself.
const STRAIGHT_FROM: f64 = 20.0;

impl Pointwise for Softplus {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        if x > R::from_f64(STRAIGHT_FROM) { x } else { x.exp().ln_1p() }
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        if x > R::from_f64(STRAIGHT_FROM) {
            return R::ONE;
        }
        let e = x.exp();
        e / (R::ONE + e)
    }
}
