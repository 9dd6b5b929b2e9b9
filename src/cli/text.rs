//! Text for a terminal: wrapped paragraphs, counts, spans of time.

const WIDTH: usize = 96;

/// The text in lines that fit the terminal, each indented; paragraphs stay apart.
pub(super) fn wrapped(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let longer = line.chars().count() + 1 + word.chars().count();
            if !line.is_empty() && longer > WIDTH - indent {
                lines.push(format!("{margin}{line}"));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(format!("{margin}{line}").trim_end().to_owned());
    }
    lines.join("\n")
}

/// A count with its noun: `1 lane`, `3 lanes`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A count in few digits: `950`, `12.3 k`, `4.56 M`.
pub(super) fn rate(per_second: f64) -> String {
    match per_second {
        x if !x.is_finite() => "–".to_owned(),
        x if x < 1e3 => format!("{x:.0}"),
        x if x < 1e6 => format!("{:.1} k", x / 1e3),
        x => format!("{:.2} M", x / 1e6),
    }
}

/// A number for a table: six digits that count, exponents only where they are needed.
pub(super) fn short_number(x: f64) -> String {
    if x.is_nan() {
        return "nan".to_owned();
    }
    let size = x.abs();
    if x.is_infinite() || x == 0.0 {
        format!("{x}")
    } else if (1e-4..1e6).contains(&size) {
        let digits = (5 - size.log10().floor() as i32).clamp(0, 9) as usize;
        format!("{x:.digits$}")
    } else {
        format!("{x:.4e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_wrapped_and_indented() {
        let text = wrapped(&"word ".repeat(40), 4);
        assert!(text.lines().all(|line| line.starts_with("    w") && line.len() <= WIDTH));
        assert_eq!(wrapped("one\n\ntwo", 2), "  one\n\n  two");
    }

    #[test]
    fn numbers_keep_six_digits() {
        assert_eq!(short_number(86.667_331_7), "86.6673");
        assert_eq!(short_number(0.012_345_678), "0.0123457");
        assert_eq!(short_number(1.5e-9), "1.5000e-9");
        assert_eq!(short_number(f64::NEG_INFINITY), "-inf");
        assert_eq!(rate(12_345.0), "12.3 k");
    }
}
