//! Summaries of aligned stretches of samples, four of each level making one of the next.
//!
//! A node of level ℓ stands for [`FINEST`]·4^ℓ samples, starting at a multiple of that, and exists
//! once all of them do. Low levels live in blocks of [`BLOCK`] samples, so that a middle stretch can
//! give up its fine levels for memory while everything above them stays; clones share blocks.
//!
//! Invariant: the least and greatest sample of a node are exact, given up levels or not.

use std::sync::Arc;

use super::bucket::Node;
use crate::train::SUMMARISED;

/// Samples of a node of level 0.
pub(super) const FINEST: u64 = SUMMARISED as u64;
/// Levels inside a block.
pub(super) const LOW: usize = 5;
/// Samples of a block, and of a node of level [`LOW`].
pub(super) const BLOCK: u64 = FINEST << (2 * LOW);

/// Samples of a node of `level`.
const fn stride(level: usize) -> u64 {
    FINEST << (2 * level)
}

/// The summaries of one series.
#[derive(Debug, Clone, Default)]
pub(super) struct Pyramid {
    blocks: Vec<Arc<Block>>,
    /// Levels [`LOW`] and above.
    high: Vec<Vec<Node>>,
    /// Samples summarised.
    len: u64,
    /// Nodes held, for the account of memory.
    nodes: usize,
}

#[derive(Debug, Clone, Default)]
struct Block {
    levels: [Vec<Node>; LOW],
    /// How many levels, from the finest, were given up.
    given_up: usize,
}

impl Pyramid {
    /// One past the last summarised sample: a multiple of [`FINEST`].
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn bytes(&self) -> usize {
        self.nodes * size_of::<Node>()
    }

    /// Appends the summary of the next [`FINEST`] samples.
    pub(super) fn push(&mut self, node: Node) {
        let at = (self.len / BLOCK) as usize;
        if at == self.blocks.len() {
            self.blocks.push(Arc::default());
        }
        let block = Arc::make_mut(&mut self.blocks[at]);
        block.levels[0].push(node);
        self.nodes += 1;
        self.len += FINEST;
        for level in 1..LOW {
            let Some(parent) = parent_of(&block.levels[level - 1]) else { return };
            block.levels[level].push(parent);
            self.nodes += 1;
        }
        let mut parent = parent_of(&block.levels[LOW - 1]);
        let mut level = 0;
        while let Some(node) = parent {
            if level == self.high.len() {
                self.high.push(Vec::new());
            }
            self.high[level].push(node);
            self.nodes += 1;
            parent = parent_of(&self.high[level]);
            level += 1;
        }
    }

    /// The widest node that starts at `start` and ends by `end`, with its number of samples.
    pub(super) fn widest(&self, start: u64, end: u64) -> Option<(&Node, u64)> {
        let room = (end - start) / FINEST;
        if room == 0 || !start.is_multiple_of(FINEST) {
            return None;
        }
        let aligned = (start / FINEST).trailing_zeros().min(room.ilog2()) as usize / 2;
        let top = aligned.min(LOW + self.high.len());
        (0..=top).rev().find_map(|level| {
            let node = self.node(level, start / stride(level))?;
            Some((node, stride(level)))
        })
    }

    /// The narrowest node that holds sample `index`, with the end of its stretch.
    pub(super) fn covering(&self, index: u64) -> Option<(&Node, u64)> {
        (0..LOW + self.high.len()).find_map(|level| {
            let at = index / stride(level);
            Some((self.node(level, at)?, (at + 1) * stride(level)))
        })
    }

    /// How many samples the finest node over sample `index` stands for.
    pub(super) fn finest(&self, index: u64) -> u64 {
        let block = self.blocks.get((index / BLOCK) as usize);
        stride(block.map_or(0, |block| block.given_up))
    }

    /// Cuts off everything from sample `len` on.
    pub(super) fn truncate(&mut self, len: u64) {
        let len = len / FINEST * FINEST;
        if len >= self.len {
            return;
        }
        let (at, inside) = ((len / BLOCK) as usize, len % BLOCK);
        if inside > 0 {
            let whole = self.high.first().and_then(|level| level.get(at)).copied();
            let block = Arc::make_mut(&mut self.blocks[at]);
            block.refill(whole);
            for (level, nodes) in block.levels.iter_mut().enumerate() {
                nodes.truncate((inside / stride(level)) as usize);
            }
        }
        self.blocks.truncate(len.div_ceil(BLOCK) as usize);
        for (level, nodes) in self.high.iter_mut().enumerate() {
            nodes.truncate((len / stride(LOW + level)) as usize);
        }
        self.len = len;
        self.nodes = self.high.iter().map(Vec::len).sum::<usize>()
            + self.blocks.iter().map(|b| b.nodes()).sum::<usize>();
    }

    /// Gives up the finest `levels` (at most [`LOW`]) of a complete block.
    pub(super) fn give_up(&mut self, block: usize, levels: usize) {
        let block = Arc::make_mut(&mut self.blocks[block]);
        let before = block.nodes();
        for nodes in &mut block.levels[..levels] {
            *nodes = Vec::new();
        }
        block.given_up = block.given_up.max(levels);
        self.nodes -= before - block.nodes();
    }

    fn node(&self, level: usize, index: u64) -> Option<&Node> {
        if level >= LOW {
            return self.high.get(level - LOW)?.get(index as usize);
        }
        let per_block = BLOCK / stride(level);
        let block = self.blocks.get((index / per_block) as usize)?;
        block.levels[level].get((index % per_block) as usize)
    }
}

impl Block {
    fn nodes(&self) -> usize {
        self.levels.iter().map(Vec::len).sum()
    }

    /// Fills levels that were given up from the one above, so that a branch can begin in the middle
    /// of this block: the ranges stay true bounds, the detail is gone.
    fn refill(&mut self, whole: Option<Node>) {
        for level in (0..self.given_up).rev() {
            let above = match self.levels.get(level + 1) {
                Some(nodes) => nodes.as_slice(),
                None => whole.as_slice(),
            };
            self.levels[level] = above.iter().flat_map(|node| [node.quarter(); 4]).collect();
        }
        self.given_up = 0;
    }
}

/// The node above the last four of a level, if they are complete.
fn parent_of(level: &[Node]) -> Option<Node> {
    if level.is_empty() || !level.len().is_multiple_of(4) {
        return None;
    }
    let mut parent = Node::EMPTY;
    level[level.len() - 4..].iter().for_each(|child| parent.join(child));
    Some(parent)
}
