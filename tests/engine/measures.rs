//! Everything measured at an evaluation, against sums done by hand, and what it must not change.

use std::sync::Arc;

use downhill::data::{Dataset, HeldOut, Split, Targets, split};
use downhill::experiment::check;
use downhill::model::{Losses, ModelSpec};
use downhill::objective::{Evaluation, Learning, Objective, Regularize};
use downhill::session::MEASURES;
use downhill::train::AnyTrainer;
use ndarray::{Array1, Array2};

use super::plans::{chosen, small, surface};

/// Rows of one feature with the given labels.
fn classes(x: &[f64], labels: &[usize], names: usize) -> Dataset {
    let features = Array2::from_shape_vec((x.len(), 1), x.to_vec()).expect("a column");
    let names = (0..names).map(|class| class.to_string()).collect();
    let targets = Targets::Classes { labels: Array1::from(labels.to_vec()), names };
    Dataset::new("by hand".to_owned(), features, vec!["x".to_owned()], targets).expect("a dataset")
}

fn values(x: &[f64], y: &[f64]) -> Dataset {
    let features = Array2::from_shape_vec((x.len(), 1), x.to_vec()).expect("a column");
    let values = Array2::from_shape_vec((y.len(), 1), y.to_vec()).expect("a column");
    let targets = Targets::Values { values, names: vec!["y".to_owned()] };
    Dataset::new("by hand".to_owned(), features, vec!["x".to_owned()], targets).expect("a dataset")
}

fn all(data: &Dataset) -> Arc<Split> {
    Arc::new(split(data, None, None).expect("a split"))
}

fn learning(split: &Arc<Split>, spec: &str, loss: &str, regularize: Regularize) -> Learning<f64> {
    let spec: ModelSpec = ron::from_str(spec).unwrap_or_else(|e| panic!("{spec}: {e}"));
    let loss = chosen::<Losses>(loss);
    Learning::new(Arc::clone(split), &spec, &loss, None, regularize).expect("a model")
}

#[track_caller]
fn near(ours: Option<f64>, expected: f64) {
    let ours = ours.expect("it applies");
    assert!((ours - expected).abs() < 1e-12 * expected.abs().max(1.0), "{ours}, not {expected}");
}

const X: [f64; 5] = [-2.0, -1.0, 1.0, 2.0, -3.0];

#[test]
fn two_classes_are_scored_as_by_hand() {
    // The model says class 1 above 0: rows 0, 1 and 4 below, rows 2 and 3 above.
    let split = all(&classes(&X, &[0, 1, 1, 1, 0], 2));
    let found = learning(&split, "()", "CrossEntropy", Regularize::default()).evaluate(&[1.0, 0.0]);
    let train = &found.train;
    near(train.accuracy, 0.8);
    // Class 0: three predicted, two right, two there. Class 1: two predicted, two right, three there.
    near(train.precision, f64::midpoint(2.0 / 3.0, 1.0));
    near(train.recall, f64::midpoint(1.0, 2.0 / 3.0));
    near(train.f1, 0.8);
    near(train.precision_micro, 0.8);
    near(train.balanced_accuracy, 5.0 / 6.0);
    // All six pairs of a row of class 1 and one of class 0 are in the right order.
    near(train.roc_auc, 1.0);
    near(train.average_precision, 1.0);
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let terms =
        [1.0 - sigmoid(-2.0), sigmoid(-1.0), sigmoid(1.0), sigmoid(2.0), 1.0 - sigmoid(-3.0)];
    near(train.log_loss, -terms.iter().map(|p| p.ln()).sum::<f64>() / 5.0);
    near(train.brier, terms.iter().map(|p| (1.0 - p) * (1.0 - p)).sum::<f64>() / 5.0);
    assert_eq!((train.r2, train.mae, train.rmse), (None, None, None));
    near(Some(found.parameter_norm), 1.0);
    assert_eq!(found.update_ratio, None, "no trainer, no update");
    // Three of five rows are of class 1.
    let baseline = &found.baseline.expect("rows have a baseline").train;
    near(baseline.accuracy, 0.6);
    near(baseline.roc_auc, 0.5);
    let entropy = -(0.6 * 0.6f64.ln() + 0.4 * 0.4f64.ln());
    near(baseline.log_loss, entropy);
    near(baseline.loss, entropy);
    near(baseline.brier, 0.24);
}

#[test]
fn a_regression_is_scored_as_by_hand_and_compared_with_the_mean_of_its_training_rows() {
    let y = [1.0, 2.0, 3.0, 6.0, -2.0];
    let split = all(&values(&X, &y));
    let mut objective = learning(&split, "()", "MeanSquaredError", Regularize::default());
    let found = objective.evaluate(&[1.0, 1.0]);
    let errors = X.iter().zip(y).map(|(x, y)| y - (x + 1.0));
    let (absolute, squares): (Vec<f64>, Vec<f64>) = errors.map(|e| (e.abs(), e * e)).unzip();
    near(found.train.mae, absolute.iter().sum::<f64>() / 5.0);
    near(found.train.rmse, (squares.iter().sum::<f64>() / 5.0).sqrt());
    near(found.train.r2, 1.0 - squares.iter().sum::<f64>() / 34.0);
    assert_eq!((found.train.accuracy, found.train.roc_auc), (None, None));
    let baseline = &found.baseline.expect("rows have a baseline").train;
    // The mean is 2; the distances from it are 1, 0, 1, 4 and 4.
    near(baseline.mae, 2.0);
    near(baseline.rmse, 6.8f64.sqrt());
    near(baseline.loss, 6.8);
    near(baseline.r2, 0.0);
}

#[test]
fn the_baseline_of_held_out_rows_knows_only_the_training_rows() {
    let x: Vec<f64> = (0..40).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| 3.0 * x + (x * 7.0).sin()).collect();
    let held_out = HeldOut { fraction: 0.25, seed: 3, stratified: false };
    let split = Arc::new(split(&values(&x, &y), Some(held_out), None).expect("a split"));
    let mut objective = learning(&split, "()", "MeanSquaredError", Regularize::default());
    let baseline = objective.evaluate(&[0.0, 0.0]).baseline.expect("rows have a baseline");
    let mean = split.train_rows.iter().map(|row| y[*row]).sum::<f64>() / 30.0;
    let far = split.held_out_rows.iter().map(|row| (y[*row] - mean).abs());
    near(baseline.held_out.as_ref().and_then(|scores| scores.mae), far.sum::<f64>() / 10.0);
}

/// Gradients of batches in file order, as asked for one by one.
fn batch_gradients(objective: &mut Learning<f64>, params: &[f64], size: u32) -> Vec<Vec<f64>> {
    let gradients = (0..4).map(|batch| {
        let rows: Vec<u32> = (batch * size..(batch + 1) * size).collect();
        let mut gradient = vec![0.0; params.len()];
        objective.value_and_gradient(params, &rows, 0, &mut gradient);
        gradient
    });
    gradients.collect()
}

#[test]
fn gradient_noise_is_the_mean_square_distance_of_four_batches_from_the_full_gradient() {
    let x: Vec<f64> = (0..600).map(|i| f64::from(i * 37 % 101) / 20.0 - 2.0).collect();
    let labels: Vec<usize> = (0..600).map(|i| i * 13 % 3).collect();
    let split = all(&classes(&x, &labels, 3));
    let rows: Vec<u32> = (0..600).collect();
    for (loss, share) in [("CrossEntropy", 1.0), ("SquaredErrorSum", 150.0 / 600.0)] {
        // Penalties are no noise.
        let penalties = Regularize { l1: 0.0, l2: 0.5 };
        let mut objective = learning(&split, "()", loss, penalties);
        let mut plain = learning(&split, "()", loss, Regularize::default());
        let params: Vec<f64> = (0..6).map(|i| f64::from(i) * 0.3 - 0.7).collect();
        let mut full = vec![0.0; 6];
        plain.value_and_gradient(&params, &rows, 0, &mut full);
        let far = |gradient: &Vec<f64>| -> f64 {
            gradient.iter().zip(&full).map(|(g, full)| (g - share * full).powi(2)).sum()
        };
        let batches = batch_gradients(&mut plain, &params, 150);
        let expected = batches.iter().map(far).sum::<f64>() / 4.0;
        assert!(expected > 1e-6);
        let found = objective.measure(&params, 150).gradient_noise;
        let error = (found.expect("there are batches") - expected).abs() / expected;
        assert!(error < 1e-10, "{loss}: {found:?}, not {expected}");
        assert_eq!(objective.measure(&params, 600).gradient_noise, Some(0.0), "one batch has all");
        assert_eq!(objective.evaluate(&params).gradient_noise, None, "nobody said which batches");
    }
}

#[test]
fn a_unit_that_is_silent_on_every_training_row_is_counted_as_dead() {
    let split = all(&classes(&X, &[0, 1, 1, 1, 0], 2));
    let spec = "(hidden: [Dense(units: 4, activation: Relu), Dense(units: 2, activation: Tanh)])";
    let mut objective = learning(&split, spec, "CrossEntropy", Regularize::default());
    // Of four units the first speaks for large x, the second for small x; the third is held down by
    // its bias on all rows, the fourth has neither weight nor bias.
    let mut params = vec![0.1; objective.layout().len()];
    params[..8].copy_from_slice(&[1.0, -1.0, 1.0, 0.0, 0.0, 0.0, -5.0, 0.0]);
    assert_eq!(objective.evaluate(&params).dead_units, Some(0.5));
    params[6] = 0.0;
    assert_eq!(objective.evaluate(&params).dead_units, Some(0.25), "nothing is remembered");
    let mut none = learning(&split, "()", "CrossEntropy", Regularize::default());
    assert_eq!(none.evaluate(&[1.0, 0.0]).dead_units, None, "no layer rectifies");
}

#[test]
fn the_update_ratio_is_the_last_step_over_the_norm_also_after_going_back() {
    let plan = small();
    let mut trainer = AnyTrainer::new(&plan).expect("a plan of this test");
    assert_eq!(trainer.evaluate().update_ratio, None, "before the first update");
    let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
    let mut checkpoint = None;
    for step in 1..=7 {
        let before = trainer.params();
        trainer.replay(1);
        let after = trainer.params();
        let moved: Vec<f64> = after.iter().zip(&before).map(|(a, b)| a - b).collect();
        near(trainer.evaluate().update_ratio, norm(&moved) / norm(&after));
        if step == 4 {
            checkpoint = Some((trainer.checkpoint(), trainer.evaluate()));
        }
    }
    let (checkpoint, then) = checkpoint.expect("step 4 was done");
    trainer.restore(&checkpoint).expect("a checkpoint of this plan");
    assert_eq!(trainer.evaluate(), then, "going back shows what was shown");
}

#[test]
fn measuring_changes_nothing_that_is_trained() {
    let plan = small();
    let run = |measures: bool| {
        let mut trainer = AnyTrainer::new(&plan).expect("a plan of this test");
        while trainer.end().is_none() && trainer.step() < 60 {
            trainer.replay(1);
            if measures {
                trainer.evaluate();
            }
        }
        trainer.params()
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn on_a_surface_norms_are_measured_and_nothing_that_needs_rows() {
    let plan = surface("Sphere", [3.0, 4.0]);
    let mut trainer = AnyTrainer::new(&plan).expect("a plan of this test");
    let Evaluation { parameter_norm, gradient_noise, dead_units, baseline, train, .. } =
        trainer.evaluate();
    assert_eq!(parameter_norm, 5.0);
    assert_eq!((gradient_noise, dead_units, baseline), (None, None, None));
    assert_eq!(train, downhill::metrics::Scores::default());
    trainer.replay(1);
    assert!(trainer.evaluate().update_ratio.is_some_and(|ratio| ratio > 0.0));
}

#[test]
fn a_file_can_name_every_metric_and_is_told_all_of_them() {
    let text = |metric: &str| {
        format!(
            "(version: 1, task: Surface(function: Sphere, start: (1.0, 1.0)), \
             lanes: [(name: \"a\", optimizer: Sgd(learning_rate: 0.1))], view: (metric: {metric}))"
        )
    };
    let problems = check(&text("Beauty")).expect_err("no such metric");
    let said = format!("{problems:?}");
    for row in &MEASURES {
        let name = format!("{:?}", row.metric);
        assert!(check(&text(&name)).is_ok(), "{name}");
        assert!(said.contains(&name), "{name} is not offered: {said}");
    }
}
