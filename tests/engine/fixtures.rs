//! Reading reference numbers from `tests/fixtures`, and comparing with them.
//!
//! Floats are JSON numbers, or strings where they are not finite or written with 17 digits.

use std::path::Path;

use serde_json::Value;

/// The fixture file `name`, parsed.
pub(crate) fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The items of a list.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("a list was expected, not {value}"))
}

/// A number, whether it is written as one or as a string.
pub(crate) fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap_or_else(|e| panic!("{text}: {e}")),
        other => other.as_f64().unwrap_or_else(|| panic!("a number was expected, not {other}")),
    }
}

/// A list of numbers.
pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}

/// A list of whole numbers.
pub(crate) fn integers(value: &Value) -> Vec<usize> {
    list(value).iter().map(|x| x.as_u64().expect("a whole number") as usize).collect()
}

/// A list of rows of numbers, one after the other.
pub(crate) fn flat(value: &Value) -> Vec<f64> {
    list(value).iter().flat_map(numbers).collect()
}

/// Both lists hold the same bits.
#[track_caller]
pub(crate) fn assert_same_bits(ours: &[f64], theirs: &[f64], what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}: length");
    for (index, (a, b)) in ours.iter().zip(theirs).enumerate() {
        assert_eq!(a.to_bits(), b.to_bits(), "{what}: entry {index} is {a:?}, expected {b:?}");
    }
}

/// max |a − b| / max(1, max |b|) is at most `tolerance`.
#[track_caller]
pub(crate) fn assert_close(ours: &[f64], theirs: &[f64], tolerance: f64, what: &str) {
    assert_eq!(ours.len(), theirs.len(), "{what}: length");
    let size = theirs.iter().fold(1.0, |size: f64, b| size.max(b.abs()));
    for (index, (a, b)) in ours.iter().zip(theirs).enumerate() {
        let error = (a - b).abs() / size;
        assert!(error <= tolerance, "{what}: entry {index} is {a:?}, expected {b:?} ({error:e})");
    }
}
