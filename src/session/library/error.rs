//! What can go wrong with kept files, each as a sentence that says what to do.

use std::io;
use std::path::PathBuf;

use crate::data::said_of_file;

/// Why something could not be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// No home folder is known.
    #[error("no home folder is known, so nothing can be kept; set DOWNHILL_HOME to a folder")]
    NoHome,
    /// A file could not be read.
    #[error("{} cannot be read: {}", path.display(), said_of_file(cause))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A file could not be written.
    #[error("{} cannot be written: {}; choose another folder, or set DOWNHILL_HOME", path.display(), said_of_file(cause))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A folder stands where a file is wanted.
    #[error("{} is a folder, not an experiment's file: {hint}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What to name instead.
        hint: String,
    },
    /// A file is too large to be an experiment.
    #[error("{} has {bytes} bytes; an experiment file has at most {limit}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The largest size.
        limit: u64,
    },
    /// A file is not text.
    #[error("{} is not a text file: byte {at} is no UTF-8", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// The position of the first bad byte, from 0.
        at: usize,
    },
    /// A kept file cannot be understood.
    #[error("{} cannot be understood: {problem}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// There is neither a file nor a preset of that name.
    #[error("there is no file and no preset called `{name}`: {hint}")]
    NotFound {
        /// What was asked for.
        name: String,
        /// A suggestion.
        hint: String,
    },
    /// A name that cannot be a preset's.
    #[error("a preset needs a name of 1 to {limit} letters, not {found}")]
    Name {
        /// The longest name.
        limit: usize,
        /// The length of the name given.
        found: usize,
    },
    /// A preset of that name is there already.
    #[error("there is already a preset called `{name}`; choose another name, or replace it")]
    Exists {
        /// The name.
        name: String,
    },
    /// The experiment to be kept is not one.
    #[error("this cannot be kept as a preset: {problem}")]
    NotAnExperiment {
        /// What is wrong with it.
        problem: String,
    },
}
