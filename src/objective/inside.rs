//! What is gathered of a network's layers, row by row: their activations and the gradient.

/// What is gathered of a network's layers over some rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inside {
    /// The gradient over the rows so far, in the order of the layout.
    pub gradient: Vec<f64>,
    /// Of each dense layer, what its units said in the rows so far, row by row: after the activation;
    /// in the output layer after the link.
    pub activations: Vec<Vec<f32>>,
}
