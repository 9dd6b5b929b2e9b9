//! The knobs turned on a lane, as orders of the file: what the file has of them, and what it lacks.

use std::collections::HashSet;
use std::sync::Arc;

use crate::experiment::{EditSpec, Literal, Training, ValidExperiment};
use crate::train::{BranchId, ChangeRecord};

use super::Lane;

/// Whether a lane was stale, and what that followed from.
#[derive(Debug)]
pub(super) struct Judged {
    of: Arc<ValidExperiment>,
    index: usize,
    branch: BranchId,
    changes: usize,
    is_stale: bool,
}

impl Lane {
    /// Whether its run no longer follows from the experiment's lane at `index`. Asked every frame; found
    /// out when the experiment or what was turned is another.
    pub(in crate::session) fn is_stale(&self, valid: &Arc<ValidExperiment>, index: usize) -> bool {
        let (branch, changes) = (self.branch, self.changes.len());
        let mut judged = self.judged.borrow_mut();
        if let Some(known) = judged.as_ref()
            && Arc::ptr_eq(&known.of, valid)
            && (known.index, known.branch, known.changes) == (index, branch, changes)
        {
            return known.is_stale;
        }
        let experiment = valid.experiment();
        let spec = experiment.lanes.get(index);
        let is_stale = spec.is_some_and(|spec| !self.recipe.is_of(experiment, spec, &self.made()));
        let of = Arc::clone(valid);
        *judged = Some(Judged { of, index, branch, changes, is_stale });
        is_stale
    }

    /// Its run was found to follow from another length of training, which was written from it.
    pub(in crate::session) fn adopt_training(&mut self, training: Training) {
        self.recipe = self.recipe.clone().with_training(training);
        *self.judged.borrow_mut() = None;
    }

    /// What was turned by hand, as the file would say it of a lane without a name.
    pub(in crate::session) fn made(&self) -> Vec<EditSpec> {
        let by_hand = self.changes.iter().filter(|change| !change.planned);
        by_hand.map(edit_of).collect()
    }

    /// Takes note of which changes the file's edits of this lane order, and which it need not.
    pub(in crate::session) fn sync_written(&mut self, edits: &[EditSpec]) {
        let edits: HashSet<&EditSpec> = edits.iter().collect();
        let is_written = |change| edits.contains(&edit_of(change));
        let overtaken = overtaken(&self.changes);
        let written = self
            .changes
            .iter()
            .zip(overtaken)
            .map(|(change, is_over)| is_over || is_written(change));
        self.written = written.collect();
    }

    /// Whether a knob was turned by hand that the file does not order yet.
    pub(in crate::session) fn has_unwritten(&self) -> bool {
        self.by_hand_unwritten().next().is_some()
    }

    /// Knobs turned by hand that the file does not order yet, oldest first; of those turned several times at
    /// one step the last, which alone acted.
    pub(in crate::session) fn unwritten(&self) -> impl Iterator<Item = &ChangeRecord> {
        let overtaken = overtaken(&self.changes);
        self.by_hand_unwritten().filter(move |(at, _)| !overtaken[*at]).map(|(_, change)| change)
    }

    /// Each with its place among the changes, overtaken or not.
    fn by_hand_unwritten(&self) -> impl Iterator<Item = (usize, &ChangeRecord)> {
        let written = self.written.iter().copied().chain(std::iter::repeat(false));
        let unwritten =
            self.changes.iter().enumerate().zip(written).filter(|(_, written)| !written);
        let by_hand = unwritten.map(|(change, _)| change).filter(|(_, change)| !change.planned);
        by_hand.filter(|(_, change)| self.acts(change))
    }

    /// Whether a change has acted, or will when the lane goes on as planned: not if it was made at the end.
    pub(in crate::session) fn acts(&self, change: &ChangeRecord) -> bool {
        self.end().is_none() || change.step < self.status.step
    }
}

/// Of each change, whether the same knob was turned again at the same step: then it never acted.
fn overtaken(changes: &[ChangeRecord]) -> Vec<bool> {
    let mut later = HashSet::new();
    let mut overtaken: Vec<bool> = changes
        .iter()
        .rev()
        .map(|change| !later.insert((change.step, change.change.path())))
        .collect();
    overtaken.reverse();
    overtaken
}

/// A change as the file says it, without the lane's name.
fn edit_of(change: &ChangeRecord) -> EditSpec {
    let to = Literal(change.to.clone());
    EditSpec { lane: String::new(), step: change.step, set: change.change.path(), to }
}
