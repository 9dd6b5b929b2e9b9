//! The raw samples: shared segments end to end, each used up to where the next one begins.
//!
//! Invariant: pieces are sorted and do not overlap; only the last one grows. Gaps exist only where
//! raw samples were given up for memory.

use std::ops::Range;
use std::sync::Arc;

use crate::train::Segment;

use super::bucket::Node;
use super::pyramid::FINEST;

/// The raw samples of a series.
#[derive(Debug, Clone, Default)]
pub(super) struct Pieces {
    pieces: Vec<Piece>,
    bytes: usize,
}

#[derive(Debug, Clone)]
struct Piece {
    first: u64,
    /// Samples used at most: fewer than the segment's where a new branch begins inside it.
    limit: usize,
    segment: Arc<Segment>,
}

impl Piece {
    fn end(&self) -> u64 {
        self.first + self.segment.len().min(self.limit) as u64
    }

    /// What its writer says of the [`FINEST`] samples from `start` on, if it does.
    fn summarised(&self, start: u64) -> Option<Node> {
        let from = start.checked_sub(self.first)? as usize;
        let is_inside = from + FINEST as usize <= self.limit;
        Node::summed(&self.segment.summary(from).filter(|_| is_inside)?, FINEST)
    }
}

impl Pieces {
    /// Appends a segment whose first sample is sample `first`; what lies after it is cut off.
    pub(super) fn push(&mut self, first: u64, segment: Arc<Segment>) {
        self.truncate(first);
        self.bytes += segment.bytes();
        self.pieces.push(Piece { first, limit: segment.capacity(), segment });
    }

    /// Cuts off everything from sample `len` on.
    pub(super) fn truncate(&mut self, len: u64) {
        while self.pieces.last().is_some_and(|p| p.first >= len) {
            self.remove(self.pieces.len() - 1);
        }
        if let Some(last) = self.pieces.last_mut() {
            last.limit = last.limit.min((len - last.first) as usize);
        }
    }

    /// One past the last published sample, whatever is missing before it.
    pub(super) fn end(&self) -> u64 {
        self.pieces.last().map_or(0, Piece::end)
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn get(&self, index: u64) -> Option<f64> {
        let piece = &self.pieces[self.position(index)?];
        Some(piece.segment.get((index - piece.first) as usize))
    }

    /// Fills `out` with the samples from `start` on; how many of them there are up to the first that is
    /// not kept.
    pub(super) fn read(&self, start: u64, out: &mut [f64]) -> usize {
        let mut found = 0;
        let first = self.position(start).unwrap_or(self.pieces.len());
        for piece in &self.pieces[first..] {
            let next = start + found as u64;
            let count = piece.end().saturating_sub(next).min((out.len() - found) as u64) as usize;
            if piece.first > next || count == 0 {
                break;
            }
            piece.segment.read((next - piece.first) as usize, &mut out[found..found + count]);
            found += count;
        }
        found
    }

    /// Calls `each` with what stands for every [`FINEST`] samples from `start` on, as many times as they
    /// end by `end`: as their writer says, or by looking at them.
    pub(super) fn summarise(&self, start: u64, end: u64, mut each: impl FnMut(Node)) {
        let mut piece = self.pieces.partition_point(|p| p.first <= start).saturating_sub(1);
        let mut at = start;
        while at + FINEST <= end {
            while self.pieces.get(piece).is_some_and(|p| p.end() <= at) {
                piece += 1;
            }
            let said = self.pieces.get(piece).and_then(|piece| piece.summarised(at));
            each(said.unwrap_or_else(|| {
                let mut samples = [0.0; FINEST as usize];
                let found = self.read(at, &mut samples);
                Node::of(&samples[..found])
            }));
            at += FINEST;
        }
    }

    /// Gives up the segments that lie wholly inside `range`, the last one excepted.
    pub(super) fn give_up(&mut self, range: &Range<u64>) {
        let from = self.pieces.partition_point(|p| p.first < range.start);
        let last = self.pieces.len().saturating_sub(1);
        let mut to = from;
        while to < last && self.pieces[to].end() <= range.end {
            to += 1;
        }
        for piece in self.pieces.drain(from..to) {
            self.bytes -= piece.segment.bytes();
        }
    }

    /// Puts a segment whose first sample is sample `first` into a gap; nothing if there is none.
    pub(super) fn fill(&mut self, first: u64, segment: Arc<Segment>) {
        let at = self.pieces.partition_point(|p| p.first <= first);
        let Some(next) = self.pieces.get(at) else { return };
        let is_free = at.checked_sub(1).is_none_or(|before| self.pieces[before].end() <= first);
        let limit = (next.first - first).min(segment.len() as u64) as usize;
        if is_free && limit > 0 {
            self.bytes += segment.bytes();
            self.pieces.insert(at, Piece { first, limit, segment });
        }
    }

    /// The first gap that reaches into `range`, the whole of it.
    pub(super) fn gap(&self, range: &Range<u64>) -> Option<Range<u64>> {
        let mut at = self.pieces.partition_point(|p| p.first <= range.start);
        let mut end = at.checked_sub(1).map_or(0, |before| self.pieces[before].end());
        loop {
            let next = self.pieces.get(at)?;
            if end < next.first && next.first > range.start {
                return (end < range.end).then_some(end..next.first);
            }
            end = next.end();
            at += 1;
        }
    }

    fn remove(&mut self, at: usize) {
        let piece = self.pieces.remove(at);
        self.bytes -= piece.segment.bytes();
    }

    /// The piece that holds sample `index`.
    fn position(&self, index: u64) -> Option<usize> {
        let at = self.pieces.partition_point(|p| p.first <= index).checked_sub(1)?;
        (index < self.pieces[at].end()).then_some(at)
    }
}
