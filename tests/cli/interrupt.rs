//! Ctrl-C: what was trained is written, and the exit code says that it was interrupted.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::Value as Json;

use super::{Place, SMALL};

#[test]
fn an_interrupted_run_writes_what_was_trained() {
    let place = Place::new();
    place.file("endless.ron", &SMALL.replace("epochs: 4", "epochs: Unlimited"));
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("downhill"))
        .args(["run", "endless.ron", "--verbose", "--out", "results"])
        .current_dir(place.path())
        .env("DOWNHILL_HOME", place.home())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert!(line.contains("epoch #1, loss="), "it trains: {line}");

    let told = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{rest}");
    assert!(rest.contains("stopped"), "the table says so: {rest}");

    let read =
        |name: &str| std::fs::read_to_string(place.path().join("results").join(name)).unwrap();
    let result: Json = serde_json::from_str(&read("result.json")).unwrap();
    let steps: u64 =
        result["lanes"].as_array().unwrap().iter().map(|l| l["steps"].as_u64().unwrap()).sum();
    assert!(steps > 0);
    assert_eq!(read("batches.csv").lines().count() as u64, 1 + steps);
}
