//! The path of a task of two parameters: every position at first, then ever fewer.
//!
//! Invariant: which steps are kept depends on the step alone: all up to [`DENSE`], then every second
//! up to twice that, every fourth up to twice that again, and so on.

/// Steps of which every position is kept.
const DENSE: u64 = 16_384;

/// What has been recorded of the path.
#[derive(Debug, Default)]
pub(super) struct Trail {
    last: Option<u64>,
}

impl Trail {
    /// How many updates lie between `step` and the next position to keep.
    pub(super) fn room(step: u64) -> u64 {
        let stride = stride(step);
        stride - step % stride
    }

    /// Whether the position at `step` is to be kept; with `must`, unless it was just now.
    pub(super) fn keeps(&mut self, step: u64, must: bool) -> bool {
        let keep = (must || step.is_multiple_of(stride(step))) && self.last != Some(step);
        if keep {
            self.last = Some(step);
        }
        keep
    }

    /// The lane went back.
    pub(super) fn rewind(&mut self) {
        self.last = None;
    }
}

fn stride(step: u64) -> u64 {
    match (step / DENSE).checked_ilog2() {
        None => 1,
        Some(doublings) => 2 << doublings,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_dense_at_first_and_grows_by_its_logarithm() {
        let (mut step, mut kept) = (0, 0);
        let mut trail = Trail::default();
        while step < 1 << 30 {
            assert!(trail.keeps(step, false));
            assert!(!trail.keeps(step, true), "once only");
            kept += 1;
            step += Trail::room(step);
            assert!(step > DENSE || step == kept);
        }
        assert!(kept < DENSE * 10, "{kept}");
    }
}
