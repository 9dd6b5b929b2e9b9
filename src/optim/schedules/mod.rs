//! The schedules, one a file: its row with description, card and closed form.
//!
//! Invariant: for all allowed numbers, rates and momenta are finite and not negative, whatever the
//! step. Where PyTorch has the schedule, the form is PyTorch's, with one update as one step of its
//! scheduler; where PyTorch's has an end, the last rate is held after it.
//!
//! Deliberately not here: the warm-up, and when a rate is asked for ([`super::schedule`]).

mod constant;
mod cosine;
mod cosine_restarts;
mod cyclic;
mod exponential;
mod inverse_sqrt;
mod multi_step;
mod one_cycle;
mod plateau;
mod polynomial;
mod step;

pub use plateau::ScheduleMemory;

use super::schedule::{Flaw, Lengths, duration};
use super::{ScheduleRow, Schedules};
use crate::catalog::{Chosen, Duration, Entry, Field, Given, Interval, Kind, Scale};

/// One row a schedule, in the order of menus.
pub(super) static TABLE: &[&ScheduleRow] = &[
    &constant::ROW,
    &cosine::ROW,
    &one_cycle::ROW,
    &step::ROW,
    &multi_step::ROW,
    &exponential::ROW,
    &polynomial::ROW,
    &inverse_sqrt::ROW,
    &cosine_restarts::ROW,
    &cyclic::ROW,
    &plateau::ROW,
];

/// The row of a plain closed form.
const fn row(entry: Entry, rate: fn(&super::Curve<'_>, f64) -> f64) -> ScheduleRow {
    ScheduleRow {
        entry,
        lengths: None,
        must_fit: false,
        rate,
        momentum: None,
        watch: None,
        flaw: None,
    }
}

/// A `length` that is the planned run's where it is left out.
const WHOLE_RUN: Lengths = Lengths {
    are_missing: |chosen| duration(chosen, "length").is_none(),
    fill: |chosen, run| match run {
        Some(run) => chosen.with("length", Some(Duration::Steps(run))),
        None => chosen,
    },
    ask: "a `length`, such as `length: Epochs(100)`",
};

/// What steps of the rate multiply it with.
const FACTOR: Field = Field {
    name: "factor",
    label: "Factor",
    meaning: "What the rate is multiplied with at each step. Close to 1 hardly changes it; 0.1 is the \
        usual large step; smaller soon brings training to a halt. Above 1 it climbs.",
    kind: Kind::Number(Interval::POSITIVE, Scale::Log(0.01, 1.0)),
    default: Given::Number(0.1),
    live: true,
};

/// The rate at the end of a fall.
const MIN: Field = Field {
    name: "min",
    label: "Lowest rate",
    meaning: "The learning rate at the end. 0 comes to rest; above the optimizer's rate the curve \
        rises instead.",
    kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
    default: Given::Number(0.0),
    live: true,
};

/// The rate after `times` multiplications, which may be no whole number; finite for all factors.
fn falls(base: f64, factor: f64, times: f64) -> f64 {
    (base * factor.powf(times).min(f64::MAX)).min(f64::MAX)
}

/// A length of 0, where there must be some.
fn not_zero(chosen: &Chosen<Schedules>, field: &'static str) -> Option<Flaw> {
    (duration(chosen, field) == Some(0)).then(|| Flaw {
        field,
        message: format!("`{field}` is no time at all"),
        hint: "write at least Steps(1)",
    })
}

/// Two numbers of which the first must not be greater.
fn in_order(chosen: &Chosen<Schedules>, low: &'static str, high: &'static str) -> Option<Flaw> {
    let (a, b) = (chosen.number(low), chosen.number(high));
    (a > b).then(|| Flaw {
        field: low,
        message: format!("`{low}` is {a:?}, above `{high}`, which is {b:?}"),
        hint: "exchange them, or bring them into order",
    })
}
