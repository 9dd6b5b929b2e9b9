//! Objectives: value and gradient of a flat vector.

mod evaluation;
mod spec;

use crate::catalog::{Entry, Family};

pub use evaluation::Evaluation;
pub use spec::Regularize;

/// The table of surfaces.
#[derive(Debug)]
pub struct Surfaces;

impl Family for Surfaces {
    const NOUN: &'static str = "surface";
    fn entries() -> &'static [&'static Entry] {
        &[]
    }
}
