//! Steps down at places of one's own.
//!
//! Not here: steps at equal distances ([`super::step`]).

use super::super::schedule::{Flaw, Lengths, WARM_UP, WARM_UP_START};
use super::super::{ScheduleRow, Schedules};
use super::{FACTOR, row};
use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Kind, Value};

pub(super) static ROW: ScheduleRow = ScheduleRow {
    lengths: Some(Lengths {
        are_missing: |chosen| at(chosen).is_empty(),
        fill: |chosen, run| {
            let Some(run) = run else { return chosen };
            let places = vec![run.div_ceil(2) as f64, (run - run / 4) as f64];
            chosen.with("at", places).with("counted_in", "Steps")
        },
        ask: "places, such as `at: [50, 80], counted_in: Epochs`",
    }),
    flaw: Some(flaw),
    ..row(
        Entry {
            name: "MultiStep",
            label: "Steps at",
            summary: "The learning rate is multiplied by a factor at given places.",
            details: "base · factor^(places passed). The places count updates, or epochs with \
                `counted_in: Epochs`; PyTorch's MultiStepLR counts calls of its step(), which is \
                usually made once an epoch.",
            source: "torch.optim.lr_scheduler.MultiStepLR; He et al. (2016)",
            form: Form::Named,
            card: Some(&Card {
                equation: "rate(t) = base · factor^n, n = how many of `at` are ≤ t",
                shines: "Repeating a published recipe: residual networks were trained with steps of \
                    0.1 at half and at three quarters of the run.",
                hurts: "Each place is a number to guess, and right only for one length, one batch \
                    size and one model.",
                differs: "Keras and optax give the rates or scales of the pieces \
                    (PiecewiseConstantDecay, piecewise_constant_schedule). Keras changes after the \
                    place itself, the others at it: the update after `at` updates is the first with \
                    the new rate, as in PyTorch.",
                call: "torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones={at}, gamma={factor})",
                numpy: "\
def rate(base, t, length):
    places = {at} or [(length + 1) // 2, length - length // 4]
    return base * {factor} ** sum(t >= place for place in places)
",
            }),
            fields: &[
                Field {
                    name: "at",
                    label: "At",
                    meaning: "Where the steps are: whole numbers, ascending, counted from the end of \
                        the warm-up. Empty is half and three quarters of the planned run. Too early \
                        freezes progress; beyond the run's end a place never acts.",
                    kind: Kind::Numbers,
                    default: Given::Numbers(&[]),
                    live: false,
                },
                Field {
                    name: "counted_in",
                    label: "Counted in",
                    meaning: "What the places count: Steps, which are updates, or Epochs, which are \
                        passes over the training rows (one update on a surface).",
                    kind: Kind::Word(&["Steps", "Epochs"]),
                    default: Given::Text("Steps"),
                    live: false,
                },
                FACTOR,
                WARM_UP,
                WARM_UP_START,
            ],
        },
        |curve, t| {
            let passed = curve.list.iter().take_while(|place| **place <= t).count();
            super::falls(curve.base, curve.numbers[2], passed as f64)
        },
    )
};

fn at(chosen: &Chosen<Schedules>) -> &[f64] {
    match chosen.get("at") {
        Some(Value::Numbers(places)) => places,
        _ => &[],
    }
}

fn flaw(chosen: &Chosen<Schedules>) -> Option<Flaw> {
    let places = at(chosen);
    let whole = |n: &f64| n.fract() == 0.0 && (0.0..=9e15).contains(n);
    if let Some(odd) = places.iter().find(|n| !whole(n)) {
        let message = format!("the place {odd} is not a whole number from 0 on");
        return Some(Flaw { field: "at", message, hint: "count updates or epochs from the start" });
    }
    let pair = places.windows(2).find(|pair| pair[1] <= pair[0])?;
    Some(Flaw {
        field: "at",
        message: format!("the places must ascend, but {} follows {}", pair[1], pair[0]),
        hint: "sort them, and name each once",
    })
}
