//! How well scores rank the rows of a class above the others: the ROC curve, the area under it, the
//! average precision.
//!
//! Invariant: rows with equal scores pass a threshold together, so the order in which rows come never
//! matters. What needs rows of both kinds is `None` without them; a score that is NaN makes every
//! number here NaN. As scikit-learn's `roc_curve`, `roc_auc_score` and `average_precision_score`.

/// What passes a threshold: a point of the ROC curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RocPoint {
    /// The part of the other rows that pass though they should not.
    pub false_positive_rate: f64,
    /// The part of the class's rows that pass.
    pub true_positive_rate: f64,
    /// Rows with at least this score pass; infinite at the first point, where none does.
    pub threshold: f64,
}

/// The two numbers that one sort of the scores gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankScores {
    /// The area under the ROC curve: how often a row of the class scores above another row, ties
    /// counted half.
    pub roc_auc: f64,
    /// The mean of the precision over the class's rows, each where it is found.
    pub average_precision: f64,
}

/// Rows sorted by score, the greatest first, equal scores in one step.
struct Ranked {
    /// Threshold, rows of the class passed so far, other rows passed so far.
    steps: Vec<(f64, u64, u64)>,
    positives: u64,
    negatives: u64,
    has_nan: bool,
}

impl Ranked {
    /// Of rows given as score and whether they are of the class.
    fn of(rows: impl IntoIterator<Item = (f64, bool)>) -> Self {
        let mut rows: Vec<(f64, bool)> = rows.into_iter().collect();
        rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let has_nan = rows.iter().any(|(score, _)| score.is_nan());
        let (mut positives, mut negatives) = (0, 0);
        let mut steps: Vec<(f64, u64, u64)> = Vec::new();
        for (score, is_of_class) in rows {
            positives += u64::from(is_of_class);
            negatives += u64::from(!is_of_class);
            match steps.last_mut() {
                Some(last) if last.0 == score => (last.1, last.2) = (positives, negatives),
                _ => steps.push((score, positives, negatives)),
            }
        }
        Self { steps, positives, negatives, has_nan }
    }

    fn has_both(&self) -> bool {
        self.positives > 0 && self.negatives > 0
    }
}

/// The points of the ROC curve, from where no row passes to where all do: one at infinity and one a
/// different score. `None` unless there are rows of both kinds, and with a score that is NaN.
pub fn roc_curve(rows: impl IntoIterator<Item = (f64, bool)>) -> Option<Vec<RocPoint>> {
    let ranked = Ranked::of(rows);
    if !ranked.has_both() || ranked.has_nan {
        return None;
    }
    let (all, others) = (ranked.positives as f64, ranked.negatives as f64);
    let start =
        RocPoint { false_positive_rate: 0.0, true_positive_rate: 0.0, threshold: f64::INFINITY };
    let points = ranked.steps.iter().map(|(threshold, positives, negatives)| RocPoint {
        false_positive_rate: *negatives as f64 / others,
        true_positive_rate: *positives as f64 / all,
        threshold: *threshold,
    });
    Some(std::iter::once(start).chain(points).collect())
}

/// Area under the ROC curve and average precision of rows given as score and whether they are of the
/// class; `None` unless there are rows of both kinds.
pub fn rank_scores(rows: impl IntoIterator<Item = (f64, bool)>) -> Option<RankScores> {
    let ranked = Ranked::of(rows);
    if !ranked.has_both() {
        return None;
    }
    if ranked.has_nan {
        return Some(RankScores { roc_auc: f64::NAN, average_precision: f64::NAN });
    }
    let (mut area, mut precision) = (0.0, 0.0);
    let (mut positives, mut negatives) = (0, 0);
    for (_, p, n) in &ranked.steps {
        area += (n - negatives) as f64 * (p + positives) as f64 / 2.0;
        precision += (p - positives) as f64 * (*p as f64 / (p + n) as f64);
        (positives, negatives) = (*p, *n);
    }
    let all = ranked.positives as f64;
    Some(RankScores {
        roc_auc: area / (all * ranked.negatives as f64),
        average_precision: precision / all,
    })
}

/// The area under the ROC curve alone.
pub fn roc_auc(rows: impl IntoIterator<Item = (f64, bool)>) -> Option<f64> {
    rank_scores(rows).map(|scores| scores.roc_auc)
}

/// The mean over classes of the area of each class against all others (scikit-learn's `ovr`, macro).
/// `outputs` has one score a class and row. `None` unless every class occurs.
pub fn roc_auc_one_vs_rest(labels: &[usize], outputs: &[f64], classes: usize) -> Option<f64> {
    let areas: Option<Vec<f64>> = (0..classes)
        .map(|class| {
            let scores = outputs.iter().skip(class).step_by(classes);
            roc_auc(scores.copied().zip(labels.iter().map(|label| *label == class)))
        })
        .collect();
    areas.filter(|areas| !areas.is_empty()).map(mean)
}

/// The mean over pairs of classes of the area between the two, either one's score taken in turn
/// (scikit-learn's `ovo`, macro). `None` unless every class occurs.
pub fn roc_auc_one_vs_one(labels: &[usize], outputs: &[f64], classes: usize) -> Option<f64> {
    let mut areas = Vec::new();
    for one in 0..classes {
        for other in 0..classes {
            if one != other {
                let rows = outputs.chunks_exact(classes).zip(labels);
                let pair = rows.filter(|(_, label)| **label == one || **label == other);
                areas.push(roc_auc(pair.map(|(scores, label)| (scores[one], *label == one)))?);
            }
        }
    }
    (!areas.is_empty()).then(|| mean(areas))
}

fn mean(numbers: Vec<f64>) -> f64 {
    let count = numbers.len() as f64;
    numbers.into_iter().sum::<f64>() / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_perfect_ranking_is_1_a_reversed_one_0_and_constant_scores_are_a_half() {
        let rows = |sign: f64| (0..10).map(move |i| (sign * f64::from(i), i >= 6));
        assert_eq!(roc_auc(rows(1.0)), Some(1.0));
        assert_eq!(roc_auc(rows(-1.0)), Some(0.0));
        assert_eq!(roc_auc(rows(0.0)), Some(0.5));
        assert_eq!(rank_scores(rows(1.0)).unwrap().average_precision, 1.0);
        assert_eq!(rank_scores(rows(0.0)).unwrap().average_precision, 0.4);
    }

    #[test]
    fn one_kind_of_rows_has_no_curve_and_nan_is_not_hidden() {
        assert_eq!(roc_auc([(0.1, true), (0.7, true)]), None);
        assert_eq!(roc_curve([(0.1, false)]), None);
        assert!(roc_auc([(f64::NAN, true), (0.7, false)]).unwrap().is_nan());
    }

    proptest! {
        #[test]
        fn the_area_counts_pairs_and_does_not_know_the_order_of_rows(
            rows in prop::collection::vec((0..8_u8, any::<bool>()), 2..40),
            turn in 0..40_usize,
        ) {
            let mut rows: Vec<(f64, bool)> =
                rows.into_iter().map(|(s, of)| (f64::from(s) / 8.0, of)).collect();
            let area = roc_auc(rows.iter().copied());
            let (mut pairs, mut won) = (0.0, 0.0);
            for (a, _) in rows.iter().filter(|r| r.1) {
                for (b, _) in rows.iter().filter(|r| !r.1) {
                    pairs += 1.0;
                    won += if a > b { 1.0 } else if a == b { 0.5 } else { 0.0 };
                }
            }
            match area {
                None => prop_assert_eq!(pairs, 0.0),
                Some(area) => prop_assert!((area - won / pairs).abs() < 1e-12),
            }
            let turn = turn % rows.len();
            rows.rotate_left(turn);
            rows.reverse();
            prop_assert_eq!(roc_auc(rows.iter().copied()), area);
        }
    }
}
