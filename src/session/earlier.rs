//! The run before the last reset, kept whole: its lanes with their threads, knobs turned by hand included.
//!
//! A reset loses nothing: undo exchanges the run that was begun with the one that was left, redo exchanges
//! them again, and what was turned by hand in the run that was left can be written into the experiment, at
//! the reset or after it. Invariant: there is one such run at most, and it is kept exactly as long as undo
//! or redo leads to it.

use crate::experiment::EditSpec;
use crate::train::Command;

use super::recipe::edits_of;
use super::undo::{Done, TextState};
use super::workbench::{Ghost, NoticeKind, Offer, Session};
use super::{Lane, LaneId};

/// A run that is not the present one.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// Its lanes, held still.
    lanes: Vec<Lane>,
    /// Lanes of it that stand where they stood, until those that take their place are built.
    awaited: Vec<LaneId>,
    /// Lanes that had been removed from it.
    attic: Vec<Lane>,
    /// The runs that were drawn behind it.
    ghosts: Vec<Ghost>,
}

impl Session {
    /// Whether a knob was turned by hand that the experiment does not order yet.
    pub fn has_turned(&self) -> bool {
        self.lanes.iter().any(Lane::has_unwritten)
    }

    /// How many knobs were turned by hand that the experiment does not order yet.
    pub fn turned_by_hand(&self) -> usize {
        self.lanes.iter().map(|lane| lane.unwritten().count()).sum()
    }

    /// The same of the run that the last reset has left, as long as undo leads to it.
    pub fn turned_before(&self) -> usize {
        if !self.undo.leads_to_reset() {
            return 0;
        }
        self.lanes_before().map(|lane| lane.unwritten().count()).sum()
    }

    /// The lanes of the run that the last reset has left.
    fn lanes_before(&self) -> impl Iterator<Item = &Lane> {
        let earlier = self.earlier.as_deref();
        let left = earlier.into_iter().flat_map(|earlier| &earlier.lanes);
        let standing = self.lanes.iter().filter(|lane| self.is_awaited(lane.id));
        left.chain(standing)
    }

    /// Whether the lane still stands as before a reset.
    pub(super) fn is_awaited(&self, id: LaneId) -> bool {
        self.earlier.as_ref().is_some_and(|earlier| earlier.awaited.contains(&id))
    }

    /// Leaves the run: its lanes are kept when others take their places. `text` is what the experiment read
    /// before and reads now, where it is changed by the same deed.
    pub(super) fn leave_run(&mut self, label: &str, text: Option<(TextState, TextState)>) {
        if self.turned_by_hand() > 0 {
            let kept = self.turned_by_hand();
            let words = if kept == 1 { "The knob" } else { "The knobs" };
            let text = format!(
                "{words} turned by hand went with the run that was left. Undo (Ctrl Z) brings it back."
            );
            let offer = Offer::KeepTurned(kept);
            self.offer(NoticeKind::Done, text, offer);
        }
        let ghosts = self.ghosts.clone();
        self.keep_ghosts();
        self.undo.push_reset(Done::Reset { label: label.to_owned(), text });
        self.earlier = Some(Box::new(Earlier {
            lanes: Vec::new(),
            awaited: self.lanes.iter().map(|lane| lane.id).collect(),
            attic: std::mem::take(&mut self.attic),
            ghosts,
        }));
    }

    /// Takes a lane whose place is taken by a new one, if it is kept.
    pub(super) fn keep_earlier(&mut self, mut lane: Lane) {
        let Some(earlier) = &mut self.earlier else { return };
        if let Some(at) = earlier.awaited.iter().position(|id| *id == lane.id) {
            earlier.awaited.remove(at);
            // Nobody looks at it.
            lane.watch(Vec::new());
            earlier.lanes.push(lane);
        }
    }

    /// Exchanges the run with the one that was left.
    pub(super) fn exchange_runs(&mut self) {
        let Some(mut earlier) = self.earlier.take() else { return };
        self.hold_still();
        self.look_at(None);
        // What is being built belongs to the run that goes.
        self.generation += 1;
        let (standing, going): (Vec<Lane>, Vec<Lane>) = std::mem::take(&mut self.lanes)
            .into_iter()
            .partition(|lane| earlier.awaited.contains(&lane.id));
        self.lanes = std::mem::replace(&mut earlier.lanes, going);
        self.lanes.extend(standing);
        for lane in &mut earlier.lanes {
            lane.send(Command::Pause);
            lane.watch(Vec::new());
        }
        std::mem::swap(&mut self.attic, &mut earlier.attic);
        std::mem::swap(&mut self.ghosts, &mut earlier.ghosts);
        earlier.awaited.clear();
        self.forks.clear();
        self.earlier = Some(earlier);
    }

    /// Lets go of the run that was left, once neither undo nor redo leads to it.
    pub(super) fn forget_earlier(&mut self) {
        if self.earlier.is_some() && !self.undo.knows_reset() {
            self.earlier = None;
        }
    }

    /// The lanes of the run that was left, to be held to the memory they may take.
    pub(super) fn earlier_lanes(&mut self) -> &mut [Lane] {
        self.earlier.as_mut().map_or(&mut [], |earlier| &mut earlier.lanes)
    }

    /// All lanes back to the start with what was turned by hand as edits of the experiment, all in one step
    /// of undo; then, if asked, off again.
    pub(super) fn reset_keeping(&mut self, run: bool) {
        let edits = self.edits_of_turned_knobs();
        let before = self.text_state();
        if !edits.is_empty() {
            if let Err(problem) = self.draft.edit(&edits) {
                return self.notify(NoticeKind::Failed, problem.message);
            }
            self.sync_written();
        }
        let text = (before, self.text_state());
        let is_changed = text.0 != text.1;
        let begun = self.reset_as("Start again with what was turned", is_changed.then_some(text));
        self.run_when_ready = begun && run;
    }

    /// Writes into the experiment what was turned by hand in the run that the last reset has left.
    pub(super) fn keep_turned(&mut self) {
        if self.turned_before() == 0 {
            return;
        }
        let lanes: Vec<&Lane> = self.lanes_before().collect();
        let edits = self.edits_of(&lanes);
        let runs = self.up_to_date();
        let ids = self.ids.clone();
        self.edit_as(&edits, ids, "Keep what was turned by hand".to_owned(), None);
        if let Some(problem) = &self.refused {
            let text = problem.message.clone();
            return self.notify(NoticeKind::Failed, text);
        }
        let is_running =
            self.lanes.iter().any(|lane| runs.contains(&lane.id) && !lane.is_at_start());
        let text = if is_running {
            "The experiment turns these knobs again, from the next reset on."
        } else {
            "The experiment turns these knobs again."
        };
        self.notify(NoticeKind::Done, text);
    }

    /// What the experiment orders of the lanes of the run that was left: it is written there by now.
    pub(super) fn sync_written_before(&mut self) {
        let orders: Vec<(LaneId, Vec<EditSpec>)> = {
            let experiment = self.draft.experiment();
            let each = self.ids.iter().zip(&experiment.lanes);
            each.map(|(id, spec)| (*id, edits_of(experiment, spec).collect())).collect()
        };
        for lane in self.earlier_lanes() {
            if let Some((_, edits)) = orders.iter().find(|(id, _)| *id == lane.id) {
                lane.sync_written(edits);
            }
        }
    }
}
