//! Optimizers, schedules and clipping.

use crate::catalog::{Entry, Family};

/// The table of optimizers.
#[derive(Debug)]
pub struct Optimizers;

impl Family for Optimizers {
    const NOUN: &'static str = "optimizer";
    fn entries() -> &'static [&'static Entry] {
        &[]
    }
}

/// The table of schedules.
#[derive(Debug)]
pub struct Schedules;

impl Family for Schedules {
    const NOUN: &'static str = "schedule";
    fn entries() -> &'static [&'static Entry] {
        &[]
    }
}

/// The table of gradient clippings.
#[derive(Debug)]
pub struct Clips;

impl Family for Clips {
    const NOUN: &'static str = "clipping";
    fn entries() -> &'static [&'static Entry] {
        &[]
    }
}
