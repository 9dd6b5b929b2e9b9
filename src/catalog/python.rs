//! A choice told in Python: the texts of its card with its values filled in.
//!
//! Deliberately not here: which functions a program needs, and in what order ([`crate::export`]).

use super::{Chosen, Duration, Family, Value};

impl<F: Family> Chosen<F> {
    /// `template` with every `{field}` replaced by that field's value as a Python literal, and every
    /// `{field?A=a,B=b}` by the text that a word stands for elsewhere, in quotes. Braces around
    /// anything else are left alone.
    #[must_use]
    pub fn python(&self, template: &str) -> String {
        self.python_by(template, |_, value| python_literal(value))
    }

    /// The same with each value told by `told`, given the field's name.
    #[must_use]
    pub fn python_by(&self, template: &str, told: impl Fn(&str, &Value) -> String) -> String {
        let mut out = String::with_capacity(template.len());
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            out.push_str(&rest[..open]);
            rest = &rest[open..];
            let inside = rest[1..].split_once('}').map(|(inside, _)| inside).unwrap_or_default();
            let (name, words) = match inside.split_once('?') {
                Some((name, words)) => (name, Some(words)),
                None => (inside, None),
            };
            if let Some(value) = self.get(name) {
                out.push_str(&words.map_or_else(|| told(name, value), |w| elsewhere(w, value)));
                rest = &rest[inside.len() + 2..];
            } else {
                out.push('{');
                rest = &rest[1..];
            }
        }
        out.push_str(rest);
        out
    }
}

/// What a word is called elsewhere, in quotes: `words` is `Here=there,Other=another`.
fn elsewhere(words: &str, value: &Value) -> String {
    let here = value.to_string();
    let here = here.trim_matches('"');
    let there = words.split(',').filter_map(|pair| pair.split_once('='));
    let there = there.into_iter().find(|(word, _)| *word == here).map_or(here, |(_, there)| there);
    format!("\"{there}\"")
}

/// The value as Python writes it; a duration is its count.
#[must_use]
pub fn python_literal(value: &Value) -> String {
    match value {
        Value::Number(x) if x.is_nan() => "float(\"nan\")".to_owned(),
        Value::Number(x) if x.is_infinite() => format!("float(\"{x}\")"),
        Value::Flag(true) => "True".to_owned(),
        Value::Flag(false) => "False".to_owned(),
        Value::Duration(Some(Duration::Steps(n) | Duration::Epochs(n))) => n.to_string(),
        Value::Number(_)
        | Value::Integer(_)
        | Value::Text(_)
        | Value::Numbers(_)
        | Value::Rows(_)
        | Value::Duration(None) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Chosen, Entry, Family, Field, Form, Given, Kind};

    #[derive(Debug)]
    struct Rules;

    static ENTRY: Entry = Entry {
        name: "Rule",
        label: "Rule",
        summary: "",
        details: "",
        source: "",
        fields: &[
            Field {
                name: "nesterov",
                label: "",
                meaning: "",
                kind: Kind::Flag,
                default: Given::Flag(true),
                live: false,
            },
            Field {
                name: "mode",
                label: "",
                meaning: "",
                kind: Kind::Word(&["Fading", "Plain"]),
                default: Given::Text("Fading"),
                live: false,
            },
        ],
        form: Form::Named,
        card: None,
    };

    impl Family for Rules {
        const NOUN: &'static str = "rule";
        fn entries() -> &'static [&'static Entry] {
            static TABLE: [&Entry; 1] = [&ENTRY];
            &TABLE
        }
    }

    #[test]
    fn fields_become_python_literals_and_other_braces_stay() {
        let rule = Chosen::<Rules>::of(&ENTRY);
        let text = rule.python("Rule(nesterov={nesterov}, d={}, x={nothing}, {");
        assert_eq!(text, "Rule(nesterov=True, d={}, x={nothing}, {");
        let text = rule.python("f(mode={mode?Plain=p,Fading=exp_range}, {mode?Plain=p}, {no?a=b})");
        assert_eq!(text, "f(mode=\"exp_range\", \"Fading\", {no?a=b})");
    }
}
