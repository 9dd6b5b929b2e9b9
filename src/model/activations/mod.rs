//! The table of activations: what a unit does with its sum.
//!
//! One file per activation, one row here. An activation is a value and a slope per number; the loops
//! over slices are made from them for both precisions. Constants are PyTorch's.

mod identity;
mod relu;
mod sigmoid;
mod tanh;

use crate::catalog::{Chosen, Entry, Family};
use crate::numeric::{Real, of_precision};

pub(super) use sigmoid::sigmoid;

/// The table of activations.
#[derive(Debug)]
pub struct Activations;

static ROWS: [&ActivationRow; 4] = [&identity::ROW, &relu::ROW, &tanh::ROW, &sigmoid::ROW];
static TABLE: [&Entry; 4] = [&identity::ENTRY, &relu::ENTRY, &tanh::ENTRY, &sigmoid::ENTRY];

impl Family for Activations {
    const NOUN: &'static str = "activation";
    fn entries() -> &'static [&'static Entry] {
        &TABLE
    }
    fn planned() -> &'static [&'static str] {
        &[
            "LeakyRelu",
            "Elu",
            "Selu",
            "LogSigmoid",
            "Softplus",
            "Softsign",
            "Silu",
            "Mish",
            "GeluErf",
            "GeluTanh",
            "Hardtanh",
            "Hardsigmoid",
            "Relu6",
        ]
    }
}

/// A function of one number, with its slope.
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
    pub(super) forward: fn(sums: &[R], out: &mut [R]),
    /// Multiplies each gradient by the slope at its sum, given sum and output.
    pub(super) backward: fn(sums: &[R], outputs: &[R], gradient: &mut [R]),
}

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

    /// Its loops in precision `R`.
    pub(super) fn kernel<R: Real>(&self) -> ActivationKernel<R> {
        *of_precision::<R, ActivationKernel<R>>(&self.single, &self.double)
    }
}

fn forward<P: Pointwise, R: Real>(sums: &[R], out: &mut [R]) {
    for (out, x) in out.iter_mut().zip(sums) {
        *out = P::value(*x);
    }
}

fn backward<P: Pointwise, R: Real>(sums: &[R], outputs: &[R], gradient: &mut [R]) {
    for ((g, x), y) in gradient.iter_mut().zip(sums).zip(outputs) {
        *g *= P::slope(*x, *y);
    }
}

impl Activations {
    /// f and f′ of the chosen activation over slices: for tests and drawings.
    pub fn value_and_slope(chosen: &Chosen<Self>, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let kernel = ActivationRow::of(chosen).kernel::<f64>();
        let (mut y, mut slope) = (vec![0.0; x.len()], vec![1.0; x.len()]);
        (kernel.forward)(x, &mut y);
        (kernel.backward)(x, &y, &mut slope);
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
