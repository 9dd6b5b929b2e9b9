//! Points of a square, above or below a curve y = f(x).

use std::f64::consts::PI;

use ndarray::Array2;

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Kind};
use crate::data::limits::check_size;
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources};

use super::common;

/// The curves by name, each through the square from −1 to 1.
const CURVES: [&str; 7] = ["Line", "Parabola", "Cubic", "Sine", "Wedge", "Step", "Circle"];

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "AboveCurve",
        label: "Above a curve",
        summary: "Points of a square: class 1 above the curve y = f(x), class 0 below.",
        details: "Shows what a model can bend to: a linear model learns `Line` exactly and cuts \
                  every other curve short; small nets follow the bends one unit after another. The \
                  true boundary is known, so what is learned can be held against it.",
        source: "X = RandomState(seed).uniform(−1, 1, (samples, 2)); y = (x2 > f(x1)); then the \
                 same generator adds the noise",
        fields: &[
            Field {
                name: "curve",
                label: "Curve",
                meaning: "f(x): Line 0.5x + 0.1, Parabola 1.5x² − 0.5, Cubic 2x³ − x, Sine \
                          0.6·sin(πx), Wedge 1.2|x| − 0.5, Step ±0.4 by the sign of x, Circle (the \
                          upper arc) √(1 − x²) − 0.5.",
                kind: Kind::Word(&CURVES),
                default: Given::Text("Sine"),
                live: false,
            },
            common::samples(200),
            common::noise(
                0.0,
                "The standard deviation of the noise on each coordinate, added after the classes \
                 are given, so that points near the curve end up on the wrong side.",
            ),
            common::SEED,
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "x ~ uniform(−1, 1)², y = x2 > f(x1)\nx ← x + noise · N(0, 1)",
            shines: "The true boundary is known, so what a model learned can be held against it, \
                bend by bend.",
            hurts: "A linear model learns Line alone. Step and Wedge have corners that smooth \
                units only round off.",
            differs: "Not in scikit-learn; the curves are this program's own.",
            call: "",
            numpy: "\
def data():
    curves = {
        \"Line\": lambda x: 0.5 * x + 0.1,
        \"Parabola\": lambda x: 1.5 * x * x - 0.5,
        \"Cubic\": lambda x: 2 * x * x * x - x,
        \"Sine\": lambda x: 0.6 * np.sin(np.pi * x),
        \"Wedge\": lambda x: 1.2 * np.abs(x) - 0.5,
        \"Step\": lambda x: np.where(x > 0, 0.4, -0.4),
        \"Circle\": lambda x: np.sqrt(1 - x * x) - 0.5,
    }
    rng = np.random.RandomState({seed})
    X = rng.uniform(-1, 1, size=({samples}, 2))
    y = (X[:, 1] > curves[{curve}](X[:, 0])).astype(int)
    return X + rng.normal(0, {noise}, size=X.shape), y
",
        }),
    },
    check: |source| check_size(Some("samples"), source.integer("samples"), 2),
    load,
};

fn load(source: &Chosen<Sources>, _opener: &dyn Opener) -> Result<Dataset, DataError> {
    let samples = source.integer("samples") as usize;
    let curve = source.text("curve");
    let mut generator = common::generator(source);
    let mut features = Array2::from_shape_simple_fn((samples, 2), || generator.uniform(-1.0, 1.0));
    let above = |row: ndarray::ArrayView1<f64>| usize::from(row[1] > height(curve, row[0]));
    let labels = features.rows().into_iter().map(above).collect();
    common::add_noise(source, &mut generator, &mut features);
    common::classes(source, features, labels, 2)
}

/// f(x) of the curve called `curve`.
fn height(curve: &str, x: f64) -> f64 {
    match curve {
        "Line" => 0.5 * x + 0.1,
        "Parabola" => 1.5 * x * x - 0.5,
        "Cubic" => 2.0 * x * x * x - x,
        "Wedge" => 1.2 * x.abs() - 0.5,
        "Step" => 0.4 * if x > 0.0 { 1.0 } else { -1.0 },
        "Circle" => (1.0 - x * x).sqrt() - 0.5,
        _ => 0.6 * (PI * x).sin(),
    }
}
