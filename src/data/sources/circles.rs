//! A circle within a circle: scikit-learn's `make_circles`, bit for bit.

use std::f64::consts::PI;

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::data::limits::check_size;
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources};

use super::common;

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "Circles",
        label: "Circles",
        summary: "A circle within a circle, a class each.",
        details: "A linear model can do no better than guess: whatever line it draws, both circles \
                  lie on both sides. Four hidden units suffice to fence the inner one in.",
        source: "scikit-learn, sklearn.datasets.make_circles: the same rows bit for bit",
        fields: &[
            common::samples(200),
            common::noise(
                0.05,
                "The standard deviation of the noise on each coordinate; the outer circle has \
                 radius 1.",
            ),
            Field {
                name: "factor",
                label: "Inner radius",
                meaning: "The inner circle's radius as a part of the outer one's. Close to 1 they \
                          are hard to tell apart.",
                kind: Kind::Number(Interval::BELOW_ONE, Scale::Linear(0.1, 0.95)),
                default: Given::Number(0.5),
                live: false,
            },
            common::SEED,
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "outer (cos t, sin t), inner factor · (cos t, sin t), 0 ≤ t < 2π\nx = circle + noise · N(0, 1)",
            shines: "Shows what hidden units are for: each draws one line, and four lines fence the \
                inner circle in.",
            hurts: "No linear model does better than guess. With a factor near 1 and some noise \
                the circles run into each other.",
            differs: "Row for row scikit-learn's; its default factor is 0.8, here 0.5, which is \
                easier to see.",
            call: "sklearn.datasets.make_circles(n_samples={samples}, noise={noise}, factor={factor}, random_state={seed})",
            numpy: "\
def data():
    first, second = {samples} // 2, {samples} - {samples} // 2
    s = np.linspace(0, 2 * np.pi, first, endpoint=False)
    t = np.linspace(0, 2 * np.pi, second, endpoint=False)
    outer = np.column_stack([np.cos(s), np.sin(s)])
    inner = np.column_stack([np.cos(t), np.sin(t)]) * {factor}
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
    let factor = source.number("factor");
    let (outer, inner) = common::halves(source);
    let outer_points = common::linspace(2.0 * PI, outer, false).map(|t| [t.cos(), t.sin()]);
    let inner_points =
        common::linspace(2.0 * PI, inner, false).map(|t| [t.cos() * factor, t.sin() * factor]);
    common::noisy_pair(source, outer_points, inner_points)
}
