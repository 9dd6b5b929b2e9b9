//! The knobs turned on a lane, as orders of the file: what the file has of them, and what it lacks.

use crate::experiment::{EditSpec, Literal};
use crate::train::ChangeRecord;

use super::Lane;

impl Lane {
    /// What was turned by hand, as the file would say it of a lane without a name.
    pub(in crate::session) fn made(&self) -> Vec<EditSpec> {
        let by_hand = self.changes.iter().filter(|change| !change.planned);
        by_hand.map(edit_of).collect()
    }

    /// Takes note of which changes the file's edits of this lane order.
    pub(in crate::session) fn sync_written(&mut self, edits: &[EditSpec]) {
        self.written = self.changes.iter().map(|change| edits.contains(&edit_of(change))).collect();
    }

    /// Knobs turned by hand that the file does not order yet, oldest first.
    pub(in crate::session) fn unwritten(&self) -> impl Iterator<Item = &ChangeRecord> {
        let written = self.written.iter().copied().chain(std::iter::repeat(false));
        let unwritten = self.changes.iter().zip(written).filter(|(_, written)| !written);
        let by_hand = unwritten.map(|(change, _)| change).filter(|change| !change.planned);
        by_hand.filter(|change| self.acts(change))
    }

    /// Whether a change has acted, or will when the lane goes on as planned: not if it was made at the end.
    pub(in crate::session) fn acts(&self, change: &ChangeRecord) -> bool {
        self.end().is_none() || change.step < self.status.step
    }
}

/// A change as the file says it, without the lane's name.
fn edit_of(change: &ChangeRecord) -> EditSpec {
    let to = Literal(change.to.clone());
    EditSpec { lane: String::new(), step: change.step, set: change.change.path(), to }
}
