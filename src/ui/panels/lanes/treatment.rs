//! What a lane does with its gradient before it follows it: where it comes from, noise, clipping,
//! penalties on large weights.

use eframe::egui::Ui;

use super::card::Card;
use super::knobs::{ENTRY, LABEL, Turned, on_its_way, rail};
use crate::catalog::{Chosen, Family, Kind};
use crate::experiment::Change;
use crate::model::{DropoutRates, LayerSpec};
use crate::objective::{Gradients, Penalty};
use crate::optim::Clips;
use crate::session::Action;
use crate::ui::panels::choice::choice_ui;
use crate::ui::panels::fields::{Item, Label, complaint_ui, menu_row, problems_ui};
use crate::ui::widgets::{Knob, Rail, Spread};

pub(super) fn ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    gradient_ui(ui, card);
    noise_ui(ui, card);
    clip_ui(ui, card);
    penalties_ui(ui, card);
    dropout_ui(ui, card);
}

/// What a lesson leaves free of it.
pub(super) fn lesson_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let session = card.session;
    if !session.is_locked("gradient_noise") {
        noise_ui(ui, card);
    }
    if !session.is_locked("clip") {
        clip_ui(ui, card);
    }
    if !session.is_locked("regularize.l1") || !session.is_locked("regularize.l2") {
        penalties_ui(ui, card);
    }
    dropout_ui(ui, card);
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

/// A number of at least 0 that is not one of a choice's: live on a lane that trains.
struct Factor<'a> {
    /// Below the lane.
    path: String,
    label: &'a str,
    help: &'static str,
    rail: Rail,
    /// What it takes, also in words.
    allowed: (fn(f64) -> bool, &'static str),
    /// As it is now.
    actual: f64,
    change: &'a dyn Fn(f64) -> Change,
}

/// A factor without an upper end.
const NOT_NEGATIVE: (fn(f64) -> bool, &str) =
    (|number| number.is_finite() && number >= 0.0, "a number of at least 0");

/// The standard deviation of the noise on each component.
fn noise_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let spec = card.session.experiment().gradient_noise(card.spec);
    let live = card.knobs.filter(|_| card.is_live()).map(|knobs| knobs.gradient_noise);
    let factor = Factor {
        path: "gradient_noise".to_owned(),
        label: "Grad. noise",
        help: "The standard deviation of the noise added to each component of the gradient. A little \
               shakes a lane out of a poor minimum; too much drowns the slope.",
        rail: Rail::new(Spread::Log, 0.0, 10.0),
        allowed: NOT_NEGATIVE,
        actual: live.unwrap_or(spec),
        change: &Change::GradientNoise,
    };
    factor_ui(ui, card, &factor);
}

/// What large weights cost.
fn penalties_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let Some(spec) = card.session.experiment().regularize(card.spec) else { return };
    let live = card.knobs.filter(|_| card.is_live()).map(|knobs| knobs.regularize);
    let now = live.unwrap_or(spec);
    for (label, help, penalty) in PENALTIES {
        let path = format!("regularize.{}", penalty.field());
        if card.session.lesson().is_some() && card.session.is_locked(&path) {
            continue;
        }
        let factor = Factor {
            path,
            label,
            help,
            rail: Rail::new(Spread::Log, 0.0, 1.0),
            allowed: NOT_NEGATIVE,
            actual: now.of(penalty),
            change: &|factor| Change::Regularize { penalty, factor },
        };
        factor_ui(ui, card, &factor);
    }
}

/// How many units each dropout layer silences.
fn dropout_ui(ui: &mut Ui, card: &mut Card<'_, '_>) {
    let Some(model) = card.session.experiment().model(card.spec) else { return };
    let spec = DropoutRates::of(model);
    let live = card.knobs.filter(|_| card.is_live()).map(|knobs| knobs.dropout.clone());
    let rates = live.unwrap_or(spec);
    let alone = rates.iter().count() == 1;
    for (layer, rate) in rates.iter() {
        let path = Change::Dropout { layer, rate }.path();
        if card.session.lesson().is_some() && card.session.is_locked(&path) {
            continue;
        }
        let label = if alone { "Dropout".to_owned() } else { format!("Dropout {}", layer + 1) };
        let factor = Factor {
            path,
            label: &label,
            help: "The chance of each unit of the layer to be silenced at a step, so that no unit \
                   leans on a single other one. The number is the layer's place among the hidden ones.",
            rail: Rail::new(Spread::Linear, 0.0, MOST_DROPOUT),
            allowed: (LayerSpec::is_rate, LayerSpec::RATES),
            actual: rate,
            change: &|rate| Change::Dropout { layer, rate },
        };
        factor_ui(ui, card, &factor);
    }
}

/// What the knob of a dropout layer ends at; more can be typed.
const MOST_DROPOUT: f64 = 0.9;

type PenaltyRow = (&'static str, &'static str, Penalty);

const PENALTIES: [PenaltyRow; 2] = [
    (
        "L1",
        "Adds this times the sum of all weights' sizes to the loss: small weights go to 0 and stay \
         there.",
        Penalty::L1,
    ),
    (
        "L2",
        "Adds half of this times the sum of all squared weights to the loss: large weights are held \
         down.",
        Penalty::L2,
    ),
];

fn factor_ui(ui: &mut Ui, card: &mut Card<'_, '_>, factor: &Factor<'_>) {
    let is_live = card.is_live();
    let path = card.path(&factor.path);
    let key = (card.id, path.clone());
    let mut number = on_its_way(ui, card, &key, factor.actual, is_live);
    let name = format!("{} of {}", factor.label, card.spec.name);
    let answer = Knob::new(&name, &mut number, factor.rail)
        .label(factor.label)
        .help(factor.help)
        .default_value(0.0)
        .widths(LABEL, ENTRY)
        .color(card.color(ui))
        .show(ui);
    if answer.changed {
        let (is_allowed, allowed) = factor.allowed;
        if is_allowed(number) {
            card.refused.remove(&key);
            if is_live {
                card.turned.insert(key, Turned { value: number, at: ui.input(|i| i.time) });
            }
            let change = (factor.change)(number);
            card.editor.actions.push(Action::Turn { lane: card.id, change });
        } else {
            let reason = format!("{} is {allowed}, not {number}", factor.label);
            card.refused.insert(key, reason);
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
    let current = card.knobs.filter(|_| is_live).map_or(spec, |knobs| knobs.clip.as_ref());
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
