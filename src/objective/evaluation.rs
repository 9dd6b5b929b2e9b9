//! What is measured of a lane beside its batch losses.
//!
//! An evaluation runs the training rows once forward and backward and the held-out rows once forward;
//! the gradient noise takes at most as much again as the training rows. Everything else is read from
//! the activations that this gives, or is one pass over the parameters; scores sort the rows once for
//! two classes and once a class for more. Evaluations thin out as epochs go by, so all of this
//! together stays within a few times the training itself, and is not counted as training.

use std::sync::Arc;

use crate::metrics::{Baseline, Scores};

/// Everything measured at one step, over all training rows and all held-out rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// The objective over all training rows, penalties included (on a surface, its value).
    pub full_loss: f64,
    /// The Euclidean norm of its gradient.
    pub gradient_norm: f64,
    /// The Euclidean norm of the parameters, biases included (on a surface, of the position).
    pub parameter_norm: f64,
    /// How far the last update moved the parameters, as a part of their norm; `None` before the first
    /// update, after one that could not be made, and where the norm is 0.
    pub update_ratio: Option<f64>,
    /// The mean of ‖g − G‖² over the first four batches in file order (fewer, if the data has fewer),
    /// where g is the batch's gradient and G that over all training rows, penalties left out: 0 where
    /// a batch has all rows. `None` on a surface.
    pub gradient_noise: Option<f64>,
    /// The part of the units of rectifying layers whose output is 0 on every training row; `None`
    /// where no layer rectifies.
    pub dead_units: Option<f64>,
    /// Scores on the training rows; empty on a surface.
    pub train: Scores,
    /// Scores on the held-out rows, if there are any.
    pub held_out: Option<Scores>,
    /// What a model reaches that never looks at a row; `None` on a surface.
    pub baseline: Option<Arc<Baseline>>,
}

/// One number of an evaluation that is not a score: its key in results and how it is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Its key in JSON and its column in CSV.
    pub key: &'static str,
    /// Reads it.
    pub of: fn(&Evaluation) -> Option<f64>,
}

/// All of them, in the order in which results write them.
pub static READINGS: [Reading; 5] = [
    Reading { key: "gradient_norm", of: |e| Some(e.gradient_norm) },
    Reading { key: "parameter_norm", of: |e| Some(e.parameter_norm) },
    Reading { key: "update_ratio", of: |e| e.update_ratio },
    Reading { key: "gradient_noise", of: |e| e.gradient_noise },
    Reading { key: "dead_units", of: |e| e.dead_units },
];
