//! Knobs turned while a lane runs, and undo across them.

use crate::experiment::{Change, EditSpec, LaneSpec, TextEdit, literal};
use crate::train::{Command, Target};

use super::LaneId;
use super::undo::Done;
use super::workbench::{NoticeKind, Session};

impl Session {
    /// Turns a knob: at the start it changes the experiment, later it is an edit of the run.
    pub(super) fn turn(&mut self, id: LaneId, change: Change) {
        let Some(index) = self.index_of(id) else { return };
        let trained = self.lane(id).filter(|lane| !lane.is_at_start() || lane.is_running());
        let Some(step) = trained.map(|lane| lane.status.step) else {
            let edit = self.at_start(&change, index);
            let gesture = format!("turn {} {}", id.0, change.path());
            return self.edit(&[edit], Some(gesture));
        };
        let done = Done::Live { lane: id, step, change: change.clone(), settled: false };
        self.undo.push_live(done);
        self.send_to(id, Command::Change(change));
    }

    /// What a change of a lane at its start is in the file.
    fn at_start(&self, change: &Change, index: usize) -> TextEdit {
        let path = format!("lanes[{index}].{}", change.path());
        let experiment = self.experiment();
        let lane = &experiment.lanes[index];
        match change {
            // Its start has no place for single parameters: an order to put them there has.
            Change::Parameter { value, .. } => {
                let set = change.path();
                let edits = &experiment.edits;
                let same =
                    |edit: &EditSpec| edit.lane == lane.name && edit.step == 0 && edit.set == set;
                let value = literal(value);
                let order = format!("(lane: {:?}, step: 0, set: {set:?}, to: {value})", lane.name);
                match edits.iter().position(same) {
                    Some(at) => TextEdit::set(format!("edits[{at}].to"), value),
                    None if edits.is_empty() => TextEdit::set("edits", format!("[{order}]")),
                    None => TextEdit::insert("edits", edits.len(), order),
                }
            }
            // Its own penalties are both its own.
            Change::Regularize { penalty, factor } if lane.regularize.is_none() => {
                let common = experiment.regularize(lane).unwrap_or_default();
                let own = common.with(*penalty, *factor);
                TextEdit::set(format!("lanes[{index}].regularize"), literal(&own))
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
            Some(Done::Live { lane, step, .. }) => {
                self.send_to(lane, Command::Rewind(step));
                self.go_on(lane);
            }
        }
    }

    pub(super) fn redo_last(&mut self) {
        match self.undo.redo() {
            None => {}
            Some(Done::Text { after, .. }) => self.restore(after.text, after.lanes),
            Some(Done::Live { lane, step, change, .. }) => {
                self.send_to(lane, Command::Rewind(step));
                self.send_to(lane, Command::Change(change));
                self.go_on(lane);
            }
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
    pub(super) fn live_edits(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for lane in &self.lanes {
            for record in lane.changes.iter().filter(|c| !c.planned) {
                lines.push(format!(
                    "(lane: {:?}, step: {}, set: {:?}, to: {})",
                    lane.name(),
                    record.step,
                    record.change.path(),
                    record.to
                ));
            }
        }
        lines
    }
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
        Change::Parameter { value, .. } => Some(literal(value)),
    }
}
