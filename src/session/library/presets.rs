//! The user's own presets, beside the ones that ship.
//!
//! A preset is an experiment file in the presets folder; its `name` and `notes` are the name and the
//! note it was saved with. One with the name of a shipped preset stands before it; deleting it gives
//! the shipped one back.

use std::fs;
use std::path::{Path, PathBuf};

use crate::catalog::suggestion;
use crate::experiment::{self, TextEdit, apply_edits, literal, shipped_presets};

use super::{Document, Library, LibraryError, Origin, read_experiment, write_file};

const LONGEST_NAME: usize = 80;

/// A preset as menus and `list presets` show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetCard {
    /// What it is called on the command line.
    pub name: String,
    /// What it is called in menus.
    pub title: String,
    /// What to look at.
    pub notes: String,
    /// Whether it is the user's own.
    pub own: bool,
    /// Whether it stands before a shipped preset of that name.
    pub replaces_shipped: bool,
}

/// What to do about a preset that has the name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Refuse, and leave it.
    Keep,
    /// Put the new one in its place.
    Replace,
}

struct OwnPreset {
    name: String,
    notes: String,
    path: PathBuf,
    text: String,
}

impl Library {
    /// All presets: the shipped ones in their order, then the user's own by name. One that could
    /// not be read any more is left out.
    #[must_use]
    pub fn presets(&self) -> Vec<PresetCard> {
        let own = self.own_presets();
        let shipped = shipped_presets()
            .iter()
            .filter(|preset| own.iter().all(|o| o.name != preset.name))
            .map(|preset| PresetCard {
                name: preset.name.to_owned(),
                title: preset.title(),
                notes: preset.notes(),
                own: false,
                replaces_shipped: false,
            });
        let mine = own.iter().map(|preset| PresetCard {
            name: preset.name.clone(),
            title: preset.name.clone(),
            notes: preset.notes.clone(),
            own: true,
            replaces_shipped: shipped_presets().iter().any(|s| s.name == preset.name),
        });
        shipped.chain(mine).collect()
    }

    /// Keeps an experiment as a preset under `name` with a note, and says where.
    ///
    /// # Errors
    /// If the name is empty or too long or taken, the text is no experiment, or it cannot be kept.
    pub fn save_preset(
        &self,
        name: &str,
        note: &str,
        text: &str,
        existing: Existing,
    ) -> Result<PathBuf, LibraryError> {
        let name = proper_name(name)?;
        let folder = self.kept_at()?.presets();
        let text = named_text(text, &[("name", name), ("notes", note)])?;
        let old = self.own_presets().into_iter().find(|preset| preset.name == name);
        let path = match (old, existing) {
            (Some(_), Existing::Keep) => {
                return Err(LibraryError::Exists { name: name.to_owned() });
            }
            (Some(old), Existing::Replace) => old.path,
            (None, _) => free_path(&folder, name),
        };
        write_file(&path, text.as_bytes())?;
        Ok(path)
    }

    /// Gives one of the user's own presets another name.
    ///
    /// # Errors
    /// If there is none of that name, the new name cannot be one or is taken, or it cannot be kept.
    pub fn rename_preset(&self, from: &str, to: &str) -> Result<(), LibraryError> {
        let to = proper_name(to)?;
        let preset = self.own_preset(from)?;
        if preset.name == to {
            return Ok(());
        }
        if self.own_presets().iter().any(|other| other.name == to) {
            return Err(LibraryError::Exists { name: to.to_owned() });
        }
        let text = named_text(&preset.text, &[("name", to)])?;
        let folder = self.kept_at()?.presets();
        write_file(&free_path(&folder, to), text.as_bytes())?;
        remove(&preset.path)
    }

    /// Removes one of the user's own presets; a shipped one of that name is back then.
    ///
    /// # Errors
    /// If there is none of that name, or it cannot be removed.
    pub fn delete_preset(&self, name: &str) -> Result<(), LibraryError> {
        remove(&self.own_preset(name)?.path)
    }

    pub(super) fn own_document(&self, name: &str) -> Result<Option<Document>, LibraryError> {
        let own = self.own_presets();
        let by_name = own.iter().position(|preset| preset.name == name);
        let by_stem = || own.iter().position(|p| p.path.file_stem().is_some_and(|s| s == name));
        let Some(index) = by_name.or_else(by_stem) else { return Ok(None) };
        let preset = &own[index];
        // Read anew, so that what is wrong with it is told.
        let text = read_experiment(&preset.path)?;
        let origin = Origin::Own { name: preset.name.clone(), path: preset.path.clone() };
        Ok(Some(Document { text, origin }))
    }

    fn own_preset(&self, name: &str) -> Result<OwnPreset, LibraryError> {
        let mut own = self.own_presets();
        match own.iter().position(|preset| preset.name == name) {
            Some(index) => Ok(own.swap_remove(index)),
            None => Err(LibraryError::NotFound {
                name: name.to_owned(),
                hint: if own.is_empty() {
                    "there are no presets of your own yet".to_owned()
                } else {
                    suggestion(name, own.iter().map(|preset| preset.name.as_str()))
                },
            }),
        }
    }

    fn own_presets(&self) -> Vec<OwnPreset> {
        let Some(places) = self.places() else { return Vec::new() };
        let Ok(entries) = fs::read_dir(places.presets()) else { return Vec::new() };
        let mut own: Vec<_> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "ron"))
            .filter_map(|path| read_preset(&path))
            .collect();
        own.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
        own.dedup_by(|later, first| later.name == first.name);
        own
    }
}

/// A preset whose text cannot be understood any more goes by its file's name, so that it can still
/// be opened, mended or deleted.
fn read_preset(path: &Path) -> Option<OwnPreset> {
    let text = read_experiment(path).ok()?;
    let stem = path.file_stem()?.to_string_lossy().into_owned();
    let (name, notes) = match experiment::parse(&text) {
        Ok(experiment) if experiment.name.trim().is_empty() => (stem, experiment.notes),
        Ok(experiment) => (experiment.name, experiment.notes),
        Err(_) => (stem, String::new()),
    };
    Some(OwnPreset { name, notes, path: path.to_path_buf(), text })
}

fn remove(path: &Path) -> Result<(), LibraryError> {
    fs::remove_file(path).map_err(|cause| LibraryError::Write { path: path.to_path_buf(), cause })
}

fn proper_name(name: &str) -> Result<&str, LibraryError> {
    let name = name.trim();
    let found = name.chars().count();
    if found == 0 || found > LONGEST_NAME {
        return Err(LibraryError::Name { limit: LONGEST_NAME, found });
    }
    Ok(name)
}

fn named_text(text: &str, fields: &[(&str, &str)]) -> Result<String, LibraryError> {
    let refused = |problem| LibraryError::NotAnExperiment { problem };
    let edits: Vec<_> = fields
        .iter()
        .map(|(path, value)| TextEdit::Set { path: (*path).to_owned(), value: literal(value) })
        .collect();
    let text = apply_edits(text, &edits).map_err(|e| refused(e.to_string()))?;
    experiment::parse(&text).map_err(|e| refused(e.message))?;
    Ok(text)
}

/// A path in `folder` that no file has yet, as near to the name as every system allows.
fn free_path(folder: &Path, name: &str) -> PathBuf {
    let stem = safe_stem(name);
    let numbered = (2..).map(|number| format!("{stem} {number}.ron"));
    std::iter::once(format!("{stem}.ron"))
        .chain(numbered)
        .map(|file| folder.join(file))
        .find(|path| path.symlink_metadata().is_err())
        .expect("the numbers do not end")
}

fn safe_stem(name: &str) -> String {
    let mut stem = String::new();
    for letter in name.chars() {
        let safe = letter.is_alphanumeric() || " -_()+,=".contains(letter);
        // Names of files may be 255 bytes long; the ending and a number need some of them.
        if stem.len() + letter.len_utf8() > 200 {
            break;
        }
        stem.push(if safe { letter } else { '_' });
    }
    let stem = stem.trim().to_owned();
    let device = ["con", "prn", "aux", "nul", "com", "lpt"]
        .iter()
        .any(|d| stem.to_lowercase().trim_end_matches(|c: char| c.is_ascii_digit()) == *d);
    if stem.is_empty() || device { format!("preset {stem}").trim_end().to_owned() } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_gives_a_file_name_that_every_system_takes() {
        for (name, stem) in [
            ("Ravine, momentum 0.9", "Ravine, momentum 0_9"),
            ("../../etc/passwd", "______etc_passwd"),
            ("a/b\\c:d*e?f\"g<h>i|j", "a_b_c_d_e_f_g_h_i_j"),
            ("Größe 学習", "Größe 学習"),
            ("CON", "preset CON"),
            ("com1", "preset com1"),
            ("\u{0}", "_"),
        ] {
            assert_eq!(safe_stem(name), stem);
        }
        assert!(safe_stem(&"学".repeat(200)).len() <= 200);
    }
}
