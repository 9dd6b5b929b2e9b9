//! Analytic gradients against central differences, for every combination of activation, loss, output,
//! depth, kind of targets, report and penalties.
//!
//! h = 1e-5·max(1, |w|); a difference below 1e-7 passes. A parameter whose two-sided change crosses a
//! kink (a ReLU's, or |w|'s at zero) is left out, which is seen by its slope jumping there.

use std::sync::Arc;

use downhill::catalog::{Chosen, Family, Value};
use downhill::data::{Dataset, Split, Targets, split};
use downhill::model::{
    Activations, ClassTreatment, Initializers, Losses, ModelError, ModelSpec, initial_parameters,
};
use downhill::objective::{Learning, Objective, Regularize};
use ndarray::{Array1, Array2};

use crate::kernels::on_every_path;

const ROWS: usize = 7;
const FEATURES: usize = 3;

/// Numbers without pattern around zero.
fn numbers(count: usize, seed: usize) -> Vec<f64> {
    (0..count).map(|i| 1.5 * ((i * 7 + 1) as f64 * 0.917 + seed as f64).sin()).collect()
}

fn data(targets: Targets) -> Arc<Split> {
    let features = Array2::from_shape_vec((ROWS, FEATURES), numbers(ROWS * FEATURES, 3));
    let names = (0..FEATURES).map(|i| format!("x{i}")).collect();
    let features = features.expect("a matrix");
    let data = Dataset::new("made up".to_owned(), features, names, targets).expect("a dataset");
    Arc::new(split(&data, None, None).expect("a split"))
}

fn classes(count: usize) -> Targets {
    let labels = Array1::from_iter((0..ROWS).map(|row| row * 5 % count));
    Targets::Classes { labels, names: (0..count).map(|class| class.to_string()).collect() }
}

fn values(width: usize) -> Targets {
    let values = Array2::from_shape_vec((ROWS, width), numbers(ROWS * width, 8));
    let names = (0..width).map(|i| format!("y{i}")).collect();
    Targets::Values { values: values.expect("a matrix"), names }
}

/// Every output of a network with these hidden layers.
fn with_outputs(hidden: &str) -> [ModelSpec; 3] {
    ["Auto", "Identity", "Sigmoid"].map(|output| {
        let text = format!("(hidden: [{hidden}], output: {output}, init: Normal(std: 0.8))");
        ron::from_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"))
    })
}

fn stack(widths: &[usize], activation: &str) -> String {
    let layer = |units: &usize| format!("Dense(units: {units}, activation: {activation})");
    widths.iter().map(layer).collect::<Vec<_>>().join(", ")
}

/// Every model worth checking: no hidden layer, one, two, with every activation; dropout and layer
/// norm in every place; every output.
fn models() -> Vec<ModelSpec> {
    let mut models = with_outputs("").to_vec();
    for entry in Activations::entries() {
        for widths in [&[4_usize][..], &[5, 3], &[3, 9, 2]] {
            models.extend(with_outputs(&stack(widths, entry.name)));
        }
    }
    // Masks are frozen: every value of a check is of the same step.
    for activation in ["Tanh", "Relu"] {
        let dense = |units: usize| stack(&[units], activation);
        for hidden in [
            format!("Dropout(rate: 0.3), {}, Dropout(rate: 0.5)", dense(6)),
            format!("{}, LayerNorm, {}", dense(5), dense(3)),
            // Wide, so that no row is left with a unit or none: a layer norm bends sharply there, and
            // differences of this width lose their digits.
            format!("LayerNorm, {}, Dropout(rate: 0.2), LayerNorm", dense(12)),
            format!("{}, LayerNorm, Dropout(rate: 0.2), {}", dense(4), dense(4)),
        ] {
            models.extend(with_outputs(&hidden));
        }
    }
    models.extend(with_outputs("Dropout(rate: 0.4)"));
    models.extend(with_outputs("LayerNorm"));
    models
}

/// Models with few activations, for trying many losses on.
fn few_models() -> Vec<ModelSpec> {
    let hidden = [String::new(), stack(&[4], "Tanh"), stack(&[3, 4], "Relu")];
    hidden.iter().flat_map(|hidden| with_outputs(hidden)).collect()
}

/// Every loss with its knobs at their defaults and away from them.
fn losses() -> Vec<Chosen<Losses>> {
    let mut losses: Vec<_> = Losses::entries().iter().map(|entry| Chosen::of(entry)).collect();
    for (name, field, value) in [
        ("Huber", "delta", 0.4.into()),
        ("SmoothL1", "beta", 0.3.into()),
        ("MultiClassHinge", "margin", 0.7.into()),
        ("MultiClassHinge", "p", 2_u64.into()),
    ] as [(&str, &str, Value); 4]
    {
        losses.push(Chosen::named(name).expect("a loss").with(field, value));
    }
    losses
}

/// Losses that between them go through every link, for trying many activations on.
fn few_losses() -> Vec<Chosen<Losses>> {
    let names = ["CrossEntropy", "SquaredErrorSum", "MeanSquaredError"];
    names.map(|name| Chosen::named(name).expect("a loss")).to_vec()
}

/// Whether the slope jumps between the two sides of a parameter: across a kink the jump does not
/// shrink with the distance, where the function is smooth it does.
fn crosses_kink(learning: &mut Learning<f64>, params: &mut [f64], i: usize, h: f64) -> bool {
    let mut gradient = vec![0.0; params.len()];
    let rows: Vec<u32> = (0..ROWS as u32).collect();
    let at = params[i];
    let mut slope = |x: f64, params: &mut [f64]| {
        params[i] = x;
        learning.value_and_gradient(params, &rows, 0, &mut gradient);
        gradient[i]
    };
    let wide = (slope(at + h, params) - slope(at - h, params)).abs();
    let narrow = (slope(at + h / 2.0, params) - slope(at - h / 2.0, params)).abs();
    params[i] = at;
    wide > 1e-6 && narrow > 0.75 * wide
}

/// The worst difference over all parameters that cross no kink, and how many those are.
fn worst_difference(learning: &mut Learning<f64>, params: &mut [f64]) -> (f64, usize) {
    let rows: Vec<u32> = (0..ROWS as u32).collect();
    let mut gradient = vec![0.0; params.len()];
    learning.value_and_gradient(params, &rows, 0, &mut gradient);
    let mut ignored = vec![0.0; params.len()];
    let (mut worst, mut compared) = (0.0_f64, 0);
    for i in 0..params.len() {
        let at = params[i];
        let h = 1e-5 * at.abs().max(1.0);
        let mut loss = |x: f64| {
            params[i] = x;
            learning.value_and_gradient(params, &rows, 0, &mut ignored).loss
        };
        let slope = (loss(at + h) - loss(at - h)) / (2.0 * h);
        params[i] = at;
        let difference = (slope - gradient[i]).abs() / gradient[i].abs().max(1.0);
        if difference > 1e-7 && crosses_kink(learning, params, i, h) {
            continue;
        }
        worst = worst.max(difference);
        compared += 1;
    }
    (worst, compared)
}

/// Tries every model with every loss on every kind of targets, with and without penalties; the
/// number of combinations tried.
fn try_all(
    models: &[ModelSpec],
    losses: &[Chosen<Losses>],
    treatment: &ClassTreatment,
    all_targets: &[Targets],
) -> usize {
    let mut combinations = 0;
    for targets in all_targets {
        let data = data(targets.clone());
        for model in models {
            for loss in losses {
                for regularize in [Regularize::default(), Regularize { l1: 0.03, l2: 0.2 }] {
                    let built =
                        Learning::<f64>::new(Arc::clone(&data), model, loss, None, regularize)
                            .and_then(|learning| learning.treating(loss, treatment));
                    let mut learning = match built {
                        Ok(learning) => learning,
                        Err(error) => {
                            assert!(is_expected(&error), "{error}");
                            continue;
                        }
                    };
                    let init = &model.init.0;
                    let mut params =
                        initial_parameters(learning.network(), init, 5).expect("a start");
                    // Biases start at zero; away from it their terms are tried as well.
                    for (i, w) in params.iter_mut().enumerate() {
                        *w += 0.01 * (i as f64 + 1.0).sin();
                    }
                    let what = format!(
                        "{:?} classes, {model:?}, {loss:?}, {regularize:?}, {treatment:?}",
                        data.train.targets.classes()
                    );
                    let (worst, compared) = worst_difference(&mut learning, &mut params);
                    assert!(worst < 1e-7, "{what}: {worst:e}");
                    assert!(compared * 10 >= params.len() * 9, "{what}: too many kinks");
                    combinations += 1;
                }
            }
        }
    }
    combinations
}

fn is_expected(error: &ModelError) -> bool {
    matches!(
        error,
        ModelError::NeedsClasses { .. }
            | ModelError::SigmoidOfManyClasses { .. }
            | ModelError::SigmoidOfScores { .. }
    )
}

#[test]
fn every_activation_has_the_gradient_of_its_value() {
    on_every_path(|_| {
        let targets = [classes(2), classes(3), values(2)];
        let tried = try_all(&models(), &few_losses(), &ClassTreatment::default(), &targets);
        assert!(tried > 2000, "{tried} combinations");
    });
}

#[test]
fn every_loss_has_the_gradient_of_its_value() {
    on_every_path(|_| {
        let targets = [classes(2), classes(3), values(1), values(2)];
        let tried = try_all(&few_models(), &losses(), &ClassTreatment::default(), &targets);
        assert!(tried > 500, "{tried} combinations");
    });
}

#[test]
fn treated_classes_have_the_gradient_of_their_value() {
    on_every_path(|_| {
        let loss = [Chosen::named("CrossEntropy").expect("a loss")];
        let treatment =
            |class_weights: Option<&[f64]>, positive_weight: Option<f64>| ClassTreatment {
                label_smoothing: 0.2,
                class_weights: class_weights.map(<[f64]>::to_vec),
                positive_weight,
            };
        let two = treatment(Some(&[0.5, 3.0]), None);
        let three = treatment(Some(&[0.5, 3.0, 1.5]), None);
        let positive = treatment(None, Some(4.0));
        for (treatment, targets) in [(two, classes(2)), (positive, classes(2)), (three, classes(3))]
        {
            let tried = try_all(&few_models(), &loss, &treatment, &[targets]);
            assert!(tried >= 12, "{tried} combinations");
        }
    });
}

#[test]
fn a_report_changes_what_is_shown_and_nothing_else() {
    on_every_path(|_| {
        let data = data(classes(2));
        let model = ModelSpec::default();
        let loss = Chosen::<Losses>::named("CrossEntropy").expect("a loss");
        let report = Chosen::<Losses>::named("SquaredErrorSum").expect("a loss");
        let rows: Vec<u32> = (0..ROWS as u32).collect();
        let params = [0.4, -0.3, 0.2, 0.1];
        let run = |report| {
            let regularize = Regularize { l1: 0.1, l2: 0.1 };
            let built = Learning::<f64>::new(Arc::clone(&data), &model, &loss, report, regularize);
            let mut gradient = [0.0; 4];
            let values =
                built.expect("a model").value_and_gradient(&params, &rows, 0, &mut gradient);
            (values, gradient)
        };
        let (plain, plain_gradient) = run(None);
        let (reported, gradient) = run(Some(&report));
        assert_eq!(plain.loss, plain.shown);
        assert_eq!(reported.loss, plain.loss);
        assert_eq!(gradient, plain_gradient);

        // Σ(σ(z) − y)², without the penalties.
        let Targets::Classes { labels, .. } = &data.train.targets else { panic!("classes") };
        let squared_error = |(row, label): (ndarray::ArrayView1<f64>, &usize)| {
            let z: f64 = row.iter().zip(&params).map(|(x, w)| x * w).sum::<f64>() + params[3];
            (1.0 / (1.0 + (-z).exp()) - *label as f64).powi(2)
        };
        let expected: f64 =
            data.train.features.rows().into_iter().zip(labels).map(squared_error).sum();
        assert!((reported.shown - expected).abs() < 1e-14, "{} {expected}", reported.shown);
    });
}

#[test]
fn every_start_but_given_values_fits_every_model_or_says_why_not() {
    on_every_path(|_| {
        let data = data(classes(3));
        for model in few_models() {
            let loss = Chosen::<Losses>::named("SquaredErrorSum").expect("a loss");
            let regularize = Regularize::default();
            let learning = Learning::<f64>::new(Arc::clone(&data), &model, &loss, None, regularize)
                .expect("it");
            for entry in Initializers::entries() {
                let start = initial_parameters(learning.network(), &Chosen::of(entry), 1);
                match start {
                    Ok(params) => {
                        assert_eq!(params.len(), learning.layout().len(), "{}", entry.name);
                    }
                    Err(error) => {
                        assert_eq!(error.path(), "model.init");
                        assert!(["Values", "BiasTrick"].contains(&entry.name), "{error}");
                    }
                }
            }
        }
    });
}
