//! Optimizers, schedules and clipping: what turns a gradient into the next parameters.
//!
//! Each method is one file (rule, table row, documentation) and one row in one of the three tables
//! below; panels, the command line, validation and the parity tests read the rows. Optimizers see
//! slices and their own knobs, never a network, a clock or the data.
//!
//! Invariant: an update reads and writes only the slices it is given and its own state, allocates
//! nothing, and depends on nothing but that state, the knobs and the gradient.
//!
//! Deliberately not here: when an update happens and which rows it sees (`train`).

mod adam;
mod clips;
mod elementwise;
mod method;
mod optimizer;
mod random_search;
mod rows;
mod schedule;
mod schedules;
mod sgd;
mod trace;

use std::sync::LazyLock;

use crate::catalog::{Chosen, Entry, Family};

pub use elementwise::{Elementwise, Rule};
pub use method::{Method, Search};
pub use optimizer::{Optimizer, OptimizerState, Scheduled};
pub use rows::{Build, Clip, ClipRow, OptimizerRow, Recipe, Tabled, build_method};
pub use schedule::{Curve, Flaw, Lengths, Schedule, ScheduleError, ScheduleRow, Span, Watch};
pub use schedules::ScheduleMemory;
pub use trace::{Stage, Trace, filled};

/// The table of optimizers.
#[derive(Debug)]
pub struct Optimizers;

/// One row an optimizer, in the order of menus.
static OPTIMIZERS: &[&OptimizerRow] =
    &[&sgd::ROW, &adam::ROW, &random_search::LOCAL, &random_search::ANYWHERE];

/// Methods of the file format that come later.
static PLANNED_OPTIMIZERS: &[&str] = &[
    "Adagrad",
    "Adadelta",
    "RmsProp",
    "AdamW",
    "NAdam",
    "RAdam",
    "Adamax",
    "Rprop",
    "Asgd",
    "Lion",
    "AdaBelief",
    "Yogi",
    "Lamb",
    "Adan",
    "SignSgd",
    "Adafactor",
    "Muon",
    "Qhm",
    "QhAdam",
];

impl Optimizers {
    /// The row of an entry of this family.
    #[must_use]
    pub fn row(entry: &Entry) -> Option<&'static OptimizerRow> {
        OPTIMIZERS.iter().copied().find(|row| row.entry.name == entry.name)
    }
}

impl Family for Optimizers {
    const NOUN: &'static str = "optimizer";
    fn entries() -> &'static [&'static Entry] {
        static ENTRIES: LazyLock<Vec<&'static Entry>> =
            LazyLock::new(|| OPTIMIZERS.iter().map(|row| &row.entry).collect());
        &ENTRIES
    }
    fn planned() -> &'static [&'static str] {
        PLANNED_OPTIMIZERS
    }
}

/// The table of schedules.
#[derive(Debug)]
pub struct Schedules;

impl Schedules {
    /// The row of an entry of this family.
    #[must_use]
    pub fn row(entry: &Entry) -> Option<&'static ScheduleRow> {
        schedules::TABLE.iter().copied().find(|row| row.entry.name == entry.name)
    }

    /// What is wrong with the numbers of a schedule together, though each is allowed.
    #[must_use]
    pub fn flaw(chosen: &Chosen<Self>) -> Option<Flaw> {
        Self::row(chosen.entry())?.flaw.and_then(|flaw| flaw(chosen))
    }
}

impl Family for Schedules {
    const NOUN: &'static str = "schedule";
    fn entries() -> &'static [&'static Entry] {
        static ENTRIES: LazyLock<Vec<&'static Entry>> =
            LazyLock::new(|| schedules::TABLE.iter().map(|row| &row.entry).collect());
        &ENTRIES
    }
}

/// The table of gradient clippings.
#[derive(Debug)]
pub struct Clips;

/// One row a clipping, in the order of menus.
static CLIPS: &[&ClipRow] = &[&clips::NORM, &clips::VALUE];

impl Clips {
    /// The row of an entry of this family.
    #[must_use]
    pub fn row(entry: &Entry) -> Option<&'static ClipRow> {
        CLIPS.iter().copied().find(|row| row.entry.name == entry.name)
    }
}

impl Family for Clips {
    const NOUN: &'static str = "clipping";
    fn entries() -> &'static [&'static Entry] {
        static ENTRIES: LazyLock<Vec<&'static Entry>> =
            LazyLock::new(|| CLIPS.iter().map(|row| &row.entry).collect());
        &ENTRIES
    }
}
