//! The numbers along an axis, in one manner for all axes.
//!
//! What stands at one end decides how all of them are written: thousands and millions (`20k`, `1.5M`), or,
//! where numbers are larger still, powers of ten (`1e9`), never both on one axis. Small numbers (below
//! 0.001) are powers of ten on every axis.

use super::number::{count, with_minus};

/// From here on thousands are written so, if the axis reaches that far.
const THOUSANDS: f64 = 1e4;
/// From here on powers of ten are.
const POWERS: f64 = 1e9;
/// A part of an axis as narrow as this, of what is on it, is written in full.
const NARROW: f64 = 0.05;

/// How the numbers of an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Plain,
    Thousands,
    Powers,
    /// Every digit, where thousands and millions would differ in their last decimals only.
    Full,
}

/// Writes the numbers of one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AxisNumbers(Manner);

impl AxisNumbers {
    /// For an axis between these ends, in any order.
    pub fn between(one: f64, other: f64) -> Self {
        // A round end that is a little less for being a sum of fractions is that end.
        let largest = one.abs().max(other.abs()) * 1.000_001;
        let is_narrow = (one - other).abs() < NARROW * largest;
        Self(match largest {
            size if size >= POWERS => Manner::Powers,
            size if size >= THOUSANDS && is_narrow => Manner::Full,
            size if size >= THOUSANDS => Manner::Thousands,
            _ => Manner::Plain,
        })
    }

    /// For some numbers that stand on one axis.
    pub fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let finite = values.filter(|value| value.is_finite());
        let (low, high) = (finite.clone().reduce(f64::min), finite.reduce(f64::max));
        Self::between(low.unwrap_or_default(), high.unwrap_or_default())
    }

    /// A number: `0.05`, `200`, `20k`, `1e−6`.
    pub fn text(self, value: f64) -> String {
        let size = value.abs();
        let text = if size < f64::MIN_POSITIVE {
            "0".to_owned()
        } else if size < 0.9e-3 || (self.0 == Manner::Powers && size > 0.999_999 * THOUSANDS) {
            power(value)
        } else {
            match self.0 {
                Manner::Thousands if size > 0.999_999e6 => format!("{}M", plain(value / 1e6)),
                Manner::Thousands if size > 0.999_999e3 => format!("{}k", plain(value / 1e3)),
                Manner::Full if (value - value.round()).abs() < 1e-6 * size.max(1.0) => {
                    let sign = if value < 0.0 { "-" } else { "" };
                    format!("{sign}{}", count(size.round() as u64))
                }
                _ => plain(value),
            }
        };
        with_minus(&text)
    }

    /// A number that is not round, in three digits.
    pub fn about(self, value: f64) -> String {
        self.text(rounded(value, 3))
    }

    /// Numbers that are not round, in three digits, or in as many more, up to seven, as tell each from the one
    /// before. What is the same even so is not told again: then it is an empty text.
    pub fn apart(self, values: &[f64]) -> Vec<String> {
        let texts = |digits: i32| -> Vec<String> {
            values.iter().map(|value| self.text(rounded(*value, digits))).collect()
        };
        let differ = |texts: &Vec<String>| texts.windows(2).all(|two| two[0] != two[1]);
        let mut told = (3..7).map(texts).find(differ).unwrap_or_else(|| texts(7));
        let same: Vec<usize> = (1..told.len()).filter(|i| told[*i] == told[i - 1]).collect();
        for index in same {
            told[index].clear();
        }
        told
    }
}

fn rounded(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let unit = 10f64.powf(value.abs().log10().floor() + 1.0 - f64::from(digits));
    (value / unit).round() * unit
}

/// Up to six decimals.
fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn power(value: f64) -> String {
    let text = format!("{value:.5e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let digits = digits.trim_end_matches('0').trim_end_matches('.');
            format!("{digits}e{exponent}")
        }
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[f64]) -> Vec<String> {
        let numbers = AxisNumbers::of(values.iter().copied());
        values.iter().map(|value| numbers.text(*value)).collect()
    }

    #[test]
    fn one_axis_has_one_manner() {
        assert_eq!(texts(&[0.0, 200.0, 1000.0, 1200.0]), ["0", "200", "1000", "1200"]);
        assert_eq!(texts(&[0.0, 2000.0, 8000.0, 10_000.0]), ["0", "2k", "8k", "10k"]);
        assert_eq!(texts(&[0.0, 5e5, 1e6, 1.5e6]), ["0", "500k", "1M", "1.5M"]);
        assert_eq!(texts(&[1.0, 1e3, 1e6, 1e8]), ["1", "1k", "1M", "100M"]);
        assert_eq!(texts(&[1.0, 1e3, 1e6, 1e11, 1e15]), ["1", "1000", "1e6", "1e11", "1e15"]);
        assert_eq!(texts(&[1e-180, 1e-5, 0.001, 0.05]), ["1e−180", "1e−5", "0.001", "0.05"]);
        assert_eq!(texts(&[-2.0, -0.5, 0.0]), ["−2", "−0.5", "0"]);
        assert_eq!(texts(&[-4e4, 0.0, 4e4]), ["−40k", "0", "40k"]);
        assert_eq!(texts(&[f64::INFINITY, 2.0]), ["inf", "2"]);
    }

    #[test]
    fn dust_of_binary_fractions_is_not_told() {
        let tick = |place: f64| 10f64.powf(place);
        assert_eq!(texts(&[tick(3.0), tick(4.0)]), ["1k", "10k"]);
        assert_eq!(texts(&[tick(9.0), tick(2f64.log10() + 9.0)]), ["1e9", "2e9"]);
        assert_eq!(texts(&[tick(-5.0), tick(5f64.log10() - 4.0)]), ["1e−5", "5e−4"]);
        assert_eq!(texts(&[0.1 + 0.2]), ["0.3"]);
    }

    #[test]
    fn numbers_that_are_not_round_have_three_digits() {
        let axis = AxisNumbers::between(0.0, 1e12);
        assert_eq!(axis.about(1.234_567e11), "1.23e11");
        assert_eq!(AxisNumbers::between(0.0, 1.0).about(0.123_456), "0.123");
        assert_eq!(axis.about(0.0), "0");
    }

    #[test]
    fn numbers_that_would_read_alike_have_more_digits_and_the_same_is_told_once() {
        let apart = |values: &[f64]| AxisNumbers::of(values.iter().copied()).apart(values);
        assert_eq!(apart(&[0.79, 0.792_1, 0.85]), ["0.79", "0.792", "0.85"]);
        assert_eq!(apart(&[0.79, 0.790_02, 0.790_04]), ["0.79", "0.79002", "0.79004"]);
        assert_eq!(apart(&[0.79, 0.79, 0.79]), ["0.79", "", ""]);
    }

    #[test]
    fn numbers_of_a_narrow_part_differ() {
        let near = texts(&[120_000.0, 120_010.0, 120_020.0]);
        assert_eq!(near, ["120\u{2009}000", "120\u{2009}010", "120\u{2009}020"]);
        assert_eq!(texts(&[1.0001e9, 1.0002e9]), ["1.0001e9", "1.0002e9"]);
    }
}
