//! Reading an experiment file, replacing a file whole, opening the tables an experiment names.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use atomic_write_file::AtomicWriteFile;

use crate::data::Opener;

use super::LibraryError;

/// The largest experiment file that is read: 8 MiB.
pub const MAX_EXPERIMENT_BYTES: u64 = 8 * 1024 * 1024;

/// The text of an experiment file.
///
/// # Errors
/// If it cannot be read, is larger than [`MAX_EXPERIMENT_BYTES`], or is not UTF-8.
pub fn read_experiment(path: &Path) -> Result<String, LibraryError> {
    let unreadable = |cause| LibraryError::Read { path: path.to_path_buf(), cause };
    if path.is_dir() {
        return Err(LibraryError::Folder { path: path.to_path_buf(), hint: experiments_in(path) });
    }
    let file = File::open(path).map_err(unreadable)?;
    // One byte more than allowed shows that there is more; a pipe has no length to ask for.
    let mut bytes = Vec::new();
    file.take(MAX_EXPERIMENT_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_EXPERIMENT_BYTES {
        let read = bytes.len() as u64;
        let bytes = fs::metadata(path).map_or(read, |m| m.len().max(read));
        let path = path.to_path_buf();
        return Err(LibraryError::TooLarge { path, bytes, limit: MAX_EXPERIMENT_BYTES });
    }
    let text = String::from_utf8(bytes).map_err(|e| LibraryError::NotText {
        path: path.to_path_buf(),
        at: e.utf8_error().valid_up_to(),
    })?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

/// What to name in a folder instead of it.
fn experiments_in(folder: &Path) -> String {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|file| file.extension().is_some_and(|ending| ending == "ron"))
        .collect();
    files.sort();
    match files.first() {
        Some(file) => format!("name a file in it, such as {}", file.display()),
        None => "there is no experiment (`.ron`) in it".to_owned(),
    }
}

/// Whether a folder can be written to; makes it, if it is not there.
///
/// # Errors
/// Why not.
pub fn try_folder(folder: &Path) -> Result<(), LibraryError> {
    let tried = fs::create_dir_all(folder).and_then(|()| {
        let path = folder.join(".downhill-tried");
        File::create(&path)?;
        fs::remove_file(&path)
    });
    tried.map_err(|cause| LibraryError::Write { path: folder.to_path_buf(), cause })
}

/// Replaces the file whole, or leaves it as it was; makes the folders above it. A link is followed.
///
/// # Errors
/// If the folder or the file cannot be written.
pub fn write_file(path: &Path, contents: &[u8]) -> Result<(), LibraryError> {
    write_file_with(path, |out| out.write_all(contents))
}

/// As [`write_file`], for contents that are written piece by piece.
///
/// # Errors
/// If the folder or the file cannot be written, or `write` gives up; the old file is kept then.
pub fn write_file_with(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), LibraryError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_new_file| path.to_path_buf());
    write_whole(&target, write)
        .map_err(|cause| LibraryError::Write { path: path.to_path_buf(), cause })
}

fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut out = BufWriter::new(AtomicWriteFile::open(path)?);
    write(&mut out)?;
    out.into_inner()?.commit()
}

/// Opens the tables an experiment names, relative to one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOpener {
    folder: PathBuf,
}

impl FileOpener {
    /// Relative paths start at `folder`; an empty one is the current folder.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl Opener for FileOpener {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read>> {
        let place = self.folder.join(path);
        let file = File::open(&place).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                let place = std::path::absolute(&place).unwrap_or(place);
                let words = format!(
                    "there is no file {}; put the table there, or write the path where it is (it \
                     starts at the experiment's folder)",
                    place.display()
                );
                io::Error::new(error.kind(), words)
            }
            _ => error,
        })?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
        }
        Ok(Box::new(BufReader::new(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_reads_back_and_makes_its_folders() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/folder/file.ron");
        write_file(&path, b"(version: 1)").unwrap();
        assert_eq!(read_experiment(&path).unwrap(), "(version: 1)");
        write_file(&path, "\u{feff}second".as_bytes()).unwrap();
        assert_eq!(read_experiment(&path).unwrap(), "second", "a byte order mark is no text");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing left over");
    }

    #[test]
    fn what_is_no_experiment_text_is_refused_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.ron");
        fs::write(&path, b"(name: \"\xff\")").unwrap();
        assert!(matches!(read_experiment(&path), Err(LibraryError::NotText { at: 8, .. })));
        fs::write(&path, vec![b' '; MAX_EXPERIMENT_BYTES as usize + 1]).unwrap();
        assert!(matches!(read_experiment(&path), Err(LibraryError::TooLarge { .. })));
        assert!(matches!(read_experiment(folder.path()), Err(LibraryError::Folder { .. })));
    }

    #[test]
    fn a_file_where_a_folder_should_be_is_an_error_and_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("home");
        fs::write(&home, "not a folder").unwrap();
        let error = write_file(&home.join("settings.ron"), b"").unwrap_err().to_string();
        assert!(error.contains("cannot be written") && error.contains("DOWNHILL_HOME"), "{error}");
    }
}
