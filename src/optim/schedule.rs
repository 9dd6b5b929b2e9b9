//! How a learning rate moves: a closed form of the base rate and the number of updates done, with an
//! optional warm-up joined in front.
//!
//! Invariant: the rate of an update depends on the base rate, the schedule's own numbers and the
//! step alone, so that a rewind needs no memory and an edit of the base acts at once. Lengths are
//! fixed when a schedule is built: a run that is lengthened later keeps its shape and holds the last
//! rate.
//!
//! Not here: the schedules ([`super::schedules`]).

use std::f64::consts::PI;

use crate::catalog::{Chosen, Duration, Entry, Field, Given, Interval, Kind, Scale, Value};

use super::Schedules;

/// A row of the table: how a schedule is described, and its closed form.
#[derive(Debug)]
pub struct ScheduleRow {
    /// Name, knobs, documentation.
    pub entry: Entry,
    /// Whether the form needs to know where it ends.
    pub needs_length: bool,
    /// The rate of the update after `t` updates since the warm-up.
    pub rate: fn(&Curve<'_>, t: f64) -> f64,
}

/// What a closed form is a form of.
#[derive(Debug)]
pub struct Curve<'a> {
    /// The optimizer's own rate.
    pub base: f64,
    /// The length in updates, warm-up not counted; infinite if nobody needs it.
    pub length: f64,
    /// The schedule's numbers, in the order of its fields.
    pub knobs: &'a [f64],
}

/// How long a run is, for lengths counted in epochs and lengths left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Updates of the planned run; `None` if unlimited.
    pub steps: Option<u64>,
    /// Updates in one epoch (1 on a surface).
    pub epoch: u64,
}

impl Span {
    fn updates(self, duration: Duration) -> u64 {
        match duration {
            Duration::Steps(n) => n,
            Duration::Epochs(n) => n.saturating_mul(self.epoch),
        }
    }
}

/// Why a schedule could not be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// The form has an end, and neither the schedule nor the run says where.
    #[error(
        "the schedule {0} needs to know where it ends, but the run is unlimited: give it a `length`, \
         such as `length: Epochs(100)`"
    )]
    NoLength(&'static str),
}

/// The fields every schedule ends with: the warm-up.
pub(super) const WARM_UP: Field = Field {
    name: "warm_up",
    label: "Warm-up",
    meaning: "How long the rate first climbs in a straight line to its full height. None starts at \
        full height; long warm-ups keep early, wild gradients from doing harm, and waste time if \
        there are none.",
    kind: Kind::Duration,
    default: Given::NoDuration,
    live: false,
};

/// Where the warm-up starts.
pub(super) const WARM_UP_START: Field = Field {
    name: "warm_up_start",
    label: "Warm-up from",
    meaning: "The part of the full rate that the first update of the warm-up uses.",
    kind: Kind::Number(
        Interval { low: 0.0, high: 1.0, low_open: true, high_open: false },
        Scale::Log(1e-4, 1.0),
    ),
    default: Given::Number(0.01),
    live: false,
};

/// A schedule built for one run.
#[derive(Debug, Clone)]
pub struct Schedule {
    chosen: Chosen<Schedules>,
    row: &'static ScheduleRow,
    knobs: Vec<f64>,
    warm_up: u64,
    warm_up_start: f64,
    length: f64,
}

impl Schedule {
    /// Fixes the lengths of the chosen schedule for a run of the given span.
    ///
    /// # Errors
    /// If the form has an end and nobody says where.
    pub fn new(chosen: &Chosen<Schedules>, span: Span) -> Result<Self, ScheduleError> {
        let row = Schedules::row(chosen.entry()).expect("a chosen schedule comes from the table");
        let duration = |field| match chosen.get(field) {
            Some(Value::Duration(duration)) => *duration,
            _ => None,
        };
        let warm_up = duration("warm_up").map_or(0, |d| span.updates(d));
        let length = match duration("length").map(|d| span.updates(d)) {
            Some(own) => Some(own),
            None => span.steps.map(|all| all.saturating_sub(warm_up)),
        };
        if row.needs_length && length.is_none() {
            return Err(ScheduleError::NoLength(row.entry.name));
        }
        Ok(Self {
            chosen: chosen.clone(),
            row,
            knobs: chosen.knobs(),
            warm_up,
            warm_up_start: chosen.number("warm_up_start"),
            length: length.map_or(f64::INFINITY, |n| n as f64),
        })
    }

    /// The choice it was built from, with its numbers as they are now.
    pub fn chosen(&self) -> &Chosen<Schedules> {
        &self.chosen
    }

    /// Takes over changed numbers; lengths stay as they were built.
    pub fn retune(&mut self, chosen: Chosen<Schedules>) {
        self.knobs = chosen.knobs();
        self.chosen = chosen;
    }

    /// The rate of the update after `step` updates, for the given base rate.
    #[inline]
    pub fn rate(&self, base: f64, step: u64) -> f64 {
        if step < self.warm_up {
            let start = self.warm_up_start;
            return base * (start + (1.0 - start) * (step as f64 / self.warm_up as f64));
        }
        let curve = Curve { base, length: self.length, knobs: &self.knobs };
        (self.row.rate)(&curve, (step - self.warm_up) as f64)
    }
}

/// Falls from 1 at t = 0 to 0 at t = 1 along half a cosine, and stays there.
pub(super) fn half_cosine(t: f64) -> f64 {
    if t >= 1.0 { 0.0 } else { f64::midpoint(1.0, (PI * t).cos()) }
}
