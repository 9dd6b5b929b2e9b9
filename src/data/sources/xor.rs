//! Points of a square whose class is the exclusive or of their signs.

use ndarray::Array2;

use crate::catalog::{Card, Chosen, Entry, Form};
use crate::data::limits::check_size;
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources};

use super::common;

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "Xor",
        label: "Exclusive or",
        summary: "A square of four fields like a chessboard: class 1 where the signs differ.",
        details: "The task that ended the first age of perceptrons: neither feature alone says \
                  anything, and no line does better than guess. Two hidden units suffice in \
                  principle; from a random start, four to eight find it reliably.",
        source: "X = RandomState(seed).uniform(−1, 1, (samples, 2)); y = (x1 > 0) ≠ (x2 > 0); then \
                 the same generator adds the noise (Minsky & Papert, Perceptrons, 1969)",
        fields: &[
            common::samples(200),
            common::noise(
                0.0,
                "The standard deviation of the noise on each coordinate, added after the classes \
                 are given; the square reaches from −1 to 1.",
            ),
            common::SEED,
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "x ~ uniform(−1, 1)², y = (x1 > 0) ≠ (x2 > 0)\nx ← x + noise · N(0, 1)",
            shines: "The classic proof that a hidden layer is worth having: neither feature alone \
                says anything.",
            hurts: "A linear model guesses. With two to four hidden units some starts get stuck \
                with three corners of four.",
            differs: "Often given as its four corners alone; here the whole square is filled, so \
                that boundaries can be seen and batches drawn.",
            call: "",
            numpy: "\
def data():
    rng = np.random.RandomState({seed})
    X = rng.uniform(-1, 1, size=({samples}, 2))
    y = ((X[:, 0] > 0) != (X[:, 1] > 0)).astype(int)
    return X + rng.normal(0, {noise}, size=X.shape), y
",
        }),
    },
    check: |source| check_size(Some("samples"), source.integer("samples"), 2),
    load,
};

fn load(source: &Chosen<Sources>, _opener: &dyn Opener) -> Result<Dataset, DataError> {
    let samples = source.integer("samples") as usize;
    let mut generator = common::generator(source);
    let mut features = Array2::from_shape_simple_fn((samples, 2), || generator.uniform(-1.0, 1.0));
    let differ = |row: ndarray::ArrayView1<f64>| usize::from((row[0] > 0.0) != (row[1] > 0.0));
    let labels = features.rows().into_iter().map(differ).collect();
    common::add_noise(source, &mut generator, &mut features);
    common::classes(source, features, labels, 2)
}
