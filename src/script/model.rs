//! The part of a program that is the network: its start and its forward pass.
//!
//! Layers are told one after another, each with variables of its own, so that the program can be read
//! beside the formulas. Tensors stand in a list, in the order of the lane's parameter vector.

use crate::catalog::{Chosen, Value};
use crate::model::{Activations, Initializers, LayerSpec, Link, TensorKind};

use super::lane::{Lane, Learning};
use super::layers::{NORM, Stage, stages};
use super::text::{Code, listed, number, seed};
use super::{Part, ScriptError};

pub(super) fn parts(lane: &Lane<'_>, learning: &Learning<'_>) -> Result<Vec<Part>, ScriptError> {
    Ok(vec![network(lane, learning)?, start(lane, learning)?])
}

/// The names of all tensors, in order: `W1`, `b1`, ….
pub(super) fn tensor_names(learning: &Learning<'_>) -> Vec<String> {
    stages(learning).iter().flat_map(Stage::tensors).collect()
}

fn network(lane: &Lane<'_>, learning: &Learning<'_>) -> Result<Part, ScriptError> {
    let mut code = String::new();
    let mut told: Vec<&str> = Vec::new();
    let hidden = &learning.plan.model.hidden;
    for layer in hidden {
        if let LayerSpec::Dense { activation, .. } = layer
            && !told.contains(&activation.name())
        {
            told.push(activation.name());
            code.put(format!("{}\n\n", lane.rule(activation, None)?));
        }
    }
    if hidden.contains(&LayerSpec::LayerNorm) {
        code.put(NORM);
    }
    code.put(link(learning.head().link));
    let step = if lane.drops_out() { ", step=None" } else { "" };
    code.put(format!("def forward(params, x{step}):\n"));
    code.put("    \"\"\"What every layer computes; the last are the network's sums.\"\"\"\n");
    code.put(format!("    {} = params\n", tensor_names(learning).join(", ")));
    for line in stages(learning).iter().flat_map(|stage| stage.forward(lane)) {
        code.put(format!("    {line}\n"));
    }
    code.put(format!("    return {}\n", forward_names(learning)));
    let widths: Vec<String> = learning.network.widths().iter().map(ToString::to_string).collect();
    let words = format!(
        "Numbers from layer to layer: {}. A layer multiplies what comes in with its weights (a row of \
         W for each unit) and adds its biases.{}",
        widths.join(" → "),
        if lane.drops_out() { DROPOUT } else { "" }
    );
    Ok(Part::new("The model", words, code))
}

/// What `forward` gives, as a list of names.
pub(super) fn forward_names(learning: &Learning<'_>) -> String {
    let names: Vec<String> = stages(learning).iter().map(Stage::values).collect();
    if names.len() == 1 { "(z,)".to_owned() } else { names.join(", ") }
}

fn link(link: Link) -> &'static str {
    match link {
        Link::Identity => IDENTITY,
        Link::Score => SCORE,
        Link::Sigmoid => SIGMOID,
        Link::Softmax => SOFTMAX,
    }
}

const DROPOUT: &str = " Dropout silences units at random, other ones at every step, and only while it \
    trains: without a step all units stay.";

const IDENTITY: &str = "\
def output(z):
    \"\"\"The output is the sums themselves.\"\"\"
    return z


";

const SCORE: &str = "\
def output(z):
    \"\"\"Scores around zero on the scale of labels: 0 for -1, 1 for +1. No probabilities.\"\"\"
    return 0.5 * (1 + z)


";

const SIGMOID: &str = "\
def output(z):
    \"\"\"The sigmoid 1 / (1 + e^-z): every sum becomes a probability. Never overflows.\"\"\"
    e = np.exp(-np.abs(z))
    return np.where(z < 0, e, 1) / (1 + e)


";

const SOFTMAX: &str = "\
def output(z):
    \"\"\"The softmax: the sums of a row become probabilities that add up to 1. Never overflows.\"\"\"
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


";

/// Where the parameters start.
fn start(lane: &Lane<'_>, learning: &Learning<'_>) -> Result<Part, ScriptError> {
    let init = &learning.plan.init;
    let code = match init.name() {
        "Values" => given(learning, init),
        "BiasTrick" => bias_trick(lane, init),
        "Auto" => automatic(lane, learning)?,
        _ => {
            let rule = lane.rule(init, None)?;
            drawn(lane, learning, &rule, |_| "start")
        }
    };
    let words = format!("{}. {}", init.entry().label, init.entry().summary);
    Ok(Part::new("The start", words, code))
}

/// Every tensor drawn in its turn from one generator, by the function that `drawn_by` names for each
/// layer.
fn drawn<'n>(
    lane: &Lane<'_>,
    learning: &Learning<'_>,
    rules: &str,
    drawn_by: impl Fn(usize) -> &'n str,
) -> String {
    let mut code =
        format!("{rules}\n\nrng = np.random.RandomState({})\n", seed(lane.plan.seeds.init));
    let names = tensor_names(learning);
    let mut layer = 0;
    for (tensor, name) in learning.network.layout().tensors.iter().zip(&names) {
        let told = match tensor.kind {
            TensorKind::Weights => {
                layer += 1;
                format!("{}(rng, {}, {})", drawn_by(layer - 1), tensor.rows, tensor.cols)
            }
            TensorKind::Biases | TensorKind::Position => format!("np.zeros({})", tensor.cols),
            TensorKind::Gains => format!("np.ones({})", tensor.cols),
        };
        code.put(format!("{name} = {told}\n"));
    }
    code.put(params_of(&names));
    code
}

fn params_of(names: &[String]) -> String {
    format!("params = [w.astype(dtype) for w in ({})]\n", names.join(", "))
}

/// He's start behind which a layer rectifies, Xavier's elsewhere.
fn automatic(lane: &Lane<'_>, learning: &Learning<'_>) -> Result<String, ScriptError> {
    let mut rectified: Vec<bool> = Vec::new();
    for layer in &learning.plan.model.hidden {
        if let LayerSpec::Dense { activation, .. } = layer {
            rectified.push(Activations::rectifies(activation));
        }
    }
    rectified.push(false);
    let mut rules = String::new();
    for (name, function, rectifies) in
        [("HeUniform", "start_he", true), ("XavierUniform", "start_xavier", false)]
    {
        if rectified.contains(&rectifies) {
            let rule = Chosen::<Initializers>::named(name);
            let rule = rule.expect("the table of initialisers has both");
            let rule = super::text::renamed(&lane.rule(&rule, None)?, "start", function);
            rules.put(if rules.is_empty() { "" } else { "\n\n" });
            rules.put(rule);
        }
    }
    let by = |layer: usize| if rectified[layer] { "start_he" } else { "start_xavier" };
    Ok(drawn(lane, learning, &rules, by))
}

/// Every number as the file gives it.
fn given(learning: &Learning<'_>, init: &Chosen<Initializers>) -> String {
    let values: &[f64] = match init.get("values") {
        Some(Value::Numbers(values)) => values,
        _ => &[],
    };
    let names = tensor_names(learning);
    let mut code =
        format!("values = np.array([\n{}])\n", listed(values.iter().map(|x| number(*x)), 4));
    for (tensor, name) in learning.network.layout().tensors.iter().zip(&names) {
        let range = tensor.range();
        let shape = match tensor.kind {
            TensorKind::Weights => format!(".reshape({}, {})", tensor.rows, tensor.cols),
            _ => String::new(),
        };
        code.put(format!("{name} = values[{}:{}]{shape}\n", range.start, range.end));
    }
    code + &params_of(&names)
}

/// Bias first, as if it were the weight of a column of ones.
fn bias_trick(lane: &Lane<'_>, init: &Chosen<Initializers>) -> String {
    format!(
        "# The bias is drawn first: it is the weight of a column of ones before the features.\n\
         rng = np.random.RandomState({})\n\
         W = rng.uniform({}, {}, size=1 + X_train.shape[1])\n\
         W1, b1 = W[1:].reshape(1, -1), W[:1]\n{}",
        seed(lane.plan.seeds.init),
        number(init.number("low")),
        number(init.number("high")),
        params_of(&["W1".to_owned(), "b1".to_owned()])
    )
}
