//! `list`: everything there is, from the tables.

use serde_json::Value as Json;

use super::Place;

fn named<'a>(list: &'a Json, name: &str) -> &'a Json {
    let found = list.as_array().unwrap().iter().find(|row| row["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {list}"))
}

#[test]
fn optimizers_have_knobs_with_default_range_and_help() {
    let list = Place::new().json("list optimizers --json");
    assert_eq!(list.as_object().unwrap().len(), 1);
    let adam = named(&list["optimizers"], "Adam");
    let beta2 = named(&adam["knobs"], "beta2");
    assert_eq!((&beta2["default"], &beta2["type"]), (&0.999.into(), &"number".into()));
    assert_eq!((&beta2["min"], &beta2["max"]), (&0.0.into(), &1.0.into()));
    assert_eq!((&beta2["max_excluded"], &beta2["live"]), (&true.into(), &true.into()));
    assert!(beta2["help"].as_str().unwrap().len() > 20);
    assert!(adam["source"].as_str().unwrap().contains("torch"));
}

#[test]
fn every_kind_is_listed_and_says_what_each_thing_is() {
    let place = Place::new();
    let all = place.json("list --json");
    let kinds = [
        "presets",
        "lessons",
        "optimizers",
        "schedules",
        "datasets",
        "surfaces",
        "losses",
        "layers",
        "activations",
        "initializers",
        "clips",
        "gradients",
        "rules",
    ];
    assert_eq!(all.as_object().unwrap().len(), kinds.len());
    let text = place.run("list").out;
    for kind in kinds {
        let rows = all[kind].as_array().unwrap();
        assert!(!rows.is_empty(), "{kind}");
        for row in rows.iter().filter(|_| !matches!(kind, "presets" | "lessons")) {
            let name = row["name"].as_str().unwrap();
            assert!(text.contains(name), "{name}");
            assert!(row["summary"].as_str().unwrap().ends_with(['.', '?', '!']), "{name}");
            for knob in row["knobs"].as_array().unwrap() {
                assert!(knob["help"].as_str().unwrap().len() > 10, "{name}: {knob}");
                assert!(
                    knob["required"] == true
                        || !knob["default"].is_null()
                        || knob["type"] == "duration"
                );
            }
        }
        let one = place.json(&format!("list {kind} --json"));
        assert_eq!(one[kind], all[kind]);
    }
}

#[test]
fn presets_have_notes_on_what_to_look_at() {
    let list = Place::new().json("list presets --json");
    for name in ["tutorial_gd", "tutorial_sgd", "opening"] {
        let preset = named(&list["presets"], name);
        assert!(preset["notes"].as_str().unwrap().len() > 40, "{preset}");
        assert_eq!(preset["own"], false);
    }
}

#[test]
fn a_kind_that_is_not_there_is_guessed() {
    Place::new().run("list optimisers").is_refused(&["optimizers"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin("downhill"));
    command.arg("list").env("DOWNHILL_HOME", place.home());
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let answer = super::Answer::of(child.wait_with_output().unwrap());
    assert_eq!((answer.code, answer.err.as_str()), (Some(0), ""));
}
