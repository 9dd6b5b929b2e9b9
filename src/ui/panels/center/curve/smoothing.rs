//! What the curve plot keeps of its smoothed lines from frame to frame.
//!
//! Invariant: a frame spends a fixed time on it, whatever is new; what finds no room in it follows in the
//! next frames, and the lines say how far they are. Nothing is kept while smoothing is off.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use crate::experiment::Metric;
use crate::series::{Smoothed, SmoothedCurve};
use crate::session::{Lane, LaneId};

/// The time a frame has for it, over all lanes.
const BUDGET: Duration = Duration::from_micros(1500);

/// The smoothed lines of all lanes.
#[derive(Debug, Default)]
pub(in crate::ui::panels::center) struct Smoothing {
    lanes: BTreeMap<LaneId, Lines>,
    /// The metric that the curves are of.
    metric: Option<Metric>,
}

/// One lane's smoothed lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Its batch losses.
    pub(super) losses: Smoothed,
    pub(super) training: SmoothedCurve,
    pub(super) held_out: SmoothedCurve,
}

impl Smoothing {
    /// Takes in what is new of the lanes; whether nothing is left to do.
    pub(super) fn advance(&mut self, lanes: &[Lane], metric: Metric, weight: f64) -> bool {
        if weight <= 0.0 {
            self.lanes.clear();
            return true;
        }
        if self.metric.replace(metric) != Some(metric) {
            for lines in self.lanes.values_mut() {
                (lines.training, lines.held_out) = Default::default();
            }
        }
        self.lanes.retain(|id, _| lanes.iter().any(|lane| lane.id == *id));
        let begin = Instant::now();
        let mut is_done = true;
        for (index, lane) in lanes.iter().enumerate() {
            let lines = self.lanes.entry(lane.id).or_default();
            let curves = lane.curves.of(metric);
            lines.training.advance(&curves.training, weight);
            lines.held_out.advance(&curves.held_out, weight);
            if matches!(metric, Metric::Loss | Metric::Gap) {
                let left = BUDGET.saturating_sub(begin.elapsed());
                let share = left / (lanes.len() - index) as u32;
                is_done &= lines.losses.advance(&lane.losses, weight, share);
            }
        }
        is_done
    }

    /// From which to which step, in any lane, means stand for losses that were given up before they were
    /// smoothed.
    pub(super) fn over_means(&self) -> Option<Range<u64>> {
        let all = self.lanes.values().filter_map(|lines| lines.losses.over_means());
        all.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
    }

    /// A lane's lines; none while smoothing is off.
    pub(super) fn of(&self, lane: &Lane) -> Option<&Lines> {
        self.lanes.get(&lane.id)
    }
}
