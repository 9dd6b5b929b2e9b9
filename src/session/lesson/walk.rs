//! A walk on a surface, step by step, by somebody who sees nothing but its height.

use crate::experiment::Task;
use crate::lesson::Walk;
use crate::objective::surface_value;

/// A walk: where it has been, and how high that was.
#[derive(Debug, Clone, PartialEq)]
pub struct WalkRun {
    walk: Walk,
    function: crate::catalog::Chosen<crate::objective::Surfaces>,
    places: Vec<[f64; 2]>,
    heights: Vec<f64>,
    is_revealed: bool,
}

impl WalkRun {
    /// At the start of a surface; none where there is no surface.
    pub(super) fn begin(walk: &Walk, task: &Task) -> Option<Self> {
        let Task::Surface(surface) = task else { return None };
        let start = [surface.start.0, surface.start.1];
        let height = surface_value(&surface.function, start[0], start[1]);
        Some(Self {
            walk: walk.clone(),
            function: surface.function.clone(),
            places: vec![start],
            heights: vec![height],
            is_revealed: false,
        })
    }

    /// One step further, if there is one left.
    pub(super) fn go(&mut self, by: [f64; 2]) {
        let Some(place) = self.places.last().copied() else { return };
        if self.left() > 0 && !self.is_revealed && by.iter().all(|b| b.is_finite()) {
            let next = [place[0] + by[0], place[1] + by[1]];
            self.heights.push(surface_value(&self.function, next[0], next[1]));
            self.places.push(next);
        }
    }

    pub(super) fn reveal(&mut self) {
        self.is_revealed = true;
    }

    /// What the walk is to reach.
    pub fn walk(&self) -> &Walk {
        &self.walk
    }

    /// The surface.
    pub fn function(&self) -> &crate::catalog::Chosen<crate::objective::Surfaces> {
        &self.function
    }

    /// Where it has been, from the start on. To be shown only when the map is.
    pub fn places(&self) -> &[[f64; 2]] {
        &self.places
    }

    /// How high it was there.
    pub fn heights(&self) -> &[f64] {
        &self.heights
    }

    /// The lowest it has been.
    pub fn lowest(&self) -> f64 {
        self.heights.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// How many steps are left.
    pub fn left(&self) -> u64 {
        self.walk.steps.saturating_sub(self.places.len() as u64 - 1)
    }

    /// Whether it has been low enough.
    pub fn is_met(&self) -> bool {
        self.lowest() < self.walk.below
    }

    /// Whether the map is shown.
    pub fn is_revealed(&self) -> bool {
        self.is_revealed
    }
}
