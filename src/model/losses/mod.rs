//! The table of losses: how far outputs are from targets, as one number, and its slope.
//!
//! One file per loss, one row here. A loss sees the output layer's sums, the activations made of them
//! ([`Link`]) and the targets as numbers (classes as 0 and 1, or one-hot), and gives the sum of its
//! terms over some rows with the slope of each term. [`Reduction`] then says by what the sum is
//! divided. Deliberately not here: penalties, batches, which activation the output has.

mod classes;
mod cross_entropy;
mod hinge;
mod huber;
mod log_cosh;
mod mean_absolute_error;
mod mean_squared_error;
mod multi_class_hinge;
mod smooth_l1;
mod soft_margin;
mod squared_error_sum;
mod squared_hinge;

use std::marker::PhantomData;

use crate::catalog::{Chosen, Entry, Family};
use crate::numeric::{Arithmetic, Real, Runner, Stands, Work, of_precision, sum};

use super::Link;

use classes::ClassSettings;

pub use classes::ClassTreatment;
pub(super) use cross_entropy::{shifted_exponentials, total_of};

/// The table of losses.
#[derive(Debug)]
pub struct Losses;

static ROWS: [&LossRow; 11] = [
    &cross_entropy::ROW,
    &mean_squared_error::ROW,
    &squared_error_sum::ROW,
    &mean_absolute_error::ROW,
    &huber::ROW,
    &smooth_l1::ROW,
    &log_cosh::ROW,
    &hinge::ROW,
    &squared_hinge::ROW,
    &multi_class_hinge::ROW,
    &soft_margin::ROW,
];
static TABLE: [&Entry; 11] = [
    &cross_entropy::ENTRY,
    &mean_squared_error::ENTRY,
    &squared_error_sum::ENTRY,
    &mean_absolute_error::ENTRY,
    &huber::ENTRY,
    &smooth_l1::ENTRY,
    &log_cosh::ENTRY,
    &hinge::ENTRY,
    &squared_hinge::ENTRY,
    &multi_class_hinge::ENTRY,
    &soft_margin::ENTRY,
];

impl Family for Losses {
    const NOUN: &'static str = "loss";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
    }
}

impl Losses {
    /// What the chosen loss makes of targets.
    pub fn task(chosen: &Chosen<Self>) -> LossTask {
        LossRow::of(chosen).task
    }

    /// Whether the slopes of the chosen loss are taken by the activations, so that the chain goes on
    /// through the [`Link`]; else they are taken by the output layer's sums.
    pub fn slopes_by_activations(chosen: &Chosen<Self>) -> bool {
        LossRow::of(chosen).slope_by == SlopeBy::Activations
    }

    /// By what the sum of the chosen loss's terms is divided.
    pub fn reduction(chosen: &Chosen<Self>) -> Reduction {
        LossRow::of(chosen).reduction
    }

    /// What the outputs mean that the chosen loss compares with classes.
    pub(super) fn answer(chosen: &Chosen<Self>) -> Answer {
        LossRow::of(chosen).answer
    }

    /// Whether the chosen loss ranks classes, and so has an output a class also for two.
    pub fn ranks_classes(chosen: &Chosen<Self>) -> bool {
        Self::answer(chosen) == Answer::Ranks
    }

    /// Whether the chosen loss reads a [`ClassTreatment`].
    pub fn treats_classes(chosen: &Chosen<Self>) -> bool {
        chosen.name() == "CrossEntropy"
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

/// What the outputs of a loss over classes mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Logits of probabilities that add up to 1; one logit for two classes.
    Together,
    /// Logits of probabilities each by itself; one for two classes.
    EachByItself,
    /// Scores around zero, positive for a class; one for two classes.
    Scores,
    /// Scores of which the greatest wins: one a class, also for two.
    Ranks,
}

/// By what the sum over a batch is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// By the number of rows, or by the weights of their classes where classes have weights.
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

/// The numbers of a chosen loss.
#[derive(Debug, Clone)]
struct Settings {
    /// The values of its fields, in their order.
    knobs: Vec<f64>,
    /// What is done to labels and classes, if anything.
    classes: Option<ClassSettings>,
}

impl Settings {
    /// The value of the field at a position of the entry.
    #[inline(always)]
    fn knob<R: Real>(&self, index: usize) -> R {
        R::from_f64(self.knobs[index])
    }
}

/// Σ of the terms; writes the slope of each.
type LossKernel<R> = fn(Runner, &LossRows<'_, R>, &Settings, slopes: &mut [R]) -> R;

/// Σ of what `rule` gives for each output and target, and its slope there. Terms are summed as
/// [`sum`] sums, in stretches of [`STRETCH`].
#[inline(always)]
fn pointwise<R: Real>(
    outputs: &[R],
    targets: &[R],
    slopes: &mut [R],
    rule: impl Fn(R, R) -> (R, R),
) -> R {
    let mut total = R::ZERO;
    let mut terms = [R::ZERO; STRETCH];
    let stretches = outputs.chunks(STRETCH).zip(targets.chunks(STRETCH));
    for ((outputs, targets), slopes) in stretches.zip(slopes.chunks_mut(STRETCH)) {
        let terms = &mut terms[..outputs.len()];
        let pairs = outputs.iter().zip(targets);
        for ((term, slope), (x, t)) in terms.iter_mut().zip(slopes).zip(pairs) {
            (*term, *slope) = rule(*x, *t);
        }
        total += sum(terms);
    }
    total
}

/// Terms that are summed at once.
const STRETCH: usize = 256;

/// −1, 0 or 1: the slope of |x|, with 0 at the kink as PyTorch takes it.
#[inline(always)]
fn sign<R: Real>(x: R) -> R {
    if x > R::ZERO {
        R::ONE
    } else if x < R::ZERO {
        -R::ONE
    } else {
        // Zero, or NaN, which stays.
        x * R::ZERO
    }
}

/// A target of 0 or 1 as the side it stands for: −1 or +1.
#[inline(always)]
fn side<R: Real>(target: R) -> R {
    target + target - R::ONE
}

/// A loss in terms of single rows: inlined into loops on every kernel path.
trait LossRule {
    /// Σ of the terms of all rows; writes ∂Σ/∂(sums or activations) to `slopes`.
    fn sum_and_slopes<R: Real>(rows: &LossRows<'_, R>, settings: &Settings, slopes: &mut [R]) -> R;
}

fn kernel<L: LossRule, R: Real>(
    runner: Runner,
    rows: &LossRows<'_, R>,
    settings: &Settings,
    slopes: &mut [R],
) -> R {
    runner.run(Terms::<L, R> { rows: *rows, settings, slopes, of: PhantomData })
}

/// What a rule makes of some rows.
struct Terms<'a, L, R> {
    rows: LossRows<'a, R>,
    settings: &'a Settings,
    slopes: &'a mut [R],
    of: PhantomData<L>,
}

impl<L: LossRule, R: Real> Work for Terms<'_, L, R> {
    type Output = R;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> R {
        let LossRows { sums, activations, targets, width } = self.rows;
        let rows = LossRows::<A::Number<R>> {
            sums: Stands::all(sums),
            activations: Stands::all(activations),
            targets: Stands::all(targets),
            width,
        };
        L::sum_and_slopes(&rows, self.settings, Stands::all_mut(self.slopes)).bare()
    }
}

/// Divides every number by the divisor.
struct Divided<'a, R> {
    numbers: &'a mut [R],
    divisor: R,
}

impl<R: Real> Work for Divided<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        for x in self.numbers {
            *x /= self.divisor;
        }
    }
}

/// One loss, for both precisions.
#[derive(Debug)]
struct LossRow {
    entry: &'static Entry,
    task: LossTask,
    reduction: Reduction,
    slope_by: SlopeBy,
    answer: Answer,
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
        let (single, double) = (kernel::<L, f32>, kernel::<L, f64>);
        Self { entry, task, reduction, slope_by, answer: Answer::Together, single, double }
    }

    /// The same with outputs of another meaning.
    const fn answering(self, answer: Answer) -> Self {
        Self { answer, ..self }
    }

    fn of(chosen: &Chosen<Losses>) -> &'static Self {
        let row = ROWS.iter().find(|row| std::ptr::eq(row.entry, chosen.entry()));
        row.expect("every entry of the table has a row")
    }
}

/// A chosen loss in one precision, ready to compute.
#[derive(Debug, Clone)]
pub struct LossFunction<R> {
    kernel: LossKernel<R>,
    runner: Runner,
    settings: Settings,
    reduction: Reduction,
    slope_by: SlopeBy,
}

impl<R: Real> LossFunction<R> {
    /// The chosen loss in precision `R`.
    pub fn new(chosen: &Chosen<Losses>) -> Self {
        let row = LossRow::of(chosen);
        let kernel = *of_precision::<R, LossKernel<R>>(&row.single, &row.double);
        let settings = Settings { knobs: chosen.knobs(), classes: None };
        let runner = Runner::active();
        Self { kernel, runner, settings, reduction: row.reduction, slope_by: row.slope_by }
    }

    /// The chosen loss with labels and classes treated, where it is one that reads this.
    pub fn treated(chosen: &Chosen<Losses>, treatment: &ClassTreatment) -> Self {
        let mut function = Self::new(chosen);
        let treatment = treatment.on(chosen);
        if !treatment.is_neutral() {
            function.settings.classes = Some(ClassSettings::new(&treatment));
        }
        function
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

    /// By what the sum over rows with these targets, `width` a row, is divided: as
    /// [`LossFunction::divisor`], save where classes have weights.
    pub fn divisor_of<'a>(&self, rows: impl ExactSizeIterator<Item = &'a [R]>, width: usize) -> R {
        match self.settings.classes.as_ref().filter(|classes| classes.is_weighted()) {
            Some(classes) => {
                let mut total = R::ZERO;
                for targets in rows {
                    total += classes.row_weight(targets);
                }
                total
            }
            None => self.divisor(rows.len(), width),
        }
    }

    /// Σ of the terms of some rows, not yet divided; `slopes` is overwritten and means nothing.
    pub fn sum(&self, rows: &LossRows<'_, R>, slopes: &mut [R]) -> R {
        (self.kernel)(self.runner, rows, &self.settings, slopes)
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
        let sum = (self.kernel)(self.runner, rows, &self.settings, gradient);
        if self.slope_by == SlopeBy::Activations {
            link.backward(rows.activations, rows.width, gradient);
        }
        if divisor != R::ONE {
            self.runner.run(Divided { numbers: gradient, divisor });
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
