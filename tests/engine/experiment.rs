//! The experiment file: what is refused, in which words and where.

use downhill::data::NoFiles;
use downhill::experiment::{Problem, check, excerpt, parse, to_text};

pub(super) const BASE: &str = r#"(
    version: 1,
    name: "x",
    task: Learn(
        data: Blobs(samples: 250, features: 2, centers: 2, std: 1.05, seed: 20),
        model: (hidden: [Dense(units: 8, activation: Tanh)], init: Uniform(low: 0.0, high: 1.0)),
        loss: CrossEntropy,
    ),
    training: (epochs: 100, batch_size: 32, shuffle: EachEpoch, seed: 1),
    stop: [NoGain(epochs: 10, min_gain: 0.0)],
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01), schedule: Constant(), clip: Norm(1.0)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05), init: Zeros),
    ],
    edits: [(lane: "SGD", step: 500, set: "optimizer.learning_rate", to: 0.03)],
    view: (pace: 40.0, x: Step),
)
"#;

const SURFACE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0), noise: 0.0),
    training: (steps: 200),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.0005))],
)
"#;

/// The problems of `base` with `from` replaced by `to`, a line each, as a person would read them.
fn problems(base: &str, from: &str, to: &str) -> String {
    assert!(base.contains(from), "{from}");
    let found = check(&base.replacen(from, to, 1)).err().unwrap_or_default();
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[track_caller]
fn expect_all(base: &str, cases: &[(&str, &str, &str)]) {
    let mut failed = Vec::new();
    for (from, to, expected) in cases {
        let found = problems(base, from, to);
        if found != *expected {
            failed.push(format!("{from} → {to}\n  expected: {expected}\n  found:    {found}"));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

#[test]
fn the_base_files_are_valid() {
    for base in [BASE, SURFACE] {
        assert_eq!(check(base).map(drop), Ok(()));
    }
}

#[test]
fn syntax_errors_say_what_was_opened_and_where() {
    expect_all(
        BASE,
        &[
            (
                "samples: 250,",
                "samples: 250",
                "line 5, column 34: expected a comma or `)`, found `f`; the `(` opened on line 5, \
                 column 20 is still open",
            ),
            (
                "name: \"x\"",
                "name: \"x",
                "line 12, column 17: expected a comma or `)`, found `S`; the text in quotes opened \
                 on line 3, column 11 is still open",
            ),
            (
                "lanes: [",
                "lanes: (",
                "line 14, column 5: expected a value or `)`, found `]`; the `(` opened on line 11, \
                 column 12 is still open",
            ),
            (
                "Step),\n)\n",
                "Step),\n",
                "line 17, column 1: the file ends before the `(` is closed; the `(` opened on \
                 line 1, column 1 is still open",
            ),
            (
                "view:",
                "/* view:",
                "line 18, column 1: the file ends before the comment is closed; the comment \
                 opened on line 16, column 5 is still open",
            ),
            ("\n)\n", "\n) x\n", "line 17, column 3: something stands behind the end of the value"),
        ],
    );
    let not_a_struct = check("7").unwrap_err();
    assert!(not_a_struct[0].message.starts_with("this is not an experiment"));
    assert!(check("").is_err() && check("// only a comment").is_err());
}

#[test]
fn the_version_is_asked_for_first() {
    expect_all(
        BASE,
        &[
            (
                "version: 1,",
                "",
                "line 1, column 1: version: the file does not say its version; write `version: 1,` \
                 as the first field",
            ),
            (
                "version: 1,\n    name",
                "version: 2,\n    unknown",
                "line 2, column 14: version: the file has version 2; this program reads version 1; \
                 a newer Downhill wrote it and can read it",
            ),
            (
                "version: 1,",
                "version: 0,",
                "line 2, column 14: version: there is no version 0; this program reads version 1; \
                 write `version: 1`",
            ),
            (
                "version: 1,",
                "version: \"1\",",
                "line 2, column 14: version: `version` takes `1`, not \"1\"",
            ),
        ],
    );
}

#[test]
fn unknown_names_come_with_a_suggestion() {
    expect_all(
        BASE,
        &[
            (
                "name: \"x\"",
                "nme: \"x\"",
                "line 3, column 5: nme: an experiment has no field `nme`; did you mean `name`?",
            ),
            (
                "Learn(",
                "Lern(",
                "line 4, column 11: task: `task` cannot be `Lern`; did you mean `Learn`?",
            ),
            (
                "Blobs(",
                "Blob(",
                "line 5, column 15: task.data: there is no data source called `Blob`; \
                 did you mean `Blobs`?",
            ),
            (
                "samples: 250",
                "n_samples: 250",
                "line 5, column 21: task.data.n_samples: Blobs has no field `n_samples`; \
                 did you mean `samples`?",
            ),
            (
                "Dense(units",
                "Dens(units",
                "line 6, column 26: task.model.hidden[0]: a hidden layer cannot be `Dens`; \
                 did you mean `Dense`?",
            ),
            (
                "units: 8",
                "unit: 8",
                "line 6, column 32: task.model.hidden[0].unit: Dense has no field `unit`; \
                 did you mean `units`?",
            ),
            (
                "Tanh",
                "tanh",
                "line 6, column 54: task.model.hidden[0].activation: there is no activation called \
                 `tanh`; did you mean `Tanh`?",
            ),
            (
                "EachEpoch",
                "Each",
                "line 9, column 54: training.shuffle: `shuffle` cannot be `Each`; known are Never, \
                 Once, EachEpoch, WithReplacement",
            ),
            (
                "Sgd(learning_rate",
                "Sgd(lr",
                "line 12, column 38: lanes[0].optimizer.lr: Sgd has no field `lr`; did you mean \
                 `learning_rate`?",
            ),
            (
                "lane: \"SGD\"",
                "lane: \"Agam\"",
                "line 15, column 20: edits[0].lane: there is no lane called `Agam`; did you mean \
                 `Adam`?",
            ),
            (
                "x: Step",
                "x: Steps",
                "line 16, column 27: view.x: `x` cannot be `Steps`; did you mean `Step`?",
            ),
        ],
    );
}

#[test]
fn what_comes_later_is_refused_by_name_and_never_ignored() {
    expect_all(
        BASE,
        &[
            (
                "Dense(units: 8, activation: Tanh)",
                "Conv(channels: 8)",
                "line 6, column 26: task.model.hidden[0]: `Conv` is not yet supported; leave it out",
            ),
            (
                "init: Zeros",
                "record: [loss]",
                "line 13, column 70: lanes[1].record: `record` is not yet supported; leave it out",
            ),
        ],
    );
}

#[test]
fn values_of_another_sort_say_what_is_taken() {
    expect_all(
        BASE,
        &[
            (
                "name: \"x\"",
                "name: x",
                "line 3, column 11: name: `name` takes text in double quotes, not x",
            ),
            (
                "samples: 250",
                "samples: 2.5",
                "line 5, column 30: task.data.samples: `samples` takes a whole number from 1 to \
                 10000000, not 2.5",
            ),
            (
                "std: 1.05",
                "std: \"a\"",
                "line 5, column 65: task.data.std: `std` takes a number of at least 0 and at most \
                 1000000, not \"a\"",
            ),
            (
                "units: 8, ",
                "",
                "line 6, column 26: task.model.hidden[0].units: Dense needs its field `units`",
            ),
            (
                "Tanh",
                "Tanh()",
                "line 6, column 54: task.model.hidden[0].activation: Tanh has no fields; write \
                 `Tanh`, without parentheses",
            ),
            (
                "loss: CrossEntropy",
                "loss: 3",
                "line 7, column 15: task.loss: `loss` takes a name, not 3",
            ),
            (
                "epochs: 100",
                "epochs: many",
                "line 9, column 24: training.epochs: `epochs` takes a whole number of at least 1, \
                 or `Unlimited`, not many",
            ),
            (
                "batch_size: 32",
                "batch_size: All",
                "line 9, column 41: training.batch_size: `batch_size` takes a whole number of at \
                 least 1, or `Full`, not All",
            ),
            (
                "seed: 1)",
                "seed: -1)",
                "line 9, column 71: training.seed: `seed` takes a whole number from 0, not -1",
            ),
        ],
    );
}

#[test]
fn choices_say_how_they_are_written() {
    expect_all(
        BASE,
        &[
            (
                "NoGain(",
                "LossBelow(",
                "line 10, column 22: stop[0].epochs: LossBelow takes a number that is finite, \
                 without a name",
            ),
            (
                "Sgd(learning_rate: 0.01)",
                "Sgd",
                "line 12, column 34: lanes[0].optimizer: Sgd has fields; write `Sgd()`, with \
                 parentheses",
            ),
            (
                "Sgd(learning_rate: 0.01)",
                "Sgd(0.01)",
                "line 12, column 38: lanes[0].optimizer[0]: expected the name of a field of Sgd, \
                 found 0.01; fields have names, as in `learning_rate: 0.01`",
            ),
            (
                "optimizer: Sgd(learning_rate: 0.01), ",
                "",
                "line 12, column 9: lanes[0].optimizer: a lane needs its field `optimizer`",
            ),
            (
                "learning_rate: 0.05",
                "learning_rate: 0,05",
                "line 13, column 57: lanes[1].optimizer[1]: expected the name of a field of Adam, \
                 found 05; decimals are written with a point, as in 0.05",
            ),
            (
                "Norm(1.0)",
                "Norm()",
                "line 12, column 88: lanes[0].clip: Norm takes a number above 0, without a name; \
                 write `Norm(…)`",
            ),
            (
                "name: \"x\"",
                "version: 1",
                "line 3, column 5: version: `version` is given twice; leave one of them out",
            ),
        ],
    );
}

#[test]
fn laws_between_values_are_checked_all_at_once() {
    let text = BASE
        .replace("std: 1.05", "std: -1.0")
        .replace("units: 8", "units: 0")
        .replace("epochs: 100", "epochs: 0, steps: 5")
        .replace("learning_rate: 0.05", "learning_rate: -0.05, beta1: 1.0")
        .replace("name: \"Adam\"", "name: \"SGD\", color: 9")
        .replace("to: 0.03", "to: -3")
        .replace("pace: 40.0", "pace: 0.0, smooth: 1.0");
    let found = check(&text).unwrap_err();
    let paths: Vec<&str> = found.iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "task.data.std",
            "task.model.hidden[0].units",
            "training.epochs",
            "training.steps",
            "lanes[1].name",
            "lanes[1].color",
            "lanes[1].optimizer.learning_rate",
            "lanes[1].optimizer.beta1",
            "edits[0].step",
            "edits[0].to",
            "view.pace",
            "view.smooth",
        ]
    );
    assert!(found.iter().all(|problem| problem.place.is_some()));
}

#[test]
fn each_law_in_its_words() {
    expect_all(
        BASE,
        &[
            (
                "to: 0.03",
                "to: true",
                "line 15, column 74: edits[0].to: `learning_rate` takes a number of at least 0, not true",
            ),
            (
                "set: \"optimizer.learning_rate\"",
                "set: \"optimizer.momentun\"",
                "line 15, column 43: edits[0].set: Sgd has no field `momentun`; did you mean `momentum`?",
            ),
            (
                "set: \"optimizer.learning_rate\"",
                "set: \"init\"",
                "line 15, column 43: edits[0].set: `init` cannot change while a lane runs; set it \
                 in the lane itself; it applies on Reset",
            ),
            (
                "Sgd(learning_rate: 0.01)",
                "Sgd(learning_rate: 0.01, dampening: 0.5, nesterov: true)",
                "line 12, column 70: lanes[0].optimizer.dampening: `nesterov` allows no dampening; \
                 leave `dampening` out\n\
                 line 12, column 85: lanes[0].optimizer.nesterov: `nesterov` needs a momentum above \
                 0; write `momentum: 0.9`",
            ),
            (
                "init: Uniform(low: 0.0, high: 1.0)",
                "init: BiasTrick(low: 0.0, high: 1.0)",
                "line 6, column 68: task.model.init: `BiasTrick` is for one layer with one output, \
                 not for hidden layers; use `Uniform(low: 0.0, high: 1.0)`, which draws weights \
                 before biases",
            ),
            (
                "init: Zeros",
                "init: Values([1.0, 2.0])",
                "line 13, column 75: lanes[1].init.values: 2 values are given, the model has 33 \
                 parameters; per layer: the weights row by row (one row an output), then the biases",
            ),
            (
                "init: Zeros",
                "start: (1.0, 2.0)",
                "line 13, column 69: lanes[1].start: `start` is for surfaces; a model's start is its \
                 `init`; write `init`, as in `init: Uniform(low: 0.0, high: 1.0)`",
            ),
            (
                "loss: CrossEntropy,",
                "held_out: (fraction: 1.0),",
                "line 7, column 30: task.held_out.fraction: `fraction` takes a number above 0 and \
                 below 1, not 1.0",
            ),
            (
                "loss: CrossEntropy,",
                "regularize: (l2: -1.0),",
                "line 7, column 26: task.regularize.l2: `l2` takes a number of at least 0, not -1.0",
            ),
        ],
    );
}

#[test]
fn each_law_of_a_surface_in_its_words() {
    expect_all(
        SURFACE,
        &[
            (
                "steps: 200",
                "epochs: 200",
                "line 4, column 24: training.epochs: a surface has no rows, so there are no epochs; \
                 write `steps` instead",
            ),
            (
                "0.0005)",
                "0.0005), batch_size: Full",
                "line 5, column 78: lanes[0].batch_size: `batch_size` is for learning from data; \
                 this task is a surface; leave it out",
            ),
            (
                "start: (-1.5, 2.0)",
                "start: (-1.5, inf)",
                "line 3, column 55: task.start[1]: `start` takes a finite number, not inf",
            ),
            (
                "200),\n    lanes: [(name: \"SGD\"",
                "200, precision: F32),\n    lanes: [(name: \"SGD\", start: (1.0, -4e38)",
                "line 5, column 40: lanes[0].start[1]: `start` takes a number that `precision: F32` \
                 can hold, at most 3.4e38 in size, not -4e38",
            ),
            (
                "lanes: [(name: \"SGD\", optimizer: Sgd(learning_rate: 0.0005))]",
                "lanes: []",
                "line 5, column 12: lanes: there are no lanes, so nothing would be trained; add one, \
                 as in `(name: \"SGD\", optimizer: Sgd(learning_rate: 0.1))`",
            ),
        ],
    );
}

#[test]
fn absurd_sizes_are_refused_before_anything_is_allocated() {
    let rows = problems(BASE, "samples: 250, features: 2", "samples: 9999999, features: 9999");
    assert!(rows.contains("task.data.samples"), "{rows}");
    assert!(rows.contains("more memory than data may have"), "{rows}");
    let units = problems(
        BASE,
        "Dense(units: 8, activation: Tanh)",
        "Dense(units: 9000000, activation: Tanh), Dense(units: 18446744073709551615, activation: Tanh)",
    );
    assert!(units.contains("task.model.hidden[1].units"), "{units}");
    let lanes = "(name: \"x\", optimizer: Sgd()),".repeat(65);
    let many = problems(BASE, "lanes: [", &format!("lanes: [{lanes}"));
    assert!(many.contains("lanes: there are 67 lanes; at most 64 are allowed"), "{many}");
    let large = format!("({}", " ".repeat((9 << 20) - 1));
    let problem = check(&large).unwrap_err().remove(0);
    assert!(problem.message.contains("9 MiB; at most 8"), "{problem}");
    for deep in ["[", "(a:", "{1:", "/*"] {
        assert!(check(&deep.repeat(1 << 20)).is_err(), "{deep}");
    }
}

#[test]
fn problems_of_the_data_and_the_network_stand_at_their_place() {
    let prepare = |from: &str, to: &str| -> String {
        assert!(BASE.contains(from), "{from}");
        let valid = check(&BASE.replacen(from, to, 1)).expect("valid without its data");
        let problems = valid.prepare(&NoFiles).expect_err("the data or the network is refused");
        problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
    };
    let data = "Blobs(samples: 250, features: 2, centers: 2, std: 1.05, seed: 20)";
    let file = prepare(data, "Csv(path: \"a.csv\", target: \"y\")");
    assert!(
        file.starts_with("line 5, column 25: task.data.path: the table a.csv cannot be read"),
        "{file}"
    );
    let values = prepare(data, "Regression(samples: 50)");
    assert!(values.contains("task.loss: CrossEntropy compares classes"), "{values}");
    let late = prepare("step: 500", "step: 800");
    assert_eq!(
        late,
        "line 15, column 33: edits[0].step: the run ends after 800 updates, so an edit at step 800 \
         never acts; lengthen the run, or leave the edit out"
    );
}

#[test]
fn lanes_share_rows_and_override_the_rest() {
    let valid = check(BASE).unwrap();
    let plans = valid.prepare(&NoFiles).unwrap();
    let experiment = valid.experiment();
    assert!(experiment.differs_from_others(&experiment.lanes[0]).is_empty());
    assert_eq!(experiment.differs_from_others(&experiment.lanes[1]), ["not the same start"]);
    assert_eq!(plans[0].edits.len(), 1);
    assert_eq!(plans[0].edits[0].step, 500);
    assert!(plans[1].edits.is_empty());
    assert_eq!(plans[0].seeds.init, 1);
}

#[test]
fn an_excerpt_marks_the_value_in_its_line() {
    let text = BASE.replace("learning_rate: 0.05", "learning_rate: -0.05");
    let problem = check(&text).unwrap_err().remove(0);
    assert_eq!(
        excerpt(&text, "my.ron", &problem),
        r#"error: `learning_rate` takes a number of at least 0, not -0.05
  --> my.ron:13:55
   |
13 |         (name: "Adam", optimizer: Adam(learning_rate: -0.05), init: Zeros),
   |                                                       ^^^^^
   = at: lanes[1].optimizer.learning_rate
"#
    );
    let long = format!("(version: 1, notes: \"{}\", nme: 1)", "n".repeat(500));
    let shown = excerpt(&long, "long.ron", &check(&long).unwrap_err()[0]);
    assert!(shown.lines().all(|line| line.chars().count() < 120), "{shown}");
    assert!(shown.contains("nme: 1"), "{shown}");
}

#[test]
fn the_canonical_text_needs_no_header_and_is_short() {
    let text = to_text(&parse(BASE).unwrap());
    assert!(!text.contains("#!"), "{text}");
    assert!(
        text.contains("    task: Learn(\n        data: Blobs(samples: 250, centers: 2, "),
        "{text}"
    );
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert_eq!(parse(&text), parse(BASE));
    let surface = to_text(&parse(SURFACE).unwrap());
    assert!(
        surface.contains("task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),"),
        "{surface}"
    );
}
