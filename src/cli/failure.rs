//! Why a verb did not finish, and with which exit code the program says so.

use std::fmt::Display;
use std::io;

/// Why a verb did not finish.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// What was asked for cannot be done as it is written: exit code 2.
    #[error("{0}")]
    BadInput(String),
    /// What was asked for was right and something else failed: exit code 1.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
    /// The reader of the output went away: nothing to say, and nobody to say it to.
    #[error("the output was closed")]
    Closed,
}

impl Failure {
    /// What was asked for cannot be done as it is written.
    pub fn bad_input(message: impl Display) -> Self {
        Self::BadInput(message.to_string())
    }

    /// The exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::BadInput(_) => 2,
            Self::Other(_) => 1,
            Self::Closed => 0,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Closed;
        }
        Self::Other(anyhow::Error::new(error).context("the output cannot be written"))
    }
}
