//! What drives a lane where it stands, as vectors: the microscope's numbers of all parameters.

use super::super::{LabError, Specimen};

/// Parameters of which momentum and squares are told one by one, at most.
const MOST: usize = 5_000;

/// The next update of a lane, as vectors over its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Thrust {
    /// Updates done.
    pub step: u64,
    /// The gradient of the next batch, as the method gets it: with noise, clipped.
    pub gradient: Vec<f64>,
    /// The running mean of gradients after the update, where the method has one.
    pub momentum: Option<Vec<f64>>,
    /// The accumulated squares after the update, where the method has them.
    pub squares: Option<Vec<f64>>,
    /// How far the update moves.
    pub step_taken: Vec<f64>,
}

/// The vectors of a specimen's next update.
///
/// # Errors
/// If the method follows no gradient, or the parts do not fit.
pub fn thrust(specimen: &Specimen) -> Result<Thrust, LabError> {
    let mut trainer = specimen.trainer()?;
    let count = trainer.layout().len();
    let mut gradient = vec![0.0; count];
    let (mut momentum, mut squares) = (vec![None; count], vec![None; count]);
    let told = trainer.explain_all(count.min(MOST), |index, stages| {
        let last = |symbols: [&str; 2]| {
            stages.iter().rev().find(|s| symbols.contains(&s.symbol)).map(|s| s.value)
        };
        momentum[index] = last(["m", "b"]);
        squares[index] = last(["v", "s"]);
    });
    if !told {
        return Err(LabError::NoGradient { optimizer: trainer.knobs().entry().label });
    }
    gradient.copy_from_slice(&trainer.treated_gradient());
    let before = specimen.state.params();
    let step = trainer.step();
    trainer.train_on(crate::catalog::Duration::Steps(1));
    trainer.replay(1);
    let after = trainer.params();
    let step_taken = after.iter().zip(&before).map(|(after, before)| after - before).collect();
    let whole = |numbers: Vec<Option<f64>>| numbers.into_iter().collect::<Option<Vec<f64>>>();
    Ok(Thrust { step, gradient, momentum: whole(momentum), squares: whole(squares), step_taken })
}
