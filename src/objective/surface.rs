//! A surface as an objective: two parameters, no data.
//!
//! Deliberately not here: the functions themselves, and noise on gradients, which any lane can have.

use ndarray::ArrayView2;

use crate::catalog::Chosen;
use crate::model::{ParamLayout, TensorKind};
use crate::numeric::{Real, euclidean_norm};

use super::{Evaluation, Objective, Outputs, SurfaceFunction, Surfaces, Values};

/// An analytic function of two variables.
#[derive(Debug, Clone)]
pub struct SurfaceObjective<R> {
    function: SurfaceFunction<R>,
    layout: ParamLayout,
}

impl<R: Real> SurfaceObjective<R> {
    /// The chosen function.
    pub fn new(surface: &Chosen<Surfaces>) -> Self {
        let mut layout = ParamLayout::default();
        layout.push("position", TensorKind::Position, 1, 2);
        Self { function: SurfaceFunction::new(surface), layout }
    }
}

impl<R: Real> Objective<R> for SurfaceObjective<R> {
    fn layout(&self) -> &ParamLayout {
        &self.layout
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
        let (value, slopes) = self.function.value_and_gradient(params[0], params[1]);
        gradient[..2].copy_from_slice(&slopes);
        Values { loss: value, shown: value }
    }

    fn value(&mut self, params: &[R], _: &[u32], _: u64) -> Values<R> {
        let value = self.function.value(params[0], params[1]);
        Values { loss: value, shown: value }
    }

    fn evaluate(&mut self, params: &[R]) -> Evaluation {
        let (value, slopes) = self.function.value_and_gradient(params[0], params[1]);
        Evaluation {
            full_loss: value.to_f64(),
            gradient_norm: euclidean_norm(&slopes).to_f64(),
            parameter_norm: euclidean_norm(&params[..2]).to_f64(),
            ..Evaluation::default()
        }
    }

    fn predict(&mut self, _: &[R], _: ArrayView2<'_, f64>) -> Option<Outputs> {
        None
    }
}
