//! From tokens to a program, by recursive descent.
//!
//! ```text
//! sum     = product (("+" | "-") product)*
//! product = signed (("*" | "/") signed)*
//! signed  = ("-" | "+") signed | power
//! power   = atom ("^" signed)?              so that 2^3^2 = 2^(3^2) and -x^2 = -(x^2)
//! atom    = number | "x" | "y" | "pi" | "e" | name "(" sum ("," sum)* ")" | "(" sum ")"
//! ```
//!
//! Invariant: recursion is at most [`DEEPEST`] levels deep, a program needs at most [`STACK`] places.

use std::ops::Range;

use crate::catalog::did_you_mean;

use super::FormulaError;
use super::functions::{CONSTANTS, FUNCTIONS, Function, function};
use super::lexer::{Kind, Token};
use super::program::{Op, STACK};

/// How deep brackets, signs and powers may nest.
const DEEPEST: usize = 40;

pub(super) fn parse(tokens: &[Token]) -> Result<Vec<Op<f64>>, FormulaError> {
    if tokens.is_empty() {
        return Err(FormulaError::new(0..1, "the formula is empty")
            .hint("write a function of x and y, such as `x^2 + 3*y^2`"));
    }
    let mut parser = Parser { tokens, at: 0, depth: 0, ops: Vec::new() };
    parser.sum()?;
    if let Some(left) = parser.peek() {
        return Err(parser.left_over(left));
    }
    let ops = parser.ops;
    if needed(&ops) > STACK {
        return Err(too_deep(tokens[0].at.clone()));
    }
    Ok(ops)
}

/// How many values wait at once while the program runs.
fn needed(ops: &[Op<f64>]) -> usize {
    let (mut height, mut most) = (0usize, 0);
    for op in ops {
        height = (height + 1).saturating_sub(op.arguments());
        most = most.max(height);
    }
    most
}

fn too_deep(at: Range<usize>) -> FormulaError {
    FormulaError::new(at, "the formula is nested too deep")
        .hint(format!("at most {DEEPEST} levels of brackets, signs and powers are allowed"))
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
    ops: Vec<Op<f64>>,
}

type Parsed = Result<(), FormulaError>;

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn before(&self) -> Option<&'t Token> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at))
    }

    /// The next sign, if it is one of those; it is then read.
    fn sign(&mut self, signs: &str) -> Option<char> {
        match self.peek()?.kind {
            Kind::Sign(sign) if signs.contains(sign) => {
                self.at += 1;
                Some(sign)
            }
            _ => None,
        }
    }

    /// The place after the last token.
    fn end(&self) -> Range<usize> {
        let end = self.tokens.last().map_or(0, |token| token.at.end);
        end..end + 1
    }

    fn deeper(&mut self, part: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth == DEEPEST {
            let at = self.peek().or(self.before()).map_or(self.end(), |token| token.at.clone());
            return Err(too_deep(at));
        }
        self.depth += 1;
        part(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn sum(&mut self) -> Parsed {
        self.product()?;
        while let Some(sign) = self.sign("+-") {
            self.product()?;
            self.ops.push(if sign == '+' { Op::Add } else { Op::Subtract });
        }
        Ok(())
    }

    fn product(&mut self) -> Parsed {
        self.signed()?;
        while let Some(sign) = self.sign("*/") {
            self.signed()?;
            self.ops.push(if sign == '*' { Op::Multiply } else { Op::Divide });
        }
        Ok(())
    }

    fn signed(&mut self) -> Parsed {
        match self.sign("+-") {
            Some('-') => {
                self.deeper(Self::signed)?;
                self.ops.push(Op::Negate);
                Ok(())
            }
            Some(_) => self.deeper(Self::signed),
            None => self.power(),
        }
    }

    fn power(&mut self) -> Parsed {
        self.atom()?;
        if self.sign("^").is_none() {
            return Ok(());
        }
        let exponent = self.ops.len();
        self.deeper(Self::signed)?;
        match self.ops[exponent..] {
            [Op::Number(n)] if n.fract() == 0.0 && n.abs() <= 64.0 => {
                self.ops[exponent] = Op::Whole(n as i32);
            }
            _ => self.ops.push(Op::Call(Function::Pow)),
        }
        Ok(())
    }

    fn atom(&mut self) -> Parsed {
        let Some(token) = self.peek() else { return Err(self.missing(self.end(), "the end")) };
        match &token.kind {
            Kind::Number(number) => {
                self.at += 1;
                self.ops.push(Op::Number(*number));
                Ok(())
            }
            Kind::Name(name) => {
                self.at += 1;
                self.name(token, name)
            }
            Kind::Sign('(') => {
                self.at += 1;
                self.deeper(Self::sum)?;
                self.close(token)
            }
            Kind::Sign(sign) => Err(self.missing(token.at.clone(), &format!("`{sign}`"))),
        }
    }

    /// Something to compute with is missing in front of `what`.
    fn missing(&self, at: Range<usize>, what: &str) -> FormulaError {
        match self.before().map(|token| &token.kind) {
            Some(Kind::Sign('(')) if what == "`)`" => {
                FormulaError::new(at, "the brackets are empty").hint("write something in them")
            }
            Some(Kind::Sign(sign)) => {
                FormulaError::new(at, format!("something is missing between `{sign}` and {what}"))
                    .hint("a number, x, y, a function or brackets must follow")
            }
            _ => FormulaError::new(at, format!("something is missing in front of {what}"))
                .hint("a formula begins with a number, x, y, a function or brackets"),
        }
    }

    fn close(&mut self, open: &Token) -> Parsed {
        if self.sign(")").is_some() {
            return Ok(());
        }
        match self.peek() {
            Some(token) if token.kind != Kind::Sign(',') => Err(self.left_over(token)),
            Some(token) => Err(FormulaError::new(
                token.at.clone(),
                "a comma separates the arguments of a function, and here is none",
            )
            .hint("decimals are written with a point, as in `0.5`")),
            None => Err(FormulaError::new(
                self.end(),
                format!("the bracket opened at column {} is not closed", open.at.start + 1),
            )
            .hint("add `)`")),
        }
    }

    fn name(&mut self, token: &Token, name: &str) -> Parsed {
        let is_called = self.peek().is_some_and(|next| next.kind == Kind::Sign('('));
        let op = match name {
            "x" => Some(Op::X),
            "y" => Some(Op::Y),
            _ => CONSTANTS.iter().find(|(known, _)| *known == name).map(|(_, v)| Op::Number(*v)),
        };
        if let Some(op) = op {
            if is_called {
                let message = format!("`{name}` is not a function");
                return Err(FormulaError::new(token.at.clone(), message)
                    .hint(format!("to multiply, write `{name}*(…)`")));
            }
            self.ops.push(op);
            return Ok(());
        }
        match function(name) {
            Some(function) if is_called => self.call(token, function),
            Some(_) => {
                let message = format!("`{name}` is a function and needs brackets");
                Err(FormulaError::new(token.at.clone(), message).hint(format!("write `{name}(…)`")))
            }
            None => Err(unknown(token, name, is_called)),
        }
    }

    fn call(&mut self, token: &Token, function: Function) -> Parsed {
        let open = &self.tokens[self.at];
        self.at += 1;
        let mut given = 0;
        if self.peek().is_none_or(|next| next.kind != Kind::Sign(')')) {
            loop {
                self.deeper(Self::sum)?;
                given += 1;
                if self.sign(",").is_none() {
                    break;
                }
            }
        }
        self.close(open)?;
        let takes = function.arguments();
        if given != takes {
            let name = &token.text;
            let takes = if takes == 1 { "1 argument" } else { "2 arguments" };
            let example = if function.arguments() == 1 { "x" } else { "x, y" };
            let message = format!("`{name}` takes {takes}, not {given}");
            return Err(FormulaError::new(token.at.clone(), message)
                .hint(format!("as in `{name}({example})`")));
        }
        self.ops.push(Op::Call(function));
        Ok(())
    }

    /// A token that cannot follow what was read.
    fn left_over(&self, token: &Token) -> FormulaError {
        let text = &token.text;
        match (&token.kind, self.before()) {
            (Kind::Sign(')'), _) => {
                FormulaError::new(token.at.clone(), "this `)` closes no bracket")
                    .hint("take it out, or add `(` before")
            }
            (Kind::Sign(','), _) => FormulaError::new(
                token.at.clone(),
                "a comma separates the arguments of a function, and here is none",
            )
            .hint("decimals are written with a point, as in `0.5`"),
            (_, Some(before)) => {
                let both = if before.at.end == token.at.start {
                    format!("`{}{text}` needs a `*`", before.text)
                } else {
                    format!("`{}` and `{text}` need a sign between them", before.text)
                };
                let at = before.at.start..token.at.end;
                FormulaError::new(at, both).hint(format!("write `{}*{text}`", before.text))
            }
            (_, None) => FormulaError::new(token.at.clone(), format!("`{text}` cannot stand here")),
        }
    }
}

fn unknown(token: &Token, name: &str, is_called: bool) -> FormulaError {
    let error = FormulaError::new(token.at.clone(), format!("`{name}` is not known"));
    let functions = FUNCTIONS.iter().map(|(known, _)| *known);
    let only = |letters: &str| name.chars().all(|c| letters.contains(c));
    if !is_called && name.len() > 1 && only("xy") {
        let factors: Vec<String> = name.chars().map(String::from).collect();
        return error.hint(format!("to multiply, write `{}`", factors.join("*")));
    }
    if !is_called && name.chars().count() == 1 {
        return match name {
            "X" | "Y" | "E" => error.hint(format!("did you mean `{}`?", name.to_lowercase())),
            _ => error.hint("the variables are x and y, the constants pi and e"),
        };
    }
    let near = match name.to_ascii_lowercase().as_str() {
        "arcsin" => Some("asin"),
        "arccos" => Some("acos"),
        "arctan" => Some("atan"),
        "arctan2" => Some("atan2"),
        "power" => Some("pow"),
        "cosine" => Some("cos"),
        "tangent" => Some("tan"),
        _ if is_called => did_you_mean(name, functions.clone()),
        _ => did_you_mean(name, functions.clone().chain(CONSTANTS.iter().map(|(known, _)| *known))),
    };
    match near {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("known are {}", functions.collect::<Vec<_>>().join(", "))),
    }
}
