//! A choice with its values: reading, changing and checking them by field name.

use std::fmt;
use std::marker::PhantomData;

use super::{Entry, Family, Field, Kind, Value};

/// An entry of the family `F` with a value for each of its fields.
pub struct Chosen<F: Family> {
    entry: &'static Entry,
    values: Vec<Value>,
    family: PhantomData<fn() -> F>,
}

/// A value that its field does not allow.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldProblem {
    /// The field's name in the file.
    pub field: &'static str,
    /// The value as written.
    pub found: String,
    /// What is allowed, as the end of "takes".
    pub allowed: String,
}

/// Why [`Chosen::set`] refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SetError {
    /// The entry has no such field.
    #[error("{entry} has no field `{field}`: {hint}")]
    NoSuchField {
        /// The entry's name.
        entry: &'static str,
        /// The name asked for.
        field: String,
        /// A suggestion.
        hint: String,
    },
    /// The value is of another kind, or out of range.
    #[error("`{field}` of {entry} takes {allowed}, not {found}")]
    NotAllowed {
        /// The entry's name.
        entry: &'static str,
        /// The field's name.
        field: &'static str,
        /// What is allowed.
        allowed: String,
        /// The value as written.
        found: String,
    },
}

impl<F: Family> Chosen<F> {
    /// The entry called `name` with all defaults; required fields start empty (0, "", no rows).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        F::find(name).map(Self::of)
    }

    /// An entry of this family with all defaults; required fields start empty.
    #[must_use]
    pub fn of(entry: &'static Entry) -> Self {
        let values = entry.fields.iter().map(default_or_empty).collect();
        Self::from_parts(entry, values)
    }

    pub(super) fn from_parts(entry: &'static Entry, values: Vec<Value>) -> Self {
        debug_assert_eq!(entry.fields.len(), values.len(), "one value a field");
        Self { entry, values, family: PhantomData }
    }

    /// The same choice with one field changed; for building choices in code and tests.
    ///
    /// # Panics
    /// If the entry has no such field or the value is of another kind.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        let index = self.entry.index_of(field);
        let index = index.unwrap_or_else(|| panic!("{} has no field {field}", self.entry.name));
        assert!(is_of_kind(&value, &self.entry.fields[index].kind), "{field}: wrong kind {value}");
        self.values[index] = value;
        self
    }

    /// The row of the table.
    #[must_use]
    pub fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// The name in the file: `"Adam"`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.entry.name
    }

    /// The values, one a field, in the fields' order.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The fields with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Field, &Value)> {
        self.entry.fields.iter().zip(&self.values)
    }

    /// The value of a field; `None` if the entry has no such field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.entry.index_of(field).map(|i| &self.values[i])
    }

    /// A numeric field's value (flags as 0 and 1); 0 if the entry has no such field.
    #[must_use]
    pub fn number(&self, field: &str) -> f64 {
        self.get(field).and_then(Value::as_number).unwrap_or(0.0)
    }

    /// A whole-number field's value; 0 if the entry has no such field.
    #[must_use]
    pub fn integer(&self, field: &str) -> u64 {
        match self.get(field) {
            Some(Value::Integer(n)) => *n,
            _ => 0,
        }
    }

    /// A flag's value; false if the entry has no such field.
    #[must_use]
    pub fn flag(&self, field: &str) -> bool {
        matches!(self.get(field), Some(Value::Flag(true)))
    }

    /// A text's or word's value; empty if the entry has no such field.
    #[must_use]
    pub fn text(&self, field: &str) -> &str {
        match self.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// All values as a knob vector, in field order; fields that are no number are 0.
    #[must_use]
    pub fn knobs(&self) -> Vec<f64> {
        self.values.iter().map(|v| v.as_number().unwrap_or(0.0)).collect()
    }

    /// Sets a field by name. A whole number is taken for a number field.
    ///
    /// # Errors
    /// If there is no such field, or its kind or range does not allow the value.
    pub fn set(&mut self, field: &str, value: Value) -> Result<(), SetError> {
        let Some(index) = self.entry.index_of(field) else {
            return Err(SetError::NoSuchField {
                entry: self.entry.name,
                field: field.to_owned(),
                hint: super::suggestion(field, self.entry.fields.iter().map(|f| f.name)),
            });
        };
        let declared = &self.entry.fields[index];
        let value = coerce(value, &declared.kind);
        if !is_allowed(&value, &declared.kind) {
            return Err(SetError::NotAllowed {
                entry: self.entry.name,
                field: declared.name,
                allowed: declared.kind.allowed(),
                found: value.to_string(),
            });
        }
        self.values[index] = value;
        Ok(())
    }

    /// Every value that its field does not allow.
    #[must_use]
    pub fn problems(&self) -> Vec<FieldProblem> {
        self.iter()
            .filter(|(field, value)| !is_allowed(value, &field.kind))
            .map(|(field, value)| FieldProblem {
                field: field.name,
                found: value.to_string(),
                allowed: field.kind.allowed(),
            })
            .collect()
    }
}

fn default_or_empty(field: &Field) -> Value {
    Value::from_given(field.default).unwrap_or_else(|| match field.kind {
        Kind::Number(..) => Value::Number(0.0),
        Kind::Integer { min, .. } => Value::Integer(min),
        Kind::Flag => Value::Flag(false),
        Kind::Text => Value::Text("".into()),
        Kind::Word(words) => Value::Text(words.first().copied().unwrap_or("").into()),
        Kind::Numbers => Value::Numbers(Vec::new().into()),
        Kind::Rows | Kind::Targets => Value::Rows(Vec::new().into()),
        Kind::Duration => Value::Duration(None),
    })
}

fn coerce(value: Value, kind: &Kind) -> Value {
    match (value, kind) {
        (Value::Integer(n), Kind::Number(..)) => Value::Number(n as f64),
        (Value::Number(x), Kind::Integer { .. })
            if x >= 0.0 && x < 2f64.powi(53) && x.fract() == 0.0 =>
        {
            Value::Integer(x as u64)
        }
        (Value::Number(x), Kind::Flag) if x == 0.0 || x == 1.0 => Value::Flag(x == 1.0),
        (value, _) => value,
    }
}

fn is_of_kind(value: &Value, kind: &Kind) -> bool {
    matches!(
        (value, kind),
        (Value::Number(_), Kind::Number(..))
            | (Value::Integer(_), Kind::Integer { .. })
            | (Value::Flag(_), Kind::Flag)
            | (Value::Text(_), Kind::Text | Kind::Word(_))
            | (Value::Numbers(_), Kind::Numbers)
            | (Value::Rows(_), Kind::Rows | Kind::Targets)
            | (Value::Duration(_), Kind::Duration)
    )
}

fn is_allowed(value: &Value, kind: &Kind) -> bool {
    match (value, kind) {
        (Value::Number(x), Kind::Number(interval, _)) => interval.contains(*x),
        (Value::Integer(n), Kind::Integer { min, max, .. }) => (min..=max).contains(&n),
        (Value::Text(word), Kind::Word(words)) => words.contains(&&**word),
        (Value::Numbers(x), Kind::Numbers) => x.iter().all(|x| x.is_finite()),
        (Value::Rows(rows), Kind::Rows | Kind::Targets) => {
            let width = rows.first().map_or(0, Vec::len);
            rows.iter().all(|r| r.len() == width && r.iter().all(|x| x.is_finite()))
        }
        (value, kind) => is_of_kind(value, kind),
    }
}

// By hand, because derives would ask `F: Clone` and so on of a type that is only a name.
impl<F: Family> Clone for Chosen<F> {
    fn clone(&self) -> Self {
        Self::from_parts(self.entry, self.values.clone())
    }
}

impl<F: Family> PartialEq for Chosen<F> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.entry, other.entry) && self.values == other.values
    }
}

#[expect(clippy::missing_fields_in_debug, reason = "the family is only a name")]
impl<F: Family> fmt::Debug for Chosen<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct(self.entry.name);
        for (field, value) in self.iter() {
            out.field(field.name, value);
        }
        out.finish()
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        Self::Number(x)
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Self {
        Self::Integer(n)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Flag(b)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<Vec<f64>> for Value {
    fn from(numbers: Vec<f64>) -> Self {
        Self::Numbers(numbers.into())
    }
}

impl From<Vec<Vec<f64>>> for Value {
    fn from(rows: Vec<Vec<f64>>) -> Self {
        Self::Rows(rows.into())
    }
}

impl From<Option<super::Duration>> for Value {
    fn from(duration: Option<super::Duration>) -> Self {
        Self::Duration(duration)
    }
}
