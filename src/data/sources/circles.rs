//! A circle within a circle: scikit-learn's `make_circles`, bit for bit.

use std::f64::consts::PI;

use crate::catalog::{Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
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
        card: None,
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
