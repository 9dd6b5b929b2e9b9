//! `downhill new`: a commented experiment file to start from.

use std::io::Write;
use std::process::ExitCode;

use crate::session::library::{Library, write_file};

use super::{Console, Failure, NewArguments};

/// What `new` writes when no preset is named.
pub(super) const TEMPLATE: &str = include_str!("new.ron");

/// Writes the file, or prints it.
pub(super) fn new(console: &mut Console, arguments: &NewArguments) -> Result<ExitCode, Failure> {
    let text = match &arguments.preset {
        None => TEMPLATE.to_owned(),
        Some(preset) => Library::open().find(preset).map_err(Failure::bad_input)?.text,
    };
    let Some(path) = &arguments.out else {
        console.out.write_all(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    if path.exists() && !arguments.force {
        return Err(Failure::BadInput(format!(
            "{} is there already: choose another name, or replace it with --force",
            path.display()
        )));
    }
    write_file(path, text.as_bytes()).map_err(anyhow::Error::new)?;
    let path = path.display();
    console.say(&format!(
        "{path} is written: `downhill {path}` opens it, `downhill run {path}` trains it"
    ));
    Ok(ExitCode::SUCCESS)
}
