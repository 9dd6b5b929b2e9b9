//! A formula as a list of operations in postfix order, in one precision.
//!
//! Invariant: a program made by the parser leaves exactly one value and needs at most [`STACK`]
//! places, so running it needs no memory of its own.

use crate::numeric::Real;

use super::Formula;
use super::dual::Dual;
use super::functions::Function;

/// How many values may wait at once.
pub(super) const STACK: usize = 48;

/// One operation: takes its arguments from the top of the stack and puts its result there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Op<R> {
    X,
    Y,
    Number(R),
    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,
    /// To a whole power.
    Whole(i32),
    Call(Function),
}

impl<R: Copy> Op<R> {
    /// How many values it takes.
    pub(super) fn arguments(self) -> usize {
        match self {
            Self::X | Self::Y | Self::Number(_) => 0,
            Self::Negate | Self::Whole(_) => 1,
            Self::Add | Self::Subtract | Self::Multiply | Self::Divide => 2,
            Self::Call(function) => function.arguments(),
        }
    }
}

/// A formula ready to compute in precision `R`.
#[derive(Debug, Clone)]
pub(in crate::objective) struct Program<R> {
    ops: Vec<Op<R>>,
}

impl<R: Real> Program<R> {
    /// The formula's program.
    pub(in crate::objective) fn new(formula: &Formula) -> Self {
        let in_precision = |op: &Op<f64>| match *op {
            Op::X => Op::X,
            Op::Y => Op::Y,
            Op::Number(x) => Op::Number(R::from_f64(x)),
            Op::Negate => Op::Negate,
            Op::Add => Op::Add,
            Op::Subtract => Op::Subtract,
            Op::Multiply => Op::Multiply,
            Op::Divide => Op::Divide,
            Op::Whole(n) => Op::Whole(n),
            Op::Call(function) => Op::Call(function),
        };
        Self { ops: formula.ops.iter().map(in_precision).collect() }
    }

    /// The program of a formula that has no value anywhere.
    pub(in crate::objective) fn nowhere() -> Self {
        Self { ops: vec![Op::Number(R::from_f64(f64::NAN))] }
    }

    /// Value, slope along x and slope along y at (x, y). Does not allocate.
    pub(in crate::objective) fn at(&self, x: R, y: R) -> [R; 3] {
        let mut stack = [Dual::constant(R::ZERO); STACK];
        let mut height = 0;
        for op in &self.ops {
            let takes = op.arguments();
            height -= takes;
            let (a, b) = (stack[height], stack[(height + 1).min(STACK - 1)]);
            stack[height] = match *op {
                Op::X => Dual { value: x, dx: R::ONE, dy: R::ZERO },
                Op::Y => Dual { value: y, dx: R::ZERO, dy: R::ONE },
                Op::Number(number) => Dual::constant(number),
                Op::Negate => a.negated(),
                Op::Add => a.plus(b),
                Op::Subtract => a.plus(b.negated()),
                Op::Multiply => a.times(b),
                Op::Divide => a.over(b),
                Op::Whole(n) => a.to_the(n),
                Op::Call(function) if takes == 1 => a.call(function),
                Op::Call(function) => a.call_with(function, b),
            };
            height += 1;
        }
        let Dual { value, dx, dy } = stack[0];
        [value, dx, dy]
    }
}
