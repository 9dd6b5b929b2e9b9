//! From what a user names, a path or a preset, to the experiment's text.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::catalog::did_you_mean;
use crate::experiment::{self, Experiment, Task, TextEdit, apply_edits, shipped_presets};

use super::{FileOpener, Library, LibraryError, read_experiment};

/// An experiment's text and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The RON text.
    pub text: String,
    /// Where it came from.
    pub origin: Origin,
}

/// Where an experiment came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file of the user's.
    File(PathBuf),
    /// One of the user's own presets.
    Own {
        /// The preset's name.
        name: String,
        /// Where it is kept.
        path: PathBuf,
    },
    /// A preset that ships.
    Shipped(&'static str),
}

impl Document {
    /// What it is called in messages: the path as given, or the preset's name.
    #[must_use]
    pub fn shown_name(&self) -> String {
        match &self.origin {
            Origin::File(path) => path.display().to_string(),
            Origin::Own { name, .. } => name.clone(),
            Origin::Shipped(name) => (*name).to_owned(),
        }
    }

    /// A short name without folder or ending, for titles and file names.
    #[must_use]
    pub fn stem(&self) -> String {
        match &self.origin {
            Origin::File(path) => path
                .file_stem()
                .map_or_else(|| "experiment".to_owned(), |s| s.to_string_lossy().into_owned()),
            Origin::Own { .. } | Origin::Shipped(_) => self.shown_name(),
        }
    }

    /// The user's own file it came from; presets have none, so that saving asks for one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => Some(path),
            Origin::Own { .. } | Origin::Shipped(_) => None,
        }
    }

    /// Opens the tables it names: relative to its own folder.
    #[must_use]
    pub fn opener(&self) -> FileOpener {
        let folder = match &self.origin {
            Origin::File(path) | Origin::Own { path, .. } => path.parent(),
            Origin::Shipped(_) => None,
        };
        FileOpener::new(folder.map(Path::to_path_buf).unwrap_or_default())
    }
}

impl Library {
    /// The experiment a user names: a file if there is one, else one of the user's own presets, else
    /// a preset that ships.
    ///
    /// # Errors
    /// If there is nothing of that name (with the nearest name), or it cannot be read.
    pub fn find(&self, named: &OsStr) -> Result<Document, LibraryError> {
        let path = Path::new(named);
        let looks_like_a_path = path.components().count() > 1 || path.extension().is_some();
        if path.exists() && (looks_like_a_path || !path.is_dir()) {
            let text = read_experiment(path)?;
            return Ok(Document { text, origin: Origin::File(path.to_path_buf()) });
        }
        let name = named.to_string_lossy();
        if let Some(document) = self.own_document(&name)? {
            return Ok(document);
        }
        if let Some(document) = Self::shipped_document(&name) {
            return Ok(document);
        }
        if path.is_dir() {
            read_experiment(path)?;
        }
        Err(LibraryError::NotFound { hint: self.nearest(path, &name), name: name.into_owned() })
    }

    /// A preset that ships, even where one of the user's own stands before it.
    #[must_use]
    pub fn shipped_document(name: &str) -> Option<Document> {
        let preset = shipped_presets().iter().find(|preset| preset.name == name)?;
        let origin = Origin::Shipped(preset.name);
        Some(Document { text: preset.text.to_owned(), origin })
    }

    fn nearest(&self, path: &Path, name: &str) -> String {
        let presets = self.presets();
        let known = presets.iter().map(|card| card.name.as_str());
        if let Some(near) = did_you_mean(name, known) {
            return format!("did you mean `{near}`?");
        }
        let siblings = siblings(path);
        let file = path.file_name().map(|f| f.to_string_lossy().into_owned()).unwrap_or_default();
        match did_you_mean(&file, siblings.iter().map(String::as_str)) {
            Some(near) => {
                format!("did you mean `{}`?", path.with_file_name(near).display())
            }
            None => "`downhill list presets` shows the presets".to_owned(),
        }
    }
}

fn siblings(path: &Path) -> Vec<String> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries
        .filter_map(Result::ok)
        .map(|entry| PathBuf::from(entry.file_name()))
        .filter(|file| file.extension().is_some_and(|ending| ending == "ron"))
        .map(|file| file.to_string_lossy().into_owned())
        .collect()
}

/// The text with its table's path made absolute, as it must be when it is kept in another folder:
/// a relative path starts from the experiment's own. A text without a table stays as it is.
#[must_use]
pub fn with_absolute_tables(text: &str, folder: &Path) -> String {
    let Ok(Experiment { task: Task::Learn(learn), .. }) = experiment::parse(text) else {
        return text.to_owned();
    };
    let path = Path::new(learn.data.text("path"));
    if path.as_os_str().is_empty() || path.is_absolute() {
        return text.to_owned();
    }
    let Some(absolute) =
        std::path::absolute(folder.join(path)).ok().and_then(|p| p.to_str().map(str::to_owned))
    else {
        return text.to_owned();
    };
    let value = experiment::literal(&absolute.as_str());
    let edit = TextEdit::set("task.data.path", value);
    apply_edits(text, &[edit]).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_beside_the_file_is_found_from_any_folder() {
        let text = "(version: 1, task: Learn(data: Csv(path: \"my table.csv\", target: \"y\"), // mine\n\
            ), lanes: [])";
        let moved = with_absolute_tables(text, Path::new("/data/set"));
        assert_eq!(moved, text.replace("my table.csv", "/data/set/my table.csv"));
        assert_eq!(with_absolute_tables(&moved, Path::new("/elsewhere")), moved);
        let blobs = text.replace("Csv(path: \"my table.csv\", target: \"y\")", "Iris");
        assert_eq!(with_absolute_tables(&blobs, Path::new("/data")), blobs);
    }
}
