//! Going abreast with other lanes: how far, and coming to rest side by side.

use std::time::{Duration, Instant};

use super::super::super::Target;
use super::super::super::race::{Progress, Room};
use super::{PATIENCE, Runner};

/// How long a lane that is told to pause may go on, to stand where the others do. A round takes some ten
/// milliseconds; on a busy machine, or in epochs that take long, it is not waited for.
const GRACE: Duration = Duration::from_millis(250);

impl Runner<'_> {
    fn progress(&self) -> Progress {
        let learns = self.setting.split.is_some();
        Progress {
            step: self.body.step(),
            epoch: learns.then(|| self.body.epoch()),
            samples: learns.then(|| self.body.samples()),
            evaluations: self.body.loss_evaluations(),
        }
    }

    /// How far the lane may go now. Where others are behind, it has waited a moment.
    pub(super) fn room(&mut self, target: Target) -> Room {
        if target != Target::End {
            self.seat.leave();
            return Room::Any;
        }
        if let Some(until) = self.pausing {
            let late = Instant::now() >= until;
            let room = self.seat.room_to_line(self.progress());
            if late || room == Room::None {
                self.come_to_rest();
                return Room::None;
            }
            return room;
        }
        if !self.seat.is_racing() {
            self.seat.leave();
            return Room::Any;
        }
        let here = self.progress();
        let room = self.seat.room(here, Duration::ZERO);
        if room != Room::None {
            return room;
        }
        self.watch.pause();
        self.turn.leave();
        self.seat.room(here, PATIENCE)
    }

    /// Holds still; in a race only once it stands beside the others, if that takes no longer than a
    /// moment.
    pub(super) fn pause(&mut self) {
        let is_underway = self.target == Some(Target::End) && self.pausing.is_none();
        if is_underway && self.seat.is_racing() {
            self.pausing = Some(Instant::now() + GRACE);
        } else {
            self.come_to_rest();
        }
    }
}
