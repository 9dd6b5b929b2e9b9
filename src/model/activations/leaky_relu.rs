//! f(x) = x above zero, x/100 below.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "LeakyRelu",
    label: "Leaky ReLU",
    summary: "The sum itself above zero, a hundredth of it below.",
    details: "A ReLU that leaks: the small slope below zero keeps every unit teachable, so none \
              falls silent for good. The slope is PyTorch's 0.01. Starts as ReLU does under \
              `Auto`.",
    source: "Maas et al. 2013; torch.nn.LeakyReLU",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = x for x > 0, 0.01·x otherwise\nf′(x) = 1 for x > 0, 0.01 otherwise",
    shines: "Where ReLU units fall silent: large learning rates, small networks, sums that are \
             mostly negative.",
    hurts: "Outputs below zero grow without bound, if slowly, and the kink at 0 stays; on most \
            problems it gains little over ReLU.",
    differs: "PyTorch's slope below zero is 0.01, Keras' is 0.3 and optax' (jax.nn) 0.01. This is \
              PyTorch's, and the slope at 0 is 0.01 as there.",
    call: "torch.nn.LeakyReLU(0.01)",
    numpy: r"def leaky_relu(x):
    return np.where(x > 0, x, 0.01 * x)

def leaky_relu_slope(x, y):
    return np.where(x > 0, 1.0, 0.01)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<LeakyRelu>(&ENTRY, true);

struct LeakyRelu;

/// The slope below zero.
const LEAK: f64 = 0.01;

impl Pointwise for LeakyRelu {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        if x > R::ZERO { x } else { x * R::from_f64(LEAK) }
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        if x > R::ZERO { R::ONE } else { R::from_f64(LEAK) }
    }
}
