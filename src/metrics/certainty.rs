//! Scores of probabilities: not only whether the answer is right, but how sure it was.
//!
//! Invariant: as scikit-learn's `log_loss`, `brier_score_loss` and `top_k_accuracy_score`; `None`
//! without rows. One output a row is the probability of class 1 of two, several are one a class.

/// The mean of −ln(probability of the true class), probabilities kept at least 2.2e-16 away from 0
/// and 1.
pub fn log_loss(labels: &[usize], outputs: &[f64], width: usize) -> Option<f64> {
    let rows = labels.iter().zip(outputs.chunks_exact(width.max(1)));
    mean(rows.map(|(label, row)| surprise(*label, row)), labels.len())
}

/// −ln(probability of the true class) of one row's outputs, the probability kept at least 2.2e-16 away
/// from 0 and 1.
pub fn surprise(label: usize, outputs: &[f64]) -> f64 {
    let p = match outputs {
        [one] if label == 0 => 1.0 - one,
        [one] => *one,
        many => many.get(label).copied().unwrap_or(0.0),
    };
    // `clamp` keeps NaN.
    -p.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}

/// The mean squared distance of the probability of class 1 from what was true (0 or 1).
pub fn brier(labels: &[usize], outputs: &[f64]) -> Option<f64> {
    let terms = labels.iter().zip(outputs).map(|(label, p)| {
        let far = p - f64::from(u8::from(*label == 1));
        far * far
    });
    mean(terms, labels.len())
}

/// The part of rows whose true class is among the `k` greatest outputs; of equal ones the later
/// class goes first.
pub fn top_k_accuracy(labels: &[usize], outputs: &[f64], width: usize, k: usize) -> Option<f64> {
    let terms = labels.iter().zip(outputs.chunks_exact(width.max(1))).map(|(label, row)| {
        let own = row.get(*label).copied().unwrap_or(f64::NEG_INFINITY);
        let ahead = |(class, x): &(usize, &f64)| **x > own || (**x == own && class > label);
        f64::from(u8::from(row.iter().enumerate().filter(ahead).count() < k))
    });
    mean(terms, labels.len())
}

fn mean(terms: impl Iterator<Item = f64>, count: usize) -> Option<f64> {
    (count > 0).then(|| terms.sum::<f64>() / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certainty_is_paid_for_when_it_is_wrong() {
        let half = log_loss(&[0, 1], &[0.5, 0.5], 1).unwrap();
        assert_eq!(half, 2f64.ln());
        assert!(log_loss(&[0, 1], &[0.99, 0.99], 1).unwrap() > half);
        assert_eq!(brier(&[0, 1], &[0.5, 0.5]), Some(0.25));
        assert!(log_loss(&[1], &[0.0], 1).unwrap().is_finite());
        assert!(log_loss(&[1], &[f64::NAN], 1).unwrap().is_nan());
        assert_eq!(log_loss(&[], &[], 1), None);
    }

    #[test]
    fn among_as_many_as_there_are_classes_every_row_is_right() {
        let outputs = [0.2, 0.5, 0.3, 0.6, 0.1, 0.3];
        assert_eq!(top_k_accuracy(&[2, 1], &outputs, 3, 1), Some(0.0));
        assert_eq!(top_k_accuracy(&[2, 1], &outputs, 3, 2), Some(0.5));
        assert_eq!(top_k_accuracy(&[2, 1], &outputs, 3, 3), Some(1.0));
    }
}
