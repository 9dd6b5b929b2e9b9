//! Numbers: the two precisions, kernels, sums in a fixed order, NumPy's generator.

mod kernel_path;
mod kernels;
mod philox;
mod precision;
mod random_state;
mod real;
mod sum;

pub use kernel_path::{KernelPath, KernelPathError, kernel_path};
pub use kernels::{
    add_column_sums, add_product, add_product_of_transposed, add_to_each_row, transpose,
};
pub use philox::{Noise, philox4x32};
pub use precision::Precision;
pub use random_state::RandomState;
pub use real::{Real, of_precision};
pub use sum::{dot, euclidean_norm, sum, sum_of_squares};
