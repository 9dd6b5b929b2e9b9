//! The pass over rows of many features: a few rows at a time, whose features stay near from their sums to
//! their share of the gradient.

use crate::numeric::{Arithmetic, Real, RowKernels, Runner, Stands, Work, sum};

use super::super::rules::PerRow;

/// Rows at a time.
const ROWS: usize = 64;

/// A batch of rows.
#[derive(Clone, Copy)]
pub(super) struct Wide<'a, R> {
    /// The features of all rows, row by row.
    pub(super) x: &'a [R],
    /// The targets of all rows.
    pub(super) targets: &'a [R],
    /// One weight a feature, then the bias.
    pub(super) params: &'a [R],
    pub(super) picked: &'a [u32],
}

impl<R: Real> Wide<'_, R> {
    /// The sums of the loss's and the report's terms, with the mean gradient written.
    pub(super) fn run<P: PerRow>(
        self,
        kernels: RowKernels<R>,
        runner: Runner,
        gradient: &mut [R],
    ) -> (R, R) {
        let Self { x, targets, params, picked } = self;
        let width = params.len() - 1;
        let mut along = kernels.along(width);
        let mut numbers = [[R::ZERO; ROWS]; 4];
        let (mut losses, mut reports, mut slopes) = (R::ZERO, R::ZERO, R::ZERO);
        let first = picked.first().map_or(0, |row| *row as usize);
        let apart = picked.iter().zip(first as u32..).fold(0, |any, (a, b)| any | (a ^ b));
        for (at, block) in picked.chunks(ROWS).enumerate() {
            let [z, gathered, loss, report] =
                numbers.each_mut().map(|numbers| &mut numbers[..block.len()]);
            let start = at * ROWS;
            // Rows side by side are fetched by the processor itself.
            let (t, soon) = if apart == 0 {
                (&targets[first + start..][..block.len()], [].as_slice())
            } else {
                for (t, row) in gathered.iter_mut().zip(block) {
                    *t = targets[*row as usize];
                }
                let soon = &picked[start + block.len()..];
                (&*gathered, &soon[..ROWS.min(soon.len())])
            };
            kernels.dots(z, block, (x, params), soon);
            runner.run(Step::<R, P> { z, t, loss, report, rule: std::marker::PhantomData });
            losses += sum(loss);
            reports += sum(report);
            slopes += sum(z);
            kernels.add(&mut along, block, x, z);
        }
        let share = R::ONE / R::from_f64(picked.len() as f64);
        for (g, along) in gradient.iter_mut().zip(along.sums()) {
            *g = along * share;
        }
        gradient[width] = slopes * share;
        (losses, reports)
    }
}

/// From sums to slopes, with the losses' and the reports' terms.
struct Step<'a, R, P> {
    /// The sums of the rows; their slopes in the end.
    z: &'a mut [R],
    t: &'a [R],
    loss: &'a mut [R],
    report: &'a mut [R],
    rule: std::marker::PhantomData<P>,
}

impl<R: Real, P: PerRow> Work for Step<'_, R, P> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let z = A::Number::<R>::all_mut(self.z);
        let loss = A::Number::<R>::all_mut(self.loss);
        let report = A::Number::<R>::all_mut(self.report);
        let t = A::Number::<R>::all(self.t);
        for ((z, t), (loss, report)) in z.iter_mut().zip(t).zip(loss.iter_mut().zip(report)) {
            (*loss, *report, *z) = P::of(*z, *t);
        }
    }
}
