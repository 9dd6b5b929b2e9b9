//! The rates of a network's dropout layers: what of a model can be turned while it is trained.
//!
//! A layer goes by its place among the hidden layers of its [`ModelSpec`], counted from 0.
//! Deliberately not here: what dropout does (`layers::dropout`), which rates there can be
//! ([`LayerSpec::is_rate`]).

use super::{LayerSpec, ModelSpec};

/// The rate of each dropout layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DropoutRates(Vec<(usize, f64)>);

impl DropoutRates {
    /// As a model has them.
    #[must_use]
    pub fn of(model: &ModelSpec) -> Self {
        let rate = |(layer, spec): (usize, &LayerSpec)| match spec {
            LayerSpec::Dropout { rate } => Some((layer, *rate)),
            LayerSpec::Dense { .. } | LayerSpec::LayerNorm => None,
        };
        Self(model.hidden.iter().enumerate().filter_map(rate).collect())
    }

    /// The rate of the hidden layer at this place; `None` if it is no dropout layer.
    #[must_use]
    pub fn get(&self, layer: usize) -> Option<f64> {
        self.iter().find_map(|(at, rate)| (at == layer).then_some(rate))
    }

    /// Turns a rate. Nothing happens if the layer is no dropout layer.
    pub fn set(&mut self, layer: usize, rate: f64) {
        if let Some((_, own)) = self.0.iter_mut().find(|(at, _)| *at == layer) {
            *own = rate;
        }
    }

    /// Each dropout layer's place and rate, from the input on.
    pub fn iter(&self) -> impl Iterator<Item = (usize, f64)> {
        self.0.iter().copied()
    }

    /// The same model with these rates.
    #[must_use]
    pub fn in_model(&self, model: &ModelSpec) -> ModelSpec {
        let mut model = model.clone();
        for (layer, spec) in model.hidden.iter_mut().enumerate() {
            if let (LayerSpec::Dropout { rate }, Some(own)) = (spec, self.get(layer)) {
                *rate = own;
            }
        }
        model
    }
}
