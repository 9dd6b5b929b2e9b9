//! One body of code for every kernel path.
//!
//! Work on slices is written once, as a [`Work`], generic over the [`Arithmetic`] it computes with, and
//! compiled once for each [`KernelPath`]: plainly, and inside a function that may use the processor's
//! vectors, where the compiler makes vector code of its loops.
//!
//! Invariant: +, −, ·, /, √ and comparisons are the same on every path, bit for bit; only eˣ, eˣ − 1,
//! ln(1 + x) and tanh differ, by two and a half units in the last place at most, and
//! [`Real::multiply_add`], by one rounding. Nothing else fuses, and no path reorders what is written.
//! Deliberately not here: products of matrices ([`super::kernels`]).

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::{KernelPath, Precision, Real};

/// What numbers are computed as.
pub trait Arithmetic {
    /// The number that stands for an `R` inside the work.
    type Number<R: Real>: Real + Stands<R>;
}

/// A number that stands for another of the same bits.
pub trait Stands<R>: Copy {
    /// The one that stands for `x`.
    fn of(x: R) -> Self;
    /// What it stands for.
    fn bare(self) -> R;
    /// Those that stand for `numbers`, in place.
    fn all(numbers: &[R]) -> &[Self];
    /// The same, to be written.
    fn all_mut(numbers: &mut [R]) -> &mut [Self];
}

/// Numbers as they are, with the functions of the standard library.
#[derive(Debug, Clone, Copy)]
pub struct Plain;

/// Numbers with functions that have no branch.
#[derive(Debug, Clone, Copy)]
pub struct Branchless;

impl Arithmetic for Plain {
    type Number<R: Real> = R;
}

impl Arithmetic for Branchless {
    type Number<R: Real> = Fast<R>;
}

impl<R: Real> Stands<R> for R {
    #[inline(always)]
    fn of(x: R) -> Self {
        x
    }
    #[inline(always)]
    fn bare(self) -> R {
        self
    }
    #[inline(always)]
    fn all(numbers: &[R]) -> &[Self] {
        numbers
    }
    #[inline(always)]
    fn all_mut(numbers: &mut [R]) -> &mut [Self] {
        numbers
    }
}

impl<R: Real> Stands<R> for Fast<R> {
    #[inline(always)]
    fn of(x: R) -> Self {
        Self(x)
    }
    #[inline(always)]
    fn bare(self) -> R {
        self.0
    }
    #[inline(always)]
    #[expect(unsafe_code, reason = "a view of the same numbers under another type")]
    fn all(numbers: &[R]) -> &[Self] {
        // SAFETY: `Fast<R>` is transparent: it has the size, the alignment and the valid values of `R`,
        // and the slice is borrowed for as long.
        unsafe { std::slice::from_raw_parts(numbers.as_ptr().cast(), numbers.len()) }
    }
    #[inline(always)]
    #[expect(unsafe_code, reason = "a view of the same numbers under another type")]
    fn all_mut(numbers: &mut [R]) -> &mut [Self] {
        // SAFETY: as in `all`; the borrow is exclusive and passed on.
        unsafe { std::slice::from_raw_parts_mut(numbers.as_mut_ptr().cast(), numbers.len()) }
    }
}

/// Something to do on a kernel path. `run` must be `#[inline(always)]`, with everything it calls in a
/// loop, or it is compiled without the path's instructions.
pub trait Work {
    /// What comes of it.
    type Output;
    /// Does it.
    fn run<A: Arithmetic>(self) -> Self::Output;
}

/// A kernel path that this processor runs: proof that its instructions may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Runner(KernelPath);

impl Runner {
    /// That of the active path.
    #[must_use]
    pub fn active() -> Self {
        Self::of(KernelPath::active())
    }

    /// That of a path.
    ///
    /// # Panics
    /// If this processor does not run it.
    #[must_use]
    pub fn of(path: KernelPath) -> Self {
        assert!(path.is_available(), "this processor does not run the kernels {path}");
        Self(path)
    }

    /// That of a path which whoever is given it has been shown to run.
    pub(super) const fn trusted(path: KernelPath) -> Self {
        Self(path)
    }

    /// The path.
    #[must_use]
    pub fn path(self) -> KernelPath {
        self.0
    }

    /// Does the work with the instructions of the path.
    #[inline(always)]
    pub fn run<W: Work>(self, work: W) -> W::Output {
        match self.0 {
            KernelPath::Portable => work.run::<Plain>(),
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "instructions that the build does not take for granted")]
            // SAFETY: a runner of this path exists only where the processor has both features.
            KernelPath::Avx2 => unsafe { with_avx2(work) },
            #[cfg(target_arch = "x86_64")]
            #[expect(unsafe_code, reason = "instructions that the build does not take for granted")]
            // SAFETY: a runner of this path exists only where the processor has all features.
            KernelPath::Avx512 => unsafe { with_avx512(work) },
            #[cfg(not(target_arch = "x86_64"))]
            KernelPath::Avx2 | KernelPath::Avx512 => work.run::<Plain>(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_avx2<W: Work>(work: W) -> W::Output {
    work.run::<Branchless>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
fn with_avx512<W: Work>(work: W) -> W::Output {
    work.run::<Branchless>()
}

/// A number whose functions have no branch: see the `fast_…` functions of [`Real`].
#[derive(Clone, Copy, Default, PartialEq)]
#[repr(transparent)]
pub struct Fast<R>(pub R);

macro_rules! passed_on {
    ($($operation:ident::$function:ident),+; $($assign:ident::$in_place:ident),+) => {
        $(impl<R: Real> $operation for Fast<R> {
            type Output = Self;
            #[inline(always)]
            fn $function(self, other: Self) -> Self {
                Self(self.0.$function(other.0))
            }
        })+
        $(impl<R: Real> $assign for Fast<R> {
            #[inline(always)]
            fn $in_place(&mut self, other: Self) {
                self.0.$in_place(other.0);
            }
        })+
    };
}

passed_on!(Add::add, Sub::sub, Mul::mul, Div::div;
    AddAssign::add_assign, SubAssign::sub_assign, MulAssign::mul_assign, DivAssign::div_assign);

impl<R: Real> Neg for Fast<R> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl<R: Real> PartialOrd for Fast<R> {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
    #[inline(always)]
    fn lt(&self, other: &Self) -> bool {
        self.0 < other.0
    }
    #[inline(always)]
    fn le(&self, other: &Self) -> bool {
        self.0 <= other.0
    }
    #[inline(always)]
    fn gt(&self, other: &Self) -> bool {
        self.0 > other.0
    }
    #[inline(always)]
    fn ge(&self, other: &Self) -> bool {
        self.0 >= other.0
    }
}

impl<R: Real> Sum for Fast<R> {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        Self(numbers.map(|x| x.0).sum())
    }
}

impl<R: Real> fmt::Debug for Fast<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl<R: Real> fmt::Display for Fast<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The functions of one number, each taken from `R`: under its own name or another.
macro_rules! functions {
    ($($name:ident from $source:ident),+ $(,)?) => {
        $(#[inline(always)]
        fn $name(self) -> Self {
            Self(self.0.$source())
        })+
    };
}

impl<R: Real> Real for Fast<R> {
    const PRECISION: Precision = R::PRECISION;
    const ZERO: Self = Self(R::ZERO);
    const ONE: Self = Self(R::ONE);

    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        Self(R::from_f64(x))
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self.0.to_f64()
    }
    fn to_bits64(self) -> u64 {
        self.0.to_bits64()
    }
    fn from_bits64(bits: u64) -> Self {
        Self(R::from_bits64(bits))
    }
    functions!(
        exp from fast_exp, exp_falling from fast_exp_falling,
        fast_exp_falling from fast_exp_falling, exp_m1 from fast_exp_m1, ln_1p from fast_ln_1p, tanh from fast_tanh,
        fast_exp from fast_exp, fast_exp_m1 from fast_exp_m1, fast_ln_1p from fast_ln_1p,
        fast_tanh from fast_tanh, erf from erf, ln from ln, sqrt from sqrt, sin from sin, cos from cos,
        tan from tan, asin from asin, acos from acos, atan from atan, sinh from sinh, cosh from cosh,
        log2 from log2, log10 from log10, floor from floor, abs from abs,
    );
    #[inline(always)]
    fn multiply_add(self, factor: Self, term: Self) -> Self {
        Self(self.0.fast_multiply_add(factor.0, term.0))
    }
    #[inline(always)]
    fn fast_multiply_add(self, factor: Self, term: Self) -> Self {
        self.multiply_add(factor, term)
    }
    #[inline(always)]
    fn atan2(self, x: Self) -> Self {
        Self(self.0.atan2(x.0))
    }
    #[inline(always)]
    fn powf(self, exponent: Self) -> Self {
        Self(self.0.powf(exponent.0))
    }
    #[inline(always)]
    fn is_finite(self) -> bool {
        self.0.is_finite()
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        self.0.is_nan()
    }
}
