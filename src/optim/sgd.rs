//! Stochastic gradient descent with momentum, dampening, Nesterov's look-ahead and weight decay.
//!
//! With g the gradient, θ the parameters, γ the learning rate, μ momentum, τ dampening, λ decay:
//!
//! ```text
//! g ← g + λθ
//! b ← g at the first update with momentum, else μb + (1 − τ)g
//! g ← b, or g + μb with Nesterov
//! θ ← θ − γg
//! ```
//!
//! This is `torch.optim.SGD`. The first buffer is the bare gradient, without dampening; that also
//! holds when momentum is turned up from 0 in mid-run.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Sgd, 1>(Entry {
    name: "Sgd",
    label: "SGD",
    summary: "Steps straight down the gradient; with momentum it rolls like a ball.",
    details: "w ← w − learning_rate · g. With momentum the steps add up along a steady slope and \
            cancel across a ravine; Nesterov's variant looks ahead before it steps and runs past a \
            minimum less. On all rows at once (batch_size: Full) this is plain gradient descent. \
            Rule and names are PyTorch's; the learning rate defaults to 0.01, the tutorials' value, \
            where torch 2 says 0.001. Keras scales the velocity by the learning rate, which differs \
            when the rate changes during a run.",
    source: "torch.optim.SGD; Robbins and Monro (1951); Polyak (1964); Sutskever et al. (2013)",
    form: Form::Named,
    card: Some(&Card {
        equation: "g ← g + λ·w\nb ← μ·b + (1 − τ)·g (the first time g)\nd = b, or g + μ·b with \
            Nesterov, or g without momentum\nw ← w − γ·d",
        shines: "Convex losses, and large networks with a tuned rate and schedule, where it often \
            generalises best. On a surface it shows the bare gradient.",
        hurts: "Ravines: the rate that the steep side allows crawls along the flat one. Parameters whose \
            gradients differ by orders of magnitude share one rate.",
        differs: "PyTorch's: the first b is g without dampening, and b is multiplied by the rate of the \
            moment. Keras keeps rate times gradient in b, so a falling rate acts late there. optax.sgd \
            has no dampening. Polyak's and Nesterov's papers agree with Keras.",
        call: "torch.optim.SGD(params, lr={learning_rate}, momentum={momentum}, dampening={dampening}, \
            weight_decay={weight_decay}, nesterov={nesterov})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    mu = {momentum} if momentum is None else momentum
    g = g + {weight_decay} * w
    if mu:
        s[\"b\"] = mu * s[\"b\"] + (1 - {dampening}) * g if \"b\" in s else g
        g = g + mu * s[\"b\"] if {nesterov} else s[\"b\"]
    else:
        s.clear()
    return w - lr * g
",
    }),
    fields: &[
        Field {
            name: "learning_rate",
            label: "Learning rate",
            meaning: "How far each update goes along the gradient. Too small crawls; too large \
                    bounces from wall to wall and diverges. Usual first tries: 0.1, 0.01, 0.001.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-5, 10.0)),
            default: Given::Number(0.01),
            live: true,
        },
        Field {
            name: "momentum",
            label: "Momentum",
            meaning: "The part of the last step kept in the next. 0 forgets at once; 0.9 smooths \
                    over about ten updates; close to 1 overshoots and swings for long.",
            kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
            default: Given::Number(0.0),
            live: true,
        },
        Field {
            name: "dampening",
            label: "Dampening",
            meaning: "How much of each new gradient momentum leaves out. 0 lets steps grow to \
                    1/(1 − momentum) gradients; set equal to momentum, steps keep a gradient's size.",
            kind: Kind::Number(Interval::UNIT, Scale::Linear(0.0, 1.0)),
            default: Given::Number(0.0),
            live: true,
        },
        Field {
            name: "weight_decay",
            label: "Weight decay",
            meaning: "Pulls every parameter toward 0 by this part of it, added to the gradient. \
                    0 is none; too large keeps the model from fitting at all.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
            default: Given::Number(0.0),
            live: true,
        },
        Field {
            name: "nesterov",
            label: "Nesterov",
            meaning: "Looks ahead along the momentum before stepping, which brakes earlier. Does \
                    nothing while momentum is 0.",
            kind: Kind::Flag,
            default: Given::Flag(false),
            live: true,
        },
    ],
});

/// The rule; its buffer is the velocity b.
#[derive(Debug, Clone)]
struct Sgd {
    knobs: Knobs,
    /// Whether the buffer holds the trace of the last update; false before momentum's first one.
    rolling: bool,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    momentum: f64,
    dampening: f64,
    weight_decay: f64,
    nesterov: bool,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            momentum: knobs.number("momentum"),
            dampening: knobs.number("dampening"),
            weight_decay: knobs.number("weight_decay"),
            nesterov: knobs.flag("nesterov"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    momentum: R,
    take: R,
    decay: R,
    /// Whether there is momentum, whether the buffer holds a trace, whether to look ahead.
    rolls: bool,
    rolling: bool,
    nesterov: bool,
}

impl Rule<1> for Sgd {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), rolling: false }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 1]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { momentum, dampening, weight_decay, nesterov } = self.knobs;
        let momentum = scheduled.momentum.unwrap_or(momentum);
        let rolls = momentum != 0.0;
        let rolling = std::mem::replace(&mut self.rolling, rolls);
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            momentum: R::from_f64(momentum),
            take: R::from_f64(1.0 - dampening),
            decay: R::from_f64(weight_decay),
            rolls,
            rolling,
            nesterov,
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
        trace.given("λ", step.decay);
        let g = g + step.decay * w;
        trace.computed("g", "g + λ·w", g);
        let mut along = g;
        if step.rolls {
            trace.given("μ", step.momentum);
            if step.rolling {
                trace.given("τ", R::ONE - step.take);
                trace.given("b", *b);
                *b = step.momentum * *b + step.take * g;
                trace.computed("b", "μ·b + (1 − τ)·g", *b);
            } else {
                *b = g;
                trace.computed("b", "g", *b);
            }
            along = if step.nesterov { g + step.momentum * *b } else { *b };
            trace.computed("d", if step.nesterov { "g + μ·b" } else { "b" }, along);
        } else {
            trace.computed("d", "g", along);
        }
        let moved = step.rate * along;
        trace.computed("Δw", "−γ·d", -moved);
        let after = w - moved;
        trace.computed("w", "w + Δw", after);
        after
    }

    fn numbers(&self) -> Vec<f64> {
        vec![f64::from(u8::from(self.rolling))]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.rolling = numbers[0] != 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::{Elementwise, Optimizer};

    #[test]
    fn momentum_turned_up_in_mid_run_starts_from_the_bare_gradient() {
        let mut knobs = Chosen::<Optimizers>::named("Sgd").unwrap().with("learning_rate", 1.0);
        let mut sgd = Elementwise::<f64, Sgd, 1>::new(&knobs, 1);
        let mut w = [0.0];
        let set = |knobs: &mut Chosen<Optimizers>, momentum: f64| {
            *knobs = knobs.clone().with("momentum", momentum).with("dampening", 0.5);
        };
        set(&mut knobs, 0.9);
        sgd.configure(&knobs);
        sgd.update(Scheduled::rate(1.0), &mut w, &[1.0]);
        assert_eq!(w, [-1.0], "first: no dampening");
        set(&mut knobs, 0.0);
        sgd.configure(&knobs);
        sgd.update(Scheduled::rate(1.0), &mut w, &[1.0]);
        assert_eq!(w, [-2.0]);
        set(&mut knobs, 0.9);
        sgd.configure(&knobs);
        sgd.update(Scheduled::rate(1.0), &mut w, &[4.0]);
        assert_eq!(w, [-6.0], "the old velocity is forgotten");
        sgd.update(Scheduled::rate(1.0), &mut w, &[4.0]);
        assert_eq!(w, [-6.0 - (0.9 * 4.0 + 0.5 * 4.0)]);
    }
}
