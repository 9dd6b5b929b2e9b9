//! Numbers as text: the shortest form that reads back to the same bits; `inf`, `-inf`, `nan`.

use serde::{Serialize, Serializer};

/// A number in a JSON result: non-finite ones become the strings `"inf"`, `"-inf"`, `"nan"`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number(pub f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match not_finite(self.0) {
            Some(word) => serializer.serialize_str(word),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl From<f64> for Number {
    fn from(x: f64) -> Self {
        Self(x)
    }
}

/// The shortest text that reads back to the same bits; `inf`, `-inf`, `nan` otherwise.
#[must_use]
pub fn number_text(x: f64) -> String {
    not_finite(x).map_or_else(|| format!("{x:?}"), str::to_owned)
}

fn not_finite(x: f64) -> Option<&'static str> {
    if x.is_finite() {
        None
    } else if x.is_nan() {
        Some("nan")
    } else if x > 0.0 {
        Some("inf")
    } else {
        Some("-inf")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finite_numbers_read_back_to_the_same_bits() {
        for x in [0.1, -0.0, 1e-300, 5e-324, f64::MAX, 1.0 / 3.0, 86.667_331_712_345_67] {
            assert_eq!(number_text(x).parse::<f64>().unwrap().to_bits(), x.to_bits());
            let json = serde_json::to_string(&Number(x)).unwrap();
            assert_eq!(serde_json::from_str::<f64>(&json).unwrap().to_bits(), x.to_bits());
        }
    }

    #[test]
    fn what_is_not_finite_has_a_word() {
        let json = |x| serde_json::to_string(&Number(x)).unwrap();
        assert_eq!(json(f64::INFINITY), "\"inf\"");
        assert_eq!(json(f64::NEG_INFINITY), "\"-inf\"");
        assert_eq!(json(f64::NAN), "\"nan\"");
        assert_eq!(number_text(f64::NAN), "nan");
    }
}
