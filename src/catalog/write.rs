//! Writing a choice to the file: its name, its first field, and the fields that differ from their
//! defaults, so that a file stays as short as a person would write it.

use serde::ser::{Serialize, SerializeStructVariant, Serializer};

use super::{Chosen, Family, Field, Form, Kind, Value};

/// The type's name for serde: `ron` asks it to be an identifier, and does not write it.
const NAME: &str = "Chosen";

impl<F: Family> Serialize for Chosen<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entry = self.entry();
        if entry.fields.is_empty() {
            return serializer.serialize_unit_variant(NAME, 0, entry.name);
        }
        if entry.form == Form::Positional {
            let written = Written { value: &self.values()[0], kind: &entry.fields[0].kind };
            return serializer.serialize_newtype_variant(NAME, 0, entry.name, &written);
        }
        let shown: Vec<_> =
            self.iter().enumerate().filter(|(i, fv)| *i == 0 || differs(*fv)).collect();
        let mut out = serializer.serialize_struct_variant(NAME, 0, entry.name, shown.len())?;
        for (_, (field, value)) in shown {
            out.serialize_field(field.name, &Written { value, kind: &field.kind })?;
        }
        out.end()
    }
}

fn differs((field, value): (&Field, &Value)) -> bool {
    Value::from_given(field.default).as_ref() != Some(value)
}

struct Written<'a> {
    value: &'a Value,
    kind: &'a Kind,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Number(x) => serializer.serialize_f64(*x),
            Value::Integer(n) => serializer.serialize_u64(*n),
            Value::Flag(b) => serializer.serialize_bool(*b),
            Value::Text(text) => match self.kind {
                Kind::Word(words) => {
                    let word = words.iter().find(|w| ***w == **text).copied().unwrap_or("");
                    serializer.serialize_unit_variant("word", 0, word)
                }
                _ => serializer.serialize_str(text),
            },
            Value::Numbers(x) => x.serialize(serializer),
            Value::Rows(rows)
                if *self.kind == Kind::Targets && rows.iter().all(|r| r.len() == 1) =>
            {
                serializer.collect_seq(rows.iter().map(|r| r[0]))
            }
            Value::Rows(rows) => rows.serialize(serializer),
            Value::Duration(duration) => duration.serialize(serializer),
        }
    }
}
