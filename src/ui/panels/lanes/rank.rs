//! Who leads, by the same loss as the command line's table, among lanes whose losses can be compared.

use std::collections::BTreeMap;

use crate::session::{LaneId, Session};
use crate::train::EndReason;

/// Ranks from 1, equal losses sharing one. Lanes with a loss of their own, and lanes that diverged
/// or have not begun, have none.
pub(super) fn ranks(session: &Session) -> BTreeMap<LaneId, usize> {
    let is_common = |index: usize| {
        let spec = session.experiment().lanes.get(index);
        spec.is_some_and(|spec| spec.loss.is_none() && spec.regularize.is_none())
    };
    let mut losses: Vec<(LaneId, f64)> = session
        .lanes()
        .iter()
        .filter(|lane| session.index_of(lane.id).is_some_and(is_common))
        .filter(|lane| lane.end().is_none_or(|end| !is_broken(&end.reason)))
        .filter(|lane| lane.shown_loss().is_some())
        .filter_map(|lane| Some((lane.id, lane.ranking_loss()?)))
        .filter(|(_, loss)| loss.is_finite())
        .collect();
    if losses.len() < 2 {
        return BTreeMap::new();
    }
    losses.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let mut ranks = BTreeMap::new();
    let mut rank = 1;
    for (at, (id, loss)) in losses.iter().enumerate() {
        if at > 0 && *loss != losses[at - 1].1 {
            rank = at + 1;
        }
        ranks.insert(*id, rank);
    }
    ranks
}

fn is_broken(reason: &EndReason) -> bool {
    matches!(reason, EndReason::Diverged | EndReason::Failed(_))
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`.
pub(super) fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_spelt_as_spoken() {
        let spelt: Vec<String> = [1, 2, 3, 4, 11, 12, 21, 22].into_iter().map(ordinal).collect();
        assert_eq!(spelt, ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "22nd"]);
    }
}
