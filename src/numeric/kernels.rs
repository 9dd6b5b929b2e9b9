//! Matrix products of dense layers over contiguous rows.
//!
//! Invariant: every element of a product is the sum of its terms in ascending order, from zero, and
//! that sum is then added to what stood there. How the loops are blocked therefore never changes a
//! bit, and a sum over many rows, done chunk by chunk, is a sum over fixed chunks. Nothing allocates.
//! All matrices are row-major. Deliberately not here: layers, activations, batches.

use super::Real;

/// C += A·B, where A is `rows` × `inner`, B is `inner` × `columns` and C is `rows` × `columns`.
pub fn add_product<R: Real>(c: &mut [R], a: &[R], b: &[R], shape: [usize; 3]) {
    let [rows, inner, columns] = shape;
    debug_assert_eq!(a.len(), rows * inner, "A is rows x inner");
    product(c, &RowMajor { values: a, stride: inner }, b, rows, inner, columns);
}

/// C += Aᵀ·B, where A is `inner` × `rows`, B is `inner` × `columns` and C is `rows` × `columns`.
pub fn add_product_of_transposed<R: Real>(c: &mut [R], a: &[R], b: &[R], shape: [usize; 3]) {
    let [rows, inner, columns] = shape;
    debug_assert_eq!(a.len(), rows * inner, "A is inner x rows");
    product(c, &Transposed { values: a, stride: rows }, b, rows, inner, columns);
}

/// Adds `terms` to each row of `matrix`, whose rows are as long as `terms`.
pub fn add_to_each_row<R: Real>(matrix: &mut [R], terms: &[R]) {
    for row in matrix.chunks_exact_mut(terms.len()) {
        for (value, term) in row.iter_mut().zip(terms) {
            *value += *term;
        }
    }
}

/// Adds the sum of each column of `matrix` to `out`, whose length is the matrix's width.
pub fn add_column_sums<R: Real>(out: &mut [R], matrix: &[R]) {
    const BLOCK: usize = 8;
    let width = out.len();
    for (block, out) in out.chunks_mut(BLOCK).enumerate() {
        let mut sums = [R::ZERO; BLOCK];
        for row in matrix.chunks_exact(width) {
            for (sum, x) in sums.iter_mut().zip(&row[block * BLOCK..][..out.len()]) {
                *sum += *x;
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            *out += sum;
        }
    }
}

/// Writes the transpose of `matrix` (`rows` × `columns`) to `out` (`columns` × `rows`).
pub fn transpose<R: Real>(matrix: &[R], rows: usize, columns: usize, out: &mut [R]) {
    for (i, row) in matrix.chunks_exact(columns).enumerate() {
        for (value, column) in row.iter().zip(out.chunks_exact_mut(rows)) {
            column[i] = *value;
        }
    }
}

/// The left matrix of a product, which says how one block is fed.
trait Left<R> {
    /// M × N elements of the product, from row `i` and column `j` on.
    fn block<const M: usize, const N: usize>(
        &self,
        c: &mut [R],
        b: &[R],
        shape: [usize; 3],
        at: [usize; 2],
    );
}

struct RowMajor<'a, R> {
    values: &'a [R],
    stride: usize,
}

impl<R: Real> Left<R> for RowMajor<'_, R> {
    #[inline]
    fn block<const M: usize, const N: usize>(
        &self,
        c: &mut [R],
        b: &[R],
        shape: [usize; 3],
        at: [usize; 2],
    ) {
        let rows: [&[R]; M] =
            std::array::from_fn(|i| &self.values[(at[0] + i) * self.stride..][..shape[1]]);
        add_block::<R, M, N>(c, b, shape, at, |p| std::array::from_fn(|i| rows[i][p]));
    }
}

struct Transposed<'a, R> {
    values: &'a [R],
    stride: usize,
}

impl<R: Real> Left<R> for Transposed<'_, R> {
    #[inline]
    fn block<const M: usize, const N: usize>(
        &self,
        c: &mut [R],
        b: &[R],
        shape: [usize; 3],
        at: [usize; 2],
    ) {
        add_block::<R, M, N>(c, b, shape, at, |p| {
            let entries = &self.values[p * self.stride + at[0]..][..M];
            std::array::from_fn(|i| entries[i])
        });
    }
}

fn product<R: Real, L: Left<R>>(
    c: &mut [R],
    a: &L,
    b: &[R],
    rows: usize,
    inner: usize,
    columns: usize,
) {
    debug_assert_eq!(b.len(), inner * columns, "B is inner x columns");
    debug_assert_eq!(c.len(), rows * columns, "C is rows x columns");
    let shape = [rows, inner, columns];
    let mut j = 0;
    while j < columns {
        match columns - j {
            8.. => strip::<R, L, 2, 8>(c, a, b, shape, &mut j),
            4.. => strip::<R, L, 4, 4>(c, a, b, shape, &mut j),
            2.. => strip::<R, L, 4, 2>(c, a, b, shape, &mut j),
            _ => strip::<R, L, 8, 1>(c, a, b, shape, &mut j),
        }
    }
}

/// N columns of the product, from column `j` on: blocks of M rows, then single rows.
fn strip<R: Real, L: Left<R>, const M: usize, const N: usize>(
    c: &mut [R],
    a: &L,
    b: &[R],
    shape: [usize; 3],
    j: &mut usize,
) {
    let mut i = 0;
    while i + M <= shape[0] {
        a.block::<M, N>(c, b, shape, [i, *j]);
        i += M;
    }
    while i < shape[0] {
        a.block::<1, N>(c, b, shape, [i, *j]);
        i += 1;
    }
    *j += N;
}

/// M × N elements of the product at once, so that their sums run side by side in registers.
#[inline]
fn add_block<R: Real, const M: usize, const N: usize>(
    c: &mut [R],
    b: &[R],
    [_, inner, columns]: [usize; 3],
    [i, j]: [usize; 2],
    factors: impl Fn(usize) -> [R; M],
) {
    let mut sums = [[R::ZERO; N]; M];
    for (p, b_row) in b.chunks_exact(columns).enumerate().take(inner) {
        let factors = factors(p);
        let terms = &b_row[j..j + N];
        for (sums, factor) in sums.iter_mut().zip(factors) {
            for (sum, term) in sums.iter_mut().zip(terms) {
                *sum += factor * *term;
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        let out = &mut c[(i + row) * columns + j..][..N];
        for (value, sum) in out.iter_mut().zip(sums) {
            *value += *sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without pattern, different for each seed.
    fn numbers(count: usize, seed: usize) -> Vec<f64> {
        (0..count).map(|i| ((i * 37 + seed * 101) as f64 * 0.618).sin()).collect()
    }

    #[test]
    fn products_of_every_small_shape_equal_the_plain_triple_loop_bit_for_bit() {
        for rows in 1..=9 {
            for inner in 1..=5 {
                for columns in 1..=19 {
                    let (a, b) = (numbers(rows * inner, 1), numbers(inner * columns, 2));
                    let start = numbers(rows * columns, 3);
                    let mut expected = start.clone();
                    for i in 0..rows {
                        for j in 0..columns {
                            let terms = (0..inner).map(|p| a[i * inner + p] * b[p * columns + j]);
                            expected[i * columns + j] += terms.fold(0.0, |sum, term| sum + term);
                        }
                    }
                    let shape = [rows, inner, columns];
                    let mut c = start.clone();
                    add_product(&mut c, &a, &b, shape);
                    assert_eq!(c, expected, "A·B for {shape:?}");

                    let mut a_transposed = vec![0.0; a.len()];
                    transpose(&a, rows, inner, &mut a_transposed);
                    let mut c = start;
                    add_product_of_transposed(&mut c, &a_transposed, &b, shape);
                    assert_eq!(c, expected, "Aᵀ·B for {shape:?}");
                }
            }
        }
    }

    #[test]
    fn column_sums_are_sums_of_columns() {
        for width in 1..=19 {
            let matrix = numbers(5 * width, 4);
            let mut sums = vec![1.0; width];
            add_column_sums(&mut sums, &matrix);
            for (j, sum) in sums.iter().enumerate() {
                let column = (0..5).map(|i| matrix[i * width + j]);
                assert_eq!(*sum, 1.0 + column.fold(0.0, |sum, x| sum + x));
            }
        }
    }

    #[test]
    fn each_row_gets_the_same_terms() {
        let mut matrix = [1.0, 2.0, 3.0, 4.0];
        add_to_each_row(&mut matrix, &[10.0, 20.0]);
        assert_eq!(matrix, [11.0, 22.0, 13.0, 24.0]);
    }
}
