//! The workbench without a window: the experiment being edited, its lanes, undo, files.
//!
//! [`Session`] is the only thing that changes; [`Session::apply`] with an [`Action`] is the only way
//! to change it on purpose, and [`Session::drain`] the only way news from lanes and files comes in.
//! Faces read a `&Session`. Work that can take long (loading data, files) runs on named worker
//! threads and arrives through `drain`, so a caller never waits.
//!
//! Deliberately not here: drawing, zoom, cameras, text being typed into a field.

pub mod library;

mod action;
mod arrange;
mod autopsies;
mod bench;
mod build;
mod comparison;
mod curves;
mod dials;
mod draft;
mod earlier;
mod edits;
mod exports;
mod forks;
mod jobs;
mod landscape;
mod lane;
mod lesson;
mod lineage;
mod live;
mod measures;
mod opened;
mod programs;
mod projections;
mod race;
mod ranking;
mod rates;
mod recall;
mod recipe;
mod results;
mod shelf;
mod templates;
mod timeline;
mod undo;
mod verdict;
mod workbench;

pub use action::{Action, Export};
pub use bench::Finding;
pub use comparison::{Comparison, Spread};
pub use curves::{Curves, Measured};
pub use dials::Dial;
pub use draft::Draft;
pub use jobs::TablePreview;
pub use landscape::{Apart, Chart, DrawnThrust, Landscape};
pub use lane::{
    Band, Bands, Knobs, Lane, LaneBranch, LaneId, Moment, Pictures, RowOutputs, Trace, Traces,
    Watched,
};
pub use lesson::{LessonAction, LessonRun, WalkRun};
pub use lineage::Inherited;
pub use measures::{MEASURES, Measure};
pub use programs::LaneProgram;
pub use projections::Projection;
pub use ranking::{BatchesLoss, RankedBy, RankedLoss};
pub use rates::Rates;
pub use results::{Reached, Results, Standing};
pub use shelf::Shelf;
pub use templates::{TEMPLATES, Template};
pub use undo::UNDO_DEPTH;
pub use verdict::{Contender, LEAST_PAIRS, Outcome, Verdict, verdicts};
pub use workbench::{Ghost, Notice, NoticeKind, Offer, Session, Waker};
