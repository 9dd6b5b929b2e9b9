//! What the library keeps, as it was when last read: menus show this, so that drawing never waits
//! for a disk.

use std::path::PathBuf;

use super::library::{Library, PresetCard, Settings};

/// Presets, recent files and settings, as last read.
#[derive(Debug, Clone, PartialEq)]
pub struct Shelf {
    /// All presets: the shipped ones, then the user's own.
    pub presets: Vec<PresetCard>,
    /// Recently opened files, newest first.
    pub recent: Vec<PathBuf>,
    /// How the user likes the window.
    pub settings: Settings,
}

impl Shelf {
    /// Reads everything from disk. What cannot be read counts as not kept.
    pub(super) fn read(library: &Library) -> Self {
        Self {
            presets: library.presets(),
            recent: library.recent(),
            settings: library.settings().unwrap_or_default(),
        }
    }
}
