//! Knobs turned while a lane runs, and undo across them.

use crate::experiment::{Change, EditSpec, LaneSpec, TextEdit, literal};
use crate::model::DropoutRates;
use crate::train::{BranchId, Command, Target};

use super::undo::Done;
use super::workbench::{NoticeKind, Session};
use super::{Lane, LaneId};

impl Session {
    /// Turns a knob: at the start it changes the experiment, later it is an edit of the run.
    pub(super) fn turn(&mut self, id: LaneId, change: Change) {
        let trained = self.lane(id).filter(|lane| !lane.is_at_start() || lane.is_running());
        let Some(step) = trained.map(|lane| lane.status.step) else {
            return self.turn_at_start(id, &change);
        };
        if self.looked_at().is_some() {
            return self.turn_in_the_past(id, &change);
        }
        let done =
            Done::Live { lane: id, step, change: change.clone(), settled: false, left: None };
        self.undo.push_live(done);
        self.send_to(id, Command::Change(change));
    }

    /// Turns a knob of a lane that has not trained: in the file.
    pub(super) fn turn_at_start(&mut self, id: LaneId, change: &Change) {
        let Some(index) = self.index_of(id) else { return };
        let edit = self.at_start(change, index);
        let gesture = format!("turn {} {}", id.0, change.path());
        self.edit(&[edit], Some(gesture));
    }

    /// What a change of a lane at its start is in the file.
    fn at_start(&self, change: &Change, index: usize) -> TextEdit {
        let path = format!("lanes[{index}].{}", change.path());
        let experiment = self.experiment();
        let lane = &experiment.lanes[index];
        match change {
            // Its start has no place for single parameters: an order to put them there has.
            Change::Parameter { value, .. } => {
                let (set, first) = (change.path(), first_step(lane));
                let edits = &experiment.edits;
                let same = |edit: &EditSpec| {
                    edit.lane == lane.name && edit.step == first && edit.set == set
                };
                let order = || order(&lane.name, first, &set, &literal(value));
                match edits.iter().position(same) {
                    Some(at) => TextEdit::set(format!("edits[{at}].to"), literal(value)),
                    None if edits.is_empty() => TextEdit::set("edits", format!("[{}]", order())),
                    None => TextEdit::insert("edits", edits.len(), order()),
                }
            }
            // Its own penalties are both its own.
            Change::Regularize { penalty, factor } if lane.regularize.is_none() => {
                let common = experiment.regularize(lane).unwrap_or_default();
                let own = common.with(*penalty, *factor);
                TextEdit::set(format!("lanes[{index}].regularize"), literal(&own))
            }
            // The common layers with another rate are layers of its own.
            Change::Dropout { layer, rate } if lane.model.is_none() => {
                let common = experiment.model(lane).cloned().unwrap_or_default();
                let mut rates = DropoutRates::of(&common);
                rates.set(*layer, *rate);
                TextEdit::set(format!("lanes[{index}].model"), literal(&rates.in_model(&common)))
            }
            _ => match written(change, lane) {
                Some(value) => TextEdit::Set { path, value },
                None => TextEdit::Remove { path },
            },
        }
    }

    pub(super) fn send_to(&mut self, id: LaneId, command: Command) {
        if let Some(lane) = self.lanes.iter_mut().find(|l| l.id == id) {
            lane.send(command);
        }
    }

    pub(super) fn undo_last(&mut self) {
        match self.undo.undo() {
            None => {}
            Some(Done::Text { before, .. }) => self.restore(before.text, before.lanes),
            Some(Done::Live { lane, step, .. }) => self.undo_live(lane, step),
            Some(Done::Reset { text, .. }) => {
                self.exchange_runs();
                let before = text.map_or_else(|| self.text_state(), |(before, _)| before);
                self.restore(before.text, before.lanes);
            }
            Some(Done::Rewind { branches, .. }) => {
                let opened = self.return_to(&branches);
                if let Some(Done::Rewind { branches, .. }) = self.undo.undone_last() {
                    *branches = opened;
                }
            }
        }
    }

    pub(super) fn redo_last(&mut self) {
        match self.undo.redo() {
            None => {}
            Some(Done::Text { after, .. }) => self.restore(after.text, after.lanes),
            Some(Done::Reset { text, .. }) => {
                self.exchange_runs();
                let after = text.map_or_else(|| self.text_state(), |(_, after)| after);
                self.restore(after.text, after.lanes);
            }
            Some(Done::Live { lane, step, change, left, .. }) => {
                let known = |branch: &BranchId| {
                    self.lane(lane).is_some_and(|lane| lane.knows_branch(*branch))
                };
                if let Some(branch) = left.filter(known) {
                    self.return_to(&[(lane, branch)]);
                } else {
                    self.take_back_to(lane, step);
                    self.send_to(lane, Command::Change(change));
                    self.go_on(lane);
                }
            }
            Some(Done::Rewind { branches, .. }) => {
                let left = self.return_to(&branches);
                if let Some(Done::Rewind { branches, .. }) = self.undo.done_last() {
                    *branches = left;
                }
            }
        }
    }

    /// Takes a lane back to before a change, which was made at `step`.
    fn undo_live(&mut self, lane: LaneId, step: u64) {
        let branch = self.lane(lane).map(Lane::branch);
        if let Some(Done::Live { left, .. }) = self.undo.undone_last() {
            *left = branch;
        }
        self.take_back_to(lane, step);
        self.go_on(lane);
    }

    /// Takes a lane back to a step, and makes again what was changed there and is not undone.
    fn take_back_to(&mut self, lane: LaneId, step: u64) {
        self.look_at(None);
        self.send_to(lane, Command::Rewind { step, before_changes: true });
        for change in self.undo.live_at(lane, step) {
            self.send_to(lane, Command::Change(change));
        }
    }

    fn go_on(&mut self, lane: LaneId) {
        if self.running {
            self.send_to(lane, Command::Run(Target::End));
        }
    }

    fn restore(&mut self, text: String, ids: Vec<LaneId>) {
        match self.draft.replace(text) {
            Ok(()) => {
                self.refused = None;
                self.ids = ids;
                self.text_changed();
            }
            Err(problem) => self.notify(NoticeKind::Failed, problem.message),
        }
    }

    /// The knobs turned by hand, as lines of the file.
    pub(super) fn live_edits(&self, lanes: &[&Lane]) -> Vec<String> {
        let mut lines = Vec::new();
        for lane in lanes {
            // Under the name that it has by now; one that was removed has none.
            let index = self.index_of(lane.id);
            let spec = index.and_then(|index| self.draft.experiment().lanes.get(index));
            let Some(spec) = spec else { continue };
            for record in lane.unwritten() {
                let set = record.change.path();
                lines.push(order(&spec.name, record.step, &set, &record.to));
            }
        }
        lines
    }
}

/// An order to turn a knob, as a line of the file.
fn order(lane: &str, step: u64, set: &str, to: &str) -> String {
    format!("(lane: {lane:?}, step: {step}, set: {set:?}, to: {to})")
}

/// The order that puts a parameter where a lane begins, which its own fields have no place for; none
/// for what they have one for.
pub(super) fn parameter_order(lane: &LaneSpec, change: &Change) -> Option<String> {
    let Change::Parameter { value, .. } = change else { return None };
    Some(order(&lane.name, first_step(lane), &change.path(), &literal(value)))
}

/// After how many updates a lane begins.
fn first_step(lane: &LaneSpec) -> u64 {
    lane.from.as_ref().map_or(0, |from| from.step)
}

/// The new value as the file writes it; `None` where the field is to be left out.
fn written(change: &Change, lane: &LaneSpec) -> Option<String> {
    match change {
        Change::Optimizer { knob, value } => {
            let mut optimizer = lane.optimizer.clone();
            optimizer.set(knob, (*value).into()).map_or_else(
                |_refused| Some(format!("{value:?}")),
                |()| optimizer.get(knob).map(ToString::to_string),
            )
        }
        Change::Schedule { knob, value } => {
            let mut schedule = lane.schedule.clone();
            schedule.set(knob, (*value).into()).map_or_else(
                |_refused| Some(format!("{value:?}")),
                |()| schedule.get(knob).map(ToString::to_string),
            )
        }
        Change::Clip(clip) => clip.as_ref().map(literal),
        Change::GradientNoise(std) => Some(literal(std)),
        Change::BatchSize(batch_size) => Some(literal(batch_size)),
        Change::Regularize { factor, .. } => Some(literal(factor)),
        Change::Dropout { rate, .. } => Some(literal(rate)),
        Change::Parameter { value, .. } => Some(literal(value)),
    }
}
