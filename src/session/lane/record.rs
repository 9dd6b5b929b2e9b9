//! What a lane reported of a branch, apart from the lane: kept when it leaves the branch, in case it
//! returns; and taken over by a fork, whose past it is, too.
//!
//! Deliberately not here: the states, which the lane's thread finds again by itself.

use std::sync::Arc;

use crate::series::{Axes, Series};
use crate::train::{BranchId, ChangeRecord, EvaluationRecord};

use super::{Curves, Lane};

/// How many left branches a lane keeps the numbers of.
const KEPT: usize = 8;

/// All numbers that a lane reported.
#[derive(Debug, Clone)]
pub(in crate::session) struct Past {
    losses: Series,
    curves: Curves,
    axes: Axes,
    evaluations: Vec<Arc<EvaluationRecord>>,
    at_rest: Option<EvaluationRecord>,
    changes: Vec<ChangeRecord>,
    pauses: Vec<[u64; 2]>,
    trail: Vec<(u64, [f64; 2])>,
}

/// All numbers that a lane reported of one branch.
#[derive(Debug)]
pub(super) struct Record {
    branch: BranchId,
    past: Past,
}

impl Record {
    /// Gives up detail in the middle of long series until they fit.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        self.past.losses.shrink_to(bytes / 2);
        self.past.curves.shrink_to(bytes / 2);
    }
}

impl Lane {
    fn past(&self) -> Past {
        Past {
            losses: self.losses.clone(),
            curves: self.curves.clone(),
            axes: self.axes.clone(),
            evaluations: self.evaluations.clone(),
            at_rest: self.at_rest.clone(),
            changes: self.changes.clone(),
            pauses: self.pauses.clone(),
            trail: self.trail.clone(),
        }
    }

    fn replace_past(&mut self, past: Past) {
        let Past { losses, curves, axes, evaluations, at_rest, changes, pauses, trail } = past;
        (self.losses, self.curves, self.axes) = (losses, curves, axes);
        (self.evaluations, self.at_rest) = (evaluations, at_rest);
        (self.changes, self.pauses, self.trail) = (changes, pauses, trail);
    }

    /// What it reported of its first `step` updates, as a fork has it: the parent's knobs are not the
    /// fork's.
    pub(in crate::session) fn past_until(&self, step: u64) -> Past {
        let mut past = self.past();
        past.losses.truncate(step);
        past.curves.truncate(step);
        past.axes.truncate(step);
        past.evaluations.retain(|record| record.step <= step);
        past.trail.retain(|(at, _)| *at <= step);
        past.at_rest = None;
        past.changes.clear();
        past.pauses.clear();
        past
    }

    /// Takes over what another lane reported before this one was forked off.
    pub(in crate::session) fn take_past(&mut self, past: &Past) {
        let own = self.axes.clone();
        self.replace_past(past.clone());
        self.axes.spend_as(&own);
        self.losses.refresh();
    }

    /// Keeps a copy of what was reported of the branch that is being left.
    pub(super) fn keep_record(&mut self, branch: BranchId) {
        self.left.retain(|record| record.branch != branch);
        let past = self.past();
        self.left.push(Record { branch, past });
        let surplus = self.left.len().saturating_sub(KEPT);
        self.left.drain(..surplus);
    }

    /// What was reported of a branch counts again. Says whether it was still known.
    pub(super) fn take_record(&mut self, branch: BranchId) -> bool {
        let Some(at) = self.left.iter().position(|record| record.branch == branch) else {
            return false;
        };
        let record = self.left.remove(at);
        self.replace_past(record.past);
        true
    }

    /// Whether a branch that was left can be returned to with all its numbers.
    pub(in crate::session) fn knows_branch(&self, branch: BranchId) -> bool {
        self.left.iter().any(|record| record.branch == branch)
    }
}
