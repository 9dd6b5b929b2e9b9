//! Adamax: Adam with the largest gradient in place of the mean square.
//!
//! With g the gradient (plus λθ), u a maximum that slowly fades:
//!
//! ```text
//! m ← β1·m + (1 − β1)·g
//! u ← max(β2·u, |g| + ε)
//! θ ← θ − γ · m / (1 − β1ᵗ) / u
//! ```
//!
//! This is `torch.optim.Adamax` and optax's: ε is added inside the maximum. Keras adds it to u in the
//! division; the paper has no ε.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given};
use crate::numeric::Real;

use super::parts::{BETA1, BETA2, EPSILON, LEARNING_RATE, Mean, WEIGHT_DECAY, decayed, moved};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Adamax, 2>(Entry {
    name: "Adamax",
    label: "Adamax",
    summary: "Adam that divides by the largest recent gradient instead of the mean size.",
    details: "The maximum fades by beta2 an update. No step is ever longer than about the rate, whatever \
            the gradients do, and one outlier holds its parameter's steps down until it has faded.",
    source: "torch.optim.Adamax; Kingma and Ba (2015), section 7.1",
    form: Form::Named,
    card: Some(&Card {
        equation: "g ← g + λ·w\nm ← β1·m + (1 − β1)·g\nu ← max(β2·u, |g| + ε)\n\
            w ← w − γ / (1 − β1ᵗ) · m / u",
        shines: "Gradients that are mostly small or zero with rare bursts, such as embeddings.",
        hurts: "A single outlier slows its parameter for about 1 / (1 − beta2) updates: a thousand.",
        differs: "PyTorch's and optax's, ε inside the maximum. Keras adds ε (1e-7) to u in the division \
            and takes a rate of 0.001. The paper has no ε.",
        call: "torch.optim.Adamax(params, lr={learning_rate}, betas=({beta1}, {beta2}), eps={epsilon}, \
            weight_decay={weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    g = g + {weight_decay} * w
    s[\"p1\"] = s.get(\"p1\", 1.0) * b1
    s[\"m\"] = b1 * s.get(\"m\", 0.0) + (1 - b1) * g
    s[\"u\"] = np.maximum({beta2} * s.get(\"u\", 0.0), np.abs(g) + {epsilon})
    return w - lr / (1 - s[\"p1\"]) * s[\"m\"] / s[\"u\"]
",
    }),
    fields: &[
        Field { default: Given::Number(0.002), ..LEARNING_RATE },
        BETA1,
        Field {
            meaning: "How much of the largest gradient is kept each update. Small forgets an outlier at \
                once, and steps jump; close to 1 holds steps down for long after it.",
            ..BETA2
        },
        Field {
            meaning: "Added to each gradient's size, against division by 0. Too large makes all steps \
                small; 0 gives 0/0 for a parameter that has never had a gradient.",
            ..EPSILON
        },
        WEIGHT_DECAY,
    ],
});

/// The rule; its buffers are m and u.
#[derive(Debug, Clone)]
struct Adamax {
    knobs: Knobs,
    /// Π β1 over the updates so far.
    product: f64,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    weight_decay: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            beta1: knobs.number("beta1"),
            beta2: knobs.number("beta2"),
            epsilon: knobs.number("epsilon"),
            weight_decay: knobs.number("weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    first: Mean<R>,
    fade: R,
    epsilon: R,
    decay: R,
}

impl Rule<2> for Adamax {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), product: 1.0 }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 2]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { beta1, beta2, epsilon, weight_decay } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(beta1);
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            first: Mean::begin(beta1, &mut self.product),
            fade: R::from_f64(beta2),
            epsilon: R::from_f64(epsilon),
            decay: R::from_f64(weight_decay),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [m, u]: [&mut R; 2],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        step.first.tell(["β1", "β1ᵗ"], trace);
        trace.given("β2", step.fade);
        trace.given("ε", step.epsilon);
        trace.given("m", *m);
        trace.given("u", *u);
        let g = decayed(step.decay, w, g, trace);
        *m = step.first.of(*m, g);
        trace.computed("m", "β1·m + (1 − β1)·g", *m);
        *u = Real::max(step.fade * *u, g.abs() + step.epsilon);
        trace.computed("u", "max(β2·u, |g| + ε)", *u);
        let mean = step.first.corrected(*m);
        trace.computed("m̂", "m / (1 − β1ᵗ)", mean);
        trace.computed("γ_eff", "γ / u", step.rate / *u);
        moved(w, step.rate * (mean / *u), "−γ·m̂ / u", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        vec![self.product]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.product = numbers[0];
    }
}
