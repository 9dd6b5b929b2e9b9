//! Objectives: value and gradient of a flat vector.
//!
//! Two kinds: [`Learning`], a network's loss on data, and [`SurfaceObjective`], an analytic function
//! of two variables. A trainer sees only [`Objective`]. Invariant: an objective has no memory; value
//! and gradient depend on parameters, rows, step and the penalties that hold then, so any step can be
//! replayed. Deliberately not here: batches and their order, updates, clocks.

mod evaluation;
mod formula;
mod gradients;
mod inside;
mod learning;
mod rows;
mod spec;
mod surface;
mod surfaces;

use std::fmt::Debug;
use std::ops::Range;

use ndarray::ArrayView2;

use crate::model::{DensePart, DropoutRates, ParamLayout};
use crate::numeric::{Real, Team};

pub use evaluation::{Evaluation, READINGS, Reading};
pub use formula::{Formula, FormulaError, LONGEST_FORMULA};
pub use gradients::{Gradients, NumericGradient, is_measured, with_gradient};
pub use inside::Inside;
pub use learning::Learning;
pub use spec::{Penalty, Regularize};
pub use surface::SurfaceObjective;
pub use surfaces::{
    SurfaceFunction, SurfaceInfo, Surfaces, formula_of, surface_gradient, surface_info,
    surface_value,
};

/// What a trainer descends.
pub trait Objective<R: Real>: Send + Debug {
    /// Where each tensor of parameters lies in the flat vector.
    fn layout(&self) -> &ParamLayout;

    /// How many training rows there are; 1 on a surface.
    fn train_rows(&self) -> usize;

    /// From now on these help with large pieces of work, which changes no number.
    fn join(&mut self, team: &Team) {
        let _: &Team = team;
    }

    /// From now on these penalties count. An objective without weights has none.
    fn regularize(&mut self, penalties: Regularize) {
        let _: Regularize = penalties;
    }

    /// From now on dropout layers silence units at these rates. An objective without any has none.
    fn drop_out(&mut self, rates: &DropoutRates) {
        let _: &DropoutRates = rates;
    }

    /// How often the loss is evaluated for one value and gradient; an analytic gradient counts as the
    /// one evaluation it comes with.
    fn evaluations(&self) -> u64 {
        1
    }

    /// The loss over training rows `rows` at `params`, and its gradient.
    ///
    /// `gradient` is overwritten; penalties are included in both. `step`, the number of updates done,
    /// keys whatever is random in the model. Does not allocate.
    ///
    /// # Panics
    /// If a row does not exist or a slice is shorter than the layout.
    fn value_and_gradient(
        &mut self,
        params: &[R],
        rows: &[u32],
        step: u64,
        gradient: &mut [R],
    ) -> Values<R>;

    /// What an update needs of [`Objective::value_and_gradient`], whose gradient it writes, bit for bit.
    ///
    /// # Panics
    /// If a row does not exist or a slice is shorter than the layout.
    fn descend(&mut self, params: &[R], rows: &[u32], step: u64, gradient: &mut [R]) -> Descent<R> {
        let values = self.value_and_gradient(params, rows, step, gradient);
        Descent { shown: values.shown, is_finite: values.loss.is_finite() }
    }

    /// The loss alone, as [`Objective::value_and_gradient`] gives it for the same rows and step.
    ///
    /// # Panics
    /// If a row does not exist or `params` is shorter than the layout.
    fn value(&mut self, params: &[R], rows: &[u32], step: u64) -> Values<R>;

    /// Everything measured at `params`, over all training rows and all held-out rows. Noise-free.
    fn evaluate(&mut self, params: &[R]) -> Evaluation;

    /// As [`Objective::evaluate`], and the noise of the gradients of batches of `batch_rows` rows
    /// where there are batches.
    fn measure(&mut self, params: &[R], batch_rows: usize) -> Evaluation {
        // Nothing is known of batches here.
        let _: usize = batch_rows;
        self.evaluate(params)
    }

    /// [`Evaluation::full_loss`] at `params` and nothing else, by the shortest way there is: the last
    /// digits may differ.
    ///
    /// # Panics
    /// If `params` is shorter than the layout.
    fn full_loss(&mut self, params: &[R]) -> f64 {
        self.evaluate(params).full_loss
    }

    /// What the units of each hidden layer get in training rows `rows` at `params`, before their
    /// activation: first layer first; nothing where there are none. Nothing is silenced.
    ///
    /// # Panics
    /// If a row does not exist or `params` is shorter than the layout.
    fn layer_sums(&mut self, params: &[R], rows: &[u32]) -> Vec<LayerSums> {
        let _: (&[R], &[u32]) = (params, rows);
        Vec::new()
    }

    /// The activations (probabilities of classes, or values) for rows of *unscaled* features; `None`
    /// on a surface, or if rows are not as wide as the data.
    fn predict(&mut self, params: &[R], features: ArrayView2<'_, f64>) -> Option<Outputs>;

    /// The dense layers, from input to output; none on a surface.
    fn parts(&self) -> Vec<DensePart> {
        Vec::new()
    }

    /// As [`Objective::predict`], and before a row's activations what the units `shown` of each hidden
    /// layer say, first layer first; none of a layer beyond the last range.
    fn units(
        &mut self,
        params: &[R],
        features: ArrayView2<'_, f64>,
        shown: &[Range<usize>],
    ) -> Option<Outputs> {
        let _: (&[R], ArrayView2<'_, f64>, &[Range<usize>]) = (params, features, shown);
        None
    }

    /// Gathers what the layers say in `rows[part]`, and what those rows give of the gradient over
    /// `rows`, by the chain rule; with the last part come the penalties. Nothing is silenced. Parts are
    /// gathered in order.
    ///
    /// # Panics
    /// If a row does not exist or `params` is shorter than the layout.
    fn gather(&mut self, params: &[R], rows: &[u32], part: Range<usize>, inside: &mut Inside) {
        let _: (&[R], &[u32], Range<usize>, &mut Inside) = (params, rows, part, inside);
    }
}

/// What a batch gives beside its gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Values<R> {
    /// What is descended, penalties included.
    pub loss: R,
    /// What the curve records: the report without penalties, if one is named, else `loss`.
    pub shown: R,
}

/// What the units of a hidden layer get before their activation.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerSums {
    /// The layer, as the layout names it: `hidden1`.
    pub layer: String,
    /// Its activation's name in the file.
    pub activation: &'static str,
    /// The sums, row by row, a number a unit.
    pub sums: Vec<f64>,
}

/// What an update needs to know of a batch beside its gradient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descent<R> {
    /// What the curve records.
    pub shown: R,
    /// Whether what is descended, penalties included, is finite.
    pub is_finite: bool,
}

/// A model's activations for some rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Outputs {
    /// Row by row, `width` numbers each: the probability of class 1 for two classes, one probability a
    /// class for more, values for a regression.
    pub values: Vec<f64>,
    /// Numbers per row.
    pub width: usize,
}
