//! A plane through the parameters of a model.

use std::sync::Arc;

use crate::model::{ParamLayout, TensorKind};
use crate::numeric::{Noise, dot, euclidean_norm};
use crate::train::Place;

use super::super::microscope::parameter;
use super::eigen;

/// Places that the principal components are found of, all paths together.
const MOST_PLACES: usize = 96;

/// A plane through the parameters of a model: origin + x·first axis + y·second axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// How it was chosen.
    pub kind: SliceKind,
    origin: Arc<[f64]>,
    axes: [Arc<[f64]>; 2],
    /// (axis·axis)⁻¹, row by row: what turns products with the axes into coordinates.
    inverse: [f64; 3],
}

/// How a plane was chosen.
#[derive(Debug, Clone, PartialEq)]
pub enum SliceKind {
    /// The plane of the task's only two parameters.
    Whole,
    /// Principal components of the lanes' paths.
    Paths {
        /// The part of the variance of all places that each axis holds.
        explained: [f64; 2],
        /// How many places they were found of.
        places: usize,
    },
    /// Two random directions, because no lane has moved yet.
    Still,
    /// Two random directions, normalised by filters.
    Random {
        /// Their seed.
        seed: u64,
    },
    /// Two parameters.
    Parameters([usize; 2]),
}

/// A point of a plane, and how far from it what is shown there lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Its coordinates.
    pub at: [f64; 2],
    /// The distance from the plane, in the parameters' own unit.
    pub off: f64,
}

impl Slice {
    fn new(kind: SliceKind, origin: Arc<[f64]>, axes: [Vec<f64>; 2]) -> Option<Self> {
        let [a, b] = &axes;
        let (aa, ab, bb) = (dot(a, a), dot(a, b), dot(b, b));
        let area = aa * bb - ab * ab;
        let inverse = [bb / area, -ab / area, aa / area];
        let sound = area > 1e-20 * aa * bb && inverse.iter().all(|x| x.is_finite());
        sound.then(|| Self { kind, origin, axes: axes.map(Into::into), inverse })
    }

    /// The plane of a task's two parameters.
    #[must_use]
    pub fn whole() -> Self {
        let axes = [vec![1.0, 0.0], vec![0.0, 1.0]].map(Into::into);
        Self { kind: SliceKind::Whole, origin: [0.0, 0.0].into(), axes, inverse: [1.0, 0.0, 1.0] }
    }

    /// Along parameters `indices`, the others as at `origin`; none if they are not two of its parameters.
    #[must_use]
    pub fn of_parameters(origin: &[f64], indices: [usize; 2]) -> Option<Self> {
        let [i, j] = indices;
        if i == j || i.max(j) >= origin.len() {
            return None;
        }
        let axis = |index: usize| {
            let mut axis = vec![0.0; origin.len()];
            axis[index] = 1.0;
            axis
        };
        // The two themselves count from 0, so that the axes say what they are.
        let mut zeroed = origin.to_vec();
        (zeroed[i], zeroed[j]) = (0.0, 0.0);
        Self::new(SliceKind::Parameters(indices), zeroed.into(), [axis(i), axis(j)])
    }

    /// Along two random directions around `origin`, normalised by filters; none where all weights are 0.
    #[must_use]
    pub fn random(origin: &[f64], layout: &ParamLayout, seed: u64) -> Option<Self> {
        let axes = [0, 1].map(|which| filter_normalised(origin, layout, seed, which));
        Self::new(SliceKind::Random { seed }, origin.into(), axes)
    }

    /// The same, where no lane has moved yet.
    #[must_use]
    pub fn still(origin: &[f64], layout: &ParamLayout) -> Option<Self> {
        Some(Self { kind: SliceKind::Still, ..Self::random(origin, layout, 0)? })
    }

    /// Through paths, each a list of places, by the principal components of all that are finite: the plane
    /// that holds most of their variance. None if they do not move.
    ///
    /// A component has two sides to choose from; the first place of all lies on the lower one, so that the
    /// first path sets out at the left and below, whichever planes there were before. Where that place lies in
    /// the middle of a component, the largest number of it is above 0.
    #[must_use]
    pub fn through(paths: &[&[Place]], layout: &ParamLayout) -> Option<Self> {
        let chosen = choose(paths);
        let count = chosen.len();
        let len = layout.len();
        let mut mean = vec![0.0; len];
        for place in &chosen {
            mean.iter_mut().zip(*place).for_each(|(m, x)| *m += x / count as f64);
        }
        let centred: Vec<Vec<f64>> = chosen
            .iter()
            .map(|place| place.iter().zip(&mean).map(|(x, m)| x - m).collect())
            .collect();
        let mut gram = vec![0.0; count * count];
        for i in 0..count {
            for j in 0..=i {
                let product = dot(&centred[i], &centred[j]);
                (gram[i * count + j], gram[j * count + i]) = (product, product);
            }
        }
        let total: f64 = (0..count).map(|i| gram[i * count + i]).sum();
        if !(total.is_finite() && total > 1e-24 * dot(&mean, &mean).max(1e-6)) {
            return None;
        }
        let found = eigen(gram, count);
        let axis = |(value, weights): &(f64, Vec<f64>)| {
            let mut axis = vec![0.0; len];
            for (place, weight) in centred.iter().zip(weights) {
                axis.iter_mut().zip(place).for_each(|(a, x)| *a += weight * x / value.sqrt());
            }
            axis
        };
        let first = axis(found.first()?);
        let second = match found.get(1).filter(|second| second.0 > 1e-10 * found[0].0) {
            Some(second) => axis(second),
            // On a straight way any direction across it does.
            None => across(&first, &filter_normalised(&mean, layout, 0, 1))?,
        };
        let explained = [0, 1].map(|k| found.get(k).map_or(0.0, |one| one.0.max(0.0) / total));
        let kind = SliceKind::Paths { explained, places: count };
        let axes = [first, second].map(|axis| turned(axis, &centred[0]));
        Self::new(kind, mean.into(), axes)
    }

    /// How many parameters it goes through.
    #[must_use]
    pub fn len(&self) -> usize {
        self.origin.len()
    }

    /// Whether it goes through none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origin.is_empty()
    }

    /// The parameters at a point.
    #[must_use]
    pub fn point(&self, at: [f64; 2]) -> Vec<f64> {
        let mut params = vec![0.0; self.len()];
        self.write_point(at, &mut params);
        params
    }

    pub(super) fn write_point(&self, [x, y]: [f64; 2], out: &mut [f64]) {
        let along = self.axes[0].iter().zip(&*self.axes[1]);
        for ((out, origin), (a, b)) in out.iter_mut().zip(&*self.origin).zip(along) {
            *out = origin + x * a + y * b;
        }
    }

    /// The point of the plane that is nearest to `params`; none of a model of another size.
    #[must_use]
    pub fn spot(&self, params: &[f64]) -> Option<Spot> {
        if params.len() != self.len() {
            return None;
        }
        let far: Vec<f64> =
            params.iter().zip(&*self.origin).map(|(x, origin)| x - origin).collect();
        let at = self.coordinates(&far);
        let along = self.axes[0].iter().zip(&*self.axes[1]);
        let off: f64 =
            far.iter().zip(along).map(|(far, (a, b))| (far - at[0] * a - at[1] * b).powi(2)).sum();
        Some(Spot { at, off: off.sqrt() })
    }

    /// What a vector is along the plane; none of a model of another size.
    #[must_use]
    pub fn shadow(&self, vector: &[f64]) -> Option<[f64; 2]> {
        (vector.len() == self.len()).then(|| self.coordinates(vector))
    }

    /// How wide accumulated squares reach along each axis: √Σ aᵢ²·vᵢ, of an axis of length one.
    #[must_use]
    pub fn reach(&self, squares: &[f64]) -> Option<[f64; 2]> {
        let reach = |axis: &[f64]| {
            let sum: f64 = axis.iter().zip(squares).map(|(a, v)| a * a * v.max(0.0)).sum();
            (sum / dot(axis, axis)).sqrt()
        };
        (squares.len() == self.len()).then(|| [reach(&self.axes[0]), reach(&self.axes[1])])
    }

    /// What the axes are called.
    #[must_use]
    pub fn names(&self, layout: &ParamLayout) -> [String; 2] {
        let named = |index: usize| {
            parameter(layout, index).map_or_else(|| index.to_string(), |found| found.to_string())
        };
        let is_surface = layout.tensors.iter().any(|tensor| tensor.kind == TensorKind::Position);
        match &self.kind {
            SliceKind::Whole if is_surface => ["x".to_owned(), "y".to_owned()],
            SliceKind::Whole => [named(0), named(1)],
            SliceKind::Parameters(indices) => indices.map(named),
            SliceKind::Paths { explained, .. } => {
                let name =
                    |k: usize| format!("component {} ({:.1} %)", k + 1, explained[k] * 100.0);
                [name(0), name(1)]
            }
            SliceKind::Still | SliceKind::Random { .. } => {
                ["direction 1".to_owned(), "direction 2".to_owned()]
            }
        }
    }

    fn coordinates(&self, far: &[f64]) -> [f64; 2] {
        let (x, y) = (dot(&self.axes[0], far), dot(&self.axes[1], far));
        let [p, q, r] = self.inverse;
        [p * x + q * y, q * x + r * y]
    }
}

/// A random direction of the shape of a model, each row of weights (all that goes into one unit) as long
/// as the model's own there; along biases and gains it does not go. `which` tells directions of one seed
/// apart.
#[must_use]
pub fn filter_normalised(params: &[f64], layout: &ParamLayout, seed: u64, which: u64) -> Vec<f64> {
    let pairs = (0..layout.len().div_ceil(2)).map(|pair| pair as u32);
    let mut direction: Vec<f64> = pairs
        .flat_map(|pair| Noise::Direction.normal_pair(seed, which, pair))
        .take(layout.len())
        .collect();
    for tensor in &layout.tensors {
        if tensor.kind != TensorKind::Weights {
            direction[tensor.range()].fill(0.0);
            continue;
        }
        let rows = direction[tensor.range()].chunks_exact_mut(tensor.cols.max(1));
        for (drawn, own) in rows.zip(params[tensor.range()].chunks_exact(tensor.cols.max(1))) {
            let scale = euclidean_norm(own) / euclidean_norm(drawn).max(f64::MIN_POSITIVE);
            for x in drawn {
                *x *= scale;
            }
        }
    }
    direction
}

/// The places that principal components are found of, spread evenly over all paths.
fn choose<'a>(paths: &[&'a [Place]]) -> Vec<&'a [f64]> {
    let each = (MOST_PLACES / paths.len().max(1)).max(2);
    let mut chosen: Vec<&[f64]> = Vec::new();
    for path in paths.iter().filter(|path| !path.is_empty()) {
        let count = path.len().min(each);
        let last = path.len() - 1;
        chosen.extend((0..count).map(|i| &*path[i * last / (count - 1).max(1)].1));
    }
    chosen.retain(|place| place.iter().all(|x| x.is_finite()));
    chosen
}

/// The part of `other` across `axis`, of length one.
fn across(axis: &[f64], other: &[f64]) -> Option<Vec<f64>> {
    let along = dot(axis, other);
    let mut rest: Vec<f64> = other.iter().zip(axis).map(|(x, a)| x - along * a).collect();
    let length = euclidean_norm(&rest);
    for x in &mut rest {
        *x /= length;
    }
    (length > 0.0).then_some(rest)
}

/// An axis turned so that `start`, as seen from the middle, lies on its lower side; where it lies in the
/// middle, so that the axis' largest number is above 0.
fn turned(mut axis: Vec<f64>, start: &[f64]) -> Vec<f64> {
    let along = dot(&axis, start);
    let is_told = along.abs() > 1e-6 * euclidean_norm(&axis) * euclidean_norm(start);
    let largest = |m: f64, x: f64| if x.abs() > m.abs() { x } else { m };
    let side = if is_told { -along } else { axis.iter().copied().fold(0.0, largest) };
    if side < 0.0 {
        for x in &mut axis {
            *x = -*x;
        }
    }
    axis
}
