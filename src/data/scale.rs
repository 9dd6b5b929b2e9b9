//! Scaling of features: x' = (x − shift) / scale, per column.

/// A fitted scaling: x' = (x − shift) / scale, per feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaler {
    /// Subtracted, one a feature.
    pub shift: Vec<f64>,
    /// Divided by, one a feature; never zero.
    pub scale: Vec<f64>,
}
