//! Which parts of the middle of the window are on screen, and where they stand.
//!
//! Deliberately not here: what a pane shows, and how high it is.

use serde::{Deserialize, Serialize};

/// A part of the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Pane {
    /// The curves of all lanes.
    Curve,
    /// A tile a lane: what each has learnt.
    Lanes,
    /// The lanes in numbers, and what they differ in.
    Results,
    /// The loss around the lanes, with their paths.
    Landscape,
    /// The inside of one lane's model: its units, its weights, how its numbers are spread.
    Inside,
}

impl Pane {
    /// All of them, in the order of menus.
    pub const ALL: &[Self] =
        &[Self::Curve, Self::Lanes, Self::Landscape, Self::Inside, Self::Results];

    /// What it is called.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Curve => "Curves",
            Self::Lanes => "Lanes' tiles",
            Self::Results => "Results",
            Self::Landscape => "Landscape",
            Self::Inside => "Inside",
        }
    }
}

/// A place next to a pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In its row, before it.
    Left,
    /// In its row, after it.
    Right,
    /// In a row of its own, above it.
    Above,
    /// In a row of its own, below it.
    Below,
}

/// A change of what is on screen, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrange {
    /// Shows a pane.
    Open(Pane),
    /// Puts a pane away. The last one stays.
    Close(Pane),
    /// Gives a pane all the room; none gives it back.
    Maximise(Option<Pane>),
    /// Puts a pane next to another one.
    Move(Pane, Side, Pane),
}

/// The panes on screen: rows from the top, each from the left.
///
/// Invariant, once validated: no row is empty, no pane stands twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Panes(pub Vec<Vec<Pane>>);

/// Panes that a row is filled up to when another one is opened.
const ABREAST: usize = 2;

impl Default for Panes {
    fn default() -> Self {
        Self(vec![vec![Pane::Curve], vec![Pane::Lanes]])
    }
}

impl Panes {
    /// The rows, from the top.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Pane>] {
        &self.0
    }

    /// All panes, row by row.
    pub fn iter(&self) -> impl Iterator<Item = Pane> {
        self.0.iter().flatten().copied()
    }

    /// Whether a pane is on screen.
    #[must_use]
    pub fn has(&self, pane: Pane) -> bool {
        self.iter().any(|other| other == pane)
    }

    /// With a pane on screen: beside others where a row has room, else below.
    #[must_use]
    pub fn with(mut self, pane: Pane) -> Self {
        if self.has(pane) {
            return self;
        }
        match self.0.iter_mut().find(|row| row.len() < ABREAST) {
            Some(row) => row.push(pane),
            None => self.0.push(vec![pane]),
        }
        self
    }

    /// Without a pane, unless it is the last one.
    #[must_use]
    pub fn without(mut self, pane: Pane) -> Self {
        if self.iter().count() > 1 {
            self.take(pane);
        }
        self
    }

    /// With a pane at a side of another one.
    #[must_use]
    pub fn moved(mut self, pane: Pane, side: Side, target: Pane) -> Self {
        if pane == target || !self.has(target) {
            return self;
        }
        self.take(pane);
        let place = |row: &Vec<Pane>| row.iter().position(|other| *other == target);
        let found = self.0.iter().enumerate().find_map(|(at, row)| Some((at, place(row)?)));
        let Some((row, column)) = found else { return self };
        match side {
            Side::Left => self.0[row].insert(column, pane),
            Side::Right => self.0[row].insert(column + 1, pane),
            Side::Above => self.0.insert(row, vec![pane]),
            Side::Below => self.0.insert(row + 1, vec![pane]),
        }
        self
    }

    fn take(&mut self, pane: Pane) {
        for row in &mut self.0 {
            row.retain(|other| *other != pane);
        }
        self.0.retain(|row| !row.is_empty());
    }

    /// What is wrong with it, if anything is.
    pub(in crate::experiment) fn problem(&self) -> Option<String> {
        if self.0.is_empty() || self.0.iter().any(Vec::is_empty) {
            return Some("a row without a pane".to_owned());
        }
        let twice = self.iter().find(|pane| self.iter().filter(|other| other == pane).count() > 1);
        twice.map(|pane| format!("{pane:?} twice"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(panes: &Panes) -> &[Vec<Pane>] {
        panes.rows()
    }

    #[test]
    fn a_pane_is_opened_where_there_is_room_and_the_last_one_stays() {
        let closed = Panes::default().without(Pane::Lanes);
        assert_eq!(rows(&closed), [vec![Pane::Curve]]);
        assert_eq!(closed.clone().without(Pane::Curve), closed);
        assert_eq!(rows(&closed.with(Pane::Lanes)), [vec![Pane::Curve, Pane::Lanes]]);
    }

    #[test]
    fn a_pane_moves_to_each_side_of_another() {
        let moved = |side| Panes::default().moved(Pane::Lanes, side, Pane::Curve).0;
        assert_eq!(moved(Side::Left), [[Pane::Lanes, Pane::Curve]]);
        assert_eq!(moved(Side::Right), [[Pane::Curve, Pane::Lanes]]);
        assert_eq!(moved(Side::Above), [[Pane::Lanes], [Pane::Curve]]);
        assert_eq!(moved(Side::Below), [[Pane::Curve], [Pane::Lanes]]);
    }

    #[test]
    fn rows_that_cannot_be_drawn_are_told() {
        let problem = |rows: &[&[Pane]]| Panes(rows.iter().map(|r| r.to_vec()).collect()).problem();
        assert_eq!(problem(&[]), Some("a row without a pane".to_owned()));
        assert_eq!(problem(&[&[Pane::Curve], &[]]), Some("a row without a pane".to_owned()));
        assert_eq!(problem(&[&[Pane::Curve], &[Pane::Curve]]), Some("Curve twice".to_owned()));
        assert_eq!(problem(&[&[Pane::Lanes]]), None);
    }
}
