//! Between what a person types into a field and what stands in the file.
//!
//! [`shown`] writes a value as a field shows it, [`literal`] reads what was typed and gives the value
//! as the file writes it, or a sentence that says what would be understood. Whether the value is
//! *allowed* is not asked here: that is for the experiment's validation.

use std::sync::Arc;

use crate::catalog::{Kind, Value};

/// A number as a field shows it: `0.01`, `1e-8`, `32`.
pub(super) fn number(x: f64) -> String {
    let text = format!("{x:?}");
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// A value as a field shows it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Number(x) => number(*x),
        Value::Text(text) => text.as_ref().to_owned(),
        Value::Numbers(numbers) => {
            numbers.iter().map(|x| number(*x)).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// What was typed for a value of `kind`, as the file writes it.
///
/// # Errors
/// A sentence on what would be understood.
pub(super) fn literal(kind: &Kind, typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    match kind {
        Kind::Number(..) => parse_number(typed).map(|x| format!("{x:?}")),
        Kind::Integer { .. } => parse_whole(typed).map(|n| n.to_string()),
        Kind::Flag => match typed {
            "true" | "false" => Ok(typed.to_owned()),
            _ => Err("Write true or false.".to_owned()),
        },
        Kind::Text => Ok(format!("{typed:?}")),
        Kind::Word(words) if words.contains(&typed) => Ok(typed.to_owned()),
        Kind::Word(words) => Err(format!("Write one of {}.", words.join(", "))),
        Kind::Numbers => numbers(typed),
        Kind::Rows | Kind::Targets => rows(typed),
        Kind::Duration => match typed {
            "None" => Ok(typed.to_owned()),
            _ => ron::from_str::<crate::catalog::Duration>(typed)
                .map(|duration| format!("{duration:?}"))
                .map_err(|_unread| format!("Write {}.", Kind::Duration.allowed())),
        },
    }
}

/// A finite number; `25 %` is 0.25.
///
/// # Errors
/// A sentence on what would be understood.
pub(super) fn parse_number(typed: &str) -> Result<f64, String> {
    let (body, share) = match typed.strip_suffix('%') {
        Some(body) => (body.trim(), 0.01),
        None => (typed, 1.0),
    };
    if body.is_empty() {
        return Err("Write a number, such as 0.01.".to_owned());
    }
    match body.parse::<f64>() {
        Ok(x) if x.is_finite() && share == 1.0 => Ok(x),
        Ok(x) if x.is_finite() => Ok(x / 100.0),
        Ok(_) => Err("The number must be finite.".to_owned()),
        Err(_) if body.contains(',') => {
            Err(format!("Write a point, not a comma: {}", body.replace(',', ".")))
        }
        Err(_) => Err(format!("“{body}” is no number; write one such as 0.01 or 1e-3.")),
    }
}

/// A whole number of at least 0; spaces and underscores between digits are allowed.
///
/// # Errors
/// A sentence on what would be understood.
pub(super) fn parse_whole(typed: &str) -> Result<u64, String> {
    let plain: String = typed.chars().filter(|c| !matches!(c, ' ' | '_' | '\u{202f}')).collect();
    if plain.is_empty() {
        return Err("Write a whole number, such as 32.".to_owned());
    }
    if let Ok(n) = plain.parse::<u64>() {
        return Ok(n);
    }
    match plain.parse::<f64>() {
        Ok(x) if x < 0.0 => Err("The number must not be negative.".to_owned()),
        Ok(x) if x.fract() == 0.0 && x < 1e15 => Ok(x as u64),
        Ok(x) if x.is_finite() && x < 1e15 => Err("The number must be whole.".to_owned()),
        _ => Err(format!("“{typed}” is no whole number; write one such as 32.")),
    }
}

fn numbers(typed: &str) -> Result<String, String> {
    let body = typed.trim_start_matches('[').trim_end_matches(']').trim();
    let body = body.trim_end_matches(',');
    let items = body.split(',').map(str::trim).filter(|_| !body.is_empty());
    let parsed: Result<Vec<f64>, String> = items.map(parse_number).collect();
    parsed.map(|numbers| format!("{numbers:?}"))
}

fn rows(typed: &str) -> Result<String, String> {
    let plain = ron::from_str::<Vec<f64>>(typed).is_ok();
    if plain || ron::from_str::<Vec<Vec<f64>>>(typed).is_ok() {
        Ok(typed.to_owned())
    } else {
        Err("Write rows in brackets: [[1.0, 2.0], [3.0, 4.0]].".to_owned())
    }
}

/// Rows as they are typed: a row of one is its number.
pub(super) fn rows_text(rows: &Arc<[Vec<f64>]>, flat: bool) -> String {
    let row = |row: &Vec<f64>| {
        let items: Vec<String> = row.iter().map(|x| number(*x)).collect();
        if flat && items.len() == 1 { items.concat() } else { format!("[{}]", items.join(", ")) }
    };
    format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Interval, Scale};

    const NUMBER: Kind = Kind::Number(Interval::FINITE, Scale::Linear(0.0, 1.0));
    const WHOLE: Kind = Kind::Integer { min: 1, max: 10, scale: Scale::Linear(1.0, 10.0) };

    #[test]
    fn what_is_typed_becomes_what_the_file_writes() {
        assert_eq!(literal(&NUMBER, " 1 ").as_deref(), Ok("1.0"));
        assert_eq!(literal(&NUMBER, "25 %").as_deref(), Ok("0.25"));
        assert_eq!(literal(&NUMBER, "1e-3").as_deref(), Ok("0.001"));
        assert_eq!(literal(&WHOLE, "10 000").as_deref(), Ok("10000"));
        assert_eq!(literal(&WHOLE, "1e4").as_deref(), Ok("10000"));
        assert_eq!(literal(&Kind::Text, "a \"b\"").as_deref(), Ok("\"a \\\"b\\\"\""));
        assert_eq!(literal(&Kind::Numbers, "1, 2.5").as_deref(), Ok("[1.0, 2.5]"));
        assert_eq!(literal(&Kind::Targets, "[0, 1]").as_deref(), Ok("[0, 1]"));
    }

    #[test]
    fn what_cannot_be_read_says_what_would_be() {
        assert_eq!(literal(&NUMBER, "0,01"), Err("Write a point, not a comma: 0.01".to_owned()));
        assert!(literal(&NUMBER, "fast").is_err_and(|why| why.contains("“fast” is no number")));
        assert_eq!(literal(&NUMBER, "inf"), Err("The number must be finite.".to_owned()));
        assert_eq!(literal(&WHOLE, "-3"), Err("The number must not be negative.".to_owned()));
        assert_eq!(literal(&WHOLE, "2.5"), Err("The number must be whole.".to_owned()));
        assert!(literal(&Kind::Rows, "1, 2").is_err());
    }
}
