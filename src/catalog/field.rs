//! The vocabulary of a table row: entries, fields, kinds of value, ranges.
//!
//! Everything here is plain `const`-constructible data, so that tables are `static` items that read
//! like tables. Not here: reading, writing, checking.

use std::fmt;
use std::sync::Arc;

/// One choice in a [`Family`](super::Family): a row of its table.
#[derive(Debug)]
pub struct Entry {
    /// The name in the file and on the command line: `"Sgd"`.
    pub name: &'static str,
    /// The name on screen: `"SGD"`.
    pub label: &'static str,
    /// One sentence: what it is.
    pub summary: &'static str,
    /// A few sentences for its card: the rule, when it helps, how libraries differ. May be empty.
    pub details: &'static str,
    /// Where it comes from: paper, library, page.
    pub source: &'static str,
    /// Its fields in the order they are written.
    pub fields: &'static [Field],
    /// Whether fields are written with their names.
    pub form: Form,
    /// What its card tells beside all this; none where there is nothing more to tell.
    pub card: Option<&'static Card>,
}

/// The part of an [`Entry`] that teaches: its rule as equations, when to take it and when not, what
/// other libraries do otherwise, and the same thing in Python.
///
/// In the two Python texts `{beta1}` stands for the value of the field `beta1`, as a Python literal;
/// [`Chosen::python`](super::Chosen::python) fills them. Any other brace is left as it is.
#[derive(Debug)]
pub struct Card {
    /// The rule, one formula a line, in plain characters: `m ← β1·m + (1 − β1)·g`.
    pub equation: &'static str,
    /// When it shines.
    pub shines: &'static str,
    /// When it hurts.
    pub hurts: &'static str,
    /// How PyTorch, Keras, optax and the paper differ from each other, and which of them this is.
    pub differs: &'static str,
    /// The call that makes the same thing elsewhere, `torch.optim.SGD(params, lr={learning_rate})`;
    /// optax's or plain NumPy's where PyTorch has none.
    pub call: &'static str,
    /// The rule as NumPy functions, whose names and arguments are those of the family.
    pub numpy: &'static str,
}

impl Entry {
    /// The position of the field called `name`.
    #[must_use]
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|f| f.name == name)
    }

    /// The field called `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

/// How an entry's fields are written in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `Adam(learning_rate: 0.05)`; an entry without fields is written bare, `CrossEntropy`.
    Named,
    /// One field, written without its name: `Norm(1.0)`.
    Positional,
}

/// One named, ranged, documented value of an entry. A numeric field of an optimizer, schedule or
/// treatment is a *knob*.
#[derive(Debug)]
pub struct Field {
    /// The name in the file: `"learning_rate"`.
    pub name: &'static str,
    /// The name on screen: `"Learning rate"`.
    pub label: &'static str,
    /// What it does, and what too small and too large do, in a sentence or two.
    pub meaning: &'static str,
    /// What sort of value it takes, and in which range.
    pub kind: Kind,
    /// The value when the file leaves it out; [`Given::Nothing`] makes it required.
    pub default: Given,
    /// Whether it can be changed while a lane runs.
    pub live: bool,
}

/// The sort of value a field takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A finite number in the interval.
    Number(Interval, Scale),
    /// A whole number from `min` to `max`, both allowed.
    Integer {
        /// The least allowed value.
        min: u64,
        /// The greatest allowed value.
        max: u64,
        /// How a slider spreads it.
        scale: Scale,
    },
    /// `true` or `false`.
    Flag,
    /// Text in quotes.
    Text,
    /// One of the words, written bare.
    Word(&'static [&'static str]),
    /// A list of finite numbers.
    Numbers,
    /// A list of rows of finite numbers, all of one length.
    Rows,
    /// A list of numbers, or of rows of numbers: read as rows either way.
    Targets,
    /// `Steps(n)`, `Epochs(n)` or `None`.
    Duration,
}

impl Kind {
    /// What is allowed, as the end of "… takes".
    #[must_use]
    pub fn allowed(&self) -> String {
        match self {
            Self::Number(interval, _) => format!("a number {interval}"),
            Self::Integer { min, max, .. } if *max == u64::MAX => {
                format!("a whole number of at least {min}")
            }
            Self::Integer { min, max, .. } => format!("a whole number from {min} to {max}"),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Text => "text in double quotes".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Numbers => "a list of finite numbers, `[1.0, 2.0]`".to_owned(),
            Self::Rows => "a list of rows of numbers, `[[1.0, 2.0], [3.0, 4.0]]`".to_owned(),
            Self::Targets => "a list of numbers, or of rows of numbers".to_owned(),
            Self::Duration => "`Steps(n)`, `Epochs(n)` or `None`".to_owned(),
        }
    }
}

/// How a slider spreads its values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// Evenly between the two ends.
    Linear(f64, f64),
    /// Evenly in the logarithm between the two ends, both above zero; zero, where it is allowed,
    /// sits at the left end.
    Log(f64, f64),
    /// As momentum is thought of, evenly in log(1 − x): 0, 0.9, 0.99, 0.999 lie apart. The ends are
    /// 0 and the given value below 1.
    OneMinus(f64),
}

/// The numbers a field allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end; infinity for none.
    pub high: f64,
    /// Whether the lower end itself is refused.
    pub low_open: bool,
    /// Whether the upper end itself is refused.
    pub high_open: bool,
}

impl Interval {
    /// Any finite number.
    pub const FINITE: Self =
        Self { low: f64::NEG_INFINITY, high: f64::INFINITY, low_open: true, high_open: true };
    /// Zero or more.
    pub const NOT_NEGATIVE: Self = Self::at_least(0.0);
    /// More than zero.
    pub const POSITIVE: Self =
        Self { low: 0.0, high: f64::INFINITY, low_open: true, high_open: true };
    /// From 0 up to, but not including, 1.
    pub const BELOW_ONE: Self = Self { low: 0.0, high: 1.0, low_open: false, high_open: true };
    /// From 0 to 1, both allowed.
    pub const UNIT: Self = Self::closed(0.0, 1.0);

    /// From `low` to `high`, both allowed.
    #[must_use]
    pub const fn closed(low: f64, high: f64) -> Self {
        Self { low, high, low_open: false, high_open: false }
    }

    /// `low` or more.
    #[must_use]
    pub const fn at_least(low: f64) -> Self {
        Self { low, high: f64::INFINITY, low_open: false, high_open: true }
    }

    /// Between `low` and `high`, neither allowed.
    #[must_use]
    pub const fn open(low: f64, high: f64) -> Self {
        Self { low, high, low_open: true, high_open: true }
    }

    /// Whether `x` is finite and inside.
    #[must_use]
    pub fn contains(&self, x: f64) -> bool {
        let above = if self.low_open { x > self.low } else { x >= self.low };
        let below = if self.high_open { x < self.high } else { x <= self.high };
        x.is_finite() && above && below
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let low = match (self.low.is_finite(), self.low_open) {
            (false, _) => None,
            (true, true) => Some(format!("above {}", self.low)),
            (true, false) => Some(format!("of at least {}", self.low)),
        };
        let high = match (self.high.is_finite(), self.high_open) {
            (false, _) => None,
            (true, true) => Some(format!("below {}", self.high)),
            (true, false) => Some(format!("at most {}", self.high)),
        };
        match (low, high) {
            (None, None) => f.write_str("that is finite"),
            (Some(one), None) | (None, Some(one)) => f.write_str(&one),
            (Some(low), Some(high)) => write!(f, "{low} and {high}"),
        }
    }
}

/// A length of training, counted in updates or in passes over the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Duration {
    /// So many parameter updates.
    Steps(u64),
    /// So many passes over the training rows.
    Epochs(u64),
}

/// A default, in a form a `static` table can hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Given {
    /// No default: the file must say it.
    Nothing,
    /// A number.
    Number(f64),
    /// A whole number.
    Integer(u64),
    /// A flag.
    Flag(bool),
    /// A text or a bare word.
    Text(&'static str),
    /// A list of numbers.
    Numbers(&'static [f64]),
    /// No duration.
    NoDuration,
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a [`Kind::Number`] field.
    Number(f64),
    /// Of a [`Kind::Integer`] field.
    Integer(u64),
    /// Of a [`Kind::Flag`] field.
    Flag(bool),
    /// Of a [`Kind::Text`] or [`Kind::Word`] field.
    Text(Arc<str>),
    /// Of a [`Kind::Numbers`] field.
    Numbers(Arc<[f64]>),
    /// Of a [`Kind::Rows`] or [`Kind::Targets`] field. Plain numbers are rows of one.
    Rows(Arc<[Vec<f64>]>),
    /// Of a [`Kind::Duration`] field.
    Duration(Option<Duration>),
}

impl Value {
    /// The value a default stands for; `None` for a required field.
    #[must_use]
    pub fn from_given(given: Given) -> Option<Self> {
        Some(match given {
            Given::Nothing => return None,
            Given::Number(x) => Self::Number(x),
            Given::Integer(n) => Self::Integer(n),
            Given::Flag(b) => Self::Flag(b),
            Given::Text(t) => Self::Text(t.into()),
            Given::Numbers(x) => Self::Numbers(x.into()),
            Given::NoDuration => Self::Duration(None),
        })
    }

    /// The value as a knob's number: flags are 0 and 1. `None` for texts, lists and durations.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(x) => Some(*x),
            Self::Integer(n) => Some(*n as f64),
            Self::Flag(b) => Some(f64::from(u8::from(*b))),
            Self::Text(_) | Self::Numbers(_) | Self::Rows(_) | Self::Duration(_) => None,
        }
    }
}

impl fmt::Display for Value {
    /// As it is written in the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(x) => write!(f, "{x:?}"),
            Self::Integer(n) => write!(f, "{n}"),
            Self::Flag(b) => write!(f, "{b}"),
            Self::Text(t) => write!(f, "{t:?}"),
            Self::Numbers(x) => write!(f, "{x:?}"),
            Self::Rows(rows) => write!(f, "{rows:?}"),
            Self::Duration(None) => f.write_str("None"),
            Self::Duration(Some(d)) => write!(f, "{d:?}"),
        }
    }
}
