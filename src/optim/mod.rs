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

mod ada_belief;
mod adadelta;
mod adafactor;
mod adagrad;
mod adam;
mod adam_w;
mod adamax;
mod adan;
mod asgd;
mod clips;
mod elementwise;
mod lamb;
mod lion;
mod method;
mod muon;
mod n_adam;
mod optimizer;
mod parts;
mod qh_adam;
mod qhm;
mod r_adam;
mod random_search;
mod rms_prop;
mod rows;
mod rprop;
mod schedule;
mod schedules;
mod sgd;
mod sign_sgd;
mod tensorwise;
mod trace;
mod yogi;

use std::sync::LazyLock;

use crate::catalog::{Entry, Family};

pub use elementwise::{Elementwise, Rule};
pub use method::{Method, Search};
pub use optimizer::{Optimizer, OptimizerState, Scheduled};
pub use rows::{Build, Clip, ClipRow, OptimizerRow, Recipe, Tabled, build_method};
pub use schedule::{Curve, Schedule, ScheduleError, ScheduleRow, Span};
pub use tensorwise::{Site, TensorRule, Tensorwise, Watch};
pub use trace::{Stage, Trace, filled};

/// The table of optimizers.
#[derive(Debug)]
pub struct Optimizers;

/// One row an optimizer, in the order of menus.
static OPTIMIZERS: &[&OptimizerRow] = &[
    &sgd::ROW,
    &qhm::ROW,
    &adagrad::ROW,
    &adadelta::ROW,
    &rms_prop::ROW,
    &adam::ROW,
    &adam_w::ROW,
    &n_adam::ROW,
    &r_adam::ROW,
    &adamax::ROW,
    &ada_belief::ROW,
    &yogi::ROW,
    &qh_adam::ROW,
    &adan::ROW,
    &lamb::ROW,
    &adafactor::ROW,
    &muon::ROW,
    &lion::ROW,
    &sign_sgd::ROW,
    &rprop::ROW,
    &asgd::ROW,
    &random_search::LOCAL,
    &random_search::ANYWHERE,
];

impl Optimizers {
    /// The row of an entry of this family.
    #[must_use]
    pub fn row(entry: &Entry) -> Option<&'static OptimizerRow> {
        OPTIMIZERS.iter().copied().find(|row| row.entry.name == entry.name)
    }

    /// The field that a schedule of momentum moves: `momentum`, or `beta1` where there is none; `None`
    /// for a rule that has neither.
    #[must_use]
    pub fn momentum_field(entry: &Entry) -> Option<&'static str> {
        let field = entry.field("momentum").or_else(|| entry.field("beta1"));
        field.map(|field| field.name)
    }
}

impl Family for Optimizers {
    const NOUN: &'static str = "optimizer";
    fn entries() -> &'static [&'static Entry] {
        static ENTRIES: LazyLock<Vec<&'static Entry>> =
            LazyLock::new(|| OPTIMIZERS.iter().map(|row| &row.entry).collect());
        &ENTRIES
    }
}

/// The table of schedules.
#[derive(Debug)]
pub struct Schedules;

/// One row a schedule, in the order of menus.
static SCHEDULES: &[&ScheduleRow] = &[&schedules::CONSTANT, &schedules::COSINE];

/// Schedules of the file format that come later.
static PLANNED_SCHEDULES: &[&str] = &[
    "Step",
    "MultiStep",
    "Exponential",
    "Polynomial",
    "CosineRestarts",
    "OneCycle",
    "Cyclic",
    "Plateau",
    "InverseSqrt",
];

impl Schedules {
    /// The row of an entry of this family.
    #[must_use]
    pub fn row(entry: &Entry) -> Option<&'static ScheduleRow> {
        SCHEDULES.iter().copied().find(|row| row.entry.name == entry.name)
    }
}

impl Family for Schedules {
    const NOUN: &'static str = "schedule";
    fn entries() -> &'static [&'static Entry] {
        static ENTRIES: LazyLock<Vec<&'static Entry>> =
            LazyLock::new(|| SCHEDULES.iter().map(|row| &row.entry).collect());
        &ENTRIES
    }
    fn planned() -> &'static [&'static str] {
        PLANNED_SCHEDULES
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
