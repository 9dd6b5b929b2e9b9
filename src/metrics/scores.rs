//! All scores of one set of rows, and the table that results, curves and tables of numbers walk.
//!
//! Invariant: a score that does not apply is `None`; one that applies is a number, NaN where the
//! outputs are. A new score is one field, one line where it is computed and one row of [`SCORES`].

use super::{
    Confusion, brier, log_loss, mean_absolute_error, predicted_class, r2, rank_scores,
    roc_auc_one_vs_rest, root_mean_squared_error,
};

/// Scores on one set of rows. What does not apply is `None`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scores {
    /// The loss (of the report, where the experiment names one), without penalties.
    pub loss: Option<f64>,
    /// The part of rows whose class is predicted rightly.
    pub accuracy: Option<f64>,
    /// The mean recall of the classes.
    pub balanced_accuracy: Option<f64>,
    /// The mean precision of the classes (macro).
    pub precision: Option<f64>,
    /// The mean recall of the classes (macro), a class that is only predicted counted as 0.
    pub recall: Option<f64>,
    /// The mean F1 of the classes (macro).
    pub f1: Option<f64>,
    /// Precision over all rows in one pot (micro).
    pub precision_micro: Option<f64>,
    /// Recall over all rows in one pot (micro).
    pub recall_micro: Option<f64>,
    /// F1 over all rows in one pot (micro).
    pub f1_micro: Option<f64>,
    /// Matthews' correlation coefficient.
    pub mcc: Option<f64>,
    /// Cohen's kappa.
    pub kappa: Option<f64>,
    /// The area under the ROC curve; of more than two classes the mean of each against the rest.
    pub roc_auc: Option<f64>,
    /// The average precision; of two classes only.
    pub average_precision: Option<f64>,
    /// The mean of −ln(probability of the true class), where outputs are probabilities.
    pub log_loss: Option<f64>,
    /// The mean squared distance of probability and truth; of two classes only.
    pub brier: Option<f64>,
    /// The coefficient of determination R² of a regression.
    pub r2: Option<f64>,
    /// The mean absolute error of a regression.
    pub mae: Option<f64>,
    /// The root of the mean squared error of a regression.
    pub rmse: Option<f64>,
}

/// One score: its key in results and how it is read.
#[derive(Debug, Clone, Copy)]
pub struct Score {
    /// Its key in JSON and, after `train_` or `held_out_`, its column in CSV.
    pub key: &'static str,
    /// Reads it.
    pub of: fn(&Scores) -> Option<f64>,
}

/// All scores, in the order in which results write them.
pub static SCORES: [Score; 18] = [
    Score { key: "loss", of: |s| s.loss },
    Score { key: "accuracy", of: |s| s.accuracy },
    Score { key: "balanced_accuracy", of: |s| s.balanced_accuracy },
    Score { key: "precision", of: |s| s.precision },
    Score { key: "recall", of: |s| s.recall },
    Score { key: "f1", of: |s| s.f1 },
    Score { key: "precision_micro", of: |s| s.precision_micro },
    Score { key: "recall_micro", of: |s| s.recall_micro },
    Score { key: "f1_micro", of: |s| s.f1_micro },
    Score { key: "mcc", of: |s| s.mcc },
    Score { key: "kappa", of: |s| s.kappa },
    Score { key: "roc_auc", of: |s| s.roc_auc },
    Score { key: "average_precision", of: |s| s.average_precision },
    Score { key: "log_loss", of: |s| s.log_loss },
    Score { key: "brier", of: |s| s.brier },
    Score { key: "r2", of: |s| s.r2 },
    Score { key: "mae", of: |s| s.mae },
    Score { key: "rmse", of: |s| s.rmse },
];

impl Scores {
    /// The scores of outputs for rows of classes, without a loss. One output a row stands for class 1
    /// of two; `probabilities` says whether outputs are such (else they only rank and decide).
    ///
    /// Costs one sort of the rows for two classes, one a class for more.
    pub fn of_classes(
        labels: &[usize],
        classes: usize,
        outputs: &[f64],
        probabilities: bool,
    ) -> Self {
        // Two classes may have one output, or one each.
        let one = classes == 2 && outputs.len() == labels.len();
        let width = if one { 1 } else { classes };
        let answers = outputs.chunks_exact(width).map(predicted_class);
        let confusion = Confusion::of(classes, labels.iter().copied().zip(answers));
        let (averages, micro) = (confusion.macro_average(), confusion.micro_average());
        let rows = || outputs.iter().copied().zip(labels.iter().map(|label| *label == 1));
        let ranked = (width == 1).then(|| rank_scores(rows())).flatten();
        let roc_auc = if width == 1 {
            ranked.map(|ranked| ranked.roc_auc)
        } else {
            roc_auc_one_vs_rest(labels, outputs, classes)
        };
        Self {
            accuracy: confusion.accuracy(),
            balanced_accuracy: confusion.balanced_accuracy(),
            precision: averages.map(|a| a.precision),
            recall: averages.map(|a| a.recall),
            f1: averages.map(|a| a.f1),
            precision_micro: micro.map(|a| a.precision),
            recall_micro: micro.map(|a| a.recall),
            f1_micro: micro.map(|a| a.f1),
            mcc: confusion.matthews_correlation(),
            kappa: confusion.kappa(),
            roc_auc,
            average_precision: ranked.map(|ranked| ranked.average_precision),
            log_loss: probabilities.then(|| log_loss(labels, outputs, width)).flatten(),
            brier: (probabilities && width == 1).then(|| brier(labels, outputs)).flatten(),
            ..Self::default()
        }
    }

    /// The scores of predicted numbers, `width` a row, without a loss.
    pub fn of_values(predicted: &[f64], targets: &[f64], width: usize) -> Self {
        Self {
            r2: r2(predicted, targets, width),
            mae: mean_absolute_error(predicted, targets, width),
            rmse: root_mean_squared_error(predicted, targets, width),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_reads_another_field() {
        let keys: std::collections::BTreeSet<_> = SCORES.iter().map(|score| score.key).collect();
        assert_eq!(keys.len(), SCORES.len());
        let classes = Scores::of_classes(&[0, 1, 1, 0], 2, &[0.2, 0.9, 0.4, 0.6], true);
        let values = Scores::of_values(&[1.0, 2.5], &[1.0, 2.0], 1);
        let known = |scores: &Scores| {
            SCORES.iter().filter(|s| (s.of)(scores).is_some()).map(|s| s.key).collect::<Vec<_>>()
        };
        assert_eq!(known(&classes).len(), 14);
        assert_eq!(known(&values), ["r2", "mae", "rmse"]);
    }

    #[test]
    fn the_order_of_rows_changes_no_score_beyond_rounding() {
        let labels: Vec<usize> = (0..40).map(|i| i * 7 % 3).collect();
        let outputs: Vec<f64> = (0..120).map(|i| f64::from(i * 37 % 101) / 101.0).collect();
        let turned: (Vec<usize>, Vec<f64>) = (
            labels.iter().rev().copied().collect(),
            outputs.chunks(3).rev().flatten().copied().collect(),
        );
        let (a, b) = (
            Scores::of_classes(&labels, 3, &outputs, true),
            Scores::of_classes(&turned.0, 3, &turned.1, true),
        );
        for score in &SCORES {
            let pair = ((score.of)(&a), (score.of)(&b));
            let close = match pair {
                (Some(a), Some(b)) => (a - b).abs() < 1e-14,
                (a, b) => a == b,
            };
            assert!(close, "{}: {pair:?}", score.key);
        }
    }

    #[test]
    fn outputs_that_are_no_probabilities_still_rank_and_decide() {
        let scores = Scores::of_classes(&[0, 1], 2, &[-3.0, 7.0], false);
        assert_eq!((scores.accuracy, scores.roc_auc), (Some(1.0), Some(1.0)));
        assert_eq!((scores.log_loss, scores.brier), (None, None));
    }
}
