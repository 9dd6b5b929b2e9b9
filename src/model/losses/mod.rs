//! The table of losses: how far outputs are from targets, as one number, and its slope.
//!
//! One file per loss, one row here. A loss sees the output layer's sums, the activations made of them
//! ([`Link`]) and the targets as numbers (classes as 0 and 1, or one-hot), and gives the sum of its
//! terms over some rows with the slope of each term. [`Reduction`] then says by what the sum is
//! divided. Deliberately not here: penalties, batches, which activation the output has.

mod cross_entropy;
mod mean_squared_error;
mod squared_error_sum;

use crate::catalog::{Chosen, Entry, Family};
use crate::numeric::{Real, of_precision};

use super::Link;

pub(super) use cross_entropy::shifted_exponentials;

/// The table of losses.
#[derive(Debug)]
pub struct Losses;

static ROWS: [&LossRow; 3] =
    [&cross_entropy::ROW, &mean_squared_error::ROW, &squared_error_sum::ROW];
static TABLE: [&Entry; 3] =
    [&cross_entropy::ENTRY, &mean_squared_error::ENTRY, &squared_error_sum::ENTRY];

impl Family for Losses {
    const NOUN: &'static str = "loss";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
    }
    fn planned() -> &'static [&'static str] {
        &[
            "MeanAbsoluteError",
            "Huber",
            "SmoothL1",
            "LogCosh",
            "Hinge",
            "SquaredHinge",
            "MultiClassHinge",
            "SoftMargin",
        ]
    }
}

impl Losses {
    /// What the chosen loss makes of targets.
    pub fn task(chosen: &Chosen<Self>) -> LossTask {
        LossRow::of(chosen).task
    }
}

/// What a loss makes of targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LossTask {
    /// It compares classes; numbers are refused.
    Classes,
    /// It compares numbers; classes are read as numbers, 0 and 1 or one-hot.
    Values,
    /// It compares either: probabilities with classes, outputs with numbers.
    Either,
}

/// By what the sum over a batch is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reduction {
    /// By the number of rows.
    MeanOverRows,
    /// By the number of targets: rows times outputs.
    MeanOverElements,
    /// By nothing.
    Sum,
}

/// What the slopes of a loss are taken by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SlopeBy {
    /// The output layer's sums; it does not read the activations.
    Sums,
    /// The activations; the chain goes on through the [`Link`].
    Activations,
}

/// Outputs and targets of some rows, row-major, `width` numbers a row.
#[derive(Debug, Clone, Copy)]
pub struct LossRows<'a, R> {
    /// The output layer's sums.
    pub sums: &'a [R],
    /// The activations; read only where [`LossFunction::needs_activations`].
    pub activations: &'a [R],
    /// The targets.
    pub targets: &'a [R],
    /// Numbers a row.
    pub width: usize,
}

/// Σ of the terms; writes the slope of each.
type LossKernel<R> = fn(&LossRows<'_, R>, slopes: &mut [R]) -> R;

/// A loss in terms of single rows.
trait LossRule {
    /// Σ of the terms of all rows; writes ∂Σ/∂(sums or activations) to `slopes`.
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, slopes: &mut [R]) -> R;
}

/// One loss, for both precisions.
#[derive(Debug)]
struct LossRow {
    entry: &'static Entry,
    task: LossTask,
    reduction: Reduction,
    slope_by: SlopeBy,
    single: LossKernel<f32>,
    double: LossKernel<f64>,
}

impl LossRow {
    const fn new<L: LossRule>(
        entry: &'static Entry,
        task: LossTask,
        reduction: Reduction,
        slope_by: SlopeBy,
    ) -> Self {
        let (single, double) = (L::sum_and_slopes::<f32>, L::sum_and_slopes::<f64>);
        Self { entry, task, reduction, slope_by, single, double }
    }

    fn of(chosen: &Chosen<Losses>) -> &'static Self {
        let row = ROWS.iter().find(|row| std::ptr::eq(row.entry, chosen.entry()));
        row.expect("every entry of the table has a row")
    }
}

/// A chosen loss in one precision, ready to compute.
#[derive(Debug, Clone, Copy)]
pub struct LossFunction<R> {
    kernel: LossKernel<R>,
    reduction: Reduction,
    slope_by: SlopeBy,
}

impl<R: Real> LossFunction<R> {
    /// The chosen loss in precision `R`.
    pub fn new(chosen: &Chosen<Losses>) -> Self {
        let row = LossRow::of(chosen);
        let kernel = *of_precision::<R, LossKernel<R>>(&row.single, &row.double);
        Self { kernel, reduction: row.reduction, slope_by: row.slope_by }
    }

    /// Whether it reads activations (else the sums suffice).
    pub fn needs_activations(&self) -> bool {
        self.slope_by == SlopeBy::Activations
    }

    /// By what the sum over `rows` rows of `width` outputs is divided.
    pub fn divisor(&self, rows: usize, width: usize) -> R {
        R::from_f64(match self.reduction {
            Reduction::MeanOverRows => rows as f64,
            Reduction::MeanOverElements => (rows * width) as f64,
            Reduction::Sum => 1.0,
        })
    }

    /// Σ of the terms of some rows, not yet divided; `slopes` is overwritten and means nothing.
    pub fn sum(&self, rows: &LossRows<'_, R>, slopes: &mut [R]) -> R {
        (self.kernel)(rows, slopes)
    }

    /// Σ of the terms of some rows, not yet divided; writes its gradient by the output layer's sums,
    /// divided by `divisor`.
    pub fn sum_and_gradient(
        &self,
        rows: &LossRows<'_, R>,
        link: Link,
        divisor: R,
        gradient: &mut [R],
    ) -> R {
        let sum = (self.kernel)(rows, gradient);
        if self.slope_by == SlopeBy::Activations {
            link.backward(rows.activations, rows.width, gradient);
        }
        if divisor != R::ONE {
            for g in gradient {
                *g /= divisor;
            }
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_its_row_in_the_same_order() {
        assert_eq!(ROWS.len(), TABLE.len());
        for (row, entry) in ROWS.iter().zip(TABLE) {
            assert!(std::ptr::eq(row.entry, entry), "{}", entry.name);
        }
    }
}
