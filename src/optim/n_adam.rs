//! `NAdam`: Adam with Nesterov's look-ahead, its momentum growing from half of β1.
//!
//! With g the gradient (plus λθ unless the decay is decoupled), ψ the momentum's decay:
//!
//! ```text
//! μ_t = β1·(1 − ½·0.96^(t·ψ))      P ← P·μ_t
//! m ← β1·m + (1 − β1)·g            v ← β2·v + (1 − β2)·g²
//! n = (1 − μ_t)·g / (1 − P) + μ_{t+1}·m / (1 − P·μ_{t+1})
//! θ ← θ − γ·n / (√(v / (1 − β2ᵗ)) + ε)
//! ```
//!
//! This is `torch.optim.NAdam`, with the product P of the momenta applied. Keras fixes ψ; optax's
//! `nadam` has no such schedule. Deliberately not here: β1ᵗ, which the rule never uses.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::parts::{
    BETA1, BETA2, DECOUPLED, EPSILON, LEARNING_RATE, Mean, WEIGHT_DECAY, decayed, moved,
};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<NAdam, 2>(Entry {
    name: "NAdam",
    label: "NAdam",
    summary: "Adam that steps with the momentum it will have after the step, as Nesterov does.",
    details: "Mixes the present gradient into the momentum once more, which brakes earlier before a \
            turn. Its momentum starts at half of beta1 and grows toward it, the slower the smaller \
            momentum_decay. Otherwise it behaves as Adam.",
    source: "torch.optim.NAdam; Dozat (2016)",
    form: Form::Named,
    card: Some(&Card {
        equation: "μ_t = β1·(1 − ½·0.96^(t·ψ)), P ← P·μ_t\nm ← β1·m + (1 − β1)·g\n\
            v ← β2·v + (1 − β2)·g²\nn = (1 − μ_t)·g / (1 − P) + μ_{t+1}·m / (1 − P·μ_{t+1})\n\
            w ← w − γ·n / (√(v / (1 − β2ᵗ)) + ε)",
        shines: "Where Adam does; often a little faster in the first epochs and along curved valleys.",
        hurts: "Very noisy batches: the present gradient has more weight than under Adam. One knob more \
            that hardly anyone turns.",
        differs: "PyTorch's. Keras lets the momentum grow 250 times faster (ψ = 1, and no such knob). \
            optax.nadam keeps β1 fixed and only looks ahead. The paper's default ψ is PyTorch's 0.004.",
        call: "torch.optim.NAdam(params, lr={learning_rate}, betas=({beta1}, {beta2}), eps={epsilon}, \
            weight_decay={weight_decay}, momentum_decay={momentum_decay}, \
            decoupled_weight_decay={decoupled_weight_decay})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    b1 = {beta1} if momentum is None else momentum
    if {decoupled_weight_decay}:
        w = w * (1 - lr * {weight_decay})
    else:
        g = g + {weight_decay} * w
    now = b1 * (1 - 0.5 * 0.96 ** (t * {momentum_decay}))
    then = b1 * (1 - 0.5 * 0.96 ** ((t + 1) * {momentum_decay}))
    s[\"p\"] = p = s.get(\"p\", 1.0) * now
    s[\"p2\"] = s.get(\"p2\", 1.0) * {beta2}
    s[\"m\"] = b1 * s.get(\"m\", 0.0) + (1 - b1) * g
    s[\"v\"] = {beta2} * s.get(\"v\", 0.0) + (1 - {beta2}) * g * g
    ahead = (1 - now) / (1 - p) * g + then / (1 - p * then) * s[\"m\"]
    return w - lr * ahead / (np.sqrt(s[\"v\"] / (1 - s[\"p2\"])) + {epsilon})
",
    }),
    fields: &[
        Field { default: Given::Number(0.002), ..LEARNING_RATE },
        BETA1,
        BETA2,
        EPSILON,
        WEIGHT_DECAY,
        Field {
            name: "momentum_decay",
            label: "Momentum decay",
            meaning: "How fast the momentum grows from half of beta1 to all of it. 0 leaves it at half; \
                0.004 takes some thousands of updates; at 1 it is there after a hundred.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-4, 1.0)),
            default: Given::Number(0.004),
            live: true,
        },
        DECOUPLED,
    ],
});

/// The rule; its buffers are m and v.
#[derive(Debug, Clone)]
struct NAdam {
    knobs: Knobs,
    /// Π `μ_t`, Π β2 and the updates so far.
    products: [f64; 2],
    done: f64,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    weight_decay: f64,
    momentum_decay: f64,
    decoupled: bool,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            beta1: knobs.number("beta1"),
            beta2: knobs.number("beta2"),
            epsilon: knobs.number("epsilon"),
            weight_decay: knobs.number("weight_decay"),
            momentum_decay: knobs.number("momentum_decay"),
            decoupled: knobs.flag("decoupled_weight_decay"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    rate: R,
    /// β1 and 1 − β1.
    first: [R; 2],
    second: Mean<R>,
    /// (1 − `μ_t`) / (1 − P) and μ_{t+1} / (1 − P·μ_{t+1}).
    shares: [R; 2],
    epsilon: R,
    decay: R,
    decoupled: bool,
}

impl Rule<2> for NAdam {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), products: [1.0; 2], done: 0.0 }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 2]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { beta1, beta2, epsilon, weight_decay, momentum_decay, decoupled } = self.knobs;
        let beta1 = scheduled.momentum.unwrap_or(beta1);
        self.done += 1.0;
        let momentum = |t: f64| beta1 * (1.0 - 0.5 * 0.96_f64.powf(t * momentum_decay));
        let (now, then) = (momentum(self.done), momentum(self.done + 1.0));
        self.products[0] *= now;
        let product = self.products[0];
        let rate = scheduled.learning_rate;
        Step {
            rate: R::from_f64(rate),
            first: [beta1, 1.0 - beta1].map(R::from_f64),
            second: Mean::begin(beta2, &mut self.products[1]),
            shares: [(1.0 - now) / (1.0 - product), then / (1.0 - product * then)].map(R::from_f64),
            epsilon: R::from_f64(epsilon),
            decay: R::from_f64(if decoupled { rate * weight_decay } else { weight_decay }),
            decoupled,
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        mut w: R,
        mut g: R,
        [m, v]: [&mut R; 2],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        trace.given("β1", step.first[0]);
        step.second.tell(["β2", "β2ᵗ"], trace);
        trace.given("ε", step.epsilon);
        trace.given("now", step.shares[0]);
        trace.given("ahead", step.shares[1]);
        trace.given("m", *m);
        trace.given("v", *v);
        if step.decoupled {
            trace.given("γλ", step.decay);
            w -= step.decay * w;
            trace.computed("w", "w − γλ·w", w);
        } else {
            g = decayed(step.decay, w, g, trace);
        }
        *m = step.first[0] * *m + step.first[1] * g;
        trace.computed("m", "β1·m + (1 − β1)·g", *m);
        *v = step.second.of(*v, g * g);
        trace.computed("v", "β2·v + (1 − β2)·g²", *v);
        let n = step.shares[0] * g + step.shares[1] * *m;
        trace.computed("n", "now·g + ahead·m", n);
        let square = step.second.corrected(*v);
        trace.computed("v̂", "v / (1 − β2ᵗ)", square);
        let scale = square.sqrt() + step.epsilon;
        trace.computed("γ_eff", "γ / (√v̂ + ε)", step.rate / scale);
        moved(w, step.rate * (n / scale), "−γ·n / (√v̂ + ε)", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        vec![self.products[0], self.products[1], self.done]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.products.copy_from_slice(&numbers[..2]);
        self.done = numbers[2];
    }
}
