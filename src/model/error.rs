//! Why a model cannot be built.

/// Why a model cannot be built from its description and its data.
///
/// [`ModelError::path`] says which field of the learning task is to blame: `model.hidden[1].units`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// A layer without units.
    #[error("a layer needs at least one unit")]
    NoUnits {
        /// Which hidden layer, from 0.
        layer: usize,
    },
    /// There is nothing to learn from.
    #[error("there are no {what} to learn from")]
    NoData {
        /// What is missing: rows or features.
        what: &'static str,
    },
    /// Only one class.
    #[error("all rows are of one class: there is nothing to tell apart")]
    OneClass,
    /// The loss compares classes, the targets are numbers.
    #[error(
        "{loss} compares classes, but the targets are numbers: write them as whole numbers from 0, \
         or choose MeanSquaredError"
    )]
    NeedsClasses {
        /// The loss's name.
        loss: &'static str,
        /// Whether it is the report, not the loss.
        report: bool,
    },
    /// A sigmoid for each of several classes does not make a distribution.
    #[error(
        "a sigmoid for each of {classes} classes does not add up to one, as {loss} asks: \
         use `output: Auto`"
    )]
    SigmoidOfManyClasses {
        /// How many classes.
        classes: usize,
        /// The loss's name.
        loss: &'static str,
    },
    /// A sigmoid before a loss that reads scores.
    #[error(
        "{loss} compares scores with a margin, so the output cannot be squeezed by a sigmoid: \
         use `output: Auto`"
    )]
    SigmoidOfScores {
        /// The loss's name.
        loss: &'static str,
    },
    /// A report that needs an output for each class, on a network with one.
    #[error(
        "{loss} needs an output for each class, but with this loss two classes have one output \
         together: leave `report` out, or make {loss} the loss"
    )]
    ReportNeedsOutputs {
        /// The report's name.
        loss: &'static str,
    },
    /// Another number of class weights than classes.
    #[error("{found} class weights are given, the data has {classes} classes: write one a class")]
    WrongNumberOfWeights {
        /// How many were given.
        found: usize,
        /// How many classes there are.
        classes: usize,
    },
    /// A positive weight where there are not two classes.
    #[error(
        "a positive weight is for two classes, the data has {classes}: use `class_weights` instead"
    )]
    PositiveOfManyClasses {
        /// How many classes there are.
        classes: usize,
    },
    /// A layer too large to be started orthogonally.
    #[error(
        "Orthogonal compares every pair of rows or columns, which takes too long for {outputs} x \
         {inputs} weights: use fewer units, or Normal"
    )]
    TooLargeToOrthogonalize {
        /// The layer's outputs.
        outputs: usize,
        /// The layer's inputs.
        inputs: usize,
    },
    /// `Values` of another length than the parameters.
    #[error("{found} values are given, the model has {expected} parameters ({layout})")]
    WrongNumberOfValues {
        /// How many were given.
        found: usize,
        /// How many parameters there are.
        expected: usize,
        /// The tensors in order, to show what is expected.
        layout: String,
    },
    /// `BiasTrick` on a deeper or wider network.
    #[error(
        "BiasTrick draws one bias and its weights: it needs a model without hidden layers and \
         with one output, not {layers} layers and {outputs} outputs"
    )]
    BiasTrickNeedsOneOutput {
        /// How many layers, the output layer included.
        layers: usize,
        /// How many outputs.
        outputs: usize,
    },
    /// A range whose lower end is not below its upper end.
    #[error("low ({low}) lies above high ({high})")]
    EmptyRange {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// More memory than allowed.
    #[error("{what} would take {needed} of memory; at most {allowed} are allowed")]
    TooLarge {
        /// The field to blame.
        path: String,
        /// What would take it.
        what: &'static str,
        /// How much, in readable units.
        needed: String,
        /// How much is allowed.
        allowed: String,
    },
    /// A penalty that is not a finite number of at least zero.
    #[error("a penalty is a finite number of at least 0, not {found}")]
    Penalty {
        /// The field: `l1` or `l2`.
        field: &'static str,
        /// The value.
        found: f64,
    },
}

impl ModelError {
    /// The field to blame, as a path below the learning task: `model.hidden[1].units`, `loss`.
    pub fn path(&self) -> String {
        match self {
            Self::NoUnits { layer } => format!("model.hidden[{layer}].units"),
            Self::NoData { .. } | Self::OneClass => "data".to_owned(),
            Self::NeedsClasses { report: true, .. } | Self::ReportNeedsOutputs { .. } => {
                "report".to_owned()
            }
            Self::NeedsClasses { .. } => "loss".to_owned(),
            Self::SigmoidOfManyClasses { .. } | Self::SigmoidOfScores { .. } => {
                "model.output".to_owned()
            }
            Self::WrongNumberOfWeights { .. } => "class_weights".to_owned(),
            Self::PositiveOfManyClasses { .. } => "positive_weight".to_owned(),
            Self::WrongNumberOfValues { .. }
            | Self::BiasTrickNeedsOneOutput { .. }
            | Self::TooLargeToOrthogonalize { .. }
            | Self::EmptyRange { .. } => "model.init".to_owned(),
            Self::TooLarge { path, .. } => path.clone(),
            Self::Penalty { field, .. } => format!("regularize.{field}"),
        }
    }
}
