//! Gradient descent written out by hand over the program's objectives, against the tutorials' programs
//! and PyTorch's: what is descended is right before any optimizer has a part in it.

use std::sync::Arc;

use downhill::catalog::{Chosen, Family};
use downhill::data::{Dataset, NoFiles, Scaling, Sources, Split, Targets, load, split};
use downhill::model::{Initializers, Losses, ModelSpec, initial_parameters};
use downhill::objective::{Learning, Objective, Regularize};
use ndarray::{Array1, Array2};
use serde_json::Value;

use crate::fixtures::{assert_close, flat, list, number, numbers, read};
use crate::kernels::on_every_path;

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn chosen<F: Family>(ron: &str) -> Chosen<F> {
    ron::from_str(ron).unwrap_or_else(|e| panic!("{ron}: {e}"))
}

/// SGD as its definition has it: v = momentum·v + g, w = w − rate·v, with v = g at first.
struct Descent {
    params: Vec<f64>,
    velocity: Vec<f64>,
    gradient: Vec<f64>,
    learning_rate: f64,
    momentum: f64,
}

impl Descent {
    fn new(params: Vec<f64>, learning_rate: f64, momentum: f64) -> Self {
        let zeros = vec![0.0; params.len()];
        Self { velocity: zeros.clone(), gradient: zeros, params, learning_rate, momentum }
    }

    /// One pass in the order of the rows; what the objective shows of each batch.
    fn epoch(&mut self, learning: &mut Learning<f64>, batch: usize) -> Vec<f64> {
        let rows: Vec<u32> = (0..learning.train_rows() as u32).collect();
        let mut shown = Vec::new();
        for rows in rows.chunks(batch) {
            let values = learning.value_and_gradient(&self.params, rows, 0, &mut self.gradient);
            shown.push(values.shown);
            let steps = self.velocity.iter_mut().zip(&self.gradient);
            for (w, (v, g)) in self.params.iter_mut().zip(steps) {
                *v = self.momentum * *v + g;
                *w -= self.learning_rate * *v;
            }
        }
        shown
    }
}

/// Runs one of the tutorials' programs: data drawn, start drawn, every batch's loss, final weights.
fn follow_tutorial(name: &str, data: &str, batch: usize) {
    let data = load(&chosen::<Sources>(data), &NoFiles).expect("the data");
    let data = Arc::new(split(&data, None, None).expect("a split"));
    let report = chosen::<Losses>("SquaredErrorSum");
    let mut learning = Learning::<f64>::new(
        data,
        &ModelSpec::default(),
        &chosen("CrossEntropy"),
        Some(&report),
        Regularize::default(),
    )
    .expect("a logistic regression");
    let init = chosen::<Initializers>("BiasTrick(low: 0.0, high: 1.0)");
    let start = initial_parameters(learning.network(), &init, 1).expect("a start");
    let summary = read(&format!("{name}.json"));
    let bias_first = |params: &[f64]| vec![params[2], params[0], params[1]];
    assert_eq!(bias_first(&start), numbers(&summary["W0"]), "{name}: start");

    let mut descent = Descent::new(start, 0.01, 0.0);
    let mut losses = Vec::new();
    for _ in 0..100 {
        losses.extend(descent.epoch(&mut learning, batch));
    }
    let expected = numbers(&read(&format!("{name}_full.json"))["per_update_loss"]);
    assert_close(&losses, &expected, 1e-12, &format!("{name}: losses"));
    let weights = numbers(&summary["numpy"]["W_final"]);
    assert_close(&bias_first(&descent.params), &weights, 1e-12, &format!("{name}: weights"));
}

#[test]
fn the_gradient_descent_tutorial_comes_out_to_the_last_digits() {
    on_every_path(|_| {
        let data = "Blobs(samples: 250, features: 2, centers: 2, std: 1.05, seed: 20)";
        follow_tutorial("tutorial_gd", data, 250);
    });
}

#[test]
fn the_stochastic_gradient_descent_tutorial_comes_out_to_the_last_digits() {
    on_every_path(|_| {
        let data = "Blobs(samples: 400, features: 2, centers: 2, std: 2.5, seed: 95)";
        follow_tutorial("tutorial_sgd", data, 32);
    });
}

/// The rows of a dataset of `datasets.json`, standardised.
fn standardised(name: &str) -> Arc<Split> {
    let fixture = read("datasets.json");
    let cases = list(&fixture["cases"]);
    let case = cases.iter().find(|case| text(&case["name"]) == name).expect("the dataset");
    let y = numbers(&case["y"]);
    let width = list(&case["X"][0]).len();
    let features = Array2::from_shape_vec((y.len(), width), flat(&case["X"])).expect("a matrix");
    let targets = if name == "regression" {
        let values = Array2::from_shape_vec((y.len(), 1), y).expect("a column");
        Targets::Values { values, names: vec!["y".to_owned()] }
    } else {
        let labels: Vec<usize> = y.into_iter().map(|label| label as usize).collect();
        let last = labels.iter().max().expect("rows");
        let names = (0..=*last).map(|class| class.to_string()).collect();
        Targets::Classes { labels: Array1::from_vec(labels), names }
    };
    let names = (0..width).map(|i| format!("x{i}")).collect();
    let data = Dataset::new(name.to_owned(), features, names, targets).expect("a dataset");
    Arc::new(split(&data, None, Some(Scaling::Standard)).expect("a split"))
}

/// Follows one case of `train_linear.json`; false if its loss or optimizer is not descended here.
fn follow_linear(case: &Value) -> bool {
    let loss = match text(&case["loss"]) {
        "mse" => "MeanSquaredError",
        "bce_with_logits" | "cross_entropy" => "CrossEntropy",
        "sigmoid_squared_error_sum" => "SquaredErrorSum",
        _ => return false,
    };
    if text(&case["optimizer"]) != "sgd" {
        return false;
    }
    let argument = |name: &str| case["args"].get(name).map_or(0.0, number);
    let mut learning = Learning::<f64>::new(
        standardised(text(&case["dataset"])),
        &ModelSpec::default(),
        &chosen(loss),
        None,
        Regularize { l1: argument("l1"), l2: argument("l2") },
    )
    .expect("a linear model");
    let start = [flat(&case["W0"]), numbers(&case["b0"])].concat();
    let mut descent = Descent::new(start, argument("lr"), argument("momentum"));
    let batch = case["batch_size"].as_u64().expect("a size") as usize;
    let epochs = case["epochs"].as_u64().expect("a count");
    let mut objective = vec![learning.evaluate(&descent.params).full_loss];
    for _ in 0..epochs {
        descent.epoch(&mut learning, batch);
        objective.push(learning.evaluate(&descent.params).full_loss);
    }
    let what = format!("{} {} {}", case["dataset"], case["loss"], case["args"]);
    assert_close(&objective, &numbers(&case["full_objective_per_epoch"]), 1e-12, &what);
    let end = [flat(&case["W"]), numbers(&case["b"])].concat();
    assert_close(&descent.params, &end, 1e-12, &what);
    true
}

#[test]
fn linear_models_follow_pytorchs_objective_epoch_by_epoch() {
    on_every_path(|_| {
        let fixture = read("train_linear.json");
        let compared = list(&fixture["cases"]).iter().filter(|case| follow_linear(case)).count();
        assert_eq!(
            compared, 6,
            "cases with a loss of this program and plain or heavy-ball descent"
        );
    });
}
