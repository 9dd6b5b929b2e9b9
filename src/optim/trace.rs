//! The numbers of one parameter's update, as they come up.
//!
//! An update rule is written once, with a [`Trace`] that is shown every intermediate number. In
//! training the trace is `()`: it does nothing, and the compiler leaves nothing of it. Under the
//! microscope it is a list of [`Stage`]s. So what is explained is what is done.

use crate::numeric::Real;

/// Who is shown the numbers of an update.
pub trait Trace<R: Real> {
    /// A number the rule starts from: a coefficient, a buffer before the update.
    fn given(&mut self, symbol: &'static str, value: R);
    /// A number the rule has computed. `formula` uses the symbols shown before; a symbol shown again
    /// has its new value from the next formula on.
    fn computed(&mut self, symbol: &'static str, formula: &'static str, value: R);
}

impl<R: Real> Trace<R> for () {
    #[inline(always)]
    fn given(&mut self, _: &'static str, _: R) {}
    #[inline(always)]
    fn computed(&mut self, _: &'static str, _: &'static str, _: R) {}
}

/// One number of an explained update.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// What it is called in the formulas: `"m̂"`.
    pub symbol: &'static str,
    /// How it comes from the numbers before it: `"m / (1 − β1ᵗ)"`; empty if it was given.
    pub formula: &'static str,
    /// Its value.
    pub value: f64,
}

impl<R: Real> Trace<R> for Vec<Stage> {
    fn given(&mut self, symbol: &'static str, value: R) {
        self.push(Stage { symbol, formula: "", value: value.to_f64() });
    }

    fn computed(&mut self, symbol: &'static str, formula: &'static str, value: R) {
        self.push(Stage { symbol, formula, value: value.to_f64() });
    }
}

/// The formula of `stages[index]` with every symbol shown before it replaced by `write(value)`.
///
/// A symbol stands alone: it is not part of a longer word, as `m` is part of `max`.
#[must_use]
pub fn filled(stages: &[Stage], index: usize, write: impl Fn(f64) -> String) -> String {
    let Some(stage) = stages.get(index) else { return String::new() };
    let known = |word: &str| stages[..index].iter().rev().find(|s| s.symbol == word);
    let mut out = String::new();
    let mut rest = stage.formula;
    while let Some(first) = rest.chars().next() {
        let length = if starts_symbol(first) {
            rest.find(|c| !continues_symbol(c)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, tail) = rest.split_at(length);
        match known(word).map(|found| (found.value, write(found.value))) {
            Some((value, text)) if needs_brackets(value, &text, tail) => {
                out.extend(["(", &text, ")"]);
            }
            Some((_, text)) => out.push_str(&text),
            None => out.push_str(word),
        }
        rest = tail;
    }
    out
}

fn starts_symbol(c: char) -> bool {
    c.is_alphabetic() || c == 'ᵗ'
}

/// Letters, digits, primes, and marks above or below a letter. A square is not part of what is squared.
fn continues_symbol(c: char) -> bool {
    c.is_alphanumeric() && c != '²' || matches!(c, '′' | '_' | '\u{300}'..='\u{36f}')
}

/// Whether a number would be misread without brackets: below 0, or with an exponent before a square.
fn needs_brackets(value: f64, text: &str, tail: &str) -> bool {
    value.is_sign_negative() && value != 0.0 || tail.starts_with('²') && text.contains('e')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_filled_with_the_values_shown_before_them() {
        let mut stages = Vec::<Stage>::new();
        stages.given("β1", 0.9_f64);
        stages.given("g", -2.0);
        stages.given("m", 4.0);
        stages.computed("m", "β1·m + (1 − β1)·g + max(m, g)", 3.4);
        stages.computed("m̂", "m / 2", 1.7);
        stages.computed("w", "w − m̂", 0.0);
        let text = |i| filled(&stages, i, |x| format!("{x}"));
        assert_eq!(text(3), "0.9·4 + (1 − 0.9)·(-2) + max(4, (-2))");
        assert_eq!(text(4), "3.4 / 2", "the new m");
        assert_eq!(text(5), "w − 1.7", "an unknown symbol stays");
        assert_eq!(text(0), "", "what is given has no formula");
        stages.computed("v", "g² + m²", 0.0);
        assert_eq!(filled(&stages, 6, |x| format!("{x}")), "(-2)² + 3.4²");
        assert_eq!(filled(&stages, 6, |x| format!("{x:e}")), "(-2e0)² + (3.4e0)²");
    }
}
