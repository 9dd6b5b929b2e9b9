//! Run permits: how many lanes compute at a time, and who is next.
//!
//! A lane computes only while it holds a permit, passes it on after [`TURN`] if another lane waits,
//! and gives it back whenever it rests. Whoever waits longest is next. Permits that no lane wants serve
//! helpers ([`super::crew`]), for one piece of work at a time.
//!
//! Invariant: at most as many lanes compute as there are permits; a permit is given back however its
//! holder ends, a panic included.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::numeric::{Hands, Team};

use super::crew::Crew;
use super::race::Course;

/// How long a lane computes before it passes its permit on.
const TURN: Duration = Duration::from_millis(5);

/// The permits that all lanes share.
#[derive(Debug)]
pub struct Permits {
    count: usize,
    state: Mutex<State>,
    freed: Condvar,
    crew: OnceLock<Arc<Crew>>,
    course: Arc<Course>,
}

#[derive(Debug)]
struct State {
    free: usize,
    queue: VecDeque<u64>,
    next_number: u64,
}

impl Permits {
    /// So many permits, at least one.
    #[must_use]
    pub fn new(permits: usize) -> Arc<Self> {
        let count = permits.max(1);
        let state = State { free: count, queue: VecDeque::new(), next_number: 0 };
        let (state, freed) = (Mutex::new(state), Condvar::new());
        Arc::new(Self { count, state, freed, crew: OnceLock::new(), course: Arc::default() })
    }

    /// All cores but one, which stays with the screen.
    #[must_use]
    pub fn beside_a_screen() -> Arc<Self> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new(cores - 1)
    }

    /// Those who help a lane that holds a permit while others are spare.
    #[must_use]
    pub fn team(self: &Arc<Self>) -> Team {
        let crew = self.crew.get_or_init(|| Arc::new(Crew::of(self)));
        Team::of(Arc::clone(crew) as Arc<dyn Hands>)
    }

    /// Where lanes that share the permits go abreast.
    #[must_use]
    pub fn course(&self) -> &Arc<Course> {
        &self.course
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Whether a helper would get one now.
    pub(super) fn has_spare(&self) -> bool {
        let state = self.lock();
        state.free > 0 && state.queue.is_empty()
    }

    /// Takes a permit that no lane waits for; it must be given back.
    pub(super) fn take_spare(&self) -> bool {
        let mut state = self.lock();
        let spare = state.free > 0 && state.queue.is_empty();
        if spare {
            state.free -= 1;
        }
        spare
    }

    /// Gives back what [`Permits::take_spare`] took.
    pub(super) fn give_back(&self) {
        let mut state = self.lock();
        state.free += 1;
        let is_wanted = !state.queue.is_empty();
        drop(state);
        if is_wanted {
            self.freed.notify_all();
        }
    }

    /// No code that can panic runs under the lock, so a poisoned lock holds a sound state.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One lane's dealings with the permits.
#[derive(Debug)]
pub(super) struct Turn {
    permits: Arc<Permits>,
    place: Place,
    /// Whether the next turn ends as soon as somebody waits.
    brief: bool,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Away,
    Queued(u64),
    Holding(Instant),
}

impl Turn {
    pub(super) fn new(permits: Arc<Permits>) -> Self {
        Self { permits, place: Place::Away, brief: false }
    }

    /// The next turn is passed on at the first opportunity: of many lanes that begin together, each is
    /// soon seen to have begun.
    pub(super) fn be_brief(&mut self) {
        self.brief = true;
    }

    /// Waits for a permit for at most `patience`; true once it is held. A place in the queue is kept
    /// from call to call.
    pub(super) fn take(&mut self, patience: Duration) -> bool {
        let number = match self.place {
            Place::Holding(_) => return true,
            Place::Queued(number) => Some(number),
            Place::Away => None,
        };
        let mut state = self.permits.lock();
        let number = number.unwrap_or_else(|| {
            state.next_number += 1;
            let number = state.next_number;
            state.queue.push_back(number);
            number
        });
        self.place = Place::Queued(number);
        let turn = |s: &mut State| s.free == 0 || s.queue.front() != Some(&number);
        let waited = self.permits.freed.wait_timeout_while(state, patience, turn);
        let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            return false;
        }
        state.free -= 1;
        state.queue.pop_front();
        let more = state.free > 0 && !state.queue.is_empty();
        drop(state);
        if more {
            self.permits.freed.notify_all();
        }
        self.place = Place::Holding(Instant::now());
        true
    }

    /// Passes the permit on if it was held long enough and somebody waits.
    pub(super) fn pass_on(&mut self, now: Instant) {
        if let Place::Holding(since) = self.place
            && (std::mem::take(&mut self.brief) || now.duration_since(since) >= TURN)
        {
            if self.permits.lock().queue.is_empty() {
                self.place = Place::Holding(now);
            } else {
                self.leave();
            }
        }
    }

    /// Gives the permit, or the place in the queue, back.
    pub(super) fn leave(&mut self) {
        let place = std::mem::replace(&mut self.place, Place::Away);
        let mut state = self.permits.lock();
        match place {
            Place::Away => return,
            Place::Holding(_) => state.free += 1,
            Place::Queued(number) => state.queue.retain(|n| *n != number),
        }
        drop(state);
        self.permits.freed.notify_all();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_WAIT: Duration = Duration::ZERO;

    #[test]
    fn permits_go_round_in_the_order_of_asking() {
        let permits = Permits::new(1);
        let mut turns: Vec<Turn> = (0..3).map(|_| Turn::new(Arc::clone(&permits))).collect();
        assert!(turns[0].take(NO_WAIT));
        assert!(!turns[1].take(NO_WAIT));
        assert!(!turns[2].take(NO_WAIT));
        for round in 0..6 {
            let later = Instant::now() + 2 * TURN;
            turns[round % 3].pass_on(later);
            assert!(!turns[(round + 2) % 3].take(NO_WAIT), "not yet its turn");
            assert!(turns[(round + 1) % 3].take(NO_WAIT), "waited longest");
            assert!(!turns[round % 3].take(NO_WAIT));
        }
    }

    #[test]
    fn a_permit_is_kept_while_nobody_waits_and_freed_when_its_holder_goes() {
        let permits = Permits::new(2);
        let mut first = Turn::new(Arc::clone(&permits));
        let mut second = Turn::new(Arc::clone(&permits));
        let mut third = Turn::new(Arc::clone(&permits));
        assert!(first.take(NO_WAIT) && second.take(NO_WAIT) && !third.take(NO_WAIT));
        first.pass_on(Instant::now());
        assert!(!third.take(NO_WAIT), "held too short to be passed on");
        drop(second);
        assert!(third.take(NO_WAIT));
        drop(third);
        first.pass_on(Instant::now() + 2 * TURN);
        assert!(matches!(first.place, Place::Holding(_)), "nobody waits");
    }

    #[test]
    fn lanes_that_begin_together_have_short_first_turns() {
        let permits = Permits::new(1);
        let mut turns: Vec<Turn> = (0..3).map(|_| Turn::new(Arc::clone(&permits))).collect();
        turns.iter_mut().for_each(Turn::be_brief);
        assert!(turns[0].take(NO_WAIT) && !turns[1].take(NO_WAIT) && !turns[2].take(NO_WAIT));
        for (now, next) in [(0, 1), (1, 2), (2, 0)] {
            turns[now].pass_on(Instant::now());
            assert!(!turns[now].take(NO_WAIT));
            assert!(turns[next].take(NO_WAIT), "after a moment");
        }
        turns[0].pass_on(Instant::now());
        assert!(!turns[1].take(NO_WAIT), "a second turn is a whole one");
    }

    #[test]
    fn whoever_gives_up_waiting_does_not_hold_up_the_others() {
        let permits = Permits::new(1);
        let mut turns: Vec<Turn> = (0..3).map(|_| Turn::new(Arc::clone(&permits))).collect();
        assert!(turns[0].take(NO_WAIT) && !turns[1].take(NO_WAIT) && !turns[2].take(NO_WAIT));
        turns[1].leave();
        turns[0].leave();
        assert!(turns[2].take(NO_WAIT));
    }
}
