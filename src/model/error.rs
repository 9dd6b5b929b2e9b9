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
    /// A dropout layer that would silence everything, or less than nothing.
    #[error("the rate of a dropout layer is {allowed}, not {found}", allowed = super::LayerSpec::RATES)]
    DropoutRate {
        /// Which hidden layer, from 0.
        layer: usize,
        /// The rate.
        found: f64,
    },
    /// A layer norm over one unit.
    #[error(
        "a layer norm over one unit makes all rows equal, so nothing can be learned through it: \
         give it at least two units, or leave it out"
    )]
    NormOfOneUnit {
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
            Self::DropoutRate { layer, .. } => format!("model.hidden[{layer}].rate"),
            Self::NormOfOneUnit { layer } => format!("model.hidden[{layer}]"),
            Self::NoData { .. } | Self::OneClass => "data".to_owned(),
            Self::NeedsClasses { report: true, .. } => "report".to_owned(),
            Self::NeedsClasses { .. } => "loss".to_owned(),
            Self::SigmoidOfManyClasses { .. } => "model.output".to_owned(),
            Self::WrongNumberOfValues { .. }
            | Self::BiasTrickNeedsOneOutput { .. }
            | Self::EmptyRange { .. } => "model.init".to_owned(),
            Self::TooLarge { path, .. } => path.clone(),
            Self::Penalty { field, .. } => format!("regularize.{field}"),
        }
    }
}
