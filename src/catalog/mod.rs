//! What can be chosen by name, and the numbers each choice has.
//!
//! An [`Entry`] describes one choice (an optimizer, a schedule, a data source, a surface …) as a row
//! of data: its name in the file, its [`Field`]s with range, default and meaning, its source. A
//! [`Family`] is a table of entries; a [`Chosen`] is an entry with values filled in. Reading and
//! writing the file, validation, `--set`, `downhill list`, the panels and the parity tests all walk
//! these tables, so that a new choice is one new file and one new row.
//!
//! Invariant: a [`Chosen`] always holds exactly one value of the right kind per field of its entry.
//! Whether the values lie in range is asked for with [`Chosen::problems`]; reading never hides a
//! value that is out of range.
//!
//! Deliberately not here: what any choice *does*. That stands in the floor that owns the family.

mod chosen;
mod field;
mod python;
mod read;
mod suggest;
mod write;

pub use chosen::{Chosen, FieldProblem, SetError};
pub use field::{Card, Duration, Entry, Field, Form, Given, Interval, Kind, Scale, Value};
pub use python::python_literal;
pub use read::count_or_word;
pub use suggest::{did_you_mean, suggestion};

/// A table of choices of one sort: all optimizers, all surfaces, …
pub trait Family: std::fmt::Debug + 'static {
    /// What one member is called in a sentence: `"optimizer"`.
    const NOUN: &'static str;
    /// The rows, in the order in which menus and `list` show them.
    fn entries() -> &'static [&'static Entry];
    /// Names the file format knows but this version cannot do yet: each is refused by name.
    fn planned() -> &'static [&'static str] {
        &[]
    }
    /// The row called `name`, if there is one.
    #[must_use]
    fn find(name: &str) -> Option<&'static Entry> {
        Self::entries().iter().copied().find(|e| e.name == name)
    }
}
