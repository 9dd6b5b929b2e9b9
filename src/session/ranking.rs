//! Who leads, by the same loss as the command line's table, among lanes whose losses can be compared.

use std::collections::BTreeMap;

use super::{LaneId, Session};

impl Session {
    /// Ranks from 1, equal losses sharing one. Lanes with a loss of their own, and lanes that diverged
    /// or have not begun, have none; there are none among fewer than two.
    pub fn ranks(&self) -> BTreeMap<LaneId, usize> {
        let mut losses: Vec<(LaneId, f64)> = self
            .lanes()
            .iter()
            .filter(|lane| self.index_of(lane.id).is_some_and(|index| self.has_common_loss(index)))
            .filter(|lane| lane.end().is_none_or(|end| !end.reason.is_broken()))
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

    /// Whether the lane in that place has the experiment's own loss.
    pub(super) fn has_common_loss(&self, index: usize) -> bool {
        let spec = self.experiment().lanes.get(index);
        spec.is_some_and(|spec| spec.loss.is_none() && spec.regularize.is_none())
    }
}
