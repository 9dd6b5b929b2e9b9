//! The table of data sources, and loading from one of them.
//!
//! A new source is one new file in `sources/` and one row in [`ROWS`]. Invariant: what
//! [`check`] lets pass is bounded in size, so that loading it cannot ask for absurd memory; loading
//! the same source twice gives the same bits.
//!
//! Deliberately not here: opening files. The caller passes an [`Opener`], so that data, tests and
//! validation need no file system.

use std::io::{self, Read};

use crate::catalog::{Chosen, Entry, Family};

use super::sources::{
    above_curve, blobs, bundled, circles, classification, csv_table, gaussian_quantiles, inline,
    moons, regression, spirals, xor,
};
use super::{DataError, Dataset, Targets};

/// The table of data sources.
#[derive(Debug)]
pub struct Sources;

impl Family for Sources {
    const NOUN: &'static str = "data source";
    fn entries() -> &'static [&'static Entry] {
        &ENTRIES
    }
}

/// A row of the table: what the file says, and what it does.
#[derive(Debug)]
pub(super) struct SourceRow {
    /// The name, the fields, the help.
    pub(super) entry: Entry,
    /// Whether the fields agree with each other and with the memory budget. The values lie in the
    /// ranges of their fields when it is called.
    pub(super) check: fn(&Chosen<Sources>) -> Result<(), DataError>,
    /// The rows. The fields have passed `check` when it is called.
    pub(super) load: fn(&Chosen<Sources>, &dyn Opener) -> Result<Dataset, DataError>,
}

const ROWS: &[&SourceRow] = &[
    &blobs::ROW,
    &moons::ROW,
    &circles::ROW,
    &spirals::ROW,
    &xor::ROW,
    &above_curve::ROW,
    &classification::ROW,
    &gaussian_quantiles::ROW,
    &regression::ROW,
    &bundled::IRIS,
    &bundled::PENGUINS,
    &bundled::DIGITS,
    &inline::ROW,
    &csv_table::ROW,
];

static ENTRIES: [&Entry; ROWS.len()] = {
    let mut entries = [&ROWS[0].entry; ROWS.len()];
    let mut row = 1;
    while row < ROWS.len() {
        entries[row] = &ROWS[row].entry;
        row += 1;
    }
    entries
};

/// Opens the files that an experiment names.
pub trait Opener {
    /// The contents of the file at `path`, as the experiment writes it.
    ///
    /// # Errors
    /// As the file system gives them.
    fn open(&self, path: &str) -> io::Result<Box<dyn Read>>;
}

/// Opens no file: for experiments that carry their data, and for tests.
#[derive(Debug, Clone, Copy)]
pub struct NoFiles;

impl Opener for NoFiles {
    fn open(&self, _path: &str) -> io::Result<Box<dyn Read>> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "files cannot be opened here"))
    }
}

/// Whether the source can be loaded as far as its fields say: each in its range, all in agreement,
/// within the memory budget. Opens no file and makes no row.
///
/// # Errors
/// The first thing that is wrong; [`DataError::field`] names the field.
pub fn check(source: &Chosen<Sources>) -> Result<(), DataError> {
    if let Some(problem) = source.problems().into_iter().next() {
        return Err(DataError::NotAllowed {
            field: problem.field,
            found: problem.found,
            allowed: problem.allowed,
        });
    }
    (row_of(source).check)(source)
}

/// Loads or makes the rows of a source.
///
/// # Errors
/// What [`check`] finds; what the file has wrong, with line and column.
pub fn load(source: &Chosen<Sources>, opener: &dyn Opener) -> Result<Dataset, DataError> {
    check(source)?;
    (row_of(source).load)(source, opener)
}

/// Whether the file leaves it to the loss if these targets, which the source gave, are classes or
/// numbers: plain numbers that nothing names.
pub fn leaves_targets_open(source: &Chosen<Sources>, targets: &Targets) -> bool {
    let numbers = match targets {
        Targets::Values { .. } => true,
        Targets::Classes { names, .. } => names.iter().all(|name| name.parse::<f64>().is_ok()),
    };
    numbers && (source.name() == "Inline" || source.text("kind") == "Auto")
}

fn row_of(source: &Chosen<Sources>) -> &'static SourceRow {
    let mut rows = ROWS.iter();
    rows.find(|row| row.entry.name == source.name()).expect("every entry is made from a row")
}
