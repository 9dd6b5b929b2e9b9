//! f(x) = x·Φ(x), exactly.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "GeluErf",
    label: "GELU",
    summary: "The sum times the part of a normal distribution that lies below it.",
    details: "f(x) = x·Φ(x) with the exact Φ, by the error function. Smooth, with a lowest value \
              of −0.17 at −0.75. The usual choice of transformers. Starts as ReLU does under \
              `Auto`.",
    source: "Hendrycks and Gimpel 2016; torch.nn.GELU",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = x·Φ(x) = x/2·(1 + erf(x/√2))\nf′(x) = Φ(x) + x·exp(−x²/2)/√(2π)",
    shines: "Deep networks, transformers above all.",
    hurts: "The error function costs more than a ReLU by far; in small networks the difference is \
            hardly seen.",
    differs: "PyTorch and Keras compute the exact form by default, jax.nn.gelu the approximation \
              by tanh: that is GeluTanh here.",
    call: "torch.nn.GELU()",
    numpy: r"def gelu_erf(x):
    erf = np.vectorize(math.erf, otypes=[float])
    return 0.5 * x * (1.0 + erf(x * math.sqrt(0.5)))

def gelu_erf_slope(x, y):
    erf = np.vectorize(math.erf, otypes=[float])
    density = np.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    return 0.5 * (1.0 + erf(x * math.sqrt(0.5))) + x * density
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<GeluErf>(&ENTRY, true);

struct GeluErf;

/// 1/√(2π).
const INV_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;

/// Φ(x).
#[inline(always)]
fn below<R: Real>(x: R) -> R {
    let half = R::from_f64(0.5);
    half * (R::ONE + (x * R::from_f64(std::f64::consts::FRAC_1_SQRT_2)).erf())
}

impl Pointwise for GeluErf {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        x * below(x)
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        let half = R::from_f64(0.5);
        below(x) + x * (-half * x * x).exp() * R::from_f64(INV_SQRT_2_PI)
    }
}
