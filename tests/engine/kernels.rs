//! Kernel paths, seen from outside: paths agree within rounding, the one pass of small linear models and
//! that of small networks are the layers' computation, and an update allocates nothing on any of them.
//!
//! That every law of the trainer holds on each path is tested by running the same tests again with
//! each forced: see [`on_every_path`].

#![expect(unsafe_code, reason = "an allocator that counts has to be one")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use downhill::catalog::Family;
use downhill::data::{BatchSize, Shuffle};
use downhill::experiment::{LanePlan, Length, PlannedLength};
use downhill::numeric::{KernelPath, Precision};
use downhill::optim::Optimizers;
use downhill::train::{AnyTrainer, LossSink};

use crate::plans::{chosen, data, learning, model, small};

/// The system's allocator, which counts what each thread asks of it.
struct Counting;

thread_local! {
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.set(ASKED.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(place, layout) }
    }
}

/// Calls `check` with each path that this processor runs, forced.
pub(crate) fn on_every_path(mut check: impl FnMut(KernelPath)) {
    for path in KernelPath::available() {
        path.within(|| check(path));
    }
}

fn linear(data_text: &str, loss: &str, batch: u64) -> LanePlan {
    let split = data(data_text, None);
    let mut plan = learning(split, model("(hidden: [])"), loss);
    plan.batch_size = BatchSize::Rows(batch);
    plan
}

/// Lanes of several sorts: one pass or layers, small and wide, with and without chance.
fn plans() -> Vec<LanePlan> {
    let moons = "Moons(samples: 75, noise: 0.2, seed: 1)";
    let network = |text: &str| learning(data(moons, None), model(text), "CrossEntropy");
    vec![
        small(),
        linear(moons, "CrossEntropy", 32),
        linear("Regression(samples: 40, features: 3, informative: 3)", "MeanSquaredError", 7),
        linear("Blobs(samples: 60, features: 6, centers: 3)", "CrossEntropy", 16),
        linear("Blobs(samples: 90, features: 28, centers: 2, std: 9.0)", "CrossEntropy", 32),
        network(
            "(hidden: [Dense(units: 33, activation: Relu), Dense(units: 17, activation: Silu)])",
        ),
        network("(hidden: [Dense(units: 8, activation: Tanh), Dense(units: 8, activation: Tanh)])"),
        network(
            "(hidden: [Dense(units: 3, activation: Relu), Dense(units: 7, activation: Sigmoid)])",
        ),
        network("(hidden: [Dropout(rate: 0.2), Dense(units: 9, activation: Elu), LayerNorm])"),
    ]
}

fn losses(plan: &LanePlan, updates: u64) -> Vec<f64> {
    let mut trainer = AnyTrainer::new(plan).unwrap_or_else(|e| panic!("{e}"));
    let sink = LossSink::new(0, plan.precision);
    while trainer.step() < updates {
        trainer.burst(updates - trainer.step(), &sink);
    }
    (0..sink.segment().len()).map(|at| sink.segment().get(at)).collect()
}

#[test]
fn every_path_trains_alike_within_rounding() {
    for plan in plans() {
        let plain = KernelPath::Portable.within(|| losses(&plan, 40));
        on_every_path(|path| {
            for (step, (found, expected)) in losses(&plan, 40).iter().zip(&plain).enumerate() {
                let error = (found - expected).abs() / expected.abs().max(1e-3);
                assert!(error < 1e-11, "{path}, step {step}: {found} ≠ {expected}");
            }
        });
    }
}

#[test]
fn one_path_trains_alike_bit_for_bit_in_bursts_of_any_length() {
    for plan in plans() {
        for precision in [Precision::F32, Precision::F64] {
            let plan = LanePlan { precision, ..plan.clone() };
            on_every_path(|path| {
                let whole = losses(&plan, 40);
                let mut trainer = AnyTrainer::new(&plan).unwrap_or_else(|e| panic!("{e}"));
                let sink = LossSink::new(0, precision);
                let mut length = 1;
                while trainer.step() < 40 {
                    trainer.burst(length.min(40 - trainer.step()), &sink);
                    length = length % 5 + 1;
                    let kept = trainer.checkpoint();
                    trainer.evaluate();
                    trainer.restore(&kept).unwrap_or_else(|e| panic!("{e}"));
                }
                let parts = (0..40).map(|at| sink.segment().get(at).to_bits());
                assert!(parts.eq(whole.iter().map(|loss| loss.to_bits())), "on {path}");
            });
        }
    }
}

/// The same lane with its rows sent through the layers.
fn layered(plan: &LanePlan) -> LanePlan {
    let mut layered = plan.clone();
    if let downhill::experiment::TaskPlan::Learn(learn) = &mut layered.task {
        learn.model = model("(hidden: [Dropout(rate: 0.0)])");
        learn.init = learn.model.init.0.clone();
    }
    layered
}

/// The one pass and the layers agree in what every update of a lane shows.
fn check_one_pass(plan: &LanePlan, about: &str) {
    // A loss near 0 in f32 is all rounding; in f64 the error is relative throughout.
    for (precision, tolerance, floor) in
        [(Precision::F64, 1e-11, 0.0), (Precision::F32, 2e-3, 1e-3)]
    {
        let plan = LanePlan { precision, ..plan.clone() };
        on_every_path(|path| {
            let (one, other) = (losses(&plan, 40), losses(&layered(&plan), 40));
            for (step, (found, expected)) in one.iter().zip(&other).enumerate() {
                let error = (found - expected).abs() / expected.abs().max(floor);
                assert!(error < tolerance, "{about} on {path}, {step}: {found} ≠ {expected}");
            }
        });
    }
}

/// Hidden layers for the pass of small networks: of every width, one to four of them.
const STACKS: [&str; 7] = [
    "Dense(units: 1, activation: Tanh)",
    "Dense(units: 8, activation: Relu)",
    "Dense(units: 5, activation: Sigmoid), Dense(units: 8, activation: Tanh)",
    "Dense(units: 8, activation: Tanh), Dense(units: 8, activation: Tanh)",
    "Dense(units: 8, activation: Tanh), Dense(units: 3, activation: Identity)",
    "Dense(units: 2, activation: Tanh), Dense(units: 7, activation: Sigmoid), \
     Dense(units: 8, activation: Relu)",
    "Dense(units: 4, activation: Identity), Dense(units: 8, activation: Tanh), \
     Dense(units: 6, activation: Tanh), Dense(units: 2, activation: Sigmoid)",
];

/// What the pass of small networks takes: data, a loss, a report.
const TASKS: [(&str, &str, Option<&str>); 5] = [
    ("Moons(samples: 75, noise: 0.2, seed: 1)", "CrossEntropy", None),
    ("Moons(samples: 75, noise: 0.2, seed: 1)", "CrossEntropy", Some("SquaredErrorSum")),
    ("Blobs(samples: 75, features: 5, centers: 2, std: 3.0, seed: 2)", "CrossEntropy", None),
    ("Regression(samples: 40, features: 1, informative: 1)", "MeanSquaredError", None),
    ("Regression(samples: 40, features: 16, informative: 3)", "MeanSquaredError", None),
];

#[test]
fn the_one_pass_of_a_small_network_is_what_layers_compute() {
    for (at, stack) in STACKS.into_iter().enumerate() {
        for (data_text, loss, report) in TASKS {
            // Rows of one block, of several, and of a part of one.
            let batch = [1, 2, 10, 16, 17, 40][at % 6];
            let of_layers = |layers: &str| {
                let hidden = model(&format!("(hidden: [{layers}])"));
                let mut plan = learning(data(data_text, None), hidden, loss);
                plan.batch_size = BatchSize::Rows(batch);
                plan.optimizer = chosen("Sgd(learning_rate: 0.001)");
                if let downhill::experiment::TaskPlan::Learn(learn) = &mut plan.task {
                    learn.report = report.map(chosen);
                }
                plan
            };
            // Dropout of nothing goes through the layers.
            let (small, layered) =
                (of_layers(stack), of_layers(&format!("{stack}, Dropout(rate: 0.0)")));
            on_every_path(|path| {
                let (one, other) = (losses(&small, 30), losses(&layered, 30));
                for (step, (found, expected)) in one.iter().zip(&other).enumerate() {
                    let error = (found - expected).abs() / expected.abs().max(1e-3);
                    assert!(
                        error < 1e-11,
                        "{path}, {stack}, batch {batch}, step {step}: {found} ≠ {expected}"
                    );
                }
            });
        }
    }
}

#[test]
fn a_small_network_s_batch_depends_on_nothing_that_came_before() {
    let task = "Moons(samples: 75, noise: 0.2, seed: 1)";
    for stack in STACKS {
        let hidden = model(&format!("(hidden: [{stack}])"));
        let plan = learning(data(task, None), hidden, "CrossEntropy");
        on_every_path(|path| {
            let fresh =
                || downhill::train::Start::<f32>::of(&plan).unwrap_or_else(|e| panic!("{e}"));
            let (mut used, params) = {
                let start = fresh();
                (start.objective, start.params.iter().map(|w| *w as f32).collect::<Vec<f32>>())
            };
            let far: Vec<f32> = params.iter().map(|w| w * f32::MAX.sqrt()).collect();
            let mut gradient = vec![0.0; params.len()];
            for rows in [&[3, 9, 4, 60, 7][..], &[0], &[70, 2, 31]] {
                // Leaves numbers of every size behind.
                used.value_and_gradient(&far, &(0..75).collect::<Vec<u32>>(), 0, &mut gradient);
                let found = used.value_and_gradient(&params, rows, 0, &mut gradient);
                let alone = used.value(&params, rows, 0);
                let mut expected_gradient = vec![0.0; params.len()];
                let expected =
                    fresh().objective.value_and_gradient(&params, rows, 0, &mut expected_gradient);
                assert_eq!(found.loss.to_bits(), expected.loss.to_bits(), "{path}, {stack}");
                assert_eq!(alone.loss.to_bits(), expected.loss.to_bits(), "{path}, {stack}");
                let bits = |g: &[f32]| g.iter().map(|g| g.to_bits()).collect::<Vec<u32>>();
                assert_eq!(bits(&gradient), bits(&expected_gradient), "{path}, {stack}");
            }
        });
    }
}

#[test]
fn the_one_pass_of_a_linear_model_is_what_layers_compute() {
    for (case, features) in
        [1, 2, 3, 4, 5, 8, 9, 15, 16, 28, 31, 63, 64, 65].into_iter().enumerate()
    {
        // Odd sizes: whole blocks and rests of every length, in order and shuffled.
        let batch = [1, 7, 8, 13, 32, 33, 64, 70][case % 8];
        let shuffle = [Shuffle::EachEpoch, Shuffle::Never][case % 2];
        let blobs =
            format!("Blobs(samples: 75, features: {features}, centers: 2, std: 9.0, seed: 4)");
        let values =
            format!("Regression(samples: 75, features: {features}, informative: {features})");
        for (text, loss, report) in [
            (&blobs, "CrossEntropy", None),
            (&blobs, "CrossEntropy", Some("SquaredErrorSum")),
            (&values, "MeanSquaredError", None),
        ] {
            let mut plan = LanePlan { shuffle, ..linear(text, loss, batch) };
            plan.optimizer = chosen("Sgd(learning_rate: 0.002)");
            if let downhill::experiment::TaskPlan::Learn(learn) = &mut plan.task {
                learn.report = report.map(chosen);
            }
            check_one_pass(&plan, &format!("{loss}, {report:?}, {features}, batch {batch}"));
        }
    }
}

#[test]
fn an_update_allocates_nothing() {
    let mut all = plans();
    for entry in Optimizers::entries() {
        all.push(LanePlan { optimizer: downhill::catalog::Chosen::of(entry), ..small() });
    }
    all.push(LanePlan { clip: Some(chosen("Norm(0.1)")), gradient_noise: 0.1, ..small() });
    all.push(LanePlan { schedule: chosen("Cosine(min: 0.001)"), ..small() });
    all.push(LanePlan { shuffle: Shuffle::WithReplacement, ..small() });
    for plan in all {
        let plan = LanePlan { length: PlannedLength::Steps(Length::Count(300)), ..plan };
        on_every_path(|path| {
            let mut trainer = AnyTrainer::new(&plan).unwrap_or_else(|e| panic!("{e}"));
            let sink = LossSink::new(0, plan.precision);
            trainer.burst(1, &sink);
            let before = ASKED.get();
            while trainer.step() < 60 && !trainer.burst(60, &sink).ended {}
            let asked = ASKED.get() - before;
            assert_eq!(asked, 0, "{:?} on {path}", plan.optimizer.name());
        });
    }
}
