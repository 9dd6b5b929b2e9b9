//! Matrix products of dense layers over contiguous rows, and the small passes around them.
//!
//! [`Kernels`] is the table of one kernel path in one precision; whoever computes takes it once, when
//! it is built. Invariant: every element of a product is the sum of its terms in ascending order, from
//! zero, which is then stored or added to what stood there; a path may fuse each multiplication with
//! its addition, and may divide a sum in a way that depends on its length alone. How loops are blocked
//! therefore never changes a bit, and a sum over many rows, done chunk by chunk, is a sum over fixed
//! chunks. Nothing allocates. All matrices are row-major. Deliberately not here: layers, activations,
//! batches.

#[cfg(target_arch = "x86_64")]
mod lanes;
#[cfg(target_arch = "x86_64")]
mod picked;
mod plain;
mod rows;
#[cfg(target_arch = "x86_64")]
mod transpose;
#[cfg(target_arch = "x86_64")]
mod vectors;
#[cfg(target_arch = "x86_64")]
mod wide;

use super::{Arithmetic, KernelPath, Real, Runner, Team, Work, of_precision};

pub use rows::{Along, ROW_WIDTHS, RowKernels};

/// What becomes of the sums of a product.
#[derive(Debug, Clone, Copy)]
pub enum End<'a, R> {
    /// They are stored.
    Set,
    /// They are added to what stands there.
    Add,
    /// One number a column is added to them, then they are stored.
    Bias(&'a [R]),
}

/// The left matrix of a product: element (i, p) lies at i·`row` + p·`step`.
#[derive(Debug, Clone, Copy)]
pub struct Left<'a, R> {
    /// The numbers.
    pub values: &'a [R],
    /// From one row to the next.
    pub row: usize,
    /// From one term of a sum to the next.
    pub step: usize,
}

impl<'a, R> Left<'a, R> {
    /// A matrix with rows of `inner` numbers.
    pub fn rows(values: &'a [R], inner: usize) -> Self {
        Self { values, row: inner, step: 1 }
    }

    /// The transpose of a matrix with rows of `rows` numbers.
    pub fn transposed(values: &'a [R], rows: usize) -> Self {
        Self { values, row: 1, step: rows }
    }
}

/// The weights of a layer as its forward pass may read them.
#[derive(Debug, Clone, Copy)]
pub struct Weights<'a, R> {
    /// Outputs × inputs.
    pub rows: &'a [R],
    /// The same, transposed, if that was asked for and is up to date.
    pub transposed: Option<&'a [R]>,
    /// One an output.
    pub biases: &'a [R],
}

type ProductOf<R> = unsafe fn(&mut [R], Left<'_, R>, &[R], [usize; 3], End<'_, R>);
type DotsOf<R> = unsafe fn(&mut [R], &[R], &[R], &[R], [usize; 3]);
type TransposeOf<R> = unsafe fn((&[R], usize), [usize; 2], &mut [R]);

/// The kernels of one path, in one precision.
#[derive(Debug, Clone, Copy)]
pub struct Kernels<R: 'static> {
    runner: Runner,
    product: ProductOf<R>,
    dots: DotsOf<R>,
    transpose: TransposeOf<R>,
    /// Fewer outputs than this are computed by dot products.
    dots_below: usize,
}

impl<R: Real> Kernels<R> {
    /// Those of the active path.
    #[must_use]
    pub fn active() -> &'static Self {
        Self::of(Runner::active())
    }

    /// Those of a path that this processor runs.
    #[must_use]
    pub fn of(runner: Runner) -> &'static Self {
        match runner.path() {
            #[cfg(target_arch = "x86_64")]
            KernelPath::Avx2 => of_precision::<R, Self>(&vectors::SINGLE, &vectors::DOUBLE),
            #[cfg(target_arch = "x86_64")]
            KernelPath::Avx512 => {
                of_precision::<R, Self>(&vectors::WIDE_SINGLE, &vectors::WIDE_DOUBLE)
            }
            _ => of_precision::<R, Self>(&plain::SINGLE, &plain::DOUBLE),
        }
    }

    /// Who runs other work on the same path.
    #[must_use]
    pub fn runner(&self) -> Runner {
        self.runner
    }

    /// C ← A·B, C += A·B or C ← A·B + bias, where A is `rows` × `inner`, B is `inner` × `columns` and C
    /// is `rows` × `columns`.
    ///
    /// # Panics
    /// If a matrix is smaller than its shape.
    #[expect(unsafe_code, reason = "a table of functions that need certain processors")]
    pub fn product(
        &self,
        c: &mut [R],
        a: Left<'_, R>,
        b: &[R],
        shape: [usize; 3],
        end: End<'_, R>,
    ) {
        // SAFETY: this table is only given out where the processor runs its path.
        unsafe { (self.product)(c, a, b, shape, end) }
    }

    /// Whether the forward pass of a layer with so many outputs reads its weights transposed.
    #[must_use]
    pub fn wants_transposed(&self, outputs: usize) -> bool {
        outputs >= self.dots_below
    }

    /// Writes the sums x·Wᵀ + b of `rows` rows of `inputs` numbers, with the team's help.
    ///
    /// # Panics
    /// If a matrix is smaller than its shape.
    #[expect(unsafe_code, reason = "a table of functions that need certain processors")]
    pub fn affine(
        &self,
        out: &mut [R],
        x: &[R],
        w: Weights<'_, R>,
        shape: [usize; 3],
        team: &Team,
    ) {
        let [rows, inputs, outputs] = shape;
        if !self.wants_transposed(outputs) {
            // SAFETY: this table is only given out where the processor runs its path.
            return unsafe { (self.dots)(out, x, w.rows, w.biases, shape) };
        }
        if let Some(transposed) = w.transposed {
            let end = End::Bias(w.biases);
            return team.product(self, out, (Left::rows(x, inputs), transposed), shape, end);
        }
        for (out, x) in out.chunks_exact_mut(outputs).zip(x.chunks_exact(inputs)).take(rows) {
            let one = [outputs, inputs, 1];
            self.product(out, Left::rows(w.rows, inputs), x, one, End::Set);
            for (out, bias) in out.iter_mut().zip(w.biases) {
                *out += *bias;
            }
        }
    }

    /// Writes the transpose of a matrix (`rows` × `columns`, from one row to the next `stride`) to `out`
    /// (`columns` × `rows`).
    ///
    /// # Panics
    /// If one of them is smaller.
    #[expect(unsafe_code, reason = "a table of functions that need certain processors")]
    pub fn transpose(
        &self,
        (matrix, stride): (&[R], usize),
        [rows, columns]: [usize; 2],
        out: &mut [R],
    ) {
        // SAFETY: this table is only given out where the processor runs its path.
        unsafe { (self.transpose)((matrix, stride), [rows, columns], out) }
    }

    /// Adds the sum of each column of `matrix` to `out`, whose length is the matrix's width.
    pub fn add_column_sums(&self, out: &mut [R], matrix: &[R]) {
        self.runner().run(ColumnSums { out, matrix });
    }
}

/// The sum of each column, added.
#[derive(Debug)]
struct ColumnSums<'a, R> {
    out: &'a mut [R],
    matrix: &'a [R],
}

impl<R: Real> Work for ColumnSums<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(mut self) {
        let width = self.out.len();
        let mut first = 0;
        while first < width {
            first += match width - first {
                64.. => self.block::<64>(first),
                16.. => self.block::<16>(first),
                8.. => self.block::<8>(first),
                4.. => self.block::<4>(first),
                2.. => self.block::<2>(first),
                _ => self.block::<1>(first),
            };
        }
    }
}

impl<R: Real> ColumnSums<'_, R> {
    /// N columns, from column `first` on; gives N.
    #[inline(always)]
    fn block<const N: usize>(&mut self, first: usize) -> usize {
        let mut sums = [R::ZERO; N];
        for row in self.matrix.chunks_exact(self.out.len()) {
            for (sum, x) in sums.iter_mut().zip(&row[first..first + N]) {
                *sum += *x;
            }
        }
        for (out, sum) in self.out[first..first + N].iter_mut().zip(sums) {
            *out += sum;
        }
        N
    }
}

#[cfg(test)]
mod tests;
