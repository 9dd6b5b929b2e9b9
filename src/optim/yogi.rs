//! Yogi: Adam whose mean square moves by a bounded amount.
//!
//! ```text
//! m ← β1·m + (1 − β1)·g
//! v ← v − (1 − β2)·sign(v − g²)·g²
//! θ ← θ − γ · m̂ / (√v̂ + ε)
//! ```
//!
//! with m̂ and v̂ corrected as Adam's, and both m and v starting at 1e-6. This is `optax.yogi`; in the
//! paper m starts at 0 and nothing is corrected. PyTorch and Keras have none.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given};
use crate::numeric::Real;

use super::parts::{BETA1, BETA2, EPSILON, LEARNING_RATE, Mean, moved, sign};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

/// What both means start at.
const START: f64 = 1e-6;

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Yogi, 2>(Entry {
    name: "Yogi",
    label: "Yogi",
    summary: "Adam whose step sizes recover slowly after large gradients, not at once.",
    details: "Adam's mean square forgets in proportion to itself: after a burst of large gradients its \
            steps soon grow long again. Yogi's falls only by a part of the present, small square, so \
            that steps grow back gently.",
    source: "optax.yogi; Zaheer et al. (2018)",
    form: Form::Named,
    card: Some(&Card {
        equation: "m ← β1·m + (1 − β1)·g\nv ← v − (1 − β2)·sign(v − g²)·g²\n\
            w ← w − γ·m / (1 − β1ᵗ) / (√(v / (1 − β2ᵗ)) + ε)",
        shines: "Sparse or bursty gradients, for which Adam can fail to converge.",
        hurts: "One early burst slows it for long. Its ε of 1e-3 is large: where gradients are smaller \
            than that, it is plain momentum with a scaled rate.",
        differs: "optax's: corrected as Adam, both means start at 1e-6. The paper corrects nothing and \
            starts m at 0. PyTorch and Keras have none. optax names no rate; the paper's is 0.01.",
        call: "optax.yogi({learning_rate}, b1={beta1}, b2={beta2}, eps={epsilon})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    s[\"p1\"] = s.get(\"p1\", 1.0) * b1
    s[\"p2\"] = s.get(\"p2\", 1.0) * {beta2}
    s[\"m\"] = b1 * s.get(\"m\", 1e-6) + (1 - b1) * g
    v = s.get(\"v\", 1e-6)
    s[\"v\"] = v = v - (1 - {beta2}) * np.sign(v - g * g) * g * g
    return w - lr * s[\"m\"] / (1 - s[\"p1\"]) / (np.sqrt(v / (1 - s[\"p2\"])) + {epsilon})
",
    }),
    fields: &[
        Field { default: Given::Number(0.01), ..LEARNING_RATE },
        BETA1,
        Field {
            meaning: "1 − beta2 is the part of the present square by which the mean square moves. Small \
                beta2 makes step sizes jump; close to 1 they hardly adapt.",
            ..BETA2
        },
        Field { default: Given::Number(1e-3), ..EPSILON },
    ],
});

/// The rule; its buffers are m and v.
#[derive(Debug, Clone)]
struct Yogi {
    knobs: Knobs,
    /// Π β1 and Π β2 over the updates so far.
    products: [f64; 2],
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            beta1: knobs.number("beta1"),
            beta2: knobs.number("beta2"),
            epsilon: knobs.number("epsilon"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    first: Mean<R>,
    second: Mean<R>,
    epsilon: R,
}

impl Rule<2> for Yogi {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), products: [1.0; 2] }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 2]) {
        self.knobs = Knobs::of(knobs);
    }

    fn initial(&self) -> [f64; 2] {
        [START; 2]
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { beta1, beta2, epsilon } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(beta1);
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            first: Mean::begin(beta1, &mut self.products[0]),
            second: Mean::begin(beta2, &mut self.products[1]),
            epsilon: R::from_f64(epsilon),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [m, v]: [&mut R; 2],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        step.first.tell(["β1", "β1ᵗ"], trace);
        step.second.tell(["β2", "β2ᵗ"], trace);
        trace.given("ε", step.epsilon);
        trace.given("m", *m);
        trace.given("v", *v);
        *m = step.first.of(*m, g);
        trace.computed("m", "β1·m + (1 − β1)·g", *m);
        let square = g * g;
        *v -= step.second.new * sign(*v - square) * square;
        trace.computed("v", "v − (1 − β2)·sign(v − g²)·g²", *v);
        let mean = step.first.corrected(*m);
        trace.computed("m̂", "m / (1 − β1ᵗ)", mean);
        let square = step.second.corrected(*v);
        trace.computed("v̂", "v / (1 − β2ᵗ)", square);
        let scale = square.sqrt() + step.epsilon;
        trace.computed("γ_eff", "γ / (√v̂ + ε)", step.rate / scale);
        moved(w, step.rate * (mean / scale), "−γ·m̂ / (√v̂ + ε)", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        self.products.to_vec()
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.products.copy_from_slice(numbers);
    }
}
