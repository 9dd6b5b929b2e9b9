//! Heights over a grid, spread over colours and over the bowl.
//!
//! Invariant: a share grows with its height; what is no number stays none. Heights above the scale's
//! highest have shares above 1: they are cut off, and nowhere else are heights changed.

/// Of evenly spread heights this part is shown; the rest is cut off, so that one steep wall does not make
/// a plain of everything else.
const SHOWN: f64 = 0.95;

/// Heights over a grid of points, as shares of the scale they are shown on.
#[derive(Debug, Clone, PartialEq)]
pub struct Relief {
    /// Points along each side.
    pub side: usize,
    /// The points' shares, rows of y from low to high, x fastest.
    pub shares: Vec<f32>,
    low: f64,
    high: f64,
    /// What is added before the logarithm is taken; none on an even scale.
    spread: Option<f64>,
}

impl Relief {
    /// Of the heights of `side`² points. With `log` they are spread by the logarithm of their distance from
    /// `lowest`, the known minimum (else the least of them), evenly below the lowest fiftieth.
    pub fn new(heights: &[f64], side: usize, log: bool, lowest: Option<f64>) -> Self {
        let mut finite: Vec<f64> = heights.iter().copied().filter(|h| h.is_finite()).collect();
        finite.sort_by(f64::total_cmp);
        let at_share = |share: f64| {
            let at = ((finite.len() as f64 * share) as usize).min(finite.len().saturating_sub(1));
            finite.get(at).copied().unwrap_or(0.0)
        };
        let least = at_share(0.0);
        let mut relief = Self { side, shares: Vec::new(), low: least, high: least, spread: None };
        if log {
            let low = lowest.map_or(least, |lowest| lowest.min(least));
            let high = at_share(1.0);
            let even = (at_share(0.02) - low).max((high - low) * 1e-5).max(f64::MIN_POSITIVE);
            (relief.low, relief.high, relief.spread) = (low, high, Some(even));
        } else {
            relief.high = at_share(SHOWN);
        }
        relief.shares = heights.iter().map(|height| relief.share(*height)).collect();
        relief
    }

    /// Where a height stands on the scale: 0 at its lowest, 1 at its highest, above where it is cut off.
    pub fn share(&self, height: f64) -> f32 {
        let far = height - self.low;
        let (part, whole) = match self.spread {
            Some(spread) => ((far / spread).ln_1p(), ((self.high - self.low) / spread).ln_1p()),
            None => (far, self.high - self.low),
        };
        (part / whole.max(f64::MIN_POSITIVE)) as f32
    }

    /// The height of a share.
    pub fn height(&self, share: f64) -> f64 {
        let whole = self.high - self.low;
        let far = match self.spread {
            Some(spread) => ((whole / spread).ln_1p() * share).exp_m1() * spread,
            None => whole * share,
        };
        self.low + far
    }

    /// The share at a point given in parts of the grid's width and height, between the four points around
    /// it; none outside.
    pub fn at(&self, [x, y]: [f32; 2]) -> Option<f32> {
        let inside = 0.0..=1.0;
        if self.side < 2 || !(inside.contains(&x) && inside.contains(&y)) {
            return None;
        }
        let pieces = (self.side - 1) as f32;
        let (column, row) = ((x * pieces) as usize, (y * pieces) as usize);
        let (column, row) = (column.min(self.side - 2), row.min(self.side - 2));
        let (right, up) = (x * pieces - column as f32, y * pieces - row as f32);
        let at = |r: usize, c: usize| self.shares[(row + r) * self.side + column + c];
        let low = at(0, 0) + right * (at(0, 1) - at(0, 0));
        let high = at(1, 0) + right * (at(1, 1) - at(1, 0));
        Some(low + up * (high - low))
    }

    /// Every other point, until there are at most so many along a side.
    #[must_use]
    pub fn thinned(&self, most: usize) -> Self {
        let mut every = 1;
        while (self.side - 1) / every + 1 > most && (self.side - 1).is_multiple_of(2 * every) {
            every *= 2;
        }
        let along = || (0..self.side).step_by(every);
        let shares: Vec<f32> = along()
            .flat_map(|row| along().map(move |c| row * self.side + c))
            .map(|i| self.shares[i])
            .collect();
        Self { side: along().count(), shares, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_heights_are_inverse_and_grow_together() {
        let heights: Vec<f64> = (0..121).map(|i| f64::from(i).powi(2)).collect();
        for log in [false, true] {
            let relief = Relief::new(&heights, 11, log, Some(-1.0));
            assert!(relief.shares.is_sorted(), "{log}");
            for share in [0.0, 0.2, 0.9, 1.0] {
                let back = f64::from(relief.share(relief.height(share)));
                assert!((back - share).abs() < 1e-6, "{log}: {share} {back}");
            }
            assert_eq!(
                relief.shares.iter().any(|share| *share > 1.0),
                !log,
                "evenly, some are cut"
            );
            assert!(relief.share(f64::NAN).is_nan());
        }
    }

    #[test]
    fn between_points_shares_are_between_theirs_and_thinning_keeps_points() {
        let heights: Vec<f64> = (0..81).map(|i| f64::from(i % 9) + f64::from(i / 9)).collect();
        let relief = Relief::new(&heights, 9, false, None);
        let middle = relief.at([0.5, 0.5]).expect("inside");
        assert!((middle - relief.share(8.0)).abs() < 1e-6);
        assert!((relief.at([0.25, 0.0]).expect("inside") - relief.share(2.0)).abs() < 1e-6);
        assert_eq!(relief.at([1.1, 0.5]), None);
        let thin = relief.thinned(5);
        assert_eq!((thin.side, thin.shares.len()), (5, 25));
        assert_eq!(thin.shares[6], relief.shares[20]);
        assert_eq!(thin.at([0.5, 0.5]), relief.at([0.5, 0.5]));
        assert_eq!(relief.thinned(9), relief);
    }

    #[test]
    fn a_plain_and_nothing_at_all_are_drawn_too() {
        for heights in [vec![3.0; 4], vec![f64::NAN; 4], Vec::new()] {
            for log in [false, true] {
                let relief = Relief::new(&heights, 2, log, None);
                assert!(relief.shares.iter().all(|share| share.is_nan() || *share == 0.0));
            }
        }
    }
}
