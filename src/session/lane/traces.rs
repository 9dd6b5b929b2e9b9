//! How a lane's picture was at earlier steps, as lines: the boundary between classes, or a fitted curve.
//!
//! Of every map that was taken its lines are kept, not the map, and of a long run few: the older, the
//! further apart. Invariant: all are of one plane, and of the branch that the lane is on; what is asked of
//! another plane begins anew. Each says which part of the plane it is of, as a picture of another shape shows
//! another part, and what was seen before is not lost by that.
//!
//! Deliberately not here: taking maps. Steps at which nobody looked have no line.

use std::sync::Arc;

use crate::numeric::{Range, Segment, turns};
use crate::train::{MapPlane, Picture, PictureKind, PictureRequest};

/// How many steps are kept at most.
const KEPT: usize = 48;

/// The lines of one step.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// After how many updates.
    pub step: u64,
    /// The ranges across and up of the map, in the plane's units.
    pub ranges: [Range; 2],
    /// Where the answer turned, in parts of the map's width and height.
    pub lines: Arc<[Segment]>,
    /// Of a map of one row of cells: what the model said in each.
    pub values: Arc<[f32]>,
}

/// The lines of some earlier steps, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    of: Option<MapPlane>,
    kept: Vec<Trace>,
}

impl Trace {
    /// The lines of a map; none of any other picture.
    pub(super) fn of(picture: &Picture) -> Option<Self> {
        let PictureKind::Regions { request, outputs, width, .. } = &picture.kind else {
            return None;
        };
        let PictureRequest::Regions { x, y, cells, .. } = request else { return None };
        let is_row = cells.1 == 1;
        let lines = if is_row { Vec::new() } else { turns(outputs, *width, cells.0) };
        let values = if is_row { Arc::clone(outputs) } else { Arc::new([]) };
        Some(Self { step: picture.step, ranges: [*x, *y], lines: lines.into(), values })
    }
}

impl Traces {
    /// Keeps the lines of a map that is finished.
    pub(super) fn keep(&mut self, picture: &Picture, trace: &Trace) {
        let PictureKind::Regions { request, grain: 1, .. } = &picture.kind else { return };
        let PictureRequest::Regions { plane, .. } = request else { return };
        if self.of.as_ref() != Some(plane) {
            self.of = Some(plane.clone());
            self.kept.clear();
        }
        match self.kept.binary_search_by_key(&trace.step, |kept| kept.step) {
            Ok(at) => self.kept[at] = trace.clone(),
            Err(at) => self.kept.insert(at, trace.clone()),
        }
        if self.kept.len() > KEPT {
            self.thin();
        }
    }

    /// Whether the lines of a step on the plane of a map are kept.
    pub(super) fn has(&self, picture: &Picture) -> bool {
        let PictureKind::Regions { request, .. } = &picture.kind else { return true };
        let PictureRequest::Regions { plane, x, y, .. } = request else { return true };
        let found = self.kept.binary_search_by_key(&picture.step, |kept| kept.step);
        self.of.as_ref() == Some(plane) && found.is_ok_and(|at| self.kept[at].ranges == [*x, *y])
    }

    /// Forgets what lies after `step`.
    pub(super) fn truncate(&mut self, step: u64) {
        self.kept.retain(|trace| trace.step <= step);
    }

    /// At most `count` of the steps before `step` on the plane of `request`, oldest first, at distances
    /// that double: about half of the way back, a quarter, and so on, and the first of all.
    pub fn before(&self, request: &PictureRequest, step: u64, count: usize) -> Vec<&Trace> {
        let PictureRequest::Regions { plane, x, y, .. } = request else { return Vec::new() };
        let before = &self.kept[..self.kept.partition_point(|trace| trace.step < step)];
        // Curves have no other parts: theirs is all of the feature.
        let fits = |trace: &&Trace| trace.values.is_empty() || trace.ranges == [*x, *y];
        let earlier: Vec<&Trace> = before.iter().filter(fits).collect();
        let Some(first) = earlier.first().filter(|_| self.of.as_ref() == Some(plane)) else {
            return Vec::new();
        };
        let far = step - first.step;
        let mut found: Vec<&Trace> = Vec::new();
        for power in 0..count {
            let wanted = step - (far >> power.min(63));
            let nearest = earlier.iter().copied().min_by_key(|trace| trace.step.abs_diff(wanted));
            let nearest = nearest.filter(|n| found.last().is_none_or(|last| last.step < n.step));
            found.extend(nearest);
        }
        found
    }

    /// Gives up the step whose absence shows least: whose neighbours lie closest together for their age.
    fn thin(&mut self) {
        let Some(last) = self.kept.last().map(|trace| trace.step) else { return };
        let gap = |at: &usize| {
            let (before, after) = (self.kept[at - 1].step, self.kept[at + 1].step);
            (after - before) as f64 / (last - self.kept[*at].step).max(1) as f64
        };
        let inner = 1..self.kept.len().saturating_sub(1);
        if let Some(at) = inner.min_by(|a, b| gap(a).total_cmp(&gap(b))) {
            self.kept.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::MapPlane;

    fn request(feature: usize) -> PictureRequest {
        let plane = MapPlane::Features([feature, 1]);
        PictureRequest::Regions { plane, x: (0.0, 1.0), y: (0.0, 1.0), cells: (2, 2) }
    }

    fn map(step: u64, feature: usize) -> Picture {
        let kind = PictureKind::Regions {
            request: request(feature),
            outputs: [0.0, 1.0, 0.0, 1.0].into(),
            width: 1,
            grain: 1,
        };
        Picture { step, kind }
    }

    fn keep(traces: &mut Traces, picture: &Picture) {
        traces.keep(picture, &Trace::of(picture).expect("a map"));
    }

    fn steps(traces: &Traces, step: u64) -> Vec<u64> {
        traces.before(&request(0), step, 6).iter().map(|trace| trace.step).collect()
    }

    #[test]
    fn few_steps_of_a_long_run_are_kept_and_the_older_the_further_apart() {
        let mut traces = Traces::default();
        for step in 0..20_000 {
            keep(&mut traces, &map(step, 0));
        }
        assert_eq!(traces.kept.len(), KEPT);
        assert_eq!(traces.kept[0].step, 0);
        assert_eq!(traces.kept[KEPT - 1].step, 19_999);
        for two in traces.kept.windows(2).skip(1) {
            let (gap, age) = (two[1].step - two[0].step, 20_000 - two[1].step);
            assert!(gap as f64 <= 2.0 + 0.8 * age as f64, "{gap} at {age}");
        }
        let found = steps(&traces, 16_000);
        assert_eq!(found[0], 0);
        assert!(found.windows(3).all(|w| w[1] - w[0] > w[2] - w[1]), "{found:?}");
        assert!(found.iter().all(|step| *step < 16_000));
    }

    #[test]
    fn what_is_cut_off_is_forgotten_and_another_plane_begins_anew() {
        let mut traces = Traces::default();
        for step in [10, 0, 30, 20] {
            keep(&mut traces, &map(step, 0));
        }
        assert_eq!(steps(&traces, 30), [0, 10, 20]);
        assert_eq!(steps(&traces, 20), [0, 10]);
        assert!(traces.has(&map(30, 0)) && !traces.has(&map(30, 2)) && !traces.has(&map(31, 0)));
        traces.truncate(20);
        assert_eq!(steps(&traces, 99), [0, 20], "{:?}", steps(&traces, 99));
        keep(&mut traces, &map(5, 2));
        assert!(steps(&traces, 99).is_empty(), "of another plane");
        assert_eq!(traces.kept.len(), 1);
    }

    #[test]
    fn a_picture_of_another_shape_keeps_what_was_seen() {
        let mut traces = Traces::default();
        for step in [0, 10, 20] {
            keep(&mut traces, &map(step, 0));
        }
        let wide = |step| {
            let mut map = map(step, 0);
            if let PictureKind::Regions { request: PictureRequest::Regions { x, .. }, .. } =
                &mut map.kind
            {
                *x = (-1.0, 2.0);
            }
            map
        };
        assert!(!traces.has(&wide(20)), "it shows more than the one that is kept");
        keep(&mut traces, &wide(20));
        keep(&mut traces, &wide(30));
        assert_eq!(steps(&traces, 30), [0, 10, 20]);
        assert_eq!(traces.kept.len(), 4);
        let ranges: Vec<Range> = traces.kept.iter().map(|trace| trace.ranges[0]).collect();
        assert_eq!(ranges, [(0.0, 1.0), (0.0, 1.0), (-1.0, 2.0), (-1.0, 2.0)]);
    }

    #[test]
    fn a_map_of_one_row_is_a_curve_and_a_coarse_map_is_not_kept() {
        let kind = |cells, grain| PictureKind::Regions {
            request: PictureRequest::Regions {
                plane: MapPlane::Features([0, 0]),
                x: (0.0, 1.0),
                y: (0.0, 0.0),
                cells,
            },
            outputs: [0.25, 0.75].into(),
            width: 1,
            grain,
        };
        let curve = Trace::of(&Picture { step: 3, kind: kind((2, 1), 1) }).expect("a map");
        assert_eq!((curve.values.len(), curve.lines.len()), (2, 0));
        let coarse = Picture { step: 4, kind: kind((2, 1), 2) };
        let mut traces = Traces::default();
        traces.keep(&coarse, &curve);
        assert!(traces.kept.is_empty());
        let other = Picture { step: 4, kind: PictureKind::Parameters([].into()) };
        assert!(Trace::of(&other).is_none());
    }
}
