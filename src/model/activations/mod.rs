//! The table of activations: what a unit does with its sum.
//!
//! One file per activation, one row here. An activation is a value and a slope per number; the loops
//! over slices are made from them for both precisions. Constants are PyTorch's.
//!
//! Which start `Auto` takes is a row's `rectifies`. He's start makes up for a unit that passes what
//! lies above zero and quenches what lies below: ReLU, leaky ReLU (PyTorch's gain for it differs from
//! ReLU's by 1/20,000), `Relu6`, ELU (started so by its authors), and the smooth forms of it: `Silu`,
//! Mish and both GELUs. SELU is not among them: it is made for variance 1 / fan-in. Nor is softplus,
//! which does not quench. All others start as Xavier.

mod elu;
mod gelu_erf;
mod gelu_tanh;
mod hardsigmoid;
mod hardtanh;
mod identity;
mod inlined;
mod leaky_relu;
mod log_sigmoid;
mod mish;
mod relu;
mod relu6;
mod selu;
mod sigmoid;
mod silu;
mod softplus;
mod softsign;
mod tanh;

use std::marker::PhantomData;

use crate::catalog::{Chosen, Entry, Family};
use crate::numeric::{Arithmetic, Real, Runner, Stands, Work, of_precision};

pub(crate) use inlined::Inlined;
pub(super) use sigmoid::sigmoid;

/// The table of activations.
#[derive(Debug)]
pub struct Activations;

static ROWS: [&ActivationRow; 17] = [
    &identity::ROW,
    &relu::ROW,
    &leaky_relu::ROW,
    &relu6::ROW,
    &elu::ROW,
    &selu::ROW,
    &silu::ROW,
    &mish::ROW,
    &gelu_erf::ROW,
    &gelu_tanh::ROW,
    &softplus::ROW,
    &log_sigmoid::ROW,
    &sigmoid::ROW,
    &hardsigmoid::ROW,
    &tanh::ROW,
    &hardtanh::ROW,
    &softsign::ROW,
];
static TABLE: [&Entry; 17] = [
    &identity::ENTRY,
    &relu::ENTRY,
    &leaky_relu::ENTRY,
    &relu6::ENTRY,
    &elu::ENTRY,
    &selu::ENTRY,
    &silu::ENTRY,
    &mish::ENTRY,
    &gelu_erf::ENTRY,
    &gelu_tanh::ENTRY,
    &softplus::ENTRY,
    &log_sigmoid::ENTRY,
    &sigmoid::ENTRY,
    &hardsigmoid::ENTRY,
    &tanh::ENTRY,
    &hardtanh::ENTRY,
    &softsign::ENTRY,
];

/// The names of all rows, in their order.
pub(super) static NAMES: [&str; TABLE.len()] = {
    let mut names = [""; TABLE.len()];
    let mut row = 0;
    while row < names.len() {
        names[row] = TABLE[row].name;
        row += 1;
    }
    names
};

impl Family for Activations {
    const NOUN: &'static str = "activation";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
    }
}

/// A function of one number, with its slope: both inlined into loops on every kernel path.
trait Pointwise {
    /// f(x).
    fn value<R: Real>(x: R) -> R;
    /// f′(x), where `y` is f(x).
    fn slope<R: Real>(x: R, y: R) -> R;
}

/// One activation, for both precisions.
#[derive(Debug)]
pub(super) struct ActivationRow {
    entry: &'static Entry,
    /// Whether `Auto` starts its layer as He (else as Xavier).
    pub(super) rectifies: bool,
    single: ActivationKernel<f32>,
    double: ActivationKernel<f64>,
}

/// An activation over slices, in one precision.
#[derive(Debug, Clone, Copy)]
pub(super) struct ActivationKernel<R> {
    /// Writes f of each sum.
    pub(super) forward: fn(runner: Runner, sums: &[R], out: &mut [R]),
    /// Multiplies each gradient by the slope at its sum, given sum and output, and writes what they then
    /// come to, unit by unit.
    pub(super) backward: BackwardOf<R>,
}

/// Sums, outputs and gradient of some rows, and the sums of the gradient's columns.
type BackwardOf<R> =
    fn(runner: Runner, sums: &[R], outputs: &[R], gradient: &mut [R], totals: &mut [R]);

impl ActivationRow {
    const fn new<P: Pointwise>(entry: &'static Entry, rectifies: bool) -> Self {
        Self {
            entry,
            rectifies,
            single: ActivationKernel { forward: forward::<P, f32>, backward: backward::<P, f32> },
            double: ActivationKernel { forward: forward::<P, f64>, backward: backward::<P, f64> },
        }
    }

    /// The row of a choice.
    pub(super) fn of(chosen: &Chosen<Activations>) -> &'static Self {
        let row = ROWS.iter().find(|row| std::ptr::eq(row.entry, chosen.entry()));
        row.expect("every entry of the table has a row")
    }

    /// Its name in the file.
    pub(super) fn name(&self) -> &'static str {
        self.entry.name
    }

    /// The name as the field writes it.
    pub(crate) fn label(&self) -> &'static str {
        self.entry.label
    }

    /// Its loops in precision `R`.
    pub(super) fn kernel<R: Real>(&self) -> ActivationKernel<R> {
        *of_precision::<R, ActivationKernel<R>>(&self.single, &self.double)
    }
}

fn forward<P: Pointwise, R: Real>(runner: Runner, sums: &[R], out: &mut [R]) {
    runner.run(Values::<P, R> { sums, out, of: PhantomData });
}

fn backward<P: Pointwise, R: Real>(
    runner: Runner,
    sums: &[R],
    outputs: &[R],
    gradient: &mut [R],
    totals: &mut [R],
) {
    runner.run(Slopes::<P, R> { sums, outputs, gradient, totals, of: PhantomData });
}

/// Writes f of each sum.
struct Values<'a, P, R> {
    sums: &'a [R],
    out: &'a mut [R],
    of: PhantomData<P>,
}

impl<P: Pointwise, R: Real> Work for Values<'_, P, R> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        for (out, x) in self.out.iter_mut().zip(self.sums) {
            *out = P::value(A::Number::<R>::of(*x)).bare();
        }
    }
}

/// Multiplies each gradient by the slope at its sum; then the sum of each column, from the first row to
/// the last.
struct Slopes<'a, P, R> {
    sums: &'a [R],
    outputs: &'a [R],
    gradient: &'a mut [R],
    totals: &'a mut [R],
    of: PhantomData<P>,
}

impl<P: Pointwise, R: Real> Work for Slopes<'_, P, R> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(mut self) {
        let width = self.totals.len();
        let mut first = 0;
        while first < width {
            first += match width - first {
                16.. => self.block::<A, 16>(first),
                4.. => self.block::<A, 4>(first),
                _ => self.block::<A, 1>(first),
            };
        }
    }
}

impl<P: Pointwise, R: Real> Slopes<'_, P, R> {
    /// N columns, from column `first` on; gives N.
    #[inline(always)]
    fn block<A: Arithmetic, const N: usize>(&mut self, first: usize) -> usize {
        let width = self.totals.len();
        let mut totals = [R::ZERO; N];
        let rows = self.sums.chunks_exact(width).zip(self.outputs.chunks_exact(width));
        for (gradient, (x, y)) in self.gradient.chunks_exact_mut(width).zip(rows) {
            let (x, y) = (&x[first..first + N], &y[first..first + N]);
            let gradient = &mut gradient[first..first + N];
            let mut moved = [R::ZERO; N];
            for lane in 0..N {
                let slope = P::slope(A::Number::<R>::of(x[lane]), A::Number::<R>::of(y[lane]));
                moved[lane] = gradient[lane] * slope.bare();
            }
            gradient.copy_from_slice(&moved);
            for (total, moved) in totals.iter_mut().zip(moved) {
                *total += moved;
            }
        }
        self.totals[first..first + N].copy_from_slice(&totals);
        N
    }
}

impl Activations {
    /// Whether `Auto` starts a layer with the chosen activation as `HeUniform` does, else as
    /// `XavierUniform`.
    pub fn rectifies(chosen: &Chosen<Self>) -> bool {
        ActivationRow::of(chosen).rectifies
    }

    /// f and f′ of the chosen activation over slices: for tests and drawings.
    pub fn value_and_slope(chosen: &Chosen<Self>, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let kernel = ActivationRow::of(chosen).kernel::<f64>();
        let (mut y, mut slope) = (vec![0.0; x.len()], vec![1.0; x.len()]);
        let runner = Runner::active();
        (kernel.forward)(runner, x, &mut y);
        (kernel.backward)(runner, x, &y, &mut slope, &mut vec![0.0; x.len()]);
        (y, slope)
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
