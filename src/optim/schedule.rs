//! How a learning rate moves: a closed form of the base rate and the number of updates done, with an
//! optional warm-up joined in front.
//!
//! Invariant: the rate of an update depends on the base rate, the schedule's own numbers and the
//! step alone, so that a rewind needs no memory and an edit of the base acts at once. Lengths are
//! fixed when a schedule is built: a run that is lengthened later keeps its shape and holds the last
//! rate. The one exception is a schedule that watches the loss: what it remembers is a
//! [`ScheduleMemory`], which belongs into every checkpoint.
//!
//! Not here: the schedules ([`super::schedules`]).

use std::f64::consts::PI;

use crate::catalog::{Chosen, Duration, Entry, Field, Given, Interval, Kind, Scale, Value};

use super::{ScheduleMemory, Scheduled, Schedules};

/// A row of the table: how a schedule is described, and its closed form.
#[derive(Debug)]
pub struct ScheduleRow {
    /// Name, knobs, documentation.
    pub entry: Entry,
    /// Fills in the lengths that were left out, where the form needs them.
    pub lengths: Option<Lengths>,
    /// Whether the length may not be longer than the run, because the form makes no sense cut off.
    pub must_fit: bool,
    /// The rate of the update after `t` updates since the warm-up.
    pub rate: fn(&Curve<'_>, t: f64) -> f64,
    /// The momentum of the same update, where the schedule moves it too.
    pub momentum: Option<fn(&Curve<'_>, t: f64) -> Option<f64>>,
    /// Shown the mean loss of every epoch, where the schedule watches it.
    pub watch: Option<SeeLoss>,
    /// What is wrong with the numbers together, though each is allowed.
    pub flaw: Option<FindFlaw>,
}

/// Finds numbers that do not go together.
pub type FindFlaw = fn(&Chosen<Schedules>) -> Option<Flaw>;

/// What a watching schedule learns from an epoch: its numbers, its memory, the base rate, the loss.
pub type SeeLoss = fn(&[f64], &mut ScheduleMemory, base: f64, loss: f64);

/// How a schedule's lengths follow from the run's where they are left out.
#[derive(Debug)]
pub struct Lengths {
    /// Whether something is left out.
    pub are_missing: fn(&Chosen<Schedules>) -> bool,
    /// Fills in what it can; the length is that of the run without the warm-up, if it has an end.
    pub fill: fn(Chosen<Schedules>, run: Option<u64>) -> Chosen<Schedules>,
    /// What to write instead, as the end of "give it …".
    pub ask: &'static str,
}

/// Numbers of a schedule that do not go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The field to change.
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

/// What a closed form is a form of.
#[derive(Debug)]
pub struct Curve<'a> {
    /// The optimizer's own rate.
    pub base: f64,
    /// The length in updates, warm-up not counted; infinite if nobody needs it.
    pub length: f64,
    /// The schedule's numbers, in the order of its fields: durations as updates, words as their
    /// place among the words, lists as 0.
    pub numbers: &'a [f64],
    /// Its list of numbers, if it has one.
    pub list: &'a [f64],
    /// What watching the loss has made of the rate: the factor it is at.
    pub factor: f64,
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
        "the schedule {schedule} needs to know where it ends, but the run is unlimited: give it {ask}"
    )]
    NoLength {
        /// The schedule.
        schedule: &'static str,
        /// What to give it.
        ask: &'static str,
    },
    /// The form would be cut off.
    #[error(
        "the schedule {schedule} takes {length} updates, but the run has only {run} for it: shorten \
         its `length`, leave it out, or lengthen the run"
    )]
    TooLong {
        /// The schedule.
        schedule: &'static str,
        /// Its own length.
        length: u64,
        /// Updates of the run after the warm-up.
        run: u64,
    },
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
    meaning: "The part of the full rate that the first update of the warm-up uses. Small is gentle; \
        1 is no warm-up at all, only a wait.",
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
    span: Span,
    /// The choice with all lengths in updates.
    in_updates: Chosen<Schedules>,
    numbers: Vec<f64>,
    list: Vec<f64>,
    warm_up: u64,
    warm_up_start: f64,
    length: Option<u64>,
    memory: ScheduleMemory,
}

impl Schedule {
    /// Fixes the lengths of the chosen schedule for a run of the given span.
    ///
    /// # Errors
    /// If the form has an end and nobody says where, or would be cut off by the run's end.
    pub fn new(chosen: &Chosen<Schedules>, span: Span) -> Result<Self, ScheduleError> {
        let built = Self::built(chosen, span);
        let (row, in_updates) = (built.row, &built.in_updates);
        if let Some(lengths) = row.lengths.as_ref().filter(|l| (l.are_missing)(in_updates)) {
            return Err(ScheduleError::NoLength { schedule: row.entry.name, ask: lengths.ask });
        }
        let run = span.steps.map(|all| all.saturating_sub(built.warm_up));
        if let (true, Some(length), Some(run)) = (row.must_fit, built.length, run)
            && length > run
        {
            return Err(ScheduleError::TooLong { schedule: row.entry.name, length, run });
        }
        Ok(built)
    }

    /// What can be built, with lengths still missing where nobody says them.
    fn built(chosen: &Chosen<Schedules>, span: Span) -> Self {
        let row = Schedules::row(chosen.entry()).expect("a chosen schedule comes from the table");
        let mut in_updates = all_in_updates(chosen, span);
        let warm_up = duration(&in_updates, "warm_up").unwrap_or(0);
        let run = span.steps.map(|all| all.saturating_sub(warm_up));
        if let Some(lengths) = row.lengths.as_ref().filter(|l| (l.are_missing)(&in_updates)) {
            in_updates = (lengths.fill)(in_updates, run);
        }
        let list = in_updates.values().iter().find_map(|value| match value {
            Value::Numbers(list) => Some(list.to_vec()),
            _ => None,
        });
        Self {
            chosen: chosen.clone(),
            row,
            span,
            numbers: numbers(&in_updates),
            list: list.unwrap_or_default(),
            warm_up,
            warm_up_start: chosen.number("warm_up_start"),
            length: duration(&in_updates, "length").or(run),
            memory: ScheduleMemory::FRESH,
            in_updates,
        }
    }

    /// The choice it was built from, with its numbers as they are now.
    pub fn chosen(&self) -> &Chosen<Schedules> {
        &self.chosen
    }

    /// The same choice with all lengths counted in updates and those left out filled in, so that
    /// nothing about the run has to be known to read it.
    pub fn in_updates(&self) -> &Chosen<Schedules> {
        &self.in_updates
    }

    /// Updates of the warm-up.
    pub fn warm_up(&self) -> u64 {
        self.warm_up
    }

    /// Updates from the end of the warm-up to the end of the form; `None` where it has no end.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Takes over changed numbers; lengths stay as they were built.
    pub fn retune(&mut self, chosen: &Chosen<Schedules>) {
        *self = Self { memory: self.memory, ..Self::built(chosen, self.span) };
    }

    /// What it sets for the update after `step` updates, for the given base rate.
    #[inline]
    pub fn at(&self, base: f64, step: u64) -> Scheduled {
        Scheduled { learning_rate: self.rate(base, step), momentum: self.momentum(step) }
    }

    /// The rate of the update after `step` updates, for the given base rate.
    #[inline]
    pub fn rate(&self, base: f64, step: u64) -> f64 {
        let curve = self.curve(base);
        if step < self.warm_up {
            let (start, full) = (self.warm_up_start, (self.row.rate)(&curve, 0.0));
            return full * (start + (1.0 - start) * (step as f64 / self.warm_up as f64));
        }
        (self.row.rate)(&curve, (step - self.warm_up) as f64)
    }

    /// The momentum of the update after `step` updates, if the schedule moves it.
    #[inline]
    pub fn momentum(&self, step: u64) -> Option<f64> {
        let form = self.row.momentum?;
        form(&self.curve(0.0), step.saturating_sub(self.warm_up) as f64)
    }

    /// Whether it has to be shown the losses of epochs.
    pub fn watches(&self) -> bool {
        self.row.watch.is_some()
    }

    /// Shows it the mean loss of an epoch that ended, with the base rate of the time.
    pub fn see_epoch(&mut self, base: f64, loss: f64) {
        if let Some(watch) = self.row.watch {
            watch(&self.numbers, &mut self.memory, base, loss);
        }
    }

    /// What it remembers of the run.
    pub fn memory(&self) -> ScheduleMemory {
        self.memory
    }

    /// Takes back what [`Schedule::memory`] gave.
    pub fn restore(&mut self, memory: ScheduleMemory) {
        self.memory = memory;
    }

    fn curve(&self, base: f64) -> Curve<'_> {
        Curve {
            base,
            length: self.length.map_or(f64::INFINITY, |n| n as f64),
            numbers: &self.numbers,
            list: &self.list,
            factor: self.memory.factor,
        }
    }
}

impl Curve<'_> {
    /// The part of the length that `t` updates are, from 0 to 1.
    pub(super) fn share(&self, t: f64) -> f64 {
        if t >= self.length { 1.0 } else { t / self.length }
    }
}

/// A duration's count; none where it is left out.
pub(super) fn duration(chosen: &Chosen<Schedules>, field: &str) -> Option<u64> {
    match chosen.get(field) {
        Some(Value::Duration(Some(Duration::Steps(n) | Duration::Epochs(n)))) => Some(*n),
        _ => None,
    }
}

/// Every duration, and a list that counts epochs, in updates.
fn all_in_updates(chosen: &Chosen<Schedules>, span: Span) -> Chosen<Schedules> {
    let mut converted = chosen.clone();
    for (field, value) in chosen.iter() {
        if let Value::Duration(Some(given)) = value {
            converted = converted.with(field.name, Some(Duration::Steps(span.updates(*given))));
        }
        if let Value::Numbers(list) = value
            && chosen.text("counted_in") == "Epochs"
        {
            let list: Vec<f64> = list.iter().map(|n| n * span.epoch as f64).collect();
            converted = converted.with(field.name, list).with("counted_in", "Steps");
        }
    }
    converted
}

/// The values as numbers, in the order of the fields.
fn numbers(chosen: &Chosen<Schedules>) -> Vec<f64> {
    let number = |(field, value): (&Field, &Value)| match (&field.kind, value) {
        (Kind::Word(words), Value::Text(word)) => {
            words.iter().position(|w| **w == **word).unwrap_or(0) as f64
        }
        (_, Value::Duration(Some(Duration::Steps(n) | Duration::Epochs(n)))) => *n as f64,
        (_, value) => value.as_number().unwrap_or(0.0),
    };
    chosen.iter().map(number).collect()
}

/// Falls from 1 at 0 to 0 at 1 along half a cosine, and stays there.
pub(super) fn half_cosine(share: f64) -> f64 {
    if share >= 1.0 { 0.0 } else { f64::midpoint(1.0, (PI * share).cos()) }
}
