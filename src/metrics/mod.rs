//! Scores of a model's outputs: accuracy, R², confusion.
//!
//! Invariant: all in `f64`, over whole sets of rows, as scikit-learn counts them. Deliberately not
//! here: losses (see [`crate::model::LossFunction`]).

mod classes;
mod regression;

pub use classes::{Confusion, predicted_class};
pub use regression::r2;

/// Scores on one set of rows. What does not apply is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// The loss (of the report, where the experiment names one), without penalties.
    pub loss: Option<f64>,
    /// The part of rows whose class is predicted rightly.
    pub accuracy: Option<f64>,
    /// The coefficient of determination R² of a regression.
    pub r2: Option<f64>,
}
