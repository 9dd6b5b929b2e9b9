//! The passes over picked rows for x86-64 with AVX2 and FMA.
//!
//! A row is so many whole vectors and, where features are left, one more, of its last features; those of
//! them that stand in a whole vector, too, have weight 0 in it, and what is added along them there is not
//! read. As many rows are read at a time as a vector has lanes; where there are fewer left, the last stands
//! for those that are missing and counts nothing.

#![expect(unsafe_code, reason = "the processor's vector instructions")]

use std::arch::x86_64::{
    __m256, __m256d, _MM_HINT_T1, _mm_prefetch, _mm256_add_pd, _mm256_add_ps, _mm256_blend_pd,
    _mm256_hadd_pd, _mm256_hadd_ps, _mm256_permute2f128_pd, _mm256_permute2f128_ps,
};

use super::super::Real;
use super::lanes::Lanes;
use super::rows::{Along, ROW_WIDTHS, RowKernels};

/// `N` numbers side by side, of which `N` can be summed at once.
///
/// # Safety
/// As of [`Lanes`].
trait Vector<const N: usize>: Lanes {
    /// The sum of each.
    unsafe fn totals(of: [Self; N]) -> Self;
}

impl Vector<8> for __m256 {
    #[inline(always)]
    unsafe fn totals([a, b, c, d, e, f, g, h]: [Self; 8]) -> Self {
        // SAFETY: the caller's processor has the instructions.
        unsafe {
            let low = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
            let high = _mm256_hadd_ps(_mm256_hadd_ps(e, f), _mm256_hadd_ps(g, h));
            let first = _mm256_permute2f128_ps::<0x20>(low, high);
            _mm256_add_ps(first, _mm256_permute2f128_ps::<0x31>(low, high))
        }
    }
}

impl Vector<4> for __m256d {
    #[inline(always)]
    unsafe fn totals([a, b, c, d]: [Self; 4]) -> Self {
        // SAFETY: the caller's processor has the instructions.
        unsafe {
            let (low, high) = (_mm256_hadd_pd(a, b), _mm256_hadd_pd(c, d));
            let crossed = _mm256_permute2f128_pd::<0x21>(low, high);
            _mm256_add_pd(crossed, _mm256_blend_pd::<0b1100>(low, high))
        }
    }
}

/// Stops where there are not as many numbers as rows, or a picked row of `x` is not there. Here and not in
/// the face, as the look at every row is dear without the path's instructions.
#[inline(always)]
fn check<R>((numbers, picked): (usize, &[u32]), x: &[R], width: usize) {
    assert!(ROW_WIDTHS.contains(&width), "rows of {width} features");
    assert!(numbers == picked.len(), "{numbers} numbers for {} rows", picked.len());
    let last = picked.iter().fold(0, |last, row| last.max(*row));
    assert!((last as usize + 1) * width <= x.len(), "there is no row {last}");
}

/// Where rows begin: those from `first` on.
#[inline(always)]
fn starts<R, const N: usize>(x: &[R], width: usize, picked: &[u32], first: usize) -> [*const R; N] {
    let last = picked.len() - 1;
    // In bounds, as the rows exist: the kernels check it.
    std::array::from_fn(|at| x.as_ptr().wrapping_add(picked[last.min(first + at)] as usize * width))
}

/// Bytes that come from memory together.
const LINE: usize = 64;

/// Has the rows brought near, if they exist: not into the nearest memory, whose few ways in are needed for
/// what is read now.
#[inline(always)]
fn fetch<R, const N: usize>(x: &[R], width: usize, rows: &[u32; N]) {
    for offset in (0..width).step_by(LINE / size_of::<R>()) {
        for row in rows {
            let start = x.as_ptr().wrapping_add(*row as usize * width + offset);
            // SAFETY: nothing is read; an address without memory is passed over.
            unsafe { _mm_prefetch::<_MM_HINT_T1>(start.cast()) }
        }
    }
}

/// # Safety
/// The processor has AVX2 and FMA.
#[inline(always)]
unsafe fn dots<V: Vector<N>, const N: usize>(
    sums: &mut [V::Number],
    picked: &[u32],
    x: &[V::Number],
    params: &[V::Number],
    soon: &[u32],
) {
    let zero = V::Number::ZERO;
    let width = params.len() - 1;
    check((sums.len(), picked), x, width);
    let (soon, _) = soon.as_chunks::<N>();
    let whole = width - width % N;
    let mut last_weights = [zero; N];
    for feature in whole..width {
        last_weights[feature + N - width] = params[feature];
    }
    for (block, sums) in sums.chunks_mut(N).enumerate() {
        let rows = starts::<_, N>(x, width, picked, block * N);
        if let Some(soon) = soon.get(block) {
            fetch(x, width, soon);
        }
        // SAFETY: a row has `width` numbers, at least a vector; there are as many weights.
        unsafe {
            let mut lanes = [V::splat(zero); N];
            for offset in (0..whole).step_by(N) {
                let weights = V::load(params.as_ptr().add(offset));
                for (lanes, row) in lanes.iter_mut().zip(rows) {
                    *lanes = weights.fused(V::load(row.add(offset)), *lanes);
                }
            }
            if whole < width {
                let weights = V::load(last_weights.as_ptr());
                for (lanes, row) in lanes.iter_mut().zip(rows) {
                    *lanes = weights.fused(V::load(row.add(width - N)), *lanes);
                }
            }
            let totals = V::totals(lanes).add(V::splat(params[width]));
            if sums.len() == N {
                totals.store(sums.as_mut_ptr());
            } else {
                let mut out = [zero; N];
                totals.store(out.as_mut_ptr());
                sums.copy_from_slice(&out[..sums.len()]);
            }
        }
    }
}

/// # Safety
/// The processor has AVX2 and FMA.
#[inline(always)]
unsafe fn add<V: Vector<N>, const N: usize>(
    along: &mut Along<V::Number>,
    picked: &[u32],
    x: &[V::Number],
    slopes: &[V::Number],
) {
    let zero = V::Number::ZERO;
    let Along { width, sums, .. } = along;
    check((slopes.len(), picked), x, *width);
    for (block, slopes) in slopes.chunks(N).enumerate() {
        let rows = starts::<_, N>(x, *width, picked, block * N);
        let slopes: [_; N] = std::array::from_fn(|at| *slopes.get(at).unwrap_or(&zero));
        // SAFETY: a row has `width` numbers, at least a vector; there are as many sums, and a vector more.
        unsafe {
            let slopes: [V; N] = std::array::from_fn(|at| V::splat(slopes[at]));
            for at in (0..*width).step_by(N) {
                let offset = at.min(*width - N);
                let sum = sums.as_mut_ptr().add(at);
                // Two sums, which do not wait for each other.
                let mut halves = [V::load(sum), V::splat(zero)];
                for (row, (slope, start)) in slopes.into_iter().zip(rows).enumerate() {
                    let half = &mut halves[row % 2];
                    *half = slope.fused(V::load(start.add(offset)), *half);
                }
                halves[0].add(halves[1]).store(sum);
            }
        }
    }
}

macro_rules! table {
    ($name:ident, $number:ident, $vector:ident, $lanes:literal) => {
        pub(super) static $name: RowKernels<$number> = {
            #[target_feature(enable = "avx2,fma")]
            unsafe fn dots_of_rows(
                sums: &mut [$number],
                picked: &[u32],
                x: &[$number],
                params: &[$number],
                soon: &[u32],
            ) {
                // SAFETY: the features are this function's own.
                unsafe { dots::<$vector, $lanes>(sums, picked, x, params, soon) }
            }
            #[target_feature(enable = "avx2,fma")]
            unsafe fn add_rows(
                along: &mut Along<$number>,
                picked: &[u32],
                x: &[$number],
                slopes: &[$number],
            ) {
                // SAFETY: the features are this function's own.
                unsafe { add::<$vector, $lanes>(along, picked, x, slopes) }
            }
            RowKernels { lanes: $lanes, dots: dots_of_rows, add: add_rows }
        };
    };
}

table!(SINGLE, f32, __m256, 8);
table!(DOUBLE, f64, __m256d, 4);
