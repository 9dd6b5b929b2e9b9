//! What one row gives a pass that goes on from its output's sum: its loss, and the slope of that by the
//! sum.

use crate::numeric::Real;

/// Rows side by side.
pub(super) const LANES: usize = 8;

/// What is made of one row.
pub(super) trait PerRow {
    /// The loss's term, the report's, and the slope by the row's sum.
    fn of<X: Real>(z: X, t: X) -> (X, X, X);
}

/// Squared errors of one value, reported as themselves.
pub(super) struct Squares;

impl PerRow for Squares {
    #[inline(always)]
    fn of<X: Real>(z: X, t: X) -> (X, X, X) {
        let error = z - t;
        (error * error, X::ZERO, error + error)
    }
}

/// Cross-entropy of two classes, with the loss's term, or with |z|, which is finite where that is;
/// reported as itself or as a sum of squared errors.
pub(super) struct Logistic<const LOSS: bool>;

impl<const LOSS: bool> PerRow for Logistic<LOSS> {
    #[inline(always)]
    fn of<X: Real>(z: X, t: X) -> (X, X, X) {
        let e = (-z.abs()).exp_falling();
        let numerator = if z < X::ZERO { e } else { X::ONE };
        let error = numerator / (X::ONE + e) - t;
        let loss = if LOSS { z.max(X::ZERO) - z * t + e.ln_1p() } else { z.abs() };
        (loss, error * error, error)
    }
}

/// Sums over rows, side by side.
#[derive(Clone, Copy)]
pub(super) struct Totals<X> {
    pub(super) loss: [X; LANES],
    pub(super) report: [X; LANES],
    pub(super) slope: [X; LANES],
}

impl<X: Real> Totals<X> {
    pub(super) const ZERO: Self =
        Self { loss: [X::ZERO; LANES], report: [X::ZERO; LANES], slope: [X::ZERO; LANES] };

    /// Adds what a row of sum `z` and target `t` gives, if there is one, to its lane; gives its slope.
    #[inline(always)]
    pub(super) fn add<P: PerRow>(&mut self, lane: usize, z: X, t: X, live: bool) -> X {
        let (loss, report, slope) = P::of(z, t);
        let only = |number: X| if live { number } else { X::ZERO };
        self.loss[lane] += only(loss);
        self.report[lane] += only(report);
        let slope = only(slope);
        self.slope[lane] += slope;
        slope
    }
}

/// The sum of eight numbers.
#[inline(always)]
pub(super) fn in_pairs<X: Real>([a, b, c, d, e, f, g, h]: [X; LANES]) -> X {
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}
