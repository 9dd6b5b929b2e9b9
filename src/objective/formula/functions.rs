//! The table of functions a formula may call, by name.
//!
//! Not here: their values and slopes ([`super::dual`]).

/// A function of one or two arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Exp,
    Log,
    Log2,
    Log10,
    Sqrt,
    Abs,
    Sign,
    Floor,
    Min,
    Max,
    Pow,
    Atan2,
}

impl Function {
    /// How many arguments it takes.
    pub(super) fn arguments(self) -> usize {
        if matches!(self, Self::Min | Self::Max | Self::Pow | Self::Atan2) { 2 } else { 1 }
    }
}

/// Names and what they call. `log` is the natural logarithm, as in NumPy.
pub(super) const FUNCTIONS: [(&str, Function); 22] = [
    ("sin", Function::Sin),
    ("cos", Function::Cos),
    ("tan", Function::Tan),
    ("asin", Function::Asin),
    ("acos", Function::Acos),
    ("atan", Function::Atan),
    ("sinh", Function::Sinh),
    ("cosh", Function::Cosh),
    ("tanh", Function::Tanh),
    ("exp", Function::Exp),
    ("log", Function::Log),
    ("ln", Function::Log),
    ("log2", Function::Log2),
    ("log10", Function::Log10),
    ("sqrt", Function::Sqrt),
    ("abs", Function::Abs),
    ("sign", Function::Sign),
    ("floor", Function::Floor),
    ("min", Function::Min),
    ("max", Function::Max),
    ("pow", Function::Pow),
    ("atan2", Function::Atan2),
];

/// The numbers with a name.
pub(super) const CONSTANTS: [(&str, f64); 2] =
    [("pi", std::f64::consts::PI), ("e", std::f64::consts::E)];

/// The function of that name.
pub(super) fn function(name: &str) -> Option<Function> {
    FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
}
