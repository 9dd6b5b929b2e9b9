//! Transposes, block by block in registers.

#![expect(unsafe_code, reason = "the processor's vector instructions")]

use std::arch::x86_64::{
    _mm_loadu_pd, _mm_loadu_ps, _mm256_castpd128_pd256, _mm256_castps128_ps256,
    _mm256_insertf128_pd, _mm256_insertf128_ps, _mm256_shuffle_ps, _mm256_storeu_pd,
    _mm256_storeu_ps, _mm256_unpackhi_pd, _mm256_unpackhi_ps, _mm256_unpacklo_pd,
    _mm256_unpacklo_ps,
};

/// Transposes blocks of `SIDE` × `SIDE` by `block`, the last of a row or column over the one before it;
/// number by number where there is no block.
#[inline(always)]
fn in_blocks<R: Copy, const SIDE: usize>(
    (matrix, stride): (&[R], usize),
    [rows, columns]: [usize; 2],
    out: &mut [R],
    block: impl Fn(*const R, *mut R),
) {
    assert!(columns <= stride && out.len() >= rows * columns, "the result has the shape");
    assert!(rows == 0 || (rows - 1) * stride + columns <= matrix.len(), "the matrix has the shape");
    if rows < SIDE || columns < SIDE {
        for (i, row) in matrix.chunks(stride).enumerate().take(rows) {
            for (j, value) in row[..columns].iter().enumerate() {
                out[j * rows + i] = *value;
            }
        }
        return;
    }
    for j in (0..columns).step_by(SIDE) {
        let j = j.min(columns - SIDE);
        for i in (0..rows).step_by(SIDE) {
            let i = i.min(rows - SIDE);
            block(matrix[i * stride + j..].as_ptr(), out[j * rows + i..].as_mut_ptr());
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
            // Rows i and i + 4 side by side, so that the rest stays within halves.
            let pair = |i: usize, column: usize| {
                let upper = _mm256_castps128_ps256(_mm_loadu_ps(from.add(i * stride + column)));
                let lower = _mm_loadu_ps(from.add((i + 4) * stride + column));
                _mm256_insertf128_ps::<1>(upper, lower)
            };
            for column in [0, 4] {
                let (a, b) = (pair(0, column), pair(1, column));
                let (c, d) = (pair(2, column), pair(3, column));
                let (ab, cd) = (_mm256_unpacklo_ps(a, b), _mm256_unpacklo_ps(c, d));
                let to = to.add(column * rows);
                _mm256_storeu_ps(to, _mm256_shuffle_ps::<0x44>(ab, cd));
                _mm256_storeu_ps(to.add(rows), _mm256_shuffle_ps::<0xee>(ab, cd));
                let (ab, cd) = (_mm256_unpackhi_ps(a, b), _mm256_unpackhi_ps(c, d));
                _mm256_storeu_ps(to.add(2 * rows), _mm256_shuffle_ps::<0x44>(ab, cd));
                _mm256_storeu_ps(to.add(3 * rows), _mm256_shuffle_ps::<0xee>(ab, cd));
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
            // Rows i and i + 2 side by side, so that the rest stays within halves.
            let pair = |i: usize, column: usize| {
                let upper = _mm256_castpd128_pd256(_mm_loadu_pd(from.add(i * stride + column)));
                let lower = _mm_loadu_pd(from.add((i + 2) * stride + column));
                _mm256_insertf128_pd::<1>(upper, lower)
            };
            for column in [0, 2] {
                let (a, b) = (pair(0, column), pair(1, column));
                let to = to.add(column * rows);
                _mm256_storeu_pd(to, _mm256_unpacklo_pd(a, b));
                _mm256_storeu_pd(to.add(rows), _mm256_unpackhi_pd(a, b));
            }
        }
    });
}
