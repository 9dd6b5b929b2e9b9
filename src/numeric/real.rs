//! The trait that makes the engine generic over `f32` and `f64`.
//!
//! Invariant: no operation here fuses, reorders or approximates (those called fast apart); what is
//! written is computed.
//! Deliberately not here: sums and products over slices.

use std::any::Any;
use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::Precision;
use super::elementary::{double, single};

/// A floating-point number the engine computes with: `f32` or `f64`.
pub trait Real:
    Copy
    + Debug
    + Display
    + Default
    + PartialEq
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
{
    /// Which precision this is.
    const PRECISION: Precision;
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;

    /// The nearest value.
    fn from_f64(x: f64) -> Self;
    /// The same value, exactly.
    fn to_f64(self) -> f64;
    /// The bit pattern, widened to 64 bits.
    fn to_bits64(self) -> u64;
    /// The value of a pattern made by [`Real::to_bits64`].
    fn from_bits64(bits: u64) -> Self;
    /// eˣ.
    fn exp(self) -> Self;
    /// eˣ for x ≤ 0; may be 0 where that is no normal number.
    #[inline(always)]
    fn exp_falling(self) -> Self {
        self.exp()
    }
    /// eˣ − 1, accurate near 0.
    fn exp_m1(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// ln x.
    fn ln(self) -> Self;
    /// ln(1 + x), accurate near 0.
    fn ln_1p(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The sine of an angle in radians.
    fn sin(self) -> Self;
    /// The cosine of an angle in radians.
    fn cos(self) -> Self;
    /// The tangent of an angle in radians.
    fn tan(self) -> Self;
    /// The angle in −π/2..π/2 whose sine it is.
    fn asin(self) -> Self;
    /// The angle in 0..π whose cosine it is.
    fn acos(self) -> Self;
    /// The angle in −π/2..π/2 whose tangent it is.
    fn atan(self) -> Self;
    /// The angle of the point (`x`, self), in −π..π.
    fn atan2(self, x: Self) -> Self;
    /// The hyperbolic sine.
    fn sinh(self) -> Self;
    /// The hyperbolic cosine.
    fn cosh(self) -> Self;
    /// The logarithm to base 2.
    fn log2(self) -> Self;
    /// The logarithm to base 10.
    fn log10(self) -> Self;
    /// Self to the power `exponent`.
    fn powf(self, exponent: Self) -> Self;
    /// The largest whole number that is not above it.
    fn floor(self) -> Self;
    /// |x|.
    fn abs(self) -> Self;
    /// Whether it is neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// Whether it is NaN.
    fn is_nan(self) -> bool;
    /// self·factor + term, rounded twice; [`Fast`](super::Fast) rounds once.
    #[inline(always)]
    fn multiply_add(self, factor: Self, term: Self) -> Self {
        self * factor + term
    }
    /// What [`Fast`](super::Fast) takes for [`Real::multiply_add`].
    fn fast_multiply_add(self, factor: Self, term: Self) -> Self;
    /// What [`Fast`](super::Fast) takes for [`Real::exp`]: no branch, see `elementary`.
    fn fast_exp(self) -> Self;
    /// What [`Fast`](super::Fast) takes for [`Real::exp_falling`].
    fn fast_exp_falling(self) -> Self;
    /// What [`Fast`](super::Fast) takes for [`Real::exp_m1`].
    fn fast_exp_m1(self) -> Self;
    /// What [`Fast`](super::Fast) takes for [`Real::ln_1p`].
    fn fast_ln_1p(self) -> Self;
    /// What [`Fast`](super::Fast) takes for [`Real::tanh`].
    fn fast_tanh(self) -> Self;
    /// The larger of two; NaN if either is.
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other || self.is_nan() { self } else { other }
    }
    /// The smaller of two; NaN if either is.
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self < other || self.is_nan() { self } else { other }
    }
}

macro_rules! real {
    ($float:ident, $bits:ident, $precision:ident, $erf:path, $elementary:ident) => {
        impl Real for $float {
            const PRECISION: Precision = Precision::$precision;
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                x as Self
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn to_bits64(self) -> u64 {
                u64::from(self.to_bits())
            }
            #[inline(always)]
            fn from_bits64(bits: u64) -> Self {
                Self::from_bits(bits as $bits)
            }
            #[inline(always)]
            fn exp(self) -> Self {
                self.exp()
            }
            #[inline(always)]
            fn exp_m1(self) -> Self {
                self.exp_m1()
            }
            #[inline(always)]
            fn erf(self) -> Self {
                $erf(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                self.ln()
            }
            #[inline(always)]
            fn ln_1p(self) -> Self {
                self.ln_1p()
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                self.tanh()
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                self.sqrt()
            }
            #[inline(always)]
            fn sin(self) -> Self {
                self.sin()
            }
            #[inline(always)]
            fn cos(self) -> Self {
                self.cos()
            }
            #[inline(always)]
            fn tan(self) -> Self {
                self.tan()
            }
            #[inline(always)]
            fn asin(self) -> Self {
                self.asin()
            }
            #[inline(always)]
            fn acos(self) -> Self {
                self.acos()
            }
            #[inline(always)]
            fn atan(self) -> Self {
                self.atan()
            }
            #[inline(always)]
            fn atan2(self, x: Self) -> Self {
                self.atan2(x)
            }
            #[inline(always)]
            fn sinh(self) -> Self {
                self.sinh()
            }
            #[inline(always)]
            fn cosh(self) -> Self {
                self.cosh()
            }
            #[inline(always)]
            fn log2(self) -> Self {
                self.log2()
            }
            #[inline(always)]
            fn log10(self) -> Self {
                self.log10()
            }
            #[inline(always)]
            fn powf(self, exponent: Self) -> Self {
                self.powf(exponent)
            }
            #[inline(always)]
            fn floor(self) -> Self {
                self.floor()
            }
            #[inline(always)]
            fn abs(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                self.is_finite()
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                self.is_nan()
            }
            #[inline(always)]
            fn fast_multiply_add(self, factor: Self, term: Self) -> Self {
                self.mul_add(factor, term)
            }
            #[inline(always)]
            fn fast_exp(self) -> Self {
                $elementary::exp(self)
            }
            #[inline(always)]
            fn fast_exp_falling(self) -> Self {
                $elementary::exp_falling(self)
            }
            #[inline(always)]
            fn fast_exp_m1(self) -> Self {
                $elementary::exp_m1(self)
            }
            #[inline(always)]
            fn fast_ln_1p(self) -> Self {
                $elementary::ln_1p(self)
            }
            #[inline(always)]
            fn fast_tanh(self) -> Self {
                $elementary::tanh(self)
            }
        }
    };
}

real!(f32, u32, F32, libm::erff, single);
real!(f64, u64, F64, libm::erf, double);

/// The one of two values that was made for precision `R`: `single` for `f32`, `double` for `f64`.
///
/// Tables hold functions for both precisions; generic code picks its own here, once, when it is
/// built. `T` is the type of the value for `R`.
///
/// # Panics
/// If the value made for `R` is not a `T`, which is a mistake in the table.
pub fn of_precision<'a, R: Real, T: 'static>(single: &'a dyn Any, double: &'a dyn Any) -> &'a T {
    let value = match R::PRECISION {
        Precision::F32 => single,
        Precision::F64 => double,
    };
    value.downcast_ref().expect("a table row holds values made for both precisions")
}
