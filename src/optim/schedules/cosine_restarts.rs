//! Falls along half a cosine, again and again, each longer than the last.
//!
//! Not here: a single fall ([`super::cosine`]).

use super::super::ScheduleRow;
use super::super::schedule::{Lengths, WARM_UP, WARM_UP_START, duration, half_cosine};
use super::{MIN, row};
use crate::catalog::{Card, Duration, Entry, Field, Form, Given, Kind, Scale};

pub(super) static ROW: ScheduleRow = ScheduleRow {
    lengths: Some(Lengths {
        are_missing: |chosen| duration(chosen, "first").is_none(),
        fill: |chosen, run| {
            let Some(run) = run else { return chosen };
            let multiply = chosen.integer("multiply");
            let first = run.div_ceil(1 + multiply + multiply * multiply).max(1);
            chosen.with("first", Some(Duration::Steps(first)))
        },
        ask: "a `first` fall, such as `first: Epochs(10)`",
    }),
    flaw: Some(|chosen| super::not_zero(chosen, "first")),
    ..row(
        Entry {
            name: "CosineRestarts",
            label: "Cosine, restarted",
            summary: "Falls along half a cosine, jumps back up, and falls again, longer each time.",
            details: "Fall k takes first · multiply^k updates and goes from base to min as Cosine \
                does. PyTorch's CosineAnnealingWarmRestarts.",
            source: "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts; Loshchilov and Hutter \
                (2017)",
            form: Form::Named,
            card: Some(&Card {
                equation: "rate(t) = min + (base − min) · (1 + cos(π s / S)) / 2\ns = updates since \
                    the last restart, S = first · multiply^k",
                shines: "When a good model is wanted at several times: each fall ends in one. A \
                    restart can leave a poor minimum, and the ends of falls make an ensemble for free.",
                hurts: "Right after a restart the loss jumps up; a run that ends there ends worse than \
                    it was. One fall over the whole run usually ends lower.",
                differs: "Keras's CosineDecayRestarts and optax's sgdr_schedule can also lower the \
                    height of each restart; PyTorch's and this come back to the full rate.",
                call: "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0={first}, T_mult={multiply}, eta_min={min})",
                numpy: "\
def rate(base, t, length):
    m = {multiply}
    fall = {first} or max(1, -(-length // (1 + m + m * m)))
    if m == 1:
        t = t % fall
    while t >= fall:
        t, fall = t - fall, fall * m
    return {min} + (base - {min}) * (1 + math.cos(math.pi * t / fall)) / 2
",
            }),
            fields: &[
                Field {
                    name: "first",
                    label: "First fall",
                    meaning: "How long the first fall takes, in updates or epochs, warm-up not \
                        counted; None is such that three falls fill the planned run. Too short \
                        restarts before anything settles.",
                    kind: Kind::Duration,
                    default: Given::NoDuration,
                    live: false,
                },
                Field {
                    name: "multiply",
                    label: "Multiply",
                    meaning: "How many times as long each fall is as the one before. 1 keeps them \
                        equal; 2 doubles; more leaves few restarts.",
                    kind: Kind::Integer { min: 1, max: 10, scale: Scale::Linear(1.0, 10.0) },
                    default: Given::Integer(2),
                    live: false,
                },
                MIN,
                WARM_UP,
                WARM_UP_START,
            ],
        },
        |curve, t| {
            let [first, multiply, min, ..] = *curve.numbers else { return curve.base };
            let (mut since, mut fall) = (t, first.max(1.0));
            if multiply <= 1.0 {
                since %= fall;
            }
            while since >= fall {
                since -= fall;
                fall *= multiply;
            }
            min + (curve.base - min) * half_cosine(since / fall)
        },
    )
};
