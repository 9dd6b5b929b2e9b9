//! Cards as a tree: a lane, then its forks, depth first.
//!
//! The file's order of lanes stays; among forks of one lane, and among lanes that are none, it is the order
//! of cards. Invariant: between a card and its parent's there are only cards of that parent's other forks,
//! which stand in as far or further, so that a line along their left side reaches it.

use std::collections::BTreeMap;

use eframe::egui::{Stroke, Ui};

use crate::experiment::LaneSpec;
use crate::ui::theme::tokens;

/// A card's place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Branch {
    /// Which lane of the file.
    pub(super) index: usize,
    /// Below how many cards it hangs.
    depth: usize,
    /// Below whose.
    parent: Option<usize>,
}

/// Lanes from the top. The pinned one comes first and hangs nowhere, with its own forks below it.
pub(super) fn branches(specs: &[LaneSpec], pinned: Option<usize>) -> Vec<Branch> {
    let parent = |index: usize| {
        let from = specs[index].from.as_ref().filter(|_| Some(index) != pinned)?;
        specs.iter().position(|other| other.name == from.lane)
    };
    let others = (0..specs.len()).filter(|index| Some(*index) != pinned);
    let mut found: Vec<Branch> = Vec::new();
    // What is still to be placed, next one last.
    let mut open: Vec<Branch> = pinned
        .into_iter()
        .chain(others)
        .filter(|index| parent(*index).is_none())
        .map(|index| Branch { index, depth: 0, parent: None })
        .collect();
    open.reverse();
    while let Some(branch) = open.pop() {
        found.push(branch);
        let (index, depth) = (branch.index, branch.depth + 1);
        let forks = (0..specs.len()).rev().filter(|fork| parent(*fork) == Some(index));
        open.extend(forks.map(|index| Branch { index, depth, parent: Some(branch.index) }));
    }
    found
}

/// How far one level stands in, and how far one does where there are many.
const LEVEL: f32 = 8.0;
const DEEP_LEVEL: f32 = 3.0;
/// So many levels are roomy.
const ROOMY: usize = 3;
/// So many levels stand in at all.
const DEEPEST: usize = 12;
/// How far below its top the line enters a card.
const ENTRY: f32 = 18.0;

fn inset(depth: usize) -> f32 {
    let deep = depth.min(DEEPEST).saturating_sub(ROOMY);
    LEVEL * depth.min(ROOMY) as f32 + DEEP_LEVEL * deep as f32
}

/// Where cards end that others hang below.
#[derive(Debug, Default)]
pub(super) struct Joints {
    bottoms: BTreeMap<usize, f32>,
}

impl Joints {
    /// A card that stands in by its depth, with a line that leads to it from its parent's.
    pub(super) fn branched_ui(&mut self, ui: &mut Ui, branch: &Branch, add: impl FnOnce(&mut Ui)) {
        let inset_here = inset(branch.depth);
        let whole = ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(inset_here);
            ui.vertical(add);
        });
        let rect = whole.response.rect;
        self.bottoms.insert(branch.index, rect.bottom());
        let Some(from) = branch.parent.and_then(|parent| self.bottoms.get(&parent)) else { return };
        let level = inset_here - inset(branch.depth - 1);
        let (x, to) = (rect.left() + inset_here - level * 0.6, rect.top() + ENTRY);
        let stroke = Stroke::new(1.5, tokens(ui).faint);
        ui.painter().vline(x, *from..=to, stroke);
        ui.painter().hline(x..=rect.left() + inset_here, to, stroke);
    }
}

#[cfg(test)]
mod tests {
    use crate::experiment::check;

    use super::*;

    fn shown(lanes: &[(&str, Option<&str>)], pinned: Option<usize>) -> Vec<String> {
        let lanes: Vec<String> = lanes
            .iter()
            .map(|(name, from)| {
                let from = from.map(|from| format!("from: (lane: \"{from}\", step: 2), "));
                let from = from.unwrap_or_default();
                format!("(name: \"{name}\", {from}optimizer: Sgd(learning_rate: 0.1))")
            })
            .collect();
        let text = format!(
            "(version: 1, task: Surface(function: Sphere, start: (1.0, 1.0)), training: (steps: 9), lanes: [{}])",
            lanes.join(", ")
        );
        let valid = check(&text).expect("valid");
        let specs = &valid.experiment().lanes;
        let branches = branches(specs, pinned);
        branches.iter().map(|b| format!("{}{}", "-".repeat(b.depth), specs[b.index].name)).collect()
    }

    #[test]
    fn forks_hang_below_their_parent_whatever_the_files_order() {
        let lanes = [
            ("a", None),
            ("b", Some("a")),
            ("c", Some("a")),
            ("d", Some("b")),
            ("e", None),
            ("f", Some("d")),
        ];
        assert_eq!(shown(&lanes, None), ["a", "-b", "--d", "---f", "-c", "e"]);
        assert_eq!(shown(&lanes, Some(4)), ["e", "a", "-b", "--d", "---f", "-c"]);
        // A pinned fork hangs nowhere, and takes its own forks along.
        assert_eq!(shown(&lanes, Some(1)), ["b", "-d", "--f", "a", "-c", "e"]);
    }

    #[test]
    fn every_level_stands_in_further() {
        let all: Vec<f32> = (0..=DEEPEST).map(inset).collect();
        assert!(all.windows(2).all(|two| two[0] < two[1]) && all[DEEPEST] < 60.0, "{all:?}");
    }
}
