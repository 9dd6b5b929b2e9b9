//! The laws of an experiment, as far as they can be seen without its data: every one that is broken
//! is reported, none is repaired.

use super::{Experiment, Problem};

/// Everything wrong with an experiment, in the order of its fields.
pub(super) fn validate(experiment: &Experiment) -> Vec<Problem> {
    let _ = experiment;
    Vec::new()
}
