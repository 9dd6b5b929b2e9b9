//! A random linear model with noise: scikit-learn's `make_regression`.

use ndarray::{Array2, Axis};

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::data::limits::{MAX_FEATURES, check_size};
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources, Targets};

use super::common;

const fn count(
    name: &'static str,
    label: &'static str,
    meaning: &'static str,
    default: u64,
) -> Field {
    Field {
        name,
        label,
        meaning,
        kind: Kind::Integer { min: 1, max: MAX_FEATURES, scale: Scale::Log(1.0, 100.0) },
        default: Given::Integer(default),
        live: false,
    }
}

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "Regression",
        label: "Linear regression",
        summary: "Random rows whose targets are a random linear function of them, plus noise.",
        details: "Features are normal with mean 0 and standard deviation 1; the informative ones \
                  have weights between 0 and 100, the others 0. The best a model can do is a mean \
                  squared error of noise². Targets run to some hundreds, so start with a small \
                  learning rate.",
        source: "scikit-learn, sklearn.datasets.make_regression: the same rows within rounding",
        fields: &[
            common::samples(100),
            count("features", "Features", "How many numbers a row has.", 10),
            count(
                "informative",
                "Informative",
                "How many of the features the targets depend on; beyond `features` it means all.",
                10,
            ),
            count("targets", "Targets", "How many numbers are to be predicted for each row.", 1),
            Field {
                name: "bias",
                label: "Bias",
                meaning: "What is added to every target.",
                kind: Kind::Number(Interval::closed(-1e6, 1e6), Scale::Linear(-100.0, 100.0)),
                default: Given::Number(0.0),
                live: false,
            },
            common::noise(0.0, "The standard deviation of the noise on the targets."),
            common::SEED,
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "x ~ N(0, 1), truth ~ uniform(0, 100)\ny = x · truth + bias + noise · N(0, 1)",
            shines: "A linear truth that a linear model finds exactly: made for watching how \
                optimizers go down one bowl.",
            hurts: "Targets are in the hundreds: their squared errors are large, so a rate that \
                suits classes diverges here. A hidden layer gains nothing.",
            differs: "scikit-learn's own for features of full rank. Targets agree within rounding, \
                since matrix products add in another order.",
            call: "sklearn.datasets.make_regression(n_samples={samples}, n_features={features}, n_informative={informative}, n_targets={targets}, bias={bias}, noise={noise}, random_state={seed})",
            numpy: "\
def data():
    rng = np.random.RandomState({seed})
    informative = min({features}, {informative})
    X = rng.standard_normal(({samples}, {features}))
    truth = 100 * rng.uniform(size=(informative, {targets}))
    y = X[:, :informative] @ truth + {bias}
    if {noise} > 0:
        y = y + rng.normal(0, {noise}, size=y.shape)
    rows, columns = rng.permutation({samples}), rng.permutation({features})
    return X[rows][:, columns], y[rows]
",
        }),
    },
    check,
    load,
};

fn check(source: &Chosen<Sources>) -> Result<(), DataError> {
    let (features, targets) = (source.integer("features"), source.integer("targets"));
    check_size(Some("features"), features, targets)?;
    check_size(Some("samples"), source.integer("samples"), features + targets)
}

fn load(source: &Chosen<Sources>, _opener: &dyn Opener) -> Result<Dataset, DataError> {
    let samples = source.integer("samples") as usize;
    let width = source.integer("features") as usize;
    let informative = width.min(source.integer("informative") as usize);
    let targets = source.integer("targets") as usize;
    let mut generator = common::generator(source);

    let features = Array2::from_shape_simple_fn((samples, width), || generator.standard_normal());
    let truth = Array2::from_shape_simple_fn((informative, targets), || {
        100.0 * generator.uniform(0.0, 1.0)
    });
    let bias = source.number("bias");
    let mut values = Array2::from_shape_fn((samples, targets), |(row, target)| {
        let weights = truth.column(target);
        features.row(row).iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() + bias
    });
    common::add_noise(source, &mut generator, &mut values);

    let rows = generator.permutation(samples);
    let columns = generator.permutation(width);
    let features = features.select(Axis(0), &rows).select(Axis(1), &columns);
    let names = if targets == 1 { vec!["y".to_owned()] } else { common::numbered("y", targets) };
    let values = Targets::Values { values: values.select(Axis(0), &rows), names };
    let name = source.entry().label.to_owned();
    Dataset::new(name, features, common::numbered("x", width), values)
}
