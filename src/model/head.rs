//! The output of a network: how many numbers, and what turns sums into activations.
//!
//! Invariant: the head is decided by targets, loss and `output` alone. Two classes have one output,
//! K > 2 classes have K, numbers have their own width. Deliberately not here: the losses themselves.

use crate::catalog::Chosen;
use crate::data::Targets;
use crate::numeric::Real;

use super::activations::sigmoid;
use super::losses::shifted_exponentials;
use super::{LossTask, Losses, ModelError, Output};

/// What turns the output layer's sums into activations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The sums themselves.
    Identity,
    /// Each between 0 and 1 by itself.
    Sigmoid,
    /// All positive, adding up to 1.
    Softmax,
}

/// The output side of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Numbers per row.
    pub width: usize,
    /// How many classes the targets have; `None` for numbers.
    pub classes: Option<usize>,
    /// What turns sums into activations.
    pub link: Link,
}

impl Head {
    /// The head that targets, loss and `output` ask for.
    ///
    /// # Errors
    /// If the loss does not fit the targets, or `output` does not fit the loss.
    pub fn new(
        targets: &Targets,
        loss: &Chosen<Losses>,
        output: Output,
    ) -> Result<Self, ModelError> {
        let task = Losses::task(loss);
        let classes = targets.classes();
        let width = match targets {
            Targets::Classes { names, .. } if names.len() < 2 => return Err(ModelError::OneClass),
            Targets::Classes { names, .. } if names.len() == 2 => 1,
            Targets::Classes { names, .. } => names.len(),
            Targets::Values { values, .. } => values.ncols(),
        };
        if width == 0 {
            return Err(ModelError::NoData { what: "targets" });
        }
        let probabilities = if width == 1 { Link::Sigmoid } else { Link::Softmax };
        let link = match (task, classes, output) {
            (LossTask::Classes, None, _) => {
                return Err(ModelError::NeedsClasses { loss: loss.name(), report: false });
            }
            (LossTask::Classes, Some(classes), Output::Sigmoid) if width > 1 => {
                return Err(ModelError::SigmoidOfManyClasses { classes, loss: loss.name() });
            }
            (LossTask::Classes, Some(_), _) | (LossTask::Either, Some(_), Output::Auto) => {
                probabilities
            }
            (_, _, Output::Sigmoid) => Link::Sigmoid,
            (_, _, Output::Auto | Output::Identity) => Link::Identity,
        };
        Ok(Self { width, classes, link })
    }

    /// Whether a loss can be reported by this head.
    ///
    /// # Errors
    /// If it compares classes and the targets are numbers.
    pub fn check_report(&self, report: &Chosen<Losses>) -> Result<(), ModelError> {
        match (Losses::task(report), self.classes) {
            (LossTask::Classes, None) => {
                Err(ModelError::NeedsClasses { loss: report.name(), report: true })
            }
            _ => Ok(()),
        }
    }
}

impl Link {
    /// Writes the activations of sums, `width` numbers a row.
    pub fn forward<R: Real>(self, sums: &[R], width: usize, out: &mut [R]) {
        match self {
            Self::Identity => out.copy_from_slice(sums),
            Self::Sigmoid => {
                for (out, z) in out.iter_mut().zip(sums) {
                    *out = sigmoid(*z);
                }
            }
            Self::Softmax => {
                for (out, z) in out.chunks_exact_mut(width).zip(sums.chunks_exact(width)) {
                    let (_, total) = shifted_exponentials(z, out);
                    for out in out {
                        *out /= total;
                    }
                }
            }
        }
    }

    /// Turns slopes by activations into slopes by sums, in place.
    pub fn backward<R: Real>(self, activations: &[R], width: usize, slopes: &mut [R]) {
        match self {
            Self::Identity => {}
            Self::Sigmoid => {
                for (slope, a) in slopes.iter_mut().zip(activations) {
                    *slope *= *a * (R::ONE - *a);
                }
            }
            Self::Softmax => {
                let rows = slopes.chunks_exact_mut(width).zip(activations.chunks_exact(width));
                for (slopes, a) in rows {
                    let mut mean = R::ZERO;
                    for (slope, a) in slopes.iter().zip(a) {
                        mean += *slope * *a;
                    }
                    for (slope, a) in slopes.iter_mut().zip(a) {
                        *slope = *a * (*slope - mean);
                    }
                }
            }
        }
    }
}
