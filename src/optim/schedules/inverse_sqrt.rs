//! A fall with the square root of the updates done.
//!
//! Not here: falls with an end ([`super::polynomial`]).

use super::super::ScheduleRow;
use super::super::schedule::{WARM_UP, WARM_UP_START};
use super::row;
use crate::catalog::{Card, Entry, Form};

pub(super) static ROW: ScheduleRow = row(
    Entry {
        name: "InverseSqrt",
        label: "Inverse square root",
        summary: "The learning rate falls as 1 / √ of the updates done, after its warm-up.",
        details: "base · √(w / (w + t)), where w is the warm-up in updates, at least 1, and t the \
            updates since: the longer the climb, the slower the fall. Without a warm-up it is \
            base / √(1 + t).",
        source: "Vaswani et al. (2017); Robbins and Monro (1951)",
        form: Form::Named,
        card: Some(&Card {
            equation: "rate(t) = base · √(w / (w + t)), w = max(1, warm_up)",
            shines: "When the run's length is open: it never comes to rest and never stands still. \
                The classic schedule of transformers; and 1/√t is what the theory of stochastic \
                convex problems asks for.",
            hurts: "Without a warm-up it is down to a tenth after 100 updates, long before the end. \
                The last rate is still far above 0, so that the final noise stays.",
            differs: "The paper scales by the width of its model, d^−0.5 · min(n^−0.5, n · w^−1.5); \
                here the height is the optimizer's own rate, as in fairseq. PyTorch, Keras and optax \
                leave it to a function of one's own.",
            call: "torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: ({warm_up} / ({warm_up} + t)) ** 0.5)",
            numpy: "\
def rate(base, t, length):
    w = max(1, {warm_up} or 1)
    return base * math.sqrt(w / (w + t))
",
        }),
        fields: &[WARM_UP, WARM_UP_START],
    },
    |curve, t| {
        let w = curve.numbers[0].max(1.0);
        curve.base * (w / (w + t)).sqrt()
    },
);
