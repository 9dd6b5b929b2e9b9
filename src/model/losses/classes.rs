//! How cross-entropy treats classes that are not to count alike, or labels that are not to be trusted
//! wholly.
//!
//! Invariant: only `CrossEntropy` as the loss is treated; other losses, and a report, are what they
//! always are. Class weights divide by the weights of the rows' true classes, as PyTorch's do; the
//! positive weight does not, as PyTorch's `pos_weight` does not.

use crate::catalog::Chosen;
use crate::data::Targets;
use crate::numeric::Real;

use super::super::ModelError;
use super::Losses;

/// Smoothing of labels and weights of classes, as the file gives them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ClassTreatment {
    /// Which part of each label is spread evenly over all classes: 0 for none.
    pub label_smoothing: f64,
    /// A weight for each class, in the order of the classes.
    pub class_weights: Option<Vec<f64>>,
    /// By what the terms of class 1 are multiplied, of two classes.
    pub positive_weight: Option<f64>,
}

impl ClassTreatment {
    /// The treatment as it acts on `loss`: none unless that is `CrossEntropy`.
    pub fn on(&self, loss: &Chosen<Losses>) -> Self {
        if Losses::treats_classes(loss) { self.clone() } else { Self::default() }
    }

    /// Whether it changes anything.
    pub fn is_neutral(&self) -> bool {
        self.label_smoothing == 0.0
            && self.class_weights.is_none()
            && self.positive_weight.is_none()
    }

    /// Whether it fits the targets.
    ///
    /// # Errors
    /// If there is not one weight a class, or a positive weight for other than two classes.
    pub fn check(&self, targets: &Targets) -> Result<(), ModelError> {
        let classes = targets.classes().unwrap_or(0);
        match (&self.class_weights, self.positive_weight) {
            (Some(weights), _) if weights.len() != classes => {
                Err(ModelError::WrongNumberOfWeights { found: weights.len(), classes })
            }
            (_, Some(_)) if classes != 2 => Err(ModelError::PositiveOfManyClasses { classes }),
            _ => Ok(()),
        }
    }
}

/// The same, as the loops read it.
#[derive(Debug, Clone)]
pub(super) struct ClassSettings {
    smoothing: f64,
    weights: Vec<f64>,
    pub(super) positive: f64,
}

impl ClassSettings {
    pub(super) fn new(treatment: &ClassTreatment) -> Self {
        Self {
            smoothing: treatment.label_smoothing,
            weights: treatment.class_weights.clone().unwrap_or_default(),
            positive: treatment.positive_weight.unwrap_or(1.0),
        }
    }

    /// The weight of a class; 1 without weights.
    #[inline(always)]
    pub(super) fn weight<R: Real>(&self, class: usize) -> R {
        self.weights.get(class).map_or(R::ONE, |weight| R::from_f64(*weight))
    }

    /// A label with its part spread over so many classes.
    #[inline(always)]
    pub(super) fn smooth<R: Real>(&self, label: R, classes: usize) -> R {
        let smoothing = R::from_f64(self.smoothing);
        (R::ONE - smoothing) * label + smoothing / R::from_f64(classes as f64)
    }

    /// Whether sums are divided by weights, not by rows.
    pub(super) fn is_weighted(&self) -> bool {
        !self.weights.is_empty()
    }

    /// The weight of one row: that of its true class.
    pub(super) fn row_weight<R: Real>(&self, targets: &[R]) -> R {
        if let [t] = targets {
            return self.weight::<R>(1) * *t + self.weight::<R>(0) * (R::ONE - *t);
        }
        let mut weight = R::ZERO;
        for (class, t) in targets.iter().enumerate() {
            weight += self.weight::<R>(class) * *t;
        }
        weight
    }
}
