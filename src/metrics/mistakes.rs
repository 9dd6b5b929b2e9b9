//! The rows that a classifier takes for another class, the worst first.

use super::certainty::surprise;
use super::predicted_class;

/// A row that is taken for another class than its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mistake {
    /// Which of the rows.
    pub place: usize,
    /// Its class.
    pub truth: usize,
    /// What it is taken for.
    pub said: usize,
    /// Its cross-entropy, −ln(probability of the true class).
    pub loss: f64,
}

/// The mistakes among rows with their classes and outputs, by their cross-entropy from high to low; equal
/// ones as they come. What is no number is worst.
pub fn mistakes<'a>(rows: impl IntoIterator<Item = (usize, &'a [f64])>) -> Vec<Mistake> {
    let rows = rows.into_iter().enumerate();
    let mut found: Vec<Mistake> = rows
        .map(|(place, (truth, outputs))| {
            let (said, loss) = (predicted_class(outputs), surprise(truth, outputs));
            Mistake { place, truth, said, loss }
        })
        .filter(|row| row.said != row.truth)
        .collect();
    let badness = |row: &Mistake| if row.loss.is_nan() { f64::INFINITY } else { row.loss };
    found.sort_by(|a, b| badness(b).total_cmp(&badness(a)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_stand_in_the_order_of_their_cross_entropy() {
        // −ln 0.5 = 0.693, −ln 0.05 = 2.996, −ln 0.2 = 1.609, −ln 0.1 = 2.303; the last is right.
        let outputs =
            [[0.1, 0.4, 0.5], [0.9, 0.05, 0.05], [0.2, 0.2, 0.6], [0.1, 0.3, 0.6], [0.8, 0.1, 0.1]];
        let truths = [2, 1, 0, 0, 0];
        let found = mistakes(truths.into_iter().zip(outputs.iter().map(<[f64; 3]>::as_slice)));
        let told: Vec<(usize, usize, usize)> =
            found.iter().map(|row| (row.place, row.truth, row.said)).collect();
        assert_eq!(told, [(1, 1, 0), (3, 0, 2), (2, 0, 2)]);
        for (row, wanted) in found.iter().zip([0.05_f64, 0.1, 0.2].map(|p| -p.ln())) {
            assert!((row.loss - wanted).abs() < 1e-12, "{row:?}");
        }
    }

    #[test]
    fn of_two_classes_one_number_is_the_probability_of_the_second() {
        let rows = [(1, [0.3]), (0, [0.6]), (0, [0.4]), (0, [f64::NAN]), (1, [f64::NAN])];
        let found = mistakes(rows.iter().map(|(truth, p)| (*truth, p.as_slice())));
        let places: Vec<usize> = found.iter().map(|row| row.place).collect();
        // No number counts as class 0.
        assert_eq!(places, [4, 0, 1]);
        assert!((found[1].loss + 0.3_f64.ln()).abs() < 1e-12);
        assert!((found[2].loss + 0.4_f64.ln()).abs() < 1e-12);
    }
}
