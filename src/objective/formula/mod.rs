//! A function of x and y that a person has typed: read, checked, and differentiated exactly.
//!
//! A text becomes tokens ([`lexer`]), tokens become a program in postfix order ([`parser`]), and a
//! program is run on dual numbers ([`dual`]), which carry both partial derivatives beside the value.
//! Invariant: no text can make it panic, hang or overflow the stack (length, depth and stack are
//! limited), and running a program does not allocate.
//!
//! Where a function has no derivative, one is chosen: abs and sign have slope 0 at 0, the slopes of
//! min and max are halved between equal arguments, floor is flat everywhere, and a part that does not
//! depend on a variable adds 0 to its slope even where it is infinitely steep.
//!
//! Deliberately not here: simplification, other variables, and anything a text could define.

mod dual;
mod functions;
mod lexer;
mod parser;
mod program;

use std::ops::Range;

pub(super) use program::Program;

/// The longest formula, in characters.
pub const LONGEST_FORMULA: usize = 1000;

/// A formula that can be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    ops: Vec<program::Op<f64>>,
}

/// What is wrong with a formula, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {}: {message}", .at.start + 1)]
pub struct FormulaError {
    /// Which characters of the formula are meant, counted from 0; at least one, perhaps past its end.
    pub at: Range<usize>,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl FormulaError {
    fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        let at = at.start..at.end.max(at.start + 1);
        Self { at, message: message.into(), hint: None }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, FormulaError> {
        let tokens = lexer::tokens(text)?;
        parser::parse(&tokens).map(|ops| Self { ops })
    }

    /// Value, slope along x and slope along y at (x, y).
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> [f64; 3] {
        Program::new(self).at(x, y)
    }
}

#[cfg(test)]
mod tests;
