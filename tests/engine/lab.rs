//! The laboratory's instruments: right where the answer is known, and without a trace on the lane.

use std::sync::Arc;

use downhill::data::BatchSize;
use downhill::experiment::{LanePlan, TaskPlan};
use downhill::lab::{LabError, Ramp, Report, Specimen, SuggestionKind, Tool, Verdict, examine};
use downhill::numeric::Precision;
use downhill::train::AnyTrainer;

use crate::plans::{chosen, data, learning, model, small, surface};

fn replay_to(trainer: &mut AnyTrainer, step: u64) {
    while trainer.step() < step && trainer.end().is_none() {
        trainer.replay(step - trainer.step());
    }
}

fn specimen(plan: &LanePlan, step: u64) -> Specimen {
    let mut trainer = AnyTrainer::new(plan).expect("a plan that can be trained");
    replay_to(&mut trainer, step);
    Specimen { plan: Arc::new(plan.clone()), state: Arc::new(trainer.checkpoint()) }
}

macro_rules! report {
    ($specimen:expr, $tool:expr, $kind:ident) => {
        match examine($specimen, &$tool) {
            Ok(Report::$kind(found)) => found,
            other => panic!("a report of another kind, or none: {other:?}"),
        }
    };
}

#[test]
fn gradients_of_networks_are_right_in_every_tensor_whatever_the_lanes_precision() {
    for precision in [Precision::F64, Precision::F32] {
        let mut plan = small();
        plan.precision = precision;
        let found = report!(&specimen(&plan, 17), Tool::GradientCheck, GradientCheck);
        assert_eq!((found.step, found.rows), (17, 8));
        let names: Vec<&str> = found.tensors.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names, ["hidden1.weights", "hidden1.biases", "output.weights", "output.biases"]);
        for tensor in &found.tensors {
            assert_eq!((tensor.compared, tensor.kinks), (tensor.len, 0), "{}", tensor.name);
        }
        let worst = found.worst().expect("something was compared");
        assert_eq!(worst.verdict(), Verdict::Right, "{worst:?}");
        assert!(worst.error > 0.0, "the numeric gradient is measured");
    }
}

#[test]
fn large_tensors_are_sampled_and_kinks_are_left_out() {
    let split = data("Blobs(samples: 40, features: 30, centers: 3, seed: 2)", None);
    let mut plan =
        learning(split, model("(hidden: [Dense(units: 12, activation: Relu)])"), "CrossEntropy");
    let found = report!(&specimen(&plan, 0), Tool::GradientCheck, GradientCheck);
    assert_eq!((found.tensors[0].len, found.tensors[0].compared), (360, 200));
    // Every unit stands exactly at its kink: only a slope to the right would be there.
    let TaskPlan::Learn(learn) = &mut plan.task else { panic!("a learning task") };
    learn.init = chosen("Zeros");
    let found = report!(&specimen(&plan, 0), Tool::GradientCheck, GradientCheck);
    assert!(found.worst().is_none_or(|worst| worst.verdict() == Verdict::Right), "{found:?}");
}

#[test]
fn sharpness_is_the_largest_eigenvalue_of_a_known_hessian() {
    for (function, at, expected) in [
        ("Ravine(condition: 50.0)", [1.0, 2.0], 50.0),
        ("Sphere", [0.3, 0.1], 2.0),
        ("Saddle", [0.5, 0.5], 2.0),
        ("Rosenbrock", [1.0, 1.0], 1_001.600_640_3),
    ] {
        let mut plan = surface(function, at);
        plan.optimizer = chosen("Sgd(learning_rate: 0.01, momentum: 0.9)");
        let found = report!(&specimen(&plan, 0), Tool::Sharpness, Sharpness);
        let error = (found.eigenvalue - expected).abs() / expected;
        assert!(error < 1e-6, "{function}: {} ≠ {expected}", found.eigenvalue);
        assert_eq!(found.limit(), 200.0);
        assert!((found.momentum_limit().expect("a heavy ball") - 380.0).abs() < 1e-9);
        // A rate that a warm-up begins with at 0 leaves nothing undefined behind.
        let turned = found.at_rate(0.0).at_rate(0.02);
        assert!((turned.momentum_limit().expect("a heavy ball") - 190.0).abs() < 1e-9);
    }
}

#[test]
fn sharpness_of_a_linear_regression_is_that_of_its_data() {
    let split = data("Regression(samples: 60, features: 4, seed: 1)", None);
    let plan = learning(Arc::clone(&split), model("()"), "MeanSquaredError");
    let found = report!(&specimen(&plan, 5), Tool::Sharpness, Sharpness);
    // H = 2/n · XᵀX, X with a column of ones for the bias.
    let rows = split.train.features.nrows();
    let x = ndarray::Array2::from_shape_fn((rows, 5), |(row, column)| {
        if column < 4 { split.train.features[(row, column)] } else { 1.0 }
    });
    let hessian = x.t().dot(&x) * (2.0 / rows as f64);
    let mut v = ndarray::Array1::from_elem(5, 1.0);
    for _ in 0..2000 {
        v = hessian.dot(&v);
        let length = v.dot(&v).sqrt();
        v /= length;
    }
    let expected = v.dot(&hessian.dot(&v));
    assert!((found.eigenvalue / expected - 1.0).abs() < 1e-6, "{} {expected}", found.eigenvalue);
}

#[test]
fn the_rate_finder_suggests_rates_that_train_and_leaves_the_specimen_alone() {
    let plan = small();
    let specimen = specimen(&plan, 3);
    let before = (*specimen.state).clone();
    let ramp = Ramp { high: 1e3, ..Ramp::default() };
    let found = report!(&specimen, Tool::RateFinder(ramp), RateFinder);
    assert_eq!(*specimen.state, before);
    assert_eq!(found.step, 3);
    assert!(found.blew_up, "a rate of 1000 is too large here");
    assert_eq!(found.rates.len(), found.smoothed.len());
    assert_eq!(found.suggestions.len(), 3);
    assert!(found.suggestions.iter().any(|s| s.kind == SuggestionKind::Valley));
    for suggestion in &found.suggestions {
        let mut plan = plan.clone();
        plan.optimizer = plan.optimizer.with("learning_rate", suggestion.rate);
        let mut trainer = AnyTrainer::new(&plan).expect("a trainer");
        let start = trainer.evaluate().full_loss;
        replay_to(&mut trainer, 60);
        assert!(trainer.evaluate().full_loss < start, "{suggestion:?}");
    }
}

#[test]
fn the_first_rates_of_a_ramp_train_as_a_lane_with_that_rate_would() {
    let mut plan = small();
    let ramp = Ramp { low: 1e-3, high: 1e-3, count: 12 };
    let found = report!(&specimen(&plan, 0), Tool::RateFinder(ramp), RateFinder);
    plan.optimizer = plan.optimizer.with("learning_rate", 1e-3);
    let mut lane = AnyTrainer::new(&plan).expect("a trainer");
    let (mut mean, mut weight) = (0.0, 0.0);
    for (loss, smoothed) in found.losses.iter().zip(&found.smoothed) {
        let next = lane.step() + 1;
        replay_to(&mut lane, next);
        assert_eq!(Some(*loss), lane.last_loss());
        // A mean whose weights, 0.9ᵏ for k updates ago, add up to one.
        (mean, weight) = (0.9 * mean + loss, 0.9 * weight + 1.0);
        assert!((smoothed / (mean / weight) - 1.0).abs() < 1e-12, "{smoothed}");
    }
    assert_eq!(found.losses.len(), 12);
}

#[test]
fn an_instrument_that_does_not_apply_says_why() {
    let mut plan = small();
    plan.optimizer = chosen("RandomSearch()");
    let blind = specimen(&plan, 2);
    let rate = examine(&blind, &Tool::RateFinder(Ramp::default()));
    assert!(matches!(rate, Err(LabError::NoRate { .. })), "{rate:?}");
    let look = examine(&blind, &Tool::Microscope { index: 0, ahead: 0 });
    assert!(matches!(look, Err(LabError::NoGradient { .. })), "{look:?}");
    let look = examine(&specimen(&small(), 0), &Tool::Microscope { index: 21, ahead: 0 });
    assert_eq!(
        look.unwrap_err().to_string(),
        "there is no parameter 21; the model has 21, counted from 0"
    );
}

#[test]
fn the_microscope_tells_the_very_update_that_the_lane_makes() {
    let split = data("Blobs(samples: 50, centers: 2, std: 2.5, seed: 3)", None);
    for network in ["(hidden: [Dense(units: 5, activation: Tanh)])", "()"] {
        for optimizer in
            ["Sgd(momentum: 0.9, nesterov: true)", "Adam(amsgrad: true, weight_decay: 0.1)"]
        {
            for precision in [Precision::F64, Precision::F32] {
                let mut plan = learning(Arc::clone(&split), model(network), "CrossEntropy");
                plan.batch_size = BatchSize::Rows(8);
                plan.optimizer = chosen(optimizer);
                plan.precision = precision;
                plan.clip = Some(chosen("Norm(0.05)"));
                plan.gradient_noise = 0.01;
                tells_the_update(&plan);
            }
        }
    }
}

fn tells_the_update(plan: &LanePlan) {
    let specimen = specimen(plan, 9);
    let mut lane = AnyTrainer::new(plan).expect("a trainer");
    replay_to(&mut lane, 12);
    let before = lane.params();
    replay_to(&mut lane, 13);
    let after = lane.params();
    for index in [0, before.len() / 2, before.len() - 1] {
        let tool = Tool::Microscope { index, ahead: 3 };
        let found = report!(&specimen, tool, Microscope).explained;
        assert_eq!(found.step, 12);
        assert_eq!(found.stages[0].value, before[index], "w before");
        assert_eq!(found.stages.last().expect("stages").value, after[index], "{plan:?}");
        assert_ne!(found.raw, found.noisy);
        assert!(found.treated.abs() < found.noisy.abs(), "clipped");
        assert_eq!(found.stages[1].value, found.treated, "g is what the method sees");
    }
}

#[test]
fn the_sums_of_the_hidden_layers_are_those_of_the_parameters_the_lane_has() {
    let split = data("Blobs(samples: 40, features: 3, centers: 2, seed: 2)", None);
    let hidden = "(hidden: [Dense(units: 2, activation: Tanh), Dropout(rate: 0.5), \
                  Dense(units: 1, activation: Relu)])";
    let plan = learning(Arc::clone(&split), model(hidden), "CrossEntropy");
    let specimen = specimen(&plan, 5);
    let found = report!(&specimen, Tool::HiddenSums, HiddenSums);
    let params = specimen.trainer().expect("a trainer").params();
    let names: Vec<_> = found.layers.iter().map(|l| (l.layer.as_str(), l.activation)).collect();
    assert_eq!((found.step, found.rows), (5, 40));
    assert_eq!(names, [("hidden1", "Tanh"), ("hidden2", "Relu")]);
    for (row, x) in split.train.features.rows().into_iter().enumerate() {
        let unit = |weights: &[f64], x: &[f64], bias: f64| {
            weights.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + bias
        };
        let x = x.to_vec();
        let first = [unit(&params[..3], &x, params[6]), unit(&params[3..6], &x, params[7])];
        let second = unit(&params[8..10], &first.map(f64::tanh), params[10]);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "row {row}: {a} and {b}");
        near(found.layers[0].sums[2 * row], first[0]);
        near(found.layers[0].sums[2 * row + 1], first[1]);
        near(found.layers[1].sums[row], second);
    }
}
