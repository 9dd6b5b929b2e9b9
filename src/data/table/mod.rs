//! Tables of text with a header line: read, looked through, and made into a dataset.
//!
//! Three steps, one file each: [`cells`] reads text into cells and knows each row's line; [`columns`]
//! finds out what a column holds; [`build`] makes features and targets of them. Nothing is guessed
//! silently where it could change a result: what is not clear is an error with line and column.
//!
//! Deliberately not here: opening files, and the field ranges of the source `Csv`.

mod build;
mod cells;
mod columns;
mod preview;

pub(super) use build::{Missing, TableOptions, TargetKind, dataset};
pub use preview::{ColumnKind, Preview, csv_preview};
