//! Who leads, by the same loss as the command line's table, among lanes whose losses can be compared.
//!
//! Invariant: what lanes are placed by is decided by [`ranked_by`] alone; cards, tiles, the table of
//! results and the comparison of seeds all show the number it gives, so that a place and the number beside
//! it never contradict each other.

use std::collections::BTreeMap;

use crate::train::EvaluationRecord;

use super::{Lane, LaneId, Session};

/// What the loss that a lane is placed by is measured over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RankedBy {
    /// All held-out rows.
    HeldOut,
    /// All training rows, where none are held out.
    AllRows,
    /// The function's value, on a surface.
    Value,
}

impl RankedBy {
    /// As it stands beside the number: `held-out`.
    pub fn word(self) -> &'static str {
        match self {
            Self::HeldOut => "held-out",
            Self::AllRows => "all rows",
            Self::Value => "value",
        }
    }

    /// As a column is called: `held-out loss`.
    pub fn title(self) -> &'static str {
        match self {
            Self::HeldOut => "held-out loss",
            Self::AllRows => "loss of all rows",
            Self::Value => "value",
        }
    }

    /// In full, as a sentence goes on.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::HeldOut => "the loss over all held-out rows",
            Self::AllRows => "the loss over all training rows",
            Self::Value => "the function's value where the lane is",
        }
    }
}

/// The loss that a lane is placed by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankedLoss {
    /// Over what it is measured.
    pub by: RankedBy,
    /// The number; of several seeds their median.
    pub value: f64,
    /// After so many updates.
    pub step: u64,
}

/// Another loss of a lane, that it is not placed by: of the batches, each measured before its update.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatchesLoss {
    /// Whether it is the mean over a whole epoch, not a single batch's.
    pub is_mean: bool,
    /// The number.
    pub value: f64,
    /// The epoch's end, or the updates before which the batch was measured.
    pub step: u64,
}

/// The one decision: the loss on held-out rows, else on all training rows; on a surface the value.
pub(super) fn ranked_by(record: &EvaluationRecord, on_surface: bool) -> (RankedBy, f64) {
    let held_out = record.evaluation.held_out.as_ref().and_then(|held_out| held_out.loss);
    match held_out {
        Some(loss) => (RankedBy::HeldOut, loss),
        None if on_surface => (RankedBy::Value, record.evaluation.full_loss),
        None => (RankedBy::AllRows, record.evaluation.full_loss),
    }
}

impl Lane {
    /// The loss that it is placed by, the latest or at the step that is looked at; of several seeds the
    /// median.
    pub fn ranked_loss(&self) -> Option<RankedLoss> {
        if let Some(spread) = self.spread() {
            return Some(RankedLoss { by: spread.by, value: spread.median, step: spread.step });
        }
        let record = self.latest().filter(|_| self.seed_count() == 1)?;
        let (by, value) = ranked_by(record, self.train_rows() == 0);
        Some(RankedLoss { by, value, step: record.step })
    }

    /// The last epoch's mean, before the first is whole the last batch's; none on a surface, which has no
    /// batches, and none of several seeds together.
    pub fn batches_loss(&self) -> Option<BatchesLoss> {
        if self.train_rows() == 0 || self.seed_count() > 1 {
            return None;
        }
        let (value, shown) = (self.shown_loss()?, self.shown_step());
        let epoch = self.curves.epoch_loss.at(shown);
        let step = epoch.map_or(shown, |point| point.step);
        Some(BatchesLoss { is_mean: epoch.is_some(), value, step })
    }
}

impl Session {
    /// Ranks from 1, equal losses sharing one. Lanes with a loss of their own, and lanes that diverged
    /// or have not begun, have none; there are none among fewer than two.
    pub fn ranks(&self) -> BTreeMap<LaneId, usize> {
        let mut losses: Vec<(LaneId, f64)> = self
            .lanes()
            .iter()
            .filter(|lane| self.index_of(lane.id).is_some_and(|index| self.has_common_loss(index)))
            .filter(|lane| lane.end().is_none_or(|end| !end.reason.is_broken()))
            .filter(|lane| lane.shown_loss().is_some())
            .filter_map(|lane| Some((lane.id, lane.ranked_loss()?.value)))
            .filter(|(_, loss)| loss.is_finite())
            .collect();
        if losses.len() < 2 {
            return BTreeMap::new();
        }
        losses.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        let mut ranks = BTreeMap::new();
        let mut rank = 1;
        for (at, (id, loss)) in losses.iter().enumerate() {
            if at > 0 && *loss != losses[at - 1].1 {
                rank = at + 1;
            }
            ranks.insert(*id, rank);
        }
        ranks
    }

    /// Whether the lane in that place has the experiment's own loss.
    pub(super) fn has_common_loss(&self, index: usize) -> bool {
        let spec = self.experiment().lanes.get(index);
        spec.is_some_and(|spec| spec.loss.is_none() && spec.regularize.is_none())
    }
}
