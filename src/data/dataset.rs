//! Rows of features and targets.
//!
//! Not here: where they come from, and how they are split, scaled and ordered.

use ndarray::{Array1, Array2, Axis};

use super::{DataError, ImageShape};

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
    /// How the features are the pixels of an image, if they are.
    pub image: Option<ImageShape>,
    /// Rows of the source that are not here, because each lacks a value.
    pub left_out: usize,
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
    /// A dataset, its invariant checked.
    ///
    /// # Errors
    /// [`DataError::NoRows`] and [`DataError::NotFinite`].
    ///
    /// # Panics
    /// If features, names and targets do not agree in number: a mistake of the source's code.
    pub fn new(
        name: String,
        features: Array2<f64>,
        feature_names: Vec<String>,
        targets: Targets,
    ) -> Result<Self, DataError> {
        assert_eq!(features.ncols(), feature_names.len(), "one name a feature");
        assert_eq!(features.nrows(), targets.rows(), "one target a row");
        if let Targets::Classes { labels, names } = &targets {
            assert!(labels.iter().all(|&label| label < names.len()), "one name a class");
        }
        if features.nrows() == 0 {
            return Err(DataError::NoRows { dropped: 0 });
        }
        let image = ImageShape::of_names(&feature_names);
        let dataset = Self { name, features, feature_names, targets, image, left_out: 0 };
        dataset.check_finite()?;
        Ok(dataset)
    }

    /// Refuses numbers that are not finite.
    pub(super) fn check_finite(&self) -> Result<(), DataError> {
        let bad = |numbers: &Array2<f64>, names: &[String]| {
            let mut cells = numbers.indexed_iter();
            cells.find(|(_, x)| !x.is_finite()).map(|((row, column), _)| DataError::NotFinite {
                what: format!("`{}`", names[column]),
                row,
            })
        };
        let in_targets = match &self.targets {
            Targets::Classes { .. } => None,
            Targets::Values { values, names } => bad(values, names),
        };
        match bad(&self.features, &self.feature_names).or(in_targets) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

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
            image: self.image,
            left_out: self.left_out,
        }
    }
}

/// The most classes that numbers are read as.
const MAX_CLASSES: f64 = 1000.0;

impl Targets {
    /// The targets as classes: as they are, or one column of whole numbers from 0 up, each number a
    /// class of its own. For a loss that tells classes apart.
    ///
    /// # Errors
    /// [`DataError::NotClasses`] if they are other numbers, or too many.
    pub fn to_classes(&self) -> Result<Self, DataError> {
        let values = match self {
            Self::Classes { .. } => return Ok(self.clone()),
            Self::Values { values, .. } => values,
        };
        let not_classes = |reason: String| Err(DataError::NotClasses { reason });
        if values.ncols() != 1 {
            return not_classes(format!("there are {} numbers a row", values.ncols()));
        }
        let is_class = |x: &f64| x.fract() == 0.0 && (0.0..MAX_CLASSES).contains(x);
        if let Some(other) = values.iter().find(|x| !is_class(x)) {
            return not_classes(format!("{other} is no whole number from 0 to 999"));
        }
        let labels: Array1<usize> = values.column(0).mapv(|x| x as usize);
        let classes = labels.iter().max().map_or(0, |last| last + 1);
        let names = (0..classes).map(|class| class.to_string()).collect();
        Ok(Self::Classes { labels, names })
    }

    /// The targets as numbers: as they are, or each class as the number that is its name (its index,
    /// if the names are no numbers). For a loss that predicts numbers.
    #[must_use]
    pub fn to_values(&self) -> Self {
        let (labels, names) = match self {
            Self::Values { .. } => return self.clone(),
            Self::Classes { labels, names } => (labels, names),
        };
        let named: Option<Vec<f64>> =
            names.iter().map(|name| name.parse().ok().filter(|x: &f64| x.is_finite())).collect();
        let value = |label: usize| named.as_ref().map_or(label as f64, |named| named[label]);
        let values = Array2::from_shape_fn((labels.len(), 1), |(row, _)| value(labels[row]));
        Self::Values { values, names: vec!["y".to_owned()] }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        match self {
            Self::Classes { labels, .. } => labels.len(),
            Self::Values { values, .. } => values.nrows(),
        }
    }

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
