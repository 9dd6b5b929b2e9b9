//! Autopsies of lanes that diverged: asked for by whoever shows one, done by a worker, one at a time.
//!
//! The lane's thread says what it takes to do its last updates once more; the lane itself stands where
//! it stopped. Invariant: an autopsy is of the end it was made for. When a lane is built anew, goes back
//! or on another branch, it is forgotten.

use std::ops::Range;
use std::sync::Arc;

use crate::experiment::LanePlan;
use crate::lab::{Autopsy, LOOKED_AT, autopsy};
use crate::train::{BranchId, Command, End, EndReason, Retrace};

use super::workbench::{NoticeKind, Session};
use super::{Lane, LaneId};

/// Which end of which lane.
#[derive(Debug, Clone)]
struct Case {
    lane: LaneId,
    /// What the lane was built from.
    plan: Arc<LanePlan>,
    branch: BranchId,
    step: u64,
}

impl Case {
    /// The end of a lane that has diverged.
    fn of(lane: &Lane) -> Option<Self> {
        let End { reason: EndReason::Diverged, step } = lane.end()? else { return None };
        let plan = Arc::clone(&lane.plan);
        Some(Self { lane: lane.id, plan, branch: lane.branch(), step: *step })
    }

    fn is(&self, other: &Self) -> bool {
        (self.lane, self.branch, self.step) == (other.lane, other.branch, other.step)
            && Arc::ptr_eq(&self.plan, &other.plan)
    }

    /// The updates that are looked at.
    fn steps(&self) -> Range<u64> {
        let first = self.plan.from.as_ref().map_or(0, |from| from.step);
        self.step.saturating_sub(LOOKED_AT).max(first.min(self.step))..self.step
    }
}

/// An autopsy that is made.
#[derive(Debug)]
pub(super) struct Examined {
    case: Case,
    found: Result<Autopsy, String>,
}

/// What was asked for, and what was found.
#[derive(Debug, Default)]
pub(super) struct Autopsies {
    /// Waiting for what it takes.
    asked: Vec<Case>,
    /// With what it takes, waiting for the worker.
    ready: Vec<(Case, Retrace)>,
    working: Option<Case>,
    done: Vec<Examined>,
}

impl Autopsies {
    /// Whether anything is under way.
    pub(super) fn is_busy(&self) -> bool {
        !(self.asked.is_empty() && self.ready.is_empty() && self.working.is_none())
    }

    fn has(&self, case: &Case) -> bool {
        let ready = self.ready.iter().map(|(case, _)| case);
        let known = self.asked.iter().chain(ready).chain(&self.working);
        known.chain(self.done.iter().map(|done| &done.case)).any(|other| other.is(case))
    }
}

impl Session {
    /// The autopsy of a lane that diverged, or why there is none; `None` while it is not made.
    pub fn autopsy(&self, lane: LaneId) -> Option<&Result<Autopsy, String>> {
        let case = Case::of(self.lane(lane)?)?;
        self.autopsies.done.iter().find(|done| done.case.is(&case)).map(|done| &done.found)
    }

    /// Asks for the autopsy of a lane that diverged, unless it is made or on its way.
    pub(super) fn ask_for_autopsy(&mut self, id: LaneId) {
        let Some(lane) = self.lanes.iter_mut().find(|lane| lane.id == id) else { return };
        let Some(case) = Case::of(lane).filter(|case| !self.autopsies.has(case)) else { return };
        lane.autopsy_asked = Some(case.steps());
        lane.send(Command::Retrace(case.steps()));
        self.autopsies.asked.push(case);
    }

    /// Starts the next autopsy whose lane has said what it takes.
    pub(super) fn start_autopsies(&mut self) {
        for case in std::mem::take(&mut self.autopsies.asked) {
            let lane = self.lanes.iter_mut().find(|lane| lane.id == case.lane);
            let Some(lane) = lane else { continue };
            let is_same = Case::of(lane).is_some_and(|now| now.is(&case));
            match lane.autopsy_way.take().filter(|way| way.steps() == case.steps()) {
                _ if !is_same => {}
                Some(way) => self.autopsies.ready.push((case, *way)),
                None => self.autopsies.asked.push(case),
            }
        }
        if self.autopsies.working.is_some() || self.autopsies.ready.is_empty() {
            return;
        }
        let (case, way) = self.autopsies.ready.remove(0);
        self.autopsies.working = Some(case.clone());
        let started = self.jobs.autopsy(move || {
            let found = autopsy(&case.plan, &way).map_err(|error| error.to_string());
            Examined { case, found }
        });
        if let Err(error) = started {
            self.autopsies.working = None;
            self.notify(NoticeKind::Failed, format!("No worker could be started: {error}"));
        }
    }

    pub(super) fn take_autopsy(&mut self, examined: Examined) {
        self.autopsies.working = None;
        let lanes = &self.lanes;
        let is_current = |done: &Examined| {
            let lane = lanes.iter().find(|lane| lane.id == done.case.lane);
            lane.and_then(Case::of).is_some_and(|now| now.is(&done.case))
        };
        self.autopsies.done.push(examined);
        self.autopsies.done.retain(is_current);
    }
}
