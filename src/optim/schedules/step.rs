//! Equal steps down at equal distances.
//!
//! Not here: steps at places of one's own ([`super::multi_step`]).

use super::super::ScheduleRow;
use super::super::schedule::{Lengths, WARM_UP, WARM_UP_START, duration};
use super::{FACTOR, row};
use crate::catalog::{Card, Duration, Entry, Field, Form, Given, Kind};

pub(super) static ROW: ScheduleRow = ScheduleRow {
    lengths: Some(Lengths {
        are_missing: |chosen| duration(chosen, "every").is_none(),
        fill: |chosen, run| {
            let Some(run) = run else { return chosen };
            chosen.with("every", Some(Duration::Steps(run.div_ceil(3).max(1))))
        },
        ask: "`every`, such as `every: Epochs(10)`",
    }),
    flaw: Some(|chosen| super::not_zero(chosen, "every")),
    ..row(
        Entry {
            name: "Step",
            label: "Steps",
            summary: "The learning rate is multiplied by a factor at equal distances.",
            details: "base · factor^⌊t / every⌋. `every` counts updates, as Steps(30), or epochs, as \
                Epochs(30); PyTorch's StepLR counts calls of its step(), which is usually made once \
                an epoch.",
            source: "torch.optim.lr_scheduler.StepLR",
            form: Form::Named,
            card: Some(&Card {
                equation: "rate(t) = base · factor^⌊t / every⌋",
                shines: "When the loss has a floor at each rate: train until it stands still, then \
                    cut. The stairs of the loss show what a lower rate buys.",
                hurts: "The places of the steps must be known beforehand. Too early freezes progress \
                    that the large rate would still have made; too late wastes it.",
                differs: "PyTorch's StepLR and optax's exponential_decay(staircase=True) are this; \
                    Keras has ExponentialDecay(staircase=True). PyTorch multiplies the present rate, \
                    so that a rate changed by hand stays changed; here the base is changed, with the \
                    same effect.",
                call: "torch.optim.lr_scheduler.StepLR(optimizer, step_size={every}, gamma={factor})",
                numpy: "\
def rate(base, t, length):
    every = {every} or max(1, -(-length // 3))
    return base * {factor} ** (t // every)
",
            }),
            fields: &[
                Field {
                    name: "every",
                    label: "Every",
                    meaning: "The distance of the steps, in updates or epochs, counted from the end \
                        of the warm-up; None is a third of the planned run, which makes two steps. \
                        Too short comes to a halt; longer than the run never steps.",
                    kind: Kind::Duration,
                    default: Given::NoDuration,
                    live: false,
                },
                FACTOR,
                WARM_UP,
                WARM_UP_START,
            ],
        },
        |curve, t| {
            let [every, factor, ..] = *curve.numbers else { return curve.base };
            super::falls(curve.base, factor, (t / every.max(1.0)).floor())
        },
    )
};
