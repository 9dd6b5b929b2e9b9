//! How numbers are written and read: few digits on a label, every digit in a field.
//!
//! What is only read has a typographic minus; [`exact`] writes for fields, files and tables to be copied,
//! with one that programs read. [`parse_number`] takes both.

/// Text of numbers with the minus that is as wide as a plus; words with a hyphen stay.
pub fn with_minus(text: &str) -> String {
    let mut last = ' ';
    let next = text.chars().skip(1).chain([' ']);
    let minus = |(c, next): (char, char)| {
        let in_word = last.is_alphabetic() && next.is_alphabetic();
        last = c;
        if c == '-' && !in_word { '−' } else { c }
    };
    text.chars().zip(next).map(minus).collect()
}

/// Significant digits of [`short`].
const FEW: i32 = 4;

/// A number in few digits: `0.01`, `0.1364`, `1e−8`, `12.5`, `inf`.
pub fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { "0".to_owned() } else { non_finite(value).to_owned() };
    }
    let exponent = value.abs().log10().floor() as i32;
    if (-4..7).contains(&exponent) {
        let decimals = (FEW - 1 - exponent).max(0) as usize;
        return with_minus(trim_zeros(&format!("{value:.decimals$}")));
    }
    let text = format!("{value:.*e}", FEW as usize - 1);
    with_minus(&trimmed_power(&text))
}

/// A number on a scale whose steps are so wide, in no more digits than two neighbours need to differ:
/// `0.297` where steps are 0.008 wide, `1.38` where they are 0.06.
pub fn stepped(value: f64, width: f64) -> String {
    let size = value.abs();
    if !(size.is_finite() && width > 0.0 && width.is_finite()) {
        return short(value);
    }
    if size < width * 1e-6 {
        return "0".to_owned();
    }
    let place = width.log10().ceil() as i32;
    let exponent = size.log10().floor() as i32;
    if (-4..7).contains(&exponent.max(place)) {
        let decimals = (1 - place).max(0) as usize;
        let text = format!("{value:.decimals$}");
        return match trim_zeros(&text) {
            "-0" => "0".to_owned(),
            text => with_minus(text),
        };
    }
    let digits = (exponent - place + 1).max(0) as usize;
    with_minus(&trimmed_power(&format!("{value:.digits$e}")))
}

fn trimmed_power(text: &str) -> String {
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{}e{exponent}", trim_zeros(digits)),
        None => text.to_owned(),
    }
}

/// A measured number in a width that does not change while it does: five digits, of them at most four
/// decimals, or an exponent where those would say nothing. One way for a loss wherever it stands.
pub fn fixed(value: f64) -> String {
    if !value.is_finite() {
        return non_finite(value).to_owned();
    }
    let size = value.abs();
    if value == 0.0 {
        return "0.0000".to_owned();
    }
    if !(1e-3..1e5).contains(&size) {
        return with_minus(&format!("{value:.2e}"));
    }
    let decimals = 4 - size.log10().floor().clamp(0.0, 4.0) as usize;
    with_minus(&format!("{value:.decimals$}"))
}

/// A difference, with its sign: as [`fixed`], in powers of ten where four decimals would tell little.
pub fn difference(value: f64) -> String {
    let text = fixed(value);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A number in so many digits, for where there is no room for more: `0.051`, `3.58e5`.
pub fn brief(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return short(value);
    }
    let after = digits.max(1) - 1;
    // Rounded first: 9.99 in two digits is 10.
    let text = format!("{value:.after$e}");
    match text.split_once('e').map(|(_, exponent)| exponent.parse::<i32>()) {
        Some(Ok(exponent)) if (-3..4).contains(&exponent) => {
            let decimals = (after as i32 - exponent).max(0) as usize;
            with_minus(&format!("{value:.decimals$}"))
        }
        _ => with_minus(&text),
    }
}

/// A score of at most `whole` (1, or 100 in percent) with so many decimals, and with more where it
/// would else read as all there is: 99.7 of 100, not 100, and 0.99996 of 1. What is still closer than
/// six decimals tell is rounded down. An R² far below 0 is told in few digits.
pub fn score(value: f64, whole: f64, decimals: usize) -> String {
    const MOST: usize = 6;
    if value.abs() >= 1e5 {
        return short(value);
    }
    let is_whole = |text: &str| text.parse::<f64>().is_ok_and(|read| read >= whole);
    let texts = (decimals..=MOST).map(|decimals| format!("{value:.decimals$}"));
    let told = |text: &String| value.is_nan() || value >= whole || !is_whole(text);
    let unit = 10f64.powi(MOST as i32);
    let text = texts.into_iter().find(told);
    with_minus(&text.unwrap_or_else(|| format!("{:.MOST$}", (value * unit).floor() / unit)))
}

/// A number with all its digits, the shortest text that reads back as the same number.
pub fn exact(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        non_finite(value).to_owned()
    } else if value != 0.0 && !(1e-4..1e15).contains(&size) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

fn non_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "nan"
    } else if value > 0.0 {
        "inf"
    } else {
        "−inf"
    }
}

/// A count with its thousands apart from ten thousand on: `1 234 567`, `2000`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{2009}');
        }
        text.push(digit);
    }
    text
}

/// A stretch of time in its natural unit: `0.39 ms`, `12 s`, `3 min 20 s`, `2 h 05 min`.
pub fn duration(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        return "—".to_owned();
    }
    let whole = seconds.round() as u64;
    if seconds < 1e-3 {
        format!("{:.0} µs", seconds * 1e6)
    } else if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1e3)
    } else if seconds < 10.0 {
        format!("{seconds:.1} s")
    } else if whole < 60 {
        format!("{whole} s")
    } else if whole < 3600 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{} h {:02} min", whole / 3600, whole % 3600 / 60)
    }
}

/// Reads a number as people type it: `0.01`, `1e-3`, `.5`, `1_000`, `−2`, `0,5`. `None` when it is
/// no finite number.
pub fn parse_number(text: &str) -> Option<f64> {
    let plain: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, '_' | ' ' | '\u{2009}'))
        .map(|c| if c == '−' { '-' } else { c })
        .collect();
    let one_comma = plain.matches(',').count() == 1 && !plain.contains('.');
    let plain = if one_comma { plain.replace(',', ".") } else { plain };
    plain.parse::<f64>().ok().filter(|value| value.is_finite())
}

fn trim_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brief_numbers_have_no_more_digits_than_asked_for() {
        assert_eq!(brief(358_312.0, 3), "3.58e5");
        assert_eq!(brief(0.0508, 3), "0.0508");
        assert_eq!(brief(0.0508, 2), "0.051");
        assert_eq!(brief(0.0508, 1), "0.05");
        assert_eq!(brief(9.99, 2), "10");
        assert_eq!(brief(-2.33e-25, 1), "−2e−25");
        assert_eq!((brief(0.0, 3).as_str(), brief(f64::INFINITY, 3).as_str()), ("0", "inf"));
    }

    #[test]
    fn a_score_that_is_not_perfect_never_reads_as_perfect() {
        assert_eq!(score(1.0, 1.0, 3), "1.000");
        assert_eq!(score(0.9412, 1.0, 3), "0.941");
        assert_eq!(score(0.99996, 1.0, 3), "0.99996");
        assert_eq!(score(1.0_f64.next_down(), 1.0, 3), "0.999999");
        assert_eq!(score(99.666_7, 100.0, 0), "99.7");
        assert_eq!(score(100.0, 100.0, 0), "100");
        assert_eq!(score(-12.5, 1.0, 3), "−12.500", "R² may be far below 0");
        assert_eq!(score(f64::NAN, 1.0, 3), "NaN");
    }

    #[test]
    fn a_minus_is_no_hyphen() {
        assert_eq!(with_minus("l = -t·ln σ(z) - (1 - t)"), "l = −t·ln σ(z) − (1 − t)");
        assert_eq!(with_minus("-1.5e-8"), "−1.5e−8");
        assert_eq!(with_minus("g of a held-out row - 1"), "g of a held-out row − 1");
    }

    #[test]
    fn few_digits() {
        let cases = [
            (0.0, "0"),
            (0.01, "0.01"),
            (0.1 + 0.2, "0.3"),
            (0.999, "0.999"),
            (1e-8, "1e−8"),
            (1.5e-5, "1.5e−5"),
            (32.0, "32"),
            (123_456.0, "123456"),
            (1e9, "1e9"),
            (-2.5, "−2.5"),
            (0.136_42, "0.1364"),
            (f64::NAN, "nan"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn every_digit_reads_back() {
        for value in [0.01, 1e-8, 1.0 / 3.0, 123_456_789.25, -0.5, 1e300, 5e-324] {
            assert_eq!(parse_number(&exact(value)), Some(value));
            assert!(exact(value).is_ascii(), "{value}");
        }
    }

    #[test]
    fn people_type_numbers_in_many_ways() {
        for (text, value) in [
            (" 0.01 ", 0.01),
            ("1e-3", 1e-3),
            (".5", 0.5),
            ("0,5", 0.5),
            ("1_000", 1000.0),
            ("−2", -2.0),
        ] {
            assert_eq!(parse_number(text), Some(value), "{text}");
        }
        for text in ["", "abc", "1,000,000", "inf", "nan", "1.2.3"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_on_a_scale_have_the_digits_that_its_steps_need() {
        for (value, width, text) in [
            (0.296_875, 1.0 / 128.0, "0.297"),
            (1.375, 0.0625, "1.38"),
            (-1.75, 0.0625, "−1.75"),
            (-0.125, 0.125, "−0.1"),
            (96.0, 2.0, "96"),
            (0.0, 0.1, "0"),
            (3.051_757_812_5e-7, 9.54e-9, "3.05e−7"),
            (f64::INFINITY, 1.0, "inf"),
        ] {
            assert_eq!(stepped(value, width), text, "{value} in steps of {width}");
        }
        // No two edges of bins read alike.
        for exponent in -40..40 {
            let width = 2f64.powi(exponent);
            let edges: Vec<String> =
                (-32..=32).map(|i| stepped(f64::from(i) * width, width)).collect();
            assert!(edges.windows(2).all(|two| two[0] != two[1]), "{width}: {edges:?}");
        }
    }

    #[test]
    fn a_score_without_bounds_stays_short() {
        assert_eq!(score(-2.786_468_7e24, 1.0, 3), "−2.786e24");
        assert_eq!(score(-0.021, 1.0, 3), "−0.021");
    }

    #[test]
    fn losses_keep_their_width() {
        assert_eq!(fixed(0.142), "0.1420");
        assert_eq!(fixed(522.7125), "522.71");
        assert_eq!(fixed(1526.0811), "1526.1");
        assert_eq!(fixed(-1.5), "−1.5000");
        assert_eq!(fixed(0.0), "0.0000");
        assert_eq!(fixed(2.85e82), "2.85e82");
        assert_eq!(fixed(1.3e-7), "1.30e−7");
        assert_eq!(fixed(f64::INFINITY), "inf");
    }

    #[test]
    fn a_small_difference_is_not_told_as_none() {
        assert_eq!(difference(0.1234), "+0.1234");
        assert_eq!(difference(1.4e-8), "+1.40e−8");
        assert_eq!(difference(0.0), "0.0000");
        assert_eq!(difference(f64::INFINITY), "+inf");
        let read = parse_number(&difference(-3.5e-10));
        assert_eq!(read, Some(-3.5e-10));
    }

    #[test]
    fn counts_and_times() {
        assert_eq!(count(1_234_567), "1\u{2009}234\u{2009}567");
        assert_eq!(count(12), "12");
        assert_eq!(count(2000), "2000");
        assert_eq!(count(10_000), "10\u{2009}000");
        assert_eq!(duration(0.000_39), "390 µs");
        assert_eq!(duration(200.0), "3 min 20 s");
    }
}
