//! The rows of the tables of optimizers and clippings: a description and, for each precision, what
//! builds or does it.
//!
//! Not here: schedules, whose rows compute with `f64` only ([`super::schedule`]).

use std::fmt::Debug;

use crate::catalog::{Chosen, Entry};
use crate::model::ParamLayout;
use crate::numeric::Real;

use super::{
    Clips, Elementwise, Method, Optimizer, Optimizers, Rule, Search, TensorRule, Tensorwise,
};

/// Builds an optimizer with these knobs for the parameters laid out like this.
pub type Build<R> = fn(&Chosen<Optimizers>, &ParamLayout) -> Box<dyn Optimizer<R>>;

/// A row of the table of optimizers: how one is described, and how it is built in either precision.
#[derive(Debug)]
pub struct OptimizerRow {
    /// Name, knobs, documentation.
    pub entry: Entry,
    /// What builds it.
    pub recipe: Recipe,
}

/// How a row's method is built.
#[derive(Debug, Clone, Copy)]
pub enum Recipe {
    /// It goes along a gradient.
    Descent {
        /// Builds it for `f32`.
        f32: Build<f32>,
        /// Builds it for `f64`.
        f64: Build<f64>,
    },
    /// It guesses, and keeps a guess that is better.
    Search(fn(&Chosen<Optimizers>) -> Search),
}

impl OptimizerRow {
    /// The row of a rule that treats every parameter alike, with `N` buffers.
    #[must_use]
    pub const fn elementwise<K: Rule<N>, const N: usize>(entry: Entry) -> Self {
        Self::new(entry, elementwise::<f32, K, N>, elementwise::<f64, K, N>)
    }

    /// The row of a rule that looks at whole tensors.
    #[must_use]
    pub const fn tensorwise<K: TensorRule>(entry: Entry) -> Self {
        Self::new(entry, tensorwise::<f32, K>, tensorwise::<f64, K>)
    }

    /// The row of any other rule.
    #[must_use]
    pub const fn new(entry: Entry, f32: Build<f32>, f64: Build<f64>) -> Self {
        Self { entry, recipe: Recipe::Descent { f32, f64 } }
    }

    /// The row's method with these knobs, for these parameters, before its first update.
    #[must_use]
    pub fn method<R: Tabled>(&self, knobs: &Chosen<Optimizers>, layout: &ParamLayout) -> Method<R> {
        R::method(self.recipe, knobs, layout)
    }

    /// The row of a search.
    #[must_use]
    pub const fn search(entry: Entry, build: fn(&Chosen<Optimizers>) -> Search) -> Self {
        Self { entry, recipe: Recipe::Search(build) }
    }
}

fn elementwise<R: Real, K: Rule<N>, const N: usize>(
    knobs: &Chosen<Optimizers>,
    layout: &ParamLayout,
) -> Box<dyn Optimizer<R>> {
    Box::new(Elementwise::<R, K, N>::new(knobs, layout.len()))
}

fn tensorwise<R: Real, K: TensorRule>(
    knobs: &Chosen<Optimizers>,
    layout: &ParamLayout,
) -> Box<dyn Optimizer<R>> {
    Box::new(Tensorwise::<R, K>::new(knobs, layout))
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
    /// The method of the recipe, with these knobs, for these parameters.
    fn method(recipe: Recipe, knobs: &Chosen<Optimizers>, layout: &ParamLayout) -> Method<Self>;
    /// What the row's clipping does.
    fn clipping(row: &ClipRow) -> fn(f64, &mut [Self]);
}

macro_rules! tabled {
    ($float:ident) => {
        impl Tabled for $float {
            fn method(
                recipe: Recipe,
                knobs: &Chosen<Optimizers>,
                layout: &ParamLayout,
            ) -> Method<Self> {
                match recipe {
                    Recipe::Descent { $float: build, .. } => Method::Descent(build(knobs, layout)),
                    Recipe::Search(build) => Method::Search(build(knobs)),
                }
            }
            fn clipping(row: &ClipRow) -> fn(f64, &mut [Self]) {
                row.$float
            }
        }
    };
}

tabled!(f32);
tabled!(f64);

/// The chosen method for the parameters of `layout`, before its first update.
pub fn build_method<R: Tabled>(chosen: &Chosen<Optimizers>, layout: &ParamLayout) -> Method<R> {
    let row = Optimizers::row(chosen.entry()).expect("a chosen optimizer comes from the table");
    row.method(chosen, layout)
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
