//! Places in the text of an experiment: one small scanner from RON text to a tree of byte ranges.
//!
//! `ron` says what a text means and forgets where it stood; this scanner knows where everything
//! stands and nothing of what it means. Problems with line and column, edits that keep a user's
//! comments, and the canonical layout rest on it.
//!
//! Invariant: scanning is linear in the text, nests at most [`MAX_DEPTH`] deep, and never panics,
//! whatever the text. A text that `ron` accepts is scanned; the reverse is not promised.

use std::fmt::Write as _;
use std::ops::Range;

/// How deep values may nest; `ron`'s own limit.
pub(super) const MAX_DEPTH: usize = 128;

/// The largest text that is read, in bytes.
pub const MAX_TEXT: usize = 8 << 20;

/// A place in a text, counted from 1 in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// How many characters of that line are meant; at least 1.
    pub length: usize,
}

impl Place {
    /// The place of a byte range of the text; a range over several lines is cut at the first.
    #[must_use]
    pub fn of(text: &str, range: &Range<usize>) -> Self {
        let start = floor_char(text, range.start);
        let end = floor_char(text, range.end).max(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let inside = text[start..end].split(['\n', '\r']).next().unwrap_or("");
        Self {
            line: 1 + text[..start].matches('\n').count(),
            column: 1 + text[line_start..start].chars().count(),
            length: inside.chars().count().max(1),
        }
    }

    /// The byte at which the place starts; the end of the text if it lies beyond.
    #[must_use]
    pub fn offset(&self, text: &str) -> usize {
        let mut line_start = 0;
        for _ in 1..self.line {
            match text[line_start..].find('\n') {
                Some(at) => line_start += at + 1,
                None => return text.len(),
            }
        }
        let line = text[line_start..].split('\n').next().unwrap_or("");
        let inside = line.char_indices().nth(self.column.saturating_sub(1));
        line_start + inside.map_or(line.len(), |(at, _)| at)
    }
}

fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A byte range; texts are at most [`MAX_TEXT`] long, so that 32 bits hold an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    pub(super) fn start(self) -> usize {
        self.start as usize
    }

    pub(super) fn end(self) -> usize {
        self.end as usize
    }

    pub(super) fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    pub(super) fn of(self, text: &str) -> &str {
        &text[self.range()]
    }
}

/// One value: a scalar (number, text, bare word), or a group in brackets.
#[derive(Debug)]
pub(super) struct Node {
    /// From its first to its last character, a group's name included.
    pub(super) span: Span,
    /// What is inside, if it is a group.
    pub(super) group: Option<Box<Group>>,
}

/// Values in brackets: a struct, tuple, list, map, or a variant with fields.
#[derive(Debug)]
pub(super) struct Group {
    /// `Learn` of `Learn(…)`.
    pub(super) name: Option<Span>,
    /// The opening bracket.
    pub(super) open: usize,
    /// The closing bracket.
    pub(super) close: usize,
    /// What lies between.
    pub(super) items: Vec<Item>,
}

/// One part of a group.
#[derive(Debug)]
pub(super) struct Item {
    /// `name` of `name: value`.
    pub(super) key: Option<Span>,
    /// The value.
    pub(super) value: Node,
    /// The byte of the comma behind it.
    comma: Option<u32>,
}

impl Item {
    /// Where the item starts: at its key, if it has one.
    pub(super) fn start(&self) -> usize {
        self.key.map_or(self.value.span.start(), Span::start)
    }

    /// Where the item ends, its comma not included.
    pub(super) fn end(&self) -> usize {
        self.value.span.end()
    }

    pub(super) fn comma(&self) -> Option<usize> {
        self.comma.map(|at| at as usize)
    }
}

impl Group {
    pub(super) fn is_list(&self, text: &str) -> bool {
        text.as_bytes().get(self.open) == Some(&b'[')
    }

    pub(super) fn has_keys(&self) -> bool {
        self.items.iter().any(|item| item.key.is_some())
    }

    /// The position of the item with this key.
    pub(super) fn position(&self, text: &str, key: &str) -> Option<usize> {
        self.items.iter().position(|item| item.key.is_some_and(|k| key_is(k.of(text), key)))
    }

    pub(super) fn get(&self, text: &str, key: &str) -> Option<&Node> {
        self.position(text, key).map(|at| &self.items[at].value)
    }
}

fn key_is(written: &str, key: &str) -> bool {
    written == key
        || written.strip_prefix("r#") == Some(key)
        || (written.starts_with('"') && string(written).as_deref() == Some(key))
}

/// The text that a scanned string literal stands for.
pub(super) fn string(literal: &str) -> Option<String> {
    ron::from_str(literal).ok()
}

/// Why a text could not be scanned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct ScanError<'t> {
    /// The bytes at fault.
    pub(super) range: Range<usize>,
    /// What is wrong.
    pub(super) message: String,
    /// What was opened and not closed, and where.
    pub(super) opened: Option<(&'t str, usize)>,
}

/// Scans a whole text: attributes, one value, nothing behind it.
pub(super) fn scan(text: &str) -> Result<Node, ScanError<'_>> {
    let mut scanner = Scanner::new(text)?;
    scanner.attributes()?;
    let node = scanner.value()?;
    scanner.end()?;
    Ok(node)
}

/// Scans a text that must be exactly one value, without attributes: `Norm(1.0)`.
pub(super) fn scan_value(text: &str) -> Result<Node, ScanError<'_>> {
    let mut scanner = Scanner::new(text)?;
    scanner.space()?;
    let node = scanner.value()?;
    scanner.end()?;
    Ok(node)
}

/// The end of the white space and comments that start at `from`; `from` itself if there are none.
pub(super) fn skip_space(text: &str, from: usize) -> usize {
    let mut scanner = Scanner { text, at: from, depth: 0 };
    if scanner.space().is_ok() { scanner.at } else { from }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t'
            | '\n'
            | '\r'
            | '\x0B'
            | '\x0C'
            | '\u{85}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'
            | '\u{2029}'
    )
}

fn ends_scalar(c: char) -> bool {
    is_space(c) || matches!(c, ',' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '\'' | '/')
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Result<Self, ScanError<'a>> {
        if text.len() > MAX_TEXT {
            return Err(ScanError {
                range: 0..1,
                message: format!("the text has {} bytes; at most {MAX_TEXT} are read", text.len()),
                opened: None,
            });
        }
        Ok(Self { text, at: 0, depth: 0 })
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn error(&self, range: Range<usize>, message: impl Into<String>) -> ScanError<'a> {
        let end = range.end.min(self.text.len());
        ScanError { range: range.start.min(end)..end, message: message.into(), opened: None }
    }

    fn unclosed(&self, open: usize, what: &'a str) -> ScanError<'a> {
        let message = format!("the file ends before {} is closed", quoted_bracket(what));
        ScanError { range: self.text.len()..self.text.len(), message, opened: Some((what, open)) }
    }

    fn space(&mut self) -> Result<(), ScanError<'a>> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches(is_space).len();
            self.at += blank;
            let rest = &rest[blank..];
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.block_comment()?;
            } else {
                return Ok(());
            }
        }
    }

    fn block_comment(&mut self) -> Result<(), ScanError<'a>> {
        let open = self.at;
        let mut level = 0_usize;
        loop {
            let rest = self.rest();
            if rest.starts_with("/*") {
                level += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                level -= 1;
                self.at += 2;
                if level == 0 {
                    return Ok(());
                }
            } else {
                let Some(c) = rest.chars().next() else {
                    return Err(self.unclosed(open, "comment"));
                };
                let next = rest[c.len_utf8()..].find(['/', '*']);
                self.at += next.map_or(rest.len(), |n| n + c.len_utf8());
            }
        }
    }

    fn attributes(&mut self) -> Result<(), ScanError<'a>> {
        self.space()?;
        while self.rest().starts_with('#') {
            let open = self.at;
            self.at += 1;
            self.space()?;
            if self.peek() == Some('!') {
                self.at += 1;
                self.space()?;
            }
            if self.peek() != Some('[') {
                return Err(self.error(open..open + 1, "expected an attribute, `#![…]`"));
            }
            while self.peek() != Some(']') {
                match self.peek() {
                    None => return Err(self.unclosed(open, "attribute")),
                    Some('"') => self.quoted()?,
                    Some(c) => self.at += c.len_utf8(),
                }
            }
            self.at += 1;
            self.space()?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), ScanError<'a>> {
        self.space()?;
        match self.peek() {
            None => Ok(()),
            Some(c) => {
                let range = self.at..self.at + c.len_utf8();
                Err(self.error(range, "something stands behind the end of the value"))
            }
        }
    }

    /// One value; the scanner stands on its first character.
    fn value(&mut self) -> Result<Node, ScanError<'a>> {
        let start = self.at;
        match self.peek() {
            None => Err(self.error(start..start, "the text ends where a value is expected")),
            Some('(' | '[' | '{') => self.group(start, None),
            Some('"') => {
                self.quoted()?;
                Ok(self.scalar_from(start))
            }
            Some('\'') => {
                self.character()?;
                Ok(self.scalar_from(start))
            }
            Some(c) if ends_scalar(c) => {
                let range = start..start + c.len_utf8();
                Err(self.error(range, format!("expected a value, found `{c}`")))
            }
            Some(_) => self.word(start),
        }
    }

    fn scalar_from(&self, start: usize) -> Node {
        Node { span: Span::new(start, self.at), group: None }
    }

    /// A number, a bare word, a raw or byte string, or a variant with fields.
    fn word(&mut self, start: usize) -> Result<Node, ScanError<'a>> {
        let rest = self.rest();
        self.at += rest.find(ends_scalar).unwrap_or(rest.len());
        let word = &self.text[start..self.at];
        match self.peek() {
            Some('"') if is_raw_prefix(word) => {
                self.raw_string(start, word)?;
                return Ok(self.scalar_from(start));
            }
            Some('"') if word == "b" => {
                self.quoted()?;
                return Ok(self.scalar_from(start));
            }
            Some('\'') if word == "b" => {
                self.character()?;
                return Ok(self.scalar_from(start));
            }
            _ => {}
        }
        let name = Span::new(start, self.at);
        let is_name = word.starts_with(|c: char| c == '_' || c.is_alphabetic());
        if is_name {
            let before = self.at;
            self.space()?;
            if self.peek() == Some('(') {
                return self.group(start, Some(name));
            }
            self.at = before;
        }
        Ok(self.scalar_from(start))
    }

    fn quoted(&mut self) -> Result<(), ScanError<'a>> {
        let open = self.at;
        self.at += 1;
        loop {
            let rest = self.rest();
            match rest.find(['"', '\\']) {
                None => return Err(self.unclosed(open, "text in quotes")),
                Some(n) if rest.as_bytes()[n] == b'"' => {
                    self.at += n + 1;
                    return Ok(());
                }
                Some(n) => {
                    self.at += n + 1;
                    self.at += self.peek().map_or(0, char::len_utf8);
                }
            }
        }
    }

    fn raw_string(&mut self, start: usize, prefix: &str) -> Result<(), ScanError<'a>> {
        let hashes = prefix.matches('#').count();
        let ending = format!("\"{}", "#".repeat(hashes));
        match self.rest()[1..].find(&ending) {
            Some(n) => {
                self.at += 1 + n + ending.len();
                Ok(())
            }
            None => Err(self.unclosed(start, "text in quotes")),
        }
    }

    fn character(&mut self) -> Result<(), ScanError<'a>> {
        let open = self.at;
        self.at += 1;
        let mut escaped = false;
        // The longest character literal is `'\u{10FFFF}'`.
        for (i, c) in self.rest().char_indices().take(16) {
            match c {
                '\n' => break,
                '\'' if !escaped && i > 0 => {
                    self.at += i + 1;
                    return Ok(());
                }
                _ => escaped = c == '\\' && !escaped,
            }
        }
        Err(self.error(open..open + 1, "a character in single quotes is not closed"))
    }

    /// Values in brackets; the scanner stands on the opening bracket.
    fn group(&mut self, start: usize, name: Option<Span>) -> Result<Node, ScanError<'a>> {
        let open = self.at;
        let closing = match self.text.as_bytes()[open] {
            b'(' => ')',
            b'[' => ']',
            _ => '}',
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.error(open..open + 1, "values are nested too deep"));
        }
        self.at += 1;
        let mut items: Vec<Item> = Vec::new();
        loop {
            self.space()?;
            match self.peek() {
                None => return Err(self.unclosed(open, &self.text[open..=open])),
                Some(c) if c == closing => break,
                Some(c @ (')' | ']' | '}')) => return Err(self.wrong_bracket(open, closing, c)),
                Some(_) if items.last().is_some_and(|item| item.comma.is_none()) => {
                    return Err(self.missing_comma(open, closing, items.last()));
                }
                Some(_) => items.push(self.item()?),
            }
        }
        let close = self.at;
        self.at += 1;
        self.depth -= 1;
        let group = Group { name, open, close, items };
        Ok(Node { span: Span::new(start, self.at), group: Some(Box::new(group)) })
    }

    fn wrong_bracket(&self, open: usize, closing: char, found: char) -> ScanError<'a> {
        let message = format!("expected a value or `{closing}`, found `{found}`");
        let mut error = self.error(self.at..self.at + 1, message);
        error.opened = Some((&self.text[open..=open], open));
        error
    }

    fn missing_comma(&self, open: usize, closing: char, last: Option<&Item>) -> ScanError<'a> {
        let end = self.rest().chars().next().map_or(self.at, |c| self.at + c.len_utf8());
        let found = &self.text[self.at..end];
        let message = format!("expected a comma or `{closing}`, found `{found}`");
        let mut error = self.error(self.at..end, message);
        // A closing quote that was forgotten shows only where the next text in quotes begins.
        let text = last.map(|item| item.value.span).filter(|span| {
            let written = span.of(self.text);
            written.starts_with('"') && written.contains('\n')
        });
        error.opened = Some(match text {
            Some(span) => ("text in quotes", span.start()),
            None => (&self.text[open..=open], open),
        });
        error
    }

    fn item(&mut self) -> Result<Item, ScanError<'a>> {
        let first = self.value()?;
        self.space()?;
        let (key, value) = if self.peek() == Some(':') {
            self.at += 1;
            self.space()?;
            (Some(first.span), self.value()?)
        } else {
            (None, first)
        };
        let end = self.at;
        self.space()?;
        let comma = (self.peek() == Some(',')).then_some(self.at as u32);
        self.at = if comma.is_some() { self.at + 1 } else { end };
        Ok(Item { key, value, comma })
    }
}

/// A bracket in backticks, words with their article.
pub(super) fn quoted_bracket(what: &str) -> String {
    if what.len() == 1 { format!("the `{what}`") } else { format!("the {what}") }
}

fn is_raw_prefix(word: &str) -> bool {
    let rest = word.strip_prefix("br").or_else(|| word.strip_prefix('r'));
    rest.is_some_and(|rest| rest.bytes().all(|b| b == b'#'))
}

/// The path of the deepest value whose item covers the byte `offset`.
pub(super) fn path_at(text: &str, root: &Node, offset: usize) -> String {
    let mut path = String::new();
    let mut node = root;
    while let Some(group) = &node.group {
        let found = group.items.iter().enumerate().find(|(_, item)| {
            let end = item.comma().unwrap_or(item.end());
            (item.start()..=end).contains(&offset)
        });
        let Some((index, item)) = found else { break };
        push_step(&mut path, text, index, item.key);
        node = &item.value;
    }
    path
}

pub(super) fn push_step(path: &mut String, text: &str, index: usize, key: Option<Span>) {
    match key {
        None => {
            // Writing to a string cannot fail.
            write!(path, "[{index}]").unwrap_or_default();
        }
        Some(key) => {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key.of(text));
        }
    }
}
