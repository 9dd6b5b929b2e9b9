//! Two interleaving half circles: scikit-learn's `make_moons`, bit for bit.

use std::f64::consts::PI;

use crate::catalog::{Card, Chosen, Entry, Form};
use crate::data::limits::check_size;
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources};

use super::common;

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "Moons",
        label: "Moons",
        summary: "Two interleaving half circles, a class each.",
        details: "No line separates them, but a curve does: the smallest task for which a hidden \
                  layer pays. A linear model stops at about 87 % of the rows.",
        source: "scikit-learn, sklearn.datasets.make_moons: the same rows bit for bit",
        fields: &[
            common::samples(200),
            common::noise(
                0.1,
                "The standard deviation of the noise on each coordinate; the moons have radius 1. \
                 Above about 0.3 they run into each other.",
            ),
            common::SEED,
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "outer (cos t, sin t), inner (1 − cos t, ½ − sin t), 0 ≤ t ≤ π\nx = moon + noise · N(0, 1)",
            shines: "The smallest task that needs a hidden layer, and one whose boundary can be \
                seen to bend.",
            hurts: "A linear model stops at about 87 % however long it trains. Above a noise of \
                0.3 no model tells the moons apart.",
            differs: "Row for row scikit-learn's; the odd sample goes to the inner moon.",
            call: "sklearn.datasets.make_moons(n_samples={samples}, noise={noise}, random_state={seed})",
            numpy: "\
def data():
    first, second = {samples} // 2, {samples} - {samples} // 2
    s, t = np.linspace(0, np.pi, first), np.linspace(0, np.pi, second)
    outer = np.column_stack([np.cos(s), np.sin(s)])
    inner = np.column_stack([1 - np.cos(t), 1 - np.sin(t) - 0.5])
    X, y = np.concatenate([outer, inner]), np.repeat([0, 1], [first, second])
    rng = np.random.RandomState({seed})
    order = rng.permutation({samples})
    return X[order] + rng.normal(0, {noise}, size=X.shape), y[order]
",
        }),
    },
    check: |source| check_size(Some("samples"), source.integer("samples"), 2),
    load,
};

fn load(source: &Chosen<Sources>, _opener: &dyn Opener) -> Result<Dataset, DataError> {
    let (outer, inner) = common::halves(source);
    let outer_points = common::linspace(PI, outer, true).map(|t| [t.cos(), t.sin()]);
    let inner_points =
        common::linspace(PI, inner, true).map(|t| [1.0 - t.cos(), 1.0 - t.sin() - 0.5]);
    common::noisy_pair(source, outer_points, inner_points)
}
