//! Precision, recall and F1: of each class, and averaged three ways.
//!
//! Precision of a class = the part of the rows predicted as it that are of it; recall = the part of
//! its rows that are predicted as it; F1 = their harmonic mean, 2·right / (truth + predicted).
//!
//! Invariant: what has nothing to divide by counts as 0, as scikit-learn's `zero_division=0`; averages
//! run over the classes that occur in truth or prediction, as scikit-learn's.

use super::Confusion;

/// Precision, recall and F1 of one class, or an average of them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClassScore {
    /// The part of the rows predicted as the class that are of it.
    pub precision: f64,
    /// The part of the class's rows that are predicted as it.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

impl ClassScore {
    fn from_counts(right: u64, truth: u64, predicted: u64) -> Self {
        let part = |of: u64| if of == 0 { 0.0 } else { right as f64 / of as f64 };
        let both = truth + predicted;
        let f1 = if both == 0 { 0.0 } else { 2.0 * right as f64 / both as f64 };
        Self { precision: part(predicted), recall: part(truth), f1 }
    }
}

impl Confusion {
    /// The scores of one class.
    pub fn class_score(&self, class: usize) -> ClassScore {
        let (truth, predicted) = (self.of_truth(class), self.of_prediction(class));
        ClassScore::from_counts(self.count(class, class), truth, predicted)
    }

    /// The plain mean over the classes that occur; `None` without rows.
    pub fn macro_average(&self) -> Option<ClassScore> {
        self.average(|_| 1.0)
    }

    /// The mean over classes weighted by how many rows each has; `None` without rows.
    pub fn weighted_average(&self) -> Option<ClassScore> {
        self.average(|class| self.of_truth(class) as f64)
    }

    /// All rows in one pot. Each row has one class, so all three are the accuracy; `None` without
    /// rows.
    pub fn micro_average(&self) -> Option<ClassScore> {
        let rows = self.rows();
        (rows > 0).then(|| ClassScore::from_counts(self.right(), rows, rows))
    }

    fn average(&self, weight: impl Fn(usize) -> f64) -> Option<ClassScore> {
        let (mut sum, mut weights) = (ClassScore::default(), 0.0);
        for class in 0..self.classes() {
            if self.of_truth(class) + self.of_prediction(class) == 0 {
                continue;
            }
            let (score, weight) = (self.class_score(class), weight(class));
            sum.precision += weight * score.precision;
            sum.recall += weight * score.recall;
            sum.f1 += weight * score.f1;
            weights += weight;
        }
        (weights > 0.0).then(|| ClassScore {
            precision: sum.precision / weights,
            recall: sum.recall / weights,
            f1: sum.f1 / weights,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_two_classes_give_the_scores_of_the_textbook() {
        // Of class 1: three found, one missed, two taken for it wrongly.
        let confusion =
            Confusion::of(2, [(1, 1), (1, 1), (1, 1), (1, 0), (0, 1), (0, 1), (0, 0), (0, 0)]);
        let score = confusion.class_score(1);
        assert_eq!((score.precision, score.recall), (0.6, 0.75));
        assert_eq!(score.f1, 6.0 / 9.0);
        assert_eq!(Confusion::new(3).macro_average(), None);
    }

    #[test]
    fn with_one_class_a_row_the_micro_average_is_the_accuracy() {
        let pairs = (0..50).map(|i| (i * 7 % 3, i * 5 % 3 * (i % 2)));
        let confusion = Confusion::of(3, pairs);
        let accuracy = confusion.accuracy().unwrap();
        let micro = confusion.micro_average().unwrap();
        assert_eq!([micro.precision, micro.recall, micro.f1], [accuracy; 3]);
    }
}
