//! What generators share: their common fields, names of features and classes, shuffling.

use ndarray::{Array1, Array2};

use crate::catalog::{Chosen, Field, Given, Interval, Kind, Scale};
use crate::data::limits::MAX_ROWS;
use crate::data::{DataError, Dataset, Sources, Targets};
use crate::numeric::RandomState;

/// The field `samples`.
pub(super) const fn samples(default: u64) -> Field {
    Field {
        name: "samples",
        label: "Samples",
        meaning: "How many rows are made. More rows mean more updates an epoch and calmer results.",
        kind: Kind::Integer { min: 1, max: MAX_ROWS, scale: Scale::Log(10.0, 10_000.0) },
        default: Given::Integer(default),
        live: false,
    }
}

/// The field `seed`.
pub(super) const SEED: Field = Field {
    name: "seed",
    label: "Seed",
    meaning: "Which of the many possible random sets is made. The same seed gives the same rows, \
              here and in NumPy.",
    kind: Kind::Integer { min: 0, max: u64::MAX, scale: Scale::Linear(0.0, 100.0) },
    default: Given::Integer(0),
    live: false,
};

/// The field `noise`, meaning what `meaning` says.
pub(super) const fn noise(default: f64, meaning: &'static str) -> Field {
    Field {
        name: "noise",
        label: "Noise",
        meaning,
        kind: Kind::Number(Interval::closed(0.0, 1e6), Scale::Linear(0.0, 1.0)),
        default: Given::Number(default),
        live: false,
    }
}

/// The generator of the source's field `seed`.
pub(super) fn generator(source: &Chosen<Sources>) -> RandomState {
    RandomState::from_seed(source.integer("seed"))
}

/// A dataset of classes called 0, 1, …, with features called x1, x2, ….
pub(super) fn classes(
    source: &Chosen<Sources>,
    features: Array2<f64>,
    labels: Vec<usize>,
    classes: usize,
) -> Result<Dataset, DataError> {
    let targets = Targets::Classes {
        labels: Array1::from_vec(labels),
        names: (0..classes).map(|class| class.to_string()).collect(),
    };
    let names = numbered("x", features.ncols());
    Dataset::new(source.entry().label.to_owned(), features, names, targets)
}

/// The names prefix1, prefix2, ….
pub(super) fn numbered(prefix: &str, count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("{prefix}{number}")).collect()
}

/// Refuses fewer samples than `needed`, which is what `what` counts.
pub(super) fn needs_samples(
    source: &Chosen<Sources>,
    needed: u64,
    what: &str,
) -> Result<(), DataError> {
    let samples = source.integer("samples");
    if samples >= needed {
        return Ok(());
    }
    Err(DataError::NotAllowed {
        field: "samples",
        found: samples.to_string(),
        allowed: format!("a whole number of at least {needed}, {what}"),
    })
}

/// Puts rows and labels into the random order of scikit-learn's `shuffle`.
pub(super) fn shuffled(
    generator: &mut RandomState,
    features: &Array2<f64>,
    labels: &[usize],
) -> (Array2<f64>, Vec<usize>) {
    let order = generator.permutation(labels.len());
    let features = features.select(ndarray::Axis(0), &order);
    (features, order.iter().map(|&row| labels[row]).collect())
}

/// How many samples the first and the second of two classes get.
pub(super) fn halves(source: &Chosen<Sources>) -> (usize, usize) {
    let samples = source.integer("samples") as usize;
    (samples / 2, samples - samples / 2)
}

/// NumPy's `linspace(0, stop, count, endpoint)`.
pub(super) fn linspace(stop: f64, count: usize, endpoint: bool) -> impl Iterator<Item = f64> {
    let gaps = if endpoint { count.saturating_sub(1) } else { count };
    let step = stop / gaps.max(1) as f64;
    (0..count).map(
        move |index| {
            if endpoint && index > 0 && index == gaps { stop } else { index as f64 * step }
        },
    )
}

/// Two classes of points in the plane, shuffled, with the source's noise added: the end of
/// scikit-learn's `make_moons` and `make_circles`.
pub(super) fn noisy_pair(
    source: &Chosen<Sources>,
    first: impl Iterator<Item = [f64; 2]>,
    second: impl Iterator<Item = [f64; 2]>,
) -> Result<Dataset, DataError> {
    let labelled: Vec<([f64; 2], usize)> =
        first.map(|point| (point, 0)).chain(second.map(|point| (point, 1))).collect();
    let features =
        Array2::from_shape_fn((labelled.len(), 2), |(row, column)| labelled[row].0[column]);
    let labels: Vec<usize> = labelled.iter().map(|(_, label)| *label).collect();
    shuffled_with_noise(source, &features, &labels, 2)
}

/// Rows in a random order, with the source's noise added.
pub(super) fn shuffled_with_noise(
    source: &Chosen<Sources>,
    features: &Array2<f64>,
    labels: &[usize],
    count: usize,
) -> Result<Dataset, DataError> {
    let mut generator = generator(source);
    let (mut features, labels) = shuffled(&mut generator, features, labels);
    add_noise(source, &mut generator, &mut features);
    classes(source, features, labels, count)
}

/// Adds normal noise of the standard deviation that the source's field `noise` gives; draws nothing
/// if it is zero.
pub(super) fn add_noise(
    source: &Chosen<Sources>,
    generator: &mut RandomState,
    numbers: &mut Array2<f64>,
) {
    let noise = source.number("noise");
    if noise > 0.0 {
        numbers.mapv_inplace(|x| x + generator.normal(0.0, noise));
    }
}
