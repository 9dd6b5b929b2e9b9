//! What can be wrong with data.
//!
//! Invariant: a problem that belongs to one field of the file names it, so that it can be shown
//! beside that field; one that belongs to a cell of a table names its line and column.

use std::io;

/// What is wrong with data, with a split of it, or with a scaling.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DataError {
    /// A field has a value that the source does not take.
    #[error("`{field}` takes {allowed}, not {found}")]
    NotAllowed {
        /// The field of the source, or of `held_out` if it came from a split.
        field: &'static str,
        /// The value, as written.
        found: String,
        /// What is taken.
        allowed: String,
    },
    /// The data would need more memory than data may have.
    #[error(
        "{rows} rows of {columns} numbers need more memory than data may have ({} MiB)",
        budget >> 20
    )]
    TooLarge {
        /// The field that asks for the most, if one does.
        field: Option<&'static str>,
        /// How many rows.
        rows: u64,
        /// How many numbers a row.
        columns: u64,
        /// The limit, in bytes.
        budget: u64,
    },
    /// A file could not be opened or read.
    #[error("the table {path} cannot be read: {reason}")]
    Unreadable {
        /// The path, as written in the experiment.
        path: String,
        /// Why, in words, and what to do.
        reason: String,
    },
    /// Something in a table is not as it must be.
    #[error("{}{message}", place(*line, column.as_deref()))]
    Table {
        /// The line of the file, from 1, if it is about one.
        line: Option<u64>,
        /// The column's name, if it is about one.
        column: Option<String>,
        /// What is wrong and what to do.
        message: String,
    },
    /// The table has no column of the name that `target` gives.
    #[error("the table has no column `{name}`: {hint}")]
    NoSuchColumn {
        /// The name asked for.
        name: String,
        /// A suggestion.
        hint: String,
    },
    /// There is not a single row.
    #[error("there are no rows{}", if *.dropped > 0 { " left: each of them has a missing value" } else { "" })]
    NoRows {
        /// How many rows were left out for missing values.
        dropped: u64,
    },
    /// A number is infinite, or not a number, or too large to be scaled.
    #[error("{what} is not finite in row {row}: the numbers are too large")]
    NotFinite {
        /// What is not finite: a column's name.
        what: String,
        /// The row, from 0.
        row: usize,
    },
    /// The targets cannot be read as classes.
    #[error("the targets are not classes: {reason}")]
    NotClasses {
        /// Why not.
        reason: String,
    },
}

/// What the system says of a file, in words.
#[must_use]
pub fn said_of_file(error: &io::Error) -> String {
    // Where somebody has put it into words, those are better.
    if error.get_ref().is_some() {
        return error.to_string();
    }
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "the system does not permit it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        io::ErrorKind::NotADirectory => "what stands in its place as a folder is a file".to_owned(),
        io::ErrorKind::AlreadyExists => "something else has its name already".to_owned(),
        io::ErrorKind::StorageFull => "there is no room left".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "nothing can be written there".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_owned()
        }
    }
}

impl DataError {
    /// The field it belongs to: of the data source, or of `held_out` if a split gave the error.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::NotAllowed { field, .. } => Some(field),
            Self::TooLarge { field, .. } => *field,
            Self::Unreadable { .. } | Self::Table { .. } | Self::NoRows { .. } => Some("path"),
            Self::NoSuchColumn { .. } => Some("target"),
            Self::NotFinite { .. } | Self::NotClasses { .. } => None,
        }
    }
}

fn place(line: Option<u64>, column: Option<&str>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!("line {line}, column `{column}`: "),
        (Some(line), None) => format!("line {line}: "),
        (None, Some(column)) => format!("column `{column}`: "),
        (None, None) => String::new(),
    }
}
