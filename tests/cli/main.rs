//! The command line as a user meets it: verbs, exit codes, shapes of output.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod check;
mod interrupt;
mod lesson;
mod list;
mod new;
mod presets;
mod readme;
mod run;
mod run_folder;
mod script;
mod seeds;
mod window;

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value as Json;
use tempfile::TempDir;

/// A place of one's own: a home without anything kept, and a folder for files.
#[derive(Debug)]
struct Place {
    folder: TempDir,
}

/// What a command answered.
#[derive(Debug)]
struct Answer {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn home(&self) -> PathBuf {
        self.path().join("home")
    }

    /// Writes a file and gives its path.
    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The program in this place, with nothing of the real user's.
    fn command(&self) -> Command {
        let mut command = Command::cargo_bin("downhill").unwrap();
        command.current_dir(self.path()).env("DOWNHILL_HOME", self.home());
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "DOWNHILL_KERNELS"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the program with arguments parted by spaces.
    fn run(&self, arguments: &str) -> Answer {
        Answer::of(self.command().args(arguments.split_whitespace()).output().unwrap())
    }

    /// Runs it, expects success, and reads its output as one JSON value.
    fn json(&self, arguments: &str) -> Json {
        let answer = self.run(arguments);
        assert_eq!(answer.code, Some(0), "{arguments}: {answer:?}");
        serde_json::from_str(&answer.out).unwrap()
    }
}

impl Answer {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Expects exit code 2 and each of the words on standard error.
    fn is_refused(&self, words: &[&str]) {
        assert_eq!(self.code, Some(2), "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in {self:?}");
        }
    }
}

/// A small experiment that trains in a moment.
const SMALL: &str = r#"// A comment that stays.
(
    version: 1,
    name: "Small",
    task: Learn(
        data: Blobs(samples: 40, features: 2, centers: 2, std: 1.0, seed: 3),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [], init: Zeros),
    ),
    training: (epochs: 4, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05), batch_size: 15),
    ],
)
"#;
