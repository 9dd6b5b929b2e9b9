//! QHM: quasi-hyperbolic momentum.
//!
//! With g the gradient (plus λθ), b its running mean:
//!
//! ```text
//! b ← β·b + (1 − β)·g
//! θ ← θ − γ·((1 − ν)·g + ν·b)
//! ```
//!
//! As in the paper and its package `qhoptim`. ν = 0 is plain descent; ν = 1 is momentum with
//! γ(1 − β) in place of its rate, since b here is a mean where PyTorch's momentum is a sum.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::parts::{LEARNING_RATE, WEIGHT_DECAY, decayed, moved};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Qhm, 1>(Entry {
    name: "Qhm",
    label: "QHM",
    summary: "A weighted average of a plain step and a momentum step.",
    details: "Momentum averages away noise but reacts late; a plain step reacts at once but is noisy. \
            QHM takes nu parts of the one and 1 − nu of the other, which allows a very long memory. \
            Plain descent, momentum, Nesterov's and several others are special cases.",
    source: "facebookresearch/qhoptim; Ma and Yarats (2019), arXiv:1810.06801",
    form: Form::Named,
    card: Some(&Card {
        equation: "g ← g + λ·w\nb ← β·b + (1 − β)·g\nw ← w − γ·((1 − ν)·g + ν·b)",
        shines: "Noisy gradients in long runs: momentum 0.999 with nu 0.7 damps noise and stays nimble.",
        hurts: "Ravines as SGD, since all parameters share a rate. Short runs: at momentum 0.999 the \
            mean needs a thousand updates to fill.",
        differs: "The paper's. PyTorch, Keras and optax have none; torch.optim.SGD's momentum sums \
            gradients where this averages them, so that a rate there is a rate times 1/(1 − β) here.",
        call: "qhoptim.pyt.QHM(params, lr={learning_rate}, nu={nu}, momentum={momentum}, \
            weight_decay={weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    beta = {momentum} if momentum is None else momentum
    g = g + {weight_decay} * w
    s[\"b\"] = beta * s.get(\"b\", 0.0) + (1 - beta) * g
    return w - lr * ((1 - {nu}) * g + {nu} * s[\"b\"])
",
    }),
    fields: &[
        Field {
            meaning: "How far an update goes along the averaged gradient. Too small crawls; too large \
                bounces and diverges. Comparable to SGD's without momentum.",
            default: Given::Number(0.1),
            ..LEARNING_RATE
        },
        Field {
            name: "momentum",
            label: "Momentum",
            meaning: "How much of the gradient's running mean is kept. Small forgets at once; 0.999 \
                averages over about a thousand updates and reacts as late.",
            kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.9999)),
            default: Given::Number(0.999),
            live: true,
        },
        Field {
            name: "nu",
            label: "Nu",
            meaning: "The part of the step that follows the running mean; the rest follows the present \
                gradient. 0 is plain descent, 1 all momentum: late to turn.",
            kind: Kind::Number(Interval::UNIT, Scale::Linear(0.0, 1.0)),
            default: Given::Number(0.7),
            live: true,
        },
        WEIGHT_DECAY,
    ],
});

/// The rule; its buffer is b.
#[derive(Debug, Clone)]
struct Qhm {
    knobs: Knobs,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    momentum: f64,
    nu: f64,
    weight_decay: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            momentum: knobs.number("momentum"),
            nu: knobs.number("nu"),
            weight_decay: knobs.number("weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    /// β and 1 − β; ν and 1 − ν.
    beta: [R; 2],
    nu: [R; 2],
    decay: R,
}

impl Rule<1> for Qhm {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs) }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 1]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { momentum, nu, weight_decay } = self.knobs;
        let beta = scheduled.momentum.unwrap_or(momentum);
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            beta: [beta, 1.0 - beta].map(R::from_f64),
            nu: [nu, 1.0 - nu].map(R::from_f64),
            decay: R::from_f64(weight_decay),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [b]: [&mut R; 1],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        trace.given("β", step.beta[0]);
        trace.given("ν", step.nu[0]);
        trace.given("b", *b);
        let g = decayed(step.decay, w, g, trace);
        *b = step.beta[0] * *b + step.beta[1] * g;
        trace.computed("b", "β·b + (1 − β)·g", *b);
        let along = step.nu[1] * g + step.nu[0] * *b;
        trace.computed("d", "(1 − ν)·g + ν·b", along);
        moved(w, step.rate * along, "−γ·d", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[f64]) {}
}
