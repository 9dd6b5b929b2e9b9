//! The laws of learning from data: source, split, network, loss, penalties.

use crate::catalog::{Chosen, Value};
use crate::data::{self, Sources};
use crate::model::{Initializers, LayerSpec, Losses, ModelSpec};
use crate::objective::Regularize;

use super::super::{Experiment, Learn, Problem};
use super::{chosen, not_negative};

/// The most hidden layers.
const MOST_LAYERS: usize = 100;

pub(super) fn learn(problems: &mut Vec<Problem>, experiment: &Experiment, task: &Learn) {
    source(problems, &task.data);
    if let Some(held_out) = task.held_out
        && !(held_out.fraction > 0.0 && held_out.fraction < 1.0)
    {
        problems.push(Problem::not_allowed(
            "task.held_out.fraction",
            format!("{:?}", held_out.fraction),
            "a number above 0 and below 1",
        ));
    }
    model(problems, "task.model", &task.model, &task.data);
    let by = (&task.data, &task.loss);
    init(problems, "task.model.init", &task.model.init.0, &task.model, by);
    chosen(problems, "task.loss", &task.loss);
    classes(problems, experiment, task);
    if let Some(report) = &task.report {
        chosen(problems, "task.report", report);
    }
    regularize(problems, "task.regularize", task.regularize);
}

/// Smoothing of labels and weights of classes: their ranges, and that some lane's loss reads them.
fn classes(problems: &mut Vec<Problem>, experiment: &Experiment, task: &Learn) {
    let treatment = task.class_treatment();
    let smoothing = treatment.label_smoothing;
    let weights = treatment.class_weights.as_deref();
    let is_weight = |w: &f64| w.is_finite() && *w > 0.0;
    if !(0.0..1.0).contains(&smoothing) {
        let allowed = "a number of at least 0 and below 1";
        let found = format!("{smoothing:?}");
        problems.push(Problem::not_allowed("task.label_smoothing", found, allowed));
    }
    for (i, weight) in weights.iter().flat_map(|w| w.iter().enumerate()) {
        if !is_weight(weight) {
            let path = format!("task.class_weights[{i}]");
            let found = format!("{weight:?}");
            problems.push(Problem::not_allowed(path, found, "a number above 0 that is finite"));
        }
    }
    if let Some(weight) = treatment.positive_weight.filter(|w| !is_weight(w)) {
        let found = format!("{weight:?}");
        let allowed = "a number above 0 that is finite";
        problems.push(Problem::not_allowed("task.positive_weight", found, allowed));
    }
    if weights.is_some() && treatment.positive_weight.is_some() {
        let message = "`positive_weight` and `class_weights` weigh the same classes twice";
        let problem = Problem::new("task.positive_weight", message);
        problems.push(problem.hint("leave one of them out"));
    }
    let losses = || experiment.lanes.iter().filter_map(|lane| experiment.loss(lane));
    if losses().any(Losses::treats_classes) || losses().next().is_none() {
        return;
    }
    let given = [
        ("label_smoothing", smoothing != 0.0),
        ("class_weights", weights.is_some()),
        ("positive_weight", treatment.positive_weight.is_some()),
    ];
    for (field, _) in given.iter().filter(|(_, given)| *given) {
        let message = format!("`{field}` is read by CrossEntropy, which no lane descends");
        let problem = Problem::new(format!("task.{field}"), message);
        problems.push(problem.hint("leave it out, or write `loss: CrossEntropy`"));
    }
}

/// The fields of a source, and then, if each is allowed, whether they agree and fit in memory.
fn source(problems: &mut Vec<Problem>, source: &Chosen<Sources>) {
    let before = problems.len();
    chosen(problems, "task.data", source);
    if problems.len() == before
        && let Err(error) = data::check(source)
    {
        problems.push(super::super::prepare::data_problem("task.data", &error));
    }
}

pub(super) fn regularize(problems: &mut Vec<Problem>, path: &str, regularize: Regularize) {
    not_negative(problems, &format!("{path}.l1"), regularize.l1);
    not_negative(problems, &format!("{path}.l2"), regularize.l2);
}

/// The layers, and whether their weights fit in memory as far as the data's width is known.
pub(super) fn model(
    problems: &mut Vec<Problem>,
    path: &str,
    model: &ModelSpec,
    data: &Chosen<Sources>,
) {
    if model.hidden.len() > MOST_LAYERS {
        let found = format!("{} layers", model.hidden.len());
        let allowed = format!("at most {MOST_LAYERS} layers");
        problems.push(Problem::not_allowed(format!("{path}.hidden"), found, allowed));
        return;
    }
    let mut inputs = width(data);
    let mut bytes = 0;
    for (i, layer) in model.hidden.iter().enumerate() {
        let path = format!("{path}.hidden[{i}]");
        match layer {
            LayerSpec::Dense { units, activation } => {
                chosen(problems, &format!("{path}.activation"), activation);
                let units_path = format!("{path}.units");
                if *units == 0 {
                    let allowed = "a whole number of at least 1";
                    problems.push(Problem::not_allowed(units_path, "0", allowed));
                    inputs = None;
                    continue;
                }
                let factors = [*units, inputs.unwrap_or(1).saturating_add(1)];
                match crate::model::check_memory(&units_path, "the weights", bytes, &factors) {
                    Ok(taken) => bytes = taken,
                    Err(error) => {
                        let problem = Problem::new(units_path, error.to_string());
                        problems.push(problem.found(units.to_string()).hint("use fewer units"));
                        return;
                    }
                }
                inputs = Some(*units);
            }
            LayerSpec::Dropout { rate } => {
                if !LayerSpec::is_rate(*rate) {
                    let found = format!("{rate:?}");
                    let path = format!("{path}.rate");
                    problems.push(Problem::not_allowed(path, found, LayerSpec::RATES));
                }
            }
            LayerSpec::LayerNorm => {
                if inputs == Some(1) {
                    let message = "a layer norm over one unit makes all rows equal, so nothing can \
                        be learned through it";
                    let problem = Problem::new(path, message);
                    problems.push(problem.hint("give it at least two units, or leave it out"));
                }
            }
        }
    }
}

/// The start of the weights, as far as it can be judged without the data.
pub(super) fn init(
    problems: &mut Vec<Problem>,
    path: &str,
    init: &Chosen<Initializers>,
    model: &ModelSpec,
    (data, loss): (&Chosen<Sources>, &Chosen<Losses>),
) {
    chosen(problems, path, init);
    let (low, high) = (init.get("low"), init.get("high"));
    if let (Some(Value::Number(low)), Some(Value::Number(high))) = (low, high)
        && low > high
    {
        let allowed = format!("a number of at most `high`, {high:?}");
        problems.push(Problem::not_allowed(format!("{path}.low"), format!("{low:?}"), allowed));
    }
    let outputs = outputs(data, loss);
    if init.name() == "BiasTrick" && (!model.hidden.is_empty() || outputs.is_some_and(|n| n != 1)) {
        let what = if model.hidden.is_empty() {
            format!("{} outputs", outputs.unwrap_or_default())
        } else {
            "hidden layers".to_owned()
        };
        problems.push(
            Problem::new(
                path,
                format!("`BiasTrick` is for one layer with one output, not for {what}"),
            )
            .hint("use `Uniform(low: 0.0, high: 1.0)`, which draws weights before biases"),
        );
    }
    let given = init.iter().find_map(|(field, value)| match value {
        Value::Numbers(numbers) if init.name() == "Values" => Some((field.name, numbers.len())),
        _ => None,
    });
    if let (Some((field, given)), Some(needed)) = (given, parameters(model, (data, loss)))
        && given as u64 != needed
    {
        let order = if model.hidden.contains(&LayerSpec::LayerNorm) {
            "per layer: the weights row by row (one row an output), or the gains; then the biases"
        } else {
            "per layer: the weights row by row (one row an output), then the biases"
        };
        problems.push(
            Problem::new(
                format!("{path}.{field}"),
                format!("{given} values are given, the model has {needed} parameters"),
            )
            .hint(order),
        );
    }
}

/// How many features the source's rows have, if its fields say so.
fn width(data: &Chosen<Sources>) -> Option<u64> {
    match (data.name(), data.get("features"), data.get("rows")) {
        (_, Some(Value::Integer(features)), _) => Some(*features),
        (_, _, Some(Value::Rows(rows))) => rows.first().map(|row| row.len() as u64),
        ("Moons" | "Circles" | "Spirals" | "Xor", _, _) => Some(2),
        _ => None,
    }
}

/// How many outputs a model of the source's targets has, if the source's fields say so.
fn outputs(data: &Chosen<Sources>, loss: &Chosen<Losses>) -> Option<u64> {
    let of_two = if Losses::ranks_classes(loss) { 2 } else { 1 };
    match (data.name(), data.get("centers")) {
        (_, Some(Value::Integer(centers))) => Some(if *centers <= 2 { of_two } else { *centers }),
        ("Moons" | "Circles" | "Xor", _) => Some(of_two),
        _ => None,
    }
}

fn parameters(model: &ModelSpec, (data, loss): (&Chosen<Sources>, &Chosen<Losses>)) -> Option<u64> {
    let mut inputs = width(data)?;
    let mut count = 0_u64;
    let dense = |inputs: u64, units: u64| units.checked_mul(inputs.checked_add(1)?);
    for layer in &model.hidden {
        let own = match layer {
            LayerSpec::Dense { units, .. } => {
                let own = dense(inputs, *units)?;
                inputs = *units;
                own
            }
            LayerSpec::Dropout { .. } => 0,
            LayerSpec::LayerNorm => inputs.checked_mul(2)?,
        };
        count = count.checked_add(own)?;
    }
    count = count.checked_add(dense(inputs, outputs(data, loss)?)?)?;
    Some(count)
}
