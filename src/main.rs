//! The story of a run: arguments become a request, a request goes to the face that serves it.

use std::ffi::OsStr;
use std::process::ExitCode;

use downhill::cli::{self, Request};

fn main() -> ExitCode {
    match cli::parse() {
        Request::Serve(verb) => cli::serve(&verb),
        Request::Window(file) => window(file.as_deref()),
        Request::Shot(_) => cli::refuse(cli::NO_WINDOW),
    }
}

fn window(file: Option<&OsStr>) -> ExitCode {
    match cli::opening(file) {
        Ok(_) => cli::refuse(cli::NO_WINDOW),
        Err(code) => code,
    }
}
