//! Predicted classes against true ones.

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

    /// The part of rows whose class was predicted rightly; `None` without rows.
    pub fn accuracy(&self) -> Option<f64> {
        let total: u64 = self.counts.iter().sum();
        let right: u64 = (0..self.classes).map(|class| self.count(class, class)).sum();
        (total > 0).then(|| right as f64 / total as f64)
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
    fn without_rows_there_is_no_accuracy() {
        assert_eq!(Confusion::new(2).accuracy(), None);
    }
}
