//! The lanes' paths on the plane: laid by a worker, and growing as the lanes send their parameters.

use std::sync::Arc;

use crate::experiment::LanePlan;
use crate::lab::{Slice, Spot};
use crate::train::{BranchId, PictureKind, Place};

use super::super::workbench::Session;
use super::super::{Lane, LaneId};
use super::{Chart, Landscape};

/// Spots of a path, at most; past that every second one goes.
const MOST: usize = 4_096;
/// A lane so many times farther from the middle than the window's edge has left all bounds.
const RUNAWAY: f64 = 50.0;

/// A lane's path on the plane.
#[derive(Debug)]
pub(in crate::session) struct Traced {
    pub(super) lane: LaneId,
    plan: Arc<LanePlan>,
    branch: BranchId,
    /// The places that were found, with all their parameters.
    pub(super) places: Vec<Place>,
    /// Where it was after which updates, ascending.
    path: Vec<(u64, Spot)>,
    /// The parameters last taken in.
    seen: Option<Arc<[f64]>>,
    /// Whether it was out of the window when that was laid, and how far off the plane.
    was_out: bool,
    was_off: f64,
}

impl Traced {
    pub(super) fn new(
        lane: LaneId,
        plan: &Arc<LanePlan>,
        branch: BranchId,
        places: Vec<Place>,
    ) -> Self {
        let (plan, path) = (Arc::clone(plan), Vec::new());
        Self { lane, plan, branch, places, path, seen: None, was_out: false, was_off: 0.0 }
    }

    /// Whether it is the path of a lane as it runs now.
    pub(super) fn is_of(&self, lane: &Lane) -> bool {
        self.lane == lane.id && Arc::ptr_eq(&self.plan, &lane.plan) && self.branch == lane.branch()
    }

    pub(super) fn last_step(&self) -> u64 {
        self.places.last().map_or(0, |(step, _)| *step)
    }

    pub(super) fn project(&mut self, slice: &Slice) {
        let spot = |(step, place): &Place| Some((*step, slice.spot(place)?));
        self.path = self.places.iter().filter_map(spot).collect();
    }

    pub(super) fn spots(&self) -> impl Iterator<Item = [f64; 2]> + '_ {
        self.path.iter().map(|(_, spot)| spot.at)
    }

    /// Takes note of where it stands as the plane is new.
    pub(super) fn note_where_it_is(&mut self, chart: Option<&Chart>) {
        let (Some(chart), Some((_, last))) = (chart, self.path.last()) else { return };
        self.was_out = !chart.window.holds(last.at);
        self.was_off = last.off;
    }

    /// Whether it has walked out of the window, or far off the plane, since that was laid.
    pub(super) fn has_left(&self, chart: &Chart) -> bool {
        let Some((_, last)) = self.path.last() else { return false };
        let window = chart.window;
        let out = window.distance(last.at);
        let half = (window.x.1 - window.x.0).hypot(window.y.1 - window.y.0) * 0.5;
        let is_off = chart.follows_paths() && last.off > half && last.off > 1.5 * self.was_off;
        (out > 1.0 && out < RUNAWAY && !self.was_out) || (is_off && last.off < RUNAWAY * half)
    }

    /// Goes on to where the lane is now.
    fn follow(&mut self, step: u64, spot: Spot, chart: &Chart) {
        self.grow(step, spot);
        self.was_out &= !chart.window.holds(spot.at);
    }

    fn grow(&mut self, step: u64, spot: Spot) {
        let later = self.path.partition_point(|(at, _)| *at < step);
        self.path.truncate(later);
        self.path.push((step, spot));
        if self.path.len() > MOST {
            let mut index = 0;
            let last = self.path.len() - 1;
            self.path.retain(|_| {
                index += 1;
                index % 2 == 1 || index > last
            });
        }
    }
}

impl Landscape {
    pub(super) fn traces(&self, lane: LaneId) -> Option<&Traced> {
        self.traced.iter().find(|traced| traced.lane == lane)
    }

    /// A lane's path up to the step that is shown: steps and points, ascending. Empty where it has none.
    pub fn path(&self, lane: &Lane) -> &[(u64, Spot)] {
        let Some(traced) = self.traces(lane.id) else { return &[] };
        let until = lane.looked_at().unwrap_or(u64::MAX);
        &traced.path[..traced.path.partition_point(|(step, _)| *step <= until)]
    }

    /// Where a lane is, as it is shown: by the parameters it has sent, else where its path ends.
    pub fn spot(&self, lane: &Lane) -> Option<Spot> {
        let (chart, path) = (self.chart()?, self.path(lane));
        self.traces(lane.id)?;
        let sent = lane.pictures().parameters.as_ref().filter(|picture| {
            // What it sent before it went back is not where it is.
            picture.step == lane.shown_step() || lane.is_running()
        });
        let here = sent.and_then(|picture| match &picture.kind {
            PictureKind::Parameters(params) => chart.slice.spot(params),
            _ => None,
        });
        here.or_else(|| path.last().map(|(_, spot)| *spot))
    }
}

impl Session {
    /// Lets the paths grow by what the lanes have sent.
    pub(super) fn grow_paths(&mut self) {
        let Landscape { chart: Some(chart), traced, .. } = &mut self.landscape else { return };
        for traced in traced {
            let Some(lane) = self.lanes.iter().find(|lane| traced.is_of(lane)) else { continue };
            // On a surface the lane says by itself where it is.
            if let Some((step, at)) = lane.trail.last() {
                let is_new = traced.path.last().is_none_or(|(last, _)| last < step);
                if is_new {
                    traced.follow(*step, Spot { at: *at, off: 0.0 }, chart);
                }
                continue;
            }
            let Some(picture) = lane.live_parameters() else { continue };
            let PictureKind::Parameters(params) = &picture.kind else { continue };
            let is_new = traced.seen.as_ref().is_none_or(|seen| !Arc::ptr_eq(seen, params));
            if is_new && let Some(spot) = chart.slice.spot(params) {
                // The first may be older than the path.
                if picture.step > traced.last_step() {
                    traced.follow(picture.step, spot, chart);
                }
                traced.seen = Some(Arc::clone(params));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_grows_thins_and_goes_back() {
        let spot = |x: f64| Spot { at: [x, 0.0], off: 0.0 };
        let text = "(version: 1, task: Surface(function: Sphere, start: (1.0, 1.0)), training: \
            (steps: 5), lanes: [(name: \"a\", optimizer: Sgd(learning_rate: 0.1))])";
        let valid = crate::experiment::check(text).expect("valid");
        let plan = Arc::new(valid.prepare(&crate::data::NoFiles).expect("no data").remove(0));
        let mut traced = Traced::new(LaneId(1), &plan, BranchId(0), Vec::new());
        for step in 0..=MOST as u64 {
            traced.grow(step, spot(step as f64));
        }
        assert_eq!(traced.path.len(), MOST / 2 + 1);
        assert_eq!(traced.path.last().map(|(step, _)| *step), Some(MOST as u64));
        traced.grow(10, spot(-1.0));
        assert_eq!(traced.path.last(), Some(&(10, spot(-1.0))), "what came after is gone");
    }
}
