//! What is measured of a lane beside its batch losses.

use crate::metrics::Scores;

/// Everything measured at one step, over all training rows and all held-out rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// The objective over all training rows, penalties included (on a surface, its value).
    pub full_loss: f64,
    /// The Euclidean norm of its gradient.
    pub gradient_norm: f64,
    /// Scores on the training rows; empty on a surface.
    pub train: Scores,
    /// Scores on the held-out rows, if there are any.
    pub held_out: Option<Scores>,
}
