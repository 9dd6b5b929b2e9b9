//! Activations, losses, whole networks, surfaces and scores against PyTorch, scikit-learn and NumPy.
//!
//! Every test walks its fixture and takes the cases whose names stand in the program's tables, so that
//! a new row is compared from its first day.

use std::sync::Arc;

use downhill::catalog::{Chosen, Family};
use downhill::data::{Dataset, Split, Targets, split};
use downhill::model::{Activations, Link, LossFunction, LossRows, Losses, ModelSpec};
use downhill::numeric::Real;
use downhill::objective::{
    Learning, Objective, Regularize, Surfaces, surface_gradient, surface_value,
};
use ndarray::{Array1, Array2};
use serde_json::Value;

use crate::fixtures::{assert_close, flat, integers, list, number, numbers, read};
use crate::kernels::on_every_path;
use crate::losses::{LossCase, camel_case, loss_cases};

const TOLERANCE: f64 = 1e-12;

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

/// A row of a table by name, if the table has it.
fn chosen<F: Family>(name: &str) -> Option<Chosen<F>> {
    Chosen::named(name)
}

#[test]
fn activations_and_their_slopes_are_those_of_pytorch() {
    on_every_path(|_| {
        let fixture = read("activations.json");
        let x = numbers(&fixture["x"]);
        let mut compared = 0;
        for case in list(&fixture["cases"]) {
            let Some(activation) = chosen::<Activations>(&camel_case(text(&case["activation"])))
            else {
                continue;
            };
            let (y, slope) = Activations::value_and_slope(&activation, &x);
            assert_close(&y, &numbers(&case["y"]), TOLERANCE, activation.name());
            assert_close(&slope, &numbers(&case["dy_dx"]), TOLERANCE, activation.name());
            compared += 1;
        }
        assert_eq!(compared, Activations::entries().len(), "every activation has its case");
    });
}

#[test]
fn the_softmax_of_a_head_is_that_of_pytorch() {
    on_every_path(|_| {
        let fixture = read("activations.json");
        for (row, expected) in list(&fixture["softmax_rows"]).iter().zip(list(&fixture["softmax"]))
        {
            let sums = numbers(row);
            let mut ours = vec![0.0; sums.len()];
            Link::Softmax.forward(&sums, sums.len(), &mut ours);
            assert_close(&ours, &numbers(expected), TOLERANCE, "softmax");
        }
    });
}

#[test]
fn every_case_of_the_losses_has_pytorchs_value_and_gradient() {
    on_every_path(|_| {
        let mut compared = Vec::new();
        for case in loss_cases() {
            let LossCase { loss, treatment, sums, targets, width, what, .. } = &case;
            let function = LossFunction::<f64>::treated(loss, treatment);
            let rows = LossRows { sums, activations: sums, targets, width: *width };
            // torch's `reduction="sum"` is the sum before it is divided.
            let divisor = if case.summed {
                1.0
            } else {
                function.divisor_of(targets.chunks_exact(*width), *width)
            };
            let mut gradient = vec![0.0; sums.len()];
            let sum = function.sum_and_gradient(&rows, Link::Identity, divisor, &mut gradient);
            let (value, truth) = (sum / divisor, case.value);
            let size = truth.abs().max(1.0);
            assert!(
                value == truth || (value - truth).abs() <= TOLERANCE * size,
                "{what}: {value:?}, not {truth:?}"
            );
            assert_close(&gradient, &case.gradient, TOLERANCE, what);
            compared.push(loss.name());
        }
        for entry in Losses::entries() {
            assert!(compared.contains(&entry.name), "{} has no case", entry.name);
        }
        assert_eq!(compared.len(), 62, "cases of losses.json");
    });
}

/// A split with these rows to train on and nothing held out.
fn all_rows(features: Array2<f64>, targets: Targets) -> Arc<Split> {
    let names = (0..features.ncols()).map(|i| format!("x{i}")).collect();
    let data = Dataset::new("fixture".to_owned(), features, names, targets).expect("a dataset");
    Arc::new(split(&data, None, None).expect("a split"))
}

fn matrix(rows: &Value) -> Array2<f64> {
    let width = list(&rows[0]).len();
    Array2::from_shape_vec((list(rows).len(), width), flat(rows)).expect("rows of one length")
}

fn classes(labels: Vec<usize>) -> Targets {
    let count = labels.iter().max().map_or(0, |last| last + 1).max(2);
    let names = (0..count).map(|class| class.to_string()).collect();
    Targets::Classes { labels: Array1::from_vec(labels), names }
}

/// Targets and loss of a case of `gradients.json`, if the program has that loss.
fn task_of_case(case: &Value) -> Option<(Targets, Chosen<Losses>)> {
    let y = &case["y"];
    Some(match text(&case["loss"]) {
        "mse" => {
            let values = matrix(y);
            let names = (0..values.ncols()).map(|i| format!("y{i}")).collect();
            (Targets::Values { values, names }, chosen("MeanSquaredError")?)
        }
        "huber" => {
            let values = matrix(y);
            let names = (0..values.ncols()).map(|i| format!("y{i}")).collect();
            (Targets::Values { values, names }, chosen("Huber")?)
        }
        "bce_with_logits" => {
            let labels = flat(y).into_iter().map(|label| label as usize).collect();
            (classes(labels), chosen("CrossEntropy")?)
        }
        name @ ("cross_entropy" | "multi_margin") => {
            let loss = if name == "cross_entropy" { "CrossEntropy" } else { "MultiClassHinge" };
            let width = list(&case["sizes"]).last().and_then(Value::as_u64).expect("sizes");
            let names = (0..width).map(|class| class.to_string()).collect();
            let labels = Array1::from_vec(integers(y));
            (Targets::Classes { labels, names }, chosen(loss)?)
        }
        _ => return None,
    })
}

fn model_of_case(case: &Value) -> Option<ModelSpec> {
    let activation = camel_case(text(&case["activation"]));
    Activations::find(&activation)?;
    let sizes = integers(&case["sizes"]);
    let layer = |units: &usize| format!("Dense(units: {units}, activation: {activation})");
    let hidden: Vec<String> = sizes[1..sizes.len() - 1].iter().map(layer).collect();
    Some(ron::from_str(&format!("(hidden: [{}])", hidden.join(", "))).expect("a model"))
}

/// Per layer weights, then biases, as the flat vector has them.
fn flat_parameters(weights: &Value, biases: &Value) -> Vec<f64> {
    let layers = list(weights).iter().zip(list(biases));
    layers.flat_map(|(weights, biases)| [flat(weights), numbers(biases)].concat()).collect()
}

/// Compares one whole network in precision `R`; the names of its activation and loss if it is ours.
fn compare_network<R: Real>(case: &Value, tolerance: f64) -> Option<[String; 2]> {
    let (targets, loss) = task_of_case(case)?;
    let model = model_of_case(case)?;
    let data = all_rows(matrix(&case["x"]), targets);
    let rows: Vec<u32> = (0..data.train.rows() as u32).collect();
    let regularize = Regularize::default();
    let mut learning =
        Learning::<R>::new(Arc::clone(&data), &model, &loss, None, regularize).expect("a network");
    let params = flat_parameters(&case["weights"], &case["biases"]);
    let params: Vec<R> = params.into_iter().map(R::from_f64).collect();
    let mut gradient = vec![R::ZERO; params.len()];
    let what = format!("{} {}", case["sizes"], case["activation"]);
    let values = learning.value_and_gradient(&params, &rows, 0, &mut gradient);
    assert_close(&[values.loss.to_f64()], &[number(&case["value"])], tolerance, &what);
    let gradient: Vec<f64> = gradient.iter().map(|g| g.to_f64()).collect();
    let expected = flat_parameters(&case["grad_weights"], &case["grad_biases"]);
    assert_close(&gradient, &expected, tolerance, &what);

    let link = learning.network().head().link;
    let outputs = learning.predict(&params, data.train.features.view()).expect("outputs");
    let sums = flat(&case["output"]);
    let mut expected = vec![0.0; sums.len()];
    link.forward(&sums, outputs.width, &mut expected);
    assert_close(&outputs.values, &expected, tolerance, &what);
    Some([text(&case["activation"]).to_owned(), loss.name().to_owned()])
}

#[test]
fn whole_networks_have_pytorchs_outputs_losses_and_gradients_in_both_precisions() {
    on_every_path(|_| {
        let fixture = read("gradients.json");
        let compare = |case| {
            let compared = compare_network::<f64>(case, TOLERANCE)?;
            compare_network::<f32>(case, 2e-6)
                .inspect(|again| assert_eq!(again, &compared, "one case, two precisions"))
        };
        let compared: Vec<[String; 2]> =
            list(&fixture["cases"]).iter().filter_map(compare).collect();
        assert_eq!(compared.len(), list(&fixture["cases"]).len(), "cases of gradients.json");
        for (activation, loss) in [
            ("tanh", "CrossEntropy"),
            ("relu", "CrossEntropy"),
            ("sigmoid", "CrossEntropy"),
            ("identity", "MeanSquaredError"),
            ("identity", "CrossEntropy"),
            ("gelu_erf", "MeanSquaredError"),
            ("silu", "Huber"),
            ("elu", "MultiClassHinge"),
            ("softplus", "MeanSquaredError"),
            ("leaky_relu", "CrossEntropy"),
        ] {
            let pair = [activation.to_owned(), loss.to_owned()];
            assert!(compared.contains(&pair), "{pair:?} was not compared: {compared:?}");
        }
    });
}

#[test]
fn surfaces_have_the_reference_values_gradients_and_minima() {
    on_every_path(|_| {
        let fixture = read("test_functions.json");
        let points: Vec<Vec<f64>> = list(&fixture["points"]).iter().map(numbers).collect();
        let mut compared = 0;
        for case in list(&fixture["cases"]) {
            let name = camel_case(text(&case["function"]));
            let surface =
                chosen::<Surfaces>(&name).expect("every surface of the reference is here");
            let values: Vec<f64> =
                points.iter().map(|p| surface_value(&surface, p[0], p[1])).collect();
            assert_close(&values, &numbers(&case["value"]), TOLERANCE, &name);
            let slopes: Vec<f64> =
                points.iter().flat_map(|p| surface_gradient(&surface, p[0], p[1])).collect();
            assert_close(&slopes, &flat(&case["grad"]), TOLERANCE, &name);
            // Far out on Easom's plain all is nearly 0: there every number is compared in its own size.
            let found = values.iter().chain(&slopes);
            let expected = [numbers(&case["value"]), flat(&case["grad"])].concat();
            let tiny = |(_, expected): &(&f64, &f64)| expected.abs() < 1e-6 && **expected != 0.0;
            let shares: Vec<f64> = found.zip(&expected).filter(tiny).map(|(a, b)| a / b).collect();
            assert_close(&shares, &vec![1.0; shares.len()], TOLERANCE, &name);
            compared += 1;
        }
        assert_eq!(compared, 18, "every case of the reference is compared");
        // The ravine is our own and a formula is the user's; their laws stand beside them.
        assert_eq!(compared + 2, Surfaces::entries().len(), "every other surface has its case");
    });
}
