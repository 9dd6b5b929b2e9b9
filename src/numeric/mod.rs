//! Numbers: the two precisions, kernels, sums in a fixed order, NumPy's generator.
//!
//! # Kernel paths
//!
//! What computes is chosen once for the process, from what the processor has ([`KernelPath::best`]) or
//! what `DOWNHILL_KERNELS` asks for: `portable`, `avx2` or `avx512`. On one path a result is the same bit
//! for bit, whatever happens. Between paths the last bits differ, because `avx2` and `avx512` round a
//! multiplication and the addition after it once where products of matrices and the passes of small
//! networks are summed, sum rows of single outputs lane by lane, and have functions of their own for
//! eˣ, eˣ − 1, ln(1 + x) and tanh; the fixtures hold on every path at the same tolerances. Update rules
//! compute the same bits on all of them.

mod aligned;
mod arithmetic;
mod eigen;
mod elementary;
mod finite;
mod isolines;
mod kernel_path;
mod kernels;
mod philox;
mod precision;
mod random_state;
mod ranges;
mod real;
mod sum;
mod team;
mod twisters;

pub use aligned::Aligned;
pub use arithmetic::{Arithmetic, Branchless, Fast, Plain, Runner, Stands, Work};
pub use eigen::{Eigen, symmetric_eigen};
pub use finite::all_finite;
pub use isolines::{Segment, isolines, turns};
pub use kernel_path::{KernelPath, KernelPathError, kernel_path};
pub use kernels::{Along, End, Kernels, Left, ROW_WIDTHS, RowKernels, Weights};
pub use philox::{Noise, philox4x32};
pub use precision::Precision;
pub use random_state::RandomState;
pub(crate) use random_state::shuffle_on;
pub use ranges::{Range, comparable, evened, fillable, roomy, shape_of};
pub use real::{Real, of_precision};
pub use sum::{dot, euclidean_norm, sum, sum_of_squares};
pub use team::{Hands, Team};
pub use twisters::{TWISTERS, Twisters};
