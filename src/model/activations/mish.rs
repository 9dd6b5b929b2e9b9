//! f(x) = x·tanh(ln(1 + eˣ)).

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::sigmoid;
use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Mish",
    label: "Mish",
    summary: "The sum times the tanh of its softplus: close to SiLU, dipping a little lower.",
    details: "Smooth and not monotonic, with a lowest value of −0.31 at −1.19. Behaves much like \
              SiLU and costs more. Starts as ReLU does under `Auto`.",
    source: "Misra 2019; torch.nn.Mish",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = x·tanh(sp), sp = ln(1 + exp(x))\nf′(x) = tanh(sp) + x·σ(x)·(1 − tanh²(sp))",
    shines: "Deep networks where SiLU is good as well; some detectors of objects are trained with \
             it.",
    hurts: "Three transcendental functions a unit: the most expensive activation here, for a small \
            difference to SiLU.",
    differs: "The same in PyTorch, Keras and jax.nn. PyTorch computes softplus without its switch \
              at 20 here, and so does this.",
    call: "torch.nn.Mish()",
    numpy: r"def mish(x):
    sp = np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))
    return x * np.tanh(sp)

def mish_slope(x, y):
    e = np.exp(-np.abs(x))
    s = np.where(x < 0, e, 1.0) / (1.0 + e)
    t = np.tanh(np.maximum(x, 0.0) + np.log1p(e))
    return t + x * s * (1.0 - t * t)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Mish>(&ENTRY, true);

struct Mish;

/// ln(1 + eˣ), without overflow.
#[inline(always)]
fn soft<R: Real>(x: R) -> R {
    x.max(R::ZERO) + (-x.abs()).exp().ln_1p()
}

impl Pointwise for Mish {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        x * soft(x).tanh()
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        let t = soft(x).tanh();
        t + x * sigmoid(x) * (R::ONE - t * t)
    }
}
