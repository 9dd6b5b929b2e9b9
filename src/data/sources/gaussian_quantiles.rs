//! One round cloud cut into rings of equal numbers: scikit-learn's `make_gaussian_quantiles`.

use ndarray::{Array2, ArrayView1, Axis};

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::data::limits::{MAX_FEATURES, check_size};
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources};

use super::common;

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "GaussianQuantiles",
        label: "Rings of a cloud",
        summary: "One round cloud around zero, cut into rings that hold equally many points.",
        details: "The class is the distance from the middle, so the boundaries are circles (in more \
                  features spheres) and touch: there is no gap between the classes. A linear model \
                  learns nothing here.",
        source: "scikit-learn, sklearn.datasets.make_gaussian_quantiles: the same rows within \
                 rounding",
        fields: &[
            common::samples(200),
            Field {
                name: "features",
                label: "Features",
                meaning: "How many numbers a row has.",
                kind: Kind::Integer { min: 1, max: MAX_FEATURES, scale: Scale::Log(1.0, 100.0) },
                default: Given::Integer(2),
                live: false,
            },
            Field {
                name: "classes",
                label: "Classes",
                meaning: "How many rings.",
                kind: Kind::Integer { min: 1, max: 1000, scale: Scale::Linear(2.0, 10.0) },
                default: Given::Integer(3),
                live: false,
            },
            Field {
                name: "variance",
                label: "Variance",
                meaning: "The variance of every feature: scikit-learn's `cov`.",
                kind: Kind::Number(Interval::closed(0.0, 1e6), Scale::Linear(0.1, 5.0)),
                default: Given::Number(1.0),
                live: false,
            },
            common::SEED,
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "x = √variance · N(0, 1)\ny = ring of ‖x‖², equally many points a ring",
            shines: "Boundaries that are circles and touch: shows how well a net closes a curve, \
                and how sure it is where classes meet.",
            hurts: "No linear model learns anything. Near the rings' edges every model stays \
                unsure, since there is no gap.",
            differs: "scikit-learn's own with the mean at zero; its cov is variance here. Rows agree \
                within rounding.",
            call: "sklearn.datasets.make_gaussian_quantiles(cov={variance}, n_samples={samples}, n_features={features}, n_classes={classes}, random_state={seed})",
            numpy: "\
def data():
    rng = np.random.RandomState({seed})
    X = np.sqrt({variance}) * rng.standard_normal(({samples}, {features}))
    X = X[np.argsort((X**2).sum(axis=1), kind=\"stable\")]
    y = np.minimum(np.arange({samples}) // ({samples} // {classes}), {classes} - 1)
    order = rng.permutation({samples})
    return X[order], y[order]
",
        }),
    },
    check,
    load,
};

fn check(source: &Chosen<Sources>) -> Result<(), DataError> {
    common::needs_samples(source, source.integer("classes"), "one a class")?;
    check_size(Some("samples"), source.integer("samples"), source.integer("features"))
}

fn load(source: &Chosen<Sources>, _opener: &dyn Opener) -> Result<Dataset, DataError> {
    let samples = source.integer("samples") as usize;
    let width = source.integer("features") as usize;
    let classes = source.integer("classes") as usize;
    let std = source.number("variance").sqrt();
    let mut generator = common::generator(source);
    let features =
        Array2::from_shape_simple_fn((samples, width), || std * generator.standard_normal());

    let squares = |row: ArrayView1<f64>| row.iter().map(|x| x * x).sum::<f64>();
    let distance: Vec<f64> = features.rows().into_iter().map(squares).collect();
    let mut order: Vec<usize> = (0..samples).collect();
    order.sort_by(|&a, &b| distance[a].total_cmp(&distance[b]));
    let step = samples / classes;
    let labels: Vec<usize> = (0..samples).map(|row| (row / step).min(classes - 1)).collect();

    let sorted = features.select(Axis(0), &order);
    let (features, labels) = common::shuffled(&mut generator, &sorted, &labels);
    common::classes(source, features, labels, classes)
}
