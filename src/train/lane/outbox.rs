//! What a lane has to tell and has not sent yet.
//!
//! Invariant: whatever is put in here reaches the reader, in order, as long as there is one; only a
//! status and pictures are replaced by newer ones. Sending never waits.
//!
//! Everything put in between two sendings travels as one parcel. While the queue is full, it goes on
//! merging here; [`Outbox::undelivered`] says how much memory lies between lane and reader.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};

use super::super::{EpochRecord, EvaluationRecord, Event, LossSink, Picture, Status};
use super::Waker;

/// Epochs that travel in one event, so that a reader can look at its clock in between.
const EPOCHS_PER_EVENT: usize = 4096;
/// Evaluations that travel in one event: each of them is worth a hundred epochs.
const EVALUATIONS_PER_EVENT: usize = 32;

/// Events that travel together.
#[derive(Debug, Default)]
pub(super) struct Parcel {
    pub(super) events: Vec<Event>,
    pub(super) bytes: u64,
    pub(super) pictures: u64,
}

/// What the reader has taken.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) bytes: AtomicU64,
    pub(super) pictures: AtomicU64,
}

/// The reader is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gone;

/// What a lane has to tell.
pub(super) struct Outbox {
    sender: SyncSender<Parcel>,
    waker: Waker,
    taken: Arc<Taken>,
    events: Vec<Event>,
    /// Where in `events` records are merged, since the last rewind.
    epochs: Option<usize>,
    evaluations: Option<usize>,
    trail: Option<usize>,
    pictures: Vec<Picture>,
    status: Option<Status>,
    bytes: u64,
    sent_bytes: u64,
    sent_pictures: u64,
}

impl Outbox {
    pub(super) fn new(sender: SyncSender<Parcel>, waker: Waker, taken: Arc<Taken>) -> Self {
        Self {
            sender,
            waker,
            taken,
            events: Vec::new(),
            epochs: None,
            evaluations: None,
            trail: None,
            pictures: Vec::new(),
            status: None,
            bytes: 0,
            sent_bytes: 0,
            sent_pictures: 0,
        }
    }

    pub(super) fn segment(&mut self, sink: &LossSink) {
        self.bytes += sink.segment().bytes() as u64;
        self.events.push(Event::Segment {
            first_step: sink.first_step(),
            segment: Arc::clone(sink.segment()),
        });
    }

    pub(super) fn epoch(&mut self, record: EpochRecord) {
        self.bytes += size_of::<EpochRecord>() as u64;
        if let Some(Event::Epochs(records)) = self.epochs.map(|at| &mut self.events[at])
            && records.len() < EPOCHS_PER_EVENT
        {
            records.push(record);
            return;
        }
        self.epochs = Some(self.events.len());
        self.events.push(Event::Epochs(vec![record]));
    }

    pub(super) fn evaluation(&mut self, record: EvaluationRecord) {
        self.bytes += size_of::<EvaluationRecord>() as u64;
        if let Some(Event::Evaluations(records)) = self.evaluations.map(|at| &mut self.events[at])
            && records.len() < EVALUATIONS_PER_EVENT
        {
            records.push(record);
            return;
        }
        self.evaluations = Some(self.events.len());
        self.events.push(Event::Evaluations(vec![record]));
    }

    pub(super) fn position(&mut self, step: u64, position: [f64; 2]) {
        self.bytes += size_of::<(u64, [f64; 2])>() as u64;
        if let Some(Event::Trail(trail)) = self.trail.map(|at| &mut self.events[at]) {
            trail.push((step, position));
            return;
        }
        self.trail = Some(self.events.len());
        self.events.push(Event::Trail(vec![(step, position)]));
    }

    /// An event of one of several runs, or of the lane itself.
    pub(super) fn of_run(&mut self, run: Option<usize>, event: Event, bytes: u64) {
        self.bytes += size_of::<Event>() as u64 + bytes;
        self.events.push(match run {
            Some(run) => Event::Of(run, Box::new(event)),
            None => event,
        });
        (self.epochs, self.evaluations, self.trail) = (None, None, None);
    }

    /// A single event: a change, a refusal.
    pub(super) fn event(&mut self, event: Event) {
        self.bytes += size_of::<Event>() as u64;
        self.events.push(event);
    }

    /// An event that says what was recorded counts for another branch; nothing is merged across it.
    pub(super) fn branched(&mut self, event: Event) {
        self.event(event);
        (self.epochs, self.evaluations, self.trail) = (None, None, None);
        self.pictures.clear();
    }

    /// Pictures, in the place of those that were not sent yet.
    pub(super) fn pictures(&mut self, pictures: Vec<Picture>) {
        self.pictures = pictures;
    }

    pub(super) fn status(&mut self, status: Status) {
        self.status = Some(status);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.pictures.is_empty() && self.status.is_none()
    }

    /// Bytes between this lane and its reader, pictures not counted.
    pub(super) fn undelivered(&self) -> u64 {
        self.bytes + self.sent_bytes - self.taken.bytes.load(Ordering::Acquire)
    }

    /// Whether the reader has taken every picture there was.
    pub(super) fn pictures_taken(&self) -> bool {
        self.pictures.is_empty()
            && self.taken.pictures.load(Ordering::Acquire) == self.sent_pictures
    }

    /// Sends what there is, if the queue has room.
    pub(super) fn send(&mut self) -> Result<(), Gone> {
        if self.is_empty() {
            return Ok(());
        }
        let mut events = mem::take(&mut self.events);
        let count = events.len();
        let pictures = self.pictures.len() as u64;
        events.extend(self.pictures.drain(..).map(Event::Picture));
        events.extend(self.status.take().map(Event::Status));
        match self.sender.try_send(Parcel { events, bytes: self.bytes, pictures }) {
            Ok(()) => {
                self.sent_bytes += mem::take(&mut self.bytes);
                self.sent_pictures += pictures;
                (self.epochs, self.evaluations, self.trail) = (None, None, None);
                (self.waker)();
                Ok(())
            }
            Err(TrySendError::Full(parcel)) => {
                self.events = parcel.events;
                for event in self.events.drain(count..) {
                    match event {
                        Event::Picture(picture) => self.pictures.push(picture),
                        Event::Status(status) => self.status = Some(status),
                        _ => {}
                    }
                }
                Ok(())
            }
            Err(TrySendError::Disconnected(_)) => Err(Gone),
        }
    }
}
