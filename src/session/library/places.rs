//! Where things are kept.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

/// The folders of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Settings.
    pub config: PathBuf,
    /// Presets, recent files, recovery.
    pub data: PathBuf,
}

impl Places {
    /// The folders of the user who runs the program: under `DOWNHILL_HOME` if that is set, else as
    /// the system has it (`$XDG_CONFIG_HOME/downhill` and `$XDG_DATA_HOME/downhill` on Linux).
    /// `None` where no home folder is known.
    #[must_use]
    pub fn of_user() -> Option<Self> {
        if let Some(home) = std::env::var_os("DOWNHILL_HOME").filter(|home| !home.is_empty()) {
            return Some(Self::under(Path::new(&home)));
        }
        let user = etcetera::base_strategy::choose_native_strategy().ok()?;
        Some(Self {
            config: user.config_dir().join("downhill"),
            data: user.data_dir().join("downhill"),
        })
    }

    /// Everything under one folder.
    #[must_use]
    pub fn under(home: &Path) -> Self {
        Self { config: home.to_path_buf(), data: home.to_path_buf() }
    }

    pub(super) fn settings(&self) -> PathBuf {
        self.config.join("settings.ron")
    }

    pub(super) fn recent(&self) -> PathBuf {
        self.data.join("recent.ron")
    }

    pub(super) fn presets(&self) -> PathBuf {
        self.data.join("presets")
    }
}
