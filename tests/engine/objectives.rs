//! Laws of objectives: what a batch is, what belongs to the loss and what does not, which paths must
//! agree to the last bit, what stays finite, and what is refused before it is built.

use std::sync::Arc;

use downhill::catalog::{Chosen, Family};
use downhill::data::{Dataset, HeldOut, Scaling, Split, Targets, split};
use downhill::model::{Losses, ModelError, ModelSpec, initial_parameters};
use downhill::numeric::Real;
use downhill::objective::{Learning, Objective, Regularize, Values};
use ndarray::{Array1, Array2};

fn chosen<F: Family>(ron: &str) -> Chosen<F> {
    ron::from_str(ron).unwrap_or_else(|e| panic!("{ron}: {e}"))
}

fn model(ron: &str) -> ModelSpec {
    ron::from_str(ron).unwrap_or_else(|e| panic!("{ron}: {e}"))
}

const NET: &str = "(hidden: [Dense(units: 9, activation: Relu), Dense(units: 5, activation: Tanh)], \
                   init: Normal(std: 0.7))";

/// Rows without pattern, in three classes; row `i` of the result is row `order(i)` of the pattern.
fn rows(count: usize, order: impl Fn(usize) -> usize) -> Dataset {
    let number = |row: usize, column: usize| ((row * 13 + column * 5 + 1) as f64 * 0.77).sin();
    let features = Array2::from_shape_fn((count, 4), |(row, column)| number(order(row), column));
    let labels = Array1::from_shape_fn(count, |row| order(row) * 7 % 3);
    let names = |letter: &str, n| (0..n).map(|i| format!("{letter}{i}")).collect::<Vec<_>>();
    let targets = Targets::Classes { labels, names: names("class ", 3) };
    Dataset::new("pattern".to_owned(), features, names("x", 4), targets).expect("a dataset")
}

fn all(data: &Dataset) -> Arc<Split> {
    Arc::new(split(data, None, None).expect("a split"))
}

fn learning<R: Real>(split: &Arc<Split>, spec: &str, loss: &str) -> Learning<R> {
    let regularize = Regularize::default();
    Learning::new(Arc::clone(split), &model(spec), &chosen(loss), None, regularize)
        .unwrap_or_else(|e| panic!("{e}"))
}

fn start<R: Real>(learning: &Learning<R>, spec: &str) -> Vec<R> {
    let params = initial_parameters(learning.network(), &model(spec).init.0, 3).expect("a start");
    params.into_iter().map(R::from_f64).collect()
}

fn batch<R: Real>(learning: &mut Learning<R>, params: &[R], rows: &[u32]) -> (Values<R>, Vec<R>) {
    let mut gradient = vec![R::ONE; params.len()];
    let values = learning.value_and_gradient(params, rows, 0, &mut gradient);
    (values, gradient)
}

#[test]
fn rows_side_by_side_and_rows_gathered_give_the_same_bits() {
    let count = 611;
    // The same rows, lying in the opposite order.
    let (forwards, backwards) = (all(&rows(count, |i| i)), all(&rows(count, |i| count - 1 - i)));
    let (ascending, descending): (Vec<u32>, Vec<u32>) =
        ((0..count as u32).collect(), (0..count as u32).rev().collect());
    let mut first = learning::<f64>(&forwards, NET, "CrossEntropy");
    let mut second = learning::<f64>(&backwards, NET, "CrossEntropy");
    let params = start(&first, NET);
    assert_eq!(batch(&mut first, &params, &ascending), batch(&mut second, &params, &descending));
    // And nothing of one batch is left in the next.
    let again = batch(&mut first, &params, &ascending[10..17]);
    let mut fresh = learning::<f64>(&forwards, NET, "CrossEntropy");
    assert_eq!(again, batch(&mut fresh, &params, &ascending[10..17]));
}

#[test]
fn one_row_alone_has_the_outputs_it_has_among_others() {
    let data = rows(300, |i| i);
    for spec in [NET, "(init: Normal(std: 1.0))"] {
        let mut objective = learning::<f64>(&all(&data), spec, "CrossEntropy");
        let params = start(&objective, spec);
        let together = objective.predict(&params, data.features.view()).expect("outputs");
        assert_eq!((together.width, together.values.len()), (3, 900));
        for row in [0, 77, 255, 256, 299] {
            let one = data.features.slice(ndarray::s![row..=row, ..]);
            let alone = objective.predict(&params, one).expect("outputs");
            assert_eq!(alone.values, together.values[row * 3..][..3], "row {row}");
        }
        assert_eq!(objective.predict(&params, Array2::zeros((1, 3)).view()), None);
    }
}

#[test]
fn a_batch_is_the_mean_of_its_rows_and_a_sum_is_their_sum() {
    let split = all(&rows(20, |i| i));
    let rows: Vec<u32> = vec![3, 17, 4, 4, 11];
    for (loss, scale) in
        [("CrossEntropy", 5.0), ("MeanSquaredError", 5.0), ("SquaredErrorSum", 1.0)]
    {
        let mut objective = learning::<f64>(&split, NET, loss);
        let params = start(&objective, NET);
        let (values, gradient) = batch(&mut objective, &params, &rows);
        let mut total = 0.0;
        let mut sum = vec![0.0; gradient.len()];
        for row in &rows {
            let (values, gradient) = batch(&mut objective, &params, &[*row]);
            total += values.loss / scale;
            sum.iter_mut().zip(gradient).for_each(|(sum, g)| *sum += g / scale);
        }
        assert!((values.loss - total).abs() < 1e-14, "{loss}");
        let far = sum.iter().zip(&gradient).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(far < 1e-14, "{loss}: {far:e}");
    }
}

#[test]
fn single_precision_follows_double() {
    let split = all(&rows(100, |i| i));
    let rows: Vec<u32> = (0..100).collect();
    for loss in ["CrossEntropy", "MeanSquaredError", "SquaredErrorSum"] {
        let mut double = learning::<f64>(&split, NET, loss);
        let mut single = learning::<f32>(&split, NET, loss);
        let params = start(&double, NET);
        let rounded: Vec<f32> = params.iter().map(|w| *w as f32).collect();
        let (a, b) = (batch(&mut double, &params, &rows), batch(&mut single, &rounded, &rows));
        assert!((a.0.loss - f64::from(b.0.loss)).abs() < 1e-5 * a.0.loss.max(1.0), "{loss}");
        for (a, b) in a.1.iter().zip(&b.1) {
            assert!((a - f64::from(*b)).abs() < 1e-4 * a.abs().max(1.0), "{loss}: {a} {b}");
        }
    }
}

#[test]
fn logits_of_ten_thousand_leave_losses_and_gradients_finite() {
    for classes in [2, 3] {
        let features = Array2::from_shape_vec((6, 1), vec![-1.0, -0.5, 0.0, 0.5, 1.0, 1.0]);
        let labels = Array1::from_iter((0..6).map(|row| row % classes));
        let names = (0..classes).map(|class| class.to_string()).collect();
        let data = Dataset::new(
            "far apart".to_owned(),
            features.expect("a matrix"),
            vec!["x".to_owned()],
            Targets::Classes { labels, names },
        );
        let split = all(&data.expect("a dataset"));
        let spec = if classes == 2 { "(output: Sigmoid)" } else { "()" };
        for loss in ["CrossEntropy", "SquaredErrorSum"] {
            let mut objective = learning::<f64>(&split, spec, loss);
            let mut params = vec![0.0; objective.layout().len()];
            params[0] = 1e4;
            if classes == 3 {
                params[1] = -1e4;
            }
            let (values, gradient) = batch(&mut objective, &params, &[0, 1, 2, 3, 4, 5]);
            assert!(values.loss.is_finite(), "{loss}: {}", values.loss);
            assert!(gradient.iter().all(|g| g.is_finite()), "{loss}: {gradient:?}");
        }
    }
}

#[test]
fn what_is_not_a_number_is_never_hidden() {
    let split = all(&rows(10, |i| i));
    for loss in ["CrossEntropy", "MeanSquaredError", "SquaredErrorSum"] {
        let mut objective = learning::<f64>(&split, NET, loss);
        let mut params = start(&objective, NET);
        params[0] = f64::NAN;
        assert!(batch(&mut objective, &params, &[0, 1, 2]).0.loss.is_nan(), "{loss}");
    }
}

#[test]
fn penalties_belong_to_the_full_loss_and_not_to_scores() {
    let data = rows(40, |i| i);
    let held_out = HeldOut { fraction: 0.25, seed: 1, stratified: false };
    let split = Arc::new(split(&data, Some(held_out), Some(Scaling::Standard)).expect("a split"));
    let build = |l1, l2| {
        let (spec, loss) = (model("()"), chosen("CrossEntropy"));
        Learning::<f64>::new(Arc::clone(&split), &spec, &loss, None, Regularize { l1, l2 })
            .expect("a model")
    };
    // Three outputs of four inputs: weights 1, −1, 1, …, and biases that no penalty counts.
    let mut params: Vec<f64> = (0..15).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
    params[12..].fill(5.0);
    let plain = build(0.0, 0.0).evaluate(&params);
    let penalized = build(0.5, 0.25).evaluate(&params);
    let penalty = 0.5 * 12.0 + 0.25 / 2.0 * 12.0;
    assert!((penalized.full_loss - plain.full_loss - penalty).abs() < 1e-13);
    assert_eq!(penalized.train, plain.train);
    assert_eq!(penalized.held_out, plain.held_out);
    assert_eq!(plain.train.loss, Some(plain.full_loss));
    assert_eq!(plain.train.r2, None);

    // The scores are those of the predictions on unscaled rows.
    let mut objective = build(0.0, 0.0);
    let Targets::Classes { labels, .. } = &data.targets else { panic!("classes") };
    for (rows, scores) in [
        (&split.train_rows, plain.train.clone()),
        (&split.held_out_rows, plain.held_out.expect("held-out rows")),
    ] {
        let features = data.features.select(ndarray::Axis(0), rows);
        let outputs = objective.predict(&params, features.view()).expect("outputs");
        let predicted = outputs.values.chunks(3).map(downhill::metrics::predicted_class);
        let right = predicted.zip(rows).filter(|(class, row)| *class == labels[**row]).count();
        assert_eq!(scores.accuracy, Some(right as f64 / rows.len() as f64));
        let logarithms = outputs.values.chunks(3).zip(rows).map(|(p, row)| -p[labels[*row]].ln());
        let loss = logarithms.sum::<f64>() / rows.len() as f64;
        assert!((scores.loss.expect("a loss") - loss).abs() < 1e-12);
    }
}

#[test]
fn the_slope_of_an_absolute_weight_is_zero_at_zero() {
    let split = all(&rows(5, |i| i));
    let (spec, loss) = (model("()"), chosen("CrossEntropy"));
    let gradient = |l1| {
        let regularize = Regularize { l1, l2: 0.0 };
        let built = Learning::<f64>::new(Arc::clone(&split), &spec, &loss, None, regularize);
        let mut params = vec![0.0; 15];
        (params[0], params[1]) = (2.0, -2.0);
        batch(&mut built.expect("a model"), &params, &[0, 1, 2, 3, 4]).1
    };
    let added: Vec<f64> = gradient(1.0).iter().zip(gradient(0.0)).map(|(a, b)| a - b).collect();
    assert!((added[0] - 1.0).abs() < 1e-15 && (added[1] + 1.0).abs() < 1e-15, "{added:?}");
    assert!(added[2..].iter().all(|g| *g == 0.0), "{added:?}");
}

/// Why the model is refused on rows in three classes.
fn refusal(spec: &str, loss: &str, report: Option<&str>, regularize: Regularize) -> ModelError {
    let report = report.map(chosen::<Losses>);
    let (spec, loss) = (model(spec), chosen(loss));
    let data = all(&rows(5, |i| i));
    Learning::<f64>::new(data, &spec, &loss, report.as_ref(), regularize).expect_err("refused")
}

#[test]
fn absurd_models_are_refused_by_field_before_anything_is_allocated() {
    let none = Regularize::default();
    for units in ["1000000000000", "18446744073709551615"] {
        let spec = format!(
            "(hidden: [Dense(units: 4, activation: Relu), Dense(units: {units}, activation: Relu)])"
        );
        let error = refusal(&spec, "CrossEntropy", None, none);
        assert_eq!(error.path(), "model.hidden[1].units");
        assert!(error.to_string().contains("at most 4.0 GiB"), "{error}");
    }
    let no_units = "(hidden: [Dense(units: 0, activation: Relu)])";
    assert_eq!(refusal(no_units, "CrossEntropy", None, none), ModelError::NoUnits { layer: 0 });
    let sigmoid = refusal("(output: Sigmoid)", "CrossEntropy", None, none);
    assert_eq!(sigmoid.path(), "model.output");
    let penalty = refusal("()", "CrossEntropy", None, Regularize { l1: 0.0, l2: -1.0 });
    assert_eq!(penalty.path(), "regularize.l2");
}

#[test]
fn a_loss_over_classes_refuses_numbers_as_loss_and_as_report() {
    let mut data = rows(5, |i| i);
    data.targets = data.targets.to_values();
    let data = all(&data);
    let (spec, none) = (ModelSpec::default(), Regularize::default());
    let (classes, values) = (chosen::<Losses>("CrossEntropy"), chosen("MeanSquaredError"));
    let error = Learning::<f64>::new(Arc::clone(&data), &spec, &classes, None, none);
    assert_eq!(error.expect_err("refused").path(), "loss");
    let error = Learning::<f64>::new(data, &spec, &values, Some(&classes), none);
    assert_eq!(error.expect_err("refused").path(), "report");
}

#[test]
fn the_given_values_must_be_as_many_as_the_parameters() {
    let objective = learning::<f64>(&all(&rows(5, |i| i)), "()", "CrossEntropy");
    let error = initial_parameters(objective.network(), &chosen("Values([1.0, 2.0])"), 1);
    let message = error.expect_err("refused").to_string();
    assert!(message.contains("2 values are given, the model has 15 parameters"), "{message}");
    assert!(message.contains("output.weights 3 x 4, output.biases 1 x 3"), "{message}");
}

#[test]
fn numbers_of_several_columns_are_learned_together() {
    let mut data = rows(30, |i| i);
    let values = Array2::from_shape_fn((30, 2), |(row, column)| {
        data.features[(row, 0)] * 2.0 - data.features[(row, 1)] * column as f64
    });
    data.targets = Targets::Values { values, names: vec!["y1".to_owned(), "y2".to_owned()] };
    let mut objective = learning::<f64>(&all(&data), "()", "MeanSquaredError");
    // Two outputs of four inputs, then two biases: the very numbers the targets were made with.
    let exact = [2.0, 0.0, 0.0, 0.0, 2.0, -1.0, 0.0, 0.0, 0.0, 0.0];
    let scores = objective.evaluate(&exact).train;
    assert!(scores.loss.expect("a loss") < 1e-30);
    assert!((scores.r2.expect("an R²") - 1.0).abs() < 1e-14);
    assert_eq!(scores.accuracy, None);
}
