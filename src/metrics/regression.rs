//! Predicted numbers against true ones.
//!
//! Invariant: both slices are row-major, `width` numbers a row; columns are scored one by one and
//! averaged, as scikit-learn's `uniform_average`. `None` without rows.

/// The coefficient of determination, 1 − Σ(t − p)² / Σ(t − mean t)², averaged over columns.
///
/// A constant target gives 1 if it is met exactly, else 0, as scikit-learn's `r2_score`.
pub fn r2(predicted: &[f64], targets: &[f64], width: usize) -> Option<f64> {
    by_column(predicted, targets, width, |column| {
        let mean = column.targets().sum::<f64>() / column.rows();
        let spread: f64 = column.targets().map(|t| (t - mean) * (t - mean)).sum();
        let missed: f64 = column.errors().map(|e| e * e).sum();
        explained(missed, spread)
    })
}

/// As R², but a constant offset of the predictions is forgiven: 1 − Var(t − p) / Var(t).
pub fn explained_variance(predicted: &[f64], targets: &[f64], width: usize) -> Option<f64> {
    by_column(predicted, targets, width, |column| {
        let mean = column.targets().sum::<f64>() / column.rows();
        let offset = column.errors().sum::<f64>() / column.rows();
        let spread: f64 = column.targets().map(|t| (t - mean) * (t - mean)).sum();
        let missed: f64 = column.errors().map(|e| (e - offset) * (e - offset)).sum();
        explained(missed, spread)
    })
}

/// The mean squared error.
pub fn mean_squared_error(predicted: &[f64], targets: &[f64], width: usize) -> Option<f64> {
    by_column(predicted, targets, width, |column| {
        column.errors().map(|e| e * e).sum::<f64>() / column.rows()
    })
}

/// The root of the mean squared error of a column, averaged over columns.
pub fn root_mean_squared_error(predicted: &[f64], targets: &[f64], width: usize) -> Option<f64> {
    by_column(predicted, targets, width, |column| {
        (column.errors().map(|e| e * e).sum::<f64>() / column.rows()).sqrt()
    })
}

/// The mean absolute error.
pub fn mean_absolute_error(predicted: &[f64], targets: &[f64], width: usize) -> Option<f64> {
    by_column(predicted, targets, width, |column| {
        column.errors().map(f64::abs).sum::<f64>() / column.rows()
    })
}

/// The median absolute error: half of the rows are nearer.
pub fn median_absolute_error(predicted: &[f64], targets: &[f64], width: usize) -> Option<f64> {
    by_column(predicted, targets, width, |column| {
        let mut errors: Vec<f64> = column.errors().map(f64::abs).collect();
        errors.sort_unstable_by(f64::total_cmp);
        let (low, high) = (errors[(errors.len() - 1) / 2], errors[errors.len() / 2]);
        f64::midpoint(low, high)
    })
}

/// The greatest absolute error of all.
pub fn max_error(predicted: &[f64], targets: &[f64]) -> Option<f64> {
    predicted.iter().zip(targets).map(|(p, t)| (t - p).abs()).reduce(f64::max)
}

/// One column of targets and predictions.
#[derive(Clone, Copy)]
struct Column<'a> {
    predicted: &'a [f64],
    targets: &'a [f64],
    width: usize,
    index: usize,
}

impl Column<'_> {
    fn targets(&self) -> impl Iterator<Item = f64> + '_ {
        self.targets.iter().skip(self.index).step_by(self.width).copied()
    }

    /// Target less prediction, row by row.
    fn errors(&self) -> impl Iterator<Item = f64> + '_ {
        let predicted = self.predicted.iter().skip(self.index).step_by(self.width);
        self.targets().zip(predicted).map(|(t, p)| t - p)
    }

    fn rows(&self) -> f64 {
        (self.targets.len() / self.width) as f64
    }
}

fn by_column(
    predicted: &[f64],
    targets: &[f64],
    width: usize,
    score: impl Fn(Column<'_>) -> f64,
) -> Option<f64> {
    if targets.len().checked_div(width)? == 0 {
        return None;
    }
    let columns = (0..width).map(|index| score(Column { predicted, targets, width, index }));
    Some(columns.sum::<f64>() / width as f64)
}

fn explained(missed: f64, spread: f64) -> f64 {
    match (spread == 0.0, missed == 0.0) {
        (false, _) => 1.0 - missed / spread,
        (true, true) => 1.0,
        (true, false) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_averaged_and_no_rows_give_nothing() {
        // First column perfect, second at its mean.
        let targets = [1.0, 10.0, 2.0, 20.0, 3.0, 30.0];
        let predicted = [1.0, 20.0, 2.0, 20.0, 3.0, 20.0];
        assert_eq!(r2(&predicted, &targets, 2), Some(0.5));
        assert_eq!(mean_absolute_error(&predicted, &targets, 2), Some(10.0 / 3.0));
        assert_eq!(mean_squared_error(&predicted, &targets, 2), Some(100.0 / 3.0));
        assert_eq!(max_error(&predicted, &targets), Some(10.0));
        assert_eq!(r2(&[], &[], 1), None);
        assert_eq!(mean_absolute_error(&[], &[], 1), None);
    }

    #[test]
    fn an_offset_is_forgiven_by_the_explained_variance_alone() {
        let (targets, predicted) = ([1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0]);
        assert_eq!(explained_variance(&predicted, &targets, 1), Some(1.0));
        assert_eq!(r2(&predicted, &targets, 1), Some(1.0 - 16.0 / 5.0));
        assert_eq!(median_absolute_error(&predicted, &targets, 1), Some(2.0));
    }
}
