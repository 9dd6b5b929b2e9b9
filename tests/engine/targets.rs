//! What targets are, as the loss reads them: classes or numbers.

use downhill::data::{NoFiles, Targets};
use downhill::experiment::{LearnPlan, TaskPlan, check};
use downhill::objective::{Learning, Objective};

/// The first lane's learning plan, for points on a line learned with the given loss.
fn plan(data: &str, loss: &str) -> LearnPlan {
    let text = format!(
        "(version: 1, task: Learn(data: {data}, loss: {loss}), \
         lanes: [(name: \"SGD\", optimizer: Sgd(learning_rate: 0.1))])"
    );
    let valid = check(&text).unwrap_or_else(|problems| panic!("{problems:?}"));
    let plans = valid.prepare(&NoFiles).unwrap_or_else(|problems| panic!("{problems:?}"));
    match plans.into_iter().next().expect("one lane").task {
        TaskPlan::Learn(learn) => learn,
        TaskPlan::Surface { .. } => panic!("a learning task"),
    }
}

/// Outputs a row and loss at the given parameters.
fn at(plan: &LearnPlan, params: &[f64]) -> (usize, f64) {
    let built = Learning::<f64>::new(
        std::sync::Arc::clone(&plan.split),
        &plan.model,
        &plan.loss,
        plan.report.as_ref(),
        plan.regularize,
    );
    let mut learning = built.expect("a model");
    assert_eq!(params.len(), learning.layout().len(), "parameters");
    (learning.network().head().width, learning.evaluate(params).full_loss)
}

const LINE: &str = "Inline(rows: [[0.0], [1.0], [2.0], [3.0]], targets: [0, 1, 2, 3])";

#[test]
fn whole_numbers_in_the_file_are_values_for_a_loss_that_predicts_values() {
    let plan = plan(LINE, "MeanSquaredError");
    assert_eq!(plan.split.train.targets.classes(), None);
    assert_eq!(at(&plan, &[1.0, 0.0]), (1, 0.0));
    assert_eq!(at(&plan, &[0.0, 0.0]), (1, 14.0 / 4.0));
}

#[test]
fn the_same_numbers_are_classes_for_a_loss_that_compares_classes() {
    let plan = plan(LINE, "CrossEntropy");
    assert_eq!(plan.split.train.targets.classes(), Some(4));
    let (width, loss) = at(&plan, &[0.0; 8]);
    assert_eq!(width, 4);
    assert!((loss - 4.0_f64.ln()).abs() < 1e-15, "{loss}");
}

#[test]
fn zero_and_one_stay_classes_and_are_read_as_those_numbers() {
    let data = "Inline(rows: [[0.0], [1.0]], targets: [0, 1])";
    let plan = plan(data, "MeanSquaredError");
    assert_eq!(plan.split.train.targets.classes(), Some(2));
    assert_eq!(at(&plan, &[1.0, 0.0]), (1, 0.0));
}

#[test]
fn classes_that_were_drawn_are_one_column_each_for_a_mean_squared_error() {
    let data = "Blobs(samples: 9, features: 1, centers: 3, std: 1.0, seed: 1)";
    let plan = plan(data, "MeanSquaredError");
    assert!(matches!(plan.split.train.targets, Targets::Classes { .. }));
    // Nothing predicted: a third of all numbers are ones.
    let (width, loss) = at(&plan, &[0.0; 6]);
    assert_eq!(width, 3);
    assert!((loss - 1.0 / 3.0).abs() < 1e-15, "{loss}");
}
