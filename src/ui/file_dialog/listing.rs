//! Looking at the disk from a thread of its own: a slow or hanging disk never holds the window.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::thread;

/// One thing in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) folder: bool,
    pub(super) bytes: u64,
}

/// What was found at a path.
#[derive(Debug)]
pub(super) enum Found {
    /// A folder, and what is in it: folders first, each by name.
    Folder(Vec<Listed>),
    /// A file.
    File,
    /// Nothing; whether the folder it would be in exists.
    Nothing { parent: bool },
    /// The system refused, in its own words.
    Refused(String),
}

/// A look that is under way.
#[derive(Debug)]
pub(super) struct Look {
    path: PathBuf,
    answer: Receiver<Found>,
}

impl Look {
    /// Starts to look at a path. When even a thread cannot be had, the answer says so.
    pub(super) fn start(path: PathBuf) -> Self {
        let (sender, answer) = sync_channel(1);
        let wanted = path.clone();
        let refused = sender.clone();
        let spawned = thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            // The dialog may have gone on to another folder or be closed: then no one listens.
            drop(sender.send(look(&wanted)));
        });
        if let Err(error) = spawned {
            drop(refused.send(Found::Refused(error.to_string())));
        }
        Self { path, answer }
    }

    /// What was found, once; `None` while it is still looking.
    pub(super) fn take(&mut self) -> Option<(PathBuf, Found)> {
        match self.answer.try_recv() {
            Ok(found) => Some((self.path.clone(), found)),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some((self.path.clone(), Found::Refused("the look was broken off".to_owned())))
            }
        }
    }
}

fn look(path: &Path) -> Found {
    match std::fs::metadata(path) {
        Ok(data) if data.is_dir() => match list(path) {
            Ok(listed) => Found::Folder(listed),
            Err(error) => Found::Refused(error.to_string()),
        },
        Ok(_) => Found::File,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Found::Nothing { parent: path.parent().is_some_and(Path::is_dir) }
        }
        Err(error) => Found::Refused(error.to_string()),
    }
}

fn list(folder: &Path) -> io::Result<Vec<Listed>> {
    let mut listed = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        // Names that are not text cannot be typed or saved in an experiment: left out, as are
        // hidden ones and what vanished meanwhile.
        let Ok(entry) = entry else { continue };
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        // Through links, so that a link to a folder is one.
        let Ok(data) = std::fs::metadata(entry.path()) else { continue };
        listed.push(Listed { name, folder: data.is_dir(), bytes: data.len() });
    }
    listed.sort_by_cached_key(|entry| (!entry.folder, entry.name.to_lowercase()));
    Ok(listed)
}

/// A path as people type it: `~` is the home folder, what is not absolute lies in `folder`.
pub(super) fn typed_path(text: &str, folder: &Path) -> PathBuf {
    let text = text.trim();
    let home = std::env::home_dir();
    match (text.strip_prefix('~'), home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
            home.join(rest.trim_start_matches('/'))
        }
        _ => folder.join(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_first_and_hidden_files_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["b.ron", "A.csv", ".hidden"] {
            std::fs::write(folder.path().join(name), "12345").expect("written");
        }
        std::fs::create_dir(folder.path().join("zoo")).expect("made");
        let Found::Folder(listed) = look(folder.path()) else { panic!("a folder") };
        let names: Vec<&str> = listed.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["zoo", "A.csv", "b.ron"]);
        assert_eq!(listed[1].bytes, 5);
        assert!(matches!(look(&folder.path().join("b.ron")), Found::File));
        let missing = look(&folder.path().join("new.ron"));
        assert!(matches!(missing, Found::Nothing { parent: true }));
        let nowhere = look(&folder.path().join("no/new.ron"));
        assert!(matches!(nowhere, Found::Nothing { parent: false }));
    }

    #[test]
    fn typed_paths_are_taken_from_the_folder_shown() {
        let folder = Path::new("/data");
        assert_eq!(typed_path("a.ron", folder), Path::new("/data/a.ron"));
        assert_eq!(typed_path("/tmp/a.ron ", folder), Path::new("/tmp/a.ron"));
        assert_eq!(typed_path("~notme", folder), Path::new("/data/~notme"));
        if let Some(home) = std::env::home_dir() {
            assert_eq!(typed_path("~/a.ron", folder), home.join("a.ron"));
        }
    }
}
