//! Reading a choice from the file, driven by its table.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::{Chosen, Duration, Entry, Family, Field, Form, Kind, Value, suggestion};

impl<'de, F: Family> Deserialize<'de> for Chosen<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum(F::NOUN, &[], ChoiceVisitor(PhantomData))
    }
}

struct ChoiceVisitor<F>(PhantomData<fn() -> F>);

impl<'de, F: Family> Visitor<'de> for ChoiceVisitor<F> {
    type Value = Chosen<F>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of {}", with_article(F::NOUN))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        let (entry, variant) = access.variant_seed(EntrySeed::<F>(PhantomData))?;
        match (entry.form, entry.fields) {
            (_, []) => {
                variant.unit_variant()?;
                Ok(Chosen::of(entry))
            }
            (Form::Positional, [field]) => {
                let value = variant.newtype_variant_seed(ValueSeed(field.kind))?;
                Ok(Chosen::from_parts(entry, vec![value]))
            }
            (_, _) => {
                let values = variant.struct_variant(&[], FieldsVisitor(entry))?;
                Ok(Chosen::from_parts(entry, values))
            }
        }
    }
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

struct EntrySeed<F>(PhantomData<fn() -> F>);

impl<'de, F: Family> DeserializeSeed<'de> for EntrySeed<F> {
    type Value = &'static Entry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<F: Family> Visitor<'_> for EntrySeed<F> {
    type Value = &'static Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of {}", with_article(F::NOUN))
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Self::Value, E> {
        if let Some(entry) = F::find(name) {
            return Ok(entry);
        }
        let names = F::entries().iter().map(|e| e.name);
        if F::planned().contains(&name) {
            let names = names.collect::<Vec<_>>().join(", ");
            return Err(E::custom(format!(
                "the {} `{name}` is not yet supported; available are {names}",
                F::NOUN
            )));
        }
        let hint = suggestion(name, names);
        Err(E::custom(format!("there is no {} called `{name}`: {hint}", F::NOUN)))
    }
}

struct FieldsVisitor(&'static Entry);

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Vec<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fields of {} in parentheses", self.0.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values: Vec<Option<Value>> = vec![None; self.0.fields.len()];
        while let Some(index) = map.next_key_seed(FieldSeed(self.0))? {
            let field = &self.0.fields[index];
            if values[index].is_some() {
                return Err(de::Error::duplicate_field(field.name));
            }
            values[index] = Some(map.next_value_seed(ValueSeed(field.kind))?);
        }
        let filled = self.0.fields.iter().zip(values);
        filled.map(|(field, value)| fill(self.0, field, value)).collect()
    }
}

fn fill<E: de::Error>(entry: &Entry, field: &Field, value: Option<Value>) -> Result<Value, E> {
    value.or_else(|| Value::from_given(field.default)).ok_or_else(|| {
        E::custom(format!(
            "{} needs its field `{}`: {}",
            entry.name,
            field.name,
            field.kind.allowed()
        ))
    })
}

struct FieldSeed(&'static Entry);

impl<'de> DeserializeSeed<'de> for FieldSeed {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for FieldSeed {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a field of {}", self.0.name)
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<usize, E> {
        self.0.index_of(name).ok_or_else(|| {
            let hint = suggestion(name, self.0.fields.iter().map(|f| f.name));
            E::custom(format!("{} has no field `{name}`: {hint}", self.0.name))
        })
    }
}

/// Reads one value of a kind.
#[derive(Clone, Copy)]
struct ValueSeed(Kind);

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Ok(match self.0 {
            Kind::Number(..) => Value::Number(f64::deserialize(deserializer)?),
            Kind::Integer { .. } => Value::Integer(u64::deserialize(deserializer)?),
            Kind::Flag => Value::Flag(bool::deserialize(deserializer)?),
            Kind::Text => Value::Text(String::deserialize(deserializer)?.into()),
            Kind::Word(words) => {
                deserializer.deserialize_enum("word", words, WordVisitor(words))?
            }
            Kind::Numbers => Value::Numbers(Vec::<f64>::deserialize(deserializer)?.into()),
            Kind::Rows => Value::Rows(Vec::<Vec<f64>>::deserialize(deserializer)?.into()),
            Kind::Targets => {
                let rows = Vec::<TargetRow>::deserialize(deserializer)?;
                Value::Rows(rows.into_iter().map(|row| row.0).collect())
            }
            Kind::Duration => Value::Duration(Option::<Duration>::deserialize(deserializer)?),
        })
    }
}

struct WordVisitor(&'static [&'static str]);

impl<'de> Visitor<'de> for WordVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "one of {}", self.0.join(", "))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (word, variant) = access.variant::<Identifier>()?;
        variant.unit_variant()?;
        if self.0.contains(&&*word.0) {
            return Ok(Value::Text(word.0.into()));
        }
        let hint = suggestion(&word.0, self.0.iter().copied());
        Err(de::Error::custom(format!("`{}` is not one of its words: {hint}", word.0)))
    }
}

struct Identifier(String);

impl<'de> Deserialize<'de> for Identifier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl Visitor<'_> for Word {
            type Value = Identifier;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word")
            }
            fn visit_str<E: de::Error>(self, word: &str) -> Result<Identifier, E> {
                Ok(Identifier(word.to_owned()))
            }
        }
        deserializer.deserialize_identifier(Word)
    }
}

/// A target: one number, or a row of them.
struct TargetRow(Vec<f64>);

impl<'de> Deserialize<'de> for TargetRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TargetVisitor)
    }
}

struct TargetVisitor;

impl<'de> Visitor<'de> for TargetVisitor {
    type Value = TargetRow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a row of numbers")
    }

    fn visit_f64<E: de::Error>(self, x: f64) -> Result<TargetRow, E> {
        Ok(TargetRow(vec![x]))
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<TargetRow, E> {
        Ok(TargetRow(vec![n as f64]))
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<TargetRow, E> {
        Ok(TargetRow(vec![n as f64]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<TargetRow, A::Error> {
        let mut row = Vec::new();
        while let Some(x) = seq.next_element()? {
            row.push(x);
        }
        Ok(TargetRow(row))
    }
}

/// Reads a whole number, or the one word that may stand in its place (`None`).
///
/// # Errors
/// If it is neither.
pub fn count_or_word<'de, D: Deserializer<'de>>(
    deserializer: D,
    word: &str,
) -> Result<Option<u64>, D::Error> {
    let raw = Box::<ron::value::RawValue>::deserialize(deserializer)?;
    let text = raw.trim().get_ron();
    if text == word {
        return Ok(None);
    }
    ron::from_str::<u64>(text).map(Some).map_err(|_not_a_count| {
        de::Error::custom(format!("expected a whole number or `{word}`, found `{text}`"))
    })
}
