//! Looking back: one step of the past that every lane is shown at, playing it back, and going back to it.
//!
//! Looking changes nothing: lanes train on, and the present is one action away. Going back opens a branch
//! in every lane that was further, and can be undone: what came after is kept by the branch that was
//! left. Invariant: a lane that has not got so far is shown where it stands.

use std::sync::Arc;
use std::time::Instant;

use crate::train::{BranchId, Command, Target, spawn_visitor};

use super::undo::Done;
use super::workbench::Session;
use super::{Lane, LaneId};

/// What is looked at, and how it moves by itself.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    /// The step that is looked at; none for the present.
    at: Option<f64>,
    playing: Option<Playing>,
}

#[derive(Debug)]
struct Playing {
    /// Steps a second; backwards below 0.
    rate: f64,
    last: Instant,
}

impl Timeline {
    /// The past is gone.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Session {
    /// The step that is looked at; `None` for the present.
    pub fn looked_at(&self) -> Option<u64> {
        self.timeline.at.map(|at| at as u64)
    }

    /// How many steps a second the past plays back, below 0 backwards; `None` while it stands.
    pub fn played_back(&self) -> Option<f64> {
        self.timeline.playing.as_ref().map(|playing| playing.rate)
    }

    /// The step of the lane that has got furthest.
    pub fn furthest(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.status.step).max().unwrap_or(0)
    }

    pub(super) fn look_at(&mut self, step: Option<u64>) {
        self.timeline.playing = None;
        self.timeline.at = step.map(|step| step.min(self.furthest()) as f64);
        self.show_looked_at();
    }

    /// A lane that shows another of its seeds since is shown at the step that is looked at, too.
    pub(super) fn look_again(&mut self) {
        if self.looked_at().is_some() && self.lanes.iter().any(|lane| lane.looked_at().is_none()) {
            self.show_looked_at();
        }
    }

    /// Shows every lane at the step that is looked at.
    fn show_looked_at(&mut self) {
        let step = self.looked_at();
        let (permits, waker) = (&self.permits, &self.waker);
        for lane in &mut self.lanes {
            lane.look_at(step, |plan| {
                spawn_visitor(plan.clone(), Arc::clone(permits), waker.as_fn())
            });
        }
    }

    /// Plays the past back, from what is looked at, else from the end that it runs away from.
    pub(super) fn play_back(&mut self, rate: Option<f64>) {
        let Some(rate) = rate.filter(|rate| rate.is_finite() && *rate != 0.0) else {
            self.timeline.playing = None;
            return;
        };
        let end = self.furthest() as f64;
        let start = if rate > 0.0 { 0.0 } else { end };
        let at = self.timeline.at.filter(|at| if rate > 0.0 { *at < end } else { *at > 0.0 });
        self.timeline.at = Some(at.unwrap_or(start));
        self.timeline.playing = Some(Playing { rate, last: Instant::now() });
        self.show_looked_at();
    }

    /// Moves on what plays back.
    pub(super) fn advance_playback(&mut self) {
        let end = self.furthest() as f64;
        let Timeline { at: Some(at), playing: Some(playing) } = &mut self.timeline else { return };
        let now = Instant::now();
        let seconds = now.duration_since(playing.last).as_secs_f64();
        playing.last = now;
        let before = *at as u64;
        *at = (*at + seconds * playing.rate).clamp(0.0, end);
        let is_over = if playing.rate > 0.0 { *at >= end } else { *at <= 0.0 };
        let moved = *at as u64 != before;
        if is_over {
            self.timeline.playing = None;
        }
        if moved {
            self.show_looked_at();
        }
    }

    /// Takes every lane that is further back to a step. All lanes hold still.
    pub(super) fn rewind_to(&mut self, step: u64) {
        self.running = false;
        self.send_open(&Command::Pause);
        self.look_at(None);
        let further = |lane: &&mut Lane| lane.status.step > step || lane.is_running();
        let mut left = Vec::new();
        for lane in self.lanes.iter_mut().filter(further) {
            left.push((lane.id, lane.branch()));
            lane.send(Command::Rewind { step, before_changes: false });
        }
        if !left.is_empty() {
            self.undo.push(Done::Rewind { step: Some(step), branches: left }, None);
        }
    }

    /// Puts a lane on a branch that it has left.
    pub(super) fn go_to_branch(&mut self, id: LaneId, branch: BranchId) {
        if self.lane(id).is_none_or(|lane| !lane.knows_branch(branch)) {
            return;
        }
        let branches = self.return_to(&[(id, branch)]);
        self.undo.push(Done::Rewind { step: None, branches }, None);
    }

    /// Puts lanes back on branches they have left. Gives the branches they are on, to come back to.
    pub(super) fn return_to(&mut self, branches: &[(LaneId, BranchId)]) -> Vec<(LaneId, BranchId)> {
        self.timeline.forget();
        self.show_looked_at();
        let mut left = Vec::new();
        for (id, branch) in branches {
            let Some(lane) = self.lanes.iter_mut().find(|lane| lane.id == *id) else { continue };
            left.push((*id, lane.branch()));
            if lane.knows_branch(*branch) {
                lane.send(Command::Return(*branch));
                if self.running {
                    lane.send(Command::Run(Target::End));
                }
            }
        }
        left
    }
}
