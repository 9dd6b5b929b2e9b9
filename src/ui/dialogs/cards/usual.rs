//! A choice as its card shows it: usual values, and an example where a number has none.

use crate::catalog::{Chosen, Duration, Entry, Family, Value};

/// Examples for fields that are required or depend on the run; a rule of its own comes first.
fn example(entry: &str, field: &str) -> Option<Value> {
    let steps = |n| Some(Value::Duration(Some(Duration::Steps(n))));
    match (entry, field) {
        ("Exponential", "every") => steps(1),
        (_, "length") => steps(1000),
        (_, "every") => steps(333),
        (_, "first" | "warm_up") => steps(100),
        (_, "up" | "down") => steps(125),
        ("MultiStep", "at") => Some(Value::Numbers([500.0, 750.0].into())),
        ("Uniform", "low") => Some(Value::Number(-0.1)),
        ("Uniform", "high") | (_, "std") => Some(Value::Number(0.1)),
        ("Norm" | "Value", "limit") => Some(Value::Number(1.0)),
        _ => None,
    }
}

/// The choice with usual values, and examples where there are none.
pub(super) fn usual<F: Family>(entry: &'static Entry) -> Chosen<F> {
    let mut chosen = Chosen::<F>::of(entry);
    for field in entry.fields {
        let has_value = Value::from_given(field.default).is_some_and(|value| {
            value != Value::Duration(None) && value != Value::Numbers([].into())
        });
        if let Some(value) = example(entry.name, field.name).filter(|_| !has_value) {
            // A field of another kind under one of these names keeps what it has.
            let _kept = chosen.set(field.name, value);
        }
    }
    chosen
}
