//! The list of recently opened files, newest first.
//!
//! A path is a string of bytes on Unix: one that is no UTF-8 is kept byte for byte.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Library, LibraryError, read_experiment, write_file};

const KEPT: usize = 12;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum KeptPath {
    Text(String),
    Bytes(Vec<u8>),
}

impl Library {
    /// The recently opened files, newest first; none where none are kept.
    #[must_use]
    pub fn recent(&self) -> Vec<PathBuf> {
        let Some(places) = self.places() else { return Vec::new() };
        let text = read_experiment(&places.recent()).unwrap_or_default();
        let kept: Vec<KeptPath> = ron::from_str(&text).unwrap_or_default();
        kept.into_iter().map(to_path).collect()
    }

    /// Puts a file at the head of the list.
    ///
    /// # Errors
    /// If the list cannot be kept.
    pub fn add_recent(&self, path: &Path) -> Result<(), LibraryError> {
        let path = std::path::absolute(path).unwrap_or_else(|_no_folder| path.to_path_buf());
        let mut recent = self.recent();
        recent.retain(|kept| *kept != path);
        recent.insert(0, path);
        recent.truncate(KEPT);
        self.keep_recent(&recent)
    }

    /// Takes a file off the list, as when it is gone.
    ///
    /// # Errors
    /// If the list cannot be kept.
    pub fn remove_recent(&self, path: &Path) -> Result<(), LibraryError> {
        let mut recent = self.recent();
        recent.retain(|kept| kept != path);
        self.keep_recent(&recent)
    }

    fn keep_recent(&self, recent: &[PathBuf]) -> Result<(), LibraryError> {
        let file = self.kept_at()?.recent();
        let kept: Vec<_> = recent.iter().map(|path| from_path(path)).collect();
        let text = ron::ser::to_string_pretty(&kept, ron::ser::PrettyConfig::default())
            .expect("texts and bytes can always be written");
        write_file(&file, text.as_bytes())
    }
}

fn from_path(path: &Path) -> KeptPath {
    path.to_str().map_or_else(
        || KeptPath::Bytes(path.as_os_str().as_encoded_bytes().to_vec()),
        |text| KeptPath::Text(text.to_owned()),
    )
}

fn to_path(kept: KeptPath) -> PathBuf {
    match kept {
        KeptPath::Text(text) => text.into(),
        KeptPath::Bytes(bytes) => path_from_bytes(bytes),
    }
}

#[cfg(unix)]
fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_first_and_none_is_there_twice() {
        let home = tempfile::tempdir().unwrap();
        let library = Library::under(home.path());
        assert!(library.recent().is_empty());
        for i in 0..20 {
            library.add_recent(&PathBuf::from(format!("/tmp/{i}.ron"))).unwrap();
        }
        library.add_recent(Path::new("/tmp/15.ron")).unwrap();
        let recent = library.recent();
        assert_eq!(recent.len(), KEPT);
        assert_eq!(recent[..2], [PathBuf::from("/tmp/15.ron"), PathBuf::from("/tmp/19.ron")]);
        library.remove_recent(&recent[0]).unwrap();
        assert_eq!(library.recent(), recent[1..]);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_comes_back_byte_for_byte() {
        use std::os::unix::ffi::OsStrExt;
        let home = tempfile::tempdir().unwrap();
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/tmp/\xff\xfe \n'.ron"));
        let library = Library::under(home.path());
        library.add_recent(path).unwrap();
        assert_eq!(library.recent(), [path]);
    }
}
