//! Weights as NPZ: one array a tensor, named `lane/tensor`, or `lane/seed 3/tensor` where the lane stands
//! for several seeds, as `numpy.load` reads it.

use std::collections::HashSet;
use std::io::{Seek, Write};

use ndarray::{ArrayView1, ArrayView2};
use ndarray_npy::{NpzWriter, WriteNpzError};

use crate::model::{ParamLayout, Tensor};

/// The parameters of one lane.
#[derive(Debug, Clone, Copy)]
pub struct LaneWeights<'a> {
    /// The lane's name.
    pub lane: &'a str,
    /// The seed, where the lane stands for several.
    pub seed: Option<u64>,
    /// Where each tensor lies.
    pub layout: &'a ParamLayout,
    /// All parameters.
    pub params: &'a [f64],
}

/// Why weights could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// A lane's parameters do not fill its layout.
    #[error("lane {lane} has {found} parameters where its layout has {expected}")]
    Length {
        /// The lane's name.
        lane: String,
        /// The parameters of the layout.
        expected: usize,
        /// The parameters given.
        found: usize,
    },
    /// The archive or its writer refused.
    #[error("the weights could not be written: {0}")]
    Archive(#[from] WriteNpzError),
}

/// Writes every lane's tensors: weights as matrices (outputs × inputs), biases as vectors, in f64.
///
/// Slashes in a lane's name become underscores, and a name that is then taken gets a number.
///
/// # Errors
/// If parameters do not fit their layout, or `out` refuses.
pub fn write_weights(
    out: impl Write + Seek,
    lanes: &[LaneWeights<'_>],
) -> Result<(), WeightsError> {
    let mut archive = NpzWriter::new_compressed(out);
    let mut taken = HashSet::new();
    for lane in lanes {
        let (expected, found) = (lane.layout.len(), lane.params.len());
        if expected != found {
            return Err(WeightsError::Length { lane: lane.lane.to_owned(), expected, found });
        }
        let folder = free_name(lane, &mut taken);
        for tensor in &lane.layout.tensors {
            add(&mut archive, &format!("{folder}/{}", tensor.name), tensor, lane.params)?;
        }
    }
    archive.finish()?;
    Ok(())
}

fn add<W: Write + Seek>(
    archive: &mut NpzWriter<W>,
    name: &str,
    tensor: &Tensor,
    params: &[f64],
) -> Result<(), WriteNpzError> {
    let values = &params[tensor.offset..tensor.offset + tensor.rows * tensor.cols];
    if !tensor.is_matrix() {
        return archive.add_array(name, &ArrayView1::from(values));
    }
    let shape = (tensor.rows, tensor.cols);
    let matrix = ArrayView2::from_shape(shape, values).expect("the slice has that many");
    archive.add_array(name, &matrix)
}

fn free_name(lane: &LaneWeights<'_>, taken: &mut HashSet<String>) -> String {
    let seed = lane.seed.map(|seed| format!("/seed {seed}")).unwrap_or_default();
    let plain = lane.lane.replace(['/', '\\'], "_") + &seed;
    let mut name = plain.clone();
    let mut number = 1;
    while !taken.insert(name.clone()) {
        number += 1;
        name = format!("{plain} {number}");
    }
    name
}
