//! One run's steps as epochs, samples, gradient evaluations and seconds, and back.
//!
//! A step's place is exact at every finished epoch and interpolated in between: rows seen grow
//! evenly within an epoch, and computing time between two known moments. So the batch loss of a step
//! lies at a fraction of its epoch. Gradient evaluations are exact at every step: each update of a lane
//! takes equally many, and a fork's updates before it was forked off are its parent's.

use crate::experiment::XAxis;
use crate::train::{EpochRecord, Status};

/// Seconds of computing after which another moment inside an epoch is remembered, and below which
/// equal epochs are joined.
const GRAIN: f64 = 0.25;

/// The places of one run's steps on every axis.
#[derive(Debug, Clone)]
pub struct Axes {
    rows_per_epoch: f64,
    rows_per_step: f64,
    /// Ascending in every number, steps strictly; begins at step 0.
    knots: Vec<Knot>,
    /// The latest moment, if it lies past the last knot.
    now: Option<Knot>,
    /// What updates take: ascending in steps, begins at step 0.
    spendings: Vec<Spending>,
}

/// How many evaluations of the loss or its gradient each update from a step on takes, and how many there
/// were before.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spending {
    step: u64,
    before: f64,
    each: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Knot {
    step: u64,
    samples: u64,
    seconds: f64,
}

impl Knot {
    const START: Self = Self { step: 0, samples: 0, seconds: 0.0 };

    fn along(&self, axis: XAxis, rows_per_epoch: f64) -> f64 {
        match axis {
            XAxis::Step => self.step as f64,
            XAxis::Epoch => self.samples as f64 / rows_per_epoch,
            XAxis::Samples => self.samples as f64,
            XAxis::Time => self.seconds,
            XAxis::Evaluations => f64::NAN,
        }
    }
}

impl Axes {
    /// The axes of a run on `rows_per_epoch` training rows in batches of `rows_per_step` (both 1 on a
    /// surface); the batch size says where steps lie before the first epoch is done.
    #[must_use]
    pub fn new(rows_per_epoch: usize, rows_per_step: usize) -> Self {
        let rows = rows_per_epoch.max(1);
        Self {
            rows_per_epoch: rows as f64,
            rows_per_step: rows_per_step.clamp(1, rows) as f64,
            knots: vec![Knot::START],
            now: None,
            spendings: vec![Spending { step: 0, before: 0.0, each: 1.0 }],
        }
    }

    /// The same where each update takes so many evaluations of the loss or its gradient, from the given
    /// steps on: ascending, the first one 0, each at least 1. Without this each takes one.
    #[must_use]
    pub fn spending(mut self, from: impl IntoIterator<Item = (u64, u64)>) -> Self {
        self.spendings.clear();
        for (step, each) in from {
            let before = self.evaluations(step as f64);
            self.spendings.push(Spending { step, before, each: each as f64 });
        }
        self
    }

    /// Takes over what updates take from other axes.
    pub fn spend_as(&mut self, other: &Self) {
        self.spendings.clone_from(&other.spendings);
    }

    fn evaluations(&self, step: f64) -> f64 {
        let at = self.spendings.partition_point(|s| s.step as f64 <= step).max(1) - 1;
        let spending = self.spendings.get(at);
        spending.map_or(0.0, |s| s.before + (step - s.step as f64) * s.each)
    }

    fn step_of_evaluation(&self, evaluations: f64) -> f64 {
        let at = self.spendings.partition_point(|s| s.before <= evaluations).max(1) - 1;
        let spending = self.spendings.get(at);
        spending.map_or(0.0, |s| s.step as f64 + (evaluations - s.before) / s.each)
    }

    /// Takes in a finished epoch.
    pub fn epoch(&mut self, record: &EpochRecord) {
        let EpochRecord { step, samples, seconds, .. } = *record;
        self.knot(Knot { step, samples, seconds });
    }

    /// Takes in the present moment.
    pub fn status(&mut self, status: &Status) {
        let knot = Knot { step: status.step, samples: status.samples, seconds: status.seconds };
        let last = self.last();
        if knot.step <= last.step {
            return;
        }
        if knot.seconds - last.seconds >= GRAIN {
            self.knot(knot);
        } else {
            self.now = Some(knot);
        }
    }

    /// Forgets everything after `step`.
    pub fn truncate(&mut self, step: u64) {
        let all: Vec<Knot> = self.all().collect();
        if all.last().is_some_and(|last| last.step <= step) {
            return;
        }
        let samples = self.x(step as f64, XAxis::Samples).round() as u64;
        let seconds = self.x(step as f64, XAxis::Time);
        self.now = None;
        self.knots.retain(|knot| knot.step < step.max(1));
        if step > 0 {
            self.knots.push(Knot { step, samples, seconds });
        }
    }

    /// Where `step` (not necessarily whole) lies on `axis`.
    #[must_use]
    pub fn x(&self, step: f64, axis: XAxis) -> f64 {
        match axis {
            XAxis::Step => return step,
            XAxis::Evaluations => return self.evaluations(step),
            XAxis::Epoch | XAxis::Samples | XAxis::Time => {}
        }
        self.convert(step, |k| k.step as f64, |k| k.along(axis, self.rows_per_epoch))
            .unwrap_or_else(|| match axis {
                XAxis::Epoch => step * self.rows_per_step / self.rows_per_epoch,
                XAxis::Samples => step * self.rows_per_step,
                XAxis::Step | XAxis::Time | XAxis::Evaluations => 0.0,
            })
    }

    /// Which step (not necessarily whole) lies at `x` on `axis`.
    #[must_use]
    pub fn step_at(&self, x: f64, axis: XAxis) -> f64 {
        match axis {
            XAxis::Step => return x,
            XAxis::Evaluations => return self.step_of_evaluation(x),
            XAxis::Epoch | XAxis::Samples | XAxis::Time => {}
        }
        self.convert(x, |k| k.along(axis, self.rows_per_epoch), |k| k.step as f64).unwrap_or_else(
            || match axis {
                XAxis::Epoch => x * self.rows_per_epoch / self.rows_per_step,
                XAxis::Samples => x / self.rows_per_step,
                XAxis::Step | XAxis::Time | XAxis::Evaluations => 0.0,
            },
        )
    }

    /// The last step whose place on `axis` is known for good.
    #[must_use]
    pub fn settled(&self, axis: XAxis) -> u64 {
        match axis {
            XAxis::Step | XAxis::Evaluations => u64::MAX,
            XAxis::Epoch | XAxis::Samples => self.last().step,
            // Moments that lie near each other are joined, which shifts what lies between them.
            XAxis::Time => 0,
        }
    }

    fn last(&self) -> Knot {
        self.knots.last().copied().unwrap_or(Knot::START)
    }

    fn all(&self) -> impl Iterator<Item = Knot> {
        self.knots.iter().copied().chain(self.now)
    }

    /// Adds a moment; the one before it goes if it lies on the line between its neighbours and near.
    fn knot(&mut self, new: Knot) {
        let last = self.last();
        if new.step <= last.step {
            return;
        }
        if let [.., before, last] = self.knots.as_slice() {
            let rows = |a: &Knot, b: &Knot| u128::from(b.samples.saturating_sub(a.samples));
            let steps = |a: &Knot, b: &Knot| u128::from(b.step - a.step);
            let straight =
                rows(before, last) * steps(last, &new) == rows(last, &new) * steps(before, last);
            if straight && new.seconds - before.seconds < GRAIN {
                self.knots.pop();
            }
        }
        self.knots.push(new);
        self.now = self.now.filter(|now| now.step > new.step);
    }

    /// Linear interpolation of `to` over `from` at `x`, beyond the ends along the outermost stretch;
    /// `None` with one moment only.
    fn convert(
        &self,
        x: f64,
        from: impl Fn(&Knot) -> f64,
        to: impl Fn(&Knot) -> f64,
    ) -> Option<f64> {
        let at = self.knots.partition_point(|k| from(k) <= x);
        let pair = match self.now {
            Some(now) if at == self.knots.len() => (self.last(), now),
            _ if self.knots.len() < 2 => return None,
            _ => {
                let right = at.clamp(1, self.knots.len() - 1);
                (self.knots[right - 1], self.knots[right])
            }
        };
        let (a, b) = (from(&pair.0), from(&pair.1));
        let (c, d) = (to(&pair.0), to(&pair.1));
        if b <= a {
            return Some(d);
        }
        Some(c + (x - a) / (b - a) * (d - c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(epoch: u64, step: u64, samples: u64, seconds: f64) -> EpochRecord {
        EpochRecord { epoch, step, loss: 0.0, samples, seconds }
    }

    #[test]
    fn a_step_lies_at_a_fraction_of_its_epoch() {
        let mut axes = Axes::new(100, 32);
        assert!((axes.x(1.0, XAxis::Epoch) - 0.32).abs() < 1e-12, "before any epoch");
        axes.epoch(&epoch(1, 4, 100, 1.0));
        axes.epoch(&epoch(2, 8, 200, 3.0));
        assert_eq!(axes.x(4.0, XAxis::Epoch), 1.0);
        assert_eq!(axes.x(6.0, XAxis::Epoch), 1.5);
        assert_eq!(axes.x(6.0, XAxis::Samples), 150.0);
        assert_eq!(axes.x(6.0, XAxis::Time), 2.0);
        assert_eq!(axes.x(10.0, XAxis::Epoch), 2.5, "goes on as it went");
        assert_eq!(axes.step_at(1.5, XAxis::Epoch), 6.0);
        assert_eq!(axes.step_at(2.0, XAxis::Time), 6.0);
    }

    #[test]
    fn evaluations_are_counted_exactly_through_forks() {
        let plain = Axes::new(100, 25);
        assert_eq!(plain.x(7.0, XAxis::Evaluations), 7.0);
        // Measured by differences of 10 parameters, then guessed, then followed.
        let axes = Axes::new(100, 25).spending([(0, 21), (100, 2), (150, 1)]);
        for (step, evaluations) in
            [(0, 0), (1, 21), (100, 2100), (101, 2102), (150, 2200), (160, 2210)]
        {
            let (step, evaluations) = (f64::from(step), f64::from(evaluations));
            assert_eq!(axes.x(step, XAxis::Evaluations), evaluations);
            assert_eq!(axes.step_at(evaluations, XAxis::Evaluations), step);
        }
        assert_eq!(axes.settled(XAxis::Evaluations), u64::MAX);
        let mut other = plain;
        other.spend_as(&axes);
        assert_eq!(other.x(150.0, XAxis::Evaluations), 2200.0);
    }

    #[test]
    fn a_million_equal_epochs_take_no_memory_and_stay_exact() {
        let mut axes = Axes::new(100, 32);
        for e in 1..=1_000_000_u64 {
            axes.epoch(&epoch(e, e * 4, e * 100, e as f64 * 1e-6));
        }
        assert!(axes.knots.len() < 20, "{}", axes.knots.len());
        for e in [1_u64, 77, 123_456, 999_999] {
            assert!((axes.x((e * 4) as f64, XAxis::Epoch) - e as f64).abs() < 1e-6);
        }
    }

    #[test]
    fn going_back_forgets_what_came_after() {
        let mut axes = Axes::new(100, 25);
        axes.epoch(&epoch(1, 4, 100, 1.0));
        axes.epoch(&epoch(2, 8, 200, 2.0));
        axes.truncate(6);
        axes.epoch(&epoch(2, 14, 200, 7.0));
        assert_eq!(axes.x(6.0, XAxis::Samples), 150.0);
        assert_eq!(axes.x(10.0, XAxis::Samples), 175.0);
    }
}
