//! Going elsewhere: back in a lane's past, to a branch that was left, to where a parent stood.
//!
//! Invariant: whoever reads is told before anything that was reported counts for another branch. Not
//! here: how a state is found again ([`super::super::super::Branches`]).

use std::time::Instant;

use super::super::super::{BranchId, Event, LossSink, Retrace, Target};
use super::super::outbox::Gone;
use super::super::stopwatch::Stopwatch;
use super::{PATIENCE, RETRY, Runner};

/// A branch that was left, and the steps of its evaluations.
pub(super) struct Left {
    branch: BranchId,
    evaluated: Vec<u64>,
    watch: Stopwatch,
}

impl Runner<'_> {
    /// A fork first does what its parents did before it was forked off, at full speed, and reports it.
    pub(super) fn live_through_parents(&mut self) -> Result<(), Gone> {
        while let Some(until) = self.body.next_fork() {
            while self.body.step() < until && self.body.end().is_none() {
                let room = self.setting.undelivered / 2;
                if self.outbox.undelivered() < room && self.turn.take(PATIENCE) {
                    self.slice(Target::Step(until), u64::MAX, false);
                    self.turn.pass_on(Instant::now());
                } else {
                    std::thread::sleep(RETRY);
                }
                self.deliver()?;
            }
            if let Err(reason) = self.body.fork() {
                // Reported as every failure of a lane is.
                panic!("{reason}");
            }
            self.first = self.body.step();
            self.arrive();
        }
        Ok(())
    }

    /// The parameters are others than they were when this step was last shown.
    pub(super) fn moved_by_hand(&mut self) {
        self.measured = None;
        self.touched = Some(self.body.step());
        self.record_position(true);
        self.pictures.refresh();
        if self.target.is_none() {
            self.come_to_rest();
        }
    }

    /// Another one of several runs is shown.
    pub(super) fn show(&mut self, run: usize) {
        // What is told so far is told by who was shown.
        self.body.tell(self.outbox, self.watch.seconds());
        if !self.body.show(run) {
            return;
        }
        self.outbox.branched(Event::Shown(run));
        self.evaluated.clear();
        (self.measured, self.touched) = (None, None);
        if let Some(trail) = &mut self.trail {
            trail.rewind();
        }
        self.pictures.refresh();
        self.urgent = true;
        if self.target.is_none() {
            self.come_to_rest();
        }
    }

    pub(super) fn adopt(&mut self, stretch: Retrace) {
        self.take_turn();
        // A lane of the same plan can stand wherever the other one stood.
        let gone = self.body.adopt(stretch);
        debug_assert!(gone.is_ok(), "{gone:?}");
        self.evaluated.clear();
        self.arrive();
        self.come_to_rest();
    }

    pub(super) fn rewind(&mut self, step: u64, before_changes: bool) {
        self.take_turn();
        self.body.tell(self.outbox, self.watch.seconds());
        let here = self.body.step();
        let (from, to) = self.body.rewind(step, before_changes);
        self.leave(from);
        self.watch.rewind(step, here);
        let kept = self.evaluated.partition_point(|evaluated| *evaluated <= step);
        self.evaluated.truncate(kept);
        self.outbox.branched(Event::Rewound { step, before_changes, from, to });
        self.arrive();
        self.evaluate();
        self.come_to_rest();
    }

    pub(super) fn return_to(&mut self, branch: BranchId) {
        self.take_turn();
        self.body.tell(self.outbox, self.watch.seconds());
        let Some(from) = self.body.return_to(branch) else { return };
        self.leave(from);
        if let Some(at) = self.left.iter().position(|left| left.branch == branch) {
            Left { evaluated: self.evaluated, watch: self.watch, .. } = self.left.remove(at);
            self.watch.pause();
        }
        self.outbox.branched(Event::Returned { from, to: branch });
        self.arrive();
        self.come_to_rest();
    }

    /// Keeps what is known of the branch that is left, in case it is returned to.
    fn leave(&mut self, branch: BranchId) {
        let (evaluated, watch) = (self.evaluated.clone(), self.watch.clone());
        self.left.retain(|left| left.branch != branch);
        self.left.push(Left { branch, evaluated, watch });
    }

    /// Somewhere else than where the last update led: losses go to a new segment, which the reader is
    /// told of when there are some.
    fn arrive(&mut self) {
        self.sink = LossSink::new(self.body.step(), self.setting.precision);
        self.sink_is_told = false;
        (self.measured, self.touched) = (None, None);
        if let Some(trail) = &mut self.trail {
            trail.rewind();
        }
    }
}
