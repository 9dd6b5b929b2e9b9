//! Data: where rows come from, and how they are scaled, split and ordered.

mod dataset;
mod scale;
mod spec;
mod split;

use crate::catalog::{Entry, Family};

pub use dataset::{Dataset, Targets};
pub use scale::Scaler;
pub use spec::{BatchSize, HeldOut, Scaling, Shuffle};
pub use split::Split;

/// The table of data sources.
#[derive(Debug)]
pub struct Sources;

impl Family for Sources {
    const NOUN: &'static str = "data source";
    fn entries() -> &'static [&'static Entry] {
        &[]
    }
}
