//! Whether two things measured on the same seeds differ by more than the seeds do.
//!
//! Invariant: the paired t-test of `scipy.stats.ttest_rel`, two-sided, with its 95 % interval; Holm's
//! step-down correction; quantiles as `numpy.quantile` interpolates them. Deliberately not here: what is
//! measured, and what is said of it.

use super::student;

/// The chance below which a difference counts as shown.
pub const SIGNIFICANCE: f64 = 0.05;

/// What paired differences say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// How many pairs.
    pub pairs: usize,
    /// The mean difference.
    pub mean: f64,
    /// The 95 % interval of the mean difference: its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// The chance of a mean at least so far from zero if there were no difference.
    pub p: f64,
}

impl Paired {
    /// Of differences, one a pair; `None` below two, or if one is not finite.
    #[must_use]
    pub fn of(differences: &[f64]) -> Option<Self> {
        let pairs = differences.len();
        if pairs < 2 || differences.iter().any(|d| !d.is_finite()) {
            return None;
        }
        let n = pairs as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let squares: f64 = differences.iter().map(|d| (d - mean) * (d - mean)).sum();
        let error = (squares / (n - 1.0) / n).sqrt();
        // Without any spread there is nothing that chance could have done.
        let p = match (error == 0.0, mean == 0.0) {
            (true, true) => 1.0,
            (true, false) => 0.0,
            (false, _) => student::two_sided(mean / error, pairs - 1),
        };
        let reach = student::beyond(SIGNIFICANCE, pairs - 1) * error;
        Some(Self { pairs, mean, low: mean - reach, high: mean + reach, p })
    }
}

/// Holm's correction: the chances after as many comparisons as there are, in the same order.
#[must_use]
pub fn holm(chances: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..chances.len()).collect();
    order.sort_by(|a, b| chances[*a].total_cmp(&chances[*b]));
    let mut corrected = vec![0.0; chances.len()];
    let mut least: f64 = 0.0;
    for (rank, at) in order.into_iter().enumerate() {
        least = least.max(chances[at] * (chances.len() - rank) as f64).min(1.0);
        corrected[at] = least;
    }
    corrected
}

/// The value below which the part `q` of them lies, between two of them in proportion; `None` of none.
/// What is not a number counts as greater than all numbers.
#[must_use]
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile_of_sorted(&sorted, q)
}

/// [`quantile`] of values that are sorted.
#[must_use]
pub fn quantile_of_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = q.clamp(0.0, 1.0) * last as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    // Between equal or infinite neighbours there is nothing to interpolate.
    Some(if part == 0.0 || low == high { low } else { low + (high - low) * part })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_is_as_by_hand() {
        // Sorted: 0.01·4, 0.02·3, 0.03·2 (below 0.06 before it), 0.4·1.
        let corrected = holm(&[0.03, 0.01, 0.4, 0.02]);
        let expected = [0.06, 0.04, 0.4, 0.06];
        for (ours, theirs) in corrected.iter().zip(expected) {
            assert!((ours - theirs).abs() < 1e-15, "{corrected:?}");
        }
        assert_eq!(holm(&[0.6, 0.9]), [1.0, 1.0]);
        assert_eq!(holm(&[]), Vec::<f64>::new());
    }

    #[test]
    fn without_spread_there_is_no_chance_and_without_pairs_no_test() {
        let same = Paired::of(&[0.0; 6]).unwrap();
        assert_eq!((same.p, same.low, same.high), (1.0, 0.0, 0.0));
        let shifted = Paired::of(&[0.25; 6]).unwrap();
        assert_eq!((shifted.p, shifted.mean), (0.0, 0.25));
        assert_eq!(Paired::of(&[1.0]), None);
        assert_eq!(Paired::of(&[1.0, f64::INFINITY, 2.0]), None);
    }

    #[test]
    fn quantiles_bear_what_is_infinite() {
        let values = [1.0, f64::INFINITY, 2.0, f64::INFINITY];
        assert_eq!(quantile(&values, 0.75), Some(f64::INFINITY));
        assert_eq!(quantile(&values, 0.0), Some(1.0));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
