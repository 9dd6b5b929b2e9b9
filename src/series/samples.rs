//! One number per update, from the first update on.
//!
//! A series shares the segments its lane writes into and copies nothing. [`Series::refresh`] looks
//! how far the lane has got and summarises what is new; everything read in between shows that one
//! moment. Where much is new at once, [`Series::refresh_for`] moves that moment on bit by bit. Going back to a step shares everything before it.
//!
//! Invariant: a bucket's least and greatest value are those of its samples, exactly, except where
//! [`Series::shrink_to`] gave up detail: there a range may be widened to the stretch that is kept.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::train::Segment;

use super::bucket::{Bucket, Node};
use super::columns::{Columns, Mark};
use super::pieces::Pieces;
use super::pyramid::{BLOCK, FINEST, LOW, Pyramid};

/// Blocks at the front and at the back that keep every sample, whatever the memory.
const KEPT_BLOCKS: usize = 16;

/// Samples that are summarised between two looks at the clock.
const AT_ONCE: u64 = 1 << 14;

/// Stretches that are brought back and kept at once.
const RECALLED: usize = 4;
/// The widest view that brings samples back.
const LONGEST_RECALLED: u64 = 1 << 22;

/// What is given up first, second and third when memory is short: how many of the finest levels of
/// summaries (the first step gives up the raw samples alone).
const GIVEN_UP: [usize; 3] = [0, 2, LOW];

/// Samples 0, 1, 2, …: sample k is what was measured after k updates.
#[derive(Debug, Clone, Default)]
pub struct Series {
    pieces: Pieces,
    pyramid: Pyramid,
    len: u64,
    /// Per step of giving up, the first block that has not taken it.
    given_up: [usize; 3],
    /// Stretches of single samples that were brought back, oldest first.
    recalled: Vec<Range<u64>>,
    mark: Mark,
}

impl Series {
    /// An empty series.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a segment whose first sample is sample `first_step`. Samples the series already has
    /// from there on belong to an older branch and are dropped from this one.
    pub fn adopt(&mut self, first_step: u64, segment: Arc<Segment>) {
        self.truncate(first_step);
        self.pieces.push(first_step, segment);
    }

    /// Looks how far the lane has got; true if there is something new.
    pub fn refresh(&mut self) -> bool {
        let before = self.len;
        self.refresh_for(Duration::MAX);
        self.len > before
    }

    /// As [`Series::refresh`], for at most about `budget`, but some ten thousand samples at least. False
    /// if more is there: until the next time the series ends where this time ended.
    pub fn refresh_for(&mut self, budget: Duration) -> bool {
        let end = self.pieces.end().max(self.len);
        let is_long = end - self.pyramid.len() > AT_ONCE;
        let begin = is_long.then(Instant::now);
        loop {
            let from = self.pyramid.len();
            let to = end.min(from + AT_ONCE);
            let pyramid = &mut self.pyramid;
            self.pieces.summarise(from, to, |node| pyramid.push(node));
            if to == end {
                self.len = end;
                return true;
            }
            if begin.is_some_and(|begin| begin.elapsed() >= budget) {
                self.len = self.len.max(to);
                return false;
            }
        }
    }

    /// Keeps the samples of the first `steps` updates only. Clones keep theirs.
    pub fn truncate(&mut self, steps: u64) {
        if steps < self.len {
            self.mark = self.mark.renewed(steps);
        }
        self.pieces.truncate(steps);
        self.pyramid.truncate(steps);
        self.len = self.len.min(steps);
        let block = (steps / BLOCK) as usize;
        self.given_up.iter_mut().for_each(|b| *b = (*b).min(block));
        self.recalled.retain(|stretch| stretch.end <= steps);
    }

    /// How many samples there are, as of the last [`Series::refresh`].
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is no sample yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Sample `index`; `None` beyond the end, and where single samples are no longer kept.
    pub fn get(&self, index: u64) -> Option<f64> {
        if index < self.len { self.pieces.get(index) } else { None }
    }

    /// The name that it keeps as long as it only grows.
    pub(super) fn mark(&self) -> &Mark {
        &self.mark
    }

    /// Fills `out` with the samples from `start` on, up to where they end or cease to be kept one by one;
    /// or, where they are not kept, with the mean of the finest stretch that is, for each of its samples.
    /// How many, and whether they are means.
    pub(super) fn read_on(&self, start: u64, out: &mut [f64]) -> (usize, bool) {
        let room = out.len().min(self.len.saturating_sub(start) as usize);
        let found = self.pieces.read(start, &mut out[..room]);
        if found > 0 || room == 0 {
            return (found, false);
        }
        let Some((node, end)) = self.pyramid.covering(start) else { return (0, true) };
        let count = room.min((end - start) as usize);
        out[..count].fill(Bucket::new(start, end - 1, node).mean);
        (count, true)
    }

    /// The latest sample.
    pub fn last(&self) -> Option<f64> {
        self.get(self.len.checked_sub(1)?)
    }

    /// What stands for the samples of `steps`, or for those of them that exist.
    #[must_use]
    pub fn range(&self, steps: Range<u64>) -> Option<Bucket> {
        let end = steps.end.min(self.len);
        if steps.start >= end {
            return None;
        }
        let node = self.fold(steps.start, end);
        let mut bucket = Bucket::new(steps.start, end - 1, &node);
        // Single samples lie far apart in memory: looked at only where one may not be finite.
        bucket.breaks = node.non_finite > 0
            && self.pieces.get(end - 1).is_some_and(|sample| !sample.is_finite());
        Some(bucket)
    }

    /// Fills `out` with at most about `columns` buckets (two more at most) that together show all
    /// samples of `steps`.
    ///
    /// Buckets are equally wide and begin at multiples of their width, and widths come from a fixed
    /// list, so that a plot that scrolls or grows does not flicker; the outermost may reach beyond
    /// `steps`. The work depends on `columns`, not on the number of samples.
    pub fn view(&self, steps: Range<u64>, columns: usize, out: &mut Vec<Bucket>) {
        out.clear();
        out.extend(self.stretches(steps, columns).filter_map(|stretch| self.range(stretch)));
    }

    /// As [`Series::view`], into columns that were looked at before: only what is new since is folded.
    pub fn look(&self, steps: Range<u64>, columns: usize, kept: &mut Columns) {
        self.look_placed(steps, columns, kept, |bucket| bucket);
    }

    pub(super) fn look_placed(
        &self,
        steps: Range<u64>,
        columns: usize,
        kept: &mut Columns,
        placed: impl Fn(Bucket) -> Bucket,
    ) {
        kept.look(self, &self.mark, self.stretches(steps, columns), placed);
    }

    /// One column for each pair of neighbours in `edges` (ascending) that has samples between them: for
    /// axes along which columns are not equally many samples wide.
    pub fn look_at(&self, edges: &[u64], kept: &mut Columns) {
        let stretches = edges.windows(2).map(|edge| edge[0]..edge[1]);
        kept.look(self, &self.mark, stretches.filter(|stretch| !stretch.is_empty()), |b| b);
    }

    /// What stands under each column of a view.
    fn stretches(&self, steps: Range<u64>, columns: usize) -> impl Iterator<Item = Range<u64>> {
        let end = if columns == 0 { 0 } else { steps.end.min(self.len) };
        let width = tidy((steps.end.saturating_sub(steps.start)).div_ceil(columns.max(1) as u64));
        let first = steps.start / width * width;
        let first = if steps.start < end { first } else { end };
        (first..end).step_by(width as usize).map(move |at| at..at + width)
    }

    /// Bytes held, segments that are shared with others included.
    pub fn bytes(&self) -> usize {
        self.pieces.bytes() + self.pyramid.bytes()
    }

    /// Gives up detail until [`Series::bytes`] is at most `bytes`, or nothing more may go: the first
    /// and the latest million samples always stay; between them first the single samples go,
    /// oldest first, then the finer summaries.
    pub fn shrink_to(&mut self, bytes: usize) {
        let end = ((self.pyramid.len() / BLOCK) as usize).saturating_sub(KEPT_BLOCKS);
        for (step, levels) in GIVEN_UP.into_iter().enumerate() {
            let mut at = self.given_up[step].max(KEPT_BLOCKS);
            while at < end && self.bytes() > bytes {
                if levels == 0 {
                    let front = KEPT_BLOCKS as u64 * BLOCK;
                    self.pieces.give_up(&(front..(at as u64 + 1) * BLOCK));
                } else {
                    self.pyramid.give_up(at, levels);
                }
                at += 1;
                self.given_up[step] = at;
            }
        }
    }

    /// The first stretch whose single samples a view of `steps` in so many columns would need to be
    /// exact, and which were given up for memory; whole blocks of them where the gap is wider. A view of
    /// more than four million samples is too far away to ask.
    pub fn lacks(&self, steps: &Range<u64>, columns: usize) -> Option<Range<u64>> {
        let shown = steps.start..steps.end.min(self.len);
        if columns == 0 || shown.is_empty() || shown.end - shown.start > LONGEST_RECALLED {
            return None;
        }
        let width = (steps.end - steps.start).div_ceil(columns as u64);
        let gap = self.pieces.gap(&shown)?;
        let first = gap.start.max(shown.start);
        if width >= self.pyramid.finest(first) {
            return None;
        }
        let start = (first / BLOCK * BLOCK).max(gap.start);
        let end = (shown.end.div_ceil(BLOCK) * BLOCK).min(gap.end);
        Some(start..end)
    }

    /// Takes in single samples that were given up, from sample `first` on, in segments end to end. The
    /// oldest stretch brought back goes again when there are more than a few.
    pub fn recall(&mut self, segments: impl IntoIterator<Item = (u64, Arc<Segment>)>) {
        let mut whole: Option<Range<u64>> = None;
        for (first, segment) in segments {
            let end = first + segment.len() as u64;
            whole = Some(whole.map_or(first, |w| w.start)..end);
            self.pieces.fill(first, segment);
        }
        self.recalled.extend(whole);
        self.mark = self.mark.renewed(self.len);
        if self.recalled.len() > RECALLED {
            let oldest = self.recalled.remove(0);
            self.pieces.give_up(&oldest);
        }
    }

    fn fold(&self, start: u64, end: u64) -> Node {
        let mut all = Node::EMPTY;
        let mut at = start;
        while at < end {
            if let Some((node, samples)) = self.pyramid.widest(at, end) {
                all.join(node);
                at += samples;
                continue;
            }
            let stop = ((at / FINEST + 1) * FINEST).min(end);
            let mut samples = [0.0; FINEST as usize];
            let samples = &mut samples[..(stop - at) as usize];
            if self.pieces.read(at, samples) == samples.len() {
                all.join(&Node::of(samples));
                at = stop;
            } else if let Some((node, stop)) = self.pyramid.covering(at) {
                all.join(node);
                at = stop;
            } else {
                at = stop;
            }
        }
        all
    }
}

/// The least of 1, 2, 3, 4, 6, 8, 12, 16, 24, … that is not below `width`.
fn tidy(width: u64) -> u64 {
    let power = width.max(1).next_power_of_two();
    let between = power / 4 * 3;
    if power >= 4 && between >= width { between } else { power }
}

#[cfg(test)]
mod tests;
