//! `cargo bench --bench growth`: how the cost of an update grows with the batch, the width and the
//! depth of the model, the number of lanes, and the length of the run.
//!
//! Each point is the best of several short rounds, by the time the processor spent. Written are the
//! samples, `growth.csv`, and a figure of them, `growth.svg`, into the folder named by `--out`.
//! Deliberately not here: what the machine could do at all (`speed`), and any judgement.

mod figure;
mod runs;
mod samples;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use figure::Panel;

fn main() -> ExitCode {
    match go() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            complain(&problem);
            ExitCode::from(2)
        }
    }
}

fn go() -> Result<(), String> {
    let mut folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--out" => folder = arguments.next().ok_or("--out needs a folder")?.into(),
            other => return Err(format!("{other} is not known here: there is --out FOLDER")),
        }
    }
    let panels = samples::all(say);
    let write = |name: &str, text: String| {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        say(&path.display().to_string());
        Ok::<(), String>(())
    };
    write("growth.csv", table(&panels))?;
    write("growth.svg", figure::drawn(&panels))
}

/// The samples, a row each.
fn table(panels: &[Panel]) -> String {
    let mut text = "against,of,x,nanoseconds\n".to_owned();
    for panel in panels {
        for line in &panel.lines {
            for (x, y) in &line.points {
                let written = writeln!(text, "{},{},{x},{y:.2}", panel.name, line.name);
                debug_assert!(written.is_ok(), "a text takes all");
            }
        }
    }
    text
}

#[expect(clippy::print_stdout, reason = "a benchmark says what it does")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "a benchmark says what went wrong")]
fn complain(line: &str) {
    eprintln!("{line}");
}
