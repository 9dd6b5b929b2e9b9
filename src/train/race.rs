//! Lanes in lockstep: none gets further ahead of the others than about a frame's work.
//!
//! There is a line that all running lanes go up to; when all are there, it moves on. How far, follows
//! from the time that the last round took, so lanes wait for each other some sixty times a second at
//! most, and only between two bursts of updates. Lanes that rest, ended or went away are not waited for; one
//! that joins behind the line catches up first.
//!
//! Invariant: this decides when a lane computes, never what.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::experiment::Race;

/// What a round should take, at least and at most.
const ROUND: (Duration, Duration) = (Duration::from_millis(6), Duration::from_millis(14));

/// What a lane has behind it, by each way of counting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// Updates.
    pub(super) step: u64,
    /// Finished epochs; none where there are none.
    pub(super) epoch: Option<u64>,
    /// Rows seen; none where there are none.
    pub(super) samples: Option<u64>,
    /// Evaluations of the loss.
    pub(super) evaluations: u64,
}

impl Progress {
    fn by(self, rule: Race) -> u64 {
        match rule {
            Race::Free | Race::Step => self.step,
            Race::Epoch => self.epoch.unwrap_or(self.step),
            Race::Samples => self.samples.unwrap_or(self.step),
            Race::Evaluations => self.evaluations,
        }
    }
}

/// The line that lanes go up to together.
#[derive(Debug, Default)]
pub struct Course {
    /// Whether there is a line at all: read before every slice.
    is_on: AtomicBool,
    state: Mutex<State>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct State {
    rule: Race,
    /// Whether the line stays where it is: lanes are about to pause.
    is_held: bool,
    line: u64,
    stride: u64,
    since: Option<Instant>,
    next_number: u64,
    /// The lanes that run: their numbers, and how far they have come.
    running: Vec<(u64, Progress)>,
}

impl State {
    /// Moves the line on if all lanes are there.
    fn advance(&mut self, now: Instant) -> bool {
        let places = self.running.iter().map(|(_, progress)| progress.by(self.rule));
        let Some(last) = places.min().filter(|last| *last >= self.line && !self.is_held) else {
            return false;
        };
        let time = self.since.map(|since| now.duration_since(since));
        self.stride = match time {
            Some(time) if time < ROUND.0 => self.stride.saturating_mul(2),
            Some(time) if time > ROUND.1 => self.stride / 2,
            _ => self.stride,
        }
        .max(1);
        self.line = last.saturating_add(self.stride);
        self.since = Some(now);
        true
    }

    fn start_over(&mut self) {
        (self.line, self.stride, self.since) = (0, 1, None);
    }
}

impl Course {
    /// By what lanes go abreast from now on.
    pub fn set_rule(&self, rule: Race) {
        let mut state = self.lock();
        if state.rule != rule {
            state.rule = rule;
            state.start_over();
            self.is_on.store(rule != Race::Free, Ordering::Relaxed);
            drop(state);
            self.moved.notify_all();
        }
    }

    /// Leaves the line where it is until [`Course::go`]: lanes that are told to pause now come to rest
    /// there, side by side.
    pub fn hold(&self) {
        self.lock().is_held = true;
    }

    /// Lets the line move on.
    pub fn go(&self) {
        let mut state = self.lock();
        state.is_held = false;
        // What lies between is not a round.
        state.since = None;
        drop(state);
        self.moved.notify_all();
    }

    /// No code that can panic runs under the lock, so a poisoned lock holds a sound state.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How far a lane may go before it must ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// As far as it likes.
    Any,
    /// So many updates.
    Updates(u64),
    /// To the end of its epoch.
    Epoch,
    /// Not at all: others are behind.
    None,
}

/// One lane's place in the race.
#[derive(Debug)]
pub(super) struct Seat {
    course: Arc<Course>,
    number: Option<u64>,
    /// What the last updates added, each.
    per_update: u64,
    last: Option<Progress>,
}

impl Seat {
    pub(super) fn new(course: Arc<Course>) -> Self {
        Self { course, number: None, per_update: u64::MAX, last: None }
    }

    /// Whether lanes go abreast.
    pub(super) fn is_racing(&self) -> bool {
        self.course.is_on.load(Ordering::Relaxed)
    }

    /// How far the lane may go from here; waits for others for at most `patience`.
    pub(super) fn room(&mut self, here: Progress, patience: Duration) -> Room {
        if !self.is_racing() {
            self.leave();
            return Room::Any;
        }
        let course = Arc::clone(&self.course);
        let mut state = course.lock();
        self.arrive(&mut state, here);
        let place = here.by(state.rule);
        if place >= state.line {
            if state.advance(Instant::now()) {
                course.moved.notify_all();
            }
            if place >= state.line {
                let waits = |state: &mut State| place >= state.line;
                let waited = course.moved.wait_timeout_while(state, patience, waits);
                (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            }
        }
        self.room_to(&state, place, here)
    }

    /// How far it is to the line; none if the lane is there.
    pub(super) fn room_to_line(&self, here: Progress) -> Room {
        let state = self.course.lock();
        self.room_to(&state, here.by(state.rule), here)
    }

    fn room_to(&self, state: &State, place: u64, here: Progress) -> Room {
        match state.line.checked_sub(place) {
            None | Some(0) => Room::None,
            Some(_) if state.rule == Race::Epoch && here.epoch.is_some() => Room::Epoch,
            Some(left) => Room::Updates((left / self.per_update).max(1)),
        }
    }

    /// Takes note of how far the lane has come.
    fn arrive(&mut self, state: &mut State, here: Progress) {
        let number = *self.number.get_or_insert_with(|| {
            state.next_number += 1;
            state.next_number
        });
        if let Some(last) = self.last.filter(|last| last.step < here.step) {
            let (steps, way) =
                (here.step - last.step, here.by(state.rule).saturating_sub(last.by(state.rule)));
            self.per_update = way.div_ceil(steps).max(1);
        }
        self.last = Some(here);
        match state.running.iter_mut().find(|(other, _)| *other == number) {
            Some((_, progress)) => *progress = here,
            None => state.running.push((number, here)),
        }
    }

    /// The lane rests: nobody waits for it.
    pub(super) fn leave(&mut self) {
        (self.last, self.per_update) = (None, u64::MAX);
        let Some(number) = self.number.take() else { return };
        let mut state = self.course.lock();
        state.running.retain(|(other, _)| *other != number);
        if state.running.is_empty() {
            state.start_over();
        } else if !state.is_held {
            state.advance(Instant::now());
        }
        drop(state);
        self.course.moved.notify_all();
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_WAIT: Duration = Duration::ZERO;

    fn seats(rule: Race, count: usize) -> (Arc<Course>, Vec<Seat>) {
        let course = Arc::new(Course::default());
        course.set_rule(rule);
        let seats = (0..count).map(|_| Seat::new(Arc::clone(&course))).collect();
        (course, seats)
    }

    fn at(step: u64, samples: u64) -> Progress {
        Progress { step, epoch: Some(samples / 100), samples: Some(samples), evaluations: step }
    }

    #[test]
    fn lanes_that_run_free_have_all_the_room() {
        let (_, mut seats) = seats(Race::Free, 1);
        assert_eq!(seats[0].room(at(5, 5), NO_WAIT), Room::Any);
    }

    #[test]
    fn whoever_is_at_the_line_waits_until_all_are_there() {
        let (_, mut seats) = seats(Race::Step, 2);
        assert_eq!(seats[1].room(at(0, 0), NO_WAIT), Room::Updates(1));
        assert_eq!(seats[0].room(at(0, 0), NO_WAIT), Room::Updates(1));
        assert_eq!(seats[0].room(at(1, 8), NO_WAIT), Room::None, "the other is behind");
        assert!(!matches!(seats[1].room(at(1, 8), NO_WAIT), Room::None), "all are there");
        assert!(!matches!(seats[0].room(at(1, 8), NO_WAIT), Room::None));
    }

    #[test]
    fn whoever_rests_or_goes_away_is_not_waited_for() {
        let (_, mut seats) = seats(Race::Step, 3);
        for seat in seats.iter_mut().rev() {
            seat.room(at(0, 0), NO_WAIT);
        }
        assert_eq!(seats[0].room(at(1, 8), NO_WAIT), Room::None);
        seats[1].leave();
        assert_eq!(seats[0].room(at(1, 8), NO_WAIT), Room::None);
        drop(seats.pop());
        assert_ne!(seats[0].room(at(1, 8), NO_WAIT), Room::None);
    }

    #[test]
    fn a_lane_that_joins_behind_catches_up_while_others_wait() {
        let (_, mut seats) = seats(Race::Step, 2);
        let mut step = 100;
        for _ in 0..4 {
            let Room::Updates(n) = seats[0].room(at(step, 0), NO_WAIT) else { panic!("room") };
            step += n;
        }
        assert_ne!(seats[1].room(at(0, 0), NO_WAIT), Room::None, "far behind");
        assert_eq!(seats[0].room(at(step, 0), NO_WAIT), Room::None);
        assert_ne!(seats[1].room(at(step, 0), NO_WAIT), Room::None);
    }

    #[test]
    fn by_samples_small_batches_take_more_updates() {
        let (_, mut seats) = seats(Race::Samples, 2);
        seats[0].room(at(0, 0), NO_WAIT);
        seats[1].room(at(0, 0), NO_WAIT);
        // One has batches of 100 rows, the other of 10.
        assert_eq!(seats[0].room(at(1, 100), NO_WAIT), Room::None);
        let (mut updates, mut place) = (0, 0);
        while place < 100 {
            let room = seats[1].room(at(updates, place), NO_WAIT);
            let Room::Updates(n) = room else { panic!("{room:?} at {place}") };
            (updates, place) = (updates + n, place + 10 * n);
        }
        assert!(updates <= 12, "ten and a little more: {updates}");
    }

    #[test]
    fn a_held_line_stays_and_lanes_end_side_by_side() {
        let (course, mut seats) = seats(Race::Step, 2);
        let mut steps = [0, 0];
        for round in 0..40 {
            let lane = round % 2;
            if let Room::Updates(n) = seats[lane].room(at(steps[lane], 0), NO_WAIT) {
                steps[lane] += n;
            }
        }
        course.hold();
        for (seat, step) in seats.iter_mut().zip(&mut steps) {
            while let Room::Updates(n) = seat.room_to_line(at(*step, 0)) {
                *step += n;
            }
            seat.leave();
        }
        assert_eq!(steps[0], steps[1]);
        course.go();
        assert_ne!(seats[0].room(at(steps[0], 0), NO_WAIT), Room::None);
    }
}
