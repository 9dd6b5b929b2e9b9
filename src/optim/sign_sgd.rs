//! Sign SGD: one bit of each gradient.
//!
//! ```text
//! θ ← θ − γ·sign(g)
//! ```
//!
//! This is `optax.sign_sgd`; the sign of 0 is 0. PyTorch and Keras have none. Momentum in front of the
//! sign (the paper's Signum) is Lion with β1 = β2 and no decay.

use crate::catalog::{Card, Chosen, Entry, Field, Form};
use crate::numeric::Real;

use super::parts::{LEARNING_RATE, moved, sign};
use super::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};

pub(super) static ROW: OptimizerRow = OptimizerRow::elementwise::<SignSgd, 0>(Entry {
    name: "SignSgd",
    label: "Sign SGD",
    summary: "Every parameter moves by exactly the rate, against the sign of its gradient.",
    details: "Throws away how steep the slope is. That makes all parameters equal, as Adam nearly does, \
            without any memory; Adam with both betas at 0 is this rule. Made for workers that send one \
            bit a gradient.",
    source: "optax.sign_sgd; Bernstein et al. (2018), arXiv:1802.04434",
    form: Form::Named,
    card: Some(&Card {
        equation: "w ← w − γ·sign(g)",
        shines: "As the plainest rule that does not care about scale: it shows what Adam does beside \
            averaging.",
        hurts: "Near a minimum it steps over it by γ for ever; on small batches the sign of a small \
            gradient is chance.",
        differs: "optax's. PyTorch and Keras have none; torch.optim.Rprop with both etas at 1 is the same. \
            The paper's Signum takes the sign of a running mean.",
        call: "optax.sign_sgd({learning_rate})",
        numpy: "\
def update(w, g, s, t, lr, momentum):
    return w - lr * np.sign(g)
",
    }),
    fields: &[Field {
        meaning: "How far every parameter moves in every update. Too small crawls; too large jumps around \
            the minimum: it never comes nearer than about half of it.",
        ..LEARNING_RATE
    }],
});

/// The rule; it has no memory at all.
#[derive(Debug, Clone)]
struct SignSgd;

impl Rule<0> for SignSgd {
    type Step<R: Real> = R;

    fn new(_: &Chosen<Optimizers>) -> Self {
        Self
    }

    fn configure<R: Real>(&mut self, _: &Chosen<Optimizers>, _: &mut [Vec<R>; 0]) {}

    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> R {
        R::from_f64(scheduled.learning_rate)
    }

    #[inline(always)]
    fn element<R: Real, T: Trace<R>>(rate: &R, w: R, g: R, _: [&mut R; 0], trace: &mut T) -> R {
        trace.given("γ", *rate);
        let u = sign(g);
        trace.computed("u", "sign(g)", u);
        moved(w, *rate * u, "−γ·u", trace)
    }

    fn numbers(&self) -> Vec<f64> {
        Vec::new()
    }

    fn restore(&mut self, _: &[f64]) {}
}
