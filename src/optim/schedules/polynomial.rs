//! A fall along a power of what is left of the run.
//!
//! Not here: other falls with an end ([`super::cosine`]).

use super::super::ScheduleRow;
use super::super::schedule::{WARM_UP, WARM_UP_START};
use super::{WHOLE_RUN, row};
use crate::catalog::{Card, Entry, Field, Form, Given, Interval, Kind, Scale};

pub(super) static ROW: ScheduleRow = ScheduleRow {
    lengths: Some(WHOLE_RUN),
    ..row(
        Entry {
            name: "Polynomial",
            label: "Polynomial",
            summary: "The learning rate falls to 0 as a power of what is left; a line with power 1.",
            details: "base · (1 − t / T)^power, where T is the planned run without its warm-up, or \
                `length`; 0 after it. PyTorch's PolynomialLR.",
            source: "torch.optim.lr_scheduler.PolynomialLR",
            form: Form::Named,
            card: Some(&Card {
                equation: "rate(t) = base · (1 − t / T)^power",
                shines: "Power 1, the straight line to 0, is hard to beat for a known length, and has \
                    nothing to tune. Powers around 0.9 are usual in segmentation.",
                hurts: "It ends at 0: training on afterwards does nothing. High powers spend most of \
                    the run at tiny rates.",
                differs: "Keras's PolynomialDecay and optax's polynomial_schedule can end above 0; \
                    PyTorch's and this end at 0. Keras's default end is 0.0001.",
                call: "torch.optim.lr_scheduler.PolynomialLR(optimizer, total_iters={length}, power={power})",
                numpy: "\
def rate(base, t, length):
    share = t / length if t < length else 1.0
    return base * (1 - share) ** {power}
",
            }),
            fields: &[
                Field {
                    name: "power",
                    label: "Power",
                    meaning: "The bend of the fall. 1 is a straight line; larger falls early and \
                        lingers near 0; below 1 keeps the rate up and drops at the end.",
                    kind: Kind::Number(Interval::POSITIVE, Scale::Log(0.1, 10.0)),
                    default: Given::Number(1.0),
                    live: true,
                },
                Field {
                    name: "length",
                    label: "Length",
                    meaning: "How long the fall takes, in updates or epochs, warm-up not counted; None \
                        is the planned run. Shorter than the run, the rest does not move at all; \
                        longer, the run ends before the rate is down.",
                    kind: Kind::Duration,
                    default: Given::NoDuration,
                    live: false,
                },
                WARM_UP,
                WARM_UP_START,
            ],
        },
        |curve, t| curve.base * (1.0 - curve.share(t)).powf(curve.numbers[0]),
    )
};
