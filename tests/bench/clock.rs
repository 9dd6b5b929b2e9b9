//! How fast something goes: repeated for a moment, in rounds, by the time the processor spent on it.
//!
//! Where the system tells the time a thread had the processor (Linux), that is what counts, so that
//! a busy machine does not look like a slow program; elsewhere the clock on the wall.

use std::time::Instant;

/// Rates of several rounds, units a second, in ascending order.
#[derive(Debug)]
pub(crate) struct Rates(Vec<f64>);

impl Rates {
    pub(crate) fn of(mut rates: Vec<f64>) -> Self {
        rates.sort_by(f64::total_cmp);
        Self(rates)
    }

    pub(crate) fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    pub(crate) fn best(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

/// Seconds that this thread has had the processor, if the system tells.
fn on_processor() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds * 1e-9)
}

/// Calls `work`, which says how many units it did, for about so many seconds; units a second.
pub(crate) fn rate(seconds: f64, mut work: impl FnMut() -> u64) -> f64 {
    let (wall, cpu) = (Instant::now(), on_processor());
    let mut units = 0;
    while wall.elapsed().as_secs_f64() < seconds {
        units += work();
    }
    let wall = wall.elapsed().as_secs_f64();
    // The processor's clock is read in ticks; over a short time it says nothing.
    let spent = match (cpu, on_processor()) {
        (Some(before), Some(after)) if wall > 0.1 && after > before => (after - before).min(wall),
        _ => wall,
    };
    units as f64 / spent
}

/// Units a second by the clock on the wall, for work on several threads.
pub(crate) fn wall_rate(seconds: f64, mut work: impl FnMut() -> u64) -> f64 {
    let wall = Instant::now();
    let mut units = 0;
    while wall.elapsed().as_secs_f64() < seconds {
        units += work();
    }
    units as f64 / wall.elapsed().as_secs_f64()
}
