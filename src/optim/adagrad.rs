//! Adagrad.
//!
//! With g the gradient (plus λθ), s the sum of its squares so far, η the rate's own decay:
//!
//! ```text
//! s ← s + g²
//! γ_t = γ / (1 + (t − 1)·η)
//! θ ← θ − γ_t · g / (√s + ε)
//! ```
//!
//! This is `torch.optim.Adagrad`: the clock of the decay starts at 0, and ε stands outside the root.
//! Keras and optax put it inside and start s at 0.1; the paper has no ε in its first form.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::parts::{EPSILON, LEARNING_RATE, WEIGHT_DECAY, decayed, moved};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Adagrad, 1>(Entry {
    name: "Adagrad",
    label: "Adagrad",
    summary: "Divides each parameter's step by the size of all its gradients so far.",
    details: "Sums the squares of every gradient and divides by the root of the sum: parameters that \
            rarely see a gradient take large steps when they do, the others ever smaller ones. Since the \
            sum only grows, the rate falls about as 1/√t by itself, and a long run may stall before it \
            has arrived.",
    source: "torch.optim.Adagrad; Duchi, Hazan and Singer (2011)",
    form: Form::Named,
    card: Some(&Card {
        equation: "g ← g + λ·w\ns ← s + g²\nw ← w − γ / (1 + (t − 1)·η) · g / (√s + ε)",
        shines: "Sparse features, such as words that occur in few rows; convex problems, where its \
            falling rate is provably right.",
        hurts: "Long runs of networks: s never forgets, so the steps fade out.",
        differs: "PyTorch's. Keras and optax put ε (1e-7) inside the root and start s at 0.1. The paper \
            has no weight decay and no decay of the rate.",
        call: "torch.optim.Adagrad(params, lr={learning_rate}, lr_decay={learning_rate_decay}, \
            weight_decay={weight_decay}, initial_accumulator_value={initial_accumulator}, eps={epsilon})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    g = g + {weight_decay} * w
    s[\"s\"] = s.get(\"s\", {initial_accumulator}) + g * g
    rate = lr / (1 + (t - 1) * {learning_rate_decay})
    return w - rate * g / (np.sqrt(s[\"s\"]) + {epsilon})
",
    }),
    fields: &[
        Field {
            meaning: "The size of the first step; later ones shrink with the gradients seen. Too small \
                stalls early; too large throws the first updates far off, which the sum then remembers.",
            default: Given::Number(0.01),
            ..LEARNING_RATE
        },
        Field {
            name: "learning_rate_decay",
            label: "Rate decay",
            meaning: "Divides the rate by 1 + this, times the updates done. 0 leaves the falling to the \
                sum of squares; large values stop the run after a few updates.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
            default: Given::Number(0.0),
            live: true,
        },
        WEIGHT_DECAY,
        Field {
            name: "initial_accumulator",
            label: "Initial sum",
            meaning: "What each sum of squares starts from. 0 makes the first step as long as the rate \
                for every parameter; larger holds early steps back, and far larger keeps them all small.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 10.0)),
            default: Given::Number(0.0),
            live: false,
        },
        Field {
            meaning: "Added to the root of the sum, against division by 0. Too large evens out what \
                Adagrad tells apart; too small only matters for vanishing gradients.",
            default: Given::Number(1e-10),
            ..EPSILON
        },
    ],
});

/// The rule; its buffer is s.
#[derive(Debug, Clone)]
struct Adagrad {
    knobs: Knobs,
    /// Updates done.
    done: f64,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    rate_decay: f64,
    weight_decay: f64,
    initial: f64,
    epsilon: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            rate_decay: knobs.number("learning_rate_decay"),
            weight_decay: knobs.number("weight_decay"),
            initial: knobs.number("initial_accumulator"),
            epsilon: knobs.number("epsilon"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    decay: R,
    epsilon: R,
}

impl Rule<1> for Adagrad {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), done: 0.0 }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 1]) {
        self.knobs = Knobs::of(knobs);
    }

    fn initial(&self) -> [f64; 1] {
        [self.knobs.initial]
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let rate = scheduled.learning_rate / (1.0 + self.done * self.knobs.rate_decay);
        self.done += 1.0;
        Step {
            rate: R::from_f64(rate),
            decay: R::from_f64(self.knobs.weight_decay),
            epsilon: R::from_f64(self.knobs.epsilon),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [s]: [&mut R; 1],
        trace: &mut T,
    ) -> R {
        trace.given("γ_t", step.rate);
        trace.given("ε", step.epsilon);
        trace.given("s", *s);
        let g = decayed(step.decay, w, g, trace);
        *s += g * g;
        trace.computed("s", "s + g²", *s);
        let scale = s.sqrt() + step.epsilon;
        trace.computed("γ_eff", "γ_t / (√s + ε)", step.rate / scale);
        moved(w, step.rate * (g / scale), "−γ_t · g / (√s + ε)", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        vec![self.done]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.done = numbers[0];
    }
}
