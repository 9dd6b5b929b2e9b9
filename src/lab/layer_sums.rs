//! What the units of a lane's hidden layers get before their activation, where the lane stands.
//!
//! On training rows evenly spread over the file, in double precision, with nothing silenced. A layer
//! whose sums lie where its activation is flat learns little: that is what the picture is for.

use crate::objective::LayerSums;

use super::{LabError, Specimen};

/// Training rows looked at, at most.
const MOST_ROWS: usize = 500;

/// The sums of all hidden layers of a lane.
#[derive(Debug, Clone, PartialEq)]
pub struct HiddenSums {
    /// Updates done.
    pub step: u64,
    /// Training rows looked at.
    pub rows: usize,
    /// One entry a hidden dense layer, first layer first.
    pub layers: Vec<LayerSums>,
}

/// The sums of all hidden layers on training rows.
///
/// # Errors
/// If the specimen's parts do not fit.
pub fn hidden_sums(specimen: &Specimen) -> Result<HiddenSums, LabError> {
    let mut ground = specimen.ground()?;
    let all = ground.objective.train_rows();
    let count = all.min(MOST_ROWS);
    let rows: Vec<u32> = (0..count).map(|i| (i * all / count) as u32).collect();
    let layers = ground.objective.layer_sums(&ground.params, &rows);
    Ok(HiddenSums { step: ground.step, rows: rows.len(), layers })
}
