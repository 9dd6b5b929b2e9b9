//! `downhill list`: the tables of everything that can be chosen, as text and as JSON.
//!
//! Nothing is written here that the tables do not say; a new row in a table is listed at once.

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use crate::catalog::{Card, Entry, Family, Field, Form, Given, Kind, Scale, Value};
use crate::data::Sources;
use crate::experiment::StopRules;
use crate::lesson::{ShippedLesson, shipped_lessons};
use crate::model::{Activations, Initializers, Layers, Losses};
use crate::objective::{Gradients, Surfaces};
use crate::optim::{Clips, Optimizers, Schedules};
use crate::session::library::{Library, PresetCard};

use super::arguments::ListKind;
use super::text::wrapped;

const ALL: [ListKind; 13] = [
    ListKind::Presets,
    ListKind::Lessons,
    ListKind::Optimizers,
    ListKind::Schedules,
    ListKind::Clips,
    ListKind::Gradients,
    ListKind::Datasets,
    ListKind::Surfaces,
    ListKind::Losses,
    ListKind::Layers,
    ListKind::Activations,
    ListKind::Initializers,
    ListKind::Rules,
];

/// Lists one kind, or all of them.
pub(super) fn list(out: &mut impl Write, kind: Option<ListKind>, json: bool) -> io::Result<()> {
    let kinds = kind.map_or_else(|| ALL.to_vec(), |kind| vec![kind]);
    if json {
        let all: Map<_, _> = kinds.iter().map(|k| (key(*k).to_owned(), kind_json(*k))).collect();
        return writeln!(out, "{}", Json::Object(all));
    }
    for (i, kind) in kinds.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", key(*kind).to_uppercase())?;
        match entries(*kind) {
            None if *kind == ListKind::Lessons => {
                shipped_lessons().iter().try_for_each(|lesson| lesson_text(out, lesson))?;
            }
            None => Library::open().presets().iter().try_for_each(|p| preset_text(out, p))?,
            Some(rows) => rows.iter().try_for_each(|row| entry_text(out, row))?,
        }
    }
    Ok(())
}

fn key(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Presets => "presets",
        ListKind::Optimizers => "optimizers",
        ListKind::Schedules => "schedules",
        ListKind::Lessons => "lessons",
        ListKind::Clips => "clips",
        ListKind::Gradients => "gradients",
        ListKind::Datasets => "datasets",
        ListKind::Surfaces => "surfaces",
        ListKind::Losses => "losses",
        ListKind::Layers => "layers",
        ListKind::Activations => "activations",
        ListKind::Initializers => "initializers",
        ListKind::Rules => "rules",
    }
}

/// The rows of a table; presets and lessons have none.
fn entries(kind: ListKind) -> Option<&'static [&'static Entry]> {
    Some(match kind {
        ListKind::Presets | ListKind::Lessons => return None,
        ListKind::Optimizers => Optimizers::entries(),
        ListKind::Schedules => Schedules::entries(),
        ListKind::Clips => Clips::entries(),
        ListKind::Gradients => Gradients::entries(),
        ListKind::Datasets => Sources::entries(),
        ListKind::Surfaces => Surfaces::entries(),
        ListKind::Losses => Losses::entries(),
        ListKind::Layers => Layers::entries(),
        ListKind::Activations => Activations::entries(),
        ListKind::Initializers => Initializers::entries(),
        ListKind::Rules => StopRules::entries(),
    })
}

fn lesson_text(out: &mut impl Write, shipped: &ShippedLesson) -> io::Result<()> {
    let lesson = shipped.lesson();
    let lesson = lesson.lesson();
    writeln!(out, "\n  {}", shipped.name)?;
    writeln!(out, "{}", wrapped(&format!("{}: {}", lesson.name, lesson.about), 4))?;
    for step in &lesson.steps {
        writeln!(out, "    · {}", step.title)?;
    }
    Ok(())
}

fn lesson_json(shipped: &ShippedLesson) -> Json {
    let lesson = shipped.lesson();
    let lesson = lesson.lesson();
    let steps: Vec<&str> = lesson.steps.iter().map(|step| &*step.title).collect();
    json!({ "name": shipped.name, "label": lesson.name, "help": lesson.about, "steps": steps })
}

fn preset_text(out: &mut impl Write, preset: &PresetCard) -> io::Result<()> {
    let own = match (preset.own, preset.replaces_shipped) {
        (false, _) => "",
        (true, false) => " (your own)",
        (true, true) => " (your own, in place of the one that ships)",
    };
    writeln!(out, "\n  {}{own}", preset.name)?;
    if preset.title != preset.name {
        writeln!(out, "{}", wrapped(&preset.title, 4))?;
    }
    if !preset.notes.is_empty() {
        writeln!(out, "{}", wrapped(&preset.notes, 4))?;
    }
    Ok(())
}

fn entry_text(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    writeln!(out, "\n  {}", usage(entry))?;
    writeln!(out, "{}", wrapped(entry.summary, 4))?;
    if !entry.details.is_empty() {
        writeln!(out, "{}", wrapped(entry.details, 4))?;
    }
    for field in entry.fields {
        let default = match Value::from_given(field.default) {
            Some(value) => format!("default {}", shown(&value, &field.kind)),
            None => "required".to_owned(),
        };
        writeln!(out, "    · {}: {}; {default}", field.name, field.kind.allowed())?;
        writeln!(out, "{}", wrapped(field.meaning, 8))?;
    }
    if let Some(card) = entry.card {
        card_text(out, card)?;
        let legend = Optimizers::find(entry.name).map(Optimizers::legend).unwrap_or_default();
        if !legend.is_empty() {
            writeln!(out, "{}", wrapped(&format!("In the equations, {legend}."), 4))?;
        }
    }
    if !entry.source.is_empty() {
        writeln!(out, "{}", wrapped(&format!("Source: {}", entry.source), 4))?;
    }
    Ok(())
}

fn card_text(out: &mut impl Write, card: &Card) -> io::Result<()> {
    for line in card.equation.lines() {
        writeln!(out, "      {line}")?;
    }
    for (title, text) in [("Shines", card.shines), ("Hurts", card.hurts), ("Differs", card.differs)]
    {
        if !text.is_empty() {
            writeln!(out, "{}", wrapped(&format!("{title}: {text}"), 4))?;
        }
    }
    Ok(())
}

/// The entry as it is written with its required fields: `Blobs(samples: …)`.
fn usage(entry: &Entry) -> String {
    match (entry.form, entry.fields) {
        (_, []) => entry.name.to_owned(),
        (Form::Positional, [field]) => format!("{}({})", entry.name, field.name),
        (_, fields) => {
            let names: Vec<_> = fields.iter().map(|field| field.name).collect();
            format!("{}({})", entry.name, names.join(", "))
        }
    }
}

fn shown(value: &Value, kind: &Kind) -> String {
    match (value, kind) {
        (Value::Text(word), Kind::Word(_)) => word.to_string(),
        (value, _) => value.to_string(),
    }
}

fn kind_json(kind: ListKind) -> Json {
    match entries(kind) {
        Some(rows) => rows.iter().map(|entry| entry_json(entry)).collect(),
        None if kind == ListKind::Lessons => shipped_lessons().iter().map(lesson_json).collect(),
        None => Library::open().presets().iter().map(preset_json).collect(),
    }
}

fn preset_json(preset: &PresetCard) -> Json {
    json!({
        "name": preset.name,
        "title": preset.title,
        "notes": preset.notes,
        "own": preset.own,
        "replaces_shipped": preset.replaces_shipped,
    })
}

fn entry_json(entry: &Entry) -> Json {
    json!({
        "name": entry.name,
        "label": entry.label,
        "summary": entry.summary,
        "details": entry.details,
        "source": entry.source,
        "card": entry.card.map(card_json),
        "positional": entry.form == Form::Positional,
        "knobs": entry.fields.iter().map(field_json).collect::<Vec<_>>(),
    })
}

fn card_json(card: &Card) -> Json {
    json!({
        "equation": card.equation,
        "shines": card.shines,
        "hurts": card.hurts,
        "differs": card.differs,
        "call": card.call,
        "numpy": card.numpy,
    })
}

fn field_json(field: &Field) -> Json {
    let mut knob = Map::new();
    let mut put = |key: &str, value: Json| knob.insert(key.to_owned(), value);
    put("name", field.name.into());
    put("label", field.label.into());
    put("help", field.meaning.into());
    put("type", type_word(&field.kind).into());
    put("takes", field.kind.allowed().into());
    put("required", (field.default == Given::Nothing).into());
    put("default", Value::from_given(field.default).map_or(Json::Null, |v| value_json(&v)));
    put("live", field.live.into());
    match &field.kind {
        Kind::Number(interval, scale) => {
            put("min", finite(interval.low));
            put("max", finite(interval.high));
            put("min_excluded", (interval.low_open && interval.low.is_finite()).into());
            put("max_excluded", (interval.high_open && interval.high.is_finite()).into());
            put("scale", scale_json(*scale));
        }
        Kind::Integer { min, max, scale } => {
            put("min", (*min).into());
            put("max", if *max == u64::MAX { Json::Null } else { (*max).into() });
            put("min_excluded", false.into());
            put("max_excluded", false.into());
            put("scale", scale_json(*scale));
        }
        Kind::Word(words) => {
            put("words", (*words).into());
        }
        _ => {}
    }
    Json::Object(knob)
}

fn type_word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Number(..) => "number",
        Kind::Integer { .. } => "integer",
        Kind::Flag => "flag",
        Kind::Text => "text",
        Kind::Word(_) => "word",
        Kind::Numbers => "numbers",
        Kind::Rows => "rows",
        Kind::Targets => "targets",
        Kind::Duration => "duration",
    }
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::Number(x) => json!(x),
        Value::Integer(n) => json!(n),
        Value::Flag(b) => json!(b),
        Value::Text(text) => json!(**text),
        Value::Numbers(numbers) => json!(**numbers),
        Value::Rows(rows) => json!(**rows),
        Value::Duration(None) => Json::Null,
        Value::Duration(Some(_)) => json!(value.to_string()),
    }
}

fn finite(x: f64) -> Json {
    if x.is_finite() { json!(x) } else { Json::Null }
}

fn scale_json(scale: Scale) -> Json {
    match scale {
        Scale::Linear(low, high) => json!({ "kind": "linear", "low": low, "high": high }),
        Scale::Log(low, high) => json!({ "kind": "log", "low": low, "high": high }),
        Scale::OneMinus(high) => json!({ "kind": "one_minus", "low": 0.0, "high": high }),
    }
}
