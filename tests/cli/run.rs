//! `run`: the table, the JSON object, the changes a command line can make.

use serde_json::Value as Json;

use super::{Place, SMALL};

fn place() -> Place {
    let place = Place::new();
    place.file("small.ron", SMALL);
    place
}

fn keys(object: &Json) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

fn numbers(list: &Json) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// The numbers of a fixture of the tutorials are written as texts.
fn fixture(name: &str) -> Json {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/");
    serde_json::from_str(&std::fs::read_to_string(format!("{folder}{name}")).unwrap()).unwrap()
}

fn texts(list: &Json) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|x| x.as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn the_tutorials_come_out_to_the_last_digits() {
    let place = Place::new();
    for name in ["tutorial_sgd", "tutorial_gd"] {
        let result = place.json(&format!("run {name} --json --history"));
        let expected = texts(&fixture(&format!("{name}_full.json"))["per_update_loss"]);
        let found = numbers(&result["lanes"][0]["batch_loss"]);
        assert_eq!(found.len(), expected.len());
        for (step, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let error = (found - expected).abs() / expected.abs().max(1.0);
            assert!(error <= 1e-12, "{name}, update {step}: {found} is not {expected}");
        }
        // The program's weights have the bias first, the layout has it last.
        let weights = texts(&fixture(&format!("{name}.json"))["scalar_sequential"]["W_final"]);
        let params = numbers(&result["lanes"][0]["params"]);
        for (found, expected) in params.iter().zip([weights[1], weights[2], weights[0]]) {
            assert!((found - expected).abs() <= 1e-12, "{name}: {params:?} are not {weights:?}");
        }
    }
}

#[test]
fn the_table_ranks_the_lanes() {
    let answer = place().run("run small.ron");
    assert_eq!(answer.code, Some(0), "{answer:?}");
    for word in ["rank", "lane", "held-out loss", "accuracy", "steps/s", "SGD", "Adam", "finished"]
    {
        assert!(answer.out.contains(word), "no {word} in {}", answer.out);
    }
    assert_eq!(answer.err, "", "no bars where there is no terminal");
}

#[test]
fn the_json_object_has_its_keys_in_their_order() {
    let result = place().json("run small.ron --json");
    assert_eq!(keys(&result), ["experiment", "kernels", "lanes", "seed"]);
    assert_eq!(result["experiment"], "Small");
    assert_eq!(result["seed"], 1);
    let kernels = downhill::numeric::KernelPath::best().name();
    assert_eq!(result["kernels"], kernels);
    let lane = &result["lanes"][0];
    let mut expected = vec![
        "name",
        "optimizer",
        "seed",
        "steps",
        "epochs",
        "stop",
        "loss",
        "loss_evaluations",
        "full_loss",
        "gradient_norm",
        "parameter_norm",
        "update_ratio",
        "gradient_noise",
        "train",
        "held_out",
        "params",
        "seconds",
        "steps_per_second",
    ];
    expected.sort_unstable();
    assert_eq!(keys(lane), expected);
    assert_eq!((&lane["name"], &lane["optimizer"]), (&"SGD".into(), &"Sgd".into()));
    assert_eq!((&lane["steps"], &lane["epochs"]), (&12.into(), &4.into()));
    assert_eq!(lane["stop"], serde_json::json!({ "reason": "finished", "step": 12 }));
    let scores = [
        "accuracy",
        "average_precision",
        "balanced_accuracy",
        "baseline",
        "brier",
        "f1",
        "f1_micro",
        "kappa",
        "log_loss",
        "loss",
        "mcc",
        "precision",
        "precision_micro",
        "recall",
        "recall_micro",
        "roc_auc",
    ];
    assert_eq!(keys(&lane["train"]), scores);
    assert_eq!(keys(&lane["held_out"]), scores);
    let baseline = scores.into_iter().filter(|key| *key != "baseline").collect::<Vec<_>>();
    assert_eq!(keys(&lane["train"]["baseline"]), baseline);
    assert_eq!(lane["train"]["baseline"]["roc_auc"], 0.5);
    assert_eq!(numbers(&lane["params"]).len(), 3);
    assert_eq!(result["lanes"][1]["steps"], 8, "thirty rows in batches of fifteen");
}

#[test]
fn a_history_has_every_batch_and_the_parameters_asked_for() {
    let result = place().json("run small.ron --json --history --params-at 0,1,12,99");
    let lane = &result["lanes"][0];
    let batches = numbers(&lane["batch_loss"]);
    let epochs = numbers(&lane["epoch_loss"]);
    assert_eq!((batches.len(), epochs.len()), (12, 4));
    for (epoch, batches) in epochs.iter().zip(batches.chunks(3)) {
        let mean = batches.iter().sum::<f64>() / 3.0;
        assert!((epoch - mean).abs() < 1e-15, "an epoch's loss is the mean of its batches");
    }
    assert_eq!(lane["loss"].as_f64(), epochs.last().copied());
    let at = &lane["params_at"];
    assert_eq!(keys(at), ["0", "1", "12"], "step 99 was never reached");
    assert_eq!(numbers(&at["0"]), [0.0, 0.0, 0.0]);
    assert_ne!(at["1"], at["0"]);
    assert_eq!(at["12"], lane["params"]);
    let again = place().json("run small.ron --json --history --threads 1");
    assert_eq!(again["lanes"][0]["batch_loss"], lane["batch_loss"], "on any number of threads");
}

#[test]
fn a_surface_gives_its_value_and_no_scores() {
    let place = Place::new();
    let surface = "(version: 1, name: \"Way down\", \
        task: Surface(function: Sphere, start: (-1.5, 2.0)), training: (steps: 5), \
        lanes: [(name: \"SGD\", optimizer: Sgd(learning_rate: 0.1))])";
    place.file("surface.ron", surface);
    let lane = &place.json("run surface.ron --json --params-at 0")["lanes"][0];
    assert_eq!(numbers(&lane["params_at"]["0"]), [-1.5, 2.0]);
    assert_eq!(lane["loss"], lane["full_loss"]);
    assert_eq!(lane["train"], serde_json::json!({}));
    assert_eq!((&lane["held_out"], &lane["steps"]), (&Json::Null, &5.into()));
}

#[test]
fn divergence_is_a_result_and_its_numbers_are_words() {
    let place = Place::new();
    let surface = "(version: 1, task: Surface(function: Rosenbrock, start: (-1.5, 2.0)), \
        training: (steps: 50), lanes: [(name: \"Wild\", optimizer: Sgd(learning_rate: 10.0))])";
    place.file("wild.ron", surface);
    let result = place.json("run wild.ron --json --history");
    let lane = &result["lanes"][0];
    assert_eq!(lane["stop"]["reason"], "diverged", "{lane}");
    let words = ["inf", "-inf", "nan"];
    for x in lane["batch_loss"].as_array().unwrap() {
        assert!(x.is_number() || words.contains(&x.as_str().unwrap()), "{x}");
    }
    assert_eq!(result["experiment"], "wild", "without a name, the file's");
}

#[test]
fn set_changes_any_value_by_index_or_name() {
    let place = place();
    let steps = |arguments: &str| -> Vec<u64> {
        let result = place.json(&format!("run small.ron --json {arguments}"));
        let lanes = result["lanes"].as_array().unwrap();
        lanes.iter().map(|lane| lane["steps"].as_u64().unwrap()).collect()
    };
    assert_eq!(steps("--set training.epochs=2"), [6, 4]);
    assert_eq!(steps("--set lanes.Adam.batch_size=Full --set lanes.0.batch_size=30"), [4, 4]);
    assert_eq!(steps("--set lanes[0].batch_size=1"), [120, 8]);
    assert_eq!(steps("--steps 7"), [7, 7]);
    assert_eq!(steps("--epochs 1 --batch-size 30"), [1, 1]);
    assert_eq!(steps("--batch-size Full"), [4, 4]);
    let result = place.json("run small.ron --json --epochs 1 --set lanes.SGD.clip=Norm(0.0001)");
    let small = result["lanes"][0]["params"][0].as_f64().unwrap();
    assert!(small.abs() < 1e-3, "clipped steps are short: {small}");
    let one = place.json("run small.ron --json --steps 1 --learning-rate 0.5 --params-at 1");
    let two = place.json("run small.ron --json --steps 1 --learning-rate 0.25 --params-at 1");
    let step = |result: &Json| result["lanes"][0]["params_at"]["1"][0].as_f64().unwrap();
    assert!((step(&one) - 2.0 * step(&two)).abs() < 1e-12, "twice the rate, twice the step");
}

#[test]
fn a_change_that_cannot_be_made_is_refused() {
    let place = place();
    let refused = |arguments: &str, words: &[&str]| {
        place.run(&format!("run small.ron {arguments}")).is_refused(words);
    };
    refused("--set training.epohcs=2", &["epohcs", "did you mean `epochs`?"]);
    refused("--set lanes.Agam.clip=Norm(1.0)", &["Agam", "did you mean"]);
    refused("--set lanes.7.clip=Norm(1.0)", &["7"]);
    refused("--set training.epochs", &["PATH=VALUE"]);
    refused("--set training.epochs=(", &["training.epochs"]);
    refused("--set training.epochs=many", &["many"]);
    refused("--learning-rate -1", &["learning_rate", "-1"]);
    refused("--learning-rate nan", &["learning_rate"]);
    refused("--batch-size 0", &["batch_size"]);
    refused("--epochs 3 --steps 3", &["--steps"]);
    refused("--history", &["--json"]);
    refused("--threads 0", &["--threads"]);
    refused("--colour", &["--colour"]);
}

#[test]
fn every_file_is_checked_before_any_is_trained() {
    let place = place();
    place.file("wrong.ron", "(version: 1)");
    let answer = place.run("run small.ron wrong.ron --out results");
    answer.is_refused(&["wrong.ron"]);
    assert_eq!(answer.out, "");
    assert!(!place.path().join("results").exists());
}

#[test]
fn several_files_give_several_results() {
    let place = place();
    place.file("other.ron", &SMALL.replace("\"Small\"", "\"Other\""));
    let answer = place.run("run small.ron other.ron --json");
    let results: Vec<Json> =
        answer.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = results.iter().map(|result| result["experiment"].clone()).collect();
    assert_eq!(names, ["Small", "Other"]);
    let answer = place.run("run small.ron other.ron");
    assert!(answer.out.contains("Small\n") && answer.out.contains("Other\n"), "{answer:?}");
}

#[test]
fn verbose_prints_epochs_as_the_tutorials_do() {
    let place = place();
    let answer = place.run("run tutorial_gd --verbose --epochs 2");
    let lines: Vec<_> = answer.out.lines().take(2).collect();
    assert_eq!(lines, ["epoch #1, loss=86.6673316", "epoch #2, loss=79.0309039"]);
    let answer = place.run("run small.ron --verbose --json");
    assert_eq!(answer.out.lines().count(), 1, "the JSON object stays alone");
    assert!(answer.err.contains("SGD: epoch #4, loss="), "{answer:?}");
}

#[test]
fn predictions_show_activation_predicted_and_true_label() {
    let place = place();
    let answer = place.run("run tutorial_gd --predictions 10");
    let rows: Vec<_> = answer.out.lines().filter(|line| line.contains("activation=")).collect();
    assert_eq!(rows.len(), 10, "{answer:?}");
    assert!(rows.iter().all(|row| row.contains("predicted=") && row.contains("true=")), "{rows:?}");
    let result = place.json("run small.ron --json --predictions 99");
    for lane in result["lanes"].as_array().unwrap() {
        let rows = lane["predictions"].as_array().unwrap();
        assert_eq!(rows.len(), 10, "the held-out rows are all there are");
        assert_eq!(keys(&rows[0]), ["activation", "predicted", "row", "true"]);
    }
}

#[test]
fn a_history_that_is_too_long_is_refused_with_its_number() {
    let refused = place().run("run small.ron --json --history --steps 100000001");
    refused.is_refused(&["--history", "100000000", "200000002"]);
}

#[test]
fn kernels_that_are_not_there_are_refused() {
    let place = place();
    let with = |kernels: &str| {
        let mut command = place.command();
        command.env("DOWNHILL_KERNELS", kernels).args(["run", "small.ron"]);
        super::Answer::of(command.output().unwrap())
    };
    with("avx1024").is_refused(&["DOWNHILL_KERNELS", "avx1024", "portable"]);
    assert_eq!(with("portable").code, Some(0));
    for path in downhill::numeric::KernelPath::available() {
        let mut command = place.command();
        command.env("DOWNHILL_KERNELS", path.name()).args(["run", "small.ron", "--json"]);
        let answer = super::Answer::of(command.output().unwrap());
        let result: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
        assert_eq!(result["kernels"], path.name());
    }
}
