//! Programs in NumPy do what their lanes do: every choice of every table is run by Python and by the
//! trainer, and losses and parameters are compared.
//!
//! One Python for all programs. Skipped, and said so, where there is no Python with NumPy.

mod cases;

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use downhill::data::Opener;
use downhill::experiment::check;
use downhill::script::program;
use downhill::train::{HeadlessOptions, LaneResult, train_all};
use serde_json::{Value as Json, json};

use super::fixtures;
use cases::Case;

/// A table that some of the cases read.
const TABLE: &str = include_str!("table.csv");

struct Table;

impl Opener for Table {
    fn open(&self, _path: &str) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(io::Cursor::new(TABLE)))
    }
}

/// One lane of a case: its program, and what the trainer made of it.
struct Told {
    name: String,
    text: String,
    result: LaneResult,
    tolerance: f64,
}

fn told(case: &Case) -> Result<Vec<Told>, String> {
    let said = |problem: &dyn std::fmt::Debug| format!("{}: {problem:?}\n{}", case.name, case.text);
    let valid = check(&case.text).map_err(|e| said(&e))?;
    let plans = valid.prepare(&Table).map_err(|e| said(&e))?;
    let options = HeadlessOptions { threads: 1, history: true, params_at: Vec::new() };
    let results = train_all(&plans, &options, &AtomicBool::new(false), &());
    let lanes = plans.iter().zip(results).map(|(plan, result)| {
        let text = program(&valid, plan, &Table).map_err(|e| said(&e))?.text();
        let name = format!("{}, lane {}", case.name, plan.name);
        Ok(Told { name, text, result, tolerance: case.tolerance })
    });
    lanes.collect()
}

/// Runs each program it is given in names of its own, and tells what became of them.
const DRIVER: &str = r#"
import contextlib, io, json, sys, traceback
import numpy as np

def plain(x):
    return [float(n) if np.isfinite(n) else str(float(n)) for n in np.ravel(x)]

answers = []
for text in json.load(sys.stdin):
    names = {"__name__": "__main__"}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, "program", "exec"), names)
        answers.append({
            "losses": plain(names["batch_losses"]),
            "epochs": plain(names["epoch_losses"]),
            "params": plain(np.concatenate([np.ravel(w) for w in names["params"]])),
            "step": names["step"],
            "end": names["end"],
        })
    except Exception:
        answers.append({"error": traceback.format_exc()})
json.dump(answers, sys.stdout)
"#;

/// What Python makes of the programs; `None` where there is no Python with NumPy.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
pub(crate) fn run_programs(texts: &[&str]) -> Option<Vec<Json>> {
    let found = Command::new("python3").args(["-c", "import numpy"]).output();
    if !found.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: there is no python3 with NumPy (pip install numpy)");
        return None;
    }
    let mut python = Command::new("python3")
        .args(["-c", DRIVER])
        .env("OPENBLAS_NUM_THREADS", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 was there a moment ago");
    let input = json!(texts).to_string();
    let mut stdin = python.stdin.take().expect("it is piped");
    let writer = std::thread::Builder::new()
        .spawn(move || stdin.write_all(input.as_bytes()))
        .expect("a thread starts");
    let output = python.wait_with_output().expect("it ends");
    writer.join().expect("it does not panic").expect("python reads its input");
    assert!(output.status.success(), "the driver failed");
    Some(serde_json::from_slice(&output.stdout).expect("the driver writes JSON"))
}

fn numbers(list: &Json) -> Vec<f64> {
    fixtures::numbers(list)
}

/// The greatest difference, relative with floor 1; where something is not finite it must be the same.
fn difference(found: &[f64], expected: &[f64]) -> f64 {
    if found.len() != expected.len() {
        return f64::INFINITY;
    }
    let pairs = found.iter().zip(expected);
    let one = |(a, b): (&f64, &f64)| {
        if a.is_finite() && b.is_finite() {
            (a - b).abs() / b.abs().max(1.0)
        } else if a == b || (a.is_nan() && b.is_nan()) {
            0.0
        } else {
            f64::INFINITY
        }
    };
    pairs.map(one).fold(0.0, f64::max)
}

/// What is not the same, in words.
fn complaint(lane: &Told, answer: &Json) -> Option<String> {
    let name = &lane.name;
    if let Some(error) = answer["error"].as_str() {
        return Some(format!("{name}: {error}"));
    }
    let result = &lane.result;
    let end = json!(result.end.reason.label());
    let (step, ended) = (answer["step"].as_u64(), &answer["end"]);
    if step != Some(result.steps) || *ended != end {
        return Some(format!("{name}: ends {ended} at {step:?}, not {end} at {}", result.steps));
    }
    let epochs: Vec<f64> = result.epoch_records.iter().map(|epoch| epoch.loss).collect();
    let losses: Vec<f64> = result.batch_losses().collect();
    let pairs = [("losses", &losses), ("epochs", &epochs), ("params", &result.params)];
    for (key, expected) in pairs {
        let found = numbers(&answer[key]);
        let error = difference(&found, expected);
        if error > lane.tolerance {
            let far = |(a, b): &(&f64, &f64)| difference(&[**a], &[**b]) > lane.tolerance;
            let first = found.iter().zip(expected).position(|pair| far(&pair));
            return Some(format!(
                "{name}: {key} differ by {error:e} ({} and {}), first at {first:?}",
                found.len(),
                expected.len()
            ));
        }
    }
    None
}

#[test]
fn every_program_does_what_its_lane_does() {
    let (mut lanes, mut complaints) = (Vec::new(), Vec::new());
    for case in cases::all() {
        match told(&case) {
            Ok(told) => lanes.extend(told),
            Err(complaint) => complaints.push(complaint),
        }
    }
    let texts: Vec<&str> = lanes.iter().map(|lane| lane.text.as_str()).collect();
    let Some(answers) = run_programs(&texts) else { return };
    assert_eq!(answers.len(), lanes.len());
    complaints
        .extend(lanes.iter().zip(&answers).filter_map(|(lane, answer)| complaint(lane, answer)));
    assert!(
        complaints.is_empty(),
        "{} of {}:\n{}",
        complaints.len(),
        lanes.len(),
        complaints.join("\n")
    );
    // What was compared is not empty, and runs that diverge are among it.
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for answer in &answers {
        *ends.entry(answer["end"].to_string()).or_default() += 1;
    }
    for end in ["finished", "diverged", "rule:LossBelow", "rule:NoGain", "rule:AccuracyAbove"] {
        assert!(ends.contains_key(&format!("{end:?}")), "no run ends {end}: {ends:?}");
    }
}
