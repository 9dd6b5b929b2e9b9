//! What a model reaches that never looks at a row: every score's baseline.
//!
//! For classes it answers with the frequencies of the training rows (so it predicts the commonest
//! class, of equally common ones the first), for numbers with the mean of the training rows.
//!
//! Invariant: a baseline is the scores of such a model, computed as any model's are, so the two can
//! be compared number by number. Deliberately not here: its loss, which the objective knows.

use super::Scores;

/// The scores of the model that never looks at a row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Baseline {
    /// On the training rows.
    pub train: Scores,
    /// On the held-out rows, if there are any.
    pub held_out: Option<Scores>,
}

/// The outputs that say the frequencies of classes: that of class 1 for two, one a class for more.
pub fn frequencies(labels: &[usize], classes: usize) -> Vec<f64> {
    let count = |class: usize| labels.iter().filter(|label| **label == class).count() as f64;
    let rows = labels.len().max(1) as f64;
    let first = usize::from(classes == 2);
    (first..classes).map(|class| count(class) / rows).collect()
}

/// The mean of each column of row-major numbers.
pub fn column_means(values: &[f64], width: usize) -> Vec<f64> {
    let rows = (values.len() / width.max(1)).max(1) as f64;
    let sum = |column: usize| values.iter().skip(column).step_by(width).sum::<f64>();
    (0..width).map(|column| sum(column) / rows).collect()
}

/// The same outputs for so many rows.
pub fn repeated(outputs: &[f64], rows: usize) -> Vec<f64> {
    outputs.iter().copied().cycle().take(outputs.len() * rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_predict_the_commonest_class_and_have_the_entropy_as_log_loss() {
        let labels = [1, 1, 1, 0];
        let said = frequencies(&labels, 2);
        assert_eq!(said, [0.75]);
        let scores = Scores::of_classes(&labels, 2, &repeated(&said, 4), true);
        assert_eq!(scores.accuracy, Some(0.75));
        assert_eq!(scores.roc_auc, Some(0.5));
        let entropy = -(0.75 * 0.75f64.ln() + 0.25 * 0.25f64.ln());
        assert!((scores.log_loss.unwrap() - entropy).abs() < 1e-15);
        let three = frequencies(&[2, 2, 0, 1], 3);
        assert_eq!(three, [0.25, 0.25, 0.5]);
    }

    #[test]
    fn the_mean_explains_nothing_of_its_own_rows() {
        let values = [1.0, 10.0, 3.0, 30.0];
        let means = column_means(&values, 2);
        assert_eq!(means, [2.0, 20.0]);
        let scores = Scores::of_values(&repeated(&means, 2), &values, 2);
        assert_eq!((scores.r2, scores.mae, scores.rmse), (Some(0.0), Some(5.5), Some(5.5)));
    }
}
