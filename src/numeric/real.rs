//! The trait that makes the engine generic over `f32` and `f64`.
//!
//! Invariant: no operation here fuses, reorders or approximates; what is written is computed.
//! Deliberately not here: sums and products over slices.

use std::any::Any;
use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::Precision;

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
    /// The larger of two; NaN if either is.
    fn max(self, other: Self) -> Self {
        if self > other || self.is_nan() { self } else { other }
    }
    /// The smaller of two; NaN if either is.
    fn min(self, other: Self) -> Self {
        if self < other || self.is_nan() { self } else { other }
    }
}

macro_rules! real {
    ($float:ident, $bits:ident, $precision:ident, $erf:path) => {
        impl Real for $float {
            const PRECISION: Precision = Precision::$precision;
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            fn from_f64(x: f64) -> Self {
                x as Self
            }
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            fn to_bits64(self) -> u64 {
                u64::from(self.to_bits())
            }
            fn from_bits64(bits: u64) -> Self {
                Self::from_bits(bits as $bits)
            }
            fn exp(self) -> Self {
                self.exp()
            }
            fn exp_m1(self) -> Self {
                self.exp_m1()
            }
            fn erf(self) -> Self {
                $erf(self)
            }
            fn ln(self) -> Self {
                self.ln()
            }
            fn ln_1p(self) -> Self {
                self.ln_1p()
            }
            fn tanh(self) -> Self {
                self.tanh()
            }
            fn sqrt(self) -> Self {
                self.sqrt()
            }
            fn sin(self) -> Self {
                self.sin()
            }
            fn cos(self) -> Self {
                self.cos()
            }
            fn tan(self) -> Self {
                self.tan()
            }
            fn asin(self) -> Self {
                self.asin()
            }
            fn acos(self) -> Self {
                self.acos()
            }
            fn atan(self) -> Self {
                self.atan()
            }
            fn atan2(self, x: Self) -> Self {
                self.atan2(x)
            }
            fn sinh(self) -> Self {
                self.sinh()
            }
            fn cosh(self) -> Self {
                self.cosh()
            }
            fn log2(self) -> Self {
                self.log2()
            }
            fn log10(self) -> Self {
                self.log10()
            }
            fn powf(self, exponent: Self) -> Self {
                self.powf(exponent)
            }
            fn floor(self) -> Self {
                self.floor()
            }
            fn abs(self) -> Self {
                self.abs()
            }
            fn is_finite(self) -> bool {
                self.is_finite()
            }
            fn is_nan(self) -> bool {
                self.is_nan()
            }
        }
    };
}

real!(f32, u32, F32, libm::erff);
real!(f64, u64, F64, libm::erf);

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
