//! Matrix products on vectors.
//!
//! Invariant: every element of a product is its terms added in ascending order by fused multiply-adds
//! from zero; that sum is then stored, or added to what stood there or to a bias. So blocks, widths and
//! the number of rows never change a bit, nor does it when a product is computed transposed, as its terms
//! are the same. Products with fewer columns than a vector has lanes are the exception where their right
//! matrix is at hand row by row ([`dots`]): there a sum is as many sums side by side as a vector has
//! lanes, again whatever the number of rows. Nothing allocates.

#![expect(unsafe_code, reason = "rows are walked by pointer; bounds are checked on entry")]

use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
use std::mem::MaybeUninit;
use std::ops::Range;

use super::super::Real;
use super::lanes::Lanes;
use super::{End, Left, TransposeOf};

/// Terms of a sum that are added before the next columns' turn, so that what is read of B stays in the
/// first cache.
const DEPTH: usize = 256;

/// Bytes that a cache fetches at once.
const LINE: usize = 64;

/// Has the cache fetch what lies there, be it anything.
#[inline(always)]
fn ask_for<R>(at: *const R) {
    // SAFETY: a hint that reads nothing; SSE is part of x86-64.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) }
}

/// M rows and N vectors of a product.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<R> {
    c: *mut R,
    c_row: usize,
    a: *const R,
    /// From one row of A to the next, and from one term to the next.
    a_row: usize,
    a_step: usize,
    /// The rows of A whose turn is next, asked for from afar; what it points at is not read.
    next: *const R,
    b: *const R,
    b_row: usize,
    terms: usize,
    /// Where the last vector of columns begins, which may overlap the one before.
    last: usize,
    /// Whether sums go on from what stands in C.
    resumes: bool,
    adds: bool,
    /// Added to every row at the end, unless null.
    bias: *const R,
}

impl<R: Real> Block<R> {
    /// # Safety
    /// The processor has AVX2 and FMA; M rows and the columns up to `last` + a vector lie inside C, as
    /// do all terms inside A and B.
    #[inline(always)]
    pub(super) unsafe fn compute<L: Lanes<Number = R>, const M: usize, const N: usize>(&self) {
        let column = |n: usize| if n + 1 == N { self.last } else { n * L::WIDTH };
        // SAFETY: the caller's promise covers each pointer: row m < M, column(n) + a vector, term p.
        unsafe {
            let mut sums = [[L::splat(R::ZERO); N]; M];
            if self.resumes {
                for (m, sums) in sums.iter_mut().enumerate() {
                    for (n, sum) in sums.iter_mut().enumerate() {
                        *sum = L::load(self.c.add(m * self.c_row + column(n)));
                    }
                }
            }
            if self.a_step == 1 {
                let rows: [*const R; M] = std::array::from_fn(|m| self.a.add(m * self.a_row));
                let left = |m: usize, p: usize| *rows[m].add(p);
                // By cache lines of A, of which those whose turn is next are asked for first.
                let line = LINE / size_of::<R>();
                let mut first = 0;
                while first < self.terms {
                    for m in 0..M {
                        ask_for(self.next.wrapping_add(m * self.a_row + first));
                    }
                    let terms = first..(first + line).min(self.terms);
                    first = terms.end;
                    self.add_up::<L, M, N>(&mut sums, left, terms);
                }
            } else {
                let step = self.a_step;
                let left = |m: usize, p: usize| *self.a.add(p * step + m);
                self.add_up::<L, M, N>(&mut sums, left, 0..self.terms);
            }
            for (m, sums) in sums.iter_mut().enumerate() {
                let row = self.c.add(m * self.c_row);
                for (n, sum) in sums.iter_mut().enumerate() {
                    if self.adds {
                        *sum = L::load(row.add(column(n))).add(*sum);
                    }
                    if !self.bias.is_null() {
                        *sum = sum.add(L::load(self.bias.add(column(n))));
                    }
                }
                // Only now, because the last vector may overlap the one before.
                for (n, sum) in sums.iter().enumerate() {
                    sum.store(row.add(column(n)));
                }
            }
        }
    }
}

impl<R: Real> Block<R> {
    /// Adds some terms to the sums, where `left` gives element (row, term) of A.
    ///
    /// # Safety
    /// As for [`Block::compute`].
    #[inline(always)]
    unsafe fn add_up<L: Lanes<Number = R>, const M: usize, const N: usize>(
        &self,
        sums: &mut [[L; N]; M],
        left: impl Fn(usize, usize) -> R,
        terms: Range<usize>,
    ) {
        let mut sums_here = *sums;
        let mut b = self.b.wrapping_add(terms.start * self.b_row);
        for p in terms {
            // SAFETY: term p and the columns up to `last` + a vector lie inside B, as the caller
            // promises; so does what `left` reads inside A.
            unsafe {
                let mut right = [L::splat(R::ZERO); N];
                for (n, right) in right.iter_mut().enumerate() {
                    let column = if n + 1 == N { self.last } else { n * L::WIDTH };
                    *right = L::load(b.add(column));
                }
                for (m, sums) in sums_here.iter_mut().enumerate() {
                    let left = L::splat(left(m, p));
                    for (sum, right) in sums.iter_mut().zip(right) {
                        *sum = left.fused(right, *sum);
                    }
                }
            }
            b = b.wrapping_add(self.b_row);
        }
        *sums = sums_here;
    }
}

/// C ← A·B, ended as `end` says.
///
/// # Safety
/// The processor has AVX2 and FMA.
pub(super) unsafe fn product<L: Lanes>(
    c: &mut [L::Number],
    a: Left<'_, L::Number>,
    b: &[L::Number],
    [rows, inner, columns]: [usize; 3],
    end: End<'_, L::Number>,
    transpose: TransposeOf<L::Number>,
) {
    assert!(c.len() >= rows * columns && b.len() >= inner * columns, "C and B have their shapes");
    if rows == 0 || columns == 0 {
        return;
    }
    assert!(a.step == 1 || a.row == 1, "A is a matrix or the transpose of one");
    let reach = (rows - 1) * a.row + inner.saturating_sub(1) * a.step;
    assert!(inner == 0 || reach < a.values.len(), "A has its shape");
    let (adds, bias) = match end {
        End::Set => (false, std::ptr::null()),
        End::Add => (true, std::ptr::null()),
        End::Bias(bias) => {
            assert!(bias.len() >= columns, "a bias a column");
            (false, bias.as_ptr())
        }
    };
    let turns = a.row == 1 && inner > 0 && rows >= L::WIDTH && is_wasteful::<L>(columns);
    if turns && matches!(end, End::Set) {
        // SAFETY: the shapes were checked above, and the processor is the caller's promise.
        return unsafe { turned::<L>(c, a, b, [rows, inner, columns], transpose) };
    }
    // A sum that is added at the end cannot rest in C.
    let depth = if adds { inner.max(1) } else { DEPTH };
    let whole = Block {
        c: c.as_mut_ptr(),
        c_row: columns,
        a: a.values.as_ptr(),
        a_row: a.row,
        a_step: a.step,
        next: a.values.as_ptr(),
        b: b.as_ptr(),
        b_row: columns,
        terms: inner,
        last: 0,
        resumes: false,
        adds,
        bias,
    };
    // SAFETY: the shapes were checked above, and the processor is the caller's promise.
    unsafe { columns_of::<L>(whole, [rows, inner, columns], depth) }
}

/// # Safety
/// As for [`Block::compute`], for all rows and columns.
unsafe fn columns_of<L: Lanes>(
    whole: Block<L::Number>,
    [rows, inner, columns]: [usize; 3],
    depth: usize,
) {
    // SAFETY: as the caller promises; every part handed on lies inside the whole.
    unsafe {
        if columns < L::WIDTH {
            return columns_of::<L::Narrower>(whole, [rows, inner, columns], depth);
        }
        let mut vectors = columns.div_ceil(L::WIDTH);
        let mut j = 0;
        while vectors > 0 {
            let n = width_of(vectors, L::ROWS[3] > 0);
            let last = if n == vectors { columns - L::WIDTH - j } else { (n - 1) * L::WIDTH };
            let strip = Block {
                c: whole.c.add(j),
                b: whole.b.add(j),
                bias: if whole.bias.is_null() { whole.bias } else { whole.bias.add(j) },
                last,
                ..whole
            };
            match n {
                1 => strip_of::<L, 1>(strip, rows, inner, depth),
                2 => strip_of::<L, 2>(strip, rows, inner, depth),
                3 => strip_of::<L, 3>(strip, rows, inner, depth),
                _ => strip_of::<L, 4>(strip, rows, inner, depth),
            }
            vectors -= n;
            j += n * L::WIDTH;
        }
    }
}

/// Vectors of the next strip, where so many are left: never so many that one alone stays at the end,
/// as the last may overlap the one before it.
fn width_of(vectors: usize, has_fours: bool) -> usize {
    match vectors {
        1..=3 => vectors,
        5 if has_fours => 3,
        _ if has_fours => 4,
        _ => 2,
    }
}

/// N vectors of columns, all rows.
///
/// # Safety
/// As for [`Block::compute`], for all rows.
unsafe fn strip_of<L: Lanes, const N: usize>(
    strip: Block<L::Number>,
    rows: usize,
    inner: usize,
    depth: usize,
) {
    let most = L::ROWS[N - 1];
    // As even as may be, the larger ones first: small blocks are slow.
    let blocks = rows.div_ceil(most);
    let (each, larger) = (rows / blocks, rows % blocks);
    let ahead = |i: usize, p: usize| {
        let (i, p) = if i < rows { (i, p) } else { (0, p + depth) };
        strip.a.wrapping_add(i * strip.a_row + p * strip.a_step)
    };
    let mut p = 0;
    loop {
        let terms = depth.min(inner - p);
        let ends = p + terms >= inner;
        let mut i = 0;
        for block in 0..blocks {
            let m = each + usize::from(block < larger);
            // SAFETY: rows i..i + m and terms p..p + terms lie inside the matrices.
            unsafe {
                let part = Block {
                    c: strip.c.add(i * strip.c_row),
                    a: strip.a.add(i * strip.a_row + p * strip.a_step),
                    next: ahead(i + m, p),
                    b: strip.b.add(p * strip.b_row),
                    terms,
                    resumes: p > 0,
                    bias: if ends { strip.bias } else { std::ptr::null() },
                    ..strip
                };
                L::block::<N>(m, &part);
            }
            i += m;
        }
        p += terms;
        if ends {
            break;
        }
    }
}

/// Whether so many columns leave many lanes of their vectors idle.
#[inline(always)]
fn is_wasteful<L: Lanes>(columns: usize) -> bool {
    let taken = columns.next_multiple_of(L::WIDTH);
    columns > L::WIDTH / 2 && columns < 2 * L::WIDTH && 5 * columns < 4 * taken
}

/// C ← A·B where A is the transpose of a matrix and B has few columns: Cᵀ ← Bᵀ·Aᵀ, so that vectors run
/// along the rows of C. Factors change places, which changes no product.
///
/// # Safety
/// The processor has AVX2 and FMA; the matrices have their shapes, and fewer than two vectors of columns.
#[inline(always)]
unsafe fn turned<L: Lanes>(
    c: &mut [L::Number],
    a: Left<'_, L::Number>,
    b: &[L::Number],
    [rows, inner, columns]: [usize; 3],
    transpose: TransposeOf<L::Number>,
) {
    // Four vectors of rows at a time.
    let each = 4 * L::WIDTH;
    let mut space = [const { MaybeUninit::<L::Number>::uninit() }; 4 * 16 * 2 * 16];
    for (part, c) in c[..rows * columns].chunks_mut(each * columns).enumerate() {
        let rows = c.len() / columns;
        let whole = Block {
            c: space.as_mut_ptr().cast(),
            c_row: rows,
            a: b.as_ptr(),
            a_row: 1,
            a_step: columns,
            next: b.as_ptr(),
            b: a.values[part * each..].as_ptr(),
            b_row: a.step,
            terms: inner,
            last: 0,
            resumes: false,
            adds: false,
            bias: std::ptr::null(),
        };
        // SAFETY: rows·columns numbers lie inside the space, which the product fills; the rest is the
        // caller's promise.
        unsafe {
            columns_of::<L>(whole, [columns, inner, rows], DEPTH);
            let sums = std::slice::from_raw_parts(space.as_ptr().cast(), rows * columns);
            transpose((sums, rows), [columns, rows], c);
        }
    }
}

/// Rows of a block of dot products.
const DOT_ROWS: usize = 8;

/// out[i][j] ← x[i]·w[j] + bias[j], for rows as long as `inner`: where there are few j.
///
/// A sum is as many sums side by side as a vector has lanes, added in pairs, then the terms that fill
/// no vector.
///
/// # Safety
/// The processor has AVX2 and FMA.
#[inline(always)]
pub(super) unsafe fn dots<L: Lanes>(
    out: &mut [L::Number],
    x: &[L::Number],
    w: &[L::Number],
    bias: &[L::Number],
    [rows, inner, outputs]: [usize; 3],
) {
    assert!(x.len() >= rows * inner && w.len() >= outputs * inner, "x and w have their shapes");
    assert!(out.len() >= rows * outputs && bias.len() >= outputs, "out and bias have theirs");
    for (j, bias) in bias.iter().take(outputs).enumerate() {
        let w = &w[j * inner..][..inner];
        let mut i = 0;
        while i < rows {
            let full = rows - i >= DOT_ROWS;
            let count = if full { DOT_ROWS } else { 1 };
            // SAFETY: rows i..i + count of `x` and all of `w` were checked above.
            unsafe {
                let x = x.as_ptr().add(i * inner);
                if full {
                    let sums = dots_of::<L, DOT_ROWS>(x, w);
                    for (m, sum) in sums.into_iter().enumerate() {
                        out[(i + m) * outputs + j] = sum + *bias;
                    }
                } else {
                    let [sum] = dots_of::<L, 1>(x, w);
                    out[i * outputs + j] = sum + *bias;
                }
            }
            i += count;
        }
    }
}

/// # Safety
/// The processor has AVX2 and FMA; M rows as long as `w` lie at `x`.
#[inline(always)]
unsafe fn dots_of<L: Lanes, const M: usize>(
    x: *const L::Number,
    w: &[L::Number],
) -> [L::Number; M] {
    let inner = w.len();
    let whole = inner - inner % L::WIDTH;
    let mut totals = [L::Number::ZERO; M];
    // SAFETY: p + a vector ≤ inner, and row m < M.
    unsafe {
        if whole > 0 {
            let mut sums = [L::splat(L::Number::ZERO); M];
            let mut p = 0;
            while p < whole {
                let factor = L::load(w.as_ptr().add(p));
                for (m, sum) in sums.iter_mut().enumerate() {
                    *sum = factor.fused(L::load(x.add(m * inner + p)), *sum);
                }
                p += L::WIDTH;
            }
            for (total, sum) in totals.iter_mut().zip(sums) {
                *total = sum.total();
            }
        }
        for (p, w) in w.iter().enumerate().skip(whole) {
            for (m, total) in totals.iter_mut().enumerate() {
                *total = L::fused_number(*w, *x.add(m * inner + p), *total);
            }
        }
    }
    totals
}
