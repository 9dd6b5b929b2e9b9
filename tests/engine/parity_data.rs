//! Generators, splits, scalings and row orders against scikit-learn and NumPy.

use downhill::catalog::Chosen;
use downhill::data::{
    Dataset, HeldOut, NoFiles, Orders, RowOrder, Scaler, Scaling, Shuffle, Sources, Targets, load,
    split,
};
use ndarray::{Array1, Array2};
use serde_json::Value;

use crate::fixtures::{
    assert_close, assert_same_bits, flat, integers, list, number, numbers, read,
};

fn source(text: &str) -> Chosen<Sources> {
    ron::from_str(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn features(dataset: &Dataset) -> Vec<f64> {
    dataset.features.iter().copied().collect()
}

fn labels(dataset: &Dataset) -> Vec<usize> {
    match &dataset.targets {
        Targets::Classes { labels, .. } => labels.to_vec(),
        Targets::Values { .. } => panic!("{} has values, not classes", dataset.name),
    }
}

/// A dataset of `n` rows with the given classes.
fn rows_of_classes(labels: Vec<usize>) -> Dataset {
    let classes = labels.iter().max().map_or(1, |last| last + 1);
    let features = Array2::from_shape_fn((labels.len(), 1), |(row, _)| row as f64);
    let names = (0..classes).map(|class| class.to_string()).collect();
    let targets = Targets::Classes { labels: Array1::from_vec(labels), names };
    Dataset::new("rows".to_owned(), features, vec!["x".to_owned()], targets).expect("rows")
}

/// The source that a case of `datasets.json` was made with, in the file's words; `None` for
/// functions that are compared elsewhere.
fn as_source(case: &Value) -> Option<String> {
    let args = &case["args"];
    let (samples, seed, noise) = (&args["n_samples"], &args["random_state"], &args["noise"]);
    Some(match case["function"].as_str()? {
        "make_blobs" => format!(
            "Blobs(samples: {samples}, features: {}, centers: {}, std: {}, seed: {seed})",
            args["n_features"], args["centers"], args["cluster_std"]
        ),
        "make_moons" => format!("Moons(samples: {samples}, noise: {noise}, seed: {seed})"),
        "make_circles" => format!(
            "Circles(samples: {samples}, noise: {noise}, factor: {}, seed: {seed})",
            args["factor"]
        ),
        _ => return None,
    })
}

/// The same, for the generators that are compared within 1e-12, because they sum products in an
/// order of their own.
fn as_rounded_source(case: &Value) -> Option<String> {
    let args = &case["args"];
    let (samples, seed, features) =
        (&args["n_samples"], &args["random_state"], &args["n_features"]);
    Some(match case["function"].as_str()? {
        "make_classification" => format!(
            "Classification(samples: {samples}, features: {features}, informative: {}, \
             redundant: {}, repeated: {}, classes: {}, clusters_per_class: {}, class_sep: {}, \
             seed: {seed})",
            args["n_informative"],
            args["n_redundant"],
            args["n_repeated"],
            args["n_classes"],
            args["n_clusters_per_class"],
            args["class_sep"]
        ),
        "make_gaussian_quantiles" => format!(
            "GaussianQuantiles(samples: {samples}, features: {features}, classes: {}, seed: {seed})",
            args["n_classes"]
        ),
        "make_regression" => format!(
            "Regression(samples: {samples}, features: {features}, informative: {}, noise: {}, \
             bias: {}, seed: {seed})",
            args["n_informative"], args["noise"], args["bias"]
        ),
        _ => return None,
    })
}

#[test]
fn blobs_moons_and_circles_are_scikit_learns_bit_for_bit() {
    let fixture = read("datasets.json");
    let mut compared = 0;
    for case in list(&fixture["cases"]) {
        let Some(text) = as_source(case) else { continue };
        let dataset = load(&source(&text), &NoFiles).expect("generators load");
        assert_same_bits(&features(&dataset), &flat(&case["X"]), &text);
        assert_eq!(labels(&dataset), integers(&case["y"]), "{text}");
        compared += 1;
    }
    assert_eq!(compared, 5);
}

/// Cases whose source stands in the file's own words, redrawn with NumPy and scikit-learn.
#[test]
fn generators_can_be_redrawn_in_numpy() {
    let fixture = read("generators.json");
    for case in list(&fixture["cases"]) {
        let text = case["source"].as_str().expect("a source");
        assert_close_rows(text, case);
    }
}

#[test]
fn generators_with_products_are_scikit_learns_within_rounding() {
    let fixture = read("datasets.json");
    let sources = list(&fixture["cases"]).iter().filter_map(|c| Some((as_rounded_source(c)?, c)));
    assert_eq!(sources.map(|(text, case)| assert_close_rows(&text, case)).count(), 3);
}

/// The source gives the features and targets of the case within 1e-12, and labels exactly.
fn assert_close_rows(text: &str, case: &Value) {
    let dataset = load(&source(text), &NoFiles).expect("generators load");
    assert_close(&features(&dataset), &flat(&case["X"]), 1e-12, text);
    match &dataset.targets {
        Targets::Classes { labels, .. } => {
            assert_eq!(labels.to_vec(), integers(&case["y"]), "{text}");
        }
        Targets::Values { values, .. } => {
            let values: Vec<f64> = values.iter().copied().collect();
            assert_close(&values, &numbers_or_rows(&case["y"]), 1e-12, text);
        }
    }
}

/// Targets as scikit-learn writes them: one number a row, or a row of them.
fn numbers_or_rows(value: &Value) -> Vec<f64> {
    if list(value)[0].is_array() { flat(value) } else { numbers(value) }
}

#[test]
fn the_tutorials_rows_come_out_bit_for_bit() {
    for (file, text) in [
        ("tutorial_gd_full.json", "Blobs(samples: 250, centers: 2, std: 1.05, seed: 20)"),
        ("tutorial_sgd_full.json", "Blobs(samples: 400, centers: 2, std: 2.5, seed: 95)"),
    ] {
        let fixture = read(file);
        let dataset = load(&source(text), &NoFiles).expect("blobs load");
        assert_same_bits(&features(&dataset), &flat(&fixture["X_without_bias"]), file);
        assert_eq!(labels(&dataset), integers(&fixture["y"]), "{file}");
    }
}

#[test]
fn splits_are_train_test_splits() {
    let (fixture, more) = (read("preprocessing.json"), read("splits.json"));
    for case in list(&fixture["splits"]).iter().chain(list(&more["splits"])) {
        let n = case["n"].as_u64().expect("a count") as usize;
        let stratified = case["stratified"].as_bool().expect("a flag");
        let classes = if stratified { integers(&case["y"]) } else { vec![0; n] };
        let held_out = HeldOut {
            fraction: number(&case["test_size"]),
            seed: case["random_state"].as_u64().expect("a seed"),
            stratified,
        };
        let parts = split(&rows_of_classes(classes), Some(held_out), None).expect("a split");
        assert_eq!(parts.train_rows, integers(&case["train"]), "training rows of {case}");
        assert_eq!(parts.held_out_rows, integers(&case["test"]), "held-out rows of {case}");
        let rest = parts.held_out.expect("held-out rows");
        let rows: Vec<usize> = rest.features.iter().map(|x| *x as usize).collect();
        assert_eq!(rows, parts.held_out_rows, "rows and their numbers agree");
    }
}

/// Features without a class to speak of.
fn rows_of_features(rows: &Value) -> Dataset {
    let width = list(&rows[0]).len();
    let numbers = flat(rows);
    let count = numbers.len() / width;
    let features = Array2::from_shape_vec((count, width), numbers).expect("equal rows");
    let targets = Targets::Values { values: Array2::zeros((count, 1)), names: vec!["y".into()] };
    let names = (0..width).map(|column| column.to_string()).collect();
    Dataset::new("rows".to_owned(), features, names, targets).expect("rows")
}

#[test]
fn epochs_are_ordered_as_numpy_orders_them() {
    let fixture = read("rng_arrays.json");
    for case in list(&fixture["orders"]) {
        let seed = case["seed"].as_u64().expect("a seed");
        let n = case["n"].as_u64().expect("a count") as usize;
        let fill = |shuffle, epoch| {
            let mut rows = vec![u32::MAX; n];
            RowOrder::new(shuffle, seed, n).fill(epoch, &mut rows);
            rows.iter().map(|row| *row as usize).collect::<Vec<_>>()
        };
        for (index, epoch) in integers(&case["epochs"]).into_iter().enumerate() {
            let permutation = integers(&case["permutation"][index]);
            let drawn = integers(&case["with_replacement"][index]);
            assert_eq!(fill(Shuffle::EachEpoch, epoch as u64), permutation);
            let mut ahead = vec![u32::MAX; n];
            Orders::new(RowOrder::new(Shuffle::EachEpoch, seed, n)).fill(epoch as u64, &mut ahead);
            assert!(ahead.iter().map(|row| *row as usize).eq(permutation));
            assert_eq!(fill(Shuffle::WithReplacement, epoch as u64), drawn);
            assert_eq!(fill(Shuffle::Once, epoch as u64), integers(&case["permutation"][0]));
            assert!(fill(Shuffle::Never, epoch as u64).into_iter().eq(0..n));
        }
    }
}

/// Column by column, since their sizes differ by far.
fn assert_close_columns(ours: &Array2<f64>, theirs: &Value, what: &str) {
    for (index, column) in ours.columns().into_iter().enumerate() {
        let theirs: Vec<f64> = list(theirs).iter().map(|row| number(&row[index])).collect();
        assert_close(&column.to_vec(), &theirs, 1e-12, &format!("{what}, column {index}"));
    }
}

#[test]
fn scalings_are_scikit_learns() {
    let fixture = read("preprocessing.json");
    let rows = |key: &str| rows_of_features(&fixture[key]);
    let mut compared = 0;
    for case in list(&fixture["scalers"]) {
        let scaling = match case["scaler"].as_str() {
            Some("StandardScaler") => Scaling::Standard,
            Some("MinMaxScaler") => Scaling::MinMax,
            _ => continue,
        };
        let scaler = Scaler::fit(scaling, &rows("x_train")).expect("a scaling");
        let mut train = rows("x_train").features;
        scaler.transform(&mut train);
        assert_close_columns(&train, &case["train_out"], "train");
        let mut test = rows("x_test").features;
        scaler.transform(&mut test);
        assert_close_columns(&test, &case["test_out"], "test");
        scaler.inverse(&mut train);
        assert_close_columns(&train, &case["round_trip"], "round trip");
        if scaling == Scaling::Standard {
            assert_close(&scaler.shift, &numbers(&case["mean"]), 1e-15, "means");
            assert_close(&scaler.scale, &numbers(&case["scale"]), 1e-15, "scales");
        } else {
            assert_same_bits(&scaler.shift, &numbers(&case["data_min"]), "minima");
        }
        compared += 1;
    }
    assert_eq!(compared, 2);
}
