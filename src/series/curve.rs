//! Points at some steps: epoch means, evaluations.
//!
//! Invariant: points ascend strictly by step. Steps that follow each other evenly take no memory, so
//! an epoch curve costs one number an epoch.

use std::ops::Range;
use std::sync::Arc;

use crate::numeric::Precision;
use crate::train::{SEGMENT_LEN, Segment};

use super::columns::Mark;
use super::{Bucket, Columns, Series};

/// Samples of a curve's first segment; each following one is twice as long, up to [`SEGMENT_LEN`].
const FIRST_SEGMENT: usize = 256;

/// A value at a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// After how many updates.
    pub step: u64,
    /// What was measured there.
    pub value: f64,
}

/// Points at ascending steps.
#[derive(Debug, Clone, Default)]
pub struct Curve {
    runs: Vec<Run>,
    values: Series,
    /// The segment being written, and the index of its first point.
    tail: Option<(u64, Arc<Segment>)>,
}

/// Points from `index` on lie at `step`, `step + stride`, …
#[derive(Debug, Clone, Copy)]
struct Run {
    index: u64,
    step: u64,
    /// 0 while the run has one point.
    stride: u64,
}

impl Curve {
    /// A curve without points.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a point. Points at its step and after belong to an older branch and are dropped.
    pub fn push(&mut self, step: u64, value: f64) {
        if self.last().is_some_and(|last| last.step >= step) {
            self.keep(self.index_of(step));
        }
        let index = self.len();
        let before = index.checked_sub(1).map(|i| self.step_of(i));
        match (self.runs.last_mut(), before) {
            (Some(run), Some(before)) if run.stride == 0 => run.stride = step - before,
            (Some(run), Some(before)) if step - before == run.stride => {}
            _ => self.runs.push(Run { index, step, stride: 0 }),
        }
        self.write(index, value);
    }

    /// Drops the points after `step`.
    pub fn truncate(&mut self, step: u64) {
        self.keep(self.index_of(step.saturating_add(1)));
    }

    /// How many points.
    pub fn len(&self) -> u64 {
        self.values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Point `index`, from 0; `None` beyond the end, and where single points are no longer kept.
    pub fn get(&self, index: u64) -> Option<Point> {
        let value = self.values.get(index)?;
        Some(Point { step: self.step_of(index), value })
    }

    /// The latest point.
    pub fn last(&self) -> Option<Point> {
        self.get(self.len().checked_sub(1)?)
    }

    /// The last point at or before `step`.
    pub fn at(&self, step: u64) -> Option<Point> {
        self.get(self.index_of(step.saturating_add(1)).checked_sub(1)?)
    }

    /// The first point after `step`.
    pub fn after(&self, step: u64) -> Option<Point> {
        self.get(self.index_of(step.saturating_add(1)))
    }

    /// What stands for the points of `steps`.
    #[must_use]
    pub fn range(&self, steps: Range<u64>) -> Option<Bucket> {
        self.values.range(self.indices(&steps)).map(|bucket| self.placed(bucket))
    }

    /// At most about `columns` columns (see [`Series::look`]) that show the points of `steps`, and one
    /// point more on either side so that a line runs to the edge.
    pub fn look(&self, steps: Range<u64>, columns: usize, kept: &mut Columns) {
        let Range { start, end } = self.indices(&steps);
        let points = start.saturating_sub(1)..end + 1;
        self.values.look_placed(points, columns, kept, |bucket| self.placed(bucket));
    }

    /// The name that it keeps as long as it only grows.
    pub(super) fn mark(&self) -> &Mark {
        self.values.mark()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.values.bytes() + self.runs.capacity() * size_of::<Run>()
    }

    /// As [`Series::shrink_to`].
    pub fn shrink_to(&mut self, bytes: usize) {
        self.values.shrink_to(bytes);
    }

    /// How many points lie before `step`.
    fn index_of(&self, step: u64) -> u64 {
        let at = self.runs.partition_point(|run| run.step < step);
        let Some(run) = at.checked_sub(1).map(|i| self.runs[i]) else { return 0 };
        let end = self.runs.get(at).map_or(self.len(), |next| next.index);
        let past = (step - 1 - run.step).checked_div(run.stride).unwrap_or(0);
        (run.index + past + 1).min(end)
    }

    fn indices(&self, steps: &Range<u64>) -> Range<u64> {
        self.index_of(steps.start)..self.index_of(steps.end)
    }

    fn step_of(&self, index: u64) -> u64 {
        let at = self.runs.partition_point(|run| run.index <= index);
        let Some(run) = at.checked_sub(1).map(|i| self.runs[i]) else { return 0 };
        run.step + (index - run.index) * run.stride
    }

    fn placed(&self, bucket: Bucket) -> Bucket {
        Bucket {
            first_step: self.step_of(bucket.first_step),
            last_step: self.step_of(bucket.last_step),
            ..bucket
        }
    }

    fn keep(&mut self, len: u64) {
        if len >= self.len() {
            return;
        }
        self.values.truncate(len);
        self.runs.retain(|run| run.index < len);
        if let Some(run) = self.runs.last_mut()
            && len - run.index == 1
        {
            run.stride = 0;
        }
        self.tail = None;
    }

    fn write(&mut self, index: u64, value: f64) {
        let full = self
            .tail
            .as_ref()
            .is_none_or(|(first, segment)| (index - first) as usize >= segment.capacity());
        if full {
            let grown = self.tail.as_ref().map_or(FIRST_SEGMENT, |(_, s)| s.capacity() * 2);
            let capacity = grown.min(SEGMENT_LEN);
            let segment = Arc::new(Segment::with_capacity(Precision::F64, capacity));
            self.values.adopt(index, Arc::clone(&segment));
            self.tail = Some((index, segment));
        }
        if let Some((first, segment)) = &self.tail {
            let at = (index - first) as usize;
            segment.store_bits(at, value.to_bits());
            segment.publish(at + 1);
        }
        self.values.refresh();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_found_by_step() {
        let mut curve = Curve::new();
        for (i, step) in [4_u64, 8, 12, 13, 20, 30, 40].into_iter().enumerate() {
            curve.push(step, i as f64);
        }
        assert_eq!(curve.at(3), None);
        assert_eq!(curve.at(4), Some(Point { step: 4, value: 0.0 }));
        assert_eq!(curve.at(11), Some(Point { step: 8, value: 1.0 }));
        assert_eq!(curve.at(19), Some(Point { step: 13, value: 3.0 }));
        assert_eq!(curve.after(13), Some(Point { step: 20, value: 4.0 }));
        assert_eq!(curve.after(0), Some(Point { step: 4, value: 0.0 }));
        assert_eq!(curve.after(40), None);
        assert_eq!(curve.last(), Some(Point { step: 40, value: 6.0 }));
        let found = curve.range(8..21).expect("points from 8 to 20");
        assert_eq!((found.first_step, found.last_step, found.finite), (8, 20, 4));
        assert_eq!((found.min, found.max), (1.0, 4.0));
    }

    #[test]
    fn a_branch_replaces_what_came_after() {
        let mut curve = Curve::new();
        (1..=10).for_each(|e| curve.push(e * 5, e as f64));
        let older = curve.clone();
        curve.truncate(27);
        assert_eq!(curve.last(), Some(Point { step: 25, value: 5.0 }));
        curve.push(28, 100.0);
        curve.push(30, 101.0);
        assert_eq!(curve.at(29), Some(Point { step: 28, value: 100.0 }));
        assert_eq!(curve.len(), 7);
        assert_eq!(older.at(50), Some(Point { step: 50, value: 10.0 }), "the clone keeps its own");
    }

    #[test]
    fn even_steps_take_one_run() {
        let mut curve = Curve::new();
        (0..10_000_u64).for_each(|e| curve.push(13 * (e + 1), 1.0 / (e + 1) as f64));
        assert_eq!(curve.runs.len(), 1);
        assert_eq!(curve.get(9_999).map(|p| p.step), Some(130_000));
        let mut columns = Columns::default();
        curve.look(0..130_001, 500, &mut columns);
        let out = columns.buckets();
        assert!(out.len() <= 502);
        assert_eq!(out[0].first_step, 13);
        assert_eq!(out[out.len() - 1].last_step, 130_000);
    }
}
