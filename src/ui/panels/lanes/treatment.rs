//! What a lane does with its gradient before it follows it: where it comes from, noise, clipping.

use eframe::egui::Ui;

use super::card::Card;
use super::knobs::{ENTRY, LABEL, Turned, on_its_way, rail};
use crate::catalog::{Chosen, Family, Kind};
use crate::experiment::Change;
use crate::objective::Gradients;
use crate::optim::Clips;
use crate::session::Action;
use crate::ui::panels::choice::choice_ui;
use crate::ui::panels::fields::{Item, Label, complaint_ui, menu_row, problems_ui};
use crate::ui::widgets::{Knob, Rail, Spread};

pub(super) fn ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    gradient_ui(ui, card);
    noise_ui(ui, card);
    clip_ui(ui, card);
}

/// Analytic or numeric; applies on Reset.
fn gradient_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let analytic = || Chosen::<Gradients>::of(Gradients::entries()[0]);
    let chosen = card.spec.gradient.clone().unwrap_or_else(analytic);
    let label = Label {
        text: "Gradient",
        meaning: "By the chain rule, or by trying each parameter a little to both sides.",
        of: &card.spec.name,
    };
    choice_ui(ui, card.editor, &label, &card.path("gradient"), &chosen);
}

/// The standard deviation of the noise on each component, live.
fn noise_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let is_live = card.is_live();
    let spec = card.session.experiment().gradient_noise(card.spec);
    let actual = card.lane.filter(|_| is_live).map_or(spec, |lane| lane.knobs.gradient_noise);
    let path = card.path("gradient_noise");
    let key = (card.id, path.clone());
    let mut number = on_its_way(ui, card, &key, actual, is_live);
    let name = format!("Gradient noise of {}", card.spec.name);
    let answer = Knob::new(&name, &mut number, Rail::new(Spread::Log, 0.0, 10.0))
        .label("Grad. noise")
        .help(
            "The standard deviation of the noise added to each component of the gradient. A little \
             shakes a lane out of a poor minimum; too much drowns the slope.",
        )
        .default_value(0.0)
        .widths(LABEL, ENTRY)
        .color(card.color(ui))
        .show(ui);
    if answer.changed {
        if !(number.is_finite() && number >= 0.0) {
            card.refused.insert(key, format!("Noise is a number of at least 0, not {number}"));
        } else if is_live {
            card.refused.remove(&key);
            card.turned.insert(key, Turned { value: number, at: ui.input(|i| i.time) });
            let change = Change::GradientNoise(number);
            card.editor.actions.push(Action::Turn { lane: card.id, change });
        } else {
            card.refused.remove(&key);
            card.editor.set_while(&path, format!("{number:?}"));
        }
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

/// Clipping, live as a whole.
fn clip_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let is_live = card.is_live();
    let spec = card.spec.clip.as_ref();
    let current = card.lane.filter(|_| is_live).map_or(spec, |lane| lane.knobs.clip.as_ref());
    let path = card.path("clip");
    let problems = card.editor.problems_at(&path);
    let none = Item { label: "None", note: "Gradients are taken as they are." };
    let entries = Clips::entries();
    let items: Vec<Item<'_>> = std::iter::once(none)
        .chain(entries.iter().map(|e| Item { label: e.label, note: e.summary }))
        .collect();
    let at = current.map_or(Some(0), |clip| {
        entries.iter().position(|e| e.name == clip.name()).map(|at| at + 1)
    });
    let meaning =
        "Holds gradients that are too long, so that one bad batch cannot throw a lane off.";
    let label = Label { text: "Clipping", meaning, of: &card.spec.name };
    if let Some(at) = menu_row(ui, &label, &path, at, &items) {
        let to = (at > 0).then(|| crate::ui::panels::editor::switched(current, entries[at - 1]));
        turn_clip(card, to, is_live);
        card.editor.end_gesture();
    }
    problems_ui(ui, &problems);
    let Some(clip) = current.cloned() else { return };
    for (field, value) in clip.iter() {
        let (Kind::Number(_, scale), Some(mut number)) = (&field.kind, value.as_number()) else {
            continue;
        };
        let name = format!("{} of {}", field.label, card.spec.name);
        let answer = Knob::new(&name, &mut number, rail(field, *scale))
            .label(field.label)
            .help(field.meaning)
            .widths(LABEL, ENTRY)
            .color(card.color(ui))
            .show(ui);
        let mut to = clip.clone();
        if answer.changed {
            let key = (card.id, path.clone());
            match to.set(field.name, number.into()) {
                Ok(()) => {
                    card.refused.remove(&key);
                    turn_clip(card, Some(to), is_live);
                }
                Err(error) => {
                    card.refused.insert(key, error.to_string());
                }
            }
        }
        if answer.gesture_end {
            card.editor.end_gesture();
        }
    }
    if let Some(reason) = card.refused.get(&(card.id, path)) {
        complaint_ui(ui, reason);
    }
}

fn turn_clip(card: &mut Card<'_, '_>, to: Option<Chosen<Clips>>, is_live: bool) {
    if is_live {
        let change = Change::Clip(to);
        card.editor.actions.push(Action::Turn { lane: card.id, change });
        return;
    }
    let path = card.path("clip");
    match to {
        Some(to) => card.editor.set_while(&path, crate::experiment::literal(&to)),
        None => card.editor.remove(&path),
    }
}
