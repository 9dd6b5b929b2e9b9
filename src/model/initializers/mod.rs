//! Where the parameters start.
//!
//! Invariant: everything is drawn from one `RandomState(seed)` in the order of the flat vector,
//! weights only: biases start at zero, gains at one, and draw nothing, save in `BiasTrick` and `Values`. So
//! `numpy.random.RandomState(seed).uniform(low, high, size=(outputs, inputs))`, layer by layer, gives
//! the same numbers. The fan-in of a layer is its number of inputs, the fan-out of its outputs.
//! One idea a file, a row a start here; a row draws one layer's weights.

mod auto;
mod bias_trick;
mod he;
mod lecun;
mod normal;
mod orthogonal;
mod truncated_normal;
mod uniform;
mod values;
mod xavier;
mod zeros;

use crate::catalog::{Chosen, Entry, Family, Field, Given, Interval, Kind, Scale, Value};
use crate::numeric::RandomState;

use super::layers::Layer;
use super::{ModelError, Network};

/// The table of initialisers.
#[derive(Debug)]
pub struct Initializers;

static ROWS: [&InitRow; 14] = [
    &auto::ROW,
    &zeros::ROW,
    &uniform::ROW,
    &normal::ROW,
    &truncated_normal::ROW,
    &xavier::UNIFORM,
    &xavier::NORMAL,
    &he::UNIFORM,
    &he::NORMAL,
    &lecun::UNIFORM,
    &lecun::NORMAL,
    &orthogonal::ROW,
    &values::ROW,
    &bias_trick::ROW,
];
static TABLE: [&Entry; 14] = [
    &auto::ENTRY,
    &zeros::ENTRY,
    &uniform::ENTRY,
    &normal::ENTRY,
    &truncated_normal::ENTRY,
    &xavier::UNIFORM_ENTRY,
    &xavier::NORMAL_ENTRY,
    &he::UNIFORM_ENTRY,
    &he::NORMAL_ENTRY,
    &lecun::UNIFORM_ENTRY,
    &lecun::NORMAL_ENTRY,
    &orthogonal::ENTRY,
    &values::ENTRY,
    &bias_trick::ENTRY,
];

impl Family for Initializers {
    const NOUN: &'static str = "initializer";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
    }
}

/// What a start may know of the layer whose weights it draws.
struct Shape {
    inputs: usize,
    outputs: usize,
    /// Whether the layer's activation is ReLU or its kin.
    rectifies: bool,
}

/// Draws the weights of one layer, row by row.
type Draw = fn(&Chosen<Initializers>, &Shape, &mut RandomState, &mut [f64]);

/// One start. `Values` and `BiasTrick` fill the whole vector at once and draw nothing here.
struct InitRow {
    entry: &'static Entry,
    draw: Draw,
}

impl InitRow {
    const fn new(entry: &'static Entry, draw: Draw) -> Self {
        Self { entry, draw }
    }

    fn of(chosen: &Chosen<Initializers>) -> &'static Self {
        let row = ROWS.iter().find(|row| std::ptr::eq(row.entry, chosen.entry()));
        row.expect("every entry of the table has a row")
    }
}

/// A required number.
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

/// Even draws around zero, no further out than the root of `squared`.
fn uniform_within(squared: f64, random: &mut RandomState, weights: &mut [f64]) {
    let limit = squared.sqrt();
    for w in weights {
        *w = random.uniform(-limit, limit);
    }
}

/// Normal draws around zero with this variance.
fn normal_within(variance: f64, random: &mut RandomState, weights: &mut [f64]) {
    let std = variance.sqrt();
    for w in weights {
        *w = random.normal(0.0, std);
    }
}

/// The parameters at step 0, in the layout's order.
///
/// Drawn from NumPy's `RandomState(seed)`; the precision of training is applied afterwards.
///
/// # Errors
/// If the initialiser does not fit the network: another number of `Values`, `BiasTrick` with more
/// than one output or with hidden layers, a range whose ends are swapped, a layer too large for
/// `Orthogonal`.
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
    let row = InitRow::of(init);
    let mut random = RandomState::from_seed(seed);
    let mut params = vec![0.0; network.layout().len()];
    for gains in network.layout().gain_ranges() {
        params[gains].fill(1.0);
    }
    for layer in network.dense_layers() {
        let (inputs, outputs) = (layer.inputs, layer.outputs);
        let shape = Shape { inputs, outputs, rectifies: layer.activation.rectifies };
        if init.name() == "Orthogonal" && !orthogonal::is_bearable(&shape) {
            return Err(ModelError::TooLargeToOrthogonalize { outputs, inputs });
        }
        (row.draw)(init, &shape, &mut random, &mut params[layer.weights.clone()]);
    }
    Ok(params)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_its_row_in_the_same_order() {
        assert_eq!(ROWS.len(), TABLE.len());
        for (row, entry) in ROWS.iter().zip(TABLE) {
            assert!(std::ptr::eq(row.entry, entry), "{}", entry.name);
        }
    }
}
