//! Every optimizer of the table, step by step, against PyTorch's and optax's on three problems whose
//! gradients are written by hand here.
//!
//! Cases are found by the class they name: a new row in the table is held to its cases at once, and a
//! class without a row is a failure.

use downhill::catalog::{Chosen, Value as Knob};
use downhill::model::{ParamLayout, TensorKind};
use downhill::optim::{Clip, Clips, Method, Optimizers, Scheduled, build_method};
use serde_json::Value;

use crate::fixtures::{assert_close, flat, list, number, numbers, read};

/// Value and gradient of a problem.
type Problem = Box<dyn Fn(&[f64], &mut [f64]) -> f64>;

fn rosenbrock() -> Problem {
    Box::new(|w, g| {
        let (x, y) = (w[0], w[1]);
        let r = y - x * x;
        g[0] = -400.0 * x * r - 2.0 * (1.0 - x);
        g[1] = 200.0 * r;
        100.0 * r * r + (1.0 - x) * (1.0 - x)
    })
}

fn quadratic(problem: &Value) -> Problem {
    let (a, b) = (flat(&problem["A"]), numbers(&problem["b"]));
    Box::new(move |x, g| {
        let mut value = 0.0;
        for (i, row) in a.chunks_exact(b.len()).enumerate() {
            let ax: f64 = row.iter().zip(x).map(|(a, x)| a * x).sum();
            g[i] = ax - b[i];
            value += x[i] * (0.5 * ax - b[i]);
        }
        value
    })
}

/// A 2-4-1 network of tanh, a logit out, mean binary cross-entropy over all rows.
fn network(problem: &Value) -> Problem {
    let (x, y) = (flat(&problem["x"]), numbers(&problem["y"]));
    Box::new(move |w, g| {
        g.fill(0.0);
        let rows = y.len() as f64;
        let mut loss = 0.0;
        for (x, y) in x.chunks_exact(2).zip(&y) {
            let mut hidden = [0.0; 4];
            let mut z = w[16];
            for (j, h) in hidden.iter_mut().enumerate() {
                *h = (w[2 * j] * x[0] + w[2 * j + 1] * x[1] + w[8 + j]).tanh();
                z += w[12 + j] * *h;
            }
            let e = (-z.abs()).exp();
            loss += (z.max(0.0) - z * y + e.ln_1p()) / rows;
            let activation = if z >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
            let d = (activation - y) / rows;
            for (j, h) in hidden.iter().enumerate() {
                let dh = d * w[12 + j] * (1.0 - h * h);
                g[2 * j] += dh * x[0];
                g[2 * j + 1] += dh * x[1];
                g[8 + j] += dh;
                g[12 + j] += d * h;
            }
            g[16] += d;
        }
        loss
    })
}

/// What the library's class is called here.
fn optimizer_name(class: &str) -> &str {
    match class {
        "SGD" => "Sgd",
        "RMSprop" => "RmsProp",
        "ASGD" => "Asgd",
        "lion" => "Lion",
        "adabelief" => "AdaBelief",
        "yogi" => "Yogi",
        "lamb" => "Lamb",
        "adan" => "Adan",
        "sign_sgd" => "SignSgd",
        "contrib.muon" => "Muon",
        same => same,
    }
}

/// The knobs of a case, under the names they have here.
fn configured(case: &Value) -> (Chosen<Optimizers>, Option<Chosen<Clips>>) {
    let class = case["class"].as_str().expect("a class");
    let chosen = Chosen::<Optimizers>::named(optimizer_name(class));
    let mut chosen = chosen.unwrap_or_else(|| panic!("there is no row for {class}"));
    let mut clip = None;
    let mut set = |name: &str, value: &Value| {
        let value = match value {
            Value::Bool(flag) => Knob::Flag(*flag),
            Value::Array(_) => numbers(value).into(),
            other => Knob::Number(number(other)),
        };
        chosen.set(name, value).unwrap_or_else(|e| panic!("{class}: {e}"));
    };
    set("learning_rate", &case["lr"]);
    for (name, value) in case["hp"].as_object().expect("knobs") {
        match name.as_str() {
            "betas" => set_each(&mut set, &["beta1", "beta2"], value),
            "etas" => set_each(&mut set, &["eta_minus", "eta_plus"], value),
            "step_sizes" => set_each(&mut set, &["step_min", "step_max"], value),
            "b1" => set("beta1", value),
            "b2" => set("beta2", value),
            "b3" => set("beta3", value),
            "eps" => set("epsilon", value),
            "eps1" => set("epsilon1", value),
            "eps2" => set("epsilon2", value),
            "eps_root" => set("epsilon_root", value),
            "d" => set("clip_threshold", value),
            "lambd" => set("lambda", value),
            "lr_decay" => set("learning_rate_decay", value),
            "initial_accumulator_value" => set("initial_accumulator", value),
            "ns_coeffs" => set("newton_schulz_coefficients", value),
            "ns_steps" => set("newton_schulz_steps", value),
            "beta" => set("momentum", value),
            "adam_b1" => set("adam_beta1", value),
            "adam_b2" => set("adam_beta2", value),
            // What optax has beside, at its default, which is what the row does.
            "adaptive" => assert_eq!(value, &Value::Bool(false)),
            "adam_eps_root" | "adam_weight_decay" => assert_eq!(number(value), 0.0),
            "clip_norm" => clip = Some(clipping("Norm", number(value))),
            "clip_value" => clip = Some(clipping("Value", number(value))),
            same => set(same, value),
        }
    }
    (chosen, clip)
}

fn set_each(set: &mut impl FnMut(&str, &Value), names: &[&str], values: &Value) {
    for (name, value) in names.iter().zip(list(values)) {
        set(name, value);
    }
}

fn clipping(name: &str, limit: f64) -> Chosen<Clips> {
    Chosen::named(name).expect("a clipping").with("limit", limit)
}

/// The tensors of a problem: matrices are weights, rows of numbers are not.
fn layout(shapes: &Value) -> ParamLayout {
    let mut layout = ParamLayout::default();
    for (index, shape) in list(shapes).iter().enumerate() {
        let name = format!("tensor{index}");
        match list(shape).iter().map(|n| n.as_u64().expect("a size") as usize).collect::<Vec<_>>()[..]
        {
            [length] => layout.push(name, TensorKind::Biases, 1, length),
            [rows, cols] => layout.push(name, TensorKind::Weights, rows, cols),
            _ => panic!("tensors of the fixtures have one or two dimensions"),
        }
    }
    layout
}

/// Runs every case; how many there were.
fn check_cases(file: &str, problem: &Problem, start: &[f64]) -> usize {
    let fixture = read(file);
    let steps = fixture["steps"].as_u64().expect("a count");
    let mut checked = 0;
    for case in list(&fixture["cases"]) {
        let id = case["id"].as_str().expect("an id");
        if id == "muon_torch_bf16" {
            // For information only: its sixteen-bit products are of a precision no lane has.
            continue;
        }
        let (chosen, clip) = configured(case);
        let clip = clip.as_ref().map(Clip::<f64>::new);
        let method = build_method::<f64>(&chosen, &layout(&fixture["param_shapes"]));
        let Method::Descent(mut optimizer) = method else { panic!("{id} takes a gradient") };
        let mut params = start.to_vec();
        let mut gradient = vec![0.0; start.len()];
        let losses = numbers(&case["loss"]);
        let mut recorded = list(&case["x_steps"]).iter().zip(list(&case["x"])).peekable();
        for step in 0..=steps {
            let tolerance = if step <= 10 { 1e-12 } else { 1e-10 };
            let what = format!("{file} {id} step {step}");
            let loss = problem(&params, &mut gradient);
            assert_close(&[loss], &losses[step as usize..=step as usize], tolerance, &what);
            if let Some((_, x)) = recorded.next_if(|(at, _)| at.as_u64() == Some(step)) {
                assert_close(&params, &numbers(x), tolerance, &what);
            }
            if let Some(clip) = &clip {
                clip.apply(&mut gradient);
            }
            let scheduled = Scheduled::rate(chosen.number("learning_rate"));
            optimizer.update(scheduled, &mut params, &gradient);
        }
        assert!(recorded.next().is_none(), "{id}: all recorded steps are compared");
        checked += 1;
    }
    checked
}

#[test]
fn optimizers_follow_their_references_on_rosenbrock() {
    let problems = read("problems.json");
    let start = numbers(&problems["rosenbrock"]["x0"]);
    assert_eq!(check_cases("optim_rosenbrock.json", &rosenbrock(), &start), 36);
}

#[test]
fn optimizers_follow_their_references_on_a_quadratic() {
    let problem = &read("problems.json")["quadratic10"];
    let start = numbers(&problem["x0"]);
    assert_eq!(check_cases("optim_quadratic10.json", &quadratic(problem), &start), 36);
}

#[test]
fn optimizers_follow_their_references_on_a_network() {
    let problem = &read("problems.json")["mlp241"];
    let start: Vec<f64> = [
        flat(&problem["W1"]),
        numbers(&problem["b1"]),
        flat(&problem["W2"]),
        numbers(&problem["b2"]),
    ]
    .concat();
    assert_eq!(check_cases("optim_mlp241.json", &network(problem), &start), 37);
}
