//! An experiment's lane as a plain NumPy program, or as a notebook of the same code.
//!
//! A program is made of parts (what it imports, data, model, loss, optimizer, loop, report), each a
//! title, some words, and code. The rules in it are those of the tables:
//! [`Card::numpy`](crate::catalog::Card), filled with the lane's values. One program is one lane, so
//! that it stays short enough to be read from top to bottom; the others are a program each.
//!
//! Invariant: a program does what the trainer does, in the same order: its losses and parameters are
//! the lane's within 1e-10 (in `F64`), as long as the run itself does not amplify rounding: two sums in
//! another order drift apart where an update is nearly undecided, as anywhere. What a program cannot do
//! is refused ([`ScriptError`]), never left out silently; only `view` is, since it changes no result.
//!
//! Deliberately not here: running it, files.

mod data;
mod lane;
mod layers;
mod model;
mod notebook;
mod objective;
mod report;
mod table;
mod text;
mod training;
mod treatment;

use crate::data::{DataError, Opener};
use crate::experiment::{Experiment, LanePlan, ValidExperiment};
use crate::model::ModelError;
use crate::optim::ScheduleError;

use lane::Lane;
use text::Code;

/// A lane as a program.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    title: String,
    notes: String,
    parts: Vec<Part>,
}

/// A part of a program: a cell of words and a cell of code in a notebook.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    title: &'static str,
    words: String,
    code: String,
}

impl Part {
    fn new(title: &'static str, words: impl Into<String>, code: String) -> Self {
        Self { title, words: words.into(), code }
    }
}

/// Why a lane cannot be told as a program.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// A choice has no rule in Python.
    #[error(
        "the {noun} {name} cannot be told in NumPy yet; choose another one for the program, or train \
         it here"
    )]
    NoRule {
        /// What it is: `"optimizer"`.
        noun: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// The lane begins where another one stood.
    #[error(
        "the lane is forked off `{parent}` at step {step}, which a program cannot tell yet: write the \
         program of `{parent}`"
    )]
    Fork {
        /// The parent's name.
        parent: String,
        /// Where it is forked off.
        step: u64,
    },
    /// The rows could not be read again.
    #[error("the program needs the rows: {0}")]
    Data(#[from] DataError),
    /// The network could not be built.
    #[error("the program needs the network: {0}")]
    Model(#[from] ModelError),
    /// The schedule could not be built.
    #[error("the program needs the schedule: {0}")]
    Schedule(#[from] ScheduleError),
    /// The data are too many to stand in a program.
    #[error(
        "the table has {numbers} numbers, and a program holds at most {most}: take fewer rows, or \
         read the table in Python"
    )]
    TooLarge {
        /// How many there are.
        numbers: usize,
        /// How many a program holds.
        most: usize,
    },
}

/// The plan's lane of the experiment as a program. `opener` finds the table the data come from, if
/// they come from one: its rows are put into the program.
///
/// # Errors
/// If something of the lane cannot be told in NumPy, or its table cannot be read again.
pub fn program(
    experiment: &ValidExperiment,
    plan: &LanePlan,
    opener: &dyn Opener,
) -> Result<Program, ScriptError> {
    if let Some(from) = &plan.from {
        return Err(ScriptError::Fork { parent: from.parent.name.clone(), step: from.step });
    }
    let experiment = experiment.experiment();
    let lane = Lane::new(experiment, plan)?;
    let mut parts = vec![imports(&lane)];
    if let Some(learning) = lane.learning() {
        parts.extend(data::parts(&lane, learning, opener)?);
        parts.extend(model::parts(&lane, learning)?);
        parts.extend(objective::learning(&lane, learning)?);
    } else {
        parts.push(objective::surface(&lane)?);
    }
    parts.extend(treatment::parts(&lane)?);
    parts.push(training::settings(&lane));
    parts.push(training::training(&lane));
    parts.push(report::report(&lane));
    parts.push(report::plot(&lane));
    let name = if experiment.name.is_empty() { "An experiment" } else { &experiment.name };
    let title = format!("{name}: the lane “{}”{}", plan.name, run_of(experiment, plan));
    Ok(Program { title, notes: experiment.notes.clone(), parts })
}

/// Which of its lane's runs the plan is, where there are several.
fn run_of(experiment: &Experiment, plan: &LanePlan) -> String {
    let seeds = experiment.lanes.iter().find(|lane| lane.name == plan.name).map_or(1, |l| l.seeds);
    let number = plan.seeds.init.wrapping_sub(experiment.training.seeds().init).wrapping_add(1);
    if seeds > 1 { format!(", seed {number} of {seeds}") } else { String::new() }
}

fn imports(lane: &Lane<'_>) -> Part {
    let mut code = String::from("import math\n\nimport numpy as np\n\n");
    code.put("# A run that leaves the range of numbers says so itself, further down.\n");
    code.put("np.seterr(all=\"ignore\")\n\n");
    code.put(format!("dtype = np.{}\n", lane.dtype()));
    Part::new("What is needed", "NumPy, and nothing else.", code)
}

impl Program {
    /// The program as a Python file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out =
            format!("\"\"\"{}, as a plain NumPy program.\n", text::within_docstring(&self.title));
        for words in [self.notes.as_str(), ORIGIN] {
            if !words.is_empty() {
                let lines = text::wrapped(&text::within_docstring(words), 96);
                out.put(format!("\n{}\n", lines.join("\n").trim_end()));
            }
        }
        out.put("\"\"\"\n");
        for part in &self.parts {
            let rule = "-".repeat(74_usize.saturating_sub(part.title.chars().count()));
            out.put(format!("\n# ---- {} {rule}\n", part.title));
            out.put(text::comment(&part.words));
            out.push('\n');
            out.put(part.code.trim_end());
            out.put("\n\n");
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
        out
    }

    /// The program as a Jupyter notebook (nbformat 4), words and code in cells of their own.
    #[must_use]
    pub fn notebook(&self) -> String {
        notebook::notebook(self)
    }
}

/// Where a program comes from and how to use it.
const ORIGIN: &str = "Written by Downhill. It computes what the lane computes, in the same order: \
    losses and parameters agree with it to about ten digits, unless the run amplifies rounding. Read it from top to bottom, run it \
    with `python3`, change a number, run it again.";
