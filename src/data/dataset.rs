//! Rows of features and targets.

use ndarray::{Array1, Array2, Axis};

/// Rows of features with their targets.
///
/// Invariant: features, targets and names agree in number; every number is finite.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// What it is called on screen.
    pub name: String,
    /// Rows × features.
    pub features: Array2<f64>,
    /// One name a feature.
    pub feature_names: Vec<String>,
    /// One target a row.
    pub targets: Targets,
}

/// What is to be predicted.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// One class a row.
    Classes {
        /// Index into `names`, one a row.
        labels: Array1<usize>,
        /// One name a class.
        names: Vec<String>,
    },
    /// Numbers.
    Values {
        /// Rows × values.
        values: Array2<f64>,
        /// One name a value.
        names: Vec<String>,
    },
}

impl Dataset {
    /// How many rows.
    pub fn rows(&self) -> usize {
        self.features.nrows()
    }

    /// How many features.
    pub fn width(&self) -> usize {
        self.features.ncols()
    }

    /// The given rows, in the given order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self {
            name: self.name.clone(),
            features: self.features.select(Axis(0), rows),
            feature_names: self.feature_names.clone(),
            targets: self.targets.select(rows),
        }
    }
}

impl Targets {
    /// How many classes; `None` for values.
    pub fn classes(&self) -> Option<usize> {
        match self {
            Self::Classes { names, .. } => Some(names.len()),
            Self::Values { .. } => None,
        }
    }

    /// The given rows, in the given order.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        match self {
            Self::Classes { labels, names } => {
                Self::Classes { labels: labels.select(Axis(0), rows), names: names.clone() }
            }
            Self::Values { values, names } => {
                Self::Values { values: values.select(Axis(0), rows), names: names.clone() }
            }
        }
    }
}
