//! f(x) = max(0, x).

use crate::catalog::{Card, Entry, Form};
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
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = max(0, x)\nf′(x) = 1 for x > 0, 0 otherwise",
    shines: "Deep networks: cheap, and gradients pass unchanged through every unit that is on.",
    hurts: "Units can fall silent for good, boundaries come out of straight pieces, and the kink \
            makes curvature useless.",
    differs: "The same function everywhere; at 0, where it has no slope, PyTorch, Keras and jax.nn \
              take 0, as this does.",
    call: "torch.nn.ReLU()",
    numpy: r"def relu(x):
    return np.maximum(x, 0.0)

def relu_slope(x, y):
    return np.where(x > 0, 1.0, 0.0)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Relu>(&ENTRY, true);

pub(super) struct Relu;

impl Pointwise for Relu {
    /// Written so that NaN stays NaN.
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        if x <= R::ZERO { R::ZERO } else { x }
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        if x > R::ZERO { R::ONE } else { R::ZERO }
    }
}
