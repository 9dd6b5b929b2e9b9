//! What the user keeps: presets, recent files, settings, each a small file in a known place.
//!
//! Settings lie in the user's configuration folder, presets and the list of recent files in the
//! data folder; both under `DOWNHILL_HOME` where that is set. Nothing is held in memory: every
//! question reads the disk, so that two programs side by side see each other's presets.
//!
//! Invariant: a file is replaced whole or not at all, and what could not be read is never
//! overwritten without a copy (`.bak`). A home that is missing or read-only makes saving fail with a
//! sentence; reading then answers "nothing kept", and the program works on.
//!
//! Deliberately not here: experiments in the making, undo, recovery.

mod documents;
mod error;
mod files;
mod places;
mod presets;
mod recent;
mod settings;

use std::path::Path;

pub use documents::{Document, Origin, with_absolute_tables};
pub use error::LibraryError;
pub use files::{
    FileOpener, MAX_EXPERIMENT_BYTES, read_experiment, try_folder, write_file, write_file_with,
};
pub use places::Places;
pub use presets::{Existing, PresetCard};
pub use settings::{Settings, ThemeChoice};

/// The user's presets, recent files and settings.
#[derive(Debug, Clone)]
pub struct Library {
    places: Option<Places>,
}

impl Library {
    /// The library of the user who runs the program. Where no home folder is known, nothing is kept
    /// and saving says so.
    #[must_use]
    pub fn open() -> Self {
        Self { places: Places::of_user() }
    }

    /// A library under one folder, as `DOWNHILL_HOME` makes it.
    #[must_use]
    pub fn under(folder: &Path) -> Self {
        Self { places: Some(Places::under(folder)) }
    }

    /// Where things are kept; `None` where no home folder is known.
    #[must_use]
    pub fn places(&self) -> Option<&Places> {
        self.places.as_ref()
    }

    fn kept_at(&self) -> Result<&Places, LibraryError> {
        self.places.as_ref().ok_or(LibraryError::NoHome)
    }
}
