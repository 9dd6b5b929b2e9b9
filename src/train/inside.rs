//! A look inside a model where it stands: what its layers say, how their parameters, activations and
//! gradients are spread, which units are dead, and how far the last update moved each.
//!
//! Invariant: looking changes no number of the trainer. What is found depends on plan, state and the
//! last update alone, not on how much is looked at at once.

use std::ops::Range;

use ndarray::ArrayView2;

use crate::metrics::Histogram;
use crate::model::DensePart;
use crate::objective::{Inside, Outputs};
use crate::optim::Tabled;

use super::{AnyTrainer, Trainer};

/// Training rows looked at, at most: evenly spread over the file.
const MOST_ROWS: usize = 256;
/// Numbers multiplied in one look, about: what is done at once is done in a few milliseconds.
const AT_ONCE: usize = 1 << 19;
/// Numbers multiplied in all looks, about: a large network is looked at on fewer rows.
const IN_ALL: usize = 1 << 25;
/// Rows looked at, at least.
const LEAST_ROWS: usize = 16;

/// All dense layers of a model at one step.
#[derive(Debug, Clone, PartialEq)]
pub struct LayersInside {
    /// From input to output.
    pub layers: Vec<LayerInside>,
    /// Training rows that activations and gradients are of.
    pub rows: usize,
    /// Whether those are all training rows.
    pub is_all: bool,
}

/// One dense layer at one step.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerInside {
    /// The layer.
    pub part: DensePart,
    /// Its weights.
    pub weights: Histogram,
    /// What its units say, after the activation; in the output layer after the link.
    pub activations: Histogram,
    /// The gradient by its weights, penalties included.
    pub gradients: Histogram,
    /// ‖Δw‖ / ‖w‖ of its weights in the last update; none where that is not known: before the first
    /// update, and where a state was restored.
    pub update_ratio: Option<f64>,
    /// Units whose output is 0 in every row looked at; none in a layer that does not rectify.
    pub dead: Option<usize>,
}

/// A look inside that is being taken.
#[derive(Debug)]
pub(super) struct Look {
    parts: Vec<DensePart>,
    params: Vec<f64>,
    moves: Option<Vec<f64>>,
    rows: Vec<u32>,
    is_all: bool,
    /// Rows done, and rows to do at once.
    next: usize,
    each: usize,
    inside: Inside,
    done: Vec<LayerInside>,
}

impl Look {
    /// Of a model with these layers and parameters, trained on so many rows; `moves` as
    /// [`Trainer::last_moves`] gives them. None without layers.
    pub(super) fn new(
        (parts, params): (Vec<DensePart>, Vec<f64>),
        moves: Option<Vec<f64>>,
        all: usize,
    ) -> Option<Self> {
        let size = params.len().max(1);
        let count = all.min((IN_ALL / size).clamp(LEAST_ROWS, MOST_ROWS));
        let rows = (0..count).map(|i| (i * all / count) as u32).collect();
        let each = (AT_ONCE / size).clamp(1, MOST_ROWS);
        let is_all = count == all;
        (!parts.is_empty() && count > 0).then(|| Self {
            parts,
            params,
            moves,
            rows,
            is_all,
            next: 0,
            each,
            inside: Inside::default(),
            done: Vec::new(),
        })
    }

    /// Goes on, by some rows or by a layer. `gather` asks the model. What was found, at the end.
    pub(super) fn go_on(
        &mut self,
        gather: impl FnOnce(&[u32], Range<usize>, &mut Inside),
    ) -> Option<LayersInside> {
        if self.next < self.rows.len() {
            let end = (self.next + self.each).min(self.rows.len());
            gather(&self.rows, self.next..end, &mut self.inside);
            self.next = end;
            return None;
        }
        let layer = self.layer(self.done.len());
        self.done.push(layer);
        (self.done.len() == self.parts.len()).then(|| LayersInside {
            layers: std::mem::take(&mut self.done),
            rows: self.rows.len(),
            is_all: self.is_all,
        })
    }

    fn layer(&self, at: usize) -> LayerInside {
        let part = self.parts[at].clone();
        let weights = &self.params[part.weights.clone()];
        let gradients = self.inside.gradient.get(part.weights.clone()).unwrap_or_default();
        let said = self.inside.activations.get(at).map_or(&[][..], Vec::as_slice);
        let moved = self.moves.as_ref().and_then(|moves| moves.get(at));
        let length = weights.iter().map(|w| w * w).sum::<f64>().sqrt();
        let silent = |unit: &usize| {
            said.iter().skip(*unit).step_by(part.units).all(|activation| *activation == 0.0)
        };
        LayerInside {
            weights: Histogram::of(weights.iter().copied()),
            activations: Histogram::of(said.iter().map(|a| f64::from(*a))),
            gradients: Histogram::of(gradients.iter().copied()),
            update_ratio: moved.filter(|_| length > 0.0).map(|moved| moved / length),
            dead: part.rectifies.then(|| (0..part.units).filter(silent).count()),
            part,
        }
    }
}

impl<R: Tabled> Trainer<R> {
    /// The model's dense layers, from input to output; none on a surface.
    pub fn parts(&self) -> Vec<DensePart> {
        self.objective.parts()
    }

    /// As [`Trainer::predict`], and before a row's activations what the units `shown` of each hidden
    /// layer say.
    #[expect(clippy::needless_pass_by_value, reason = "views are handed on as views")]
    pub fn units(
        &mut self,
        features: ArrayView2<'_, f64>,
        shown: &[Range<usize>],
    ) -> Option<Outputs> {
        self.objective.units(&self.params, features, shown)
    }

    /// How far the last update moved the weights of each dense layer; none before the first, after it
    /// was taken back, and where a state was restored or touched by hand since.
    pub fn last_moves(&self) -> Option<Vec<f64>> {
        let is_known = self.step() > 0 && self.moved.is_none() && !self.has_diverged();
        is_known.then(|| {
            let far = |part: DensePart| {
                let now = &self.params[part.weights.clone()];
                let pairs = now.iter().zip(&self.kept[part.weights]);
                pairs.map(|(a, b)| (a.to_f64() - b.to_f64()).powi(2)).sum::<f64>().sqrt()
            };
            self.parts().into_iter().map(far).collect()
        })
    }

    fn gather(&mut self, rows: &[u32], part: Range<usize>, inside: &mut Inside) {
        self.objective.gather(&self.params, rows, part, inside);
    }
}

impl AnyTrainer {
    /// The model's dense layers, from input to output; none on a surface.
    pub fn parts(&self) -> Vec<DensePart> {
        match self {
            Self::F32(t) => t.parts(),
            Self::F64(t) => t.parts(),
        }
    }

    /// Activations unit by unit, for unscaled feature rows; see [`Trainer::units`].
    #[expect(clippy::needless_pass_by_value, reason = "views are handed on as views")]
    pub fn units(
        &mut self,
        features: ArrayView2<'_, f64>,
        shown: &[Range<usize>],
    ) -> Option<Outputs> {
        match self {
            Self::F32(t) => t.units(features, shown),
            Self::F64(t) => t.units(features, shown),
        }
    }

    /// How far the last update moved the weights of each dense layer; see [`Trainer::last_moves`].
    pub fn last_moves(&self) -> Option<Vec<f64>> {
        match self {
            Self::F32(t) => t.last_moves(),
            Self::F64(t) => t.last_moves(),
        }
    }

    /// How many training rows there are; 1 on a surface.
    pub fn train_rows(&self) -> usize {
        match self {
            Self::F32(t) => t.rows.len(),
            Self::F64(t) => t.rows.len(),
        }
    }

    pub(super) fn gather(&mut self, rows: &[u32], part: Range<usize>, inside: &mut Inside) {
        match self {
            Self::F32(t) => t.gather(rows, part, inside),
            Self::F64(t) => t.gather(rows, part, inside),
        }
    }
}
