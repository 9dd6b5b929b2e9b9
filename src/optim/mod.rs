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
//!
//! # Adding an optimizer
//!
//! A rule that treats every parameter alike is a [`Rule`]: its coefficients of one update, and what
//! happens to one parameter. Here is one, "slow sign", which moves against the sign of a running mean
//! of the gradient, trained on a bowl:
//!
//! ```
//! mod slow_sign {
//!     //! Slow sign: b ← β·b + (1 − β)·g, then w ← w − γ·sign(b).
//!     use downhill::catalog::{Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
//!     use downhill::numeric::Real;
//!     use downhill::optim::{OptimizerRow, Optimizers, Rule, Scheduled, Trace};
//!
//!     pub static ROW: OptimizerRow = OptimizerRow::elementwise::<SlowSign, 1>(Entry {
//!         name: "SlowSign",
//!         label: "Slow sign",
//!         summary: "Moves every parameter by the rate, against the sign of its mean gradient.",
//!         details: "",
//!         source: "this page",
//!         form: Form::Named,
//!         card: None,
//!         fields: &[
//!             Field {
//!                 name: "learning_rate",
//!                 label: "Learning rate",
//!                 meaning: "How far each update moves. Too small crawls; too large jumps about.",
//!                 kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-5, 1.0)),
//!                 default: Given::Number(0.001),
//!                 live: true,
//!             },
//!             Field {
//!                 name: "momentum",
//!                 label: "Momentum",
//!                 meaning: "How much of the mean is kept. Small is noisy; close to 1 turns late.",
//!                 kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
//!                 default: Given::Number(0.9),
//!                 live: true,
//!             },
//!         ],
//!     });
//!
//!     #[derive(Debug, Clone)]
//!     pub struct SlowSign {
//!         momentum: f64,
//!     }
//!
//!     impl Rule<1> for SlowSign {
//!         /// γ, β and 1 − β.
//!         type Step<R: Real> = [R; 3];
//!
//!         fn new(knobs: &Chosen<Optimizers>) -> Self {
//!             Self { momentum: knobs.number("momentum") }
//!         }
//!
//!         fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, _: &mut [Vec<R>; 1]) {
//!             *self = Self::new(knobs);
//!         }
//!
//!         fn begin<R: Real>(&mut self, scheduled: Scheduled) -> [R; 3] {
//!             let beta = scheduled.momentum.unwrap_or(self.momentum);
//!             [scheduled.learning_rate, beta, 1.0 - beta].map(R::from_f64)
//!         }
//!
//!         fn element<R: Real, T: Trace<R>>(
//!             [rate, old, new]: &[R; 3],
//!             w: R,
//!             g: R,
//!             [b]: [&mut R; 1],
//!             trace: &mut T,
//!         ) -> R {
//!             trace.given("γ", *rate);
//!             trace.given("β", *old);
//!             trace.given("b", *b);
//!             *b = *old * *b + *new * g;
//!             trace.computed("b", "β·b + (1 − β)·g", *b);
//!             let after = if *b > R::ZERO { w - *rate } else { w + *rate };
//!             trace.computed("w", "w − γ·sign(b)", after);
//!             after
//!         }
//!
//!         // Nothing is counted: the buffer is all its memory.
//!         fn numbers(&self) -> Vec<f64> {
//!             Vec::new()
//!         }
//!
//!         fn restore(&mut self, _: &[f64]) {}
//!     }
//! }
//!
//! use downhill::catalog::Chosen;
//! use downhill::objective::{Objective, SurfaceObjective, Surfaces};
//! use downhill::optim::{Method, Optimizers, Scheduled, filled};
//!
//! let mut bowl = SurfaceObjective::<f64>::new(&Chosen::<Surfaces>::named("Sphere").unwrap());
//! let knobs = Chosen::<Optimizers>::of(&slow_sign::ROW.entry).with("momentum", 0.5);
//! let Method::Descent(mut optimizer) = slow_sign::ROW.method(&knobs, bowl.layout()) else {
//!     unreachable!("its recipe descends");
//! };
//! let (mut w, mut g) = ([1.0, -1.0], [0.0; 2]);
//! let before = bowl.value(&w, &[], 0).loss;
//! for step in 0..9 {
//!     bowl.value_and_gradient(&w, &[], step, &mut g);
//!     optimizer.update(Scheduled::rate(0.1), &mut w, &g);
//! }
//! assert!(bowl.value(&w, &[], 9).loss < 0.02 * before);
//! // What its next update does to the first number, as the microscope tells it.
//! let stages = optimizer.explain(Scheduled::rate(0.1), &w, &g, 0);
//! let last = filled(&stages, stages.len() - 1, |x| format!("{x:.2}"));
//! assert_eq!(last, "0.10 − 0.10·sign(0.50)");
//! ```
//!
//! Two places in the crate make it one of the family: the module becomes a file of its own,
//! `src/optim/slow_sign.rs` (with `crate::` for `downhill::`, and a [`Card`](crate::catalog::Card)), and
//! `&slow_sign::ROW` a line of the table `OPTIMIZERS` in `src/optim/mod.rs`. Files, panels, the command
//! line, validation and the laws that every optimizer is held to find it there. A rule that needs to see
//! a whole tensor is a [`TensorRule`] instead.

mod ada_belief;
mod adadelta;
mod adafactor;
mod adagrad;
mod adam;
mod adam_w;
mod adamax;
mod adan;
mod asgd;
mod carried;
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
mod symbols;
mod tensorwise;
mod trace;
mod yogi;

use std::sync::LazyLock;

use crate::catalog::{Chosen, Entry, Family};

pub use carried::{carried, is_carried};
pub use elementwise::{Elementwise, Rule};
pub use method::{Method, Search};
pub use optimizer::{Optimizer, OptimizerState, Scheduled};
pub use rows::{Build, Clip, ClipRow, OptimizerRow, Recipe, Tabled, build_method};
pub use schedule::{
    Curve, FindFlaw, Flaw, Lengths, Schedule, ScheduleError, ScheduleRow, SeeLoss, Span,
};
pub use schedules::ScheduleMemory;
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

    /// Whether the method guesses instead of following a gradient.
    #[must_use]
    pub fn is_search(entry: &Entry) -> bool {
        Self::row(entry).is_some_and(|row| matches!(row.recipe, Recipe::Search(_)))
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
