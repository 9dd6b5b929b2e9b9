//! Where the parameters start.
//!
//! Invariant: everything is drawn from one `RandomState(seed)` in the order of the flat vector,
//! weights only: biases start at zero, gains at one, and draw nothing, save in `BiasTrick` and `Values`. So
//! `numpy.random.RandomState(seed).uniform(low, high, size=(outputs, inputs))`, layer by layer, gives
//! the same numbers. The fan-in of a layer is its number of inputs, the fan-out of its outputs.

use crate::catalog::{Chosen, Entry, Family, Field, Form, Given, Interval, Kind, Scale, Value};
use crate::numeric::RandomState;

use super::layers::{Dense, Layer};
use super::{ModelError, Network};

/// The table of initialisers.
#[derive(Debug)]
pub struct Initializers;

static TABLE: [&Entry; 10] = [
    &AUTO,
    &ZEROS,
    &UNIFORM,
    &NORMAL,
    &XAVIER_UNIFORM,
    &XAVIER_NORMAL,
    &HE_UNIFORM,
    &HE_NORMAL,
    &VALUES,
    &BIAS_TRICK,
];

impl Family for Initializers {
    const NOUN: &'static str = "initializer";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
    }
    fn planned() -> &'static [&'static str] {
        &["LeCunUniform", "LeCunNormal", "Orthogonal", "TruncatedNormal"]
    }
}

const fn entry(
    name: &'static str,
    label: &'static str,
    summary: &'static str,
    details: &'static str,
    source: &'static str,
) -> Entry {
    Entry { name, label, summary, details, source, fields: &[], form: Form::Named, card: None }
}

const fn number(
    name: &'static str,
    label: &'static str,
    meaning: &'static str,
    range: Interval,
    scale: Scale,
) -> Field {
    Field {
        name,
        label,
        meaning,
        kind: Kind::Number(range, scale),
        default: Given::Nothing,
        live: false,
    }
}

static AUTO: Entry = entry(
    "Auto",
    "Automatic",
    "He's uniform start for ReLU layers, Xavier's for all others.",
    "Chosen layer by layer so that signals neither fade nor grow on their way through the network. \
     The output layer counts as not ReLU. Biases start at zero.",
    "He et al. 2015; Glorot and Bengio 2010",
);

static ZEROS: Entry = entry(
    "Zeros",
    "All zeros",
    "Every weight and bias starts at zero.",
    "Fine for a model without hidden layers, which has one minimum. With hidden layers all units of \
     a layer get the same gradient and stay equal for ever (and with ReLU or tanh nothing moves but \
     the output's bias): try it and see why starts are random.",
    "",
);

static UNIFORM: Entry = Entry {
    fields: &[LOW, HIGH],
    ..entry(
        "Uniform",
        "Uniform",
        "Weights drawn evenly between two numbers.",
        "The same range for every layer. Biases are not drawn; they start at zero.",
        "numpy.random.RandomState.uniform",
    )
};

static NORMAL: Entry = Entry {
    fields: &[number(
        "std",
        "Standard deviation",
        "The spread of the weights around zero: too small and signals fade from layer to layer, too \
         large and units saturate.",
        Interval::NOT_NEGATIVE,
        Scale::Log(1e-3, 10.0),
    )],
    ..entry(
        "Normal",
        "Normal",
        "Weights drawn from the normal distribution around zero.",
        "The same spread for every layer. Biases are not drawn; they start at zero.",
        "numpy.random.RandomState.normal",
    )
};

static XAVIER_UNIFORM: Entry = entry(
    "XavierUniform",
    "Xavier, uniform",
    "Weights drawn evenly within ±√(6 / (fan-in + fan-out)).",
    "Keeps the spread of signals and of gradients about equal from layer to layer; made for tanh and \
     sigmoid. Also called Glorot's. Biases start at zero.",
    "Glorot and Bengio 2010; torch.nn.init.xavier_uniform_",
);

static XAVIER_NORMAL: Entry = entry(
    "XavierNormal",
    "Xavier, normal",
    "Weights from the normal distribution with variance 2 / (fan-in + fan-out).",
    "The normal form of XavierUniform, with the same spread. Biases start at zero.",
    "Glorot and Bengio 2010; torch.nn.init.xavier_normal_",
);

static HE_UNIFORM: Entry = entry(
    "HeUniform",
    "He, uniform",
    "Weights drawn evenly within ±√(6 / fan-in).",
    "Made for ReLU, which silences half of its inputs: the spread is doubled to make up for it. \
     Also called Kaiming's. Biases start at zero.",
    "He et al. 2015; torch.nn.init.kaiming_uniform_ with nonlinearity=\"relu\"",
);

static HE_NORMAL: Entry = entry(
    "HeNormal",
    "He, normal",
    "Weights from the normal distribution with variance 2 / fan-in.",
    "The normal form of HeUniform, with the same spread. Biases start at zero.",
    "He et al. 2015; torch.nn.init.kaiming_normal_ with nonlinearity=\"relu\"",
);

static VALUES: Entry = Entry {
    fields: &[Field {
        name: "values",
        label: "Values",
        meaning: "All parameters in order: per layer the weights row by row (a row per output), \
                  then the biases; for a layer norm its gains, then its biases.",
        kind: Kind::Numbers,
        default: Given::Nothing,
        live: false,
    }],
    form: Form::Positional,
    card: None,
    ..entry(
        "Values",
        "Given values",
        "Every parameter starts at the number written here.",
        "How a trajectory of another program is matched: per layer the weights row by row (a row per \
         output, as PyTorch stores them), then the biases.",
        "",
    )
};

static BIAS_TRICK: Entry = Entry {
    fields: &[LOW, HIGH],
    ..entry(
        "BiasTrick",
        "Bias trick",
        "Bias first, then the weights, drawn evenly between two numbers.",
        "As in programs that put a column of ones before the features and draw \
         `W = uniform(size=features + 1)`: the bias is the first number. Needs a model without hidden \
         layers and with one output.",
        "the tutorials; numpy.random.RandomState.uniform",
    )
};

const LOW: Field =
    number("low", "Low", "The lower end of the range.", Interval::FINITE, Scale::Linear(-1.0, 0.0));

const HIGH: Field = number(
    "high",
    "High",
    "The upper end of the range, itself never drawn.",
    Interval::FINITE,
    Scale::Linear(0.0, 1.0),
);

/// The parameters at step 0, in the layout's order.
///
/// Drawn from NumPy's `RandomState(seed)`; the precision of training is applied afterwards.
///
/// # Errors
/// If the initialiser does not fit the network: another number of `Values`, `BiasTrick` with more
/// than one output or with hidden layers, a range whose ends are swapped.
pub fn initial_parameters(
    network: &Network,
    init: &Chosen<Initializers>,
    seed: u64,
) -> Result<Vec<f64>, ModelError> {
    let (low, high) = (init.number("low"), init.number("high"));
    if init.entry().field("low").is_some() && low > high {
        return Err(ModelError::EmptyRange { low, high });
    }
    match init.name() {
        "Values" => return given_values(network, init),
        "BiasTrick" => return bias_trick(network, low, high, seed),
        _ => {}
    }
    let mut random = RandomState::from_seed(seed);
    let mut params = vec![0.0; network.layout().len()];
    for gains in network.layout().gain_ranges() {
        params[gains].fill(1.0);
    }
    for layer in network.dense_layers() {
        let weights = &mut params[layer.weights.clone()];
        match draw_of(init, layer) {
            Draw::Zero => {}
            Draw::Uniform(low, high) => {
                for w in weights {
                    *w = random.uniform(low, high);
                }
            }
            Draw::Normal(std) => {
                for w in weights {
                    *w = random.normal(0.0, std);
                }
            }
        }
    }
    Ok(params)
}

/// How one layer's weights are drawn.
enum Draw {
    Zero,
    Uniform(f64, f64),
    Normal(f64),
}

fn draw_of(init: &Chosen<Initializers>, layer: &Dense) -> Draw {
    let (fan_in, fan_out) = (layer.inputs as f64, layer.outputs as f64);
    let within = |limit: f64| Draw::Uniform(-limit, limit);
    match init.name() {
        "Uniform" => Draw::Uniform(init.number("low"), init.number("high")),
        "Normal" => Draw::Normal(init.number("std")),
        "Auto" if layer.activation.rectifies => within((6.0 / fan_in).sqrt()),
        "Auto" | "XavierUniform" => within((6.0 / (fan_in + fan_out)).sqrt()),
        "XavierNormal" => Draw::Normal((2.0 / (fan_in + fan_out)).sqrt()),
        "HeUniform" => within((6.0 / fan_in).sqrt()),
        "HeNormal" => Draw::Normal((2.0 / fan_in).sqrt()),
        _ => Draw::Zero,
    }
}

fn given_values(network: &Network, init: &Chosen<Initializers>) -> Result<Vec<f64>, ModelError> {
    let Some(Value::Numbers(values)) = init.get("values") else { return Ok(Vec::new()) };
    let layout = network.layout();
    if values.len() == layout.len() {
        return Ok(values.to_vec());
    }
    let shapes = layout.tensors.iter().map(|t| format!("{} {} x {}", t.name, t.rows, t.cols));
    Err(ModelError::WrongNumberOfValues {
        found: values.len(),
        expected: layout.len(),
        layout: shapes.collect::<Vec<_>>().join(", "),
    })
}

fn bias_trick(network: &Network, low: f64, high: f64, seed: u64) -> Result<Vec<f64>, ModelError> {
    let [Layer::Dense(layer)] = network.layers.as_slice() else {
        return Err(bias_trick_error(network));
    };
    if layer.outputs != 1 {
        return Err(bias_trick_error(network));
    }
    let mut random = RandomState::from_seed(seed);
    let bias = random.uniform(low, high);
    let mut params: Vec<f64> = (0..layer.inputs).map(|_| random.uniform(low, high)).collect();
    params.push(bias);
    Ok(params)
}

fn bias_trick_error(network: &Network) -> ModelError {
    ModelError::BiasTrickNeedsOneOutput {
        layers: network.layers.len(),
        outputs: network.head().width,
    }
}
