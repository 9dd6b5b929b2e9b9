//! Predicted numbers against true ones.

/// The coefficient of determination, 1 − Σ(t − p)² / Σ(t − mean t)², averaged over columns.
///
/// Both slices are row-major, `width` numbers a row. A constant target gives 1 if it is met exactly,
/// else 0, as scikit-learn's `r2_score`. `None` without rows.
pub fn r2(predicted: &[f64], targets: &[f64], width: usize) -> Option<f64> {
    let rows = targets.len().checked_div(width)?;
    if rows == 0 {
        return None;
    }
    let total: f64 = (0..width).map(|column| r2_of_column(predicted, targets, width, column)).sum();
    Some(total / width as f64)
}

fn r2_of_column(predicted: &[f64], targets: &[f64], width: usize, column: usize) -> f64 {
    let targets = || targets.iter().skip(column).step_by(width);
    let predicted = predicted.iter().skip(column).step_by(width);
    let mean = targets().sum::<f64>() / targets().count() as f64;
    let spread: f64 = targets().map(|t| (t - mean) * (t - mean)).sum();
    let missed: f64 = targets().zip(predicted).map(|(t, p)| (t - p) * (t - p)).sum();
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
        assert_eq!(r2(&[], &[], 1), None);
    }
}
