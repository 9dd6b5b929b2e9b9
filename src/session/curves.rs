//! What was measured of a lane at some updates, as curves.
//!
//! Invariant: one pair of curves for each row of [`MEASURES`], filled from every evaluation; beside
//! them the epochs' means, which are as many as there are epochs.

use crate::experiment::Metric;
use crate::series::Curve;
use crate::train::{EpochRecord, EvaluationRecord};

use super::measures::{MEASURES, Measure};

/// What was measured of a lane at some updates.
#[derive(Debug, Clone)]
pub struct Curves {
    /// The epoch's mean batch loss, at the epoch's end.
    pub epoch_loss: Curve,
    /// One pair a row of [`MEASURES`].
    measured: Vec<Measured>,
}

/// One metric's curves.
#[derive(Debug, Default, Clone)]
pub struct Measured {
    /// Over the training rows, or of the lane itself.
    pub training: Curve,
    /// Over the held-out rows.
    pub held_out: Curve,
}

impl Default for Curves {
    fn default() -> Self {
        Self { epoch_loss: Curve::default(), measured: vec![Measured::default(); MEASURES.len()] }
    }
}

impl Curves {
    /// The curves of one metric.
    pub fn of(&self, metric: Metric) -> &Measured {
        &self.measured[Measure::index_of(metric)]
    }

    pub(super) fn epoch(&mut self, record: &EpochRecord) {
        self.epoch_loss.push(record.step, record.loss);
    }

    pub(super) fn evaluation(&mut self, record: &EvaluationRecord) {
        for (measure, curves) in MEASURES.iter().zip(&mut self.measured) {
            let found = &record.evaluation;
            for (curve, value) in [
                (&mut curves.training, measure.training(found)),
                (&mut curves.held_out, measure.held_out(found)),
            ] {
                if let Some(value) = value {
                    curve.push(record.step, value);
                }
            }
        }
    }

    pub(super) fn truncate(&mut self, step: u64) {
        let Self { epoch_loss, measured } = self;
        epoch_loss.truncate(step);
        for Measured { training, held_out } in measured {
            training.truncate(step);
            held_out.truncate(step);
        }
    }

    /// Epochs can be as many as updates; evaluations are few.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        self.epoch_loss.shrink_to(bytes);
    }
}
