//! Round clouds of points around random centres: scikit-learn's `make_blobs`, bit for bit.

use ndarray::Array2;

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::data::limits::{MAX_FEATURES, check_size};
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources};

use super::common;

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "Blobs",
        label: "Blobs",
        summary: "Round clouds of points, one a class, around centres drawn at random.",
        details: "Each centre is drawn evenly from the box of −10 to 10 in every feature, then each \
                  point from a normal distribution around its centre. A small spread gives classes \
                  that a line can separate; a large one makes them overlap, and no model can then \
                  be right everywhere.",
        source: "scikit-learn, sklearn.datasets.make_blobs: the same rows bit for bit",
        fields: &[
            common::samples(100),
            Field {
                name: "features",
                label: "Features",
                meaning: "How many numbers a row has. Two can be drawn as points with regions.",
                kind: Kind::Integer { min: 1, max: MAX_FEATURES, scale: Scale::Log(1.0, 100.0) },
                default: Given::Integer(2),
                live: false,
            },
            Field {
                name: "centers",
                label: "Centres",
                meaning: "How many clouds, each a class of its own.",
                kind: Kind::Integer { min: 1, max: 1000, scale: Scale::Linear(2.0, 10.0) },
                default: Given::Integer(3),
                live: false,
            },
            Field {
                name: "std",
                label: "Spread",
                meaning: "The standard deviation of each cloud. Above about 3 the clouds overlap.",
                kind: Kind::Number(Interval::closed(0.0, 1e6), Scale::Linear(0.1, 6.0)),
                default: Given::Number(1.0),
                live: false,
            },
            common::SEED,
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "centre ~ uniform(−10, 10)\nx = centre + std · N(0, 1)",
            shines: "First tries: the classes are round, so the best boundary between two of them \
                is a straight line, and std alone says how hard the task is.",
            hurts: "Nothing here is curved: a hidden layer has nothing to show. Centres are drawn \
                blindly, so two clouds may fall on each other; another seed parts them.",
            differs: "Row for row scikit-learn's, with its default box of −10 to 10; an equal share \
                of the samples for each centre, the first ones get one more.",
            call: "sklearn.datasets.make_blobs(n_samples={samples}, n_features={features}, centers={centers}, cluster_std={std}, random_state={seed})",
            numpy: "\
def data():
    rng = np.random.RandomState({seed})
    centers = rng.uniform(-10, 10, size=({centers}, {features}))
    sizes = [{samples} // {centers} + (i < {samples} % {centers}) for i in range({centers})]
    X = np.concatenate([rng.normal(c, {std}, size=(n, {features})) for c, n in zip(centers, sizes)])
    y = np.repeat(np.arange({centers}), sizes)
    order = rng.permutation({samples})
    return X[order], y[order]
",
        }),
    },
    check,
    load,
};

fn check(source: &Chosen<Sources>) -> Result<(), DataError> {
    common::needs_samples(source, source.integer("centers"), "one a centre")?;
    check_size(Some("samples"), source.integer("samples"), source.integer("features"))
}

fn load(source: &Chosen<Sources>, _opener: &dyn Opener) -> Result<Dataset, DataError> {
    let samples = source.integer("samples") as usize;
    let width = source.integer("features") as usize;
    let centers = source.integer("centers") as usize;
    let std = source.number("std");
    let mut generator = common::generator(source);

    let center = Array2::from_shape_simple_fn((centers, width), || generator.uniform(-10.0, 10.0));
    let mut features = Array2::zeros((samples, width));
    let mut labels = Vec::with_capacity(samples);
    for class in 0..centers {
        let share = samples / centers + usize::from(class < samples % centers);
        for _ in 0..share {
            for (x, middle) in features.row_mut(labels.len()).iter_mut().zip(center.row(class)) {
                *x = generator.normal(*middle, std);
            }
            labels.push(class);
        }
    }
    let (features, labels) = common::shuffled(&mut generator, &features, &labels);
    common::classes(source, features, labels, centers)
}
