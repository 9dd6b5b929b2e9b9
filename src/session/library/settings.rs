//! How the user likes the window. Unknown fields are passed over, so that an older version reads a
//! newer one's file.

use std::io;

use serde::{Deserialize, Serialize};

use super::{Library, LibraryError, read_experiment, write_file};

/// How the user likes the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light or dark.
    pub theme: ThemeChoice,
    /// The size of text in percent, 100 to 200.
    pub text_size: u32,
    /// The same while presenting.
    pub presentation_text_size: u32,
    /// What was last done by the command palette, newest first.
    pub lately: Vec<String>,
    /// Whether the start page was seen and put away.
    pub start_page_seen: bool,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system has it.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::default(),
            text_size: 100,
            presentation_text_size: 150,
            lately: Vec::new(),
            start_page_seen: false,
        }
    }
}

impl Library {
    /// The settings; defaults where none are kept.
    ///
    /// # Errors
    /// If the file is there and cannot be read or understood.
    pub fn settings(&self) -> Result<Settings, LibraryError> {
        let Some(places) = self.places() else { return Ok(Settings::default()) };
        let path = places.settings();
        let text = match read_experiment(&path) {
            Err(LibraryError::Read { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {
                return Ok(Settings::default());
            }
            other => other?,
        };
        let settings: Settings = ron::from_str(&text)
            .map_err(|e| LibraryError::Broken { path, problem: e.to_string() })?;
        let held = |percent: u32| percent.clamp(100, 200);
        Ok(Settings {
            text_size: held(settings.text_size),
            presentation_text_size: held(settings.presentation_text_size),
            ..settings
        })
    }

    /// Keeps the settings. A file that could not be understood is kept beside as `settings.ron.bak`.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn set_settings(&self, settings: &Settings) -> Result<(), LibraryError> {
        let path = self.kept_at()?.settings();
        if let Err(LibraryError::Broken { .. }) = self.settings() {
            let copy = path.with_extension("ron.bak");
            std::fs::copy(&path, &copy)
                .map_err(|cause| LibraryError::Write { path: copy, cause })?;
        }
        let text = ron::ser::to_string_pretty(settings, ron::ser::PrettyConfig::default())
            .expect("settings are plain words and numbers");
        write_file(&path, text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_and_a_broken_file_is_kept_beside() {
        let home = tempfile::tempdir().unwrap();
        let library = Library::under(home.path());
        assert_eq!(library.settings().unwrap(), Settings::default());
        let mine = Settings {
            theme: ThemeChoice::Light,
            text_size: 150,
            presentation_text_size: 180,
            lately: vec!["Run".to_owned()],
            start_page_seen: true,
        };
        library.set_settings(&mine).unwrap();
        assert_eq!(library.settings().unwrap(), mine);

        let file = home.path().join("settings.ron");
        std::fs::write(&file, "(theme: Light, of_a_later_version: 3)").unwrap();
        assert_eq!(library.settings().unwrap().theme, ThemeChoice::Light);
        std::fs::write(&file, "(theme: Lig").unwrap();
        assert!(matches!(library.settings(), Err(LibraryError::Broken { .. })));
        library.set_settings(&mine).unwrap();
        assert_eq!(library.settings().unwrap(), mine);
        let kept = std::fs::read_to_string(home.path().join("settings.ron.bak")).unwrap();
        assert_eq!(kept, "(theme: Lig");
    }

    #[test]
    fn without_a_home_reading_gives_defaults_and_saving_says_so() {
        let library = Library { places: None };
        assert_eq!(library.settings().unwrap(), Settings::default());
        assert!(library.recent().is_empty());
        let error = library.set_settings(&Settings::default()).unwrap_err();
        assert!(error.to_string().contains("DOWNHILL_HOME"), "{error}");
    }
}
