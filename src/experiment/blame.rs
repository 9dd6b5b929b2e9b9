//! What `ron` says of a text of the wrong shape, said with path, place, what is allowed, and a
//! suggestion.
//!
//! Invariant: the problem points at the key, value or bracket that `ron` stopped at; where the
//! tables know what a field takes, the message says it.

use std::ops::Range;

use ron::error::{Error as RonError, Position, SpannedError};

use crate::catalog::{Entry, Form, suggestion};

use super::path::walk;
use super::problem::head;
use super::shape;
use super::spans::{Node, path_at};
use super::{Place, Problem};

/// What other libraries call our fields.
const SHORT: [(&str, &str); 7] = [
    ("lr", "learning_rate"),
    ("wd", "weight_decay"),
    ("eps", "epsilon"),
    ("n_samples", "samples"),
    ("n_features", "features"),
    ("cluster_std", "std"),
    ("random_state", "seed"),
];

/// A text, its tree, and the token `ron` stopped at.
struct Scene<'t> {
    text: &'t str,
    root: &'t Node,
    token: Range<usize>,
    path: String,
}

pub(super) fn shape_problem(text: &str, root: &Node, error: &SpannedError) -> Problem {
    let offset = |at: Position| Place { line: at.line, column: at.col, length: 1 }.offset(text);
    let (start, end) = (offset(error.span.start), offset(error.span.end));
    let token = token_near(root, start, end);
    let scene = Scene { text, root, path: path_at(text, root, token.start), token };
    match &error.code {
        RonError::NoSuchStructField { expected, found, .. } => {
            scene.unknown(expected, found, |part| format!("{part} has no field `{found}`"))
        }
        RonError::NoSuchEnumVariant { expected, found, .. } => {
            let what = if shape::last_key(&scene.path) == "hidden" {
                "a hidden layer".to_owned()
            } else {
                field_name(&scene.path)
            };
            scene.unknown(expected, found, |_| format!("{what} cannot be `{found}`"))
        }
        RonError::DuplicateStructField { field, .. } => {
            scene.problem(format!("`{field}` is given twice")).hint("leave one of them out")
        }
        RonError::MissingStructField { field, .. } => scene.missing_field(end, field),
        RonError::Message(message) => scene.message(message, end),
        RonError::SuggestRawIdentifier(_) | RonError::InvalidIdentifier(_) => scene.no_name(),
        RonError::ExceededRecursionLimit => scene.problem("values are nested too deep".to_owned()),
        other => scene.wrong_value(other),
    }
}

impl Scene<'_> {
    fn found(&self) -> &str {
        &self.text[self.token.clone()]
    }

    fn problem(&self, message: String) -> Problem {
        // A name is marked without the bracket behind it.
        let name = self.found().trim_end_matches(|c: char| c == '(' || c.is_whitespace()).len();
        let end = if name > 0 { self.token.start + name } else { self.token.end };
        Problem::new(self.path.clone(), message).at(self.text, &(self.token.start..end))
    }

    fn node(&self, path: &str) -> Option<&Node> {
        let walk = walk(self.text, self.root, path).ok()?;
        walk.rest.is_empty().then_some(walk.node)
    }

    /// The name in front of the bracket at `path`.
    fn variant(&self, path: &str) -> Option<&str> {
        let name = self.node(path)?.group.as_ref()?.name?;
        Some(name.of(self.text))
    }

    /// The row of the table for the choice at `path`, written with or without brackets.
    fn entry(&self, path: &str) -> Option<&'static Entry> {
        let node = self.node(path)?;
        let name = match &node.group {
            Some(group) => group.name?,
            None => node.span,
        };
        shape::entry(shape::last_key(path), name.of(self.text))
    }

    /// How to speak of the part at `path`.
    fn part(&self, path: &str) -> String {
        match (path, shape::last_key(path)) {
            ("", _) => "an experiment".to_owned(),
            (_, "lanes") if path.ends_with(']') => "a lane".to_owned(),
            (_, "edits") if path.ends_with(']') => "an edit".to_owned(),
            _ => match self.variant(path) {
                Some(name) => name.to_owned(),
                None => format!("`{}`", shape::last_key(path)),
            },
        }
    }

    fn unknown(
        &self,
        expected: &[&'static str],
        found: &str,
        message: impl Fn(&str) -> String,
    ) -> Problem {
        if shape::is_planned(&self.path, found) {
            return self
                .problem(format!("`{found}` is not yet supported"))
                .found(found)
                .hint("leave it out");
        }
        let part = self.part(parent(&self.path));
        self.problem(message(&part)).found(found).hint(suggestion(found, expected.iter().copied()))
    }

    fn missing_field(&self, end: usize, field: &str) -> Problem {
        let group = enclosing(self.root, end).unwrap_or(self.root);
        let path = if std::ptr::eq(self.root, group) {
            String::new()
        } else {
            path_at(self.text, self.root, group.span.start())
        };
        let message = format!("{} needs its field `{field}`", self.part(&path));
        let path = if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") };
        let allowed = shape::allowed(&path).map(str::to_owned);
        Problem { allowed, ..Problem::new(path, message).at(self.text, &head(group)) }
    }

    /// What the tables and the schema say in their own words.
    fn message(&self, message: &str, end: usize) -> Problem {
        if message.starts_with("this field is not yet supported") {
            let range = self.node(&self.path).map_or(self.token.clone(), |node| node.span.range());
            let message = format!("{} is not yet supported", field_name(&self.path));
            return Problem::new(self.path.clone(), message)
                .at(self.text, &range)
                .hint("leave it out");
        }
        if message.starts_with("expected a whole number or") {
            return self.wrong_value(&RonError::ExpectedInteger);
        }
        if let Some((part, allowed)) = message.split_once(" needs its field `")
            && let Some((field, allowed)) = allowed.split_once("`: ")
        {
            let problem = self.missing_field(end, field);
            let message = format!("{part} needs its field `{field}`");
            return Problem { message, allowed: Some(allowed.to_owned()), ..problem };
        }
        let short = SHORT.iter().find(|(short, _)| *short == self.found());
        if let (Some((_, long)), Some(at)) = (short, message.find(": ")) {
            let problem = self.problem(message[..at].to_owned()).found(self.bare());
            return problem.hint(format!("did you mean `{long}`?"));
        }
        for (end, start) in [(": did you mean ", 2), (": known are ", 2), ("; available are ", 2)] {
            if let Some(at) = message.find(end) {
                let problem = self.problem(message[..at].to_owned());
                return problem.found(self.bare()).hint(&message[at + start..]);
            }
        }
        self.problem(message.to_owned()).found(self.bare())
    }

    /// The token without an opening bracket.
    fn bare(&self) -> &str {
        self.found().trim_end_matches(['(', ' ', '\n'])
    }

    /// Something stands where a field's name, or the name of a choice, should.
    fn no_name(&self) -> Problem {
        let found = self.found();
        let parent = parent(&self.path);
        if !self.path.ends_with(']') || parent == self.path {
            let message = format!("{} takes a name, not {found}", field_name(&self.path));
            return self.problem(message).found(found);
        }
        let group = &self.path[..self.path.rfind('[').unwrap_or(0)];
        let part = self.part(group);
        let problem = self
            .problem(format!("expected the name of a field of {part}, found {found}"))
            .found(found);
        let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let before = self.text[..self.token.start].trim_end();
        let decimal_comma = before.strip_suffix(',').is_some_and(|before| {
            before.ends_with(|c: char| c.is_ascii_digit()) && is_digits(found)
        });
        if decimal_comma {
            return problem.hint("decimals are written with a point, as in 0.05");
        }
        match self.entry(group).and_then(|entry| entry.fields.first()) {
            Some(field) => {
                problem.hint(format!("fields have names, as in `{}: {found}`", field.name))
            }
            None => problem.hint("fields are written as `name: value`"),
        }
    }

    /// A value of another sort than its field takes.
    fn wrong_value(&self, error: &RonError) -> Problem {
        let found = self.found();
        if let Some(entry) = self.entry(&self.path) {
            return self.wrong_brackets(entry);
        }
        let parent = parent(&self.path);
        let inside = self.entry(parent).or_else(|| {
            let list = self.path.strip_suffix(']')?;
            self.entry(&list[..list.rfind('[')?])
        });
        if let Some(entry) = inside {
            let field = match entry.form {
                Form::Named => entry.field(shape::last_key(&self.path)),
                Form::Positional => entry.fields.first(),
            };
            if entry.form == Form::Positional && self.node(&self.path).is_none_or(|_| self.is_key())
            {
                return self.one_value(entry);
            }
            if let Some(field) = field {
                let allowed = field.kind.allowed();
                return Problem::not_allowed(self.path.clone(), found, allowed)
                    .at(self.text, &self.token);
            }
        }
        match shape::allowed(&self.path) {
            Some(allowed) => {
                Problem::not_allowed(self.path.clone(), found, allowed).at(self.text, &self.token)
            }
            None => self.problem(lower_first(&error.to_string())).found(found),
        }
    }

    fn is_key(&self) -> bool {
        self.node(&self.path).is_some_and(|node| node.span.start() != self.token.start)
    }

    fn one_value(&self, entry: &Entry) -> Problem {
        let allowed = entry.fields.first().map_or_else(String::new, |f| f.kind.allowed());
        let message = format!("{} takes {allowed}, without a name", entry.name);
        let problem = self.problem(message).found(self.found());
        Problem { allowed: Some(allowed), ..problem }
    }

    /// A choice with brackets that it does not have, or without those it has.
    fn wrong_brackets(&self, entry: &Entry) -> Problem {
        let name = entry.name;
        if entry.form == Form::Positional {
            return self.one_value(entry).hint(format!("write `{name}(…)`"));
        }
        let (message, hint) = if entry.fields.is_empty() {
            (format!("{name} has no fields"), format!("write `{name}`, without parentheses"))
        } else if entry.fields.iter().any(|f| f.default == crate::catalog::Given::Nothing) {
            (format!("{name} has fields"), format!("write `{name}(…)`, with its fields"))
        } else {
            (format!("{name} has fields"), format!("write `{name}()`, with parentheses"))
        };
        self.problem(message).found(self.found()).hint(hint)
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

fn field_name(path: &str) -> String {
    if path.is_empty() { "this".to_owned() } else { format!("`{}`", shape::last_key(path)) }
}

fn lower_first(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// The innermost group whose closing bracket has not been read at the byte `end`.
fn enclosing(node: &Node, end: usize) -> Option<&Node> {
    let group = node.group.as_ref()?;
    if end <= group.open || end > group.close {
        return None;
    }
    let inner = group.items.iter().rev().find_map(|item| enclosing(&item.value, end));
    Some(inner.unwrap_or(node))
}

/// The key, scalar or group head that `ron` was reading when it stopped between the two bytes.
fn token_near(root: &Node, start: usize, end: usize) -> Range<usize> {
    let mut tokens = Vec::new();
    collect_tokens(root, &mut tokens);
    let covering = |at: usize| tokens.iter().find(|t| t.start <= at && at < t.end);
    let before = |at: usize| tokens.iter().rev().find(|t| t.end <= at);
    let found = covering(start).or_else(|| covering(end)).or_else(|| before(end));
    found.cloned().unwrap_or_else(|| head(root))
}

fn collect_tokens(node: &Node, tokens: &mut Vec<Range<usize>>) {
    let Some(group) = &node.group else {
        tokens.push(node.span.range());
        return;
    };
    tokens.push(head(node));
    for item in &group.items {
        tokens.extend(item.key.map(super::spans::Span::range));
        collect_tokens(&item.value, tokens);
    }
}
