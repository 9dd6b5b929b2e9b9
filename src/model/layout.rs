//! Where each tensor of parameters lies in the flat vector.
//!
//! Invariant: tensors follow each other without gaps, per layer the weights row-major (out × in) or
//! the gains, then the biases. Deliberately not here: the numbers.

use std::ops::Range;

/// The order and shapes of all tensors in the flat parameter vector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParamLayout {
    /// The tensors, in the vector's order.
    pub tensors: Vec<Tensor>,
}

/// One tensor of parameters: a matrix of weights, or a row of gains or biases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// Its name in exports: `hidden1.weights`, `norm1.gains`, `output.biases`.
    pub name: String,
    /// Where it begins in the flat vector.
    pub offset: usize,
    /// Rows: the layer's outputs for weights, 1 for gains and biases.
    pub rows: usize,
    /// Columns: the layer's inputs for weights, its outputs for gains and biases.
    pub cols: usize,
    /// Whether penalties apply to it.
    pub kind: TensorKind,
}

/// What a tensor is for. Only weights are matrices, and only they are penalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TensorKind {
    /// Multiplied with inputs.
    Weights,
    /// Added.
    Biases,
    /// Multiplied with normalised values, one a unit.
    Gains,
    /// A place on a surface.
    Position,
}

impl Tensor {
    /// How many numbers it has.
    pub fn len(&self) -> usize {
        self.rows * self.cols
    }

    /// Whether it has no numbers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether it is a matrix to rules that treat matrices in a way of their own; a row of numbers
    /// otherwise.
    pub fn is_matrix(&self) -> bool {
        self.kind == TensorKind::Weights
    }

    /// Its place in the flat vector.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.len()
    }
}

impl ParamLayout {
    /// How many numbers the flat vector has.
    pub fn len(&self) -> usize {
        self.tensors.last().map_or(0, |t| t.offset + t.len())
    }

    /// Whether there are no parameters.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a tensor at the end.
    pub fn push(&mut self, name: impl Into<String>, kind: TensorKind, rows: usize, cols: usize) {
        let offset = self.len();
        self.tensors.push(Tensor { name: name.into(), offset, rows, cols, kind });
    }

    /// The places of all weights, for penalties.
    pub fn weight_ranges(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.tensors.iter().filter(|t| t.kind == TensorKind::Weights).map(Tensor::range)
    }

    /// The places of all gains, which start at one.
    pub fn gain_ranges(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.tensors.iter().filter(|t| t.kind == TensorKind::Gains).map(Tensor::range)
    }
}
