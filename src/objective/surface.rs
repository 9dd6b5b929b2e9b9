//! A surface as an objective: two parameters, no data.
//!
//! Invariant: the noise on a gradient is a function of seed and step alone. It is added to gradients,
//! never to values. Deliberately not here: the functions themselves.

use ndarray::ArrayView2;

use crate::catalog::Chosen;
use crate::model::{ParamLayout, TensorKind};
use crate::numeric::{Noise, Real, euclidean_norm};

use super::surfaces::SurfaceFunction;
use super::{Evaluation, Objective, Outputs, Surfaces, Values};

/// An analytic function of two variables, with noise on its gradient if wanted.
#[derive(Debug, Clone)]
pub struct SurfaceObjective<R> {
    function: SurfaceFunction<R>,
    layout: ParamLayout,
    noise: f64,
    noise_seed: u64,
}

impl<R: Real> SurfaceObjective<R> {
    /// The chosen function; each gradient component gets normal noise of standard deviation `noise`.
    pub fn new(surface: &Chosen<Surfaces>, noise: f64, noise_seed: u64) -> Self {
        let mut layout = ParamLayout::default();
        layout.push("position", TensorKind::Weights, 1, 2);
        Self { function: SurfaceFunction::new(surface), layout, noise, noise_seed }
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
        step: u64,
        gradient: &mut [R],
    ) -> Values<R> {
        let (x, y) = (params[0], params[1]);
        gradient[..2].copy_from_slice(&self.function.gradient(x, y));
        if self.noise > 0.0 {
            let noise = Noise::Gradient.normal_pair(self.noise_seed, step);
            for (g, noise) in gradient.iter_mut().zip(noise) {
                *g += R::from_f64(self.noise * noise);
            }
        }
        let value = self.function.value(x, y);
        Values { loss: value, shown: value }
    }

    fn evaluate(&mut self, params: &[R]) -> Evaluation {
        let (x, y) = (params[0], params[1]);
        Evaluation {
            full_loss: self.function.value(x, y).to_f64(),
            gradient_norm: euclidean_norm(&self.function.gradient(x, y)).to_f64(),
            ..Evaluation::default()
        }
    }

    fn predict(&mut self, _: &[R], _: ArrayView2<'_, f64>) -> Option<Outputs> {
        None
    }
}
