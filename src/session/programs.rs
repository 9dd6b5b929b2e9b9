//! Lanes told as NumPy programs, on a worker.
//!
//! Invariant: a program is that of the experiment as saving would write it now: knobs that were turned
//! by hand are among its edits.

use crate::experiment::{apply_edits, check};
use crate::script::{Program, program};

use super::LaneId;
use super::library::FileOpener;
use super::workbench::{NoticeKind, Session};

/// A lane as a program.
#[derive(Debug, Clone, PartialEq)]
pub struct LaneProgram {
    /// The lane.
    pub lane: LaneId,
    /// Its program, or why it cannot be told as one.
    pub found: Result<Program, String>,
}

impl Session {
    /// The program last asked for.
    pub fn program(&self) -> Option<&LaneProgram> {
        self.program.as_ref()
    }

    pub(super) fn write_program(&mut self, lane: LaneId) {
        self.program = None;
        let Some(index) = self.index_of(lane) else { return };
        let edits = self.edits_of_turned_knobs();
        let text = apply_edits(self.draft.text(), &edits).map_err(|problem| problem.to_string());
        let opener = self.opener();
        let work = move || {
            let found = text.and_then(|text| told(&text, index, &opener));
            LaneProgram { lane, found }
        };
        if let Err(error) = self.jobs.program(work) {
            self.notify(NoticeKind::Failed, format!("no thread could be started: {error}"));
        }
    }
}

/// The program of the text's lane at `index`.
fn told(text: &str, index: usize, opener: &FileOpener) -> Result<Program, String> {
    let first = |problems: Vec<crate::experiment::Problem>| {
        problems.into_iter().next().map_or_else(String::new, |problem| problem.message)
    };
    let experiment = check(text).map_err(first)?;
    let plans = experiment.prepare(opener).map_err(first)?;
    let plan = plans.get(index).ok_or_else(|| "the lane is gone".to_owned())?;
    program(&experiment, plan, opener).map_err(|error| error.to_string())
}
