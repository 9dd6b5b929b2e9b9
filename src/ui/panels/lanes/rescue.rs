//! What is offered for a lane that diverged: forks from where it was still calm.

use crate::catalog::{Family, Value};
use crate::experiment::Change;
use crate::optim::Clips;
use crate::session::{Action, Lane};
use crate::ui::panels::editor::switched;

/// The forks offered, each with its words, and the step they begin at.
pub(in crate::ui) fn rescues(lane: &Lane) -> (u64, Vec<(&'static str, Action)>) {
    let step = lane.calm_step();
    let fork = |change| Action::Fork { lane: lane.id, step: Some(step), change: Some(change) };
    let rate = lane.knobs.optimizer.get("learning_rate").and_then(Value::as_number);
    let slower = rate.map(|rate| {
        let change = Change::Optimizer { knob: "learning_rate", value: rate / 10.0 };
        ("with learning rate ÷ 10", fork(change))
    });
    let clip = Change::Clip(Some(switched::<Clips>(None, Clips::entries()[0])));
    (step, slower.into_iter().chain([("with clipping", fork(clip))]).collect())
}
