//! Who helps with a large piece of work: nobody, or threads that have nothing else to do.
//!
//! Invariant: what is shared out is divided into parts that write to different places and whose numbers
//! do not depend on the division; so results are the same for any number of hands. Deliberately not
//! here: threads ([`Hands`] is implemented above), and which work is worth sharing.

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::{End, Kernels, Left, Real};

/// Multiply-adds of a product that are worth sharing: some tens of microseconds of one core.
const WORTH: usize = 1 << 19;
/// Parts for each pair of hands, so that nobody waits long for the last.
const PARTS: usize = 2;
/// The most parts of one piece of work.
const MOST_PARTS: usize = 32;
/// Numbers of a matrix whose transpose is worth sharing.
const WORTH_TURNING: usize = 1 << 15;
/// Parts of a product are so many rows, or a multiple.
const ROWS: usize = 8;

/// Threads that may help.
pub trait Hands: Send + Sync + Debug {
    /// Threads that could work at once, the caller's included.
    fn count(&self) -> usize;
    /// Calls `part` once with each number below `parts`, on this thread and on others, and returns when
    /// all calls have.
    fn share(&self, parts: usize, part: &(dyn Fn(usize) + Sync));
}

/// Those who work on a lane: its thread alone, or with others.
#[derive(Debug, Clone, Default)]
pub struct Team(Option<Arc<dyn Hands>>);

impl Team {
    /// The thread that asks, and nobody else.
    #[must_use]
    pub fn alone() -> Self {
        Self(None)
    }

    /// The thread that asks, and these where there are any.
    #[must_use]
    pub fn of(hands: Arc<dyn Hands>) -> Self {
        Self((hands.count() > 1).then_some(hands))
    }

    /// Into how many parts work is divided; one where nobody helps.
    pub fn parts(&self) -> usize {
        self.0.as_ref().map_or(1, |hands| (PARTS * hands.count()).min(MOST_PARTS))
    }

    /// Hands each of `tasks` to `work`, in any order, some at the same time.
    ///
    /// # Panics
    /// If there are more tasks than thirty-two.
    pub fn share<T: Send>(&self, tasks: impl Iterator<Item = T>, work: impl Fn(T) + Sync) {
        let Some(hands) = &self.0 else { return tasks.for_each(work) };
        let mut waiting: [Mutex<Option<T>>; MOST_PARTS] = [const { Mutex::new(None) }; MOST_PARTS];
        let mut count = 0;
        for task in tasks {
            *waiting[count].get_mut().unwrap_or_else(PoisonError::into_inner) = Some(task);
            count += 1;
        }
        hands.share(count, &|part| {
            let task = waiting[part].lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(task) = task {
                work(task);
            }
        });
    }

    /// Whether `holds` of every task; all are looked at.
    ///
    /// # Panics
    /// If there are more tasks than thirty-two.
    pub fn all<T: Send>(
        &self,
        tasks: impl Iterator<Item = T>,
        holds: impl Fn(T) -> bool + Sync,
    ) -> bool {
        let well = AtomicBool::new(true);
        self.share(tasks, |task| {
            if !holds(task) {
                well.store(false, Ordering::Relaxed);
            }
        });
        well.into_inner()
    }

    /// The product as [`Kernels::product`] computes it, bit for bit, by several if it is large.
    ///
    /// # Panics
    /// If a matrix is smaller than its shape.
    pub fn product<R: Real>(
        &self,
        kernels: &Kernels<R>,
        c: &mut [R],
        (a, b): (Left<'_, R>, &[R]),
        shape: [usize; 3],
        end: End<'_, R>,
    ) {
        let [rows, inner, columns] = shape;
        let parts = self.parts().min(rows / ROWS);
        if parts < 2 || rows * inner * columns < WORTH {
            return kernels.product(c, a, b, shape, end);
        }
        let rows_each = rows.div_ceil(parts).next_multiple_of(ROWS);
        let tasks = c[..rows * columns].chunks_mut(rows_each * columns).enumerate();
        self.share(tasks, |(part, c)| {
            let a = Left { values: &a.values[part * rows_each * a.row..], ..a };
            kernels.product(c, a, b, [c.len() / columns, inner, columns], end);
        });
    }
}

impl Team {
    /// The transpose as [`Kernels::transpose`] writes it, by several if it is large.
    ///
    /// # Panics
    /// If a matrix is smaller than its shape.
    pub fn transpose<R: Real>(
        &self,
        kernels: &Kernels<R>,
        matrix: &[R],
        [rows, columns]: [usize; 2],
        out: &mut [R],
    ) {
        let parts = self.parts().min(columns / ROWS);
        if parts < 2 || rows * columns < WORTH_TURNING {
            return kernels.transpose((matrix, columns), [rows, columns], out);
        }
        let each = columns.div_ceil(parts).next_multiple_of(ROWS);
        let tasks = out[..rows * columns].chunks_mut(rows * each).enumerate();
        self.share(tasks, |(part, out)| {
            let shape = [rows, out.len() / rows];
            kernels.transpose((&matrix[part * each..], columns), shape, out);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::KernelPath;
    use crate::numeric::Runner;

    /// Calls the parts from last to first.
    #[derive(Debug)]
    struct Crowd(usize);

    impl Hands for Crowd {
        fn count(&self) -> usize {
            self.0
        }
        fn share(&self, parts: usize, part: &(dyn Fn(usize) + Sync)) {
            (0..parts).rev().for_each(part);
        }
    }

    fn numbers(count: usize, seed: usize) -> Vec<f32> {
        (0..count).map(|i| ((i * 37 + seed * 101) as f32 * 0.618).sin()).collect()
    }

    #[test]
    fn a_shared_product_has_the_bits_of_one_that_is_not() {
        for path in KernelPath::available() {
            let kernels = Kernels::<f32>::of(Runner::of(path));
            for [rows, inner, columns] in [[128, 100, 64], [97, 90, 100], [25, 300, 77]] {
                let (a, b) = (numbers(rows * inner, 1), numbers(inner * columns, 2));
                let bias = numbers(columns, 3);
                let mut transposed = vec![0.0; a.len()];
                kernels.transpose((&a, inner), [rows, inner], &mut transposed);
                for left in [Left::rows(&a, inner), Left::transposed(&transposed, rows)] {
                    for end in [End::Set, End::Add, End::Bias(&bias)] {
                        let mut alone = numbers(rows * columns, 4);
                        let mut shared = alone.clone();
                        let shape = [rows, inner, columns];
                        kernels.product(&mut alone, left, &b, shape, end);
                        for hands in [2, 3, 40] {
                            let team = Team::of(Arc::new(Crowd(hands)));
                            shared.copy_from_slice(&numbers(rows * columns, 4));
                            team.product(kernels, &mut shared, (left, &b), shape, end);
                            assert_eq!(alone, shared, "{shape:?} {end:?} {hands} hands on {path}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_shared_transpose_is_the_transpose() {
        for path in KernelPath::available() {
            let kernels = Kernels::<f32>::of(Runner::of(path));
            for [rows, columns] in [[128, 300], [300, 129], [257, 131], [1000, 40]] {
                let matrix = numbers(rows * columns, 1);
                let mut out = vec![0.0; matrix.len()];
                let team = Team::of(Arc::new(Crowd(3)));
                team.transpose(kernels, &matrix, [rows, columns], &mut out);
                for (at, x) in out.iter().enumerate() {
                    assert_eq!(*x, matrix[(at % rows) * columns + at / rows]);
                }
            }
        }
    }

    #[test]
    fn one_pair_of_hands_is_nobody_s_help() {
        assert_eq!(Team::of(Arc::new(Crowd(1))).parts(), 1);
        assert_eq!(Team::alone().parts(), 1);
        assert_eq!(Team::of(Arc::new(Crowd(2))).parts(), 4);
    }
}
