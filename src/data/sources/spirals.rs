//! Spiral arms around one middle, a class each.

use std::f64::consts::TAU;

use ndarray::Array2;

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Interval, Kind, Scale};
use crate::data::limits::check_size;
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources};

use super::common;

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "Spirals",
        label: "Spirals",
        summary: "Spiral arms wound around each other, a class each.",
        details: "The hardest of the small plane tasks: the boundary must wind as the arms do. A \
                  net with two hidden layers learns it, after a long flat stretch in which it has \
                  only found the rough halves.",
        source: "point t of arm a of n, t = 1/m … 1: radius t, angle 2π(turns·t + a/n); then \
                 RandomState(seed) shuffles and adds the noise",
        fields: &[
            common::samples(200),
            Field {
                name: "arms",
                label: "Arms",
                meaning: "How many arms, each a class of its own.",
                kind: Kind::Integer { min: 1, max: 10, scale: Scale::Linear(2.0, 6.0) },
                default: Given::Integer(2),
                live: false,
            },
            Field {
                name: "turns",
                label: "Turns",
                meaning: "How often an arm goes around. Each half turn more makes the task much \
                          harder.",
                kind: Kind::Number(Interval::closed(0.0, 20.0), Scale::Linear(0.25, 3.0)),
                default: Given::Number(1.25),
                live: false,
            },
            common::noise(
                0.02,
                "The standard deviation of the noise on each coordinate; the arms end at radius 1.",
            ),
            common::SEED,
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "radius t, angle 2π · (turns · t + arm / arms), t = 1/m … 1\nx = arm + noise · N(0, 1)",
            shines: "The hardest of the plane tasks: it tells good optimizers from lucky ones, and \
                shows long flat stretches before the loss falls.",
            hurts: "One small hidden layer is not enough beyond one turn. Too much noise closes \
                the gap between the arms.",
            differs: "scikit-learn has no spirals. Those of other playgrounds start in the middle \
                with several points on each other; here the first point of an arm is one step \
                out.",
            call: "",
            numpy: "\
def data():
    X, y = [], []
    for arm in range({arms}):
        share = {samples} // {arms} + (arm < {samples} % {arms})
        t = np.arange(1, share + 1) / share
        angle = 2 * np.pi * ({turns} * t + arm / {arms})
        X.append(np.column_stack([t * np.cos(angle), t * np.sin(angle)]))
        y.append(np.full(share, arm))
    X, y = np.concatenate(X), np.concatenate(y)
    rng = np.random.RandomState({seed})
    order = rng.permutation({samples})
    return X[order] + rng.normal(0, {noise}, size=X.shape), y[order]
",
        }),
    },
    check,
    load,
};

fn check(source: &Chosen<Sources>) -> Result<(), DataError> {
    common::needs_samples(source, source.integer("arms"), "one an arm")?;
    check_size(Some("samples"), source.integer("samples"), 2)
}

fn load(source: &Chosen<Sources>, _opener: &dyn Opener) -> Result<Dataset, DataError> {
    let samples = source.integer("samples") as usize;
    let arms = source.integer("arms") as usize;
    let turns = source.number("turns");
    let mut features = Array2::zeros((samples, 2));
    let mut labels = Vec::with_capacity(samples);
    for arm in 0..arms {
        let share = samples / arms + usize::from(arm < samples % arms);
        for point in 1..=share {
            let radius = point as f64 / share as f64;
            let angle = TAU * (turns * radius + arm as f64 / arms as f64);
            features[[labels.len(), 0]] = radius * angle.cos();
            features[[labels.len(), 1]] = radius * angle.sin();
            labels.push(arm);
        }
    }
    common::shuffled_with_noise(source, &features, &labels, arms)
}
