//! Vectors of numbers as the products see them: a few operations on so many lanes at once.
//!
//! Invariant: lane by lane an operation is the scalar one, so that every width gives the same bits; one
//! lane is a width like any other. Every function here may be called only where the processor has AVX2
//! and FMA, those of 512 bits only where it has AVX-512, too. Deliberately not here: loops.

#![expect(unsafe_code, reason = "the processor's vector instructions")]
#![expect(unused_unsafe, reason = "a single number needs no instruction of its own")]

use std::arch::x86_64::{
    __m128, __m128d, __m256, __m256d, __m512, __m512d, _mm_add_pd, _mm_add_ps, _mm_fmadd_pd,
    _mm_fmadd_ps, _mm_loadu_pd, _mm_loadu_ps, _mm_set1_pd, _mm_set1_ps, _mm_storeu_pd,
    _mm_storeu_ps, _mm256_add_pd, _mm256_add_ps, _mm256_fmadd_pd, _mm256_fmadd_ps, _mm256_loadu_pd,
    _mm256_loadu_ps, _mm256_set1_pd, _mm256_set1_ps, _mm256_storeu_pd, _mm256_storeu_ps,
    _mm512_add_pd, _mm512_add_ps, _mm512_fmadd_pd, _mm512_fmadd_ps, _mm512_loadu_pd,
    _mm512_loadu_ps, _mm512_set1_pd, _mm512_set1_ps, _mm512_storeu_pd, _mm512_storeu_ps,
};

use super::super::Real;
use super::wide::Block;

/// So many numbers side by side.
///
/// # Safety
/// Every function needs a processor with AVX2 and FMA; pointers must be valid for all lanes.
pub(super) trait Lanes: Copy {
    type Number: Real;
    /// The next narrower vector; of one lane, itself.
    type Narrower: Lanes<Number = Self::Number>;
    const WIDTH: usize;
    /// The most rows of a block of one, two, three and four vectors whose sums fit the registers
    /// beside what is read; 0 where no block is so wide.
    const ROWS: [usize; 4];

    unsafe fn splat(x: Self::Number) -> Self;
    unsafe fn load(from: *const Self::Number) -> Self;
    unsafe fn store(self, to: *mut Self::Number);
    unsafe fn add(self, other: Self) -> Self;
    /// self·factor + term, rounded once.
    unsafe fn fused(self, factor: Self, term: Self) -> Self;

    /// x·y + z of single numbers, rounded once.
    unsafe fn fused_number(x: Self::Number, y: Self::Number, z: Self::Number) -> Self::Number;
    /// The sum of the lanes, added in pairs: the first half to the second, until one is left.
    #[inline(always)]
    unsafe fn total(self) -> Self::Number {
        let mut lanes = [Self::Number::ZERO; 16];
        // SAFETY: there are at most sixteen lanes.
        unsafe { self.store(lanes.as_mut_ptr()) };
        let mut width = Self::WIDTH;
        while width > 1 {
            width /= 2;
            for lane in 0..width {
                lanes[lane] += lanes[lane + width];
            }
        }
        lanes[0]
    }

    /// Computes a block of `rows` rows, as many as [`Self::ROWS`] has at most, and N vectors.
    unsafe fn block<const N: usize>(rows: usize, block: &Block<Self::Number>);
}

macro_rules! lanes {
    ($d:tt

        $vector:ident of $number:ident, $width:literal, then $narrower:ident,
        $rows:expr, $features:literal,
        $splat:expr, $load:expr, $store:expr, $add:expr, $fused:expr
    ) => {
        impl Lanes for $vector {
            type Number = $number;
            type Narrower = $narrower;
            const WIDTH: usize = $width;
            const ROWS: [usize; 4] = $rows;

            #[inline(always)]
            unsafe fn splat(x: $number) -> Self {
                // SAFETY: the caller's processor has the instruction.
                unsafe { $splat(x) }
            }
            #[inline(always)]
            unsafe fn load(from: *const $number) -> Self {
                // SAFETY: the caller's pointer is valid for all lanes; no alignment is asked for.
                unsafe { $load(from) }
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $number) {
                // SAFETY: the caller's pointer is valid for all lanes; no alignment is asked for.
                unsafe { $store(to, self) }
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                // SAFETY: the caller's processor has the instruction.
                unsafe { $add(self, other) }
            }
            #[inline(always)]
            unsafe fn fused(self, factor: Self, term: Self) -> Self {
                // SAFETY: the caller's processor has the instruction.
                unsafe { $fused(self, factor, term) }
            }

            #[inline(always)]
            unsafe fn fused_number(x: $number, y: $number, z: $number) -> $number {
                x.mul_add(y, z)
            }

            unsafe fn block<const N: usize>(rows: usize, block: &Block<$number>) {
                // A function of its own for each: inlined side by side, blocks spill their sums.
                #[target_feature(enable = $features)]
                unsafe fn compute<const M: usize, const N: usize>(block: &Block<$number>) {
                    // SAFETY: the caller's block lies inside its matrices.
                    unsafe { block.compute::<$vector, M, N>() }
                }
                macro_rules! of_rows {
                    ($d($d count:literal)+) => {
                        // SAFETY: the caller's processor has the features.
                        unsafe {
                            match rows {
                                $d($d count if $d count <= Self::ROWS[N - 1] => {
                                    if const { $d count <= Self::ROWS[N - 1] } {
                                        compute::<$d count, N>(block);
                                    }
                                })+
                                _ => unreachable!("blocks have at most ROWS rows"),
                            }
                        }
                    };
                }
                of_rows!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);
            }
        }
    };
}

lanes!($ __m512 of f32, 16, then __m256, [16, 12, 8, 6], "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma",
    _mm512_set1_ps, _mm512_loadu_ps, _mm512_storeu_ps, _mm512_add_ps, _mm512_fmadd_ps);
lanes!($ __m256 of f32, 8, then __m128, [8, 6, 4, 0], "avx2,fma",
    _mm256_set1_ps, _mm256_loadu_ps, _mm256_storeu_ps, _mm256_add_ps, _mm256_fmadd_ps);
lanes!($ __m128 of f32, 4, then f32, [8, 6, 4, 0], "avx2,fma",
    _mm_set1_ps, _mm_loadu_ps, _mm_storeu_ps, _mm_add_ps, _mm_fmadd_ps);
lanes!($ f32 of f32, 1, then f32, [8, 6, 4, 0], "avx2,fma",
    std::convert::identity, std::ptr::read, std::ptr::write, std::ops::Add::add, f32::mul_add);
lanes!($ __m512d of f64, 8, then __m256d, [16, 12, 8, 6], "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma",
    _mm512_set1_pd, _mm512_loadu_pd, _mm512_storeu_pd, _mm512_add_pd, _mm512_fmadd_pd);
lanes!($ __m256d of f64, 4, then __m128d, [8, 6, 4, 0], "avx2,fma",
    _mm256_set1_pd, _mm256_loadu_pd, _mm256_storeu_pd, _mm256_add_pd, _mm256_fmadd_pd);
lanes!($ __m128d of f64, 2, then f64, [8, 6, 4, 0], "avx2,fma",
    _mm_set1_pd, _mm_loadu_pd, _mm_storeu_pd, _mm_add_pd, _mm_fmadd_pd);
lanes!($ f64 of f64, 1, then f64, [8, 6, 4, 0], "avx2,fma",
    std::convert::identity, std::ptr::read, std::ptr::write, std::ops::Add::add, f64::mul_add);
