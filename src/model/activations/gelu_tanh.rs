//! f(x) = x·Φ(x), with Φ approximated by tanh.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "GeluTanh",
    label: "GELU (tanh)",
    summary: "The approximation of GELU by tanh, within 0.0005 of it.",
    details: "The form that many published transformers were trained with. Choose it to match such \
              a model; else GeluErf is the function that is meant. Starts as ReLU does under \
              `Auto`.",
    source: "Hendrycks and Gimpel 2016; torch.nn.GELU(approximate=\"tanh\")",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = x/2·(1 + tanh(k·(x + 0.044715·x³))), k = √(2/π)\nf′(x) = (1 + t)/2 + x/2·(1 − t²)·k·(1 + 0.134145·x²), t the tanh above",
    shines: "Matching models that were trained with it.",
    hurts: "It is an approximation for the sake of speed, and as costly as the exact form on many \
            machines.",
    differs: "PyTorch and Keras give it on request (approximate=\"tanh\", approximate=True); \
              jax.nn.gelu is this by default.",
    call: "torch.nn.GELU(approximate=\"tanh\")",
    numpy: r"def gelu_tanh(x):
    k = math.sqrt(2.0 / math.pi)
    return 0.5 * x * (1.0 + np.tanh(k * (x + 0.044715 * x ** 3)))

def gelu_tanh_slope(x, y):
    k = math.sqrt(2.0 / math.pi)
    t = np.tanh(k * (x + 0.044715 * x ** 3))
    return 0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * k * (1.0 + 3.0 * 0.044715 * x * x)
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<GeluTanh>(&ENTRY, true);

struct GeluTanh;

/// √(2/π).
const K: f64 = 0.797_884_560_802_865_4;
const CUBIC: f64 = 0.044_715;

#[inline(always)]
fn bend<R: Real>(x: R) -> R {
    (R::from_f64(K) * (x + R::from_f64(CUBIC) * x * x * x)).tanh()
}

impl Pointwise for GeluTanh {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        R::from_f64(0.5) * x * (R::ONE + bend(x))
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        let (half, t) = (R::from_f64(0.5), bend(x));
        let inner = R::from_f64(K) * (R::ONE + R::from_f64(3.0 * CUBIC) * x * x);
        half * (R::ONE + t) + half * x * (R::ONE - t * t) * inner
    }
}
