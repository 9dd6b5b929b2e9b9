//! Undo and redo: what was done, as values that can be done backwards.

use crate::experiment::Change;
use crate::train::BranchId;

use super::LaneId;

/// How many steps back are kept.
pub const UNDO_DEPTH: usize = 500;

/// One thing that was done.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Done {
    /// The experiment's text changed.
    Text {
        /// Before.
        before: TextState,
        /// After.
        after: TextState,
        /// What it is called: `Change learning_rate`.
        label: String,
    },
    /// A knob was turned on a lane that had trained.
    Live {
        /// The lane.
        lane: LaneId,
        /// After how many updates.
        step: u64,
        /// The change.
        change: Change,
        /// Whether the lane has said at which step it acted.
        settled: bool,
        /// The branch that undoing it has left.
        left: Option<BranchId>,
    },
    /// All lanes went back to their start; the run that was left is kept.
    Reset {
        /// What it is called.
        label: String,
        /// What the experiment read before and after, if it changed with it.
        text: Option<(TextState, TextState)>,
    },
    /// Lanes went back to an earlier step.
    Rewind {
        /// The step; none where a lane went to another branch.
        step: Option<u64>,
        /// The branches to return to: those left, or, once undone, those opened.
        branches: Vec<(LaneId, BranchId)>,
    },
}

/// A text with the identities of its lanes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TextState {
    /// The experiment's text.
    pub text: String,
    /// One identity a lane, in the text's order.
    pub lanes: Vec<LaneId>,
}

impl Done {
    /// What it is called in a menu.
    pub(super) fn label(&self) -> String {
        match self {
            Self::Text { label, .. } | Self::Reset { label, .. } => label.clone(),
            Self::Live { change, step, .. } => format!("Change {} at step {step}", change.label()),
            Self::Rewind { step: Some(step), .. } => format!("Go back to step {step}"),
            Self::Rewind { step: None, .. } => "Go to another branch".to_owned(),
        }
    }
}

/// The past and the undone future.
#[derive(Debug, Default)]
pub(super) struct UndoStack {
    past: Vec<Done>,
    future: Vec<Done>,
    gesture: Option<String>,
}

impl UndoStack {
    /// Records what was done. Text changes of one gesture become one entry.
    pub(super) fn push(&mut self, done: Done, gesture: Option<String>) {
        self.future.clear();
        let merges = gesture.is_some() && self.gesture == gesture;
        self.gesture = gesture;
        if merges
            && let (Some(Done::Text { after, .. }), Done::Text { after: newest, .. }) =
                (self.past.last_mut(), &done)
        {
            after.clone_from(newest);
            return;
        }
        self.past.push(done);
        if self.past.len() > UNDO_DEPTH {
            self.past.remove(0);
        }
    }

    /// Records a knob turned live. Turns of one knob whose step is not yet known become one entry.
    pub(super) fn push_live(&mut self, done: Done) {
        let path = |d: &Done| match d {
            Done::Live { lane, change, .. } => Some((*lane, change.path())),
            Done::Text { .. } | Done::Reset { .. } | Done::Rewind { .. } => None,
        };
        if self.gesture.is_some()
            && self.future.is_empty()
            && let (Some(last @ Done::Live { .. }), Some(key)) = (self.past.last_mut(), path(&done))
            && path(last).as_ref() == Some(&key)
        {
            if let (Done::Live { change, .. }, Done::Live { change: newest, .. }) = (last, done) {
                *change = newest;
            }
            return;
        }
        self.push(done, Some("live".to_owned()));
    }

    /// Ends a gesture: the next change is an entry of its own.
    pub(super) fn end_gesture(&mut self) {
        self.gesture = None;
    }

    /// Takes note of the step at which a live change acted: undo must go back to the first of a
    /// gesture's, so an entry's step only falls into place once.
    pub(super) fn settle_live(&mut self, lane: LaneId, change: &Change, at: u64) {
        // What was turned before a reset was turned on lanes that are put away.
        let of_this_run = self.past.iter_mut().rev();
        let of_this_run = of_this_run.take_while(|done| !matches!(done, Done::Reset { .. }));
        let found = of_this_run.into_iter().find_map(|done| match done {
            Done::Live { lane: l, step, change: c, settled, .. }
                if *l == lane && c.path() == change.path() =>
            {
                Some((step, settled))
            }
            Done::Live { .. } | Done::Text { .. } | Done::Reset { .. } | Done::Rewind { .. } => {
                None
            }
        });
        if let Some((step, settled)) = found
            && !std::mem::replace(settled, true)
        {
            *step = at;
        }
    }

    /// The changes made to a lane at a step, oldest first.
    pub(super) fn live_at(&self, id: LaneId, at: u64) -> Vec<Change> {
        let of_this_run = self.past.iter().rposition(|done| matches!(done, Done::Reset { .. }));
        let made = self.past[of_this_run.unwrap_or(0)..].iter().filter_map(|done| match done {
            Done::Live { lane, step, change, settled: true, .. } if (*lane, *step) == (id, at) => {
                Some(change.clone())
            }
            _ => None,
        });
        made.collect()
    }

    /// The entry that was undone last.
    pub(super) fn undone_last(&mut self) -> Option<&mut Done> {
        self.future.last_mut()
    }

    /// The entry that was done, or made again, last.
    pub(super) fn done_last(&mut self) -> Option<&mut Done> {
        self.past.last_mut()
    }

    /// Takes the newest entry off the past.
    pub(super) fn undo(&mut self) -> Option<Done> {
        self.gesture = None;
        let done = self.past.pop()?;
        self.future.push(done.clone());
        Some(done)
    }

    /// Takes the newest undone entry back.
    pub(super) fn redo(&mut self) -> Option<Done> {
        self.gesture = None;
        let done = self.future.pop()?;
        self.past.push(done.clone());
        Some(done)
    }

    /// What would be undone next.
    pub(super) fn next_undo(&self) -> Option<String> {
        self.past.last().map(Done::label)
    }

    /// What would be redone next.
    pub(super) fn next_redo(&self) -> Option<String> {
        self.future.last().map(Done::label)
    }

    /// Forgets everything: another experiment was opened.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Records a reset. What was done in the run before the one that it leaves is forgotten: that run is
    /// gone.
    pub(super) fn push_reset(&mut self, done: Done) {
        let is_reset = |done: &Done| matches!(done, Done::Reset { .. });
        if let Some(last) = self.past.iter().rposition(is_reset) {
            let later = self.past.split_off(last + 1);
            let kept = std::mem::take(&mut self.past).into_iter().filter_map(|done| match done {
                Done::Text { .. } => Some(done),
                Done::Reset { label, text } => {
                    let (before, after) = text?;
                    Some(Done::Text { before, after, label })
                }
                Done::Live { .. } | Done::Rewind { .. } => None,
            });
            self.past = kept.chain(later).collect();
        }
        self.push(done, None);
    }

    /// Whether undo leads back over a reset.
    pub(super) fn leads_to_reset(&self) -> bool {
        self.past.iter().any(|done| matches!(done, Done::Reset { .. }))
    }

    /// Whether undo or redo leads over a reset.
    pub(super) fn knows_reset(&self) -> bool {
        self.leads_to_reset() || self.future.iter().any(|done| matches!(done, Done::Reset { .. }))
    }

    /// Forgets live changes of all lanes: their run is gone.
    pub(super) fn forget_live(&mut self) {
        self.past.retain(|d| matches!(d, Done::Text { .. }));
        self.future.retain(|d| matches!(d, Done::Text { .. }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(before: &str, after: &str) -> Done {
        let state = |t: &str| TextState { text: t.to_owned(), lanes: Vec::new() };
        Done::Text { before: state(before), after: state(after), label: "Change".to_owned() }
    }

    #[test]
    fn a_gesture_is_one_entry_and_undoes_to_its_start() {
        let mut stack = UndoStack::default();
        stack.push(text("a", "b"), Some("drag".to_owned()));
        stack.push(text("b", "c"), Some("drag".to_owned()));
        assert_eq!(stack.undo(), Some(text("a", "c")));
        assert_eq!(stack.undo(), None);
        assert_eq!(stack.redo(), Some(text("a", "c")));
        stack.end_gesture();
        stack.push(text("c", "d"), Some("drag".to_owned()));
        assert_eq!(stack.undo(), Some(text("c", "d")));
    }

    #[test]
    fn the_past_has_a_bound_and_a_new_change_forgets_the_future() {
        let mut stack = UndoStack::default();
        for i in 0..UNDO_DEPTH + 10 {
            stack.push(text(&i.to_string(), &(i + 1).to_string()), None);
        }
        let mut count = 0;
        while stack.undo().is_some() {
            count += 1;
        }
        assert_eq!(count, UNDO_DEPTH);
        stack.push(text("x", "y"), None);
        assert_eq!(stack.redo(), None);
    }
}
