//! ASGD: gradient descent with a falling rate, and the average of its path beside it.
//!
//! With g the gradient (plus λ′θ, weight decay), t the update, from 1:
//!
//! ```text
//! η_t = γ / (1 + λγ(t − 1))^α
//! θ ← θ − η_t·λ·θ − η_t·g
//! a ← a + (θ − a) / max(1, t − 1 − t0)
//! ```
//!
//! This is `torch.optim.ASGD`, which, as it, trains on with θ and only keeps the average a. PyTorch
//! computes η for the next update from the rate of this one; here a turned rate acts at once, which is
//! the same while the rate is constant.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::parts::{LEARNING_RATE, WEIGHT_DECAY, decayed};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Asgd, 1>(Entry {
    name: "Asgd",
    label: "ASGD",
    summary: "Plain descent whose rate falls by itself, with the average of its path kept aside.",
    details: "Averaging the last points of a noisy descent gives a better one than any of them. As in \
            PyTorch, the average is kept but the parameters are the last point; the microscope shows \
            both. What trains is SGD with a slowly falling rate and a little decay.",
    source: "torch.optim.ASGD; Polyak and Juditsky (1992); Bottou's sgd",
    form: Form::Named,
    card: Some(&Card {
        equation: "g ← g + λ′·w\nη = γ / (1 + λ·γ·(t − 1))^α\nw ← w − η·λ·w − η·g\n\
            a ← a + (w − a) / max(1, t − 1 − t0)",
        shines: "Linear models on many noisy rows, where the average a reaches the best rate there is.",
        hurts: "The parameters themselves gain nothing from the average; ravines slow it down as they \
            slow SGD.",
        differs: "PyTorch's, whose result is the last point too; there a changed rate acts one update \
            later. optax and Keras average with a wrapper or `use_ema` instead.",
        call: "torch.optim.ASGD(params, lr={learning_rate}, lambd={lambda}, alpha={alpha}, t0={t0}, \
            weight_decay={weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    g = g + {weight_decay} * w
    eta = lr / (1 + {lambda} * lr * (t - 1)) ** {alpha}
    w = w - eta * {lambda} * w - eta * g
    a = s.get(\"a\", 0.0)
    s[\"a\"] = a + (w - a) / max(1.0, t - 1 - {t0})
    return w
",
    }),
    fields: &[
        Field {
            meaning: "How far the first update goes along the gradient; lambda and alpha lower it from \
                there. Too small crawls; too large bounces and diverges.",
            default: Given::Number(0.01),
            ..LEARNING_RATE
        },
        Field {
            name: "lambda",
            label: "Lambda",
            meaning: "Shrinks the parameters by this part, times the rate, and sets how soon the rate \
                falls. 0 does neither; too large pulls everything to 0 and stops early.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
            default: Given::Number(1e-4),
            live: true,
        },
        Field {
            name: "alpha",
            label: "Alpha",
            meaning: "The power by which the rate falls. 0 holds it; 0.75 is the theory's; above 1 it \
                may fall too fast to arrive.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Linear(0.0, 1.5)),
            default: Given::Number(0.75),
            live: true,
        },
        Field {
            name: "t0",
            label: "Average from",
            meaning: "The update from which the path is averaged; before it the average is the last \
                point. Too early averages the way down; later than the run never averages.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1.0, 1e6)),
            default: Given::Number(1e6),
            live: true,
        },
        WEIGHT_DECAY,
    ],
});

/// The rule; its buffer is the average a.
#[derive(Debug, Clone)]
struct Asgd {
    knobs: Knobs,
    /// Updates done.
    done: f64,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    lambda: f64,
    alpha: f64,
    t0: f64,
    weight_decay: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            lambda: knobs.number("lambda"),
            alpha: knobs.number("alpha"),
            t0: knobs.number("t0"),
            weight_decay: knobs.number("weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    /// η·λ.
    shrink: R,
    /// The part by which the average moves to the new point.
    share: R,
    decay: R,
}

impl Rule<1> for Asgd {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), done: 0.0 }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 1]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { lambda, alpha, t0, weight_decay } = self.knobs;
        let rate = scheduled.learning_rate;
        let eta = rate / (1.0 + lambda * rate * self.done).powf(alpha);
        let share = 1.0 / f64::max(1.0, self.done - t0);
        self.done += 1.0;
        Step {
            rate: R::from_f64(eta),
            shrink: R::from_f64(eta * lambda),
            share: R::from_f64(share),
            decay: R::from_f64(weight_decay),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [a]: [&mut R; 1],
        trace: &mut T,
    ) -> R {
        trace.given("η", step.rate);
        trace.given("ηλ", step.shrink);
        trace.given("share", step.share);
        trace.given("a", *a);
        let g = decayed(step.decay, w, g, trace);
        let kept = w - step.shrink * w;
        let after = kept - step.rate * g;
        *a = if step.share == R::ONE { after } else { *a + (after - *a) * step.share };
        // The new point is shown last; the average, which comes after it, is told of it beforehand.
        let away = step.shrink * w + step.rate * g;
        trace.computed("Δw", "−ηλ·w − η·g", -away);
        trace.computed("a", "a + (w + Δw − a)·share", *a);
        trace.computed("w", "w + Δw", after);
        after
    }

    fn numbers(&self) -> Vec<f64> {
        vec![self.done]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.done = numbers[0];
    }
}
