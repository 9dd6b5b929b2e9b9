//! f(x) = x above zero, eˣ − 1 below.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Elu",
    label: "ELU",
    summary: "The sum itself above zero, exp(x) − 1 below: bends smoothly to −1.",
    details: "Its mean output lies nearer to zero than ReLU's, which speeds up learning, and its \
              slope has no jump. Far below zero the slope fades, as a sigmoid's does. Starts as \
              ReLU does under `Auto`, as its authors did.",
    source: "Clevert et al. 2015; torch.nn.ELU",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = x for x > 0, exp(x) − 1 otherwise\nf′(x) = 1 for x > 0, exp(x) otherwise",
    shines: "Networks of a few layers without normalisation: outputs around zero keep the next \
             layer centred.",
    hurts: "An exponential a unit costs more time than ReLU, and a unit deep below zero hardly \
            learns any more.",
    differs: "PyTorch, Keras and jax.nn all take α = 1, which is the one value without a jump in \
              the slope. This is that function.",
    call: "torch.nn.ELU(alpha=1.0)",
    numpy: r"def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0.0)))

def elu_slope(x, y):
    return np.where(x > 0, 1.0, np.exp(np.minimum(x, 0.0)))
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Elu>(&ENTRY, true);

struct Elu;

impl Pointwise for Elu {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        if x > R::ZERO { x } else { x.exp_m1() }
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        if x > R::ZERO { R::ONE } else { x.exp() }
    }
}
