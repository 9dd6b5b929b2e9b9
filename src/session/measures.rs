//! What the curve plot can show: one row a metric.
//!
//! The plot's menu, the lanes' curves, the baselines and the tests walk [`MEASURES`]. A new metric is
//! one variant of [`Metric`] and one row here.

use crate::data::Targets;
use crate::experiment::{LearnPlan, Metric, TaskPlan};
use crate::metrics::Scores;
use crate::objective::Evaluation;

use super::Lane;

/// One metric: how it is called, where it applies, how it is read.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Its name in the file.
    pub metric: Metric,
    /// Its name in the menu and on the axis.
    pub label: &'static str,
    /// What it says, in one line.
    pub meaning: &'static str,
    /// Whether it applies to a lane.
    fits: fn(&Lane) -> bool,
    /// How it is read of one set of rows.
    score: Option<fn(&Scores) -> Option<f64>>,
    /// How it is read of the lane; where there is none, of the training rows.
    whole: Option<fn(&Evaluation) -> Option<f64>>,
    /// What the model of the baseline does; empty where there is no baseline.
    pub baseline_name: &'static str,
}

const FREQUENCIES: &str = "class frequencies";
const COMMONEST: &str = "commonest class";
const MEAN: &str = "mean of the targets";

/// A metric of rows, read on training and held-out rows.
const fn score(
    metric: Metric,
    label: &'static str,
    meaning: &'static str,
    fits: fn(&Lane) -> bool,
    score: fn(&Scores) -> Option<f64>,
    baseline_name: &'static str,
) -> Measure {
    Measure { metric, label, meaning, fits, score: Some(score), whole: None, baseline_name }
}

/// A metric of the lane itself.
const fn whole(
    metric: Metric,
    label: &'static str,
    meaning: &'static str,
    fits: fn(&Lane) -> bool,
    whole: fn(&Evaluation) -> Option<f64>,
) -> Measure {
    let whole = Some(whole);
    Measure { metric, label, meaning, fits, score: None, whole, baseline_name: "" }
}

/// All metrics, in the order of the menu.
pub static MEASURES: [Measure; 19] = [
    score(
        Metric::Loss,
        "Loss",
        "batches faint, epoch means bold, held-out dashed",
        |_| true,
        |s| s.loss,
        "",
    ),
    Measure {
        metric: Metric::FullLoss,
        label: "Full loss",
        meaning: "over all training rows at the epoch's end; held-out dashed",
        fits: |_| true,
        score: Some(|s| s.loss),
        whole: Some(|e| Some(e.full_loss)),
        baseline_name: "no look at the rows",
    },
    score(
        Metric::Accuracy,
        "Accuracy",
        "the part of rows predicted rightly; held-out dashed",
        has_classes,
        |s| s.accuracy,
        COMMONEST,
    ),
    score(
        Metric::Precision,
        "Precision",
        "of the rows predicted as a class, the part that is; mean of classes; held-out dashed",
        has_classes,
        |s| s.precision,
        COMMONEST,
    ),
    score(
        Metric::Recall,
        "Recall",
        "of a class's rows, the part that is found; mean of classes; held-out dashed",
        has_classes,
        |s| s.recall,
        COMMONEST,
    ),
    score(
        Metric::F1,
        "F1",
        "harmonic mean of precision and recall; mean of classes; held-out dashed",
        has_classes,
        |s| s.f1,
        COMMONEST,
    ),
    score(
        Metric::RocAuc,
        "ROC AUC",
        "how often a row of a class scores above another row; held-out dashed",
        has_classes,
        |s| s.roc_auc,
        "no ranking",
    ),
    score(
        Metric::AveragePrecision,
        "Average precision",
        "mean precision over the rows of class 1, each where it is found; held-out dashed",
        has_two_classes,
        |s| s.average_precision,
        "no ranking",
    ),
    score(
        Metric::LogLoss,
        "Log-loss",
        "mean −ln(probability of the true class); held-out dashed",
        |lane| reports(lane, |e| e.train.log_loss),
        |s| s.log_loss,
        FREQUENCIES,
    ),
    score(
        Metric::Brier,
        "Brier score",
        "mean squared distance of probability and truth; held-out dashed",
        |lane| reports(lane, |e| e.train.brier),
        |s| s.brier,
        FREQUENCIES,
    ),
    score(
        Metric::R2,
        "R²",
        "the part of the targets' variance that is explained; held-out dashed",
        has_values,
        |s| s.r2,
        MEAN,
    ),
    score(
        Metric::Mae,
        "Mean absolute error",
        "in the targets' own unit; held-out dashed",
        has_values,
        |s| s.mae,
        MEAN,
    ),
    score(
        Metric::Rmse,
        "Root mean squared error",
        "in the targets' own unit; held-out dashed",
        has_values,
        |s| s.rmse,
        MEAN,
    ),
    whole(
        Metric::GradientNorm,
        "Gradient norm",
        "of the loss over all training rows",
        |_| true,
        |e| Some(e.gradient_norm),
    ),
    whole(
        Metric::GradientNoise,
        "Gradient noise",
        "mean squared distance of batch gradients from the full one",
        learns,
        |e| e.gradient_noise,
    ),
    whole(
        Metric::ParameterNorm,
        "Parameter norm",
        "the length of the vector of all parameters",
        |_| true,
        |e| Some(e.parameter_norm),
    ),
    whole(
        Metric::UpdateRatio,
        "Update / weight ratio",
        "how far the last update moved, as a part of the parameters' norm",
        |_| true,
        |e| e.update_ratio,
    ),
    whole(
        Metric::DeadUnits,
        "Dead units",
        "the part of rectifying units that are 0 on every training row",
        |lane| reports(lane, |e| e.dead_units),
        |e| e.dead_units,
    ),
    // Drawn from the losses themselves, at every step.
    Measure {
        metric: Metric::Gap,
        label: "Loss − f*",
        meaning: "how far the value lies above the minimum's, before every update",
        fits: |lane| lane.lowest().is_some(),
        score: None,
        whole: None,
        baseline_name: "",
    },
];

impl Measure {
    /// The row of a metric.
    pub fn of(metric: Metric) -> &'static Self {
        &MEASURES[Self::index_of(metric)]
    }

    pub(super) fn index_of(metric: Metric) -> usize {
        let index = MEASURES.iter().position(|row| row.metric == metric);
        index.expect("every metric has its row: a test compares")
    }

    /// Whether it applies to a lane's task and model.
    pub fn fits(&self, lane: &Lane) -> bool {
        (self.fits)(lane)
    }

    /// Whether more of it is better.
    pub fn rises(&self) -> bool {
        use Metric::{Accuracy, AveragePrecision, F1, Precision, R2, Recall, RocAuc};
        matches!(self.metric, Accuracy | AveragePrecision | F1 | Precision | R2 | Recall | RocAuc)
    }

    /// Its value over the training rows, or of the lane itself.
    pub fn training(&self, evaluation: &Evaluation) -> Option<f64> {
        match self.whole {
            Some(whole) => whole(evaluation),
            None => self.score?(&evaluation.train),
        }
    }

    /// Its value over the held-out rows.
    pub fn held_out(&self, evaluation: &Evaluation) -> Option<f64> {
        self.score?(evaluation.held_out.as_ref()?)
    }

    /// Its value for a model that never looks at a row: on the held-out rows if there are any, else
    /// on the training rows.
    pub fn baseline(&self, evaluation: &Evaluation) -> Option<f64> {
        let baseline = evaluation.baseline.as_ref().filter(|_| !self.baseline_name.is_empty())?;
        self.score?(baseline.held_out.as_ref().unwrap_or(&baseline.train))
    }
}

fn learn(lane: &Lane) -> Option<&LearnPlan> {
    match &lane.plan.task {
        TaskPlan::Learn(learn) => Some(learn),
        TaskPlan::Surface { .. } => None,
    }
}

fn learns(lane: &Lane) -> bool {
    learn(lane).is_some()
}

fn has_classes(lane: &Lane) -> bool {
    learn(lane).is_some_and(|learn| learn.split.train.targets.classes().is_some())
}

fn has_two_classes(lane: &Lane) -> bool {
    learn(lane).is_some_and(|learn| learn.split.train.targets.classes() == Some(2))
}

fn has_values(lane: &Lane) -> bool {
    learn(lane).is_some_and(|learn| matches!(learn.split.train.targets, Targets::Values { .. }))
}

/// Whether the lane's latest evaluation has a number for it.
fn reports(lane: &Lane, of: fn(&Evaluation) -> Option<f64>) -> bool {
    lane.latest().is_some_and(|record| of(&record.evaluation).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_its_metric_and_says_what_it_is() {
        for (index, row) in MEASURES.iter().enumerate() {
            assert_eq!(Measure::index_of(row.metric), index);
            assert!(!row.label.is_empty() && !row.meaning.is_empty());
            let is_read = row.score.is_some() || row.whole.is_some();
            assert!(is_read || row.metric == Metric::Gap, "{:?}", row.metric);
        }
    }
}
