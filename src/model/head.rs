//! The output of a network: how many numbers, and what turns sums into activations.
//!
//! Invariant: the head is decided by targets, loss and `output` alone. Two classes have one output
//! (two where the loss ranks them), K > 2 classes have K, numbers have their own width. An activation
//! of a class is above one half where the class is likelier than not, whatever the link. Deliberately not here: the losses themselves.

use crate::catalog::Chosen;
use crate::data::Targets;
use crate::numeric::{Arithmetic, Real, Runner, Stands, Work};

use super::activations::sigmoid;
use super::losses::{Answer, shifted_exponentials, total_of};
use super::{LossTask, Losses, ModelError, Output};

/// What turns the output layer's sums into activations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The sums themselves.
    Identity,
    /// Scores around zero on the scale of labels 0 and 1: (1 + z) / 2. A score of −1 is 0, of +1 is
    /// 1, and its sign says the class; not a probability.
    Score,
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
        let answer = Losses::answer(loss);
        let width = match targets {
            Targets::Classes { names, .. } if names.len() < 2 => return Err(ModelError::OneClass),
            Targets::Classes { names, .. } if names.len() == 2 => {
                if answer == Answer::Ranks {
                    2
                } else {
                    1
                }
            }
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
            (LossTask::Classes, Some(classes), output) => match (answer, output) {
                (Answer::Together, Output::Sigmoid) if width > 1 => {
                    return Err(ModelError::SigmoidOfManyClasses { classes, loss: loss.name() });
                }
                (Answer::Scores | Answer::Ranks, Output::Sigmoid) => {
                    return Err(ModelError::SigmoidOfScores { loss: loss.name() });
                }
                (Answer::Together, _) => probabilities,
                (Answer::EachByItself, _) => Link::Sigmoid,
                (Answer::Scores, _) => Link::Score,
                (Answer::Ranks, _) => Link::Identity,
            },
            (LossTask::Either, Some(_), Output::Auto) => probabilities,
            (_, _, Output::Sigmoid) => Link::Sigmoid,
            (_, _, Output::Auto | Output::Identity) => Link::Identity,
        };
        Ok(Self { width, classes, link })
    }

    /// Whether a loss can be reported by this head.
    ///
    /// # Errors
    /// If it compares classes and the targets are numbers, or if it needs an output a class and two
    /// classes have one.
    pub fn check_report(&self, report: &Chosen<Losses>) -> Result<(), ModelError> {
        match (Losses::task(report), self.classes) {
            (LossTask::Classes, None) => {
                Err(ModelError::NeedsClasses { loss: report.name(), report: true })
            }
            (_, Some(2)) if self.width == 1 && Losses::answer(report) == Answer::Ranks => {
                Err(ModelError::ReportNeedsOutputs { loss: report.name() })
            }
            _ => Ok(()),
        }
    }
}

impl Link {
    /// Writes the activations of sums, `width` numbers a row.
    pub fn forward<R: Real>(self, sums: &[R], width: usize, out: &mut [R]) {
        if self == Self::Identity {
            out.copy_from_slice(sums);
        } else {
            Runner::active().run(Activated { link: self, sums, width, out });
        }
    }

    /// Turns slopes by activations into slopes by sums, in place.
    pub fn backward<R: Real>(self, activations: &[R], width: usize, slopes: &mut [R]) {
        match self {
            Self::Identity => {}
            Self::Score => {
                let half = R::from_f64(0.5);
                for slope in slopes {
                    *slope *= half;
                }
            }
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

/// Writes the activations of sums.
struct Activated<'a, R> {
    link: Link,
    sums: &'a [R],
    width: usize,
    out: &'a mut [R],
}

impl<R: Real> Work for Activated<'_, R> {
    type Output = ();

    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let sums: &[A::Number<R>] = Stands::all(self.sums);
        let out: &mut [A::Number<R>] = Stands::all_mut(self.out);
        match self.link {
            Link::Identity => out.copy_from_slice(sums),
            Link::Score => {
                let half = A::Number::<R>::from_f64(0.5);
                for (out, z) in out.iter_mut().zip(sums) {
                    *out = half * (A::Number::<R>::ONE + *z);
                }
            }
            Link::Sigmoid => {
                for (out, z) in out.iter_mut().zip(sums) {
                    *out = sigmoid(*z);
                }
            }
            Link::Softmax => {
                shifted_exponentials(sums, self.width, out);
                for out in out.chunks_exact_mut(self.width) {
                    let total = total_of(out);
                    for out in out {
                        *out /= total;
                    }
                }
            }
        }
    }
}
