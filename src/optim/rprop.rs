//! Rprop: resilient propagation, by signs alone.
//!
//! With g the gradient, p the gradient used last, s each parameter's own step size:
//!
//! ```text
//! σ = sign(g)·sign(p)
//! s ← s·η_plus if σ > 0,  s·η_minus if σ < 0,  then into [step_min, step_max]
//! g ← 0 if σ < 0
//! θ ← θ − sign(g)·s,   p ← g
//! ```
//!
//! This is `torch.optim.Rprop` (iRprop⁻: after a turn it waits one update and does not step back), and
//! optax's. The learning rate is where every s starts, and nothing more. σ is taken from two signs: the
//! product of two tiny gradients, which PyTorch takes, would vanish.

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::parts::{LEARNING_RATE, moved, sign};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<Rprop, 2>(Entry {
    name: "Rprop",
    label: "Rprop",
    summary: "Looks at the gradient's signs only: longer steps while they stay, shorter when they turn.",
    details: "Each parameter has a step size of its own, which grows while the sign of its gradient \
            stays and is cut when it turns; how steep it is does not matter. Needs the gradient of all \
            rows (batch_size: Full): on batches the signs turn by chance and all steps shrink.",
    source: "torch.optim.Rprop; Riedmiller and Braun (1993); Igel and Hüsken (2003)",
    form: Form::Named,
    card: Some(&Card {
        equation: "σ = sign(g)·sign(p)\ns ← s·η_plus if σ > 0, s·η_minus if σ < 0, within [step_min, step_max]\n\
            g ← 0 if σ < 0\nw ← w − sign(g)·s\np ← g",
        shines: "Small networks on all rows at once, where it is hard to beat and needs no tuning; \
            surfaces whose steepness differs by orders of magnitude.",
        hurts: "Mini-batches and noise: nine small gradients of one sign and one large of the other move \
            it the wrong way. A ravine oblique to the axes makes the signs alternate.",
        differs: "PyTorch's and optax's, which wait one update after a turn of sign. The first paper steps \
            back there. PyTorch multiplies g by p, which underflows for tiny gradients; here the signs \
            are multiplied. Keras has none.",
        call: "torch.optim.Rprop(params, lr={learning_rate}, etas=({eta_minus}, {eta_plus}), \
            step_sizes=({step_min}, {step_max}))",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    turn = np.sign(g) * np.sign(s.get(\"p\", 0.0))
    factor = np.where(turn > 0, {eta_plus}, np.where(turn < 0, {eta_minus}, 1.0))
    size = s.get(\"s\", np.zeros_like(w) + lr) * factor
    s[\"s\"] = np.minimum(np.maximum(size, {step_min}), {step_max})
    s[\"p\"] = g = np.where(turn < 0, 0.0, g)
    return w - np.sign(g) * s[\"s\"]
",
    }),
    fields: &[
        Field {
            label: "First step",
            meaning: "The length of each parameter's first step; from then on the steps find their own \
                lengths, and neither a schedule nor this number moves them. Too small loses some updates \
                to growing; too large starts with a leap.",
            default: Given::Number(0.01),
            live: false,
            ..LEARNING_RATE
        },
        Field {
            name: "eta_minus",
            label: "Shrink by",
            meaning: "What a step size is multiplied by when its gradient turns. Small stops hard and \
                wastes updates growing again; close to 1 swings around the minimum for long.",
            kind: Kind::Number(Interval::open(0.0, 1.0), Scale::Linear(0.05, 0.95)),
            default: Given::Number(0.5),
            live: true,
        },
        Field {
            name: "eta_plus",
            label: "Grow by",
            meaning: "What a step size is multiplied by while its gradient keeps its sign. Close to 1 \
                takes long to speed up; large runs far past the minimum.",
            kind: Kind::Number(
                Interval { low: 1.0, high: f64::INFINITY, low_open: true, high_open: true },
                Scale::Linear(1.01, 3.0),
            ),
            default: Given::Number(1.2),
            live: true,
        },
        Field {
            name: "step_min",
            label: "Shortest step",
            meaning: "No step size falls below this, so that none gets stuck. Too large and the \
                parameters keep jumping around the minimum.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-12, 1.0)),
            default: Given::Number(1e-6),
            live: true,
        },
        Field {
            name: "step_max",
            label: "Longest step",
            meaning: "No step size grows beyond this. Too small crawls across plateaus; too large lets \
                one long slope end in a leap.",
            kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-3, 100.0)),
            default: Given::Number(50.0),
            live: true,
        },
    ],
});

/// The rule; its buffers are s and p.
#[derive(Debug, Clone)]
struct Rprop {
    knobs: Knobs,
    /// Whether s holds step sizes; false before the first update.
    started: bool,
}

#[derive(Debug, Clone, Copy)]
struct Knobs {
    minus: f64,
    plus: f64,
    least: f64,
    most: f64,
}

impl Knobs {
    fn of(knobs: &Chosen<Optimizers>) -> Self {
        Self {
            minus: knobs.number("eta_minus"),
            plus: knobs.number("eta_plus"),
            least: knobs.number("step_min"),
            most: knobs.number("step_max"),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Step<R> {
    /// The first step size, in the first update.
    first: Option<R>,
    minus: R,
    plus: R,
    least: R,
    most: R,
}

impl Rule<2> for Rprop {
    type Step<R: Real> = Step<R>;

    fn new(knobs: &Chosen<Optimizers>) -> Self {
        Self { knobs: Knobs::of(knobs), started: false }
    }

    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 2]) {
        self.knobs = Knobs::of(knobs);
    }

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Step<R> {
        let Knobs { minus, plus, least, most } = self.knobs;
        let started = std::mem::replace(&mut self.started, true);
        Step {
            first: (!started).then(|| R::from_f64(scheduled.learning_rate)),
            minus: R::from_f64(minus),
            plus: R::from_f64(plus),
            least: R::from_f64(least),
            most: R::from_f64(most),
        }
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(
        step: &Step<R>,
        w: R,
        mut g: R,
        [s, p]: [&mut R; 2],
        trace: &mut T,
    ) -> R {
        if let Some(first) = step.first {
            *s = first;
        }
        trace.given("η_minus", step.minus);
        trace.given("η_plus", step.plus);
        trace.given("step_min", step.least);
        trace.given("step_max", step.most);
        trace.given("s", *s);
        trace.given("p", *p);
        let turn = sign(g) * sign(*p);
        trace.computed("σ", "sign(g)·sign(p)", turn);
        let (factor, formula) = if turn > R::ZERO {
            (step.plus, "s·η_plus, within [step_min, step_max]")
        } else if turn < R::ZERO {
            (step.minus, "s·η_minus, within [step_min, step_max]")
        } else {
            (R::ONE, "s, within [step_min, step_max]")
        };
        *s = Real::min(Real::max(*s * factor, step.least), step.most);
        trace.computed("s", formula, *s);
        if turn < R::ZERO {
            g = R::ZERO;
            trace.computed("g", "0", g);
        }
        *p = g;
        trace.computed("p", "g", g);
        moved(w, sign(g) * *s, "−sign(g)·s", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        vec![f64::from(u8::from(self.started))]
    }

    fn restore(&mut self, numbers: &[f64]) {
        self.started = numbers[0] != 0.0;
    }
}
