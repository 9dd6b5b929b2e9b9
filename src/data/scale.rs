//! Scaling of features: x' = (x − shift) / scale, per column.
//!
//! As scikit-learn's `StandardScaler` and `MinMaxScaler`, columns that are constant included: their
//! scale is 1. Not here: scaling of targets, which the program never does.

use ndarray::{Array2, Axis};

use super::{DataError, Dataset, Scaling};

/// A fitted scaling: x' = (x − shift) / scale, per feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaler {
    /// Subtracted, one a feature.
    pub shift: Vec<f64>,
    /// Divided by, one a feature; never zero.
    pub scale: Vec<f64>,
}

impl Scaler {
    /// The scaling of the given kind that fits the rows.
    ///
    /// # Errors
    /// [`DataError::NotFinite`] if the numbers are too large to be summed or squared.
    pub fn fit(scaling: Scaling, dataset: &Dataset) -> Result<Self, DataError> {
        let features = &dataset.features;
        let scaler = match scaling {
            Scaling::Standard => Self::standard(features),
            Scaling::MinMax => Self::min_max(features),
        };
        let finite =
            |column: usize| scaler.shift[column].is_finite() && scaler.scale[column].is_finite();
        match (0..dataset.width()).find(|&column| !finite(column)) {
            None => Ok(scaler),
            Some(column) => Err(DataError::NotFinite {
                what: format!("the scale of `{}`", dataset.feature_names[column]),
                row: 0,
            }),
        }
    }

    /// To mean 0 and population variance 1. The sums run over the rows in order, with the correction
    /// Σ(x−m)² − (Σ(x−m))²/n that scikit-learn makes.
    fn standard(features: &Array2<f64>) -> Self {
        let n = features.nrows() as f64;
        let columns = features.ncols();
        let sum = sum_of_rows(features, columns, |_, x| x);
        let shift: Vec<f64> = sum.iter().map(|sum| sum / n).collect();
        let off = sum_of_rows(features, columns, |column, x| x - shift[column]);
        let squares = sum_of_rows(features, columns, |column, x| (x - shift[column]).powi(2));
        let scale = (0..columns)
            .map(|column| {
                let variance = (squares[column] - off[column].powi(2) / n) / n;
                let eps = f64::EPSILON;
                let rounding = n * eps * variance + (n * shift[column] * eps).powi(2);
                if variance <= rounding { 1.0 } else { variance.sqrt() }
            })
            .collect();
        Self { shift, scale }
    }

    /// To the range 0 to 1.
    fn min_max(features: &Array2<f64>) -> Self {
        let low = features.fold_axis(Axis(0), f64::INFINITY, |low, x| low.min(*x)).to_vec();
        let high = features.fold_axis(Axis(0), f64::NEG_INFINITY, |high, x| high.max(*x));
        let scale = low.iter().zip(&high).map(|(low, high)| {
            let range = high - low;
            if range < 10.0 * f64::EPSILON { 1.0 } else { range }
        });
        Self { scale: scale.collect(), shift: low }
    }

    /// Scales every row of `features` in place: rows × features.
    pub fn transform(&self, features: &mut Array2<f64>) {
        for mut row in features.rows_mut() {
            for ((x, shift), scale) in row.iter_mut().zip(&self.shift).zip(&self.scale) {
                *x = (*x - shift) / scale;
            }
        }
    }

    /// Brings scaled rows back in place: rows × features.
    pub fn inverse(&self, features: &mut Array2<f64>) {
        for mut row in features.rows_mut() {
            for ((x, shift), scale) in row.iter_mut().zip(&self.shift).zip(&self.scale) {
                *x = *x * scale + shift;
            }
        }
    }

    /// Scales a dataset, which must stay finite.
    pub(super) fn apply(&self, dataset: &mut Dataset) -> Result<(), DataError> {
        self.transform(&mut dataset.features);
        dataset.check_finite()
    }
}

/// Σ over rows, in order, of `term(column, x)`, one sum a column.
fn sum_of_rows(
    features: &Array2<f64>,
    columns: usize,
    term: impl Fn(usize, f64) -> f64,
) -> Vec<f64> {
    let mut sums = vec![0.0; columns];
    for row in features.rows() {
        for (column, (sum, x)) in sums.iter_mut().zip(row).enumerate() {
            *sum += term(column, *x);
        }
    }
    sums
}
