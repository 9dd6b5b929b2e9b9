//! `downhill lesson`: a lesson by its name, or from a file, for a face that gives it.

use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

use crate::catalog::suggestion;
use crate::lesson::{ValidLesson, check_lesson, shipped_lesson, shipped_lessons};

use super::check::marked;
use super::{Console, Failure};

/// The lesson a user named; if there is none, that has been said.
///
/// # Errors
/// The exit code, if there is none of that name, or it cannot be given.
pub fn lesson(named: &OsStr) -> Result<ValidLesson, ExitCode> {
    let name = named.to_string_lossy();
    if let Some(shipped) = shipped_lesson(&name) {
        return Ok(shipped.lesson());
    }
    let path = Path::new(named);
    let mut console = Console::new();
    if !path.is_file() {
        let names = shipped_lessons().iter().map(|lesson| lesson.name);
        let hint = suggestion(&name, names);
        let words = format!("there is no lesson `{name}`: {hint}");
        return Err(console.end(Err(Failure::BadInput(words))));
    }
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            let words = format!("{} cannot be read: {error}", path.display());
            return Err(console.end(Err(Failure::BadInput(words))));
        }
    };
    check_lesson(&text).map_err(|problems| {
        console.say(&marked(&text, &name, &problems));
        ExitCode::from(2)
    })
}
