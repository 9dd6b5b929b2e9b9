//! Lion: the sign of a mixture of momentum and gradient.
//!
//! ```text
//! u = sign(β1·m + (1 − β1)·g)
//! m ← β2·m + (1 − β2)·g
//! θ ← θ − γ·(u + λθ)
//! ```
//!
//! This is `optax.lion`, which is the paper's. β1 mixes for the step, β2 keeps for later: they are not
//! Adam's. PyTorch has none; Keras's has no weight decay by default.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given};
use crate::numeric::Real;

use super::parts::{BETA1, BETA2, LEARNING_RATE, SHRINKAGE, moved, sign};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Lion, 1>(Entry {
    name: "Lion",
    label: "Lion",
    summary: "Every parameter moves by exactly the rate; momentum and gradient only vote on the sign.",
    details: "Found by a program that searched programs. One buffer instead of Adam's two. All \
            parameters move equally far in every update, so the rate should be three to ten times \
            smaller than Adam's, weight_decay as much larger, and it should fall toward the end.",
    source: "optax.lion; Chen et al. (2023), arXiv:2302.06675",
    form: Form::Named,
    card: Some(&Card {
        equation: "u = sign(β1·m + (1 − β1)·g)\nm ← β2·m + (1 − β2)·g\nw ← w − γ·(u + λ·w)",
        shines: "Large networks on large batches; short memory; parameters whose gradients are tiny.",
        hurts: "Small batches: noise decides signs. Never comes to rest by itself: near a minimum it steps \
            over it by γ each time.",
        differs: "optax's, which is the paper's. Keras has it with no decay by default; PyTorch has none. \
            The usual rate of its authors, 1e-4, is the default here.",
        call: "optax.lion({learning_rate}, b1={beta1}, b2={beta2}, weight_decay={weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    m = s.get(\"m\", 0.0)
    u = np.sign(b1 * m + (1 - b1) * g)
    s[\"m\"] = {beta2} * m + (1 - {beta2}) * g
    return w - lr * (u + {weight_decay} * w)
",
    }),
    fields: &[
        Field {
            meaning: "How far every parameter moves in every update, apart from decay. Too small crawls; \
                too large jumps around the minimum. Usual: a third to a tenth of Adam's.",
            default: Given::Number(1e-4),
            ..LEARNING_RATE
        },
        Field {
            meaning: "How much the momentum has to say about the sign, against the present gradient. \
                Small follows every noisy batch; close to 1 turns late.",
            ..BETA1
        },
        Field {
            meaning: "How much of the momentum is kept for later updates. Too small forgets within a few \
                batches; close to 1 turns late and overshoots.",
            default: Given::Number(0.99),
            ..BETA2
        },
        Field { default: Given::Number(1e-3), ..SHRINKAGE },
    ],
});

/// The rule; its buffer is m.
#[derive(Debug, Clone)]
struct Lion {
    knobs: Knobs,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    beta1: f64,
    beta2: f64,
    weight_decay: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            beta1: knobs.number("beta1"),
            beta2: knobs.number("beta2"),
            weight_decay: knobs.number("weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    /// β and 1 − β, for the step and for later.
    mix: [R; 2],
    keep: [R; 2],
    decay: R,
}

impl Rule<1> for Lion {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs) }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 1]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { beta1, beta2, weight_decay } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(beta1);
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            mix: [beta1, 1.0 - beta1].map(R::from_f64),
            keep: [beta2, 1.0 - beta2].map(R::from_f64),
            decay: R::from_f64(weight_decay),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [m]: [&mut R; 1],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        trace.given("β1", step.mix[0]);
        trace.given("β2", step.keep[0]);
        trace.given("λ", step.decay);
        trace.given("m", *m);
        let mixed = step.mix[0] * *m + step.mix[1] * g;
        trace.computed("mixed", "β1·m + (1 − β1)·g", mixed);
        let u = sign(mixed);
        trace.computed("u", "sign(mixed)", u);
        *m = step.keep[0] * *m + step.keep[1] * g;
        trace.computed("m", "β2·m + (1 − β2)·g", *m);
        moved(w, step.rate * (u + step.decay * w), "−γ·(u + λ·w)", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[f64]) {}
}
