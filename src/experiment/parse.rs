//! Reading an experiment's text: `ron` reads it, and what `ron` refuses is said with path, place and
//! suggestion.
//!
//! Not here: whether the experiment makes sense ([`super::validate`]).

use std::ops::Range;

use ron::error::{Error as RonError, SpannedError};
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

use crate::catalog::suggestion;

use super::problem::head;
use super::shape;
use super::spans::{MAX_TEXT, Node, ScanError, path_at, scan};
use super::{Experiment, Place, Problem, VERSION};

/// How RON is read and written: optional values without `Some`, `Learn(data: …)` without a second
/// pair of parentheses; neither needs a header in the file.
pub(super) fn options() -> ron::Options {
    ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
}

/// Reads an experiment.
///
/// # Errors
/// If the text is too large, is no RON, is of another version, or has another shape than an
/// experiment. Values out of range are read; [`super::check`] reports them.
pub fn parse(text: &str) -> Result<Experiment, Problem> {
    parse_with_tree(text).map(|(experiment, _)| experiment)
}

pub(super) fn parse_with_tree(text: &str) -> Result<(Experiment, Node), Problem> {
    if text.len() > MAX_TEXT {
        let mebibytes = text.len().div_ceil(1 << 20);
        return Err(Problem::new("", format!("the file has {mebibytes} MiB; at most 8 are read"))
            .hint("keep data in a CSV file and name it: `data: Csv(path: \"…\", target: \"…\")`"));
    }
    let root = scan(text).map_err(|error| syntax_problem(text, &error))?;
    version(text, &root)?;
    let experiment =
        options().from_str(text).map_err(|error| shape_problem(text, &root, &error))?;
    Ok((experiment, root))
}

/// Reads one value of a file, `Norm(1.0)`.
pub(super) fn parse_value<T: DeserializeOwned>(text: &str) -> Result<T, SpannedError> {
    options().from_str(text)
}

fn syntax_problem(text: &str, error: &ScanError) -> Problem {
    let mut problem = Problem::new("", error.message.clone()).at(text, &error.range);
    problem.hint = error.opened.map(|open| {
        let place = Place::of(text, &(open..open + 1));
        format!("it was opened on line {}, column {}", place.line, place.column)
    });
    problem
}

/// The version comes first: a newer file's unknown fields are not mistakes of its author.
fn version(text: &str, root: &Node) -> Result<(), Problem> {
    let Some(group) = &root.group else {
        return Err(Problem::new("", "this is not an experiment: it should be a `( … )`")
            .at(text, &root.span.range())
            .hint("`downhill new` writes one to start from"));
    };
    let Some(node) = group.get(text, "version") else {
        return Err(Problem::new("version", "the file does not say its version")
            .at(text, &head(root))
            .hint(format!("write `version: {VERSION},` as the first field")));
    };
    let written = node.span.of(text);
    let Ok(version) = written.parse::<u64>() else { return Ok(()) };
    if version == u64::from(VERSION) {
        return Ok(());
    }
    let (message, hint) = if version > u64::from(VERSION) {
        (
            format!("the file has version {version}; this program reads version {VERSION}"),
            "a newer Downhill wrote it and can read it",
        )
    } else {
        (
            format!("there is no version {version}; this program reads version {VERSION}"),
            "write `version: 1`",
        )
    };
    let mut problem = Problem::new("version", message).at(text, &node.span.range()).hint(hint);
    problem.found = Some(written.to_owned());
    problem.allowed = Some(VERSION.to_string());
    Err(problem)
}

fn shape_problem(text: &str, root: &Node, error: &SpannedError) -> Problem {
    let offset =
        |at: ron::error::Position| Place { line: at.line, column: at.col, length: 1 }.offset(text);
    let (start, end) = (offset(error.span.start), offset(error.span.end));
    let token = token_near(text, root, start, end);
    let path = path_at(text, root, token.start);
    let found = text[token.clone()].to_owned();
    let problem = |message: String| Problem::new(path.clone(), message).at(text, &token);
    match &error.code {
        RonError::NoSuchStructField { expected, found, .. } => {
            let (part, _) = parent_of(&path);
            problem(format!("{} has no field `{found}`", part_name(part)))
                .found(found.clone())
                .hint(suggestion(found, expected.iter().copied()))
        }
        RonError::NoSuchEnumVariant { expected, found, .. } => {
            problem(format!("{} cannot be `{found}`", field_name(&path)))
                .found(found.clone())
                .hint(suggestion(found, expected.iter().copied()))
        }
        RonError::DuplicateStructField { field, .. } => {
            problem(format!("`{field}` is given twice")).hint("leave one of them out")
        }
        RonError::MissingStructField { field, .. } => missing_field(text, root, end, field),
        RonError::Message(message) => {
            let (message, hint) = split_hint(message);
            Problem { hint, ..problem(message).found(found) }
        }
        other => match shape::allowed(&path)
            .map(str::to_owned)
            .or_else(|| allowed(text, root, &path))
        {
            Some(allowed) => Problem::not_allowed(path.clone(), found, allowed).at(text, &token),
            None => problem(lower_first(&other.to_string())).found(found),
        },
    }
}

/// Messages of the tables end in their suggestion: "there is no loss called `X`: did you mean `Y`?"
fn split_hint(message: &str) -> (String, Option<String>) {
    for start in [": did you mean ", ": known are "] {
        if let Some(at) = message.find(start) {
            return (message[..at].to_owned(), Some(message[at + 2..].to_owned()));
        }
    }
    (message.to_owned(), None)
}

fn lower_first(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

fn parent_of(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

fn part_name(part: &str) -> String {
    if part.is_empty() { "an experiment".to_owned() } else { format!("`{part}`") }
}

fn field_name(path: &str) -> String {
    if path.is_empty() { "this".to_owned() } else { format!("`{}`", shape::last_key(path)) }
}

fn missing_field(text: &str, root: &Node, end: usize, field: &str) -> Problem {
    let group = enclosing(root, end).unwrap_or(root);
    let path = path_at_head(text, root, group);
    let message = format!("{} needs its field `{field}`", part_name(&path));
    let path = if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") };
    let allowed = shape::allowed(&path).map(str::to_owned);
    Problem { allowed, ..Problem::new(path, message).at(text, &head(group)) }
}

/// What the table says a field of a choice takes.
fn allowed(text: &str, root: &Node, path: &str) -> Option<String> {
    let (parent, field) = parent_of(path);
    let walk = super::path::walk(text, root, parent).ok()?;
    let name = walk.node.group.as_ref()?.name?;
    let entry = shape::entry(shape::last_key(parent), name.of(text))?;
    Some(entry.field(field)?.kind.allowed())
}

/// The group whose closing bracket was just read, or is about to be.
fn enclosing(node: &Node, end: usize) -> Option<&Node> {
    let group = node.group.as_ref()?;
    if end <= group.open || end > group.close + 1 {
        return None;
    }
    let inner = group.items.iter().rev().find_map(|item| enclosing(&item.value, end));
    Some(inner.unwrap_or(node))
}

fn path_at_head(text: &str, root: &Node, node: &Node) -> String {
    if std::ptr::eq(root, node) { String::new() } else { path_at(text, root, node.span.start()) }
}

/// The key, scalar or group head that `ron` was reading when it stopped between the two bytes.
fn token_near(text: &str, root: &Node, start: usize, end: usize) -> Range<usize> {
    let mut tokens = Vec::new();
    collect_tokens(root, &mut tokens);
    let covering = |at: usize| tokens.iter().find(|t| t.start <= at && at < t.end);
    let before = |at: usize| tokens.iter().rev().find(|t| t.end <= at);
    let found = covering(start).or_else(|| covering(end)).or_else(|| before(end));
    found.cloned().unwrap_or_else(|| start.min(text.len())..end.min(text.len()).max(start))
}

fn collect_tokens(node: &Node, tokens: &mut Vec<Range<usize>>) {
    match &node.group {
        None => tokens.push(node.span.range()),
        Some(group) => {
            tokens.push(head(node));
            for item in &group.items {
                if let Some(key) = item.key {
                    tokens.push(key.range());
                }
                collect_tokens(&item.value, tokens);
            }
        }
    }
}
