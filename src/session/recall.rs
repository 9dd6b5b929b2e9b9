//! Batch losses that were given up for memory, brought back for whoever looks closely.
//!
//! The lane says what it takes to do a stretch once more; a worker does it on a trainer of its own,
//! while the lane trains on. One stretch of a lane at a time.

use std::ops::Range;
use std::sync::Arc;

use crate::experiment::LanePlan;
use crate::train::{Command, LossSink, RetraceError};

use super::workbench::{NoticeKind, Session};
use super::{Lane, LaneId};

/// A stretch that was done once more.
#[derive(Debug)]
pub(super) struct Recalled {
    pub(super) lane: LaneId,
    /// What the lane was built from then.
    pub(super) plan: Arc<LanePlan>,
    pub(super) steps: Range<u64>,
    pub(super) found: Result<Vec<LossSink>, RetraceError>,
}

impl Session {
    /// Asks for single losses of a lane, unless some are on their way.
    pub(super) fn recall(&mut self, id: LaneId, steps: Range<u64>) {
        let lane = self.lanes.iter_mut().find(|lane| lane.id == id);
        if let Some(lane) = lane.filter(|lane| lane.recalling.is_none()) {
            lane.recalling = Some(steps.clone());
            lane.send(Command::Retrace(steps));
        }
    }

    /// Starts the work on what lanes have said it takes.
    pub(super) fn start_retraces(&mut self) {
        for index in 0..self.lanes.len() {
            let lane = &mut self.lanes[index];
            let Some(retrace) = lane.retrace.take() else { continue };
            let (id, plan) = (lane.id, Arc::clone(&lane.plan));
            if let Err(error) = self.jobs.recall(id, plan, *retrace) {
                self.lanes[index].recalling = None;
                self.notify(NoticeKind::Failed, format!("No worker could be started: {error}"));
            }
        }
    }

    pub(super) fn take_recalled(&mut self, recalled: Recalled) {
        let Recalled { lane, plan, steps, found } = recalled;
        let is_waiting = |one: &&mut Lane| {
            one.id == lane && Arc::ptr_eq(&one.plan, &plan) && one.recalling == Some(steps.clone())
        };
        let Some(lane) = self.lanes.iter_mut().find(is_waiting) else { return };
        lane.recalling = None;
        match found {
            Ok(sinks) => {
                let segments = sinks.iter().map(|s| (s.first_step(), Arc::clone(s.segment())));
                lane.losses.recall(segments);
            }
            Err(error) => {
                let words = format!("Losses of {} cannot be computed again: {error}", lane.name());
                self.notify(NoticeKind::Failed, words);
            }
        }
    }
}
