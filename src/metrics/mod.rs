//! Scores of a model's outputs: accuracy, R² and their kin, each with its baseline; whether numbers
//! measured on the same seeds differ; and histograms.
//!
//! Invariant: all scores in `f64`, over whole sets of rows, as scikit-learn counts them. Deliberately not
//! here: losses (see [`crate::model::LossFunction`]), and when anything is measured.

mod baseline;
mod certainty;
mod classes;
mod histogram;
mod paired;
mod per_class;
mod ranking;
mod regression;
mod scores;
mod student;

pub use baseline::{Baseline, column_means, frequencies, repeated};
pub use certainty::{brier, log_loss, top_k_accuracy};
pub use classes::{Confusion, predicted_class};
pub use histogram::{BINS, Histogram};
pub use paired::{Paired, SIGNIFICANCE, holm, quantile, quantile_of_sorted};
pub use per_class::ClassScore;
pub use ranking::{
    RankScores, RocPoint, rank_scores, roc_auc, roc_auc_one_vs_one, roc_auc_one_vs_rest, roc_curve,
};
pub use regression::{
    explained_variance, max_error, mean_absolute_error, mean_squared_error, median_absolute_error,
    r2, root_mean_squared_error,
};
pub use scores::{SCORES, Score, Scores};
