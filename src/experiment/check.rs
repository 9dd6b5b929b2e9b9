//! From text to an experiment that can be trained.

use std::sync::Arc;

use super::parse::parse_with_tree;
use super::validate::validate;
use super::{Experiment, Problem};

/// An experiment in which nothing is wrong that can be seen without its data. Only this is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidExperiment {
    experiment: Experiment,
    text: Arc<str>,
}

/// Reads and validates an experiment.
///
/// # Errors
/// If the text cannot be read, the one problem that stopped the reading; else all that is wrong.
pub fn check(text: &str) -> Result<ValidExperiment, Vec<Problem>> {
    let (experiment, root) = parse_with_tree(text).map_err(|problem| vec![problem])?;
    let problems = validate(&experiment);
    if problems.is_empty() {
        return Ok(ValidExperiment { experiment, text: text.into() });
    }
    let mut placed: Vec<Problem> = problems.into_iter().map(|p| p.placed(text, &root)).collect();
    placed.sort_by_key(|p| p.place.map(|place| (place.line, place.column)));
    Err(placed)
}

impl ValidExperiment {
    /// The experiment.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}
