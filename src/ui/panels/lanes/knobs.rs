//! The knobs of a card: sliders with exact entry, from the tables of optimizers and schedules.
//!
//! On a lane that trains, turning a live knob is a [`Change`] of the run; at the start, and for
//! what is not live, it is an edit of the file. A value that a running lane could not take is not
//! sent: the reason stands below the knob.

use eframe::egui::Ui;

use super::card::Card;
use super::rates;
use super::treatment;
use crate::catalog::{Chosen, Family, Field, Given, Kind, Scale, Value};
use crate::data::BatchSize;
use crate::experiment::{Change, Task};
use crate::session::{Action, Lane, LaneId};
use crate::ui::panels::choice::field_row;
use crate::ui::panels::fields::{Label, complaint_ui, flag_row, note_ui, problems_ui};
use crate::ui::widgets::{Knob, Rail, Spread, short};

/// The knobs that a card always shows.
const MAIN: &[&str] = &["learning_rate", "momentum", "beta1", "beta2"];
/// The width of a knob's label and of its entry, in points at 100 % text.
pub(super) const LABEL: f32 = 88.0;
pub(super) const ENTRY: f32 = 80.0;
/// How long a turned value stands in for the lane's answer, in seconds.
const PATIENCE: f64 = 1.0;

/// A value on its way to a lane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turned {
    pub(super) value: f64,
    pub(super) at: f64,
}

/// Which of a lane's choices a knob belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Optimizer,
    Schedule,
}

impl Part {
    fn field(self) -> &'static str {
        match self {
            Self::Optimizer => "optimizer",
            Self::Schedule => "schedule",
        }
    }

    fn change(self, knob: &'static str, value: f64) -> Change {
        match self {
            Self::Optimizer => Change::Optimizer { knob, value },
            Self::Schedule => Change::Schedule { knob, value },
        }
    }
}

/// Learning rate, momentum or betas, batch size.
pub(super) fn main_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    optimizer_ui(ui, card, |field| MAIN.contains(&field.name));
    if matches!(card.session.experiment().task, Task::Learn(_)) {
        batch_size_ui(ui, card);
    }
}

/// What a lesson leaves free, and in a sentence what it holds.
pub(super) fn lesson_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let session = card.session;
    let is_free = |part: &str, field: &Field| !session.is_locked(&format!("{part}.{}", field.name));
    optimizer_ui(ui, card, |field| is_free("optimizer", field));
    let (spec, live) = (&card.spec.schedule, card.knobs.map(|knobs| &knobs.schedule));
    choice_knobs_ui(ui, card, Part::Schedule, (spec, live), |field| is_free("schedule", field));
    if matches!(session.experiment().task, Task::Learn(_)) && !session.is_locked("batch_size") {
        batch_size_ui(ui, card);
    }
    treatment::lesson_ui(ui, card);
    let told = |path: &str| path == "batch_size" || MAIN.iter().any(|main| path.ends_with(main));
    let held: Vec<String> = session
        .dials(card.id)
        .into_iter()
        .filter(|dial| told(&dial.path) && session.is_locked(&dial.path))
        .map(|dial| {
            let now = dial.now.parse().map_or(dial.now.to_lowercase(), short);
            format!("{} {now}", dial.label.to_lowercase())
        })
        .collect();
    if !held.is_empty() {
        note_ui(ui, &format!("held: {}", held.join(" · ")));
    }
}

/// Every other knob of the optimizer, those of the schedule, what is done to the gradient.
pub(super) fn more_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    optimizer_ui(ui, card, |field| !MAIN.contains(&field.name));
    let (spec, live) = (&card.spec.schedule, card.knobs.map(|knobs| &knobs.schedule));
    choice_knobs_ui(ui, card, Part::Schedule, (spec, live), |_| true);
    rates::ui(ui, card);
    treatment::ui(ui, card);
}

fn optimizer_ui(ui: &mut Ui, card: &mut Card<'_, '_>, shows: impl Fn(&Field) -> bool) {
    let (spec, live) = (&card.spec.optimizer, card.knobs.map(|knobs| &knobs.optimizer));
    choice_knobs_ui(ui, card, Part::Optimizer, (spec, live), shows);
}

fn choice_knobs_ui<F: Family>(
    ui: &mut Ui,
    card: &mut Card<'_, '_>,
    part: Part,
    (spec, live): (&Chosen<F>, Option<&Chosen<F>>),
    shows: impl Fn(&Field) -> bool,
) {
    // What trains is shown, unless the file already names another method for the next start.
    let same = live.filter(|live| live.entry().name == spec.entry().name);
    let running = same.filter(|_| card.is_live());
    for field in spec.entry().fields.iter().filter(|field| shows(field)) {
        let running = running.filter(|_| field.live);
        let chosen = running.unwrap_or(spec);
        let Some(value) = chosen.get(field.name) else { continue };
        match &field.kind {
            Kind::Number(_, scale) => {
                let rail = rail(field, *scale);
                number_ui(ui, card, part, (chosen, field, value), (rail, running.is_some()));
            }
            Kind::Integer { scale, .. } => {
                let rail = rail(field, *scale).integer();
                number_ui(ui, card, part, (chosen, field, value), (rail, running.is_some()));
            }
            Kind::Flag if running.is_some() => live_flag_ui(ui, card, part, field, value),
            _ => {
                let path = card.path(part.field());
                let commit = |editor: &mut crate::ui::panels::editor::Editor<'_>, text: &str| {
                    editor.set_field(&path, spec, field.name, text);
                };
                let of = &card.spec.name;
                field_row(ui, card.editor, of, (&path, field), value, &commit);
            }
        }
    }
}

/// The rail of a field: its table's, down to 0 where 0 is the usual value.
pub(super) fn rail(field: &Field, scale: Scale) -> Rail {
    let from_zero = matches!(field.default, Given::Number(0.0) | Given::Integer(0));
    match scale {
        Scale::Linear(low, high) => Rail::new(Spread::Linear, low, high),
        Scale::Log(_, high) if from_zero => Rail::new(Spread::Log, 0.0, high),
        Scale::Log(low, high) => Rail::new(Spread::Log, low, high),
        Scale::OneMinus(high) => Rail::new(Spread::OneMinus, 0.0, high),
    }
}

fn number_ui<F: Family>(
    ui: &mut Ui,
    card: &mut Card<'_, '_>,
    part: Part,
    (chosen, field, value): (&Chosen<F>, &'static Field, &Value),
    (rail, is_live): (Rail, bool),
) {
    let path = card.path(&format!("{}.{}", part.field(), field.name));
    let key = (card.id, path.clone());
    let actual = value.as_number().unwrap_or(0.0);
    let now = ui.input(|i| i.time);
    let mut number = on_its_way(ui, card, &key, actual, is_live);
    let default = Value::from_given(field.default).and_then(|v| v.as_number());
    let name = format!("{} of {}", field.label, card.spec.name);
    let mut knob = Knob::new(&name, &mut number, rail)
        .label(field.label)
        .help(field.meaning)
        .widths(LABEL, ENTRY)
        .color(card.color(ui));
    if let Some(default) = default {
        knob = knob.default_value(default);
    }
    let answer = knob.show(ui);
    if answer.changed {
        if is_live {
            let mut tried = chosen.clone();
            match tried.set(field.name, number.into()) {
                Ok(()) => {
                    card.refused.remove(&key);
                    card.turned.insert(key.clone(), Turned { value: number, at: now });
                    let change = part.change(field.name, number);
                    card.editor.actions.push(Action::Turn { lane: card.id, change });
                }
                Err(error) => {
                    card.refused.insert(key.clone(), error.to_string());
                }
            }
        } else {
            let is_whole = matches!(field.kind, Kind::Integer { .. });
            let text = if is_whole { format!("{number:.0}") } else { format!("{number:?}") };
            let parent = card.path(part.field());
            card.editor.set_field(&parent, chosen, field.name, &text);
        }
    }
    if answer.gesture_end {
        card.editor.end_gesture();
    }
    let problems = card.editor.problems_at(&path);
    match card.refused.get(&key).filter(|_| is_live) {
        Some(reason) => complaint_ui(ui, reason),
        None => problems_ui(ui, &problems),
    }
}

/// The value a knob shows: what was turned, until the lane has answered; else what is.
pub(super) fn on_its_way(
    ui: &Ui,
    card: &mut Card<'_, '_>,
    key: &(LaneId, String),
    actual: f64,
    is_live: bool,
) -> f64 {
    let now = ui.input(|i| i.time);
    let refused = card.lane.is_some_and(|lane| lane.refused.is_some());
    match card.turned.get(key).copied() {
        Some(turned)
            if is_live && !refused && turned.value != actual && now - turned.at < PATIENCE =>
        {
            ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(PATIENCE));
            turned.value
        }
        Some(_) => {
            card.turned.remove(key);
            actual
        }
        None => actual,
    }
}

fn live_flag_ui(
    ui: &mut Ui,
    card: &mut Card<'_, '_>,
    part: Part,
    field: &'static Field,
    value: &Value,
) {
    let key = (card.id, card.path(&format!("{}.{}", part.field(), field.name)));
    let actual = value.as_number().unwrap_or(0.0);
    let shown = on_its_way(ui, card, &key, actual, true);
    let label = Label { text: field.label, meaning: field.meaning, of: &card.spec.name };
    if let Some(on) = flag_row(ui, &label, shown == 1.0) {
        let value = f64::from(u8::from(on));
        card.turned.insert(key, Turned { value, at: ui.input(|i| i.time) });
        let change = part.change(field.name, value);
        card.editor.actions.push(Action::Turn { lane: card.id, change });
        card.editor.end_gesture();
    }
}

/// Rows per update, from 1 to all of them; the right end is `Full`.
fn batch_size_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let rows = card.lane.map_or(0, Lane::train_rows).max(2) as f64;
    let is_live = card.is_live();
    let spec = card.session.experiment().batch_size(card.spec);
    let current = card.knobs.filter(|_| is_live).map_or(spec, |knobs| knobs.batch_size);
    let actual = match current {
        BatchSize::Rows(n) => n as f64,
        BatchSize::Full => rows,
    };
    let path = card.path("batch_size");
    let key = (card.id, path.clone());
    let mut number = on_its_way(ui, card, &key, actual, is_live);
    let name = format!("Batch size of {}", card.spec.name);
    let is_full = current == BatchSize::Full && number == rows;
    let rail = Rail::new(Spread::Log, 1.0, rows).integer();
    let answer = Knob::new(&name, &mut number, rail)
        .label(if is_full { "Batch: full" } else { "Batch size" })
        .widths(LABEL, ENTRY)
        .help("Rows per update. At the right end all of them: plain gradient descent.")
        .color(card.color(ui))
        .show(ui);
    if answer.changed {
        turn_batch_size(ui, card, key, (number, rows), is_live);
    }
    if answer.gesture_end {
        card.editor.end_gesture();
    }
    let problems = card.editor.problems_at(&path);
    match card.refused.get(&(card.id, path)) {
        Some(reason) => complaint_ui(ui, reason),
        None => problems_ui(ui, &problems),
    }
}

fn turn_batch_size(
    ui: &Ui,
    card: &mut Card<'_, '_>,
    key: (LaneId, String),
    (number, rows): (f64, f64),
    is_live: bool,
) {
    if number < 1.0 || number.fract() != 0.0 || number >= 2f64.powi(53) {
        let reason = format!("A batch size is a whole number of at least 1, not {number}");
        card.refused.insert(key, reason);
        return;
    }
    card.refused.remove(&key);
    let size = if number == rows { BatchSize::Full } else { BatchSize::Rows(number as u64) };
    if is_live {
        card.turned.insert(key, Turned { value: number, at: ui.input(|i| i.time) });
        let change = Change::BatchSize(size);
        card.editor.actions.push(Action::Turn { lane: card.id, change });
    } else {
        let text = crate::experiment::literal(&size);
        card.editor.set_while(&key.1, text);
    }
}
