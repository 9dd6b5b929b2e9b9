//! One parameter's next update, number by number.

use std::fmt;

use crate::catalog::Duration;
use crate::model::ParamLayout;
use crate::train::Explained;

use super::{LabError, Specimen};

/// One parameter's update under the microscope.
#[derive(Debug, Clone, PartialEq)]
pub struct Microscope {
    /// Which parameter.
    pub parameter: Parameter,
    /// The optimizer on screen.
    pub optimizer: &'static str,
    /// The update, told by the code that makes it.
    pub explained: Explained,
    /// Rows of the batch.
    pub rows: usize,
    /// Where every parameter stands.
    pub layout: ParamLayout,
}

/// A parameter's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its place in the flat vector.
    pub index: usize,
    /// Its tensor's name.
    pub tensor: String,
    /// Its row and column there; no row in a tensor that is no matrix.
    pub place: (Option<usize>, usize),
}

impl fmt::Display for Parameter {
    /// `hidden1.weights[2, 0]`, counted from 0.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            (Some(row), column) => write!(f, "{}[{row}, {column}]", self.tensor),
            (None, column) => write!(f, "{}[{column}]", self.tensor),
        }
    }
}

/// Where parameter `index` stands; none if there is no such parameter.
#[must_use]
pub fn parameter(layout: &ParamLayout, index: usize) -> Option<Parameter> {
    let tensor = layout.tensors.iter().find(|tensor| tensor.range().contains(&index))?;
    let inside = index - tensor.offset;
    let row = tensor.is_matrix().then_some(inside / tensor.cols);
    Some(Parameter { index, tensor: tensor.name.clone(), place: (row, inside % tensor.cols) })
}

/// The update of parameter `index` that comes `ahead` updates after the specimen's state.
///
/// # Errors
/// If there is no such parameter, the method follows no gradient, or the parts do not fit.
pub fn look_closely(specimen: &Specimen, index: usize, ahead: u64) -> Result<Microscope, LabError> {
    let mut trainer = specimen.trainer()?;
    let target = trainer.step() + ahead;
    if ahead > 0 && trainer.train_on(Duration::Steps(ahead)) {
        while trainer.step() < target && trainer.end().is_none() {
            trainer.replay(target - trainer.step());
        }
    }
    let count = trainer.layout().len();
    let parameter =
        parameter(trainer.layout(), index).ok_or(LabError::NoParameter { index, count })?;
    let optimizer = trainer.knobs().entry().label;
    let rows = trainer.next_rows().len();
    let explained = trainer.explain_next(index);
    if explained.stages.is_empty() {
        return Err(LabError::NoGradient { optimizer });
    }
    let layout = trainer.layout().clone();
    Ok(Microscope { parameter, optimizer, explained, rows, layout })
}
