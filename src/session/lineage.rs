//! What a fork has of its parent: as it was where the fork was made, as the parent's lane of the file
//! begins, and as the fork goes on.

use std::collections::BTreeSet;

use crate::catalog::{Chosen, Family, Value};
use crate::experiment::{LanePlan, TaskPlan, literal};
use crate::model::DropoutRates;
use crate::optim::{Optimizers, is_carried};

use super::{Knobs, Lane};

/// One thing, three times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inherited {
    /// What: "Learning rate".
    pub what: String,
    /// As it was with the parent where the fork was made.
    pub then: String,
    /// As the parent begins.
    pub file: String,
    /// As the fork begins.
    pub fork: String,
}

/// What stands where a lane has no such thing.
const NONE: &str = "–";

impl Lane {
    /// What it has of its parent, if it is a fork: what goes on and what begins afresh, then everything
    /// that can be turned.
    pub fn inherited(&self) -> Option<Vec<Inherited>> {
        let from = self.plan.from.as_ref()?;
        let parent = &from.parent;
        let file = Knobs::of(parent);
        let mut then = file.clone();
        for edit in parent.edits.iter().filter(|edit| edit.step <= from.step) {
            then.take(&edit.change);
        }
        let fork = Knobs::of(&self.plan);
        let all = [&then, &file, &fork];
        let kept = same_layers(parent, &self.plan);
        let mut rows = vec![layers(kept), memory(&then.optimizer, &fork.optimizer, kept)];
        rows.push(row("Optimizer", all.map(|k| k.optimizer.entry().label.to_owned())));
        rows.extend(fields(all.map(|k| &k.optimizer)));
        rows.push(row("Schedule", all.map(|k| k.schedule.entry().label.to_owned())));
        rows.extend(fields(all.map(|k| &k.schedule)));
        let clip = |knobs: &Knobs| knobs.clip.as_ref().map_or(NONE.to_owned(), literal);
        rows.push(row("Clipping", all.map(clip)));
        rows.push(row("Gradient noise", all.map(|k| literal(&k.gradient_noise))));
        if matches!(self.plan.task, TaskPlan::Learn(_)) {
            rows.push(row("Batch size", all.map(|k| literal(&k.batch_size))));
            rows.push(row("L1", all.map(|k| literal(&k.regularize.l1))));
            rows.push(row("L2", all.map(|k| literal(&k.regularize.l2))));
            rows.extend(dropout(all));
        }
        Some(rows)
    }
}

fn row(what: &str, [then, file, fork]: [String; 3]) -> Inherited {
    Inherited { what: what.to_owned(), then, file, fork }
}

/// A row for each dropout layer that any of three has.
fn dropout(all: [&Knobs; 3]) -> Vec<Inherited> {
    let layers: BTreeSet<usize> =
        all.iter().flat_map(|knobs| knobs.dropout.iter()).map(|(layer, _)| layer).collect();
    let told =
        |layer| move |k: &Knobs| k.dropout.get(layer).map_or(NONE.to_owned(), |r| literal(&r));
    let told = |layer| row(&format!("Dropout, layer {}", layer + 1), all.map(told(layer)));
    layers.into_iter().map(told).collect()
}

/// A row for each field that any of three choices has.
fn fields<F: Family>(all: [&Chosen<F>; 3]) -> Vec<Inherited> {
    let mut known: Vec<&'static str> = Vec::new();
    let mut rows = Vec::new();
    for field in all.iter().flat_map(|chosen| chosen.entry().fields) {
        if known.contains(&field.name) {
            continue;
        }
        known.push(field.name);
        let told = |chosen: &Chosen<F>| chosen.get(field.name).map_or(NONE.to_owned(), text);
        rows.push(row(field.label, all.map(told)));
    }
    rows
}

fn text(value: &Value) -> String {
    value.to_string()
}

fn memory(then: &Chosen<Optimizers>, fork: &Chosen<Optimizers>, same_layers: bool) -> Inherited {
    let goes_on = same_layers && is_carried(then, fork);
    let told = if goes_on { "goes on" } else { "begins afresh" };
    row("Optimizer's memory", ["gathered".to_owned(), "empty".to_owned(), told.to_owned()])
}

fn layers(same: bool) -> Inherited {
    let told = if same { "all kept" } else { "kept where shapes agree" };
    row("Weights", ["trained".to_owned(), "as they start".to_owned(), told.to_owned()])
}

/// Whether both train the same layers.
fn same_layers(parent: &LanePlan, fork: &LanePlan) -> bool {
    match (&parent.task, &fork.task) {
        (TaskPlan::Learn(a), TaskPlan::Learn(b)) => {
            // How much is silenced is no matter of shape.
            DropoutRates::of(&b.model).in_model(&a.model).hidden == b.model.hidden
        }
        _ => true,
    }
}
