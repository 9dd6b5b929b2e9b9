//! `downhill check`: every problem of every file, each with the place marked in its text.

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use crate::experiment::{self, LanePlan, Problem, TaskPlan, ValidExperiment, excerpt};
use crate::model::ParamLayout;
use crate::session::library::{Document, Library};
use crate::train::AnyTrainer;

use super::text::counted;
use super::{Console, Failure};

/// An experiment that can be trained, with what each lane is to do.
#[derive(Debug)]
pub(super) struct Ready {
    /// The experiment.
    pub(super) experiment: ValidExperiment,
    /// One plan a lane.
    pub(super) plans: Vec<LanePlan>,
    /// The shape of each lane.
    pub(super) shapes: Vec<LaneShape>,
}

/// What is known of a lane before it is trained.
#[derive(Debug)]
pub(super) struct LaneShape {
    /// Where each tensor of its parameters lies.
    pub(super) layout: ParamLayout,
    /// The updates of its plan in all; `None` without an end.
    pub(super) planned_steps: Option<u64>,
}

/// Checks every file and says of each what is wrong or that it can be trained.
pub(super) fn check_files(console: &mut Console, files: &[OsString]) -> Result<ExitCode, Failure> {
    let library = Library::open();
    let mut wrong = 0;
    for file in files {
        match library.find(file) {
            Err(error) => {
                wrong += 1;
                console.say(&format!("downhill: {error}"));
            }
            Ok(document) => {
                let name = document.shown_name();
                match ready(&document, &document.text) {
                    Ok(ready) => {
                        let lanes = counted(ready.plans.len(), "lane");
                        let specs = &ready.experiment.experiment().lanes;
                        let runs: u32 = specs.iter().map(|lane| lane.seeds).sum();
                        let seeds = if runs as usize > specs.len() {
                            format!(" with {runs} seeds in all")
                        } else {
                            String::new()
                        };
                        writeln!(console.out, "{name}: can be trained, {lanes}{seeds}")?;
                        if let Some(words) = left_out(&ready.plans) {
                            writeln!(console.out, "{name}: {words}")?;
                        }
                    }
                    Err(problems) => {
                        wrong += 1;
                        console.say(&marked(&document.text, &name, &problems));
                    }
                }
            }
        }
    }
    if wrong == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    if files.len() > 1 {
        console.say(&format!("{wrong} of {} cannot be trained", counted(files.len(), "file")));
    }
    Ok(ExitCode::from(2))
}

/// Validates a text, loads its data, found beside the document, and builds each lane once.
pub(super) fn ready(document: &Document, text: &str) -> Result<Ready, Vec<Problem>> {
    let experiment = experiment::check(text)?;
    let plans = experiment.prepare(&document.opener())?;
    let lanes = plans.iter().enumerate();
    let built = lanes.map(|(i, plan)| match AnyTrainer::new(plan) {
        Err(error) => Err(vec![Problem::new(format!("lanes[{i}]"), error.to_string())]),
        Ok(trainer) => {
            let layout = trainer.layout().clone();
            Ok(LaneShape { layout, planned_steps: trainer.planned_steps() })
        }
    });
    let shapes = built.collect::<Result<_, _>>()?;
    Ok(Ready { experiment, plans, shapes })
}

/// How many rows of the data are left out, and why; all lanes share them.
pub(super) fn left_out(plans: &[LanePlan]) -> Option<String> {
    match &plans.first()?.task {
        TaskPlan::Learn(learn) => learn.split.left_out_words(),
        TaskPlan::Surface { .. } => None,
    }
}

/// All problems, each with the place marked in its text.
pub(super) fn marked(text: &str, name: &str, problems: &[Problem]) -> String {
    let excerpts: Vec<_> =
        problems.iter().map(|problem| excerpt(text, name, problem).trim_end().to_owned()).collect();
    let count = counted(problems.len(), "problem");
    format!("{}\n\n{name}: {count}", excerpts.join("\n\n"))
}
