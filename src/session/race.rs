//! The race: by what lanes go abreast, which of them are drawn, and with every seed, which the others are compared with,
//! and what is to be reached. All of it is in the experiment's `view`, so undone and saved with it.

use crate::experiment::{Race, TextEdit, literal};

use super::workbench::Session;
use super::{Lane, LaneId};

/// A list of lanes in the experiment's `view`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Muted,
    Solo,
    EverySeed,
}

impl Session {
    /// Whether a lane's curves and pictures are drawn: it is not muted, and no others are solo.
    pub fn is_shown(&self, lane: &Lane) -> bool {
        let solo = &self.view().solo;
        let is_named = |name: &String| self.experiment().lane_index(name).is_some();
        if solo.iter().any(is_named) {
            return solo.iter().any(|name| name == lane.name());
        }
        !self.is_muted(lane.id)
    }

    /// Whether a lane trains without being drawn.
    pub fn is_muted(&self, id: LaneId) -> bool {
        self.is_in(List::Muted, id)
    }

    /// Whether a lane is among the only ones drawn.
    pub fn is_solo(&self, id: LaneId) -> bool {
        self.is_in(List::Solo, id)
    }

    /// Whether every seed of a lane is drawn, beside their median and the band.
    pub fn draws_every_seed(&self, id: LaneId) -> bool {
        self.is_in(List::EverySeed, id)
    }

    /// The lane that others are compared with, if one was chosen.
    pub fn pinned(&self) -> Option<LaneId> {
        let name = self.view().pinned.as_ref()?;
        self.ids.get(self.experiment().lane_index(name)?).copied()
    }

    /// The lane that others are compared with: the one chosen, else the first.
    pub fn compared_with(&self) -> Option<&Lane> {
        self.pinned().and_then(|id| self.lane(id)).or_else(|| self.lanes.first())
    }

    fn list(&self, list: List) -> &[String] {
        match list {
            List::Muted => &self.view().muted,
            List::Solo => &self.view().solo,
            List::EverySeed => &self.view().every_seed,
        }
    }

    fn is_in(&self, list: List, id: LaneId) -> bool {
        self.named(id).is_some_and(|name| self.list(list).iter().any(|other| other == name))
    }

    fn named(&self, id: LaneId) -> Option<&str> {
        Some(&*self.experiment().lanes.get(self.index_of(id)?)?.name)
    }

    pub(super) fn mute(&mut self, id: LaneId, on: bool) {
        self.put_on(List::Muted, id, on);
    }

    pub(super) fn solo(&mut self, id: LaneId, on: bool) {
        self.put_on(List::Solo, id, on);
    }

    pub(super) fn draw_seeds(&mut self, id: LaneId, on: bool) {
        self.put_on(List::EverySeed, id, on);
    }

    fn put_on(&mut self, list: List, id: LaneId, on: bool) {
        let Some(name) = self.named(id).map(str::to_owned) else { return };
        let mut names = self.list(list).to_vec();
        names.retain(|other| *other != name);
        let label = match (list, on) {
            (List::Muted, true) => format!("Mute {name}"),
            (List::Muted, false) => format!("Unmute {name}"),
            (List::Solo, true) => format!("Show {name} alone"),
            (List::Solo, false) => format!("Show others beside {name}"),
            (List::EverySeed, true) => format!("Draw every seed of {name}"),
            (List::EverySeed, false) => format!("Draw the band of {name} alone"),
        };
        if on {
            names.push(name);
        }
        if names != self.list(list) {
            self.edit_as(&[names_edit(list, &names)], self.ids.clone(), label, None);
        }
    }

    pub(super) fn pin(&mut self, id: Option<LaneId>) {
        let name = id.and_then(|id| self.named(id)).map(str::to_owned);
        let label = match &name {
            Some(name) => format!("Pin {name}"),
            None => "Unpin".to_owned(),
        };
        if name != self.view().pinned {
            let edit = lane_edit("view.pinned", name.as_deref());
            self.edit_as(&[edit], self.ids.clone(), label, None);
        }
    }

    pub(super) fn race_by(&mut self, rule: Race) {
        if rule != self.view().race {
            let path = "view.race";
            let edit = match rule {
                Race::Free => TextEdit::Remove { path: path.to_owned() },
                _ => TextEdit::set(path, literal(&rule)),
            };
            let label = format!("Race: {}", rule.label());
            self.edit_as(&[edit], self.ids.clone(), label, None);
        }
    }

    pub(super) fn aim_at(&mut self, target: Option<f64>) {
        let path = "view.target";
        let edit = match target {
            Some(target) => TextEdit::set(path, literal(&target)),
            None => TextEdit::Remove { path: path.to_owned() },
        };
        if target != self.view().target {
            self.edit_as(&[edit], self.ids.clone(), "Change target".to_owned(), None);
        }
    }

    /// Tells the lanes by what they go abreast.
    pub(super) fn sync_race(&self) {
        self.permits.course().set_rule(self.draft.valid().experiment().view.race);
    }

    /// The edits of `view` that go with another name of a lane, or, at `None`, with its end.
    pub(super) fn view_edits(&self, old: &str, new: Option<&str>) -> Vec<TextEdit> {
        let mut edits = Vec::new();
        for list in [List::Muted, List::Solo, List::EverySeed] {
            if self.list(list).iter().any(|name| name == old) {
                let kept = self.list(list).iter().filter_map(|name| {
                    if name == old { new.map(str::to_owned) } else { Some(name.clone()) }
                });
                edits.push(names_edit(list, &kept.collect::<Vec<_>>()));
            }
        }
        if self.view().pinned.as_deref() == Some(old) {
            edits.push(lane_edit("view.pinned", new));
        }
        if self.view().inside.lane.as_deref() == Some(old) {
            edits.push(lane_edit("view.inside.lane", new));
        }
        edits
    }
}

fn names_edit(list: List, names: &[String]) -> TextEdit {
    let path = match list {
        List::Muted => "view.muted",
        List::Solo => "view.solo",
        List::EverySeed => "view.every_seed",
    };
    if names.is_empty() {
        return TextEdit::Remove { path: path.to_owned() };
    }
    TextEdit::set(path, literal(&names))
}

fn lane_edit(path: &str, name: Option<&str>) -> TextEdit {
    match name {
        Some(name) => TextEdit::set(path, literal(&name)),
        None => TextEdit::remove(path),
    }
}
