//! Seconds of computing, and how many updates a second they come to.
//!
//! Invariant: only time spent in updates counts; evaluations, pictures, waits and replays do not. The
//! time at an earlier step is remembered closely enough to go back to it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Seconds of computing between two remembered moments.
const GRAIN: f64 = 0.1;
/// How far back "lately" reaches.
const LATELY: Duration = Duration::from_secs(1);

/// Seconds of computing of one lane.
#[derive(Debug, Clone, Default)]
pub(super) struct Stopwatch {
    seconds: f64,
    /// Steps and seconds, ascending.
    past: Vec<(u64, f64)>,
    /// Moments and steps of the last second of running.
    lately: VecDeque<(Instant, u64)>,
    rate: f64,
}

impl Stopwatch {
    pub(super) fn seconds(&self) -> f64 {
        self.seconds
    }

    /// The lane has computed for `time` and has done `step` updates now.
    pub(super) fn add(&mut self, time: Duration, step: u64) {
        self.seconds += time.as_secs_f64();
        if self.seconds - self.past.last().map_or(0.0, |(_, s)| *s) >= GRAIN {
            self.past.push((step, self.seconds));
        }
    }

    /// Goes back to the time at `step`, `now` being the number of updates done so far.
    pub(super) fn rewind(&mut self, step: u64, now: u64) {
        let kept = self.past.partition_point(|(s, _)| *s <= step);
        let (s0, t0) = kept.checked_sub(1).map_or((0, 0.0), |i| self.past[i]);
        let (s1, t1) = self.past.get(kept).copied().unwrap_or((now, self.seconds));
        let part = if s1 > s0 { (step - s0) as f64 / (s1 - s0) as f64 } else { 0.0 };
        self.seconds = t0 + (t1 - t0) * part;
        self.past.truncate(kept);
        self.pause();
    }

    /// Measures the rate over the last second of running.
    pub(super) fn measure(&mut self, now: Instant, step: u64) {
        self.lately.push_back((now, step));
        while self.lately.len() > 2 && now.duration_since(self.lately[1].0) >= LATELY {
            self.lately.pop_front();
        }
        if let Some((time, from)) = self.lately.front()
            && now > *time
        {
            self.rate = (step - from) as f64 / now.duration_since(*time).as_secs_f64();
        }
    }

    /// Updates a second, as last measured.
    pub(super) fn rate(&self) -> f64 {
        self.rate
    }

    /// The lane rests: what comes later is measured anew.
    pub(super) fn pause(&mut self) {
        self.lately.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_finds_the_time_of_that_step() {
        let mut watch = Stopwatch::default();
        for step in 1..=100 {
            watch.add(Duration::from_millis(50), step * 10);
        }
        assert!((watch.seconds() - 5.0).abs() < 1e-9);
        watch.rewind(505, 1000);
        assert!((watch.seconds() - 2.525).abs() < 1e-9, "{}", watch.seconds());
        watch.rewind(0, 505);
        assert_eq!(watch.seconds(), 0.0);
    }

    #[test]
    fn the_rate_forgets_what_is_longer_ago_than_a_second() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let mut watch = Stopwatch::default();
        for i in 0..=100 {
            watch.measure(at(i * 20), i);
        }
        assert!((watch.rate() - 50.0).abs() < 1e-9, "{}", watch.rate());
        for i in 1..=100 {
            watch.measure(at(2000 + i * 20), 100 + i * 10);
        }
        assert!((watch.rate() - 500.0).abs() < 1e-6, "{}", watch.rate());
    }
}
