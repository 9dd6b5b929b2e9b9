//! `AdaBelief`: Adam that divides by how wrong its momentum was.
//!
//! ```text
//! m ← β1·m + (1 − β1)·g
//! v ← β2·v + (1 − β2)·(g − m)² + ε_root
//! θ ← θ − γ · m̂ / (√v̂ + ε)
//! ```
//!
//! with m̂ and v̂ corrected as Adam's. This is `optax.adabelief`, which is the paper's: the error is
//! taken against the new m, and `ε_root` is added to v itself, again in every update. PyTorch and Keras
//! have none.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given};
use crate::numeric::Real;

use super::parts::{BETA1, BETA2, EPSILON, EPSILON_ROOT, LEARNING_RATE, Mean, moved};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<AdaBelief, 2>(Entry {
    name: "AdaBelief",
    label: "AdaBelief",
    summary: "Adam that steps far where the gradient is as expected, and carefully where it is not.",
    details: "Divides by the running size of the difference between each gradient and its running mean. \
            Along a steady slope the difference is small and steps grow far beyond the rate; where the \
            gradient swings, they shrink.",
    source: "optax.adabelief; Zhuang et al. (2020), arXiv:2010.07468",
    form: Form::Named,
    card: Some(&Card {
        equation: "m ← β1·m + (1 − β1)·g\nv ← β2·v + (1 − β2)·(g − m)² + ε_root\n\
            w ← w − γ·m / (1 − β1ᵗ) / (√(v / (1 − β2ᵗ)) + ε)",
        shines: "Long gentle valleys with little noise; adversarial networks, where it is steadier than \
            Adam.",
        hurts: "A gradient that hardly changes makes the divisor vanish: steps of a thousand rates are \
            possible, and epsilon is then what decides.",
        differs: "optax's, which is the paper's. The authors' PyTorch package adds a rectification and \
            decoupled decay by default; PyTorch and Keras have none.",
        call: "optax.adabelief({learning_rate}, b1={beta1}, b2={beta2}, eps={epsilon}, \
            eps_root={epsilon_root})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    s[\"p1\"] = s.get(\"p1\", 1.0) * b1
    s[\"p2\"] = s.get(\"p2\", 1.0) * {beta2}
    s[\"m\"] = m = b1 * s.get(\"m\", 0.0) + (1 - b1) * g
    s[\"v\"] = v = {beta2} * s.get(\"v\", 0.0) + (1 - {beta2}) * (g - m) ** 2 + {epsilon_root}
    return w - lr * m / (1 - s[\"p1\"]) / (np.sqrt(v / (1 - s[\"p2\"])) + {epsilon})
",
    }),
    fields: &[
        LEARNING_RATE,
        BETA1,
        Field {
            meaning: "How much of the running mean of squared surprises is kept. Too small makes step \
                sizes jump; close to 1 remembers an early surprise for long.",
            ..BETA2
        },
        Field {
            meaning: "Added to the root of the mean square. Larger keeps steps bounded where nothing \
                surprises; too large turns the rule into plain momentum with a tiny rate.",
            default: Given::Number(1e-16),
            ..EPSILON
        },
        Field {
            meaning: "Added to the mean square in every update, so that it adds up to 1/(1 − beta2) of \
                itself. Too large makes steps small and alike; 0 leaves protection to epsilon.",
            default: Given::Number(1e-16),
            ..EPSILON_ROOT
        },
    ],
});

/// The rule; its buffers are m and v.
#[derive(Debug, Clone)]
struct AdaBelief {
    knobs: Knobs,
    /// Π β1 and Π β2 over the updates so far.
    products: [f64; 2],
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    epsilon_root: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            beta1: knobs.number("beta1"),
            beta2: knobs.number("beta2"),
            epsilon: knobs.number("epsilon"),
            epsilon_root: knobs.number("epsilon_root"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    first: Mean<R>,
    second: Mean<R>,
    epsilon: R,
    epsilon_root: R,
}

impl Rule<2> for AdaBelief {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), products: [1.0; 2] }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 2]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { beta1, beta2, epsilon, epsilon_root } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(beta1);
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            first: Mean::begin(beta1, &mut self.products[0]),
            second: Mean::begin(beta2, &mut self.products[1]),
            epsilon: R::from_f64(epsilon),
            epsilon_root: R::from_f64(epsilon_root),
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
        trace.given("ε_root", step.epsilon_root);
        trace.given("m", *m);
        trace.given("v", *v);
        *m = step.first.of(*m, g);
        trace.computed("m", "β1·m + (1 − β1)·g", *m);
        let surprise = g - *m;
        trace.computed("e", "g − m", surprise);
        *v = step.second.of(*v, surprise * surprise) + step.epsilon_root;
        trace.computed("v", "β2·v + (1 − β2)·e² + ε_root", *v);
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
