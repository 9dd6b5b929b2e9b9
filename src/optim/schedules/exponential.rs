//! The same factor again and again.
//!
//! Not here: stairs ([`super::step`]).

use super::super::ScheduleRow;
use super::super::schedule::{WARM_UP, WARM_UP_START};
use super::row;
use crate::catalog::{Card, Entry, Field, Form, Given, Interval, Kind, Scale};

pub(super) static ROW: ScheduleRow = ScheduleRow {
    flaw: Some(|chosen| super::not_zero(chosen, "every")),
    ..row(
        Entry {
            name: "Exponential",
            label: "Exponential",
            summary: "The learning rate shrinks by the same factor over and over.",
            details: "base · factor^(t / every), smoothly. Without `every` the factor acts at each \
                update, as PyTorch's ExponentialLR does at each call of its step(); with \
                `every: Epochs(1)` it is reached once an epoch.",
            source: "torch.optim.lr_scheduler.ExponentialLR",
            form: Form::Named,
            card: Some(&Card {
                equation: "rate(t) = base · factor^(t / every)",
                shines: "When the run's length is open: it has no end to be told. Each update has the \
                    same relative fall, a straight line on a logarithmic axis.",
                hurts: "The right factor depends on how many updates there are: 0.99 leaves 37 % \
                    after 100 and nothing after 5,000. The sum of all rates is finite, so that a \
                    start far away may never be left behind.",
                differs: "PyTorch multiplies once a call of step(), so often once an epoch, in stairs; \
                    Keras's ExponentialDecay and optax's exponential_decay have `every` as \
                    decay_steps and are smooth unless told otherwise, as here.",
                call: "torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: {factor} ** (t / {every}))",
                numpy: "\
def rate(base, t, length):
    return base * {factor} ** (t / ({every} or 1))
",
            }),
            fields: &[
                Field {
                    name: "factor",
                    label: "Factor",
                    meaning: "What the rate is multiplied with over each `every`. Close to 1 falls \
                        slowly; too small comes to a halt within a few updates. Not above 1: the rate \
                        would grow without end.",
                    kind: Kind::Number(
                        Interval { low: 0.0, high: 1.0, low_open: true, high_open: false },
                        Scale::Linear(0.9, 1.0),
                    ),
                    default: Given::Number(0.999),
                    live: true,
                },
                Field {
                    name: "every",
                    label: "Every",
                    meaning: "Over how many updates or epochs the factor acts once; None is each \
                        update. Longer falls more slowly.",
                    kind: Kind::Duration,
                    default: Given::NoDuration,
                    live: false,
                },
                WARM_UP,
                WARM_UP_START,
            ],
        },
        |curve, t| super::falls(curve.base, curve.numbers[0], t / curve.numbers[1].max(1.0)),
    )
};
