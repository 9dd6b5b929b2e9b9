//! The workloads: experiments as a user writes them, trained through the engine's public face.
//!
//! Rows come in the order of the file, as in the peers' scripts.

use downhill::data::NoFiles;
use downhill::experiment::{LanePlan, check};
use downhill::numeric::Precision;
use downhill::train::{AnyTrainer, LossSink, Permits};

use crate::clock::{Rates, rate, wall_rate};
use crate::machine::Limits;

/// One workload.
#[derive(Debug)]
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    about: &'static str,
    precision: Precision,
    task: &'static str,
    batch_size: u64,
    shuffle: &'static str,
    optimizer: &'static str,
    count: Count,
    bound: Bound,
}

/// What is counted.
#[derive(Debug, Clone, Copy)]
enum Count {
    Updates,
    Rows,
    /// Updates of eight lanes on so many threads.
    Lanes(usize),
    /// Rows of one lane that so many threads work on.
    Team(usize),
}

/// What the machine limits: floating-point operations or bytes of one counted unit.
#[derive(Debug, Clone, Copy)]
enum Bound {
    Nothing,
    Operations(f64),
    Bytes(f64),
}

const LOGISTIC: &str = "data: Blobs(samples: 400, features: 2, centers: 2, std: 2.5, seed: 95), \
    model: (hidden: [], output: Auto, init: BiasTrick(low: 0.0, high: 1.0)), loss: CrossEntropy";
const TUTORIAL: &str = "data: Blobs(samples: 400, features: 2, centers: 2, std: 2.5, seed: 95), \
    model: (hidden: [], output: Auto, init: BiasTrick(low: 0.0, high: 1.0)), loss: CrossEntropy, \
    report: SquaredErrorSum";
const WIDE: &str = "data: Blobs(samples: 1000000, features: 28, centers: 2, std: 8.0, seed: 1), loss: CrossEntropy";
const REGRESSION: &str = "data: Regression(samples: 2048, features: 10, informative: 10, noise: 1.0, \
    seed: 0), scale: Standard, model: (hidden: [Dense(units: 64, activation: Relu), \
    Dense(units: 64, activation: Relu)]), loss: MeanSquaredError";
const PLAYGROUND: &str = "data: Circles(samples: 500, noise: 0.1, factor: 0.5, seed: 1), \
    model: (hidden: [Dense(units: 8, activation: Tanh), Dense(units: 8, activation: Tanh)]), \
    loss: CrossEntropy";
const DIGITS: &str = "data: Blobs(samples: 12800, features: 784, centers: 10, std: 9.0, seed: 1), \
    model: (hidden: [Dense(units: 128, activation: Relu)]), loss: CrossEntropy";

const SGD: &str = "Sgd(learning_rate: 0.01)";
const ADAM: &str = "Adam(learning_rate: 0.001)";

const W1: Workload = Workload {
    name: "W1",
    about: "logistic 400x2, batch 32",
    precision: Precision::F64,
    task: TUTORIAL,
    batch_size: 32,
    shuffle: "Never",
    optimizer: SGD,
    count: Count::Updates,
    bound: Bound::Nothing,
};
const W2: Workload = Workload {
    name: "W2",
    about: "logistic 1M x 28, batch 256",
    precision: Precision::F32,
    task: WIDE,
    batch_size: 256,
    optimizer: SGD,
    count: Count::Rows,
    bound: Bound::Bytes(116.0),
    ..W1
};
const W3: Workload = Workload {
    name: "W3",
    about: "10-64-64-1 ReLU, batch 32",
    precision: Precision::F32,
    task: REGRESSION,
    optimizer: "Sgd(learning_rate: 0.0001)",
    bound: Bound::Operations(32.0 * 2.0 * (2.0 * 640.0 + 3.0 * (4096.0 + 64.0))),
    ..W1
};
const W4: Workload = Workload {
    name: "W4",
    about: "2-8-8-1 tanh, batch 10",
    precision: Precision::F32,
    task: PLAYGROUND,
    batch_size: 10,
    ..W1
};
const W5: Workload = Workload {
    name: "W5",
    about: "784-128-10, batch 128, Adam",
    precision: Precision::F32,
    task: DIGITS,
    batch_size: 128,
    optimizer: ADAM,
    count: Count::Rows,
    bound: Bound::Operations(2.0 * (2.0 * 784.0 * 128.0 + 3.0 * 1280.0)),
    ..W1
};

/// All of them. Those with a letter are the same in another precision, order of rows or loss.
pub(crate) static WORKLOADS: &[Workload] = &[
    W1,
    Workload { name: "W1s", shuffle: "EachEpoch", about: "the same, shuffled", ..W1 },
    Workload { name: "W1l", task: LOGISTIC, about: "the same, its own loss shown", ..W1 },
    Workload { name: "W1f", precision: Precision::F32, ..W1 },
    W2,
    Workload { name: "W2d", precision: Precision::F64, bound: Bound::Bytes(232.0), ..W2 },
    W3,
    Workload { name: "W3s", shuffle: "EachEpoch", about: "the same, shuffled", ..W3 },
    Workload {
        name: "W3d",
        precision: Precision::F64,
        bound: Bound::Operations(2.0 * 32.0 * 2.0 * (2.0 * 640.0 + 3.0 * (4096.0 + 64.0))),
        ..W3
    },
    W4,
    Workload { name: "W4d", precision: Precision::F64, ..W4 },
    W5,
    Workload {
        name: "W5d",
        precision: Precision::F64,
        bound: Bound::Operations(2.0 * 2.0 * (2.0 * 784.0 * 128.0 + 3.0 * 1280.0)),
        ..W5
    },
    Workload {
        name: "W5-1",
        count: Count::Team(1),
        about: "W5 by the clock, 1 thread",
        bound: Bound::Nothing,
        ..W5
    },
    Workload {
        name: "W5-2",
        count: Count::Team(2),
        about: "W5 by the clock, 2 threads",
        bound: Bound::Nothing,
        ..W5
    },
    Workload {
        name: "W7-1",
        count: Count::Lanes(1),
        about: "8 lanes of W3, 1 thread",
        bound: Bound::Nothing,
        ..W3
    },
    Workload {
        name: "W7-2",
        count: Count::Lanes(2),
        about: "8 lanes of W3, 2 threads",
        bound: Bound::Nothing,
        ..W3
    },
];

impl Workload {
    pub(crate) fn title(&self) -> String {
        let precision = match self.precision {
            Precision::F32 => "f32",
            Precision::F64 => "f64",
        };
        format!("{} {} {precision}", self.name, self.about)
    }

    pub(crate) fn unit(&self) -> &'static str {
        match self.count {
            Count::Updates | Count::Lanes(_) => "updates",
            Count::Rows | Count::Team(_) => "rows",
        }
    }

    /// Units a second that the machine's limit allows, where one limit is the whole story.
    pub(crate) fn limit(&self, limits: Limits) -> Option<f64> {
        match self.bound {
            Bound::Nothing => None,
            Bound::Operations(each) => Some(limits.flops / each),
            Bound::Bytes(each) => Some(limits.bytes / each),
        }
    }

    fn text(&self, task: &str) -> String {
        let precision = match self.precision {
            Precision::F32 => "F32",
            Precision::F64 => "F64",
        };
        format!(
            "(version: 1, task: Learn({}), training: (epochs: Unlimited, batch_size: {}, shuffle: {}, \
             precision: {precision}), lanes: [(name: \"lane\", optimizer: {})])",
            task, self.batch_size, self.shuffle, self.optimizer
        )
    }

    fn plan_of(&self, task: &str) -> LanePlan {
        let text = self.text(task);
        let valid = check(&text).unwrap_or_else(|problems| panic!("{text}\n{problems:?}"));
        let mut plans = valid.prepare(&NoFiles).unwrap_or_else(|e| panic!("{text}\n{e:?}"));
        plans.remove(0)
    }

    /// Trains for so many updates, on fewer rows where there are very many.
    pub(crate) fn only_train(&self, updates: u64) {
        let few = self.task.replace("samples: 1000000", "samples: 10000");
        Lane::new(&self.plan_of(&few)).train(updates);
    }

    /// Trains in rounds of so many seconds.
    pub(crate) fn measure(&self, rounds: usize, seconds: f64) -> Rates {
        let plan = self.plan_of(self.task);
        if let Count::Lanes(threads) = self.count {
            return measure_lanes(&plan, threads, rounds, seconds);
        }
        let mut lane = Lane::new(&plan);
        let permits = Permits::new(if let Count::Team(threads) = self.count { threads } else { 1 });
        lane.trainer.join(&permits.team());
        let unit = match self.count {
            Count::Rows | Count::Team(_) => self.batch_size,
            Count::Updates | Count::Lanes(_) => 1,
        };
        lane.train(50);
        let once = |_| match self.count {
            Count::Team(_) => wall_rate(seconds, || lane.train(100) * unit),
            _ => rate(seconds, || lane.train(2_000) * unit),
        };
        Rates::of((0..rounds).map(once).collect())
    }
}

/// A lane as its thread drives it: a sink after another, bursts in between.
#[derive(Debug)]
pub(crate) struct Lane {
    trainer: AnyTrainer,
    sink: LossSink,
}

impl Lane {
    pub(crate) fn new(plan: &LanePlan) -> Self {
        let trainer = AnyTrainer::new(plan).unwrap_or_else(|e| panic!("{e}"));
        Self { sink: LossSink::new(0, plan.precision), trainer }
    }

    /// About so many updates, at least to the end of a burst; how many they were.
    pub(crate) fn train(&mut self, updates: u64) -> u64 {
        let mut done = 0;
        while done < updates {
            if self.trainer.step() == self.sink.end() {
                self.sink = LossSink::new(self.trainer.step(), self.trainer.precision());
            }
            let burst = self.trainer.burst(updates - done, &self.sink);
            assert!(!burst.ended, "the run ends: {:?}", self.trainer.end());
            done += burst.done;
        }
        done
    }
}

/// Eight lanes, each trained for a stretch at a time, shared out over so many threads.
fn measure_lanes(plan: &LanePlan, threads: usize, rounds: usize, seconds: f64) -> Rates {
    const STRETCH: u64 = 500;
    let mut lanes: Vec<Lane> = (0..8).map(|_| Lane::new(plan)).collect();
    let once = |_| {
        wall_rate(seconds, || {
            let shares = lanes.chunks_mut(8_usize.div_ceil(threads));
            std::thread::scope(|scope| {
                let train = |share: &mut [Lane]| -> u64 {
                    share.iter_mut().map(|lane| lane.train(STRETCH)).sum()
                };
                let handles: Vec<_> =
                    shares.map(|share| scope.spawn(move || train(share))).collect();
                handles.into_iter().map(|handle| handle.join().unwrap_or(0)).sum()
            })
        })
    };
    Rates::of((0..rounds).map(once).collect())
}
