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

use crate::catalog::{Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::{Optimizer, OptimizerRow, OptimizerState, Optimizers};

pub(super) static ROW: OptimizerRow = OptimizerRow {
    entry: Entry {
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
    },
    f32: |len| Box::new(Sgd::<f32>::new(len)),
    f64: |len| Box::new(Sgd::<f64>::new(len)),
};

/// The rule with its velocity.
#[derive(Debug)]
struct Sgd<R> {
    velocity: Vec<R>,
    /// Whether `velocity` holds the trace of the last update; false before momentum's first one.
    rolling: bool,
    knobs: Knobs,
}

#[derive(Debug, Clone, Copy, Default)]
struct Knobs {
    momentum: f64,
    dampening: f64,
    weight_decay: f64,
    nesterov: bool,
}

impl<R: Real> Sgd<R> {
    fn new(len: usize) -> Self {
        Self { velocity: vec![R::ZERO; len], rolling: false, knobs: Knobs::default() }
    }
}

impl<R: Real> Optimizer<R> for Sgd<R> {
    fn configure(&mut self, knobs: &Chosen<Optimizers>) {
        self.knobs = Knobs {
            momentum: knobs.number("momentum"),
            dampening: knobs.number("dampening"),
            weight_decay: knobs.number("weight_decay"),
            nesterov: knobs.flag("nesterov"),
        };
    }

    fn update(&mut self, learning_rate: f64, params: &mut [R], gradient: &[R]) {
        let Knobs { momentum, dampening, weight_decay, nesterov } = self.knobs;
        let rate = R::from_f64(learning_rate);
        let decay = R::from_f64(weight_decay);
        if momentum == 0.0 {
            self.rolling = false;
            if weight_decay == 0.0 {
                for (w, &g) in params.iter_mut().zip(gradient) {
                    *w -= rate * g;
                }
            } else {
                for (w, &g) in params.iter_mut().zip(gradient) {
                    *w -= rate * (g + decay * *w);
                }
            }
            return;
        }
        let mu = R::from_f64(momentum);
        // The bare gradient starts the velocity: 0·b + 1·g, which also clears an old trace.
        let (keep, take) = if self.rolling {
            (mu, R::from_f64(1.0 - dampening))
        } else {
            self.velocity.fill(R::ZERO);
            (R::ZERO, R::ONE)
        };
        self.rolling = true;
        for ((w, &g), b) in params.iter_mut().zip(gradient).zip(&mut self.velocity) {
            let g = g + decay * *w;
            *b = keep * *b + take * g;
            *w -= rate * if nesterov { g + mu * *b } else { *b };
        }
    }

    fn state(&self) -> OptimizerState<R> {
        let Self { velocity, rolling, knobs: _ } = self;
        OptimizerState {
            buffers: vec![velocity.clone()],
            numbers: vec![f64::from(u8::from(*rolling))],
        }
    }

    fn restore(&mut self, state: &OptimizerState<R>) {
        let Self { velocity, rolling, knobs: _ } = self;
        velocity.copy_from_slice(&state.buffers[0]);
        *rolling = state.numbers[0] != 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::build_optimizer;

    #[test]
    fn momentum_turned_up_in_mid_run_starts_from_the_bare_gradient() {
        let mut knobs = Chosen::<Optimizers>::named("Sgd").unwrap().with("learning_rate", 1.0);
        let mut sgd = build_optimizer::<f64>(&knobs, 1);
        let mut w = [0.0];
        let set = |knobs: &mut Chosen<Optimizers>, momentum: f64| {
            *knobs = knobs.clone().with("momentum", momentum).with("dampening", 0.5);
        };
        set(&mut knobs, 0.9);
        sgd.configure(&knobs);
        sgd.update(1.0, &mut w, &[1.0]);
        assert_eq!(w, [-1.0], "first: no dampening");
        set(&mut knobs, 0.0);
        sgd.configure(&knobs);
        sgd.update(1.0, &mut w, &[1.0]);
        assert_eq!(w, [-2.0]);
        set(&mut knobs, 0.9);
        sgd.configure(&knobs);
        sgd.update(1.0, &mut w, &[4.0]);
        assert_eq!(w, [-6.0], "the old velocity is forgotten");
        sgd.update(1.0, &mut w, &[4.0]);
        assert_eq!(w, [-6.0 - (0.9 * 4.0 + 0.5 * 4.0)]);
    }
}
