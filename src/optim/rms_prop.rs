//! `RMSprop`, plain, centered, and with momentum.
//!
//! With g the gradient (plus λθ), v the running mean of its square, a that of g itself, b momentum:
//!
//! ```text
//! v ← α·v + (1 − α)·g²
//! a ← α·a + (1 − α)·g,  r = √(v − a²)   if centered, else r = √v
//! u = g / (r + ε)
//! b ← μ·b + u,  u = b                   with momentum
//! θ ← θ − γ·u
//! ```
//!
//! This is `torch.optim.RMSprop`, except that v − a², which rounding can push below 0 on a constant
//! gradient, is held at 0 where PyTorch gets NaN. Nothing corrects the start of v at 0: the first steps
//! are 1/√(1 − α) times too long. optax and Keras put ε inside the root; Keras multiplies b by the rate
//! before it is added up, which differs when the rate changes.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::parts::{EPSILON, LEARNING_RATE, WEIGHT_DECAY, decayed, moved};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<RmsProp, 3>(Entry {
    name: "RmsProp",
    label: "RMSprop",
    summary: "Divides each gradient by the running size of its own past gradients.",
    details: "Every parameter moves about learning_rate an update, as under Adam, but without Adam's \
            correction of the first steps and, by default, without momentum. Unlike Adagrad it forgets: \
            its steps do not fade out. Centered, it divides by the spread of the gradient around its \
            mean, which grows the steps along a steady slope.",
    source: "torch.optim.RMSprop; Tieleman and Hinton (2012), lecture 6e; Graves (2013)",
    form: Form::Named,
    card: Some(&Card {
        equation: "g ← g + λ·w\nv ← α·v + (1 − α)·g²\na ← α·a + (1 − α)·g\nr = √(v − a²) if centered, \
            else √v\nb ← μ·b + g / (r + ε)\nw ← w − γ·b",
        shines: "Gradients whose size drifts: recurrent networks, reinforcement learning.",
        hurts: "Its first steps are too long, about 10·γ at α = 0.99; near a minimum it keeps jumping by γ \
            unless the rate falls. Centered, a steady gradient makes the divisor vanish.",
        differs: "PyTorch's. optax and Keras put ε inside the root and use a decay of 0.9; Keras scales \
            the momentum by the rate. Where rounding makes v − a² negative, PyTorch gives NaN and this 0.",
        call: "torch.optim.RMSprop(params, lr={learning_rate}, alpha={alpha}, eps={epsilon}, \
            weight_decay={weight_decay}, momentum={momentum}, centered={centered})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    mu = {momentum} if momentum is None else momentum
    g = g + {weight_decay} * w
    v = s[\"v\"] = {alpha} * s.get(\"v\", 0.0) + (1 - {alpha}) * g * g
    if {centered}:
        s[\"a\"] = {alpha} * s.get(\"a\", 0.0) + (1 - {alpha}) * g
        v = np.maximum(v - s[\"a\"] ** 2, 0.0)
    else:
        s.pop(\"a\", None)
    u = g / (np.sqrt(v) + {epsilon})
    s[\"b\"] = u = mu * s.get(\"b\", 0.0) + u if mu else u
    return w - lr * u
",
    }),
    fields: &[
        Field { default: Given::Number(0.01), ..LEARNING_RATE },
        Field {
            name: "alpha",
            label: "Alpha",
            meaning: "How much of the squares' running mean is kept. Too small makes step sizes jump with \
                each batch; close to 1 remembers an early steep slope for long.",
            kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.9999)),
            default: Given::Number(0.99),
            live: true,
        },
        EPSILON,
        WEIGHT_DECAY,
        Field {
            name: "momentum",
            label: "Momentum",
            meaning: "The part of the last step kept in the next, after the division. 0 forgets at once; \
                at 0.9 steps grow tenfold along a steady slope, so that the rate must fall as much.",
            kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
            default: Given::Number(0.0),
            live: true,
        },
        Field {
            name: "centered",
            label: "Centered",
            meaning: "Divides by the gradient's spread around its running mean instead of its size. \
                Larger steps where the gradient is steady; unstable where it hardly varies.",
            kind: Kind::Flag,
            default: Given::Flag(false),
            live: true,
        },
    ],
});

/// The rule; its buffers are v, a and b.
#[derive(Debug, Clone)]
struct RmsProp {
    knobs: Knobs,
    /// Whether b holds the last step; false before momentum's first one.
    rolling: bool,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    alpha: f64,
    epsilon: f64,
    weight_decay: f64,
    momentum: f64,
    centered: bool,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            alpha: knobs.number("alpha"),
            epsilon: knobs.number("epsilon"),
            weight_decay: knobs.number("weight_decay"),
            momentum: knobs.number("momentum"),
            centered: knobs.flag("centered"),
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
    momentum: R,
    /// Whether there is momentum, and whether b holds the last step.
    rolls: bool,
    rolling: bool,
    centered: bool,
}

impl Rule<3> for RmsProp {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), rolling: false }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, buffers: &mut [Vec<R>; 3]) {
        let knobs = Knobs::of(knobs);
        if self.knobs.centered && !knobs.centered {
            // Turned on again later, the mean of the gradient starts anew.
            buffers[1].fill(R::ZERO);
        }
        self.knobs = knobs;
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { alpha, epsilon, weight_decay, momentum, centered } = self.knobs;
        let momentum = scheduled.momentum.unwrap_or(momentum);
        let rolls = momentum != 0.0;
        let rolling = std::mem::replace(&mut self.rolling, rolls);
        Step {
            rate: R::from_f64(scheduled.learning_rate),
            old: R::from_f64(alpha),
            new: R::from_f64(1.0 - alpha),
            epsilon: R::from_f64(epsilon),
            decay: R::from_f64(weight_decay),
            momentum: R::from_f64(momentum),
            rolls,
            rolling,
            centered,
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        g: R,
        [v, a, b]: [&mut R; 3],
        trace: &mut T,
    ) -> R {
        trace.given("γ", step.rate);
        trace.given("α", step.old);
        trace.given("ε", step.epsilon);
        trace.given("v", *v);
        let g = decayed(step.decay, w, g, trace);
        *v = step.old * *v + step.new * (g * g);
        trace.computed("v", "α·v + (1 − α)·g²", *v);
        let mut square = *v;
        if step.centered {
            trace.given("a", *a);
            *a = step.old * *a + step.new * g;
            trace.computed("a", "α·a + (1 − α)·g", *a);
            square = Real::max(*v - *a * *a, R::ZERO);
        }
        let root = square.sqrt();
        trace.computed("r", if step.centered { "√max(v − a², 0)" } else { "√v" }, root);
        let scale = root + step.epsilon;
        trace.computed("γ_eff", "γ / (r + ε)", step.rate / scale);
        let mut u = g / scale;
        trace.computed("u", "g / (r + ε)", u);
        if step.rolls {
            trace.given("μ", step.momentum);
            if step.rolling {
                trace.given("b", *b);
                *b = step.momentum * *b + u;
                trace.computed("b", "μ·b + u", *b);
            } else {
                *b = u;
                trace.computed("b", "u", *b);
            }
            u = *b;
        }
        moved(w, step.rate * u, if step.rolls { "−γ·b" } else { "−γ·u" }, trace)
    }

    fn numbers(&self) -> Vec<f64> {
        vec![f64::from(u8::from(self.rolling))]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.rolling = numbers[0] != 0.0;
    }
}
