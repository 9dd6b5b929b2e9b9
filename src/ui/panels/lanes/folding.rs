//! Which cards are open: as many as there is room for, from the top; the others are a line.
//!
//! Open cards tell their losses in a line of its own only if all have room with it; else the number stands in
//! their heads.
//!
//! Invariant: what was decided stays so until lanes, the panel's size, or what is chosen change: no card
//! folds because a number in another one grew. What a person has folded or opened stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use eframe::egui::{TextStyle, Ui};

use super::losses;
use crate::session::{LaneId, Session};

/// So few cards are open whether there is room or not: they are what is worked with.
const ALWAYS: usize = 2;
/// Between two cards, and a card's margins above and below.
const GAP: f32 = 4.0;
const MARGINS: f32 = 16.0;
/// How high an open card is about, in lines, while none was drawn yet.
const USUAL: f32 = 8.0;
/// Frames until cards that were just opened have their heights.
const SETTLING: u8 = 3;

/// What decides.
#[derive(Debug, Default, PartialEq)]
struct Ground {
    lanes: Vec<LaneId>,
    by_hand: Vec<(LaneId, bool)>,
    always: Vec<LaneId>,
    /// Width and height of the panel and the size of its text, in whole points.
    size: [i32; 3],
}

/// What the panel knows of its cards' heights, and what it decided.
#[derive(Debug, Default)]
pub(super) struct Folding {
    /// Of open cards, without the line of their losses.
    heights: BTreeMap<LaneId, f32>,
    /// Forks that were shown before they ran: they stay open then.
    made: BTreeSet<LaneId>,
    /// Whether the losses stand in the cards' heads.
    is_dense: bool,
    ground: Ground,
    settling: u8,
    open: BTreeSet<LaneId>,
}

impl Folding {
    /// Whether there was room for the card.
    pub(super) fn is_open(&self, lane: LaneId) -> bool {
        self.open.contains(&lane)
    }

    /// Whether the losses of open cards stand in their heads.
    pub(super) fn is_dense(&self) -> bool {
        self.is_dense
    }

    /// Takes note of how high an open card is.
    pub(super) fn measured(&mut self, ui: &Ui, lane: LaneId, height: f32) {
        let line = if self.is_dense { 0.0 } else { losses::height(ui) };
        self.heights.insert(lane, height - line);
    }

    /// Decides for cards in this order, in what is left of the panel.
    pub(super) fn decide(
        &mut self,
        ui: &Ui,
        session: &Session,
        order: &[LaneId],
        by_hand: &BTreeMap<LaneId, bool>,
    ) {
        let chosen = |id: &LaneId| session.pinned() == Some(*id) || session.is_solo(*id);
        // A fork is made to be changed.
        let is_new = |id: &LaneId| {
            let spec = session.index_of(*id).and_then(|at| session.experiment().lanes.get(at));
            let is_live = session.lane(*id).is_some_and(|l| !l.is_at_start() || l.is_running());
            spec.is_some_and(|spec| spec.from.is_some()) && !is_live
        };
        self.made.retain(|id| order.contains(id));
        self.made.extend(order.iter().copied().filter(is_new));
        let text = ui.text_style_height(&TextStyle::Body);
        let ground = Ground {
            lanes: order.to_vec(),
            by_hand: by_hand.iter().map(|(id, open)| (*id, *open)).collect(),
            always: order
                .iter()
                .copied()
                .filter(|id| chosen(id) || self.made.contains(id))
                .collect(),
            size: [ui.available_width(), ui.available_height(), text].map(|x| x.round() as i32),
        };
        if ground != self.ground {
            self.heights.retain(|id, _| order.contains(id));
            (self.ground, self.settling) = (ground, SETTLING);
        }
        if self.settling == 0 {
            return;
        }
        self.settling -= 1;
        let line = ui.spacing().interact_size.y;
        let highest = self.heights.values().copied().fold(0.0, f32::max);
        let usual = if highest > 0.0 { highest } else { line * USUAL };
        let (room, folded, losses) = (ui.available_height(), line + MARGINS, losses::height(ui));
        let roomy = self.opened(room, folded, (usual, losses));
        let is_all = order.iter().all(|id| roomy.contains(id) || by_hand.get(id) == Some(&false));
        self.is_dense = !is_all;
        self.open = if is_all { roomy } else { self.opened(room, folded, (usual, 0.0)) };
        ui.ctx().request_repaint_after(std::time::Duration::ZERO);
    }

    /// The cards for which there is room, where a folded one is so high, one that was never drawn open as
    /// high as usual, and each open one by the last number higher.
    fn opened(&self, room: f32, folded: f32, (usual, line): (f32, f32)) -> BTreeSet<LaneId> {
        let Ground { lanes, by_hand, always, .. } = &self.ground;
        let more = |id: &LaneId| self.heights.get(id).copied().unwrap_or(usual) + line - folded;
        let hand =
            |id: &LaneId| by_hand.iter().find(|(other, _)| other == id).map(|(_, open)| *open);
        let mut left = room - (folded + GAP) * lanes.len() as f32;
        let is_kept =
            |id: &LaneId| hand(id).unwrap_or(lanes.len() <= ALWAYS || always.contains(id));
        let mut open: BTreeSet<LaneId> = lanes.iter().copied().filter(is_kept).collect();
        left -= open.iter().map(more).sum::<f32>();
        for id in lanes.iter().filter(|id| !is_kept(id) && hand(id).is_none()) {
            left -= more(id);
            if left < 0.0 {
                break;
            }
            open.insert(*id);
        }
        open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folding(by_hand: &[(u64, bool)], always: &[u64]) -> Folding {
        let ground = Ground {
            lanes: (1..=6).map(LaneId).collect(),
            by_hand: by_hand.iter().map(|(id, open)| (LaneId(*id), *open)).collect(),
            always: always.iter().copied().map(LaneId).collect(),
            size: [0; 3],
        };
        let heights = BTreeMap::from([(LaneId(1), 150.0), (LaneId(2), 250.0)]);
        Folding { heights, ground, ..Folding::default() }
    }

    fn opened(folding: &Folding, room: f32) -> Vec<u64> {
        folding.opened(room, 40.0, (200.0, 0.0)).into_iter().map(|id| id.0).collect()
    }

    #[test]
    fn cards_open_from_the_top_while_there_is_room() {
        let plain = folding(&[], &[]);
        assert_eq!(opened(&plain, 200.0), [0u64; 0]);
        // Six lines are 264 high; the first card takes 110 more, the second 210, each other one 160.
        assert_eq!(opened(&plain, 264.0 + 110.0), [1]);
        assert_eq!(opened(&plain, 264.0 + 320.0), [1, 2]);
        assert_eq!(opened(&plain, 264.0 + 479.0), [1, 2]);
        assert_eq!(opened(&plain, 2000.0), [1, 2, 3, 4, 5, 6]);
        // With a line more a card there is less room.
        let with_line = plain.opened(264.0 + 320.0, 40.0, (200.0, 20.0));
        assert_eq!(with_line.into_iter().map(|id| id.0).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn what_is_chosen_is_open_and_what_was_folded_stays_so() {
        let chosen = folding(&[(1, false)], &[5]);
        assert_eq!(opened(&chosen, 100.0), [5]);
        assert_eq!(opened(&chosen, 264.0 + 160.0 + 210.0), [2, 5]);
        assert_eq!(opened(&folding(&[(6, true)], &[]), 264.0 + 160.0 + 110.0), [1, 6]);
    }
}
