//! What was seen inside a lane's model while somebody watched: layers, step by step.
//!
//! Invariant: at most [`MOST`] steps are kept, the first and the last among them; as more are seen,
//! those go that lie closest together, so that what is kept is spread over the run. Nothing is kept of
//! steps that the lane went back behind.

use std::sync::Arc;

use crate::train::LayersInside;

/// Steps that are kept.
const MOST: usize = 160;

/// What was seen inside a lane's model, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    seen: Vec<(u64, Arc<LayersInside>)>,
}

impl Watched {
    /// What was seen, oldest first: updates done, and the layers then.
    pub fn seen(&self) -> &[(u64, Arc<LayersInside>)] {
        &self.seen
    }

    pub(super) fn keep(&mut self, step: u64, layers: &Arc<LayersInside>) {
        self.seen.truncate(self.seen.partition_point(|(at, _)| *at < step));
        self.seen.push((step, Arc::clone(layers)));
        if self.seen.len() > MOST {
            let gap = |at: &usize| self.seen[at + 1].0 - self.seen[at - 1].0;
            let closest = (1..self.seen.len() - 1).min_by_key(gap);
            closest.map(|at| self.seen.remove(at));
        }
    }

    pub(super) fn truncate(&mut self, step: u64) {
        self.seen.retain(|(at, _)| *at <= step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_spread_over_the_run_and_bounded() {
        let layers = Arc::new(LayersInside { layers: Vec::new(), rows: 1, is_all: true });
        let mut watched = Watched::default();
        for step in (5..20_000).chain((20_000..2_000_000).step_by(501)) {
            watched.keep(step, &layers);
        }
        let steps: Vec<u64> = watched.seen().iter().map(|(step, _)| *step).collect();
        assert_eq!((steps.len(), steps[0], steps[MOST - 1]), (MOST, 5, 1_999_952));
        let widest = steps.windows(2).map(|two| two[1] - two[0]).max();
        assert!(widest < Some(2_000_000 / MOST as u64 * 3), "{widest:?}");
        watched.truncate(1_000_000);
        assert!(watched.seen().last().is_some_and(|(step, _)| *step <= 1_000_000));
        let kept = watched.seen().len();
        let last = watched.seen()[kept - 1].0;
        watched.keep(last, &layers);
        assert_eq!(watched.seen().len(), kept, "a step is kept once");
    }
}
