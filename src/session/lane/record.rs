//! What a lane reported of a branch it has left, kept in case it returns.
//!
//! Deliberately not here: the states, which the lane's thread finds again by itself.

use crate::series::{Axes, Series};
use crate::train::{BranchId, ChangeRecord, EvaluationRecord};

use super::{Curves, Lane};

/// How many left branches a lane keeps the numbers of.
const KEPT: usize = 8;

/// All numbers that a lane reported of one branch.
#[derive(Debug)]
pub(super) struct Record {
    branch: BranchId,
    losses: Series,
    curves: Curves,
    axes: Axes,
    evaluations: Vec<EvaluationRecord>,
    at_rest: Option<EvaluationRecord>,
    changes: Vec<ChangeRecord>,
    written: usize,
    trail: Vec<(u64, [f64; 2])>,
}

impl Record {
    /// Gives up detail in the middle of long series until they fit.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        self.losses.shrink_to(bytes / 2);
        self.curves.shrink_to(bytes / 2);
    }
}

impl Lane {
    /// Keeps a copy of what was reported of the branch that is being left.
    pub(super) fn keep_record(&mut self, branch: BranchId) {
        self.left.retain(|record| record.branch != branch);
        self.left.push(Record {
            branch,
            losses: self.losses.clone(),
            curves: self.curves.clone(),
            axes: self.axes.clone(),
            evaluations: self.evaluations.clone(),
            at_rest: self.at_rest.clone(),
            changes: self.changes.clone(),
            written: self.written,
            trail: self.trail.clone(),
        });
        let surplus = self.left.len().saturating_sub(KEPT);
        self.left.drain(..surplus);
    }

    /// What was reported of a branch counts again. Says whether it was still known.
    pub(super) fn take_record(&mut self, branch: BranchId) -> bool {
        let Some(at) = self.left.iter().position(|record| record.branch == branch) else {
            return false;
        };
        let record = self.left.remove(at);
        self.losses = record.losses;
        self.curves = record.curves;
        self.axes = record.axes;
        self.evaluations = record.evaluations;
        self.at_rest = record.at_rest;
        self.changes = record.changes;
        self.written = record.written;
        self.trail = record.trail;
        true
    }

    /// Whether a branch that was left can be returned to with all its numbers.
    pub(in crate::session) fn knows_branch(&self, branch: BranchId) -> bool {
        self.left.iter().any(|record| record.branch == branch)
    }
}
