//! The Python code of the cards, run by Python with NumPy on the inputs of the fixtures and compared
//! with this program's own numbers. One test, since starting NumPy takes longer than the sums.

use std::fmt::Write;
use std::process::Command;

use downhill::catalog::{Chosen, Family};
use downhill::model::{
    Activations, Initializers, Link, LossFunction, LossRows, ModelSpec, Network, initial_parameters,
};
use serde_json::{Value, json};

use crate::fixtures::{assert_close, list, numbers, read};
use crate::losses::loss_cases;
use crate::plans::{chosen, data, model};

/// One piece of code, the expression that gives its numbers, and ours.
struct Piece {
    what: String,
    code: String,
    /// A list of numbers in Python; it may use `x`, the list in `input`.
    expression: String,
    input: Value,
    ours: Vec<f64>,
}

/// `GeluErf` as Python writes it: `gelu_erf`.
fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

fn code<F: Family>(chosen: &Chosen<F>) -> String {
    let card = chosen.entry().card.unwrap_or_else(|| panic!("{} has a card", chosen.name()));
    chosen.python(card.numpy)
}

fn activations(pieces: &mut Vec<Piece>) {
    let x = numbers(&read("activations.json")["x"]);
    for entry in Activations::entries() {
        let activation = Chosen::<Activations>::of(entry);
        let (y, slope) = Activations::value_and_slope(&activation, &x);
        let name = snake_case(entry.name);
        pieces.push(Piece {
            what: format!("{name} and its slope"),
            code: code(&activation),
            expression: format!(
                "[float(v) for part in ({name}(x), {name}_slope(x, {name}(x))) for v in part]"
            ),
            input: json!(x),
            ours: [y, slope].concat(),
        });
    }
}

fn losses(pieces: &mut Vec<Piece>) {
    for case in loss_cases() {
        let function = LossFunction::<f64>::treated(&case.loss, &case.treatment);
        let (sums, targets, width) = (&case.sums, &case.targets, case.width);
        let rows = LossRows { sums, activations: sums, targets, width };
        let mut ours = vec![0.0; sums.len()];
        let total = function.sum_and_gradient(&rows, Link::Identity, 1.0, &mut ours);
        ours.insert(0, total);
        let treated = &case.treatment;
        let arguments = if treated.is_neutral() {
            String::new()
        } else {
            let weights = treated.class_weights.as_ref();
            format!(
                ", smoothing={:?}, weights={}, positive={:?}",
                treated.label_smoothing,
                weights.map_or_else(|| "None".to_owned(), |w| format!("{w:?}")),
                treated.positive_weight.unwrap_or(1.0)
            )
        };
        pieces.push(Piece {
            what: case.what.clone(),
            code: code(&case.loss),
            expression: format!(
                "(lambda r: [float(r[0])] + [float(v) for v in r[1].ravel()])\
                 (loss(x[0].reshape(-1, {width}), x[0].reshape(-1, {width}), \
                 x[1].reshape(-1, {width}){arguments}))"
            ),
            input: json!([sums, targets]),
            ours,
        });
    }
}

/// A network of three layers, one wider than tall, one taller than wide.
fn network(spec: &ModelSpec) -> Network {
    let split = data("Regression(samples: 20, features: 3, targets: 2)", None);
    Network::new(3, spec, &split.train.targets, &chosen("MeanSquaredError")).expect("a network")
}

fn starts(pieces: &mut Vec<Piece>) {
    let spec =
        model("(hidden: [Dense(units: 7, activation: Tanh), Dense(units: 4, activation: Tanh)])");
    let network = network(&spec);
    for entry in Initializers::entries() {
        let mut init = Chosen::<Initializers>::of(entry);
        for (field, value) in [("low", -0.3), ("high", 0.7), ("std", 0.4), ("gain", 1.3)] {
            if init.get(field).is_some() {
                init = init.with(field, value);
            }
        }
        if code(&init).is_empty() {
            assert!(["Auto", "Values", "BiasTrick"].contains(&entry.name), "{}", entry.name);
            continue;
        }
        let params = initial_parameters(&network, &init, 11).expect("a start");
        let layout = network.layout();
        pieces.push(Piece {
            what: entry.name.to_owned(),
            code: code(&init),
            expression: "(lambda rng: [float(v) for o, i in ((7, 3), (4, 7), (2, 4)) \
                         for v in start(rng, o, i).ravel()])(np.random.RandomState(11))"
                .to_owned(),
            input: json!([0.0]),
            ours: layout.weight_ranges().flat_map(|range| params[range].to_vec()).collect(),
        });
    }
}

fn has_numpy() -> bool {
    let run = Command::new("python3").args(["-c", "import numpy"]).output();
    run.is_ok_and(|run| run.status.success())
}

#[test]
fn the_python_code_of_every_card_gives_our_numbers() {
    if !has_numpy() {
        eprintln!("skipped: `python3 -c \"import numpy\"` fails, so no card's code can be run");
        return;
    }
    let mut pieces = Vec::new();
    activations(&mut pieces);
    losses(&mut pieces);
    starts(&mut pieces);
    let mut program = String::from(
        "import json, math\nimport numpy as np\nnp.seterr(all=\"ignore\")\nout = []\n",
    );
    for piece in &pieces {
        let input = piece.input.to_string();
        writeln!(
            program,
            "{}\nx = np.array(json.loads('{input}'))\nout.append([repr(v) for v in {}])",
            piece.code, piece.expression
        )
        .expect("a string takes all");
    }
    program.push_str("print(json.dumps(out))\n");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cards.py");
    std::fs::write(&path, &program).expect("a program");
    let run = Command::new("python3").arg(&path).output().expect("python3 runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let theirs: Value = serde_json::from_slice(&run.stdout).expect("lists of numbers");
    assert_eq!(list(&theirs).len(), pieces.len());
    for (piece, theirs) in pieces.iter().zip(list(&theirs)) {
        let theirs = numbers(theirs);
        // A sum of 1e400 is infinite in both.
        let finite = |values: &[f64]| -> Vec<f64> {
            values.iter().copied().filter(|v| v.is_finite()).collect()
        };
        let is_finite =
            |values: &[f64]| -> Vec<bool> { values.iter().map(|v| v.is_finite()).collect() };
        assert_eq!(is_finite(&piece.ours), is_finite(&theirs), "{}", piece.what);
        assert_close(&finite(&piece.ours), &finite(&theirs), 1e-12, &piece.what);
    }
}
