//! The tables for x86-64: with AVX2 and FMA, and with AVX-512.

#![expect(unsafe_code, reason = "instructions that the build does not take for granted")]

use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};

use super::wide;
use super::{End, Kernels, Left};
use crate::numeric::{KernelPath, Runner};

macro_rules! table {
    (
        $name:ident, $number:ident, $vector:ident, $width:literal, $transpose:ident,
        $path:ident of $features:literal
    ) => {
        pub(super) static $name: Kernels<$number> = {
            #[target_feature(enable = $features)]
            fn product(
                c: &mut [$number],
                a: Left<'_, $number>,
                b: &[$number],
                shape: [usize; 3],
                end: End<'_, $number>,
            ) {
                // SAFETY: the features are this function's own.
                unsafe {
                    wide::product::<$vector>(c, a, b, shape, end, super::transpose::$transpose)
                }
            }
            #[target_feature(enable = $features)]
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
                runner: Runner::trusted(KernelPath::$path),
                product,
                dots,
                transpose: super::transpose::$transpose,
                dots_below: $width,
            }
        };
    };
}

table!(SINGLE, f32, __m256, 8, single, Avx2 of "avx2,fma");
table!(DOUBLE, f64, __m256d, 4, double, Avx2 of "avx2,fma");
table!(WIDE_SINGLE, f32, __m512, 8, single,
    Avx512 of "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma");
table!(WIDE_DOUBLE, f64, __m512d, 4, double,
    Avx512 of "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma");
