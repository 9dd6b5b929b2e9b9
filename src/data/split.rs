//! Training rows and held-out rows, scaled.

use super::{Dataset, Scaler};

/// A dataset split and scaled: what lanes train on.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The training rows, scaled.
    pub train: Dataset,
    /// The held-out rows, scaled alike.
    pub held_out: Option<Dataset>,
    /// Where each training row came from in the source.
    pub train_rows: Vec<usize>,
    /// Where each held-out row came from.
    pub held_out_rows: Vec<usize>,
    /// The scaling that was fitted on the training rows, if any.
    pub scaler: Option<Scaler>,
}
