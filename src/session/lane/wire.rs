//! The line to a lane's thread, and commands that its full queue refused.

use std::sync::mpsc::TrySendError;

use crate::train::{Command, Event, LaneHandle};

/// A lane's thread with the commands that wait for room in its queue.
#[derive(Debug)]
pub(super) struct Wire {
    handle: LaneHandle,
    waiting: Vec<Command>,
}

impl Wire {
    pub(super) fn new(handle: LaneHandle) -> Self {
        Self { handle, waiting: Vec::new() }
    }

    /// Tells the thread something, now or as soon as its queue has room. A knob that waits takes the
    /// newest value.
    pub(super) fn send(&mut self, command: Command) {
        if let Command::Change(change) = &command {
            let path = change.path();
            self.waiting.retain(|c| !matches!(c, Command::Change(c) if c.path() == path));
        }
        self.waiting.push(command);
        self.flush();
    }

    /// The next of what the thread has reported.
    pub(super) fn next_event(&mut self) -> Option<Event> {
        self.handle.next_event()
    }

    /// Sends what waits, as far as there is room.
    pub(super) fn flush(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        for command in waiting.by_ref() {
            match self.handle.try_send(command) {
                Ok(()) => {}
                Err(TrySendError::Full(refused)) => {
                    self.waiting.push(refused);
                    break;
                }
                // The lane's thread is gone: it said how it ended, and nothing can be told to it.
                Err(TrySendError::Disconnected(_)) => return self.waiting.clear(),
            }
        }
        self.waiting.extend(waiting);
    }
}
