//! f(x) = ln σ(x).

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::sigmoid;
use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "LogSigmoid",
    label: "Log-sigmoid",
    summary: "The logarithm of the sigmoid: below zero nearly the sum itself, above it bends to 0.",
    details: "Softplus turned over: f(x) = −softplus(−x). It never gives a positive output. As a \
              hidden unit it is rare; what it is for is the logarithm of a probability, computed \
              without overflow.",
    source: "torch.nn.LogSigmoid",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = −ln(1 + exp(−x))\nf′(x) = σ(−x) = 1 / (1 + exp(x))",
    shines: "Where a layer should give logarithms of probabilities, or to compare with softplus.",
    hurts: "Outputs are all negative and grow without bound, so the layers after it see a strong \
            shift.",
    differs: "PyTorch, Keras and jax.nn have the same function; all compute it from −|x|, so that \
              it never overflows, and so does this.",
    call: "torch.nn.LogSigmoid()",
    numpy: r"def log_sigmoid(x):
    return np.minimum(x, 0.0) - np.log1p(np.exp(-np.abs(x)))

def log_sigmoid_slope(x, y):
    e = np.exp(-np.abs(x))
    return np.where(x > 0, e, 1.0) / (1.0 + e)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<LogSigmoid>(&ENTRY, false);

struct LogSigmoid;

impl Pointwise for LogSigmoid {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        x.min(R::ZERO) - (-x.abs()).exp().ln_1p()
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        sigmoid(-x)
    }
}
