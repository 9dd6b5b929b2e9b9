//! Where a run stands and where it ends.

use crate::catalog::Duration;
use crate::experiment::{Length, PlannedLength};

use super::End;

/// Where a run stands: plain numbers, all of them part of every checkpoint.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Progress {
    /// Updates done.
    pub(super) step: u64,
    /// Epochs finished.
    pub(super) epoch: u64,
    /// Rows of the current epoch already used.
    pub(super) row_offset: usize,
    /// Sum of the current epoch's batch values.
    pub(super) epoch_sum: f64,
    /// Batches of the current epoch so far.
    pub(super) epoch_batches: u64,
    /// Rows seen in all.
    pub(super) samples: u64,
    /// Evaluations of the loss, for gradients or guesses.
    pub(super) loss_evaluations: u64,
    /// Planned edits already made.
    pub(super) edits_done: usize,
    /// The last batch's shown loss.
    pub(super) last_loss: Option<f64>,
    /// Whether a stop rule waits for an evaluation before anything else happens.
    pub(super) judgement_due: bool,
    /// How the run ended.
    pub(super) end: Option<End>,
}

/// Where a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    Steps(u64),
    Epochs(u64),
    Nowhere,
}

impl Goal {
    /// The planned goal. A surface has no epochs: there an epoch is an update.
    pub(super) fn new(length: PlannedLength, has_epochs: bool) -> Self {
        match length {
            PlannedLength::Epochs(Length::Count(n)) if has_epochs => Self::Epochs(n),
            PlannedLength::Steps(Length::Count(n)) | PlannedLength::Epochs(Length::Count(n)) => {
                Self::Steps(n)
            }
            PlannedLength::Steps(Length::Unlimited) | PlannedLength::Epochs(Length::Unlimited) => {
                Self::Nowhere
            }
        }
    }

    pub(super) fn is_reached(self, progress: &Progress) -> bool {
        match self {
            Self::Steps(n) => progress.step >= n,
            Self::Epochs(n) => progress.epoch >= n,
            Self::Nowhere => false,
        }
    }

    /// Updates of the run in all, with `left` batches left in the current epoch and `per_epoch` in
    /// each after it.
    pub(super) fn steps(self, progress: &Progress, left: u64, per_epoch: u64) -> Option<u64> {
        match self {
            Self::Nowhere => None,
            Self::Steps(n) => Some(n),
            Self::Epochs(n) if n <= progress.epoch => Some(progress.step),
            Self::Epochs(n) => {
                let later = (n - progress.epoch - 1).saturating_mul(per_epoch);
                Some(progress.step.saturating_add(left).saturating_add(later))
            }
        }
    }

    /// The goal moved on by `more`: from where the run ended, or from where it is planned to end.
    /// `per_epoch` is `None` where there are no epochs; an epoch is an update there.
    pub(super) fn moved_on(
        self,
        more: Duration,
        progress: &Progress,
        planned_steps: Option<u64>,
        per_epoch: Option<u64>,
    ) -> Self {
        let (from, step) = if progress.end.is_some() {
            let epochs = per_epoch.map(|_| Self::Epochs(progress.epoch));
            (epochs.unwrap_or(Self::Steps(progress.step)), progress.step)
        } else {
            match planned_steps {
                Some(step) => (self, step),
                None => return self,
            }
        };
        match (more, from) {
            (Duration::Epochs(m), Self::Epochs(n)) => Self::Epochs(n.saturating_add(m)),
            (Duration::Epochs(m), _) => {
                Self::Steps(step.saturating_add(m.saturating_mul(per_epoch.unwrap_or(1))))
            }
            (Duration::Steps(m), _) => Self::Steps(step.saturating_add(m)),
        }
    }
}
