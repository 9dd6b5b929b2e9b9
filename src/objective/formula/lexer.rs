//! From text to tokens, each with its place.
//!
//! Invariant: places count characters, not bytes, so that a column is what a person sees.

use std::ops::Range;

use super::{FormulaError, LONGEST_FORMULA};

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    Name(String),
    /// One of `+ - * / ^ ( ) ,`.
    Sign(char),
}

/// A token and the characters it stands on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: Range<usize>,
    /// As it is written.
    pub(super) text: String,
}

/// Signs that are typed or pasted where another is meant.
const OTHER_SIGNS: [(char, &str); 17] = [
    ('−', "write `-`"),
    ('–', "write `-`"),
    ('×', "write `*`"),
    ('·', "write `*`"),
    ('⋅', "write `*`"),
    ('÷', "write `/`"),
    (':', "write `/` to divide"),
    ('²', "write `^2`"),
    ('³', "write `^3`"),
    ('π', "write `pi`"),
    ('√', "write `sqrt(…)`"),
    ('|', "write `abs(…)`"),
    ('[', "write round brackets, `(…)`"),
    (']', "write round brackets, `(…)`"),
    ('{', "write round brackets, `(…)`"),
    ('=', "write only the right side, without `f =`"),
    (';', "separate arguments by a comma"),
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FormulaError> {
    let chars: Vec<char> = text.chars().take(LONGEST_FORMULA + 1).collect();
    if chars.len() > LONGEST_FORMULA {
        let message = format!("the formula is longer than {LONGEST_FORMULA} characters");
        return Err(
            FormulaError::new(LONGEST_FORMULA..LONGEST_FORMULA + 1, message).hint("shorten it")
        );
    }
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        if c.is_whitespace() {
            at += 1;
            continue;
        }
        let (kind, end) = if c.is_ascii_digit() || c == '.' {
            number(&chars, at)?
        } else if c.is_ascii_alphabetic() || c == '_' {
            let end = run(&chars, at, |c| c.is_ascii_alphanumeric() || c == '_');
            (Kind::Name(chars[at..end].iter().collect()), end)
        } else if c == '*' && chars.get(at + 1) == Some(&'*') {
            return Err(FormulaError::new(at..at + 2, "`**` is not known")
                .hint("powers are written with `^`, as in `x^2`"));
        } else if "+-*/^(),".contains(c) {
            (Kind::Sign(c), at + 1)
        } else {
            return Err(foreign(c, at));
        };
        tokens.push(Token { kind, at: at..end, text: chars[at..end].iter().collect() });
        at = end;
    }
    Ok(tokens)
}

fn foreign(c: char, at: usize) -> FormulaError {
    let error = FormulaError::new(at..at + 1, format!("`{}` is not known", c.escape_debug()));
    match OTHER_SIGNS.iter().find(|(other, _)| *other == c) {
        Some((_, hint)) => error.hint(*hint),
        None => error.hint("a formula has numbers, x, y, pi, e, functions, + - * / ^ and ( )"),
    }
}

fn run(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    let length = chars[from..].iter().take_while(|c| belongs(**c)).count();
    from + length
}

fn number(chars: &[char], at: usize) -> Result<(Kind, usize), FormulaError> {
    let mut end = run(chars, at, |c| c.is_ascii_digit() || c == '.' || c == '_');
    // `2e` is a number times Euler's; an exponent needs a digit.
    if matches!(chars.get(end), Some('e' | 'E')) {
        let sign = usize::from(matches!(chars.get(end + 1), Some('+' | '-')));
        if chars.get(end + 1 + sign).is_some_and(char::is_ascii_digit) {
            end = run(chars, end + 1 + sign, |c| c.is_ascii_digit());
        }
    }
    let written: String = chars[at..end].iter().collect();
    match written.parse::<f64>() {
        Ok(x) if x.is_finite() => Ok((Kind::Number(x), end)),
        Ok(_) => Err(FormulaError::new(at..end, format!("`{written}` is too large"))
            .hint("numbers reach up to 1.8e308")),
        Err(_) => Err(FormulaError::new(at..end, format!("`{written}` is no number"))
            .hint("write one such as `0.5` or `1e-3`")),
    }
}
