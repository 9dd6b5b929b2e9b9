//! A lane's past, looked at again.
//!
//! A shadow is a second thread of the same plan that trains nothing of its own: it is told how to come
//! to an earlier state of its lane, measures and pictures it there, and rests. The lane itself trains
//! on. Invariant: one step is asked for at a time; what is wished for meanwhile is asked for next, so
//! that dragging through a long past keeps up with the hand.

use crate::train::{
    Command, EndReason, EvaluationRecord, Event, LaneHandle, LaneState, PictureRequest, Retrace,
    Status,
};

use super::Pictures;
use super::wire::Wire;

/// A lane as it was after some updates.
#[derive(Debug, Clone)]
pub struct Moment {
    /// How it stood.
    pub status: Status,
    /// What is measured there.
    pub evaluation: EvaluationRecord,
    /// What it looked like.
    pub pictures: Pictures,
}

/// Whoever goes back in a lane's past.
#[derive(Debug)]
pub(super) struct Shadow {
    wire: Wire,
    /// The step that somebody wants to look at.
    wanted: u64,
    /// The step that is on its way, if one is.
    asked: Option<u64>,
    status: Option<Status>,
    pictures: Pictures,
    /// The last step that was reached.
    moment: Option<Moment>,
}

impl Shadow {
    pub(super) fn new(handle: LaneHandle, watched: &[PictureRequest], wanted: u64) -> Self {
        let mut wire = Wire::new(handle);
        wire.send(Command::Watch(watched.to_vec()));
        let pictures = Pictures::default();
        Self { wire, wanted, asked: None, status: None, pictures, moment: None }
    }

    /// The step to look at from now on.
    pub(super) fn want(&mut self, step: u64) {
        self.wanted = step;
    }

    pub(super) fn wanted(&self) -> u64 {
        self.wanted
    }

    /// The lane's past is another one from `step` on.
    pub(super) fn cut(&mut self, step: u64) {
        self.wanted = self.wanted.min(step);
        self.asked = None;
    }

    /// The step to ask the lane for now, if there is one.
    pub(super) fn next_question(&mut self) -> Option<u64> {
        let shown = self.moment.as_ref().map(|moment| moment.status.step);
        if self.asked.is_some() || shown == Some(self.wanted) {
            return None;
        }
        self.asked = Some(self.wanted);
        self.asked
    }

    /// The lane's answer.
    pub(super) fn go(&mut self, way: Box<Retrace>) {
        if self.asked == Some(way.steps().end) {
            self.wire.send(Command::Adopt(way));
        }
    }

    pub(super) fn watch(&mut self, requests: &[PictureRequest]) {
        self.wire.send(Command::Watch(requests.to_vec()));
    }

    /// The last step that was reached.
    pub(super) fn moment(&self) -> Option<&Moment> {
        self.moment.as_ref()
    }

    /// The step that is wanted, if it was reached.
    pub(super) fn arrived(&self) -> Option<&Moment> {
        self.moment.as_ref().filter(|moment| moment.status.step == self.wanted)
    }

    /// Whether what is wanted is what is shown, with its pictures.
    pub(super) fn has_arrived(&self, watched: &[PictureRequest]) -> bool {
        self.arrived().is_some_and(|moment| moment.pictures.answer(watched, self.wanted))
    }

    /// Takes in what the thread reported.
    pub(super) fn drain(&mut self) {
        self.wire.flush();
        let mut measured = None;
        while let Some(event) = self.wire.next_event() {
            match event {
                Event::Status(status) => {
                    if matches!(&status.state, LaneState::Ended(end) if matches!(end.reason, EndReason::Failed(_)))
                    {
                        // Nothing more will come; the lane itself says what fails in its plan.
                        self.asked = None;
                    }
                    self.status = Some(status);
                }
                Event::AtRest(record) => measured = Some(*record),
                Event::Picture(picture) => {
                    if let Some(moment) =
                        self.moment.as_mut().filter(|m| m.status.step == picture.step)
                    {
                        moment.pictures.keep(picture.clone());
                    }
                    self.pictures.keep(picture);
                }
                _ => {}
            }
        }
        let arrived = measured.filter(|record| self.asked == Some(record.step));
        if let (Some(evaluation), Some(status)) = (arrived, &self.status) {
            self.asked = None;
            let (status, pictures) = (status.clone(), self.pictures.clone());
            self.moment = Some(Moment { status, evaluation, pictures });
        }
    }
}
