//! What the starts draw: moments, right angles, limits.

use downhill::catalog::Chosen;
use downhill::model::{Initializers, Network, initial_parameters};

use crate::plans::{chosen, data, model};

fn weights(init: &str, seed: u64) -> Vec<Vec<f64>> {
    let split = data("Regression(samples: 20, features: 40, targets: 1)", None);
    let spec =
        model("(hidden: [Dense(units: 60, activation: Selu), Dense(units: 25, activation: Selu)])");
    let network = Network::new(40, &spec, &split.train.targets, &chosen("MeanSquaredError"));
    let network = network.expect("a network");
    let init: Chosen<Initializers> = chosen(init);
    let params = initial_parameters(&network, &init, seed).expect("a start");
    network.layout().weight_ranges().map(|range| params[range].to_vec()).collect()
}

fn mean_and_variance(x: &[f64]) -> (f64, f64) {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    (mean, x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64)
}

#[test]
fn lecuns_starts_have_variance_one_over_fan_in() {
    for init in ["LeCunUniform", "LeCunNormal"] {
        let layers = weights(init, 4);
        for (layer, fan_in) in layers.iter().zip([40.0, 60.0]) {
            let (mean, variance) = mean_and_variance(layer);
            assert!(mean.abs() < 0.01, "{init}: {mean}");
            assert!((variance * fan_in - 1.0).abs() < 0.1, "{init}: {variance}");
        }
    }
    assert!(weights("LeCunUniform", 4)[0].iter().all(|w| w.abs() < (3.0_f64 / 40.0).sqrt()));
}

#[test]
fn a_truncated_normal_ends_at_two_standard_deviations() {
    let all = weights("TruncatedNormal(std: 0.5)", 4).concat();
    assert!(all.iter().all(|w| w.abs() <= 1.0));
    assert!(all.iter().any(|w| w.abs() > 0.97), "it reaches almost to the end");
    let (mean, variance) = mean_and_variance(&all);
    // The variance of a normal distribution cut off at ±2 is 0.7737.
    assert!(mean.abs() < 0.02 && (variance / 0.25 - 0.7737).abs() < 0.05, "{mean} {variance}");
}

#[test]
fn an_orthogonal_start_has_orthogonal_rows_or_columns() {
    for (layer, [outputs, inputs]) in
        weights("Orthogonal(gain: 2.0)", 4).iter().zip([[60, 40], [25, 60], [1, 25]])
    {
        let tall = outputs >= inputs;
        let (count, length) = if tall { (inputs, outputs) } else { (outputs, inputs) };
        let at = |v: usize, i: usize| layer[if tall { i * inputs + v } else { v * inputs + i }];
        for a in 0..count {
            for b in 0..count {
                let product: f64 = (0..length).map(|i| at(a, i) * at(b, i)).sum();
                let expected = if a == b { 4.0 } else { 0.0 };
                assert!((product - expected).abs() < 1e-12, "{a} {b}: {product}");
            }
        }
    }
}

#[test]
fn a_layer_too_large_to_be_made_orthogonal_is_refused() {
    let split = data("Regression(samples: 20, features: 4, targets: 1)", None);
    let spec = model(
        "(hidden: [Dense(units: 5000, activation: Relu), Dense(units: 5000, activation: Relu)])",
    );
    let network = Network::new(4, &spec, &split.train.targets, &chosen("MeanSquaredError"));
    let network = network.expect("a network");
    let refused = initial_parameters(&network, &chosen("Orthogonal()"), 1).expect_err("too large");
    assert!(refused.to_string().contains("5000 x 5000"), "{refused}");
}
