//! Training rows and held-out rows, scaled.
//!
//! Invariant: every row of the source is in exactly one of the two, in the order of scikit-learn's
//! `train_test_split`; the scaling is fitted on the training rows alone, so that nothing of the
//! held-out rows leaks into training.

use super::{DataError, Dataset, HeldOut, Scaler, Scaling, Targets, stratify};
use crate::numeric::RandomState;

/// A dataset split and scaled: what lanes train on.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The training rows, scaled.
    pub train: Dataset,
    /// The held-out rows, scaled alike.
    pub held_out: Option<Dataset>,
    /// Where each training row came from in the source.
    pub train_rows: Vec<usize>,
    /// Where each held-out row came from.
    pub held_out_rows: Vec<usize>,
    /// The scaling that was fitted on the training rows, if any.
    pub scaler: Option<Scaler>,
}

impl Split {
    /// How many rows of the source are left out, and why; none if all are here.
    #[must_use]
    pub fn left_out_words(&self) -> Option<String> {
        let (left, name) = (self.train.left_out, &self.train.name);
        let all = self.train_rows.len() + self.held_out_rows.len() + left;
        (left > 0).then(|| match left {
            1 => format!("1 of {all} rows of {name} is left out: it lacks a value"),
            _ => format!("{left} of {all} rows of {name} are left out: each lacks a value"),
        })
    }

    /// The same rows with their targets read as classes, see [`Targets::to_classes`]; both parts have
    /// the same classes.
    ///
    /// # Errors
    /// [`DataError::NotClasses`].
    pub fn with_classes(&self) -> Result<Self, DataError> {
        let mut split = self.clone();
        split.train.targets = self.train.targets.to_classes()?;
        if let Some(held_out) = &mut split.held_out {
            held_out.targets = held_out.targets.to_classes()?;
            if let (Targets::Classes { names, .. }, Targets::Classes { names: others, .. }) =
                (&mut split.train.targets, &mut held_out.targets)
            {
                // Both count up from 0, so the longer list begins with the shorter one.
                if others.len() > names.len() {
                    names.clone_from(others);
                } else {
                    others.clone_from(names);
                }
            }
        }
        Ok(split)
    }

    /// The same rows with their targets read as numbers, see [`Targets::to_values`].
    #[must_use]
    pub fn with_values(&self) -> Self {
        let mut split = self.clone();
        split.train.targets = self.train.targets.to_values();
        if let Some(held_out) = &mut split.held_out {
            held_out.targets = held_out.targets.to_values();
        }
        split
    }
}

/// Splits a dataset as `train_test_split(test_size=fraction, random_state=seed)` does, stratified by
/// class if asked to, then fits the scaling on the training rows and applies it to both parts.
///
/// Without `held_out` all rows train, in the order of the dataset.
///
/// # Errors
/// If the fraction leaves a part without rows (or without a row of each class, if stratified), if
/// there are no classes to stratify by, or if numbers are too large to be scaled.
pub fn split(
    dataset: &Dataset,
    held_out: Option<HeldOut>,
    scale: Option<Scaling>,
) -> Result<Split, DataError> {
    let (train_rows, held_out_rows) = match held_out {
        None => ((0..dataset.rows()).collect(), Vec::new()),
        Some(held_out) => parts(dataset, held_out)?,
    };
    let mut train = if held_out.is_none() { dataset.clone() } else { dataset.select(&train_rows) };
    let mut rest = held_out.map(|_| dataset.select(&held_out_rows));
    let scaler = match scale {
        None => None,
        Some(scaling) => {
            let scaler = Scaler::fit(scaling, &train)?;
            scaler.apply(&mut train)?;
            if let Some(rest) = &mut rest {
                scaler.apply(rest)?;
            }
            Some(scaler)
        }
    };
    Ok(Split { train, held_out: rest, train_rows, held_out_rows, scaler })
}

fn parts(dataset: &Dataset, held_out: HeldOut) -> Result<(Vec<usize>, Vec<usize>), DataError> {
    let rows = dataset.rows();
    if !(held_out.fraction > 0.0 && held_out.fraction < 1.0) {
        return Err(fraction_error(held_out, "a number above 0 and below 1".to_owned()));
    }
    let count = (held_out.fraction * rows as f64).ceil() as usize;
    if count >= rows {
        return Err(fraction_error(
            held_out,
            format!("a smaller number: of {rows} rows it leaves none to train on"),
        ));
    }
    let mut generator = RandomState::from_seed(held_out.seed);
    if held_out.stratified {
        return stratify::parts(dataset, held_out, count, &mut generator);
    }
    let mut order = generator.permutation(rows);
    let train = order.split_off(count);
    Ok((train, order))
}

/// An error about the part that is held out.
pub(super) fn fraction_error(held_out: HeldOut, allowed: String) -> DataError {
    DataError::NotAllowed { field: "fraction", found: held_out.fraction.to_string(), allowed }
}
