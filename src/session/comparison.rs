//! What the seeds of the lanes say of each other now: kept with the session, worked out anew when
//! something was measured.
//!
//! Invariant: all lanes are compared at one epoch (on a surface at one step), the last that all of those
//! which still train have been measured at; lanes that have ended stand as they ended. Lanes with a loss
//! or penalties of their own are left out: their numbers say something else.

use crate::experiment::Metric;
use crate::metrics::quantile;
use crate::series::Curve;
use crate::train::EvaluationRecord;

use super::measures::Measure;
use super::ranking::{RankedBy, ranked_by};
use super::verdict::{Contender, Verdict, verdicts};
use super::workbench::Session;
use super::{Lane, LaneId};

/// What the seeds of the lanes say of each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// The lanes that are compared.
    pub lanes: Vec<LaneId>,
    names: Vec<String>,
    losses: Vec<Vec<Option<f64>>>,
    /// What is said of each pair.
    pub verdicts: Vec<Verdict>,
    /// At which epoch, or on a surface at which step; none where all are at their end.
    pub at: Option<u64>,
    /// Whether held-out rows are looked at.
    pub on_held_out: bool,
}

impl Comparison {
    /// The lanes with what each seed reached.
    pub fn contenders(&self) -> Vec<Contender<'_>> {
        let each = self.names.iter().zip(&self.losses);
        each.map(|(name, losses)| Contender { name, losses: losses.clone() }).collect()
    }
}

/// The middle of what the seeds of a lane reached, and the quartiles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// What they were measured over.
    pub by: RankedBy,
    /// The median.
    pub median: f64,
    /// The lower quartile.
    pub low: f64,
    /// The upper one.
    pub high: f64,
    /// At which step.
    pub step: u64,
}

impl Session {
    /// What the seeds of the lanes say of each other; `None` where no two lanes have several.
    pub fn comparison(&self) -> Option<&Comparison> {
        Some(&self.comparison).filter(|comparison| !comparison.verdicts.is_empty())
    }

    /// Brings the comparison up to date.
    pub(super) fn compare(&mut self) {
        let compared: Vec<&Lane> =
            self.lanes.iter().filter(|lane| self.is_compared(lane)).collect();
        let limit = self.looked_at().unwrap_or(u64::MAX);
        let open = compared.iter().filter(|lane| lane.end().is_none() || limit < u64::MAX);
        let at = open.map(|lane| lane.measured_at(limit)).min();
        let losses: Vec<Vec<Option<f64>>> =
            compared.iter().map(|lane| lane.seed_losses(at.unwrap_or(u64::MAX))).collect();
        let names: Vec<String> = compared.iter().map(|lane| lane.name().to_owned()).collect();
        let lanes: Vec<LaneId> = compared.iter().map(|lane| lane.id).collect();
        let on_held_out = compared
            .iter()
            .filter_map(|lane| lane.evaluations.last())
            .all(|record| record.evaluation.held_out.is_some());
        let before = &self.comparison;
        if (&before.names, &before.losses, before.at) == (&names, &losses, at)
            && before.lanes == lanes
        {
            return;
        }
        let mut found = Comparison { lanes, names, losses, verdicts: Vec::new(), at, on_held_out };
        if at != Some(0) {
            found.verdicts = verdicts(&found.contenders());
        }
        self.comparison = found;
    }

    /// Has the lanes of several seeds draw what these show together, of the metric on the plot: the one
    /// that was chosen, or the loss where that one does not apply.
    pub(super) fn show_bands(&mut self) {
        let chosen = Measure::of(self.view().metric);
        let fits = self.lanes.iter().any(|lane| chosen.fits(lane));
        let metric = if fits { chosen.metric } else { Metric::Loss };
        for lane in &mut self.lanes {
            lane.show_bands_of(metric);
        }
    }

    fn is_compared(&self, lane: &Lane) -> bool {
        let index = self.index_of(lane.id);
        let spec = index.and_then(|index| self.experiment().lanes.get(index));
        let is_common = spec.is_some_and(|s| s.loss.is_none() && s.regularize.is_none());
        is_common && lane.seed_count() > 1
    }
}

impl Lane {
    /// The place of a record on the axis that lanes are compared along.
    fn place(&self, record: &EvaluationRecord) -> u64 {
        if self.train_rows() == 0 { record.step } else { record.epoch }
    }

    /// The last place at which all its seeds that still train were measured, at most at step `limit`.
    fn measured_at(&self, limit: u64) -> u64 {
        let last = |run: usize| {
            let all = self.seed_evaluations(run);
            let known = all.partition_point(|record| record.step <= limit);
            known.checked_sub(1).map_or(0, |last| self.place(&all[last]))
        };
        let live =
            (0..self.seed_count()).filter(|run| self.seed_end(*run).is_none()).map(last).min();
        live.or_else(|| (0..self.seed_count()).map(last).max()).unwrap_or(0)
    }

    /// The loss by which lanes are ranked, of each seed, at most at this place; `None` of one that had
    /// diverged by then.
    fn seed_losses(&self, at: u64) -> Vec<Option<f64>> {
        let loss = |run: usize| {
            let all = self.seed_evaluations(run);
            let known = all.partition_point(|record| self.place(record) <= at);
            let record = &all[known.checked_sub(1)?];
            // One that diverged is measured where it did; whoever is asked about later has no loss.
            let is_last = known == all.len();
            let (_, loss) = self.ranked_of(record);
            (loss.is_finite() && !(self.has_diverged(run) && is_last)).then_some(loss)
        };
        (0..self.seed_count()).map(loss).collect()
    }

    /// Whether one of its seeds left all bounds.
    pub fn has_diverged(&self, run: usize) -> bool {
        self.seed_end(run).is_some_and(|end| end.reason.is_broken())
    }

    /// The loss that one of its seeds is compared by, at the step that is shown.
    pub fn seed_loss(&self, run: usize) -> Option<f64> {
        let all = self.seed_evaluations(run);
        let known = all.partition_point(|record| record.step <= self.shown_step());
        Some(self.ranked_of(&all[known.checked_sub(1)?]).1)
    }

    /// What is told of one seed: epochs' means, on a surface the value where it was measured.
    pub fn seed_curve(&self, run: usize) -> &Curve {
        let (curves, _) = self.seed_curves(run);
        match self.train_rows() {
            0 => &curves.of(Metric::FullLoss).training,
            _ => &curves.epoch_loss,
        }
    }

    /// The middle of its seeds and their quartiles, of the loss that lanes are placed by; `None` before
    /// all of them were measured, or if it stands for one run.
    pub fn spread(&self) -> Option<Spread> {
        let runs = 0..self.seed_count();
        if runs.len() < 2 || runs.clone().any(|run| self.seed_evaluations(run).is_empty()) {
            return None;
        }
        let place = self.measured_at(self.shown_step());
        let height = |loss: Option<f64>| loss.unwrap_or(f64::INFINITY);
        let losses: Vec<f64> = self.seed_losses(place).into_iter().map(height).collect();
        let record = |run: usize| {
            let all = self.seed_evaluations(run);
            let known = all.partition_point(|record| self.place(record) <= place);
            Some(&all[known.checked_sub(1)?])
        };
        let furthest = runs.filter_map(record).max_by_key(|record| record.step)?;
        let at = |part: f64| quantile(&losses, part);
        Some(Spread {
            by: self.ranked_of(furthest).0,
            median: at(0.5)?,
            low: at(0.25)?,
            high: at(0.75)?,
            step: furthest.step,
        })
    }

    fn ranked_of(&self, record: &EvaluationRecord) -> (RankedBy, f64) {
        ranked_by(record, self.train_rows() == 0)
    }
}
