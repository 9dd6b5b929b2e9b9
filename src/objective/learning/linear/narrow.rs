//! The pass over rows of few features: rows stand side by side in lanes.

use crate::numeric::{Real, Stands};

use super::super::rules::{LANES, PerRow, Totals, in_pairs};

/// Rows that are brought together at once where they do not lie side by side.
const TOGETHER: usize = 4 * LANES;

/// A batch of rows of `F` features.
#[derive(Clone, Copy)]
pub(super) struct Narrow<'a, R> {
    /// The features of all rows, feature by feature.
    pub(super) columns: &'a [R],
    /// The same, row by row.
    pub(super) x: &'a [R],
    /// The targets of all rows.
    pub(super) targets: &'a [R],
    pub(super) params: &'a [R],
    pub(super) picked: &'a [u32],
}

impl<R: Real> Narrow<'_, R> {
    /// The sums of the loss's and the report's terms, with the mean gradient written.
    #[inline(always)]
    pub(super) fn run<X: Real + Stands<R>, P: PerRow, const F: usize>(
        self,
        gradient: &mut [R],
    ) -> (R, R) {
        let mut weights = [X::ZERO; F];
        for (weight, param) in weights.iter_mut().zip(self.params) {
            *weight = X::of(*param);
        }
        let mut sums = Sums::<X, F> {
            weights,
            bias: X::of(self.params[F]),
            totals: Totals::ZERO,
            along: [[X::ZERO; LANES]; F],
        };
        let rows = self.targets.len();
        let targets = X::all(self.targets);
        let columns = X::all(self.columns);
        let first = self.picked.first().map_or(0, |row| *row as usize);
        let apart = self.picked.iter().zip(first as u32..).fold(0, |any, (a, b)| any | (a ^ b));
        if apart == 0 {
            let count = self.picked.len();
            let mut x: [&[X]; F] = [&[]; F];
            for (j, x) in x.iter_mut().enumerate() {
                *x = &columns[j * rows + first..][..count];
            }
            sums.add_rows::<P>(x, &targets[first..][..count]);
        } else {
            let (features, _) = X::all(self.x).as_chunks::<F>();
            for picked in self.picked.chunks(TOGETHER) {
                let mut x = [[X::ZERO; TOGETHER]; F];
                let mut t = [X::ZERO; TOGETHER];
                for (lane, (t, row)) in t.iter_mut().zip(picked).enumerate() {
                    *t = targets[*row as usize];
                    let features = &features[*row as usize];
                    for (x, feature) in x.iter_mut().zip(features) {
                        x[lane] = *feature;
                    }
                }
                sums.add_rows::<P>(x.each_ref().map(|x| &x[..picked.len()]), &t[..picked.len()]);
            }
        }
        sums.end(self.picked.len(), gradient)
    }
}

/// What is summed, and with what.
struct Sums<X, const F: usize> {
    weights: [X; F],
    bias: X,
    totals: Totals<X>,
    /// Slope times each feature.
    along: [[X; LANES]; F],
}

impl<X: Real, const F: usize> Sums<X, F> {
    /// Adds rows that lie side by side, `x[j][i]` being feature j of row i.
    #[inline(always)]
    fn add_rows<P: PerRow>(&mut self, x: [&[X]; F], t: &[X]) {
        let (whole, rest) = t.as_chunks::<LANES>();
        // Loops are compiled into the pass; `array::map` and `from_fn` may be calls without the path's
        // instructions.
        let mut blocks: [&[[X; LANES]]; F] = [&[]; F];
        for (blocks, x) in blocks.iter_mut().zip(x) {
            *blocks = &x.as_chunks::<LANES>().0[..whole.len()];
        }
        for (at, t) in whole.iter().enumerate() {
            let mut x = [[X::ZERO; LANES]; F];
            for (x, blocks) in x.iter_mut().zip(blocks) {
                *x = blocks[at];
            }
            self.add::<P, true>(&x, t, LANES);
        }
        if !rest.is_empty() {
            let fill = |lanes: &mut [X; LANES], numbers: &[X]| {
                for (lane, x) in lanes.iter_mut().zip(&numbers[whole.len() * LANES..]) {
                    *lane = *x;
                }
            };
            let (mut last, mut last_t) = ([[X::ZERO; LANES]; F], [X::ZERO; LANES]);
            for (last, x) in last.iter_mut().zip(x) {
                fill(last, x);
            }
            fill(&mut last_t, t);
            self.add::<P, false>(&last, &last_t, rest.len());
        }
    }

    /// Adds `rows` rows, each to a lane of its own.
    #[inline(always)]
    fn add<P: PerRow, const WHOLE: bool>(
        &mut self,
        x: &[[X; LANES]; F],
        t: &[X; LANES],
        rows: usize,
    ) {
        // One loop for everything, or the compiler takes the vectors apart.
        for lane in 0..LANES {
            let mut z = self.bias;
            for (weight, x) in self.weights.iter().zip(x) {
                z += *weight * x[lane];
            }
            let live = WHOLE || lane < rows;
            let slope = self.totals.add::<P>(lane, z, t[lane], live);
            for (along, x) in self.along.iter_mut().zip(x) {
                along[lane] += slope * x[lane];
            }
        }
    }

    /// Writes the mean gradient; gives the sums.
    #[inline(always)]
    fn end<R: Real>(self, rows: usize, gradient: &mut [R]) -> (R, R)
    where
        X: Stands<R>,
    {
        let share = R::ONE / R::from_f64(rows as f64);
        for (g, along) in gradient.iter_mut().zip(self.along) {
            *g = in_pairs(along).bare() * share;
        }
        gradient[F] = in_pairs(self.totals.slope).bare() * share;
        (in_pairs(self.totals.loss).bare(), in_pairs(self.totals.report).bare())
    }
}
