//! NumPy's legacy generator.

/// NumPy's `RandomState`.
#[derive(Debug, Clone)]
pub struct RandomState {}
