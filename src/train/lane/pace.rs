//! How many updates are due at a given moment when a lane is held to a pace.
//!
//! Invariant: over any stretch in which the lane can keep up, the number of updates is that of the
//! pace, to one update; what it could not keep up with is forgotten rather than made up for in a
//! sprint. Deliberately not here: waiting.

use std::time::{Duration, Instant};

/// The slowest pace, in updates a second.
const SLOWEST: f64 = 1e-3;
/// The fastest; beyond it a pace holds nothing back.
const FASTEST: f64 = 1e9;
/// Seconds that a lane may lie behind and still catch up.
const CATCH_UP: f64 = 0.1;

/// The pace of one lane.
#[derive(Debug, Default)]
pub(super) struct Pace {
    rate: Option<f64>,
    origin: Option<Origin>,
    last: Option<Instant>,
}

/// Update `step + 1` is due at `time`, each further one 1/rate later.
#[derive(Debug, Clone, Copy)]
struct Origin {
    time: Instant,
    step: u64,
}

impl Pace {
    /// At most so many updates a second; the wait for the next update counts from the last one.
    pub(super) fn set(&mut self, rate: Option<f64>, now: Instant, step: u64) {
        self.rate = rate.filter(|r| *r > 0.0).map(|r| r.clamp(SLOWEST, FASTEST));
        self.origin = self.last.zip(self.rate).map(|(last, rate)| Origin {
            time: (last + Duration::from_secs_f64(1.0 / rate)).max(now),
            step,
        });
    }

    /// The next update is due at once.
    pub(super) fn start(&mut self) {
        self.origin = None;
    }

    /// How many updates are due after `step`.
    pub(super) fn due(&mut self, now: Instant, step: u64) -> u64 {
        let Some(rate) = self.rate else { return u64::MAX };
        let origin = *self.origin.get_or_insert(Origin { time: now, step });
        if now < origin.time {
            return 0;
        }
        let owed = (now - origin.time).as_secs_f64() * rate;
        let due = (owed as u64 + 1).saturating_sub(step - origin.step);
        let most = (rate * CATCH_UP) as u64 + 1;
        if due > most {
            self.origin = Some(Origin { time: now, step });
            return 1;
        }
        due
    }

    /// When the next update after `step` is due.
    pub(super) fn next(&self, step: u64) -> Option<Instant> {
        let (rate, origin) = (self.rate?, self.origin?);
        Some(origin.time + Duration::from_secs_f64((step - origin.step) as f64 / rate))
    }

    /// Updates were done.
    pub(super) fn done(&mut self, now: Instant) {
        self.last = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Updates done in `seconds` when the lane looks every `look` seconds.
    fn done_in(pace: &mut Pace, start: Instant, seconds: f64, look: f64) -> u64 {
        let mut step = 0;
        for i in 0..=(seconds / look) as u64 {
            let now = start + Duration::from_secs_f64(i as f64 * look);
            let due = pace.due(now, step);
            step += due;
            if due > 0 {
                pace.done(now);
            }
        }
        step
    }

    #[test]
    fn a_pace_is_held_from_one_in_two_seconds_to_millions() {
        let start = Instant::now();
        for rate in [0.5, 1.0, 40.0, 1234.5, 3e6] {
            let mut pace = Pace::default();
            pace.set(Some(rate), start, 0);
            let done = done_in(&mut pace, start, 20.0, 1e-3) as f64;
            assert!((done - 20.0 * rate - 1.0).abs() <= 1.0 + rate * 1e-3, "{rate}: {done}");
        }
    }

    #[test]
    fn what_was_missed_is_not_made_up_for_in_a_sprint() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.set(Some(1000.0), start, 0);
        assert_eq!(pace.due(start, 0), 1);
        assert_eq!(pace.due(start + Duration::from_mins(1), 1), 1);
    }

    #[test]
    fn a_faster_pace_does_not_wait_for_the_slow_one() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.set(Some(0.5), start, 0);
        assert_eq!(pace.due(start, 0), 1);
        pace.done(start);
        let now = start + Duration::from_millis(100);
        assert_eq!(pace.due(now, 1), 0);
        pace.set(Some(40.0), now, 1);
        assert_eq!(pace.due(now, 1), 1);
        assert_eq!(pace.next(2), Some(now + Duration::from_millis(25)));
        pace.set(None, now, 2);
        assert_eq!(pace.due(now, 2), u64::MAX);
    }
}
