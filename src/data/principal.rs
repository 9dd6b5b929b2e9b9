//! The first two principal components of rows: the plane in which they differ most.
//!
//! As scikit-learn's `PCA(n_components=2)`: components of the centred rows, of length one, each with its
//! largest entry positive; shares are parts of the variance over all features. Rows of many features
//! ([`WHOLE`]) are asked for two directions only, by iteration of a block; its shares are the variance
//! along the directions found, whatever they are.
//!
//! Deliberately not here: scaling (rows come as a model sees them) and what is drawn on the plane.

use ndarray::{Array1, Array2, ArrayView1, Axis, s};

use super::{Scaler, Split};
use crate::numeric::{RandomState, symmetric_eigen};

/// Features up to which all components are computed.
const WHOLE: usize = 128;
/// Directions that are iterated together; the more, the sooner the first two are found.
const BLOCK: usize = 8;
/// Multiply-adds that iteration takes at most, beyond the rounds it always gets.
const MOST_WORK: f64 = 5e10;
const LEAST_ROUNDS: usize = 24;
/// An iterated direction is done when what is left of it is this part of the first variance.
const ENOUGH: f64 = 1e-10;
/// Rows that are looked at together.
const CHUNK: usize = 1024;

/// The plane in which rows differ most.
#[derive(Debug, Clone, PartialEq)]
pub struct Principal {
    /// The mean of the rows, one number a feature.
    pub mean: Vec<f64>,
    /// The two directions, one number a feature each.
    pub components: [Vec<f64>; 2],
    /// Which parts of all variance lie along them.
    pub shares: [f64; 2],
}

/// A plane through the space of features, in the data's own units: origin + x · across + y · up.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Where x and y are 0; one number a feature, as in the others.
    pub origin: Vec<f64>,
    /// What a step of one along x adds.
    pub across: Vec<f64>,
    /// What a step of one along y adds.
    pub up: Vec<f64>,
}

impl Span {
    /// Puts the row at a place of the plane into `row`.
    pub fn fill(&self, row: &mut [f64], x: f64, y: f64) {
        let directions = self.across.iter().zip(&self.up);
        for ((value, origin), (across, up)) in row.iter_mut().zip(&self.origin).zip(directions) {
            *value = origin + x * across + y * up;
        }
    }
}

impl Principal {
    /// The components of the training rows, scaled as they are trained on.
    pub fn of_split(split: &Split) -> Option<Self> {
        Self::of(&split.train.features)
    }

    /// The components of some rows; none of fewer than two features or rows, or of numbers too large
    /// to be squared.
    pub fn of(rows: &Array2<f64>) -> Option<Self> {
        if rows.ncols() < 2 || rows.nrows() < 2 {
            return None;
        }
        let mean = rows.mean_axis(Axis(0))?;
        let all = variance(rows, &mean);
        let found = if rows.ncols() <= WHOLE {
            components(&covariance(rows, &mean))?
        } else {
            leading(rows, &mean)?
        };
        let part = |variance: f64| if all > 0.0 { (variance / all).clamp(0.0, 1.0) } else { 0.0 };
        let [(first, across), (second, up)] = found;
        let shares = [part(first), part(second)];
        let is_finite = all.is_finite() && across.iter().chain(&up).all(|x| x.is_finite());
        is_finite.then(|| Self { mean: mean.to_vec(), components: [across, up], shares })
    }

    /// Where one of some scaled rows lies on the plane.
    pub fn project(&self, rows: &Array2<f64>, row: usize) -> [f64; 2] {
        let along = |component: &Vec<f64>| {
            let terms = rows.row(row).into_iter().zip(&self.mean).zip(component);
            terms.map(|((x, mean), c)| (x - mean) * c).sum()
        };
        [along(&self.components[0]), along(&self.components[1])]
    }

    /// The plane in the units of unscaled rows.
    pub fn span(&self, scaler: Option<&Scaler>) -> Span {
        let [across, up] = &self.components;
        let Some(Scaler { shift, scale }) = scaler else {
            return Span { origin: self.mean.clone(), across: across.clone(), up: up.clone() };
        };
        let stretched =
            |direction: &[f64]| direction.iter().zip(scale).map(|(d, s)| d * s).collect();
        let origin = self.mean.iter().zip(scale).zip(shift).map(|((m, s), shift)| m * s + shift);
        Span { origin: origin.collect(), across: stretched(across), up: stretched(up) }
    }
}

/// A variance and its direction.
type Direction = (f64, Vec<f64>);

fn centred(rows: &Array2<f64>, mean: &Array1<f64>) -> impl Iterator<Item = Array2<f64>> {
    (0..rows.nrows()).step_by(CHUNK).map(move |from| {
        let to = (from + CHUNK).min(rows.nrows());
        &rows.slice(s![from..to, ..]) - mean
    })
}

/// The sum of all features' variances.
fn variance(rows: &Array2<f64>, mean: &Array1<f64>) -> f64 {
    let squares = centred(rows, mean).map(|part| part.iter().map(|x| x * x).sum::<f64>());
    squares.sum::<f64>() / rows.nrows() as f64
}

fn covariance(rows: &Array2<f64>, mean: &Array1<f64>) -> Array2<f64> {
    let width = rows.ncols();
    let products = centred(rows, mean).map(|part| part.t().dot(&part));
    products.fold(Array2::zeros((width, width)), |sum, part| sum + part) / rows.nrows() as f64
}

fn components(matrix: &Array2<f64>) -> Option<[Direction; 2]> {
    let numbers: Vec<f64> = matrix.iter().copied().collect();
    let found = symmetric_eigen(&numbers, matrix.nrows())?;
    let mut directions = found.values.into_iter().zip(found.vectors);
    Some([directions.next()?, directions.next()?])
}

/// The two leading directions by iteration: a block of directions is multiplied by the covariance, which
/// is never formed, and turned to its own principal axes, until the first two stay where they are.
fn leading(rows: &Array2<f64>, mean: &Array1<f64>) -> Option<[Direction; 2]> {
    let (count, width) = rows.dim();
    let block = BLOCK.min(width);
    let mut random = RandomState::new(0);
    let mut basis =
        orthonormal(Array2::from_shape_fn((width, block), |_| random.standard_normal()))?;
    let a_round = 2.0 * count as f64 * width as f64 * block as f64;
    let rounds = LEAST_ROUNDS.max((MOST_WORK / a_round) as usize).min(2000);
    for round in 1..=rounds {
        let products = centred(rows, mean).map(|part| part.t().dot(&part.dot(&basis)));
        let product =
            products.fold(Array2::zeros((width, block)), |sum, part| sum + part) / count as f64;
        let within = basis.t().dot(&product);
        let numbers: Vec<f64> = within.iter().copied().collect();
        let found = symmetric_eigen(&numbers, block)?;
        let turn = Array2::from_shape_fn((block, block), |(i, j)| found.vectors[j][i]);
        let (axes, images) = (basis.dot(&turn), product.dot(&turn));
        let left = (0..2).map(|i| {
            let off = &images.column(i) - &(&axes.column(i) * found.values[i]);
            off.dot(&off).sqrt()
        });
        if round == rounds || left.fold(0.0, f64::max) <= ENOUGH * found.values[0] {
            let direction = |i: usize| (found.values[i], upright(&axes.column(i)));
            return Some([direction(0), direction(1)]);
        }
        basis = orthonormal(images)?;
    }
    None
}

/// The columns made orthonormal one after the other, each twice for the digits' sake; a column without
/// anything of its own becomes the next axis that has.
fn orthonormal(mut columns: Array2<f64>) -> Option<Array2<f64>> {
    let (width, count) = columns.dim();
    let mut axis = 0;
    for i in 0..count {
        loop {
            let before = columns.column(i).dot(&columns.column(i)).sqrt();
            for j in (0..i).chain(0..i) {
                let along = columns.column(j).dot(&columns.column(i));
                let shadow = &columns.column(j) * along;
                columns.column_mut(i).zip_mut_with(&shadow, |x, s| *x -= s);
            }
            let length = columns.column(i).dot(&columns.column(i)).sqrt();
            if !length.is_finite() {
                return None;
            }
            if length > 0.0 && length >= 1e-12 * before {
                columns.column_mut(i).mapv_inplace(|x| x / length);
                break;
            }
            if axis == width {
                return None;
            }
            columns.column_mut(i).fill(0.0);
            columns[[axis, i]] = 1.0;
            axis += 1;
        }
    }
    Some(columns)
}

/// The direction with its largest entry positive.
fn upright(direction: &ArrayView1<'_, f64>) -> Vec<f64> {
    let largest =
        direction.iter().fold(0.0_f64, |most, x| if x.abs() > most.abs() { *x } else { most });
    let sign = if largest < 0.0 { -1.0 } else { 1.0 };
    direction.iter().map(|x| x * sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows whose features vary by the given deviations, turned so that none stands alone.
    fn rows(count: usize, deviations: &[f64]) -> Array2<f64> {
        let mut random = RandomState::new(3);
        let width = deviations.len();
        let turn = orthonormal(Array2::from_shape_fn((width, width), |_| random.standard_normal()))
            .expect("finite");
        let own = Array2::from_shape_fn((count, width), |(_, i)| {
            3.0 + deviations[i] * random.standard_normal()
        });
        own.dot(&turn.t())
    }

    #[test]
    fn iteration_finds_what_the_whole_matrix_says() {
        let deviations: Vec<f64> = (0..40).map(|i| 4.0 * 0.9_f64.powi(i)).collect();
        let rows = rows(300, &deviations);
        let mean = rows.mean_axis(Axis(0)).expect("there are rows");
        let whole = components(&covariance(&rows, &mean)).expect("finite");
        let found = leading(&rows, &mean).expect("finite");
        for ((variance, direction), (wanted, other)) in found.iter().zip(&whole) {
            assert!((variance / wanted - 1.0).abs() < 1e-9, "{variance} {wanted}");
            for (x, y) in direction.iter().zip(other) {
                assert!((x - y).abs() < 1e-7, "{x} {y}");
            }
        }
    }

    #[test]
    fn many_features_have_components_too() {
        let mut deviations = vec![0.1; WHOLE + 20];
        (deviations[0], deviations[1]) = (5.0, 3.0);
        let rows = rows(60, &deviations);
        let found = Principal::of(&rows).expect("finite");
        let [first, second] = found.shares;
        assert!(first > 0.6 && second > 0.15 && first + second < 1.0, "{first} {second}");
        let [across, up] = &found.components;
        let along: f64 = across.iter().zip(up).map(|(x, y)| x * y).sum();
        assert!(along.abs() < 1e-9, "at right angles: {along}");
    }

    #[test]
    fn rows_without_differences_have_a_plane_and_too_large_ones_none() {
        let same = Array2::from_elem((4, 3), 2.0);
        let found = Principal::of(&same).expect("a plane, if no particular one");
        assert_eq!(found.shares, [0.0, 0.0]);
        let wide = Array2::from_elem((4, WHOLE + 1), 2.0);
        assert_eq!(Principal::of(&wide).expect("a plane").shares, [0.0, 0.0]);
        let mut large = Array2::zeros((2, 2));
        large[[0, 0]] = 1e200;
        assert_eq!(Principal::of(&large), None);
        assert_eq!(Principal::of(&Array2::zeros((4, 1))), None, "one feature");
        assert_eq!(Principal::of(&Array2::zeros((1, 3))), None, "one row");
    }
}
