//! A bowl to train on until the objective's floor stands: the shapes the trainer asks for, with
//! x² + y² behind every task.

use std::sync::Arc;

use ndarray::ArrayView2;

use crate::catalog::Chosen;
use crate::data::{Split, Targets};
use crate::model::{Initializers, Losses, ModelSpec};
use crate::numeric::Real;
use crate::objective::{Evaluation, Regularize, Surfaces};

/// The layout of the parameter vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamLayout;

/// A network that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are no networks yet")]
pub struct ModelError;

/// Value of one batch.
#[derive(Debug, Clone, Copy)]
pub struct Values<R> {
    /// What is descended.
    pub loss: R,
    /// What the curve records.
    pub shown: R,
}

/// Outputs, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Outputs {
    /// The numbers.
    pub values: Vec<f64>,
    /// Numbers per row.
    pub width: usize,
}

/// Value and gradient of a flat vector.
pub trait Objective<R: Real>: Send + std::fmt::Debug {
    /// The layout of the vector.
    fn layout(&self) -> &ParamLayout;
    /// How many training rows.
    fn train_rows(&self) -> usize;
    /// Loss over `rows`, and its gradient.
    fn value_and_gradient(
        &mut self,
        params: &[R],
        rows: &[u32],
        step: u64,
        gradient: &mut [R],
    ) -> Values<R>;
    /// Everything measured at `params`.
    fn evaluate(&mut self, params: &[R]) -> Evaluation;
    /// Activations for unscaled rows.
    fn predict(&mut self, params: &[R], features: ArrayView2<'_, f64>) -> Option<Outputs>;
}

pub(super) struct Network;

impl Network {
    pub(super) fn new(
        _: usize,
        _: &ModelSpec,
        _: &Targets,
        _: &Chosen<Losses>,
    ) -> Result<Self, ModelError> {
        Err(ModelError)
    }
}

pub(super) fn initial_parameters(
    _: &Network,
    _: &Chosen<Initializers>,
    _: u64,
) -> Result<Vec<f64>, ModelError> {
    Err(ModelError)
}

#[derive(Debug)]
pub(super) struct Bowl<R> {
    zero: R,
}

pub(super) type Learning<R> = Bowl<R>;
pub(super) type SurfaceObjective<R> = Bowl<R>;

impl<R: Real> Bowl<R> {
    pub(super) fn new(_: &Chosen<Surfaces>, _: f64, _: u64) -> Self {
        Self { zero: R::ZERO }
    }

    pub(super) fn learning(
        _: Arc<Split>,
        _: &ModelSpec,
        _: &Chosen<Losses>,
        _: Option<&Chosen<Losses>>,
        _: Regularize,
    ) -> Result<Self, ModelError> {
        Err(ModelError)
    }
}

impl<R: Real> Objective<R> for Bowl<R> {
    fn layout(&self) -> &ParamLayout {
        &ParamLayout
    }

    fn train_rows(&self) -> usize {
        1
    }

    fn value_and_gradient(
        &mut self,
        params: &[R],
        _: &[u32],
        _: u64,
        gradient: &mut [R],
    ) -> Values<R> {
        let mut loss = self.zero;
        for (g, &x) in gradient.iter_mut().zip(params) {
            loss += x * x;
            *g = x + x;
        }
        Values { loss, shown: loss }
    }

    fn evaluate(&mut self, params: &[R]) -> Evaluation {
        let full_loss = params.iter().map(|x| x.to_f64() * x.to_f64()).sum();
        Evaluation { full_loss, ..Evaluation::default() }
    }

    fn predict(&mut self, _: &[R], _: ArrayView2<'_, f64>) -> Option<Outputs> {
        None
    }
}
