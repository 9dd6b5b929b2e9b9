//! Spread: lanes over values of one knob, all else alike.

use eframe::egui::{TextEdit, Ui, vec2};

use super::card::Card;
use crate::catalog::{Chosen, Family, Field, Kind, Scale, Value};
use crate::experiment::Task;
use crate::session::{Action, LaneId};
use crate::ui::panels::experiment::{batch_size_literal, batch_size_text};
use crate::ui::panels::fields::{Item, Label, complaint_ui, menu_row, note_ui};
use crate::ui::panels::section::rule_ui;
use crate::ui::panels::typed::{literal, number};
use crate::ui::theme::number_style;

/// As many lanes as one spread may make.
const MAX_VALUES: usize = 16;

/// The form, while it is open.
#[derive(Debug)]
pub(super) struct SpreadForm {
    /// Whose knob.
    pub(super) lane: LaneId,
    /// Which knob, by its place in the list.
    knob: usize,
    /// The values as typed.
    values: String,
    /// What was wrong with them when lanes were last asked for.
    complaint: Option<String>,
}

/// A knob that lanes can be spread over.
struct Knob {
    path: String,
    label: &'static str,
    values: Vec<String>,
    /// `None` is the batch size.
    kind: Option<Kind>,
}

impl SpreadForm {
    /// The form of a lane, filled in for its learning rate.
    pub(super) fn of(card: &Card<'_, '_>) -> Self {
        let knobs = knobs(card);
        let knob = knobs.iter().position(|k| k.path.ends_with("learning_rate")).unwrap_or(0);
        let values = knobs.get(knob).map_or_else(String::new, |k| k.values.join(", "));
        Self { lane: card.id, knob, values, complaint: None }
    }
}

fn knobs(card: &Card<'_, '_>) -> Vec<Knob> {
    let mut knobs = of_choice("optimizer", &card.spec.optimizer);
    knobs.extend(of_choice("schedule", &card.spec.schedule));
    if matches!(card.session.experiment().task, Task::Learn(_)) {
        let now = batch_size_text(card.session.experiment().batch_size(card.spec));
        let mut values = vec!["1".to_owned(), "32".to_owned(), "Full".to_owned()];
        if !values.contains(&now) {
            values.insert(1, now);
        }
        let path = "batch_size".to_owned();
        knobs.push(Knob { path, label: "Batch size", values, kind: None });
    }
    knobs
}

fn of_choice<F: Family>(parent: &str, chosen: &Chosen<F>) -> Vec<Knob> {
    let knob = |(field, value): (&'static Field, &Value)| {
        let values = suggestions(&field.kind, value)?;
        let path = format!("{parent}.{}", field.name);
        Some(Knob { path, label: field.label, values, kind: Some(field.kind) })
    };
    chosen.iter().filter_map(knob).collect()
}

/// Values to begin with: the present one between a smaller and a larger one.
fn suggestions(kind: &Kind, value: &Value) -> Option<Vec<String>> {
    let now = value.as_number()?;
    let tidy = |x: f64| number(format!("{x:.6e}").parse().unwrap_or(x));
    let numbers = |values: &[f64]| Some(values.iter().map(|x| tidy(*x)).collect());
    match kind {
        Kind::Number(_, Scale::Log(..)) if now > 0.0 => numbers(&[now / 10.0, now, now * 10.0]),
        Kind::Number(_, Scale::Log(low, high)) => {
            numbers(&[now, (low * high).sqrt(), *high / 10.0])
        }
        Kind::Number(_, Scale::OneMinus(_)) if [0.0, 0.9, 0.99].contains(&now) => {
            numbers(&[0.0, 0.9, 0.99])
        }
        Kind::Number(_, Scale::OneMinus(_)) => numbers(&[0.0, now, 0.99]),
        Kind::Number(_, Scale::Linear(low, high)) => {
            numbers(&[*low, f64::midpoint(*low, *high), *high])
        }
        Kind::Integer { min, max, .. } => {
            let held = |x: f64| x.round().clamp(*min as f64, *max as f64);
            let mut values = vec![held(now / 4.0), now, held(now.max(1.0) * 4.0)];
            values.dedup();
            numbers(&values)
        }
        Kind::Flag => Some(vec!["false".to_owned(), "true".to_owned()]),
        _ => None,
    }
}

/// The form in its lane's card.
pub(super) fn ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let knobs = knobs(card);
    let Some(form) = card.spread.as_mut() else { return };
    rule_ui(ui);
    note_ui(ui, "Lanes over values of one knob, all else alike. This lane takes the first value.");
    let items: Vec<Item<'_>> = knobs.iter().map(|k| Item::plain(k.label)).collect();
    let label = Label { text: "Spread over", meaning: "Which knob.", of: &card.spec.name };
    if let Some(at) = menu_row(ui, &label, "spread", Some(form.knob), &items) {
        form.knob = at;
        form.values = knobs[at].values.join(", ");
        form.complaint = None;
    }
    let edit = TextEdit::singleline(&mut form.values)
        .id_salt("values")
        .font(number_style())
        .margin(vec2(8.0, 3.0))
        .desired_width(ui.available_width());
    let edit = ui.add(edit).accessible_name(format!("Values of {}", card.spec.name));
    if edit.on_hover_text("Values, with commas between them").changed() {
        form.complaint = None;
    }
    if let Some(complaint) = &form.complaint {
        complaint_ui(ui, complaint);
    }
    let mut done = false;
    ui.horizontal(|ui| {
        if ui.button("Make lanes").clicked() {
            let Some(knob) = knobs.get(form.knob) else { return };
            match values(knob, &form.values) {
                Ok(values) => {
                    let path = knob.path.clone();
                    card.editor.actions.push(Action::SpreadLane { lane: card.id, path, values });
                    done = true;
                }
                Err(why) => form.complaint = Some(why),
            }
        }
        done |= ui.button("Cancel").clicked();
    });
    if done {
        *card.spread = None;
    }
}

/// What was typed, value for value as the file writes them.
fn values(knob: &Knob, typed: &str) -> Result<Vec<String>, String> {
    let items: Vec<&str> = typed.split(',').map(str::trim).filter(|t| !t.is_empty()).collect();
    if items.len() < 2 {
        return Err("Write two values or more, with commas between them.".to_owned());
    }
    if items.len() > MAX_VALUES {
        return Err(format!("At most {MAX_VALUES} values at a time."));
    }
    items
        .into_iter()
        .map(|item| match &knob.kind {
            Some(kind) => literal(kind, item),
            None => batch_size_literal(item),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::Optimizers;

    fn knob(name: &str) -> Knob {
        let sgd = Chosen::<Optimizers>::named("Sgd").unwrap();
        let found = of_choice("optimizer", &sgd).into_iter().find(|k| k.path.ends_with(name));
        found.unwrap()
    }

    #[test]
    fn the_present_value_stands_between_a_smaller_and_a_larger_one() {
        assert_eq!(knob("learning_rate").values, ["0.001", "0.01", "0.1"]);
        assert_eq!(knob("momentum").values, ["0", "0.9", "0.99"]);
        assert_eq!(knob("nesterov").values, ["false", "true"]);
    }

    #[test]
    fn typed_values_are_read_one_by_one() {
        let rate = knob("learning_rate");
        assert_eq!(values(&rate, "0.1, 1e-2,").unwrap(), ["0.1", "0.01"]);
        assert!(values(&rate, "0.1").unwrap_err().contains("two values"));
        assert!(values(&rate, "0.1, fast").unwrap_err().contains("fast"));
        let batch =
            Knob { path: "batch_size".to_owned(), label: "", values: Vec::new(), kind: None };
        assert_eq!(values(&batch, "1, full").unwrap(), ["1", "Full"]);
    }
}
