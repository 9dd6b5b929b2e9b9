//! Adadelta.
//!
//! With g the gradient (plus λθ), v the running mean of its square, d that of the squared steps:
//!
//! ```text
//! v ← ρ·v + (1 − ρ)·g²
//! u = g · √(d + ε) / √(v + ε)
//! d ← ρ·d + (1 − ρ)·u²
//! θ ← θ − γ·u
//! ```
//!
//! This is `torch.optim.Adadelta`. The paper has γ = 1, as PyTorch's default has; Keras multiplies by
//! 0.001 unless told otherwise, which makes it crawl. optax is the same rule.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::parts::{EPSILON, LEARNING_RATE, WEIGHT_DECAY, decayed, moved};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Adadelta, 2>(Entry {
    name: "Adadelta",
    label: "Adadelta",
    summary: "Scales each gradient by the size of past steps over that of past gradients.",
    details: "A step has the units of the parameter, not of the gradient, so that no learning rate needs \
            to be found: 1 is the rule as it stands. It begins with steps of about √ε and has to grow \
            them, which is slow.",
    source: "torch.optim.Adadelta; Zeiler (2012), arXiv:1212.5701",
    form: Form::Named,
    card: Some(&Card {
        equation: "g ← g + λ·w\nv ← ρ·v + (1 − ρ)·g²\nu = g · √(d + ε) / √(v + ε)\n\
            d ← ρ·d + (1 − ρ)·u²\nw ← w − γ·u",
        shines: "When nobody wants to search for a rate, and the run is long enough for its slow start.",
        hurts: "Short runs: with the usual ε its first steps are a thousandth, and they grow slowly. It \
            may also keep jittering near a minimum, since nothing shrinks its steps there.",
        differs: "PyTorch's and optax's, with ρ = 0.9. The paper and Keras use ρ = 0.95; Keras sets the \
            rate to 0.001 and ε to 1e-7.",
        call: "torch.optim.Adadelta(params, lr={learning_rate}, rho={rho}, eps={epsilon}, \
            weight_decay={weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    g = g + {weight_decay} * w
    s[\"v\"] = {rho} * s.get(\"v\", 0.0) + (1 - {rho}) * g * g
    d = s.get(\"d\", 0.0)
    u = g * np.sqrt(d + {epsilon}) / np.sqrt(s[\"v\"] + {epsilon})
    s[\"d\"] = {rho} * d + (1 - {rho}) * u * u
    return w - lr * u
",
    }),
    fields: &[
        Field {
            meaning: "Multiplies the step that the rule finds by itself. 1 is the rule as published; \
                smaller crawls, larger may overshoot.",
            default: Given::Number(1.0),
            ..LEARNING_RATE
        },
        Field {
            name: "rho",
            label: "Rho",
            meaning: "How much of both running means is kept. Small follows the last few batches and \
                jumps; close to 1 is slow to change its step size.",
            kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
            default: Given::Number(0.9),
            live: true,
        },
        Field {
            meaning: "Stands under both roots; its root is about the size of the first steps. Too small \
                hardly gets going; too large moves before anything is known.",
            default: Given::Number(1e-6),
            ..EPSILON
        },
        WEIGHT_DECAY,
    ],
});

/// The rule; its buffers are v and d.
#[derive(Debug, Clone)]
struct Adadelta {
    knobs: Knobs,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    rho: f64,
    epsilon: f64,
    weight_decay: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            rho: knobs.number("rho"),
            epsilon: knobs.number("epsilon"),
            weight_decay: knobs.number("weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    old: R,
    new: R,
    epsilon: R,
    decay: R,
}

impl Rule<2> for Adadelta {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs) }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 2]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { rho, epsilon, weight_decay } = self.knobs;
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            old: R::from_f64(rho),
            new: R::from_f64(1.0 - rho),
            epsilon: R::from_f64(epsilon),
            decay: R::from_f64(weight_decay),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [v, d]: [&mut R; 2],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        trace.given("ρ", step.old);
        trace.given("ε", step.epsilon);
        trace.given("v", *v);
        trace.given("d", *d);
        let g = decayed(step.decay, w, g, trace);
        *v = step.old * *v + step.new * (g * g);
        trace.computed("v", "ρ·v + (1 − ρ)·g²", *v);
        let ratio = (*d + step.epsilon).sqrt() / (*v + step.epsilon).sqrt();
        trace.computed("γ_eff", "γ · √(d + ε) / √(v + ε)", step.rate * ratio);
        let u = ratio * g;
        trace.computed("u", "g · √(d + ε) / √(v + ε)", u);
        *d = step.old * *d + step.new * (u * u);
        trace.computed("d", "ρ·d + (1 − ρ)·u²", *d);
        moved(w, step.rate * u, "−γ·u", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[f64]) {}
}
