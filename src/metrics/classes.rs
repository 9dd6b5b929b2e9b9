//! Predicted classes against true ones: the confusion matrix and what is read from it alone.
//!
//! Invariant: a matrix only counts; every share is taken when it is asked for. Deliberately not here:
//! scores of single classes and their averages ([`super::per_class`]), and anything that looks at how
//! sure the model was.

use std::cmp::Ordering;

/// The class that a row of activations stands for: 1 if a single activation is above 0.5, else 0;
/// of several activations the greatest, of equal ones the first.
///
/// NaN counts as the least, so that a diverged model still predicts something.
pub fn predicted_class(activations: &[f64]) -> usize {
    if let [one] = activations {
        return usize::from(*one > 0.5);
    }
    let mut best = 0;
    for (class, activation) in activations.iter().enumerate() {
        let greater = activation.partial_cmp(&activations[best]) == Some(Ordering::Greater);
        if greater || (activations[best].is_nan() && !activation.is_nan()) {
            best = class;
        }
    }
    best
}

/// How often each true class was predicted as each class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    counts: Vec<u64>,
}

impl Confusion {
    /// No rows yet, for so many classes.
    pub fn new(classes: usize) -> Self {
        Self { classes, counts: vec![0; classes * classes] }
    }

    /// The matrix of pairs of true and predicted class; pairs with a class beyond are left out.
    pub fn of(classes: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut confusion = Self::new(classes);
        for (truth, predicted) in pairs {
            if truth < classes && predicted < classes {
                confusion.add(truth, predicted);
            }
        }
        confusion
    }

    /// Counts one row.
    pub fn add(&mut self, truth: usize, predicted: usize) {
        self.counts[truth * self.classes + predicted] += 1;
    }

    /// How many rows of class `truth` were predicted as class `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        self.counts[truth * self.classes + predicted]
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How many rows were counted.
    pub fn rows(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many rows are of class `truth`.
    pub fn of_truth(&self, truth: usize) -> u64 {
        (0..self.classes).map(|predicted| self.count(truth, predicted)).sum()
    }

    /// How many rows were predicted as class `predicted`.
    pub fn of_prediction(&self, predicted: usize) -> u64 {
        (0..self.classes).map(|truth| self.count(truth, predicted)).sum()
    }

    /// How many rows were predicted rightly.
    pub fn right(&self) -> u64 {
        (0..self.classes).map(|class| self.count(class, class)).sum()
    }

    /// The part of rows whose class was predicted rightly; `None` without rows.
    pub fn accuracy(&self) -> Option<f64> {
        let rows = self.rows();
        (rows > 0).then(|| self.right() as f64 / rows as f64)
    }

    /// The mean recall of the classes that occur, so that a rare class counts as much as a common
    /// one; `None` without rows.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        let recalls: Vec<f64> = (0..self.classes)
            .filter_map(|class| {
                let rows = self.of_truth(class);
                (rows > 0).then(|| self.count(class, class) as f64 / rows as f64)
            })
            .collect();
        (!recalls.is_empty()).then(|| recalls.iter().sum::<f64>() / recalls.len() as f64)
    }

    /// Matthews' correlation coefficient of truth and prediction: 1 if they agree, 0 by chance (and
    /// where one of them never changes); `None` without rows.
    pub fn matthews_correlation(&self) -> Option<f64> {
        let rows = self.rows() as f64;
        let (mut shared, mut truths, mut predictions) = (0.0, 0.0, 0.0);
        for class in 0..self.classes {
            let (truth, predicted) =
                (self.of_truth(class) as f64, self.of_prediction(class) as f64);
            shared += truth * predicted;
            truths += truth * truth;
            predictions += predicted * predicted;
        }
        let spread = ((rows * rows - predictions) * (rows * rows - truths)).sqrt();
        let along = self.right() as f64 * rows - shared;
        (rows > 0.0).then(|| if spread == 0.0 { 0.0 } else { along / spread })
    }

    /// Cohen's kappa: how much of the agreement that chance leaves open is reached. `None` without
    /// rows, and where chance alone agrees always.
    pub fn kappa(&self) -> Option<f64> {
        let rows = self.rows() as f64;
        let by_chance: f64 = (0..self.classes)
            .map(|class| self.of_truth(class) as f64 * self.of_prediction(class) as f64)
            .sum::<f64>()
            / rows;
        let open = rows - by_chance;
        (open > 0.0).then(|| (self.right() as f64 - by_chance) / open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_activation_is_cut_at_a_half_and_of_several_the_first_greatest_wins() {
        assert_eq!(predicted_class(&[0.5]), 0);
        assert_eq!(predicted_class(&[0.500_000_1]), 1);
        assert_eq!(predicted_class(&[0.2, 0.4, 0.4]), 1);
        assert_eq!(predicted_class(&[f64::NAN, 0.1, f64::NAN]), 1);
        assert_eq!(predicted_class(&[f64::NAN]), 0);
    }

    #[test]
    fn without_rows_there_is_no_score() {
        let none = Confusion::new(2);
        assert_eq!(none.accuracy(), None);
        assert_eq!(none.balanced_accuracy(), None);
        assert_eq!(none.matthews_correlation(), None);
        assert_eq!(none.kappa(), None);
    }

    #[test]
    fn pairs_are_counted_and_strangers_left_out() {
        let confusion = Confusion::of(2, [(0, 0), (0, 1), (1, 1), (1, 1), (7, 0)]);
        assert_eq!(confusion.rows(), 4);
        assert_eq!((confusion.of_truth(0), confusion.of_prediction(0)), (2, 1));
        assert_eq!(confusion.count(1, 1), 2);
    }
}
