//! Rows picked by number, and one weight a feature: sums, and slopes back along the features.
//!
//! Invariant: a row's sum depends on the row and the weights, what is added along a feature on the rows and
//! their order; a product and the addition after it may be rounded once. Deliberately not here: losses, and
//! the path that has no vectors, where the same is done through layers.

use super::super::{KernelPath, Real, Runner};

/// Lanes of the widest vector.
const MOST_LANES: usize = 8;

/// The most features of a row.
const MOST_WIDTH: usize = 64;

/// The widths of rows: there is one vector, and weights and sums stay near.
pub const ROW_WIDTHS: std::ops::RangeInclusive<usize> = MOST_LANES..=MOST_WIDTH;

type DotsOf<R> = unsafe fn(&mut [R], &[u32], &[R], &[R], &[u32]);
type AddOf<R> = unsafe fn(&mut Along<R>, &[u32], &[R], &[R]);

/// The two passes over rows.
#[derive(Debug, Clone, Copy)]
pub struct RowKernels<R> {
    pub(super) lanes: usize,
    pub(super) dots: DotsOf<R>,
    pub(super) add: AddOf<R>,
}

/// What was added along each feature.
#[derive(Debug, Clone)]
pub struct Along<R> {
    pub(super) width: usize,
    /// Lanes of a vector.
    lanes: usize,
    /// Of the whole vectors, and of the last.
    pub(super) sums: [R; MOST_WIDTH + MOST_LANES],
}

impl<R: Real> Along<R> {
    /// The sums, feature by feature.
    pub fn sums(&self) -> impl Iterator<Item = R> {
        let tail = self.width % self.lanes;
        let (whole, last) = self.sums.split_at(self.width - tail);
        whole.iter().chain(&last[self.lanes - tail..][..tail]).copied()
    }
}

impl<R: Real> RowKernels<R> {
    /// Those of a path, where it has them.
    #[must_use]
    pub fn of(runner: Runner) -> Option<Self> {
        match runner.path() {
            #[cfg(target_arch = "x86_64")]
            KernelPath::Avx2 | KernelPath::Avx512 => {
                use super::picked::{DOUBLE, SINGLE};
                Some(*super::of_precision::<R, Self>(&SINGLE, &DOUBLE))
            }
            _ => None,
        }
    }

    /// Nothing yet, along so many features.
    ///
    /// # Panics
    /// If the width is not one of [`ROW_WIDTHS`].
    #[must_use]
    pub fn along(&self, width: usize) -> Along<R> {
        assert!(ROW_WIDTHS.contains(&width), "rows of {width} features");
        Along { width, lanes: self.lanes, sums: [R::ZERO; MOST_WIDTH + MOST_LANES] }
    }

    /// Writes Σ weight·feature + bias of each row of `x` that is picked. `params` are a weight for each
    /// feature, then the bias. The rows that come `soon` are fetched meanwhile, which changes no number;
    /// they need not exist.
    ///
    /// # Panics
    /// If a picked row does not exist, the width is not one of [`ROW_WIDTHS`], or there are fewer sums
    /// than rows.
    #[expect(unsafe_code, reason = "functions that need certain processors")]
    pub fn dots(&self, sums: &mut [R], picked: &[u32], (x, params): (&[R], &[R]), soon: &[u32]) {
        // SAFETY: kernels are given out where the processor has AVX2 and FMA.
        unsafe { (self.dots)(&mut sums[..picked.len()], picked, x, params, soon) }
    }

    /// Adds each picked row of `x`, times its slope.
    ///
    /// # Panics
    /// If there is no such row, or there are fewer slopes than rows.
    #[expect(unsafe_code, reason = "functions that need certain processors")]
    pub fn add(&self, along: &mut Along<R>, picked: &[u32], x: &[R], slopes: &[R]) {
        // SAFETY: kernels are given out where the processor has AVX2 and FMA.
        unsafe { (self.add)(along, picked, x, &slopes[..picked.len()]) }
    }
}
