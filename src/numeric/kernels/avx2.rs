//! The table for x86-64 with AVX2 and FMA.

#![expect(unsafe_code, reason = "instructions that the build does not take for granted")]

use std::arch::x86_64::{__m256, __m256d};

use super::wide;
use super::{End, Kernels, Left};
use crate::numeric::{KernelPath, Runner};

macro_rules! table {
    ($name:ident, $number:ident, $vector:ident, $width:literal, $transpose:ident) => {
        pub(super) static $name: Kernels<$number> = {
            #[target_feature(enable = "avx2,fma")]
            fn product(
                c: &mut [$number],
                a: Left<'_, $number>,
                b: &[$number],
                shape: [usize; 3],
                end: End<'_, $number>,
            ) {
                // SAFETY: the features are this function's own.
                unsafe { wide::product::<$vector>(c, a, b, shape, end) }
            }
            #[target_feature(enable = "avx2,fma")]
            fn dots(
                out: &mut [$number],
                x: &[$number],
                w: &[$number],
                bias: &[$number],
                shape: [usize; 3],
            ) {
                // SAFETY: the features are this function's own.
                unsafe { wide::dots::<$vector>(out, x, w, bias, shape) }
            }
            Kernels {
                runner: Runner::trusted(KernelPath::Avx2),
                product,
                dots,
                transpose: super::transpose::$transpose,
                dots_below: $width,
            }
        };
    };
}

table!(SINGLE, f32, __m256, 8, single);
table!(DOUBLE, f64, __m256d, 4, double);
