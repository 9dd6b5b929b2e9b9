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

    pub(super) fn at(mut self, text: &str, range: &Range<usize>) -> Self {
        self.place = Some(Place::of(text, range));
        self
    }

    /// The same, placed in the text by its path: at the value, or at the nearest part that is there.
    pub(super) fn placed(self, text: &str, root: &Node) -> Self {
        let range = range_of(text, root, &self.path);
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
