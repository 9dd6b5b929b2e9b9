//! `run --out`: the folder of a run.

use std::fs;

use ndarray::{Array1, Array2};
use serde_json::Value as Json;

use super::{Place, SMALL};

#[test]
fn the_folder_has_experiment_curves_weights_and_result() {
    let place = Place::new();
    place.file("small.ron", SMALL);
    let answer = place.run("run small.ron --epochs 3 --out results/first");
    assert_eq!(answer.code, Some(0), "{answer:?}");
    let folder = place.path().join("results/first");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();

    let experiment = read("experiment.ron");
    assert!(experiment.contains("// A comment that stays."), "{experiment}");
    assert!(experiment.contains("epochs: 3"), "as it was trained: {experiment}");

    let batches = read("batches.csv");
    assert_eq!(batches.lines().next(), Some("lane,step,loss"));
    assert_eq!(batches.lines().count(), 1 + 9 + 6);
    assert!(batches.lines().nth(1).unwrap().starts_with("SGD,0,0.69314"), "{batches}");

    let epochs = read("epochs.csv");
    assert!(epochs.starts_with("lane,epoch,step,samples,seconds,loss,full_loss,"), "{epochs}");
    assert!(epochs.lines().any(|line| line.starts_with("Adam,3,6,90,")), "{epochs}");

    let result: Json = serde_json::from_str(&read("result.json")).unwrap();
    let archive = fs::File::open(folder.join("weights.npz")).unwrap();
    let mut archive = ndarray_npy::NpzReader::new(archive).unwrap();
    let names = archive.names().unwrap();
    assert_eq!(names.len(), 4, "{names:?}");
    let tensor = |suffix: &str| names.iter().find(|n| n.starts_with("SGD/") && n.ends_with(suffix));
    let weights: Array2<f64> = archive.by_name(tensor("weights").unwrap()).unwrap();
    let biases: Array1<f64> = archive.by_name(tensor("biases").unwrap()).unwrap();
    assert_eq!((weights.shape(), biases.len()), (&[1, 2][..], 1));
    let params: Vec<_> = weights.iter().chain(&biases).copied().map(Json::from).collect();
    assert_eq!(result["lanes"][0]["params"], Json::Array(params));
}

#[test]
fn several_files_have_folders_of_their_own() {
    let place = Place::new();
    place.file("small.ron", SMALL);
    let answer = place.run("run small.ron tutorial_gd small.ron --out results --json");
    assert_eq!(answer.code, Some(0), "{answer:?}");
    for folder in ["small", "tutorial_gd", "small 2"] {
        assert!(place.path().join("results").join(folder).join("result.json").exists(), "{folder}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_of_its_own() {
    let place = Place::new();
    place.file("small.ron", SMALL);
    place.file("taken", "a file, not a folder");
    let answer = place.run("run small.ron --out taken");
    assert_eq!(answer.code, Some(1), "{answer:?}");
    assert!(answer.err.contains("taken") && answer.err.contains("cannot be written"), "{answer:?}");
    assert!(!answer.err.contains("os error"), "{answer:?}");
    assert_eq!(answer.out, "", "it is said before anything is trained");
}
