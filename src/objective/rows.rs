//! Rows of features and targets in the precision of training, contiguous.
//!
//! Invariant: targets are numbers as the head wants them: 0 and 1 for two classes, one-hot for more,
//! values for a regression. Deliberately not here: scaling (done by the split), the order of rows.

use crate::data::{Dataset, Targets};
use crate::model::{CHUNK_ROWS, Head};
use crate::numeric::{Aligned, Real};

/// All rows of one dataset, row-major.
#[derive(Debug, Clone)]
pub(super) struct Rows<R> {
    features: Aligned<R>,
    targets: Vec<R>,
    width: usize,
    target_width: usize,
}

/// Space for the rows of one chunk that do not lie side by side.
#[derive(Debug, Clone)]
pub(super) struct Gathered<R> {
    features: Aligned<R>,
    targets: Vec<R>,
}

impl<R: Real> Gathered<R> {
    pub(super) fn new(width: usize, target_width: usize) -> Self {
        Self {
            features: Aligned::zeros(CHUNK_ROWS * width),
            targets: vec![R::ZERO; CHUNK_ROWS * target_width],
        }
    }
}

impl<R: Real> Rows<R> {
    pub(super) fn new(dataset: &Dataset, head: Head) -> Self {
        let mut features = Aligned::zeros(dataset.features.len());
        for (to, from) in features.iter_mut().zip(&dataset.features) {
            *to = R::from_f64(*from);
        }
        Self {
            features,
            targets: target_numbers(&dataset.targets, head.width).map(R::from_f64).collect(),
            width: dataset.width(),
            target_width: head.width,
        }
    }

    /// Features a row.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn count(&self) -> usize {
        self.targets.len() / self.target_width
    }

    /// The targets of one row.
    pub(super) fn targets_of(&self, row: usize) -> &[R] {
        &self.targets[row * self.target_width..][..self.target_width]
    }

    /// The targets of all rows, one by one.
    pub(super) fn all_targets(&self) -> impl ExactSizeIterator<Item = &[R]> {
        self.targets.chunks_exact(self.target_width)
    }

    /// Features and targets of all rows.
    #[inline]
    pub(super) fn all(&self) -> (&[R], &[R]) {
        (&self.features, &self.targets)
    }

    /// Features and targets of rows `first..first + count`.
    #[inline]
    pub(super) fn run(&self, first: usize, count: usize) -> (&[R], &[R]) {
        (
            &self.features[first * self.width..][..count * self.width],
            &self.targets[first * self.target_width..][..count * self.target_width],
        )
    }

    /// Features and targets of the given rows: in place if they lie side by side, else copied.
    pub(super) fn pick<'a>(
        &'a self,
        rows: &[u32],
        space: &'a mut Gathered<R>,
    ) -> (&'a [R], &'a [R]) {
        let first = rows.first().copied().unwrap_or(0);
        let apart = rows.iter().zip(first..).fold(0, |any, (a, b)| any | (a ^ b));
        if apart == 0 {
            return self.run(rows.first().map_or(0, |row| *row as usize), rows.len());
        }
        let features = &mut space.features[..rows.len() * self.width];
        let targets = &mut space.targets[..rows.len() * self.target_width];
        copy_rows(&self.features, self.width, rows, features);
        copy_rows(&self.targets, self.target_width, rows, targets);
        (features, targets)
    }
}

fn copy_rows<R: Real>(from: &[R], width: usize, rows: &[u32], to: &mut [R]) {
    for (row, to) in rows.iter().zip(to.chunks_exact_mut(width)) {
        let from = &from[*row as usize * width..][..width];
        // A loop, because a call to copy a few numbers costs more than copying them.
        for (to, from) in to.iter_mut().zip(from) {
            *to = *from;
        }
    }
}

/// The targets as numbers, row by row, `width` a row.
fn target_numbers(targets: &Targets, width: usize) -> Box<dyn Iterator<Item = f64> + '_> {
    match targets {
        Targets::Values { values, .. } => Box::new(values.iter().copied()),
        Targets::Classes { labels, .. } if width == 1 => {
            Box::new(labels.iter().map(|label| *label as f64))
        }
        Targets::Classes { labels, .. } => Box::new(labels.iter().flat_map(move |label| {
            (0..width).map(move |class| f64::from(u8::from(class == *label)))
        })),
    }
}
