//! Smoothed labels, weighted classes and scores: what the file takes, and what training does with it.

use downhill::catalog::Chosen;
use downhill::data::{NoFiles, Targets};
use downhill::experiment::{LearnPlan, Problem, TaskPlan, check, to_text};
use downhill::model::{ClassTreatment, Head, Link, Losses, Output};
use downhill::objective::{Learning, Objective, Regularize};

use crate::plans::{chosen, data, model};

fn file(learn: &str) -> String {
    format!(
        "(version: 1, task: Learn(data: Blobs(samples: 40, centers: 3, std: 2.0, seed: 3), {learn}), \
         lanes: [(name: \"SGD\", optimizer: Sgd(learning_rate: 0.1))])"
    )
}

/// What is wrong with a file of three classes, before or after its data is made.
fn problems(learn: &str) -> String {
    let found = match check(&file(learn)) {
        Ok(valid) => valid.prepare(&NoFiles).expect_err(learn),
        Err(problems) => problems,
    };
    found.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

fn plan(learn: &str) -> LearnPlan {
    let valid = check(&file(learn)).unwrap_or_else(|p| panic!("{learn}: {p:?}"));
    let text = to_text(valid.experiment());
    assert_eq!(check(&text).expect("what is written is read").experiment(), valid.experiment());
    let plans = valid.prepare(&NoFiles).unwrap_or_else(|p| panic!("{learn}: {p:?}"));
    match plans.into_iter().next().expect("one lane").task {
        TaskPlan::Learn(learn) => learn,
        TaskPlan::Surface { .. } => panic!("a learning task"),
    }
}

fn learning(plan: &LearnPlan) -> Learning<f64> {
    let split = std::sync::Arc::clone(&plan.split);
    let report = plan.report.as_ref();
    Learning::new(split, &plan.model, &plan.loss, report, plan.regularize)
        .and_then(|learning| learning.treating(&plan.loss, &plan.treatment))
        .expect("a model")
}

#[test]
fn treatments_that_make_no_sense_are_refused_in_words() {
    for (learn, expected) in [
        (
            "label_smoothing: 1.0",
            "task.label_smoothing: `label_smoothing` takes a number of at least 0 and below 1, not 1.0",
        ),
        ("class_weights: [1.0, 0.0, 2.0]", "a number above 0 that is finite, not 0.0"),
        (
            "class_weights: [1.0, 2.0]",
            "2 class weights are given, the data has 3 classes: write one a class",
        ),
        ("positive_weight: 2.0", "a positive weight is for two classes, the data has 3"),
        ("positive_weight: -1.0", "task.positive_weight: `positive_weight` takes a number above 0"),
        ("positive_weight: 2.0, class_weights: [1.0, 2.0, 3.0]", "weigh the same classes twice"),
        (
            "loss: Hinge, label_smoothing: 0.1",
            "`label_smoothing` is read by CrossEntropy, which no lane descends; leave it out",
        ),
        ("label_smoothing: \"a\"", "task.label_smoothing: `label_smoothing` takes a number"),
        ("loss: Hinge, model: (output: Sigmoid)", "Hinge compares scores with a margin"),
        ("loss: MultiClassHinge(p: 3)", "task.loss.p: `p` takes a whole number from 1 to 2, not 3"),
    ] {
        let found = problems(learn);
        assert!(found.contains(expected), "{learn}: {found}");
    }
}

#[test]
fn evaluation_weighs_classes_as_a_batch_of_all_rows_does_and_a_report_stays_plain() {
    let weighted = "class_weights: [0.5, 2.0, 4.0], label_smoothing: 0.1";
    let plan = plan(&format!("{weighted}, report: CrossEntropy, held_out: (fraction: 0.25)"));
    let mut learning = learning(&plan);
    let params: Vec<f64> = (0..9).map(|i| 0.3 * f64::from(i).sin()).collect();
    let rows: Vec<u32> = (0..plan.split.train.rows() as u32).collect();
    let mut gradient = vec![0.0; params.len()];
    let batch = learning.value_and_gradient(&params, &rows, 0, &mut gradient);
    assert_eq!(batch.loss, learning.value(&params, &rows, 0).loss);
    let all = learning.evaluate(&params);
    assert!((all.full_loss - batch.loss).abs() < 1e-14);
    let shown = all.train.loss.expect("a loss");
    assert!((shown - batch.shown).abs() < 1e-14 && shown != batch.loss);

    let plain = LearnPlan { treatment: ClassTreatment::default(), ..plan };
    let mut learning = self::learning(&plain);
    let untreated = learning.value_and_gradient(&params, &rows, 0, &mut gradient);
    assert_eq!(untreated.loss, batch.shown, "the report is plain cross-entropy");
}

#[test]
fn a_lane_with_another_loss_is_not_treated() {
    let text = file("label_smoothing: 0.1").replace(
        "lanes: [",
        "lanes: [(name: \"hinge\", optimizer: Sgd(learning_rate: 0.1), loss: Hinge), ",
    );
    let plans = check(&text).expect("valid").prepare(&NoFiles).expect("plans");
    let treatments: Vec<f64> = plans
        .iter()
        .map(|plan| match &plan.task {
            TaskPlan::Learn(learn) => learn.treatment.label_smoothing,
            TaskPlan::Surface { .. } => panic!("a learning task"),
        })
        .collect();
    assert_eq!(treatments, [0.0, 0.1]);
}

#[test]
fn hinge_losses_answer_with_scores_whose_sign_is_the_class() {
    let split = data("Blobs(samples: 60, centers: 2, std: 1.0, seed: 3)", None);
    let head = |loss: &str| {
        let loss: Chosen<Losses> = chosen(loss);
        Head::new(&split.train.targets, &loss, Output::Auto).expect("a head")
    };
    assert_eq!((head("Hinge").width, head("Hinge").link), (1, Link::Score));
    assert_eq!((head("SoftMargin").width, head("SoftMargin").link), (1, Link::Sigmoid));
    let ranks = head("MultiClassHinge()");
    assert_eq!((ranks.width, ranks.link), (2, Link::Identity));
    assert!(ranks.check_report(&chosen("CrossEntropy")).is_ok());
    let refused = head("CrossEntropy").check_report(&chosen("MultiClassHinge()"));
    assert!(refused.expect_err("one output").to_string().contains("an output for each class"));

    for loss in ["Hinge", "SquaredHinge", "SoftMargin", "MultiClassHinge()"] {
        let loss: Chosen<Losses> = chosen(loss);
        let regularize = Regularize::default();
        let split = std::sync::Arc::clone(&split);
        let mut learning =
            Learning::<f64>::new(split, &model("()"), &loss, None, regularize).expect("a model");
        let mut params = vec![0.0; learning.layout().len()];
        let mut gradient = params.clone();
        let rows: Vec<u32> = (0..60).collect();
        for _ in 0..300 {
            learning.value_and_gradient(&params, &rows, 0, &mut gradient);
            for (w, g) in params.iter_mut().zip(&gradient) {
                *w -= 0.05 * g;
            }
        }
        let accuracy = learning.evaluate(&params).train.accuracy.expect("classes");
        assert!(accuracy > 0.95, "{}: {accuracy}", loss.name());
    }
}

/// As `torch.nn.CrossEntropyLoss(weight=…)` of two outputs, of which one output's logit is the lead.
#[test]
fn weights_of_two_classes_multiply_the_rows_of_their_class_and_divide_by_their_sum() {
    let split = data("Blobs(samples: 30, features: 2, centers: 2, std: 2.0, seed: 3)", None);
    let loss: Chosen<Losses> = chosen("CrossEntropy");
    let treatment =
        ClassTreatment { class_weights: Some(vec![1.0, 5.0]), ..ClassTreatment::default() };
    let mut learning: Learning<f64> = Learning::new(
        std::sync::Arc::clone(&split),
        &model("()"),
        &loss,
        None,
        Regularize::default(),
    )
    .and_then(|learning| learning.treating(&loss, &treatment))
    .expect("a model");
    let params = [0.3, -0.2, 0.1];
    let rows: Vec<u32> = vec![0, 1, 2, 3, 5, 8, 13];
    let Targets::Classes { labels, .. } = &split.train.targets else { panic!("classes") };
    let (mut sum, mut weights, mut ones) = (0.0, 0.0, 0);
    for row in &rows {
        let x = split.train.features.row(*row as usize);
        let score = params[0] * x[0] + params[1] * x[1] + params[2];
        let is_one = labels[*row as usize] == 1;
        let (weight, margin) = if is_one { (5.0, score) } else { (1.0, -score) };
        sum += weight * (-margin).exp().ln_1p();
        weights += weight;
        ones += u32::from(is_one);
    }
    assert!(ones > 0 && 2 * ones != rows.len() as u32, "the classes differ in number: {ones}");
    let found = learning.value(&params, &rows, 0).loss;
    assert!((found - sum / weights).abs() < 1e-14, "{found} is not {}", sum / weights);
}
