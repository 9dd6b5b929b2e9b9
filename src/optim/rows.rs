//! The rows of the tables of optimizers and clippings: a description and, for each precision, what
//! builds or does it.
//!
//! Not here: schedules, whose rows compute with `f64` only ([`super::schedule`]).

use std::fmt::Debug;

use crate::catalog::{Chosen, Entry};
use crate::numeric::Real;

use super::{Clips, Optimizer, Optimizers};

/// A row of the table of optimizers: how one is described, and how it is built in either precision
/// for a vector of so many parameters.
#[derive(Debug)]
pub struct OptimizerRow {
    /// Name, knobs, documentation.
    pub entry: Entry,
    /// Builds it for `f32`.
    pub f32: fn(usize) -> Box<dyn Optimizer<f32>>,
    /// Builds it for `f64`.
    pub f64: fn(usize) -> Box<dyn Optimizer<f64>>,
}

/// A row of the table of clippings: how one is described, and what it does to a gradient in either
/// precision, given its limit.
#[derive(Debug)]
pub struct ClipRow {
    /// Name, limit, documentation.
    pub entry: Entry,
    /// Clips in place, in `f32`.
    pub f32: fn(f64, &mut [f32]),
    /// Clips in place, in `f64`.
    pub f64: fn(f64, &mut [f64]),
}

/// A precision that the tables have builders for: `f32` and `f64`, which is all there is.
pub trait Tabled: Real {
    /// A fresh optimizer of the row.
    fn optimizer(row: &OptimizerRow, len: usize) -> Box<dyn Optimizer<Self>>;
    /// What the row's clipping does.
    fn clipping(row: &ClipRow) -> fn(f64, &mut [Self]);
}

macro_rules! tabled {
    ($float:ident) => {
        impl Tabled for $float {
            fn optimizer(row: &OptimizerRow, len: usize) -> Box<dyn Optimizer<Self>> {
                (row.$float)(len)
            }
            fn clipping(row: &ClipRow) -> fn(f64, &mut [Self]) {
                row.$float
            }
        }
    };
}

tabled!(f32);
tabled!(f64);

/// The chosen optimizer for a vector of `len` parameters, configured.
pub fn build_optimizer<R: Tabled>(
    chosen: &Chosen<Optimizers>,
    len: usize,
) -> Box<dyn Optimizer<R>> {
    let row = Optimizers::row(chosen.entry()).expect("a chosen optimizer comes from the table");
    let mut optimizer = R::optimizer(row, len);
    optimizer.configure(chosen);
    optimizer
}

/// A chosen clipping, ready to use.
#[derive(Debug, Clone, Copy)]
pub struct Clip<R: 'static> {
    apply: fn(f64, &mut [R]),
    limit: f64,
}

impl<R: Tabled> Clip<R> {
    /// The chosen clipping in this precision.
    #[must_use]
    pub fn new(chosen: &Chosen<Clips>) -> Self {
        let row = Clips::row(chosen.entry()).expect("a chosen clipping comes from the table");
        let limit = chosen.knobs().first().copied().unwrap_or(f64::INFINITY);
        Self { apply: R::clipping(row), limit }
    }

    /// Clips the gradient in place.
    #[inline]
    pub fn apply(&self, gradient: &mut [R]) {
        (self.apply)(self.limit, gradient);
    }
}
