//! The reader's end of a lane: commands in, events out, nothing that waits.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::super::{Command, Event};
use super::outbox::{Parcel, Taken};

/// A lane's thread, from outside. Dropping it ends the thread, which nobody waits for.
#[derive(Debug)]
pub struct LaneHandle {
    commands: SyncSender<Command>,
    parcels: Receiver<Parcel>,
    taken: Arc<Taken>,
    thread: Option<JoinHandle<()>>,
    /// What is left of a parcel that was not read to its end.
    opened: VecDeque<Event>,
    /// What to acknowledge once it is.
    bytes: u64,
    pictures: u64,
}

impl LaneHandle {
    pub(super) fn new(
        commands: SyncSender<Command>,
        parcels: Receiver<Parcel>,
        taken: Arc<Taken>,
        thread: Option<JoinHandle<()>>,
    ) -> Self {
        let opened = VecDeque::new();
        Self { commands, parcels, taken, thread, opened, bytes: 0, pictures: 0 }
    }

    /// Sends a command, without waiting.
    ///
    /// # Errors
    /// Hands the command back if the queue is full (try again later) or the thread has ended.
    pub fn try_send(&self, command: Command) -> Result<(), TrySendError<Command>> {
        self.commands.try_send(command)
    }

    /// The next event that has arrived.
    pub fn next_event(&mut self) -> Option<Event> {
        while self.opened.is_empty() {
            self.acknowledge();
            self.open(self.parcels.try_recv().ok()?);
        }
        let event = self.opened.pop_front();
        if self.opened.is_empty() {
            self.acknowledge();
        }
        event
    }

    /// Passes the events that have arrived to `sink`, in order, until there are no more or `budget`
    /// is used up. True if there may be more.
    pub fn drain(&mut self, budget: Duration, mut sink: impl FnMut(Event)) -> bool {
        let start = Instant::now();
        while let Some(event) = self.next_event() {
            sink(event);
            if start.elapsed() >= budget {
                return true;
            }
        }
        false
    }

    /// Waits for at most `patience` until something arrives, then drains as [`LaneHandle::drain`]
    /// does without a budget. False if nothing arrived. For a reader without a screen.
    pub fn wait(&mut self, patience: Duration, sink: impl FnMut(Event)) -> bool {
        if self.opened.is_empty() {
            match self.parcels.recv_timeout(patience) {
                Ok(parcel) => self.open(parcel),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
            }
        }
        self.drain(Duration::MAX, sink);
        true
    }

    /// Whether the thread has ended. Events may still wait to be drained.
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn open(&mut self, parcel: Parcel) {
        self.opened = parcel.events.into();
        self.bytes = parcel.bytes;
        self.pictures = parcel.pictures;
    }

    fn acknowledge(&mut self) {
        self.taken.bytes.fetch_add(std::mem::take(&mut self.bytes), Ordering::AcqRel);
        self.taken.pictures.fetch_add(std::mem::take(&mut self.pictures), Ordering::AcqRel);
    }
}
