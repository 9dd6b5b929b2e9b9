//! Whole trainings against reference numbers: the two tutorial programs, update by update, and
//! linear models trained by PyTorch.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use downhill::catalog::Chosen;
use downhill::data::{BatchSize, Dataset, Scaling, Shuffle, Split, Targets, split};
use downhill::experiment::{LanePlan, Length, PlannedLength, TaskPlan};
use downhill::model::Losses;
use downhill::optim::Optimizers;
use downhill::train::{EndReason, HeadlessOptions, LaneResult, train_all};
use ndarray::{Array1, Array2};
use serde_json::Value;

use crate::fixtures::{assert_close, flat, list, number, numbers, read};
use crate::kernels::on_every_path;
use crate::plans::{chosen, data, learning, model};

fn run(plan: LanePlan) -> LaneResult {
    let options = HeadlessOptions { threads: 1, history: true, params_at: Vec::new() };
    let results = train_all(&[plan], &options, &AtomicBool::new(false), &());
    let result = results.into_iter().next().expect("one result a plan");
    assert_eq!(result.end.reason, EndReason::Finished);
    result
}

/// The tutorial's program as an experiment: cross-entropy is descended, the sum of squared errors
/// shown, rows come in file order, the start is drawn with the bias first.
fn check_tutorial(name: &str, source: &str, batch_size: BatchSize) {
    let mut plan = learning(
        data(source, None),
        model("(init: BiasTrick(low: 0.0, high: 1.0))"),
        "CrossEntropy",
    );
    if let TaskPlan::Learn(learn) = &mut plan.task {
        learn.report = Some(chosen("SquaredErrorSum"));
    }
    plan.optimizer = chosen("Sgd(learning_rate: 0.01)");
    plan.shuffle = Shuffle::Never;
    plan.batch_size = batch_size;
    let result = run(plan);

    let fixture = read(&format!("{name}.json"));
    let [bias, w1, w2] = numbers(&fixture["numpy"]["W_final"])[..] else { panic!("three weights") };
    assert_close(&result.params, &[w1, w2, bias], 1e-12, "final weights");
    let losses: Vec<_> = result.batch_losses().collect();
    let full = read(&format!("{name}_full.json"));
    assert_close_each(&losses, &numbers(&full["per_update_loss"]), 1e-12, "loss of update");
    let epochs: Vec<_> = result.epoch_records.iter().map(|r| r.loss).collect();
    let history = numbers(&fixture["numpy"]["lossHistory"]);
    assert_close_each(&epochs, &history, 1e-12, "loss of epoch");
}

/// Each number by itself within the tolerance, relative above 1.
#[track_caller]
fn assert_close_each(ours: &[f64], theirs: &[f64], tolerance: f64, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}: length");
    for (index, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert_close(&[*a], &[*b], tolerance, &format!("{what} {}", index + 1));
    }
}

#[test]
fn the_tutorial_on_gradient_descent_comes_out() {
    on_every_path(|_| {
        let source = "Blobs(samples: 250, features: 2, centers: 2, std: 1.05, seed: 20)";
        check_tutorial("tutorial_gd", source, BatchSize::Full);
    });
}

#[test]
fn the_tutorial_on_stochastic_gradient_descent_comes_out() {
    on_every_path(|_| {
        let source = "Blobs(samples: 400, features: 2, centers: 2, std: 2.5, seed: 95)";
        check_tutorial("tutorial_sgd", source, BatchSize::Rows(32));
    });
}

/// A generated dataset of `datasets.json`, standardised.
fn dataset(name: &str, datasets: &Value) -> Arc<Split> {
    let case = list(&datasets["cases"]).iter().find(|c| c["name"].as_str() == Some(name));
    let case = case.unwrap_or_else(|| panic!("no dataset {name}"));
    let rows = list(&case["X"]).len();
    let width = list(&case["X"][0]).len();
    let features = Array2::from_shape_vec((rows, width), flat(&case["X"])).expect("a table");
    let y = numbers(&case["y"]);
    let targets = if name == "regression" {
        let values = Array2::from_shape_vec((rows, 1), y).expect("a column");
        Targets::Values { values, names: vec!["y".to_owned()] }
    } else {
        let labels: Array1<usize> = y.iter().map(|y| *y as usize).collect();
        let classes = labels.iter().max().map_or(0, |top| top + 1);
        Targets::Classes { labels, names: (0..classes).map(|c| c.to_string()).collect() }
    };
    let feature_names = (0..width).map(|i| format!("x{i}")).collect();
    let dataset = Dataset {
        name: name.to_owned(),
        features,
        feature_names,
        targets,
        image: None,
        left_out: 0,
    };
    Arc::new(split(&dataset, None, Some(Scaling::Standard)).expect("rows to train on"))
}

fn loss_name(name: &str) -> &str {
    match name {
        "bce_with_logits" | "cross_entropy" => "CrossEntropy",
        "sigmoid_squared_error_sum" => "SquaredErrorSum",
        "mse" => "MeanSquaredError",
        "multi_margin" => "MultiClassHinge",
        "hinge" => "Hinge",
        "huber" => "Huber",
        other => panic!("a loss nobody named: {other}"),
    }
}

/// The case as a plan; none while its loss or optimizer is missing.
fn linear(case: &Value, datasets: &Value) -> Option<LanePlan> {
    let text = |name: &str| case[name].as_str().expect("text");
    let loss = Chosen::<Losses>::named(loss_name(text("loss")))?;
    let optimizer = match text("optimizer") {
        "sgd" => "Sgd",
        "adam" => "Adam",
        "rmsprop" => "RmsProp",
        other => panic!("an optimizer nobody named: {other}"),
    };
    let args = &case["args"];
    let mut optimizer = Chosen::<Optimizers>::named(optimizer)?;
    optimizer = optimizer.with("learning_rate", number(&args["lr"]));
    if let Some(momentum) = args.get("momentum") {
        optimizer = optimizer.with("momentum", number(momentum));
    }
    let split = dataset(text("dataset"), datasets);
    let fields = if loss.entry().fields.is_empty() { "" } else { "()" };
    let mut plan = learning(split, model("()"), &format!("{}{fields}", loss.name()));
    if let TaskPlan::Learn(learn) = &mut plan.task {
        let start = [flat(&case["W0"]), numbers(&case["b0"])].concat();
        learn.init = chosen(&format!("Values({start:?})"));
        learn.regularize.l1 = args.get("l1").map_or(0.0, number);
        learn.regularize.l2 = args.get("l2").map_or(0.0, number);
    }
    plan.optimizer = optimizer;
    plan.shuffle = Shuffle::Never;
    plan.batch_size = BatchSize::Rows(case["batch_size"].as_u64().expect("a count"));
    plan.length = PlannedLength::Epochs(Length::Count(50));
    Some(plan)
}

#[test]
fn linear_models_train_as_pytorchs_do() {
    on_every_path(|_| {
        let (fixture, datasets) = (read("train_linear.json"), read("datasets.json"));
        let mut checked = 0;
        for case in list(&fixture["cases"]) {
            let Some(plan) = linear(case, &datasets) else { continue };
            let what = format!("{} {} {}", case["dataset"], case["loss"], case["optimizer"]);
            let result = run(plan);
            let objective: Vec<_> =
                result.evaluations.iter().map(|e| e.evaluation.full_loss).collect();
            let theirs = numbers(&case["full_objective_per_epoch"]);
            assert_close_each(&objective[..2], &theirs[..2], 1e-12, &format!("{what}: epoch"));
            assert_close_each(&objective, &theirs, 1e-10, &format!("{what}: epoch"));
            let last = [flat(&case["W"]), numbers(&case["b"])].concat();
            assert_close(&result.params, &last, 1e-10, &format!("{what}: final parameters"));
            checked += 1;
        }
        assert!(checked >= 11, "only {checked} cases");
    });
}
