//! The loop of a lane's thread: obey, deliver, train a little, again.
//!
//! Invariant: between two looks at the commands lies one slice of at most about a millisecond or one
//! portion of pictures of about two, or one update or evaluation if that takes longer.

mod abreast;
mod travel;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use crate::experiment::Change;

use super::super::permits::Turn;
use super::super::race::{Room, Seat};
use super::super::{
    Command, EpochRecord, EvaluationRecord, Event, LaneState, LossSink, Status, Target,
};
use super::Setting;
use super::body::Body;
use super::outbox::{Gone, Outbox};
use super::pace::Pace;
use super::pictures::Pictures;
use super::stopwatch::Stopwatch;
use super::trail::Trail;
use travel::Left;

/// Time between two parcels.
const BETWEEN: Duration = Duration::from_millis(16);
/// Time after which a full queue is tried again.
const RETRY: Duration = Duration::from_millis(4);
/// How long a lane waits for a permit before it looks at its commands again.
const PATIENCE: Duration = Duration::from_millis(2);
/// What a slice should take.
const SLICE: Duration = Duration::from_millis(1);
/// Updates in a slice, at most.
const MOST_UPDATES: u64 = 1 << 20;

/// A lane at work.
pub(super) struct Runner<'a> {
    body: Box<dyn Body>,
    orders: &'a Receiver<Command>,
    outbox: &'a mut Outbox,
    /// The latest status, for whoever reports a panic.
    last: &'a mut Option<Status>,
    setting: Setting,
    turn: Turn,
    seat: Seat,
    /// Told to pause: until when it may still come up to the others.
    pausing: Option<Instant>,
    sink: LossSink,
    /// Whether the reader knows where the losses go.
    sink_is_told: bool,
    target: Option<Target>,
    /// The step at which it begins: a fork's is where it was forked off.
    first: u64,
    /// Held because too much lies undelivered.
    waiting: bool,
    pace: Pace,
    /// Updates that take about [`SLICE`].
    updates: u64,
    watch: Stopwatch,
    trail: Option<Trail>,
    pictures: Pictures,
    /// The steps of all evaluations on this branch, ascending.
    evaluated: Vec<u64>,
    /// What is known of branches that were left.
    left: Vec<Left>,
    /// The step last measured at rest.
    measured: Option<u64>,
    /// The step at which a parameter was last put to a value by hand.
    touched: Option<u64>,
    /// When the last parcel was made up, and what it said.
    sent: Instant,
    sent_step: Option<u64>,
    urgent: bool,
    /// Epochs finished in this slice.
    epochs: Vec<EpochRecord>,
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        body: Box<dyn Body>,
        orders: &'a Receiver<Command>,
        outbox: &'a mut Outbox,
        setting: Setting,
        last: &'a mut Option<Status>,
    ) -> Self {
        Self {
            turn: Turn::new(Arc::clone(&setting.permits)),
            seat: Seat::new(Arc::clone(setting.permits.course())),
            pausing: None,
            sink: LossSink::new(body.step(), setting.precision),
            sink_is_told: false,
            target: None,
            first: body.step(),
            waiting: false,
            pace: Pace::default(),
            updates: 1,
            watch: Stopwatch::default(),
            trail: body.position().map(|_| Trail::default()),
            pictures: Pictures::new(setting.split.clone()),
            evaluated: Vec::new(),
            left: Vec::new(),
            measured: None,
            touched: None,
            sent: Instant::now(),
            sent_step: None,
            urgent: true,
            epochs: Vec::new(),
            body,
            orders,
            outbox,
            last,
            setting,
        }
    }

    /// Lives until nobody listens any more.
    pub(super) fn run(&mut self) {
        // A fork's parent has measured what was due where it begins.
        if self.first == 0 {
            self.outbox.event(Event::Began(self.body.fingerprint()));
            self.evaluate();
            self.record_position(true);
        }
        if self.live_through_parents().is_err() {
            return;
        }
        self.come_to_rest();
        while self.go_on().is_ok() {}
    }

    /// One round: obeys, delivers, and then trains a slice, waits or rests.
    fn go_on(&mut self) -> Result<(), Gone> {
        self.take_orders()?;
        self.deliver()?;
        if self.pictures.is_at_work() {
            self.take_pictures();
            return Ok(());
        }
        // What a slice adds comes on top.
        let limit = self.setting.undelivered / 32 * 31;
        let limit = if self.waiting { limit / 2 } else { limit };
        let waiting = self.outbox.undelivered() > limit;
        self.urgent |= waiting != self.waiting;
        self.waiting = waiting;
        match self.target {
            Some(target) if !waiting => self.advance(target),
            _ => self.rest(),
        }
    }

    fn take_orders(&mut self) -> Result<(), Gone> {
        loop {
            match self.orders.try_recv() {
                Ok(command) => self.obey(command)?,
                Err(TryRecvError::Empty) => return Ok(()),
                Err(TryRecvError::Disconnected) => return Err(Gone),
            }
        }
    }

    /// Waits for a command for at most `time`.
    fn listen(&mut self, time: Duration) -> Result<(), Gone> {
        self.turn.leave();
        match self.orders.recv_timeout(time) {
            Ok(command) => self.obey(command),
            Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => Err(Gone),
        }
    }

    fn rest(&mut self) -> Result<(), Gone> {
        self.watch.pause();
        if !self.outbox.is_empty() || self.urgent || self.waiting {
            return self.listen(RETRY);
        }
        self.turn.leave();
        let command = self.orders.recv().map_err(|_gone| Gone)?;
        self.obey(command)
    }

    fn obey(&mut self, command: Command) -> Result<(), Gone> {
        let step = self.body.step();
        match command {
            Command::Run(target) => self.start(target),
            Command::Pause => self.pause(),
            Command::Stop => {
                if self.body.end().is_none() {
                    self.body.stop();
                    self.finish();
                }
            }
            Command::Change(change) => {
                match self.body.change(&change) {
                    Ok(record) => {
                        self.outbox.event(Event::Changed(record));
                        if matches!(change, Change::Parameter { .. }) {
                            self.moved_by_hand();
                        }
                    }
                    Err(reason) => self.outbox.event(Event::Refused { change, reason }),
                }
                self.urgent = true;
            }
            Command::Pace(rate) => self.pace.set(rate, Instant::now(), step),
            Command::TrainOn(more) => {
                if self.body.train_on(more) {
                    self.start(Target::End);
                }
                self.urgent = true;
            }
            Command::Rewind { step: to, before_changes } => {
                self.rewind(to.clamp(self.first.min(step), step), before_changes);
            }
            Command::Return(branch) => self.return_to(branch),
            Command::Watch(requests) => {
                self.pictures.watch(requests);
                self.urgent = true;
            }
            Command::Retrace(steps) => {
                if let Some(retrace) = self.body.retrace(steps) {
                    self.outbox.event(Event::Retrace(Box::new(retrace)));
                    self.urgent = true;
                }
            }
            Command::Route => {
                if let Some(route) = self.body.route() {
                    self.outbox.event(Event::Route(Box::new(route)));
                    self.urgent = true;
                }
            }
            Command::Adopt(stretch) => self.adopt(*stretch),
            Command::Show(run) => self.show(run),
            Command::Quit => return Err(Gone),
        }
        Ok(())
    }

    fn start(&mut self, target: Target) {
        let step = self.body.step();
        let target = match target {
            Target::EpochEnd if self.trail.is_some() => Target::Step(step + 1),
            other => other,
        };
        if self.body.end().is_some() || matches!(target, Target::Step(n) if n <= step) {
            self.come_to_rest();
            return;
        }
        self.pausing = None;
        self.pace.start();
        self.turn.be_brief();
        self.target = Some(target);
        // The first losses are seen as soon as they are written.
        self.tell_sink();
        self.urgent |= target == Target::End;
    }

    /// Lets the reader know where losses go.
    fn tell_sink(&mut self) {
        if !self.body.keeps_losses() && !std::mem::replace(&mut self.sink_is_told, true) {
            self.outbox.segment(&self.sink);
        }
    }

    /// One slice towards the target, or a wait for the moment or the permit for it.
    fn advance(&mut self, target: Target) -> Result<(), Gone> {
        let now = Instant::now();
        let step = self.body.step();
        let due = if self.pausing.is_some() { u64::MAX } else { self.pace.due(now, step) };
        if due == 0 {
            let next = self.pace.next(step).unwrap_or(now);
            let mut wait = next.saturating_duration_since(now).max(SLICE);
            if self.sent_step != Some(step) || !self.outbox.is_empty() {
                wait = wait.min((self.sent + BETWEEN).saturating_duration_since(now));
            }
            return self.listen(wait);
        }
        let (due, to_epoch_end) = match self.room(target) {
            Room::None => return Ok(()),
            Room::Any => (due, target == Target::EpochEnd),
            Room::Updates(updates) => (due.min(updates), false),
            Room::Epoch => (due, true),
        };
        if self.turn.take(PATIENCE) {
            self.slice(target, due, to_epoch_end);
            self.turn.pass_on(Instant::now());
        }
        Ok(())
    }

    /// At most `due` updates, in about [`SLICE`].
    fn slice(&mut self, target: Target, due: u64, to_epoch_end: bool) {
        let from = self.body.step();
        let asked = match target {
            Target::Step(n) => due.min(n - from),
            Target::End | Target::EpochEnd => due,
        };
        let asked = asked.min(self.updates);
        let seconds = self.watch.seconds();
        let start = Instant::now();
        let (left, evaluation_due) = self.train(asked, to_epoch_end);
        let time = start.elapsed();
        let step = self.body.step();
        self.watch.add(time, step);
        self.pace.done(start + time);
        self.stamp_epochs(from, step, seconds, time);
        self.adapt(left == 0 && asked == self.updates, time);
        let epoch_done = !self.epochs.is_empty() || self.body.has_done_epoch();
        self.epochs.clear();
        self.body.remember();
        *self.last = Some(self.status());
        if evaluation_due {
            self.evaluate();
        }
        if self.body.end().is_some() {
            self.finish();
        } else if match target {
            Target::End => false,
            Target::Step(n) => step >= n,
            Target::EpochEnd => epoch_done,
        } {
            self.come_to_rest();
        }
    }

    /// At most `asked` updates, fewer where an evaluation is due, the run ends, or, if so wished, the
    /// epoch. Returns those not done, and whether an evaluation is due.
    fn train(&mut self, asked: u64, to_epoch_end: bool) -> (u64, bool) {
        let mut left = asked;
        while left > 0 {
            if self.body.step() == self.sink.end() {
                self.sink = LossSink::new(self.body.step(), self.setting.precision);
                self.sink_is_told = false;
            }
            self.tell_sink();
            let room = match self.trail {
                Some(_) => left.min(Trail::room(self.body.step())),
                None => left,
            };
            let burst = self.body.burst(room, &self.sink);
            self.sink.segment().summarise();
            left -= burst.done.min(left);
            let idle = burst.done == 0 && burst.changed.is_empty();
            burst.changed.into_iter().for_each(|c| self.outbox.event(Event::Changed(c)));
            self.epochs.extend(burst.epoch);
            self.record_position(false);
            if burst.evaluation_due {
                return (left, true);
            }
            let epoch_done = burst.epoch.is_some() || self.body.has_done_epoch();
            if burst.ended || idle || (to_epoch_end && epoch_done) {
                break;
            }
        }
        (left, false)
    }

    /// Gives the epochs of a slice their share of its time.
    fn stamp_epochs(&mut self, from: u64, to: u64, seconds: f64, time: Duration) {
        let per_update = time.as_secs_f64() / (to - from).max(1) as f64;
        for mut record in self.epochs.iter().copied() {
            record.seconds = seconds + (record.step - from) as f64 * per_update;
            self.outbox.epoch(record);
        }
    }

    /// Moves the size of a slice towards what takes [`SLICE`].
    fn adapt(&mut self, full: bool, time: Duration) {
        if time > 2 * SLICE {
            self.updates = (self.updates / 2).max(1);
        } else if full && time < SLICE / 2 {
            self.updates = (self.updates * 2).min(MOST_UPDATES);
        }
    }

    /// Waits for a permit, which every holder passes on before long.
    fn take_turn(&mut self) {
        while !self.turn.take(PATIENCE) {}
    }

    fn evaluate(&mut self) {
        let step = self.body.step();
        if self.evaluated.last() == Some(&step) {
            return;
        }
        self.take_turn();
        let evaluation = self.body.evaluate();
        if !self.body.is_of_its_step() {
            return;
        }
        self.evaluated.push(step);
        let epoch = self.body.epoch();
        self.outbox.evaluation(EvaluationRecord { step, epoch, evaluation });
    }

    /// Measures where no evaluation was due, so that what is shown at rest is of this step.
    fn measure_at_rest(&mut self) {
        let step = self.body.step();
        let is_shown = self.evaluated.last() == Some(&step) && self.touched != Some(step);
        let is_shown = is_shown || !self.body.is_of_its_step();
        if !is_shown && self.measured != Some(step) {
            self.take_turn();
            let (epoch, evaluation) = (self.body.epoch(), self.body.evaluate());
            let record = EvaluationRecord { step, epoch, evaluation };
            self.outbox.event(Event::AtRest(Box::new(record)));
            self.measured = Some(step);
        }
    }

    /// The run has ended: measures it once more where it stands.
    fn finish(&mut self) {
        self.evaluate();
        self.come_to_rest();
    }

    fn come_to_rest(&mut self) {
        (self.target, self.pausing) = (None, None);
        self.seat.leave();
        self.measure_at_rest();
        self.record_position(true);
        self.pictures.refresh();
        self.urgent = true;
    }

    fn record_position(&mut self, must: bool) {
        let step = self.body.step();
        if let Some(trail) = &mut self.trail
            && self.body.is_of_its_step()
            && trail.keeps(step, must)
            && let Some(position) = self.body.position()
        {
            self.outbox.position(step, position);
        }
    }

    /// Sends what there is to say, if it is time.
    fn deliver(&mut self) -> Result<(), Gone> {
        let now = Instant::now();
        if !self.urgent && now.duration_since(self.sent) < BETWEEN {
            return Ok(());
        }
        let step = self.body.step();
        self.pictures.begin(now, step, self.outbox.pictures_taken());
        self.take_pictures();
        self.body.tell(self.outbox, self.watch.seconds());
        if !self.urgent && self.sent_step == Some(step) && self.outbox.is_empty() {
            return Ok(());
        }
        if self.target.is_some() && !self.waiting {
            self.watch.measure(now, step);
        }
        let status = self.status();
        *self.last = Some(status.clone());
        self.outbox.status(status);
        self.sent = now;
        self.sent_step = Some(step);
        self.urgent = false;
        self.outbox.send()
    }

    /// A portion of the pictures that are being taken, if any are and there is a permit.
    fn take_pictures(&mut self) {
        if self.pictures.is_at_work() && self.turn.take(PATIENCE) {
            let (in_training, taken) = (self.target.is_some(), self.outbox.pictures_taken());
            if let Some(shown) = self.pictures.portion(&mut *self.body, in_training, taken) {
                self.outbox.pictures(shown);
                self.urgent = true;
            }
            self.turn.pass_on(Instant::now());
        }
    }

    fn status(&self) -> Status {
        let state = match self.body.end() {
            Some(end) => LaneState::Ended(end.clone()),
            None if self.target.is_none() => LaneState::Paused,
            None if self.waiting => LaneState::Waiting,
            None => LaneState::Running,
        };
        Status {
            state,
            step: self.body.step(),
            epoch: self.body.epoch(),
            planned_steps: self.body.planned_steps(),
            batch_loss: self.body.last_loss(),
            learning_rate: self.body.learning_rate(),
            samples: self.body.samples(),
            loss_evaluations: self.body.loss_evaluations(),
            seconds: self.watch.seconds(),
            steps_per_second: self.watch.rate(),
        }
    }
}

/// Sends what is left to say, for as long as somebody listens.
pub(super) fn deliver_last(outbox: &mut Outbox, orders: &Receiver<Command>) {
    while outbox.send().is_ok() && !outbox.is_empty() {
        match orders.recv_timeout(RETRY) {
            Ok(Command::Quit) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
}
