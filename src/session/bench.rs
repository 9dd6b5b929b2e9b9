//! Instruments applied to lanes: who asked for what, and what was found.
//!
//! An instrument works on a copy: the lane is asked for its state, a worker builds the copy and
//! examines it, the report comes back as every job's result does. The lane trains on meanwhile.
//!
//! Invariant: a finding is of the run it was made on. When a lane is built anew, it is forgotten.

use std::mem::discriminant;
use std::sync::Arc;

use crate::experiment::LanePlan;
use crate::lab::{Report, Specimen, Tool};
use crate::train::PictureKind;

use super::workbench::{NoticeKind, Session};
use super::{Lane, LaneId};

/// What an instrument found on a lane, or why it found nothing.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The lane.
    pub lane: LaneId,
    /// The instrument with its settings.
    pub tool: Tool,
    /// Updates the lane had done.
    pub step: u64,
    /// The report, or the reason why there is none.
    pub found: Result<Report, String>,
    /// What the lane was built from then.
    pub(super) plan: Arc<LanePlan>,
}

/// Who asked for what, and what was found.
#[derive(Debug, Default)]
pub(super) struct Bench {
    /// The lane that is under examination, if one is: its state is sent along with its pictures.
    subject: Option<LaneId>,
    /// Asked for, waiting for the lane's state.
    wanted: Vec<(LaneId, Tool)>,
    /// Being worked on.
    working: Vec<(LaneId, Tool)>,
    /// The latest finding of each instrument on each lane.
    findings: Vec<Finding>,
}

fn is_same(one: &(LaneId, Tool), lane: LaneId, tool: &Tool) -> bool {
    one.0 == lane && discriminant(&one.1) == discriminant(tool)
}

impl Session {
    /// The latest finding of an instrument on a lane as it is built now, whatever its settings.
    pub fn finding(&self, lane: LaneId, tool: &Tool) -> Option<&Finding> {
        let plan = &self.lane(lane)?.plan;
        self.bench.findings.iter().find(|f| {
            f.lane == lane
                && discriminant(&f.tool) == discriminant(tool)
                && Arc::ptr_eq(&f.plan, plan)
        })
    }

    /// Whether an instrument is at work on a lane, or waits for its state.
    pub fn is_examining(&self, lane: LaneId, tool: &Tool) -> bool {
        let Bench { wanted, working, .. } = &self.bench;
        wanted.iter().chain(working).any(|one| is_same(one, lane, tool))
    }

    /// Whether any instrument is at work, or an autopsy is made.
    pub fn is_examining_any(&self) -> bool {
        let bench = &self.bench;
        !(bench.wanted.is_empty() && bench.working.is_empty()) || self.autopsies.is_busy()
    }

    /// Takes a lane under examination, or puts it back.
    pub(super) fn put_on_bench(&mut self, lane: Option<LaneId>) {
        if self.bench.subject == lane {
            return;
        }
        self.bench.subject = lane;
        for other in &mut self.lanes {
            other.send_state(Some(other.id) == lane);
        }
    }

    /// Asks for an instrument to be applied to a lane.
    pub(super) fn examine(&mut self, lane: LaneId, tool: Tool) {
        self.put_on_bench(Some(lane));
        self.bench.wanted.retain(|one| !is_same(one, lane, &tool));
        self.bench.wanted.push((lane, tool));
        self.start_examinations();
    }

    /// Starts what was asked for and whose lane has sent its state.
    pub(super) fn start_examinations(&mut self) {
        for (id, tool) in std::mem::take(&mut self.bench.wanted) {
            let Some(lane) = self.lanes.iter_mut().find(|lane| lane.id == id) else { continue };
            let busy = self.bench.working.iter().any(|one| is_same(one, id, &tool));
            if let Some((specimen, step)) = specimen_of(lane).filter(|_| !busy) {
                self.start_examination(id, tool, specimen, step);
            } else {
                // Built anew since it was put on the bench, it does not know that it is there.
                lane.send_state(true);
                self.bench.wanted.push((id, tool));
            }
        }
    }

    fn start_examination(&mut self, lane: LaneId, tool: Tool, specimen: Specimen, step: u64) {
        let plan = Arc::clone(&specimen.plan);
        let started = self.jobs.examine(specimen, tool.clone(), move |tool, found| Finding {
            lane,
            tool,
            step,
            found,
            plan,
        });
        match started {
            Ok(()) => self.bench.working.push((lane, tool)),
            Err(error) => {
                self.notify(NoticeKind::Failed, format!("No worker could be started: {error}"));
            }
        }
    }

    pub(super) fn take_finding(&mut self, finding: Finding) {
        let (lane, tool) = (finding.lane, finding.tool.clone());
        self.bench.working.retain(|one| !is_same(one, lane, &tool));
        self.bench
            .findings
            .retain(|f| !(f.lane == lane && discriminant(&f.tool) == discriminant(&tool)));
        self.bench.findings.push(finding);
        let alive = |id: LaneId| self.ids.contains(&id);
        self.bench.findings.retain(|f| alive(f.lane));
    }
}

/// The lane's state as last sent, if it is of this run.
fn specimen_of(lane: &Lane) -> Option<(Specimen, u64)> {
    let picture = lane.live_state()?;
    let PictureKind::State(state) = &picture.kind else { return None };
    // At rest, only the state it rests in will do.
    let current = lane.is_running() || picture.step == lane.status.step;
    let specimen = Specimen { plan: Arc::clone(&lane.plan), state: Arc::clone(state) };
    current.then_some((specimen, picture.step))
}
