//! Numbers: the two precisions, kernels, sums in a fixed order, NumPy's generator.

mod precision;
mod random_state;
mod real;

pub use precision::Precision;
pub use random_state::RandomState;
pub use real::Real;
