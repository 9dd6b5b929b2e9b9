//! Dual numbers: a value with its partial derivatives along x and y, and how functions carry them.
//!
//! The chain rule is exact; no difference quotients. Invariant: a derivative that is exactly 0 stays
//! 0 through any function, so what does not depend on x has no slope along x, even at a pole.

use crate::numeric::Real;

use super::functions::Function;

/// A value and how it changes along x and y.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dual<R> {
    pub(super) value: R,
    pub(super) dx: R,
    pub(super) dy: R,
}

/// `rate · slope`, where a slope of 0 stays 0 whatever the rate.
fn scaled<R: Real>(rate: R, slope: R) -> R {
    if slope == R::ZERO { R::ZERO } else { rate * slope }
}

/// x to a whole power, by squaring.
fn whole_power<R: Real>(x: R, n: u32) -> R {
    let (mut result, mut square, mut left) = (R::ONE, x, n);
    while left > 0 {
        if left & 1 == 1 {
            result *= square;
        }
        square *= square;
        left >>= 1;
    }
    result
}

fn sign<R: Real>(x: R) -> R {
    if x > R::ZERO {
        R::ONE
    } else if x < R::ZERO {
        -R::ONE
    } else {
        // 0, or NaN as it came.
        x
    }
}

impl<R: Real> Dual<R> {
    pub(super) fn constant(value: R) -> Self {
        Self { value, dx: R::ZERO, dy: R::ZERO }
    }

    /// A function's value and its rate of change here.
    fn chain(self, value: R, rate: R) -> Self {
        Self { value, dx: scaled(rate, self.dx), dy: scaled(rate, self.dy) }
    }

    /// A function of two, with its rates of change along each.
    fn chain_two(self, other: Self, value: R, rates: [R; 2]) -> Self {
        let slope = |own, theirs| scaled(rates[0], own) + scaled(rates[1], theirs);
        Self { value, dx: slope(self.dx, other.dx), dy: slope(self.dy, other.dy) }
    }

    fn is_constant(self) -> bool {
        self.dx == R::ZERO && self.dy == R::ZERO
    }

    pub(super) fn negated(self) -> Self {
        Self { value: -self.value, dx: -self.dx, dy: -self.dy }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        let [value, dx, dy] = [self.value + other.value, self.dx + other.dx, self.dy + other.dy];
        Self { value, dx, dy }
    }

    pub(super) fn times(self, other: Self) -> Self {
        self.chain_two(other, self.value * other.value, [other.value, self.value])
    }

    pub(super) fn over(self, other: Self) -> Self {
        let value = self.value / other.value;
        self.chain_two(other, value, [R::ONE / other.value, -(value / other.value)])
    }

    pub(super) fn to_the(self, n: i32) -> Self {
        if n == 0 {
            return Self::constant(R::ONE);
        }
        let before = whole_power(self.value, n.unsigned_abs() - 1);
        let times = R::from_f64(f64::from(n));
        if n > 0 {
            return self.chain(before * self.value, times * before);
        }
        let value = R::ONE / (before * self.value);
        self.chain(value, times * value / self.value)
    }

    fn power(self, exponent: Self) -> Self {
        let (base, n) = (self.value, exponent.value);
        let value = base.powf(n);
        let along_base = if n == R::ZERO { R::ZERO } else { n * base.powf(n - R::ONE) };
        if exponent.is_constant() {
            return self.chain(value, along_base);
        }
        let is_flat = base == R::ZERO && n > R::ZERO;
        let along_exponent = if is_flat { R::ZERO } else { value * base.ln() };
        self.chain_two(exponent, value, [along_base, along_exponent])
    }

    /// A function of one argument.
    pub(super) fn call(self, function: Function) -> Self {
        let v = self.value;
        let number = |x: f64| R::from_f64(x);
        let one = R::ONE;
        let (value, rate) = match function {
            Function::Sin => (v.sin(), v.cos()),
            Function::Cos => (v.cos(), -v.sin()),
            Function::Tan => (v.tan(), one + v.tan() * v.tan()),
            Function::Asin => (v.asin(), one / (one - v * v).sqrt()),
            Function::Acos => (v.acos(), -(one / (one - v * v).sqrt())),
            Function::Atan => (v.atan(), one / (one + v * v)),
            Function::Sinh => (v.sinh(), v.cosh()),
            Function::Cosh => (v.cosh(), v.sinh()),
            Function::Tanh => (v.tanh(), one - v.tanh() * v.tanh()),
            Function::Exp => (v.exp(), v.exp()),
            Function::Log => (v.ln(), one / v),
            Function::Log2 => (v.log2(), one / (v * number(std::f64::consts::LN_2))),
            Function::Log10 => (v.log10(), one / (v * number(std::f64::consts::LN_10))),
            Function::Sqrt => (v.sqrt(), one / (number(2.0) * v.sqrt())),
            Function::Abs => (v.abs(), sign(v)),
            Function::Sign => (sign(v), R::ZERO),
            Function::Floor => (v.floor(), R::ZERO),
            Function::Min | Function::Max | Function::Pow | Function::Atan2 => (v, one),
        };
        self.chain(value, rate)
    }

    /// A function of two arguments.
    pub(super) fn call_with(self, function: Function, other: Self) -> Self {
        let (a, b) = (self.value, other.value);
        match function {
            Function::Pow => self.power(other),
            Function::Atan2 => {
                let square = a * a + b * b;
                self.chain_two(other, a.atan2(b), [b / square, -(a / square)])
            }
            Function::Min => self.chain_two(other, a.min(b), shares(a < b, a == b)),
            Function::Max => self.chain_two(other, a.max(b), shares(a > b, a == b)),
            _ => self.call(function),
        }
    }
}

/// Whose slope counts where the first of two is taken, or both are alike.
fn shares<R: Real>(is_first: bool, is_equal: bool) -> [R; 2] {
    let half = R::from_f64(0.5);
    match (is_equal, is_first) {
        (true, _) => [half, half],
        (false, true) => [R::ONE, R::ZERO],
        (false, false) => [R::ZERO, R::ONE],
    }
}
