//! Dropout and layer norm: their numbers against NumPy, their laws, and what their fields refuse.
//!
//! `layers.json` was made by NumPy from the formulas of torch.nn.LayerNorm and torch.nn.Dropout, the
//! masks drawn with a Philox of its own, and the gradients by complex steps, which lose no digits.

use std::sync::Arc;

use downhill::data::{Dataset, NoFiles, Split, Targets, split};
use downhill::experiment::check;
use downhill::model::{ModelError, ModelSpec, initial_parameters};
use downhill::numeric::Real;
use downhill::objective::{Learning, Objective, Regularize};
use ndarray::Array2;
use serde_json::Value;

use crate::fixtures::{assert_close, assert_same_bits, flat, list, number, numbers, read};
use crate::plans::{chosen, model};

fn matrix(rows: &Value) -> Array2<f64> {
    let width = list(&rows[0]).len();
    Array2::from_shape_vec((list(rows).len(), width), flat(rows)).expect("rows of one length")
}

fn values(features: Array2<f64>, values: Array2<f64>) -> Arc<Split> {
    let names = |letter: &str, n| (0..n).map(|i| format!("{letter}{i}")).collect::<Vec<_>>();
    let columns = names("x", features.ncols());
    let targets = Targets::Values { names: names("y", values.ncols()), values };
    let data = Dataset::new("made up".to_owned(), features, columns, targets).expect("a dataset");
    Arc::new(split(&data, None, None).expect("a split"))
}

/// Rows without pattern, with one target.
fn rows(count: usize) -> Arc<Split> {
    let number = |(row, column): (usize, usize)| ((row * 13 + column * 5 + 1) as f64 * 0.77).sin();
    values(Array2::from_shape_fn((count, 3), number), Array2::from_shape_fn((count, 1), number))
}

fn learning<R: Real>(data: &Arc<Split>, hidden: &str) -> Learning<R> {
    let model: ModelSpec = model(&format!("(hidden: [{hidden}], init: Normal(std: 0.7))"));
    let loss = chosen("MeanSquaredError");
    let built = Learning::new(Arc::clone(data), &model, &loss, None, Regularize::default());
    built.unwrap_or_else(|e| panic!("{hidden}: {e}")).with_noise_seed(6)
}

fn start<R: Real>(learning: &Learning<R>) -> Vec<R> {
    let params = initial_parameters(learning.network(), &chosen("Normal(std: 0.7)"), 3);
    params.expect("a start").into_iter().map(R::from_f64).collect()
}

#[test]
fn losses_gradients_and_predictions_are_those_of_numpy() {
    let fixture = read("layers.json");
    for case in list(&fixture["cases"]) {
        let hidden = case["hidden"].as_str().expect("text");
        let data = values(matrix(&case["x"]), matrix(&case["y"]));
        let whole = |field: &str| case[field].as_u64().expect("a whole number");
        let mut learning = learning::<f64>(&data, hidden).with_noise_seed(whole("noise_seed"));
        let (params, step) = (numbers(&case["params"]), whole("step"));
        let all: Vec<u32> = (0..data.train.rows() as u32).collect();
        let mut gradient = vec![0.0; params.len()];
        let found = learning.value_and_gradient(&params, &all, step, &mut gradient).loss;
        assert_close(&[found], &[number(&case["value"])], 1e-12, hidden);
        assert_close(&gradient, &numbers(&case["gradient"]), 1e-12, hidden);
        let outputs = learning.predict(&params, data.train.features.view()).expect("outputs");
        assert_close(&outputs.values, &flat(&case["predictions"]), 1e-12, hidden);
    }
}

#[test]
fn the_value_of_a_step_is_the_one_its_gradient_comes_with() {
    let data = rows(300);
    let all: Vec<u32> = (0..300).rev().collect();
    let hidden = "Dropout(rate: 0.2), Dense(units: 9, activation: Tanh), LayerNorm, \
                  Dropout(rate: 0.5)";
    let mut learning = learning::<f64>(&data, hidden);
    let params = start(&learning);
    let mut gradient = vec![0.0; params.len()];
    let mut seen = Vec::new();
    for step in [0, 1, 2, 1 << 40] {
        let value = learning.value_and_gradient(&params, &all, step, &mut gradient);
        assert_eq!(learning.value(&params, &all, step), value, "step {step}");
        assert_eq!(learning.value(&params, &all, step), value, "step {step} once more");
        assert!(!seen.contains(&value.loss.to_bits()), "every step has masks of its own");
        seen.push(value.loss.to_bits());
    }
    let mut other = learning.with_noise_seed(7);
    assert!(!seen.contains(&other.value(&params, &all, 0).loss.to_bits()), "and every seed");
}

#[test]
fn two_dropout_layers_silence_different_units() {
    // Through two layers of rate 1/2 with equal masks half would get through; with independent ones
    // a quarter does. The sum of targets zero and outputs w·x counts them: the weights are 1.
    let count = 4000;
    let data = values(Array2::ones((count, 1)), Array2::zeros((count, 1)));
    let all: Vec<u32> = (0..count as u32).collect();
    let mut learning = learning::<f64>(&data, "Dropout(rate: 0.5), Dropout(rate: 0.5)");
    // Each row that gets through is 4, its square 16.
    let through = learning.value(&[1.0, 0.0], &all, 3).loss / 16.0;
    assert!((through - 0.25).abs() < 0.03, "{through} get through");
}

#[test]
fn dropout_keeps_the_expected_output_and_evaluations_silence_nothing() {
    let data = rows(40);
    let all: Vec<u32> = (0..40).collect();
    let mut with = learning::<f64>(&data, "Dropout(rate: 0.3)");
    let mut without = learning::<f64>(&data, "");
    let params = start(&with);
    assert_eq!(format!("{:?}", with.evaluate(&params)), format!("{:?}", without.evaluate(&params)));
    let features = data.train.features.view();
    assert_eq!(with.predict(&params, features), without.predict(&params, features));
    // The slope by the output's bias is linear in the outputs, so its mean over masks is that without.
    let mut gradient = vec![0.0; params.len()];
    let steps = 4000;
    let mut mean = 0.0;
    for step in 0..steps {
        with.value_and_gradient(&params, &all, step, &mut gradient);
        mean += gradient[3] / steps as f64;
    }
    without.value_and_gradient(&params, &all, 0, &mut gradient);
    assert!((mean - gradient[3]).abs() < 0.01, "{mean} {}", gradient[3]);
}

#[test]
fn a_rate_of_zero_is_the_identity_bit_for_bit() {
    fn check<R: Real>() {
        let data = rows(300);
        let all: Vec<u32> = (0..300).collect();
        let dense = "Dense(units: 9, activation: Relu)";
        let mut with =
            learning::<R>(&data, &format!("Dropout(rate: 0.0), {dense}, Dropout(rate: 0.0)"));
        let mut without = learning::<R>(&data, dense);
        let params = start(&with);
        for batch in [&all[..], &all[7..8]] {
            let mut gradients = [vec![R::ONE; params.len()], vec![R::ZERO; params.len()]];
            let [first, second] = &mut gradients;
            let value = with.value_and_gradient(&params, batch, 5, first);
            assert_eq!(value, without.value_and_gradient(&params, batch, 5, second));
            let [first, second] = gradients.map(|g| g.iter().map(|g| g.to_f64()).collect());
            let (first, second): (Vec<f64>, Vec<f64>) = (first, second);
            assert_same_bits(&first, &second, "gradient");
        }
    }
    check::<f64>();
    check::<f32>();
}

#[test]
fn layer_norm_starts_with_gains_of_one_and_rows_of_equal_numbers_stay_finite() {
    let data = values(Array2::from_elem((5, 4), 1e6), Array2::zeros((5, 1)));
    let mut learning = learning::<f64>(&data, "LayerNorm");
    let names: Vec<_> = learning.layout().tensors.iter().map(|t| t.name.clone()).collect();
    assert_eq!(names, ["norm1.gains", "norm1.biases", "output.weights", "output.biases"]);
    for init in ["Auto", "Zeros", "HeNormal", "Uniform(low: -1.0, high: 1.0)"] {
        let start = initial_parameters(learning.network(), &chosen(init), 1).expect("a start");
        assert_eq!(start[..8], [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0], "{init}");
        assert_eq!(start.len(), 13);
    }
    let params = start(&learning);
    let mut gradient = vec![0.0; params.len()];
    let value = learning.value_and_gradient(&params, &[0, 1, 2, 3, 4], 0, &mut gradient);
    assert_eq!(value.loss, 0.0, "all rows are the biases, which are zero");
    assert!(gradient.iter().all(|g| g.is_finite()), "{gradient:?}");
    let error = initial_parameters(learning.network(), &chosen("Values([1.0])"), 1);
    let error = error.expect_err("refused").to_string();
    assert!(error.contains("13 parameters (norm1.gains 1 x 4, norm1.biases 1 x 4"), "{error}");
}

#[test]
fn layers_that_cannot_learn_are_refused_before_they_are_built() {
    let data = values(Array2::ones((5, 1)), Array2::zeros((5, 1)));
    let refused = |hidden: &str| {
        let spec = model(&format!("(hidden: [{hidden}])"));
        let loss = chosen("MeanSquaredError");
        let built =
            Learning::<f64>::new(Arc::clone(&data), &spec, &loss, None, Regularize::default());
        built.map(drop).expect_err("refused")
    };
    assert_eq!(refused("LayerNorm"), ModelError::NormOfOneUnit { layer: 0 });
    assert_eq!(refused("Dropout(rate: 0.1), LayerNorm").path(), "model.hidden[1]");
    let error = refused("Dense(units: 3, activation: Relu), Dropout(rate: 1.0)");
    assert_eq!(error.path(), "model.hidden[1].rate");
    assert_eq!(error.to_string(), "the rate of a dropout layer is a number from 0, below 1, not 1");
}

fn problems(hidden: &str) -> String {
    problems_of(&format!("model: (hidden: [{hidden}])"))
}

fn problems_of(model: &str) -> String {
    let text = format!(
        "(version: 1, name: \"x\", task: Learn(data: Moons(samples: 60, noise: 0.1, seed: 1), \
         {model}), lanes: [(name: \"a\", optimizer: Sgd(learning_rate: 0.1))])"
    );
    match check(&text).and_then(|valid| valid.prepare(&NoFiles).map(drop)) {
        Ok(()) => String::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn a_file_says_what_is_wrong_with_its_layers() {
    let one = "Dense(units: 1, activation: Tanh)";
    for fine in ["LayerNorm, Dropout(rate: 0)", "Dropout(rate: 0.999), Dropout(rate: 0.5)"] {
        assert_eq!(problems(fine), "");
    }
    for (hidden, expected) in [
        ("Dropout(rate: 1.0)", "task.model.hidden[0].rate: `rate` takes a number from 0, below 1"),
        ("Dropout(rate: -0.1)", "task.model.hidden[0].rate: `rate` takes a number from 0, below 1"),
        ("Dropout(rate: NaN)", "task.model.hidden[0].rate: `rate` takes a number from 0, below 1"),
        ("Dropout(rate: half)", "task.model.hidden[0].rate: `rate` takes a number from 0, below 1"),
        ("Dropout()", "Dropout needs its field `rate`"),
        ("Dropout(p: 0.5)", "Dropout has no field `p`"),
        ("Dropout", "takes a layer: `Dense(units: 8, activation: Relu)`, `Dropout(rate: 0.5)`"),
        ("LayerNorm(units: 3)", "takes a layer: `Dense(units: 8, activation: Relu)`"),
        ("Droput(rate: 0.5)", "a hidden layer cannot be `Droput`; did you mean `Dropout`?"),
        ("BatchNorm", "`BatchNorm` is not yet supported"),
        (&format!("{one}, LayerNorm"), "task.model.hidden[1]: a layer norm over one unit"),
        (&format!("{one}, Dropout(rate: 0.5), LayerNorm"), "task.model.hidden[2]: a layer norm"),
    ] {
        let found = problems(hidden);
        assert!(found.contains(expected), "{hidden}\n  expected: {expected}\n  found: {found}");
    }
    // Two units of two inputs, the gains and biases of both, an output: 6 + 4 + 3.
    let found = problems_of(
        "model: (hidden: [Dense(units: 2, activation: Tanh), Dropout(rate: 0.5), LayerNorm], \
         init: Values([1.0, 2.0]))",
    );
    assert!(found.contains("2 values are given, the model has 13 parameters"), "{found}");
}
