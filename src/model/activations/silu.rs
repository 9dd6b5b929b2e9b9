//! f(x) = x·σ(x).

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::sigmoid;
use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Silu",
    label: "SiLU",
    summary: "The sum times its sigmoid: a smooth ReLU that dips below zero.",
    details: "Also called Swish. Smooth everywhere, with a lowest value of −0.28 at −1.28, below \
              which it rises back to 0. Starts as ReLU does under `Auto`.",
    source: "Elfwing et al. 2017; Ramachandran et al. 2017; torch.nn.SiLU",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = x·σ(x)\nf′(x) = σ(x)·(1 + x·(1 − σ(x)))",
    shines: "Deep networks, where its smoothness helps the optimizer; the usual choice of many \
             vision models.",
    hurts: "An exponential a unit, and it is not monotonic: two different sums give the same \
            output.",
    differs: "The same in PyTorch (SiLU), Keras (silu, swish) and jax.nn (silu). Swish with a \
              trained factor is not this.",
    call: "torch.nn.SiLU()",
    numpy: r"def silu(x):
    e = np.exp(-np.abs(x))
    return x * np.where(x < 0, e, 1.0) / (1.0 + e)

def silu_slope(x, y):
    e = np.exp(-np.abs(x))
    s = np.where(x < 0, e, 1.0) / (1.0 + e)
    return s * (1.0 + x * (1.0 - s))
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Silu>(&ENTRY, true);

struct Silu;

impl Pointwise for Silu {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        x * sigmoid(x)
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        let s = sigmoid(x);
        s * (R::ONE + x * (R::ONE - s))
    }
}
