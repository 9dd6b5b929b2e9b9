//! The experiments whose programs are run: one or more for every row of every table, and for each
//! thing a file can say.

use downhill::catalog::{Chosen, Duration, Entry, Family, Given, Interval, Kind, Value};
use downhill::data::{BatchSize, Sources};
use downhill::model::{Activations, Initializers, LossTask, Losses};
use downhill::objective::Surfaces;
use downhill::optim::{Clips, Optimizers, Schedules};

/// An experiment and how near its programs must come.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) tolerance: f64,
}

impl Case {
    fn new(name: impl Into<String>, task: &str, rest: &str) -> Self {
        let text = format!("(version: 1, task: {task}, {rest})");
        Self { name: name.into(), text, tolerance: 1e-10 }
    }
}

pub(super) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(optimizers());
    cases.extend(schedules());
    cases.extend(clips());
    cases.extend(surfaces());
    cases.extend(activations());
    cases.extend(losses());
    cases.extend(class_treatments());
    cases.extend(layers());
    cases.extend(starts());
    cases.extend(sources());
    cases.extend(rows());
    cases.extend(treatments());
    cases.extend(ends());
    cases
}

const NET: &str =
    "(hidden: [Dense(units: 4, activation: Tanh), Dense(units: 3, activation: Sigmoid)])";
const BLOBS: &str = "Blobs(samples: 50, features: 3, centers: 3, std: 2.0, seed: 4)";
const TWO: &str = "Moons(samples: 45, noise: 0.2, seed: 3)";
const NUMBERS: &str = "Regression(samples: 40, features: 3, informative: 2, targets: 2, bias: 0.5, noise: 0.1, seed: 2)";

fn learn(data: &str, model: &str, rest: &str) -> String {
    format!("Learn(data: {data}, model: {model}, {rest})")
}

fn sgd(rate: f64, rest: &str) -> String {
    format!("lanes: [(name: \"lane\", optimizer: Sgd(learning_rate: {rate:?}), {rest})]")
}

fn written<F: Family>(chosen: &Chosen<F>) -> String {
    let options = ron::Options::default();
    options.to_string(chosen).expect("a choice can be written")
}

/// A choice with a sensible value where the table gives none.
fn filled<F: Family>(entry: &'static Entry) -> Chosen<F> {
    let mut chosen = Chosen::<F>::of(entry);
    for field in entry.fields.iter().filter(|field| field.default == Given::Nothing) {
        let value = match field.kind {
            Kind::Number(interval, _) => Value::Number(inside(&interval)),
            Kind::Integer { min, .. } => Value::Integer(min.max(2)),
            _ => continue,
        };
        chosen.set(field.name, value).expect("it lies inside");
    }
    chosen
}

/// A number that an interval allows, none of its ends.
fn inside(interval: &Interval) -> f64 {
    let numbers = [0.4, 0.9, 1.3, 2.0, -0.4, 10.0];
    numbers.into_iter().find(|x| interval.contains(*x)).expect("some ordinary number is allowed")
}

fn optimizers() -> Vec<Case> {
    let surface = "Surface(function: Rosenbrock, start: (-1.2, 1.0))";
    let mut cases = Vec::new();
    for entry in Optimizers::entries() {
        let plain = filled::<Optimizers>(entry);
        let mut turned = plain.clone();
        for field in entry.fields {
            let value = match (field.kind, field.name) {
                (Kind::Flag, _) => Value::Flag(!plain.flag(field.name)),
                (_, "weight_decay") => Value::Number(0.01),
                (_, "momentum") => Value::Number(0.5),
                _ => continue,
            };
            turned.set(field.name, value).expect("it is allowed");
        }
        let lanes = format!(
            "lanes: [(name: \"plain\", optimizer: {}), (name: \"turned\", optimizer: {})]",
            written(&plain),
            written(&turned)
        );
        let net = learn(BLOBS, NET, "");
        cases.push(Case::new(entry.name, surface, &format!("training: (steps: 60), {lanes}")));
        cases.push(Case::new(
            entry.name,
            &net,
            &format!("training: (epochs: 6, batch_size: 16), {lanes}"),
        ));
        cases.push(edited(&plain, &net));
    }
    cases
}

/// Every knob of an optimizer turned three times while it runs.
fn edited(chosen: &Chosen<Optimizers>, task: &str) -> Case {
    let entry = chosen.entry();
    let mut edits = Vec::new();
    for (at, field) in entry.fields.iter().enumerate().filter(|(_, field)| field.live) {
        let values: Vec<String> = match (field.kind, chosen.get(field.name)) {
            (Kind::Flag, Some(Value::Flag(now))) => {
                [!now, *now, !now].map(|b| b.to_string()).to_vec()
            }
            (Kind::Number(interval, _), Some(Value::Number(now))) => {
                let tries = [now * 0.5, now * 0.9, now * 0.7].into_iter();
                tries.filter(|x| interval.contains(*x)).map(|x| format!("{x:?}")).collect()
            }
            (Kind::Integer { min, max, .. }, Some(Value::Integer(now))) => {
                let tries = [now + 1, now.saturating_sub(1), *now].into_iter();
                tries.filter(|n| (min..=max).contains(n)).map(|n| n.to_string()).collect()
            }
            _ => continue,
        };
        for (turn, value) in values.iter().enumerate() {
            let (step, name) = (4 + at + 7 * turn, field.name);
            edits.push(format!(
                "(lane: \"lane\", step: {step}, set: \"optimizer.{name}\", to: {value})"
            ));
        }
    }
    let lane = format!("lanes: [(name: \"lane\", optimizer: {})]", written(chosen));
    let rest =
        format!("training: (epochs: 10, batch_size: 16), {lane}, edits: [{}]", edits.join(", "));
    Case::new(format!("{} with edits", entry.name), task, &rest)
}

fn schedules() -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in Schedules::entries() {
        let plain = filled::<Schedules>(entry);
        let text = written(&plain);
        let warm =
            plain.clone().with("warm_up", Some(Duration::Steps(5))).with("warm_up_start", 0.1);
        let warm = written(&warm);
        for optimizer in ["Sgd(learning_rate: 0.05, momentum: 0.8)", "Adam(learning_rate: 0.05)"] {
            let lanes = format!(
                "lanes: [(name: \"plain\", optimizer: {optimizer}, schedule: {text}), \
                 (name: \"warm\", optimizer: {optimizer}, schedule: {warm})]"
            );
            let net = learn(TWO, NET, "");
            cases.push(Case::new(
                entry.name,
                &net,
                &format!("training: (epochs: 12, batch_size: 10), {lanes}"),
            ));
            cases.push(Case::new(
                entry.name,
                "Surface(function: Sphere, start: (2.0, -1.0))",
                &format!("training: (steps: 60), {lanes}"),
            ));
        }
    }
    cases
}

fn clips() -> Vec<Case> {
    let surface = "Surface(function: Beale, start: (1.0, 1.5))";
    let one = |entry: &'static Entry| {
        let clip = format!("{}(0.3)", entry.name);
        let edits = format!(
            "edits: [(lane: \"lane\", step: 5, set: \"clip\", to: None), \
             (lane: \"lane\", step: 9, set: \"clip\", to: Norm(2.0)), \
             (lane: \"lane\", step: 12, set: \"clip\", to: {clip})]"
        );
        let lane = sgd(0.01, &format!("clip: {clip}"));
        [
            Case::new(entry.name, surface, &format!("training: (steps: 50), {lane}")),
            Case::new(
                format!("{} with edits", entry.name),
                &learn(BLOBS, NET, ""),
                &format!("training: (epochs: 5, batch_size: 9), {lane}, {edits}"),
            ),
        ]
    };
    Clips::entries().iter().flat_map(|entry| one(entry)).collect()
}

fn surfaces() -> Vec<Case> {
    let entries = Surfaces::entries().iter().filter(|entry| entry.name != "Custom");
    let one = |entry: &&'static Entry| {
        let task = format!(
            "Surface(function: {}, start: (0.7, -0.4))",
            written(&filled::<Surfaces>(entry))
        );
        Case::new(entry.name, &task, &format!("training: (steps: 40), {}", sgd(0.001, "")))
    };
    entries.map(one).collect()
}

fn activations() -> Vec<Case> {
    let one = |entry: &&'static Entry| {
        let name = written(&filled::<Activations>(entry));
        let model = format!(
            "(hidden: [Dense(units: 5, activation: {name}), Dense(units: 4, activation: {name})])"
        );
        Case::new(
            entry.name,
            &learn(TWO, &model, ""),
            &format!("training: (epochs: 8), {}", sgd(0.1, "")),
        )
    };
    Activations::entries().iter().map(one).collect()
}

fn losses() -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in Losses::entries() {
        let loss = filled::<Losses>(entry);
        let text = written(&loss);
        let data: &[&str] = match Losses::task(&loss) {
            LossTask::Classes => &[TWO, BLOBS],
            LossTask::Values | LossTask::Either => &[TWO, BLOBS, NUMBERS],
        };
        for data in data {
            let output = if *data == TWO { "Auto" } else { "Identity" };
            let model = format!("(hidden: [Dense(units: 4, activation: Tanh)], output: {output})");
            let task = learn(data, &model, &format!("loss: {text}, report: SquaredErrorSum"));
            // Sums of large squares need small steps.
            let rate = if *data == NUMBERS { 1e-5 } else { 0.001 };
            let rest = format!("training: (epochs: 6, batch_size: 12), {}", sgd(rate, ""));
            cases.push(Case::new(format!("{} of {data}", entry.name), &task, &rest));
        }
        if Losses::task(&loss) == LossTask::Values {
            let task = learn(TWO, "(output: Sigmoid)", &format!("loss: {text}"));
            cases.push(Case::new(
                format!("{} behind a sigmoid", entry.name),
                &task,
                &format!("training: (epochs: 6), {}", sgd(0.1, "")),
            ));
        }
        let data = if Losses::ranks_classes(&loss) { BLOBS } else { TWO };
        let report = learn(data, NET, &format!("loss: MeanSquaredError, report: {text}"));
        cases.push(Case::new(
            format!("{} as report", entry.name),
            &report,
            &format!("training: (epochs: 3), {}", sgd(0.1, "")),
        ));
    }
    cases
}

/// Smoothed labels, weighted classes.
fn class_treatments() -> Vec<Case> {
    let of = |data: &str, treatment: &str| {
        let task = learn(data, NET, &format!("{treatment}, report: CrossEntropy"));
        let rest = format!("training: (epochs: 4, batch_size: 12), {}", sgd(0.2, ""));
        Case::new(treatment, &task, &rest)
    };
    vec![
        of(TWO, "label_smoothing: 0.1"),
        of(TWO, "class_weights: [0.5, 2.0]"),
        of(TWO, "positive_weight: 3.0"),
        of(TWO, "label_smoothing: 0.2, class_weights: [1.5, 0.25]"),
        of(TWO, "label_smoothing: 0.2, positive_weight: 0.5"),
        of(BLOBS, "label_smoothing: 0.1"),
        of(BLOBS, "label_smoothing: 0.1, class_weights: [0.5, 1.0, 2.0]"),
    ]
}

/// Layers beside dense ones, also where nothing or the output lies beside them.
fn layers() -> Vec<Case> {
    let stacks = [
        "Dense(units: 6, activation: Relu), Dropout(rate: 0.4)",
        "Dropout(rate: 0.2), Dense(units: 6, activation: Tanh), LayerNorm, Dropout(rate: 0.5)",
        "LayerNorm, Dense(units: 5, activation: GeluErf), LayerNorm",
        "Dropout(rate: 0.3)",
        "Dense(units: 4, activation: Tanh), LayerNorm, Dense(units: 3, activation: Relu), Dropout(rate: 0.0)",
    ];
    let lanes = [
        "optimizer: Sgd(learning_rate: 0.1)",
        "optimizer: Sgd(learning_rate: 0.1), gradient: Numeric(0.001)",
        "optimizer: RandomLocalSearch(learning_rate: 0.1)",
        "optimizer: Sgd(learning_rate: 0.1), gradient_noise: 0.05",
    ];
    let mut cases = Vec::new();
    for stack in stacks {
        let model = format!("(hidden: [{stack}])");
        let rest = "held_out: (fraction: 0.2), regularize: (l2: 0.01)";
        let task = learn(BLOBS, &model, rest);
        let told = lanes.iter().enumerate().map(|(at, lane)| format!("(name: \"{at}\", {lane})"));
        let told: Vec<String> = told.collect();
        let rest = format!("training: (epochs: 3, batch_size: 7), lanes: [{}]", told.join(", "));
        cases.push(Case::new(stack, &task, &rest));
    }
    cases
}

fn starts() -> Vec<Case> {
    let training = format!("training: (epochs: 3, init_seed: 8589934597), {}", sgd(0.1, ""));
    let mut cases = Vec::new();
    for entry in Initializers::entries() {
        let (model, data) = match entry.name {
            "BiasTrick" => ("(init: BiasTrick(low: -0.5, high: 1.0))".to_owned(), TWO),
            "Values" => (
                "(hidden: [Dense(units: 2, activation: Relu)], init: Values([0.1, -0.2, 0.3, 0.4, \
                 0.5, 0.6, -0.7, 0.8, 0.9]))"
                    .to_owned(),
                TWO,
            ),
            _ => {
                let mut init = filled::<Initializers>(entry);
                if init.get("low").is_some() {
                    init.set("low", Value::Number(-0.5)).expect("it is allowed");
                }
                let hidden =
                    "[Dense(units: 6, activation: Relu), Dense(units: 3, activation: Tanh)]";
                (format!("(hidden: {hidden}, init: {})", written(&init)), BLOBS)
            }
        };
        cases.push(Case::new(entry.name, &learn(data, &model, ""), &training));
    }
    cases
}

fn sources() -> Vec<Case> {
    let rows = "[[0.0, 1.0], [1.0, 0.5], [0.5, 0.25], [1.5, -1.0], [-0.5, 2.0]]";
    let written_out = [
        format!("Inline(rows: {rows}, targets: [0, 1, 2, 1, 0])"),
        format!("Inline(rows: {rows}, targets: [0.5, 1.0, 2.0, 1.0, 0.25])"),
        "Csv(path: \"t.csv\", target: \"kind\")".to_owned(),
        "Csv(path: \"t.csv\", target: \"price\", missing: Fill, ignore: \"weight\")".to_owned(),
        "Blobs(samples: 31, features: 4, centers: 3, std: 1.5, seed: 8589934597)".to_owned(),
        "Classification(samples: 33, features: 12, informative: 7, redundant: 2, repeated: 2, \
         classes: 3, clusters_per_class: 1, flip_y: 0.2, seed: 5)"
            .to_owned(),
        "Classification(samples: 33, informative: 8, features: 8, redundant: 0, classes: 2, \
         clusters_per_class: 1, seed: 5)"
            .to_owned(),
        "Classification(samples: 33, informative: 2, features: 3, redundant: 0, classes: 4, \
         clusters_per_class: 1, seed: 6)"
            .to_owned(),
        "GaussianQuantiles(samples: 40, features: 3, classes: 3, variance: 2.0, seed: 1)"
            .to_owned(),
        NUMBERS.to_owned(),
    ];
    let curves = ["Line", "Parabola", "Cubic", "Sine", "Wedge", "Step", "Circle"];
    let curves = curves.map(|curve| format!("AboveCurve(curve: {curve}, noise: 0.1, seed: 7)"));
    let plain = Sources::entries().iter().filter(|e| !["Inline", "Csv"].contains(&e.name));
    let plain = plain.map(|entry| written(&Chosen::<Sources>::of(entry)));
    let mut cases = Vec::new();
    for data in plain.chain(written_out).chain(curves) {
        let values = data.starts_with("Regression")
            || data.contains("0.25]") && data.contains("[0.5, 1.0")
            || data.contains("price");
        let loss = if values { "loss: MeanSquaredError" } else { "" };
        let big = data.starts_with("Digits") || data.starts_with("Penguins");
        let scale = if big { "scale: Standard," } else { "" };
        let task = learn(&data, "()", &format!("{scale} {loss}"));
        cases.push(Case::new(data, &task, &format!("training: (epochs: 2), {}", sgd(0.001, ""))));
    }
    cases.push(Case::new(
        "classes read as numbers",
        &learn(
            &format!("Inline(rows: {rows}, targets: [0, 1, 2, 1, 0])"),
            "()",
            "loss: MeanSquaredError",
        ),
        &sgd(0.01, ""),
    ));
    cases.push(Case::new(
        "numbers read as classes",
        &learn(&format!("Inline(rows: {rows}, targets: [0, 1, 3, 1, 0])"), "()", ""),
        &sgd(0.01, ""),
    ));
    cases
}

/// Splits, scaling, orders and batches.
fn rows() -> Vec<Case> {
    let mut cases = Vec::new();
    for scale in ["Standard", "MinMax"] {
        for stratified in [false, true] {
            let held_out = format!("held_out: (fraction: 0.3, seed: 5, stratified: {stratified})");
            let task = learn("Penguins", NET, &format!("scale: {scale}, {held_out}"));
            let name = format!("{scale}, stratified {stratified}");
            cases.push(Case::new(name, &task, &format!("training: (epochs: 2), {}", sgd(0.1, ""))));
        }
    }
    let constant = "Inline(rows: [[1.0, 7.0], [2.0, 7.0], [4.0, 7.0]], targets: [0, 1, 1])";
    for scale in ["Standard", "MinMax"] {
        let task = learn(constant, "()", &format!("scale: {scale}"));
        cases.push(Case::new(format!("{scale} of a constant column"), &task, &sgd(0.1, "")));
    }
    for shuffle in ["Never", "Once", "EachEpoch", "WithReplacement"] {
        for batch in ["1", "7", "32", "Full", "1000"] {
            let rest = format!(
                "training: (epochs: 3, batch_size: {batch}, shuffle: {shuffle}, order_seed: \
                 12884901890), {}",
                sgd(0.05, "")
            );
            cases.push(Case::new(
                format!("{shuffle}, batches of {batch}"),
                &learn(TWO, NET, ""),
                &rest,
            ));
        }
    }
    for size in [BatchSize::Full, BatchSize::Rows(4)] {
        let size = ron::to_string(&size).expect("it can be written");
        let edits = format!(
            "edits: [(lane: \"lane\", step: 0, set: \"batch_size\", to: 9), \
             (lane: \"lane\", step: 3, set: \"batch_size\", to: {size}), \
             (lane: \"lane\", step: 8, set: \"batch_size\", to: 17)]"
        );
        let rest = format!("training: (epochs: 4, batch_size: 20), {}, {edits}", sgd(0.1, ""));
        cases.push(Case::new(format!("batch size to {size}"), &learn(TWO, NET, ""), &rest));
    }
    cases
}

/// Noise, penalties, measured gradients, precision.
fn treatments() -> Vec<Case> {
    let net = learn(BLOBS, NET, "regularize: (l1: 0.01, l2: 0.1)");
    let surface = "Surface(function: Himmelblau, start: (0.0, 1.0), noise: 0.3)";
    let epochs = "training: (epochs: 4, noise_seed: 30064771079)";
    let edits = "edits: [(lane: \"lane\", step: 3, set: \"gradient_noise\", to: 0.2), \
        (lane: \"lane\", step: 6, set: \"gradient_noise\", to: 0.0)]";
    let bare = learn(BLOBS, NET, "");
    let penalties = "edits: [(lane: \"lane\", step: 0, set: \"regularize.l1\", to: 0.01), \
        (lane: \"lane\", step: 3, set: \"regularize.l2\", to: 0.2)]";
    let penalty = "edits: [(lane: \"lane\", step: 4, set: \"regularize.l2\", to: 0.0)]";
    let places = "edits: [(lane: \"lane\", step: 0, set: \"params.3\", to: 0.25), \
        (lane: \"lane\", step: 3, set: \"params.17\", to: -1.5), \
        (lane: \"lane\", step: 3, set: \"optimizer.learning_rate\", to: 0.2)]";
    let stack =
        "(hidden: [Dropout(rate: 0.2), Dense(units: 6, activation: Tanh), Dropout(rate: 0.5)])";
    let silent = learn(BLOBS, stack, "");
    let rates = "edits: [(lane: \"lane\", step: 2, set: \"model.hidden[2].rate\", to: 0.1), \
        (lane: \"lane\", step: 5, set: \"model.hidden.0.rate\", to: 0.0)]";
    let place = "edits: [(lane: \"lane\", step: 7, set: \"params.1\", to: 0.5)]";
    let mut cases = vec![
        Case::new("penalties", &net, &format!("{epochs}, {}", sgd(0.1, ""))),
        Case::new("noise", &net, &format!("{epochs}, {}", sgd(0.1, "gradient_noise: 0.1"))),
        Case::new("noise by edit", &net, &format!("{epochs}, {}, {edits}", sgd(0.1, ""))),
        Case::new("penalties by edit", &bare, &format!("{epochs}, {}, {penalties}", sgd(0.1, ""))),
        Case::new("a penalty by edit", &net, &format!("{epochs}, {}, {penalty}", sgd(0.1, ""))),
        Case::new("dropout by edit", &silent, &format!("{epochs}, {}, {rates}", sgd(0.1, ""))),
        Case::new("parameters by edit", &net, &format!("{epochs}, {}, {places}", sgd(0.1, ""))),
        Case::new(
            "a place by edit",
            surface,
            &format!("training: (steps: 30, noise_seed: 5), {}, {place}", sgd(0.01, "")),
        ),
        Case::new(
            "noise on a surface",
            surface,
            &format!("training: (steps: 90), {}", sgd(0.01, "")),
        ),
        Case::new("measured on a surface", surface, &sgd(0.01, "gradient: Numeric(0.0001)")),
        Case::new("measured", &net, &format!("{epochs}, {}", sgd(0.1, "gradient: Numeric(0.001)"))),
        Case::new("analytic", &net, &format!("{epochs}, {}", sgd(0.1, "gradient: Analytic"))),
    ];
    for task in [net.as_str(), surface] {
        let rest = format!(
            "training: (precision: F32), {}",
            sgd(0.01, "clip: Norm(1.0), schedule: Cosine(min: 0.001, warm_up: Steps(10))")
        );
        let mut case = Case::new("single precision", task, &rest);
        case.tolerance = 2e-3;
        cases.push(case);
    }
    cases
}

/// Every way to end.
fn ends() -> Vec<Case> {
    let net = learn(TWO, NET, "held_out: (fraction: 0.3)");
    let lane = |rest: &str| format!("{}, {rest}", sgd(0.5, ""));
    let stops = [
        "stop: [LossBelow(0.3)]",
        "stop: [AccuracyAbove(0.85)]",
        "stop: [NoGain(epochs: 3, min_gain: 0.02)]",
        "stop: [AccuracyAbove(0.99), NoGain(epochs: 4, min_gain: 0.001), LossBelow(0.05)]",
        "training: (epochs: Unlimited), stop: [LossBelow(0.32)]",
        "training: (steps: 17, batch_size: 5)",
        "training: (steps: 28, batch_size: 5)",
    ];
    let mut cases: Vec<Case> =
        stops.iter().map(|stop| Case::new(*stop, &net, &lane(stop))).collect();
    let all_rows = learn(TWO, NET, "");
    cases.push(Case::new(
        "accuracy of training rows",
        &all_rows,
        &lane("stop: [AccuracyAbove(0.88)]"),
    ));
    let surface = "Surface(function: Rosenbrock, start: (-1.5, 2.0))";
    for (rate, stop) in [(0.001, "LossBelow(0.5)"), (0.0005, "NoGain(epochs: 2, min_gain: 0.01)")] {
        let rest = format!("stop: [{stop}], {}", sgd(rate, ""));
        cases.push(Case::new(format!("{stop} on a surface"), surface, &rest));
    }
    cases.push(Case::new("diverges on a surface", surface, &sgd(1.0, "")));
    let numbers = learn(NUMBERS, "()", "loss: MeanSquaredError");
    cases.push(Case::new(
        "diverges",
        &numbers,
        &format!("training: (epochs: 400), {}", sgd(30.0, "")),
    ));
    cases
}
