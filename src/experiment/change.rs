//! Changes of a lane while it runs: from a path below the lane and a value as it is written, to a
//! [`Change`] the trainer understands.
//!
//! Invariant: a change that comes out names a knob its lane has, and its value is allowed.

use crate::catalog::{Chosen, Family, Field, Kind, SetError, Value, suggestion};
use crate::data::BatchSize;
use crate::model::{DropoutRates, LayerSpec, ModelSpec};
use crate::objective::Penalty;
use crate::optim::Clips;

use super::parse::parse_value;
use super::{Change, LaneSpec, Problem};

/// What of a lane can be changed while it runs, as the start of a path.
const LIVE: [&str; 8] = [
    "optimizer",
    "schedule",
    "clip",
    "gradient_noise",
    "batch_size",
    "regularize",
    "model",
    "params",
];

/// Reads a change of a lane: `optimizer.learning_rate` and `0.03`; `batch_size` and `Full`; `clip` and
/// `Norm(1.0)`.
///
/// # Errors
/// If the lane has no such knob, it cannot change while the lane runs, or the value is not allowed.
/// The problem's path is the path given.
pub fn parse_change(lane: &LaneSpec, path: &str, literal: &str) -> Result<Change, Problem> {
    let (part, knob) = path.split_once('.').unwrap_or((path, ""));
    match (part, knob) {
        ("optimizer", knob) if !knob.is_empty() => {
            let (knob, value) = number(&lane.optimizer, path, knob, literal)?;
            Ok(Change::Optimizer { knob, value })
        }
        ("schedule", knob) if !knob.is_empty() => {
            let (knob, value) = number(&lane.schedule, path, knob, literal)?;
            Ok(Change::Schedule { knob, value })
        }
        ("clip", "") => clip(path, literal).map(Change::Clip),
        ("clip", knob) => {
            let Some(mut clip) = lane.clip.clone() else {
                return Err(Problem::new(path, format!("the lane `{}` does not clip", lane.name))
                    .hint("set `clip` as a whole, as in `Norm(1.0)`"));
            };
            let (knob, value) = number(&clip, path, knob, literal)?;
            let set = clip.set(knob, Value::Number(value));
            set.map_err(|error| refused(path, &error))?;
            Ok(Change::Clip(Some(clip)))
        }
        ("gradient_noise", "") => not_negative(path, literal).map(Change::GradientNoise),
        ("regularize", knob) if !knob.is_empty() => {
            let Some(penalty) = Penalty::ALL.into_iter().find(|p| p.field() == knob) else {
                let message = format!("there is no penalty `{knob}`");
                let known = Penalty::ALL.map(Penalty::field);
                return Err(Problem::new(path, message).found(knob).hint(suggestion(knob, known)));
            };
            not_negative(path, literal).map(|factor| Change::Regularize { penalty, factor })
        }
        ("model", knob) if !knob.is_empty() => dropout(path, knob, literal),
        ("params", place) if !place.is_empty() => parameter(path, place, literal),
        ("batch_size", "") => batch_size(path, literal).map(Change::BatchSize),
        _ => Err(not_live(path, part)),
    }
}

fn not_live(path: &str, part: &str) -> Problem {
    let known = ["init", "gradient", "loss", "shuffle", "start", "name", "color"];
    if LIVE.contains(&part) {
        return Problem::new(path, format!("`{path}` cannot change as a whole while a lane runs"))
            .hint(format!("name one of its numbers, as in `{}`", an_example(part)));
    }
    if known.contains(&part) {
        return Problem::new(path, format!("`{part}` cannot change while a lane runs"))
            .hint("set it in the lane itself; it applies on Reset");
    }
    Problem::new(path, format!("a lane has no `{part}` that can change while it runs"))
        .found(path)
        .hint(suggestion(part, LIVE))
}

fn an_example(part: &str) -> &'static str {
    match part {
        "schedule" => "schedule.min",
        "regularize" => "regularize.l2",
        "model" => "model.hidden[1].rate",
        "params" => "params.0",
        _ => "optimizer.learning_rate",
    }
}

fn not_negative(path: &str, literal: &str) -> Result<f64, Problem> {
    match parse_value::<f64>(literal) {
        Ok(number) if number.is_finite() && number >= 0.0 => Ok(number),
        _ => Err(Problem::not_allowed(path, literal.trim(), "a number of at least 0")),
    }
}

/// The rate of a dropout layer: `hidden[1].rate`, or `hidden.1.rate`. Whether the lane's model has one
/// there is for those to say who know the model: see [`lacks_dropout`].
fn dropout(path: &str, knob: &str, literal: &str) -> Result<Change, Problem> {
    let layer = knob.strip_prefix("hidden").and_then(|rest| rest.strip_suffix(".rate"));
    let layer = layer.and_then(|place| {
        place.strip_prefix('.').or_else(|| place.strip_prefix('[')?.strip_suffix(']'))
    });
    let Some(layer) = layer.and_then(|place| place.parse().ok()) else {
        let message = "of a model only the rates of dropout layers change while a lane runs";
        return Err(Problem::new(path, message)
            .hint("as in `model.hidden[1].rate`; the rest is set in the lane itself, for Reset"));
    };
    match parse_value::<f64>(literal) {
        Ok(rate) if LayerSpec::is_rate(rate) => Ok(Change::Dropout { layer, rate }),
        _ => Err(Problem::not_allowed(path, literal.trim(), LayerSpec::RATES)),
    }
}

/// What is wrong with a change of a dropout rate that has no layer in the model: none, if nothing is.
/// Without a model there is no layer at all.
#[must_use]
pub fn lacks_dropout(change: &Change, model: Option<&ModelSpec>) -> Option<Problem> {
    let Change::Dropout { layer, .. } = change else { return None };
    let path = change.path();
    let Some(model) = model else {
        let message = "a surface has no layers, so there is no dropout";
        return Some(Problem::new(path, message).hint("leave it out"));
    };
    let rates = DropoutRates::of(model);
    if rates.get(*layer).is_some() {
        return None;
    }
    let place = format!("`model.hidden[{layer}]`");
    let message = match model.hidden.get(*layer) {
        Some(other) => format!("{place} is {}, not a dropout layer", other.entry().name),
        None => format!("the model has no {place}"),
    };
    let known: Vec<String> =
        rates.iter().map(|(at, _)| format!("`model.hidden[{at}].rate`")).collect();
    let hint = match known.as_slice() {
        [] => "the model has no dropout layer".to_owned(),
        known => format!("there is {}", known.join(", ")),
    };
    Some(Problem::new(path, message).hint(hint))
}

fn parameter(path: &str, place: &str, literal: &str) -> Result<Change, Problem> {
    let Ok(index) = place.parse() else {
        let message = "parameters go by their place in the flat vector, counted from 0";
        return Err(Problem::new(path, message).found(place).hint("as in `params.0`"));
    };
    match parse_value::<f64>(literal) {
        Ok(value) if value.is_finite() => Ok(Change::Parameter { index, value }),
        _ => Err(Problem::not_allowed(path, literal.trim(), "a finite number")),
    }
}

fn number<F: Family>(
    chosen: &Chosen<F>,
    path: &str,
    knob: &str,
    literal: &str,
) -> Result<(&'static str, f64), Problem> {
    let entry = chosen.entry();
    let Some(field) = entry.field(knob) else {
        let message = format!("{} has no field `{knob}`", entry.name);
        let live = entry.fields.iter().filter(|f| f.live).map(|f| f.name);
        return Err(Problem::new(path, message).found(knob).hint(suggestion(knob, live)));
    };
    if !field.live {
        let message = format!("`{knob}` of {} cannot change while a lane runs", entry.name);
        return Err(
            Problem::new(path, message).hint("set it in the lane itself; it applies on Reset")
        );
    }
    let not_allowed = || Problem::not_allowed(path, literal.trim(), field.kind.allowed());
    let value = read(field, literal).ok_or_else(not_allowed)?;
    let mut changed = chosen.clone();
    changed.set(knob, value.clone()).map_err(|_not_in_range| not_allowed())?;
    Ok((field.name, value.as_number().unwrap_or(0.0)))
}

fn read(field: &Field, literal: &str) -> Option<Value> {
    match field.kind {
        Kind::Number(..) => parse_value(literal).ok().map(Value::Number),
        Kind::Integer { .. } => parse_value(literal).ok().map(Value::Integer),
        Kind::Flag => parse_value(literal).ok().map(Value::Flag),
        _ => None,
    }
}

fn refused(path: &str, error: &SetError) -> Problem {
    match error {
        SetError::NotAllowed { allowed, found, .. } => Problem::not_allowed(path, found, allowed),
        SetError::NoSuchField { hint, .. } => {
            Problem::new(path, error.to_string()).hint(hint.as_str())
        }
    }
}

fn clip(path: &str, literal: &str) -> Result<Option<Chosen<Clips>>, Problem> {
    let clip: Option<Chosen<Clips>> = parse_value(literal)
        .map_err(|error| Problem::new(path, error.code.to_string()).found(literal.trim()))?;
    match clip.as_ref().and_then(|clip| clip.problems().into_iter().next()) {
        Some(problem) => {
            let path = format!("{path}.{}", problem.field);
            Err(Problem::not_allowed(path, problem.found, problem.allowed))
        }
        None => Ok(clip),
    }
}

fn batch_size(path: &str, literal: &str) -> Result<BatchSize, Problem> {
    match parse_value(literal) {
        Ok(BatchSize::Rows(0)) | Err(_) => {
            let allowed = "a whole number of at least 1, or `Full`";
            Err(Problem::not_allowed(path, literal.trim(), allowed))
        }
        Ok(size) => Ok(size),
    }
}
