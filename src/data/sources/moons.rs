//! Two interleaving half circles: scikit-learn's `make_moons`, bit for bit.

use std::f64::consts::PI;

use crate::catalog::{Chosen, Entry, Form};
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
        card: None,
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
