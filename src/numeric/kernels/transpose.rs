//! Transposes, block by block in registers.

#![expect(unsafe_code, reason = "the processor's vector instructions")]

use std::arch::x86_64::{
    __m256, __m256d, _mm256_loadu_pd, _mm256_loadu_ps, _mm256_permute2f128_pd,
    _mm256_permute2f128_ps, _mm256_shuffle_ps, _mm256_storeu_pd, _mm256_storeu_ps,
    _mm256_unpackhi_pd, _mm256_unpackhi_ps, _mm256_unpacklo_pd, _mm256_unpacklo_ps,
};

/// Transposes whole blocks of `SIDE` × `SIDE` by `block` and the rest number by number.
#[inline(always)]
fn in_blocks<R: Copy, const SIDE: usize>(
    (matrix, stride): (&[R], usize),
    [rows, columns]: [usize; 2],
    out: &mut [R],
    block: impl Fn(*const R, *mut R),
) {
    assert!(columns <= stride && out.len() >= rows * columns, "the result has the shape");
    assert!(rows == 0 || (rows - 1) * stride + columns <= matrix.len(), "the matrix has the shape");
    let (whole_rows, whole_columns) = (rows - rows % SIDE, columns - columns % SIDE);
    for j in (0..whole_columns).step_by(SIDE) {
        for i in (0..whole_rows).step_by(SIDE) {
            block(matrix[i * stride + j..].as_ptr(), out[j * rows + i..].as_mut_ptr());
        }
    }
    for i in 0..rows {
        let first = if i < whole_rows { whole_columns } else { 0 };
        for j in first..columns {
            out[j * rows + i] = matrix[i * stride + j];
        }
    }
}

/// Writes the transpose of `matrix` (`rows` × `columns`) to `out`.
#[target_feature(enable = "avx2,fma")]
pub(super) fn single(
    (matrix, stride): (&[f32], usize),
    [rows, columns]: [usize; 2],
    out: &mut [f32],
) {
    in_blocks::<f32, 8>((matrix, stride), [rows, columns], out, |from, to| {
        // SAFETY: the block's eight rows of eight lie inside both matrices.
        unsafe {
            let row = |i: usize| _mm256_loadu_ps(from.add(i * stride));
            let pairs = |a: __m256, b: __m256| (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
            let (a0, a1) = pairs(row(0), row(1));
            let (a2, a3) = pairs(row(2), row(3));
            let (a4, a5) = pairs(row(4), row(5));
            let (a6, a7) = pairs(row(6), row(7));
            let b = [
                _mm256_shuffle_ps::<0x44>(a0, a2),
                _mm256_shuffle_ps::<0xee>(a0, a2),
                _mm256_shuffle_ps::<0x44>(a1, a3),
                _mm256_shuffle_ps::<0xee>(a1, a3),
                _mm256_shuffle_ps::<0x44>(a4, a6),
                _mm256_shuffle_ps::<0xee>(a4, a6),
                _mm256_shuffle_ps::<0x44>(a5, a7),
                _mm256_shuffle_ps::<0xee>(a5, a7),
            ];
            for i in 0..4 {
                let (low, high) = (b[i], b[i + 4]);
                _mm256_storeu_ps(to.add(i * rows), _mm256_permute2f128_ps::<0x20>(low, high));
                _mm256_storeu_ps(to.add((i + 4) * rows), _mm256_permute2f128_ps::<0x31>(low, high));
            }
        }
    });
}

/// The same in double precision.
#[target_feature(enable = "avx2,fma")]
pub(super) fn double(
    (matrix, stride): (&[f64], usize),
    [rows, columns]: [usize; 2],
    out: &mut [f64],
) {
    in_blocks::<f64, 4>((matrix, stride), [rows, columns], out, |from, to| {
        // SAFETY: the block's four rows of four lie inside both matrices.
        unsafe {
            let row = |i: usize| _mm256_loadu_pd(from.add(i * stride));
            let pairs =
                |a: __m256d, b: __m256d| [_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b)];
            let (upper, lower) = (pairs(row(0), row(1)), pairs(row(2), row(3)));
            for i in 0..2 {
                let (low, high) = (upper[i], lower[i]);
                _mm256_storeu_pd(to.add(i * rows), _mm256_permute2f128_pd::<0x20>(low, high));
                _mm256_storeu_pd(to.add((i + 2) * rows), _mm256_permute2f128_pd::<0x31>(low, high));
            }
        }
    });
}
