//! What is wrong with an experiment, said so that it can be put right: where, what, what is allowed.

use std::fmt;
use std::ops::Range;

use super::Place;
use super::spans::Node;

/// One thing wrong with an experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The value's path in the file, `lanes[2].optimizer.beta2`; empty for the file as a whole.
    pub path: String,
    /// Where it stands in the text, or where it would belong; `None` if there is no text.
    pub place: Option<Place>,
    /// What is wrong, as a whole sentence without a full stop.
    pub message: String,
    /// The value as it is written.
    pub found: Option<String>,
    /// What would be allowed, as the end of "takes".
    pub allowed: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// Which characters of the text in quotes at the path are meant, if not the whole value.
    pub(super) inside: Option<Range<usize>>,
}

impl Problem {
    /// A problem at a path, with nothing but its message.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            place: None,
            message: message.into(),
            found: None,
            allowed: None,
            hint: None,
            inside: None,
        }
    }

    /// A value that its field does not allow: "`path` takes `allowed`, not `found`".
    pub fn not_allowed(
        path: impl Into<String>,
        found: impl Into<String>,
        allowed: impl Into<String>,
    ) -> Self {
        let (path, found, allowed) = (path.into(), found.into(), allowed.into());
        let field = super::shape::last_key(&path);
        let message = format!("`{field}` takes {allowed}, not {found}");
        Self { found: Some(found), allowed: Some(allowed), ..Self::new(path, message) }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with what was found.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// The same, of some characters of the text in quotes at its path.
    pub(super) fn inside(mut self, characters: Range<usize>) -> Self {
        self.inside = Some(characters);
        self
    }

    pub(super) fn at(mut self, text: &str, range: &Range<usize>) -> Self {
        self.place = Some(Place::of(text, range));
        self
    }

    /// The same, placed in the text by its path: at the value, or at the nearest part that is there.
    pub(super) fn placed(self, text: &str, root: &Node) -> Self {
        let inside = self.inside.clone().and_then(|part| part_of(text, root, &self.path, part));
        let range = inside.unwrap_or_else(|| range_of(text, root, &self.path));
        self.at(text, &range)
    }
}

/// The bytes to point at for a path: the value, else the head of the nearest group around it.
fn range_of(text: &str, root: &Node, path: &str) -> Range<usize> {
    let Ok(walk) = super::path::walk(text, root, path) else { return head(root) };
    if walk.rest.is_empty() {
        // A group over many lines is better shown by its key.
        let item = walk
            .parents
            .last()
            .and_then(|(parent, index)| parent.group.as_ref().map(|group| &group.items[*index]));
        let key = item.and_then(|item| item.key).filter(|_| is_long(text, walk.node));
        return key.map_or_else(|| short(text, walk.node), super::spans::Span::range);
    }
    head(walk.node)
}

/// The bytes of some characters of the text in quotes that stands alone in the brackets at `path`.
fn part_of(text: &str, root: &Node, path: &str, part: Range<usize>) -> Option<Range<usize>> {
    let walk = super::path::walk(text, root, path).ok().filter(|walk| walk.rest.is_empty())?;
    let [item] = walk.node.group.as_ref()?.items.as_slice() else { return None };
    let span = item.value.span;
    let literal = span.of(text);
    let start = span.start() + in_literal(literal, part.start);
    let end = span.start() + in_literal(literal, part.end);
    Some(start..end)
}

/// The byte of a literal in quotes at which its character `index` begins; escapes are one character.
fn in_literal(literal: &str, index: usize) -> usize {
    let open = literal.find('"').map_or(0, |at| at + 1);
    let is_raw = literal.starts_with('r');
    let close = literal.rfind('"').unwrap_or(literal.len()).max(open);
    let (mut at, mut seen) = (open, 0);
    while at < close {
        let rest = &literal[at..close];
        let mut chars = rest.chars();
        let first = chars.next().map_or(1, char::len_utf8);
        let (length, is_character) = match chars.next() {
            Some(next) if rest.starts_with('\\') && !is_raw => match next {
                'x' => (4, true),
                'u' => (rest.find('}').map_or(2, |end| end + 1), true),
                '\n' | '\r' => (rest.len() - rest[1..].trim_start().len(), false),
                other => (1 + other.len_utf8(), true),
            },
            _ => (first, true),
        };
        if is_character && seen == index {
            return at;
        }
        seen += usize::from(is_character);
        at += length;
    }
    close
}

fn is_long(text: &str, node: &Node) -> bool {
    node.span.of(text).contains('\n')
}

fn short(text: &str, node: &Node) -> Range<usize> {
    if is_long(text, node) && node.group.is_some() { head(node) } else { node.span.range() }
}

/// A group's name and opening bracket, or the whole of a scalar.
pub(super) fn head(node: &Node) -> Range<usize> {
    match &node.group {
        Some(group) => node.span.start()..group.open + 1,
        None => node.span.range(),
    }
}

impl fmt::Display for Problem {
    /// One line: `line 3, column 5: lanes[0].clip: …; did you mean …?`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place {
            write!(f, "line {}, column {}: ", place.line, place.column)?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::in_literal;

    #[test]
    fn characters_of_a_literal_are_found_behind_escapes() {
        assert_eq!(in_literal("\"x + z\"", 4), 5);
        assert_eq!(in_literal(r#""a\n\u{e9}\x41b""#, 4), 14);
        assert_eq!(in_literal("\"a\\\n   b\"", 1), 7, "a continued line is no character");
        assert_eq!(in_literal("r#\"a\\b\"#", 2), 5);
        assert_eq!(in_literal("\"é²x\"", 2), 5);
        assert_eq!(in_literal("\"ab\"", 9), 3);
        assert_eq!(in_literal("\"", 3), 1);
    }
}
