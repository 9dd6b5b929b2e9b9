//! f(x) = λ·x above zero, λ·α·(eˣ − 1) below.

use crate::catalog::{Card, Entry, Form};
use crate::numeric::Real;

use super::{ActivationRow, Pointwise};

pub(super) static ENTRY: Entry = Entry {
    name: "Selu",
    label: "SELU",
    summary: "An ELU scaled so that outputs keep mean 0 and spread 1 from layer to layer.",
    details: "With weights of variance 1 / fan-in (`LeCunNormal`) and standardised features, deep \
              stacks of it normalise themselves. The two constants are what makes it work. `Auto` \
              starts it as Xavier, which has that variance where layers are equally wide; its \
              authors' start is `LeCunNormal`.",
    source: "Klambauer et al. 2017; torch.nn.SELU",
    fields: &[],
    form: Form::Named,
    card: Some(&CARD),
};

static CARD: Card = Card {
    equation: "f(x) = λ·x for x > 0, λ·α·(exp(x) − 1) otherwise\nλ = 1.0507009873554805, α = 1.6732632423543772\nf′(x) = λ for x > 0, λ·α·exp(x) otherwise",
    shines: "Deep plain stacks of dense layers on standardised features, started with LeCunNormal.",
    hurts: "The promise breaks with features that are not standardised, with other starts and with \
            ordinary dropout.",
    differs: "PyTorch, Keras and jax.nn agree in the constants. Keras' documentation asks for \
              lecun_normal, PyTorch's for kaiming_normal_ with nonlinearity=\"linear\", which is \
              the same. The slope jumps at 0, where this is λ·α as in PyTorch.",
    call: "torch.nn.SELU()",
    numpy: r"SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772

def selu(x):
    below = SELU_ALPHA * np.expm1(np.minimum(x, 0.0))
    return SELU_SCALE * np.where(x > 0, x, below)

def selu_slope(x, y):
    return SELU_SCALE * np.where(x > 0, 1.0, SELU_ALPHA * np.exp(np.minimum(x, 0.0)))
",
};

pub(super) static ROW: ActivationRow = ActivationRow::new::<Selu>(&ENTRY, false);

struct Selu;

const SCALE: f64 = 1.050_700_987_355_480_5;
const ALPHA: f64 = 1.673_263_242_354_377_2;

impl Pointwise for Selu {
    #[inline(always)]
    fn value<R: Real>(x: R) -> R {
        if x > R::ZERO { x * R::from_f64(SCALE) } else { x.exp_m1() * R::from_f64(SCALE * ALPHA) }
    }
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        if x > R::ZERO { R::from_f64(SCALE) } else { x.exp() * R::from_f64(SCALE * ALPHA) }
    }
}
