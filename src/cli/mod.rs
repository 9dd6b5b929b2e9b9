//! The command line: arguments, and the verbs that need no window.
//!
//! [`parse`] turns what was typed into a [`Request`]; `main` gives it to the face that serves it, and
//! [`serve`] serves the verbs. Exit codes: 0 finished (a run that diverged is a result), 2 bad input,
//! 1 anything else, 130 interrupted.
//!
//! Deliberately not here: the window, and anything that a library could want; this floor prints.

mod arguments;
mod check;
mod console;
mod failure;
mod interrupt;
mod kernels;
mod lesson;
mod list;
mod new;
mod output;
mod overrides;
mod predictions;
mod progress;
mod report;
mod run;
mod script;
mod table;
mod text;

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

pub use arguments::{
    Arguments, CheckArguments, LessonArguments, ListArguments, ListKind, NewArguments,
    RunArguments, ScriptArguments, ShotArguments, ShotTheme, ShotTiles, ShotView, Verb,
};
pub use console::Console;
pub use failure::Failure;
pub use kernels::kernels;
pub use lesson::lesson;

use crate::catalog;
use crate::experiment;
use crate::session::library::{Document, Library, write_file};

/// What was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// The window, with an experiment in it if one is named.
    Window(Option<OsString>),
    /// The window, with a lesson in it.
    Lesson(LessonArguments),
    /// A picture of the window.
    Shot(ShotArguments),
    /// Something without a window.
    Serve(Verb),
}

/// What was typed, as a request. Where it cannot be understood the program ends here, with exit code
/// 2 and the usage.
#[must_use]
pub fn parse() -> Request {
    let arguments = Arguments::parse();
    match arguments.verb {
        None => Request::Window(arguments.file),
        Some(Verb::Shot(shot)) => Request::Shot(shot),
        Some(Verb::Lesson(lesson)) => Request::Lesson(lesson),
        Some(verb) => Request::Serve(verb),
    }
}

/// Serves a verb that needs no window, and gives the exit code.
#[must_use]
pub fn serve(verb: &Verb) -> ExitCode {
    let mut console = Console::new();
    let served = match verb {
        Verb::Run(arguments) => run::run(&mut console, arguments),
        Verb::Shot(_) | Verb::Lesson(_) => Err(Failure::bad_input(NO_WINDOW)),
        Verb::Check(arguments) => check::check_files(&mut console, &arguments.files),
        Verb::List(arguments) => list::list(&mut console.out, arguments.kind, arguments.json)
            .map(|()| ExitCode::SUCCESS)
            .map_err(Failure::from),
        Verb::New(arguments) => new::new(&mut console, arguments),
        Verb::Script(arguments) => script::script(&mut console, arguments),
    };
    console.end(served)
}

/// What is said where the window is not part of the build.
pub const NO_WINDOW: &str =
    "this build has no window and paints no pictures; build it with the feature `gui`";

/// Says one sentence and gives exit code 2.
#[must_use]
pub fn refuse(sentence: &str) -> ExitCode {
    Console::new().end(Err(Failure::bad_input(sentence)))
}

/// Writes a file that was asked for, whole or not at all, and gives the exit code.
#[must_use]
pub fn deliver(path: &Path, bytes: &[u8]) -> ExitCode {
    let written = write_file(path, bytes).map(|()| ExitCode::SUCCESS);
    Console::new().end(written.map_err(|error| Failure::Other(error.into())))
}

/// The experiment a user named, or the opening one, for a face that shows it. It can be trained; if
/// not, that has been said, and the program ends with the exit code that is given instead.
///
/// # Errors
/// The exit code, if there is none of that name, or it cannot be trained.
pub fn opening(named: Option<&OsStr>) -> Result<Document, ExitCode> {
    let mut console = Console::new();
    let found = kernels().and_then(|_| find(named));
    let document = found.map_err(|failure| Console::new().end(Err(failure)))?;
    match experiment::check(&document.text) {
        Ok(_) => Ok(document),
        Err(problems) => {
            console.say(&check::marked(&document.text, &document.shown_name(), &problems));
            Err(ExitCode::from(2))
        }
    }
}

/// Says why there is no window, and trains in the terminal what the window would have shown.
#[must_use]
pub fn without_window(named: Option<&OsStr>, sentence: &str) -> ExitCode {
    let file = named.map_or_else(|| OPENING.into(), OsStr::to_owned);
    let mut console = Console::new();
    console.say(&format!(
        "downhill: {sentence}\nInstead, `{}` is trained in the terminal, as `downhill run` does it.",
        file.to_string_lossy()
    ));
    serve(&Verb::Run(Box::new(RunArguments { files: vec![file], ..RunArguments::default() })))
}

fn find(named: Option<&OsStr>) -> Result<Document, Failure> {
    let name = named.unwrap_or(OsStr::new(OPENING));
    Library::open().find(name).map_err(|error| {
        let typed = name.to_string_lossy();
        match catalog::did_you_mean(&typed, VERBS) {
            Some(verb) => Failure::BadInput(format!("{error}; or did you mean `downhill {verb}`?")),
            None => Failure::bad_input(error),
        }
    })
}

/// The preset that a bare `downhill` shows.
const OPENING: &str = "opening";

const VERBS: [&str; 7] = ["run", "check", "list", "shot", "lesson", "new", "script"];
