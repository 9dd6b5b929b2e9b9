//! `script`: a lane as a NumPy program. (That every program does what its lane does is a test of the
//! engine; here are the command, the presets, and what is refused.)

use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

use super::{Place, SMALL};

fn place() -> Place {
    let place = Place::new();
    place.file("small.ron", SMALL);
    place
}

/// Whether there is a Python with NumPy; says so if not.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn has_numpy() -> bool {
    let found = Command::new("python3").args(["-c", "import numpy"]).output();
    let has = found.is_ok_and(|output| output.status.success());
    if !has {
        eprintln!("skipped: there is no python3 with NumPy (pip install numpy)");
    }
    has
}

/// What python3 prints when it runs the file, and then `more` in its names.
fn run_python(file: &Path, more: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let output = Command::new("python3").args(["-c", &format!("{text}\n{more}")]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn numbers(list: &Json) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

fn assert_near(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (at, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found - expected).abs() / expected.abs().max(1.0);
        assert!(error <= 1e-10, "{what}, {at}: {found} is not {expected}");
    }
}

/// Prints losses and parameters as JSON in the last line.
const TELL: &str = "
import json
params = np.concatenate([np.ravel(w) for w in params]).tolist()
print(json.dumps([[float(x) for x in batch_losses], [float(x) for x in epoch_losses], params]))
";

fn told(output: &str) -> Json {
    serde_json::from_str(output.lines().last().unwrap()).unwrap()
}

#[test]
fn programs_of_presets_do_what_run_does() {
    if !has_numpy() {
        return;
    }
    let place = Place::new();
    for preset in ["tutorial_gd", "tutorial_sgd", "momentum_ravine", "starts", "regression_mlp"] {
        let result = place.json(&format!("run {preset} --json --history --set training={SHORT}"));
        let answer =
            place.run(&format!("script {preset} --out {preset}.py --set training={SHORT}"));
        assert_eq!(answer.code, Some(0), "{answer:?}");
        let found = told(&run_python(&place.path().join(format!("{preset}.py")), TELL));
        let lane = &result["lanes"][0];
        assert_near(&numbers(&found[0]), &numbers(&lane["batch_loss"]), preset);
        assert_near(&numbers(&found[1]), &numbers(&lane["epoch_loss"]), preset);
        assert_near(&numbers(&found[2]), &numbers(&lane["params"]), preset);
    }
}

/// The same short training for every preset.
const SHORT: &str = "(steps:90,seed:3)";

#[test]
fn epochs_are_printed_as_run_prints_them() {
    if !has_numpy() {
        return;
    }
    let place = Place::new();
    let expected = place.run("run tutorial_sgd --verbose --epochs 5");
    place.run("script tutorial_sgd --set training.epochs=5 --out t.py");
    let printed = run_python(&place.path().join("t.py"), "");
    let lines: Vec<&str> = printed.lines().filter(|line| line.starts_with("epoch #")).collect();
    assert_eq!(lines.len(), 5);
    for line in lines {
        let said =
            expected.out.lines().chain(expected.err.lines()).any(|other| other.contains(line));
        assert!(said, "{line} is not in {expected:?}");
    }
}

#[test]
fn a_notebook_is_valid_and_its_cells_are_the_program() {
    let place = place();
    let answer = place.run("script small.ron --notebook --out small.ipynb");
    assert_eq!(answer.code, Some(0), "{answer:?}");
    let text = std::fs::read_to_string(place.path().join("small.ipynb")).unwrap();
    let notebook: Json = serde_json::from_str(&text).unwrap();
    assert_eq!((&notebook["nbformat"], &notebook["nbformat_minor"]), (&4.into(), &5.into()));
    assert_eq!(notebook["metadata"]["kernelspec"]["name"], "python3");
    let cells = notebook["cells"].as_array().unwrap();
    let mut ids = Vec::new();
    let mut code = String::new();
    for cell in cells {
        let source = cell["source"].as_array().unwrap();
        let source: String = source.iter().map(|line| line.as_str().unwrap()).collect();
        let id = cell["id"].as_str().unwrap();
        assert!(!ids.contains(&id) && (1..=64).contains(&id.len()), "{id}");
        ids.push(id);
        assert!(cell["metadata"].is_object());
        match cell["cell_type"].as_str().unwrap() {
            "markdown" => assert!(source.starts_with('#'), "{source}"),
            "code" => {
                assert!(cell["execution_count"].is_null());
                assert_eq!(cell["outputs"], Json::Array(Vec::new()));
                code.push_str(&source);
                code.push_str("\n\n\n");
            }
            other => panic!("a cell of type {other}"),
        }
    }
    assert!(cells.len() > 10);
    if !has_numpy() {
        return;
    }
    let result = place.json("run small.ron --json --history");
    let found = told(&run_python(&place.file("cells.py", &code), TELL));
    assert_near(&numbers(&found[2]), &numbers(&result["lanes"][0]["params"]), "the notebook");
}

#[test]
fn a_lane_is_chosen_by_its_name() {
    let place = place();
    let first = place.run("script small.ron");
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.out.contains("the lane “SGD”"), "{}", first.out);
    let other = place.run("script small.ron --lane Adam --set lanes.Adam.optimizer.beta2=0.875");
    assert!(other.out.contains("the lane “Adam”") && other.out.contains("0.875"), "{}", other.out);
    assert!(other.out.contains("batch_size = 15"), "{}", other.out);
    place.run("script small.ron --lane Adma").is_refused(&["Adma", "did you mean `Adam`?"]);
}

#[test]
fn bad_input_is_refused_with_its_reason() {
    let place = place();
    place.run("script nothing.ron").is_refused(&["nothing.ron"]);
    place.run("script small.ron --set training.epochs=-1").is_refused(&["training.epochs"]);
    place.file("there.py", "mine");
    place.run("script small.ron --out there.py").is_refused(&["there.py", "--force"]);
    assert_eq!(place.run("script small.ron --out there.py --force").code, Some(0));
    assert!(std::fs::read_to_string(place.path().join("there.py")).unwrap().contains("numpy"));
}

#[test]
fn a_fork_is_refused_and_its_parent_is_not() {
    let place = Place::new();
    let answer = place.run("script forks --lane Adam");
    assert_eq!(answer.code, Some(2), "{answer:?}");
    let says = "forked off `Plain` at step 60";
    assert!(answer.err.contains(says) && answer.err.contains("write the program of"), "{answer:?}");
    assert_eq!(place.run("script forks").code, Some(0));
}
