//! The portable kernels: plain loops in the order the invariant states, nothing fused.

use super::{End, Kernels, Left};
use crate::numeric::{KernelPath, Real, Runner};

pub(super) static SINGLE: Kernels<f32> = table();
pub(super) static DOUBLE: Kernels<f64> = table();

const fn table<R: Real>() -> Kernels<R> {
    Kernels {
        runner: Runner::trusted(KernelPath::Portable),
        product: product::<R>,
        dots: dots::<R>,
        transpose: transpose::<R>,
        dots_below: 0,
    }
}

fn product<R: Real>(c: &mut [R], a: Left<'_, R>, b: &[R], shape: [usize; 3], end: End<'_, R>) {
    let [rows, inner, columns] = shape;
    let c = &mut c[..rows * columns];
    if !matches!(end, End::Add) {
        c.fill(R::ZERO);
    }
    if a.step == 1 {
        multiply(c, &RowMajor { values: a.values, stride: a.row }, b, rows, inner, columns);
    } else {
        multiply(c, &Transposed { values: a.values, stride: a.step }, b, rows, inner, columns);
    }
    if let End::Bias(terms) = end {
        add_to_each_row(c, terms);
    }
}

/// Adds `terms` to each row of `matrix`, whose rows are as long as `terms`.
fn add_to_each_row<R: Real>(matrix: &mut [R], terms: &[R]) {
    for row in matrix.chunks_exact_mut(terms.len()) {
        for (value, term) in row.iter_mut().zip(terms) {
            *value += *term;
        }
    }
}

/// Nothing is computed by dot products here; the table holds it for completeness.
fn dots<R: Real>(out: &mut [R], x: &[R], w: &[R], bias: &[R], [rows, inner, outputs]: [usize; 3]) {
    for (out, x) in out.chunks_exact_mut(outputs).zip(x.chunks_exact(inner)).take(rows) {
        for ((out, w), bias) in out.iter_mut().zip(w.chunks_exact(inner)).zip(bias) {
            *out = x.iter().zip(w).fold(R::ZERO, |sum, (x, w)| sum + *x * *w) + *bias;
        }
    }
}

fn transpose<R: Real>((matrix, stride): (&[R], usize), [rows, columns]: [usize; 2], out: &mut [R]) {
    for (i, row) in matrix.chunks(stride).enumerate().take(rows) {
        for (value, column) in row[..columns].iter().zip(out.chunks_exact_mut(rows)) {
            column[i] = *value;
        }
    }
}

/// The left matrix, which says how one block is fed.
trait Feed<R> {
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

impl<R: Real> Feed<R> for RowMajor<'_, R> {
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

impl<R: Real> Feed<R> for Transposed<'_, R> {
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

fn multiply<R: Real, L: Feed<R>>(
    c: &mut [R],
    a: &L,
    b: &[R],
    rows: usize,
    inner: usize,
    columns: usize,
) {
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
fn strip<R: Real, L: Feed<R>, const M: usize, const N: usize>(
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
