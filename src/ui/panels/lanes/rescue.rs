//! What is offered for a lane that diverged: forks from where its loss was last no higher than at first.

use crate::catalog::{Family, Value};
use crate::experiment::Change;
use crate::optim::Clips;
use crate::session::{Action, Lane};
use crate::ui::panels::editor::switched;
use crate::ui::widgets::count;

/// Where forks begin, in words, and the forks offered, each with its words.
pub(in crate::ui) fn rescues(lane: &Lane) -> (String, Vec<(&'static str, Action)>) {
    let step = lane.calm_step();
    let fork = |change| Action::Fork { lane: lane.id, step: Some(step), change: Some(change) };
    let rate = lane.knobs.optimizer.get("learning_rate").and_then(Value::as_number);
    let slower = rate.map(|rate| {
        let change = Change::Optimizer { knob: "learning_rate", value: rate / 10.0 };
        ("with learning rate ÷ 10", fork(change))
    });
    let clip = Change::Clip(Some(switched::<Clips>(None, Clips::entries()[0])));
    let forks = slower.into_iter().chain([("with clipping", fork(clip))]).collect();
    (place_words(step, lane.first_step(), lane.is_calm_at(step)), forks)
}

/// Where a fork begins, and why there.
fn place_words(step: u64, first: u64, is_calm: bool) -> String {
    let at = count(step);
    if step == first {
        format!("Its loss was never again as low as at its start. Fork it there, at step {at}")
    } else if is_calm {
        format!("Fork it at step {at}, the last with a batch loss no higher than its first")
    } else {
        format!("Its loss has long been higher than at first. Fork it at step {at}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_that_was_never_calm_is_not_said_to_have_been() {
        assert!(place_words(0, 0, true).starts_with("Its loss was never again as low"));
        assert!(place_words(40, 40, true).ends_with("at step 40"));
        assert!(place_words(12, 0, true).contains("the last with a batch loss no higher"));
        assert!(place_words(12, 0, false).starts_with("Its loss has long been higher"));
    }
}
