//! What an evaluation takes beside an update over all rows, after each of which a run of full batches
//! is evaluated at first.

use std::time::Instant;

use downhill::train::{AnyTrainer, LossSink};

use crate::streaming::plan_of;
use crate::table::{Table, spread};

const ROUNDS: usize = 40;

pub(crate) fn measure(table: &mut Table) {
    for (rows, features, hidden) in [(400, 2, ""), (400, 2, HIDDEN), (40_000, 28, "")] {
        let (update, evaluation) = times(rows, features, hidden);
        let model = if hidden.is_empty() { "logistic" } else { "2-8-8-1 tanh" };
        let what = format!("an evaluation of {rows} × {features}, {model}");
        let measured =
            format!("{:.0} µs, {:.1} full updates", evaluation * 1e6, evaluation / update);
        table.row(&what, measured, "");
    }
}

const HIDDEN: &str = "Dense(units: 8, activation: Tanh), Dense(units: 8, activation: Tanh)";

/// Seconds of an update and of an evaluation, the median of each.
fn times(rows: u64, features: u64, hidden: &str) -> (f64, f64) {
    let plan = plan_of(&format!(
        r#"(
    version: 1,
    task: Learn(
        data: Blobs(samples: {rows}, features: {features}, centers: 2, std: 8.0, seed: 1),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [{hidden}]),
        loss: CrossEntropy,
    ),
    training: (epochs: Unlimited, batch_size: Full, precision: F64),
    lanes: [(name: "a", optimizer: Sgd(learning_rate: 0.001))],
)"#
    ));
    let mut trainer = AnyTrainer::new(&plan).unwrap_or_else(|error| panic!("{error}"));
    let sink = LossSink::new(0, plan.precision);
    let (mut updates, mut evaluations) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        assert_eq!(trainer.burst(1, &sink).done, 1);
        updates.push(begin.elapsed().as_secs_f64());
        let begin = Instant::now();
        trainer.evaluate();
        evaluations.push(begin.elapsed().as_secs_f64());
    }
    (spread(&mut updates).0, spread(&mut evaluations).0)
}
