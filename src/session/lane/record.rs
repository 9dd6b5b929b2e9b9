//! What a lane reported of a branch, apart from the lane: kept when it leaves the branch, in case it
//! returns; and taken over by a fork, whose past it is, too.
//!
//! Deliberately not here: the states, which the lane's thread finds again by itself.

use std::sync::Arc;

use crate::series::{Axes, Series};
use crate::train::{BranchId, ChangeRecord, EpochRecord, EvaluationRecord, Event};

use super::{Curves, Lane, Traces, Watched};

/// How many left branches a lane keeps the numbers of.
pub(super) const KEPT: usize = 8;

/// All numbers that a lane reported.
#[derive(Debug, Clone)]
pub(in crate::session) struct Past {
    pub(super) losses: Series,
    pub(super) curves: Curves,
    pub(super) axes: Axes,
    pub(super) evaluations: Vec<Arc<EvaluationRecord>>,
    pub(super) at_rest: Option<EvaluationRecord>,
    pub(super) changes: Vec<ChangeRecord>,
    pub(super) pauses: Vec<[u64; 2]>,
    pub(super) trail: Vec<(u64, [f64; 2])>,
    pub(super) traces: Traces,
    pub(super) inside: Watched,
}

impl Past {
    /// Of a run that has reported nothing yet.
    pub(super) fn new(axes: Axes) -> Self {
        Self {
            losses: Series::new(),
            curves: Curves::default(),
            axes,
            evaluations: Vec::new(),
            at_rest: None,
            changes: Vec::new(),
            pauses: Vec::new(),
            trail: Vec::new(),
            traces: Traces::default(),
            inside: Watched::default(),
        }
    }

    /// Takes in what one of several runs reported.
    pub(super) fn take(&mut self, event: Event) {
        match event {
            Event::Segment { first_step, segment } => self.losses.adopt(first_step, segment),
            Event::Epochs(epochs) => take_epochs(&mut self.curves, &mut self.axes, &epochs),
            Event::Evaluations(found) => {
                take_evaluations(&mut self.curves, &mut self.evaluations, found);
            }
            Event::Trail(points) => take_trail(&mut self.trail, points),
            // Nothing else is told of a run that is not shown.
            _ => {}
        }
    }

    /// Keeps what was reported of the first `step` updates.
    pub(super) fn truncate(&mut self, step: u64) {
        self.losses.truncate(step);
        self.curves.truncate(step);
        self.axes.truncate(step);
        self.evaluations.retain(|record| record.step <= step);
        truncate_pauses(&mut self.pauses, step);
        self.trail.retain(|(at, _)| *at <= step);
        self.traces.truncate(step);
        self.inside.truncate(step);
        self.at_rest = None;
    }

    /// Gives up detail in the middle of long series until they fit.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        self.losses.shrink_to(bytes / 2);
        self.curves.shrink_to(bytes / 2);
    }
}

/// Takes in finished epochs.
pub(super) fn take_epochs(curves: &mut Curves, axes: &mut Axes, epochs: &[EpochRecord]) {
    for record in epochs {
        curves.epoch(record);
        axes.epoch(record);
    }
}

/// Takes in evaluations; a fork measures what its parent has measured before.
pub(super) fn take_evaluations(
    curves: &mut Curves,
    evaluations: &mut Vec<Arc<EvaluationRecord>>,
    found: Vec<EvaluationRecord>,
) {
    for record in found {
        if evaluations.last().is_none_or(|last| last.step < record.step) {
            curves.evaluation(&record);
            evaluations.push(Arc::new(record));
        }
    }
}

/// Takes in places of a path; after going back a lane says again where it stands.
pub(super) fn take_trail(trail: &mut Vec<(u64, [f64; 2])>, points: Vec<(u64, [f64; 2])>) {
    for (step, place) in points {
        if trail.last().is_some_and(|(last, _)| *last == step) {
            trail.pop();
        }
        trail.push((step, place));
    }
}

/// Forgets where a lane was held after `step`.
pub(super) fn truncate_pauses(pauses: &mut Vec<[u64; 2]>, step: u64) {
    pauses.retain(|[first, _]| *first <= step);
    if let Some([_, last]) = pauses.last_mut() {
        *last = step.min(*last);
    }
}

/// All numbers that a lane reported of one branch.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) branch: BranchId,
    pub(super) past: Past,
}

impl Record {
    /// Gives up detail in the middle of long series until they fit.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        self.past.shrink_to(bytes);
    }
}

impl Lane {
    pub(super) fn past(&self) -> Past {
        Past {
            losses: self.losses.clone(),
            curves: self.curves.clone(),
            axes: self.axes.clone(),
            evaluations: self.evaluations.clone(),
            at_rest: self.at_rest.clone(),
            changes: self.changes.clone(),
            pauses: self.pauses.clone(),
            trail: self.trail.clone(),
            traces: self.traces.clone(),
            inside: self.inside.clone(),
        }
    }

    pub(super) fn replace_past(&mut self, past: Past) {
        let Past {
            losses,
            curves,
            axes,
            evaluations,
            at_rest,
            changes,
            pauses,
            trail,
            traces,
            inside,
        } = past;
        (self.losses, self.curves, self.axes) = (losses, curves, axes);
        (self.evaluations, self.at_rest) = (evaluations, at_rest);
        (self.changes, self.trail, self.traces) = (changes, trail, traces);
        (self.pauses, self.inside) = (pauses, inside);
    }

    /// What it reported of its first `step` updates, as a fork has it: the parent's knobs are not the
    /// fork's.
    pub(in crate::session) fn past_until(&self, step: u64) -> Past {
        let mut past = self.past();
        past.truncate(step);
        past.changes.clear();
        // Its layers may be others.
        past.inside = Watched::default();
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
