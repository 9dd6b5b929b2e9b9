//! Paths into the text of an experiment: `training.epochs`, `lanes[2].optimizer.beta2`,
//! `lanes.Adam.clip`, `lanes["Gradient descent"].init`.
//!
//! A step is a field's name, an index (`[2]` or `.2`), or the name of a lane (its `name` field).
//! The name of a variant is no step: `task.data.samples` goes through `Learn(…)` and `Blobs(…)`. An
//! index wins over a lane that is called `2`; `lanes["2"]` means the name.
//!
//! Not here: changing what is found ([`super::edit`]).

use super::spans::{Group, Node, Place, push_step, scan, string};

/// A path followed through a scanned text, as far as it goes.
#[derive(Debug)]
pub(super) struct Walk<'t, 'p> {
    /// The last value reached.
    pub(super) node: &'t Node,
    /// The groups passed, each with the position of the item taken.
    pub(super) parents: Vec<(&'t Node, usize)>,
    /// What of the path was not found; empty if all was.
    pub(super) rest: &'p str,
    /// The path walked, with indices for names.
    pub(super) canonical: String,
}

/// Why a path leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// The path itself is not written rightly.
    #[error("the path `{path}` cannot be read: {reason}")]
    Syntax {
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A list has fewer items.
    #[error("`{list}` has no item {index}: it has {length}, counted from 0")]
    OutOfRange {
        /// The list.
        list: String,
        /// What was asked for.
        index: usize,
        /// How many items it has.
        length: usize,
    },
    /// No item of the list has that name.
    #[error("`{list}` has nothing called `{name}`: {hint}")]
    NoSuchName {
        /// The list.
        list: String,
        /// What was asked for.
        name: String,
        /// A suggestion.
        hint: String,
    },
    /// Several items of the list match.
    #[error("`{name}` in `{list}` could be several; write an index, `{list}[0]`")]
    Ambiguous {
        /// The list.
        list: String,
        /// What was asked for.
        name: String,
    },
}

/// The place of the value at `path`, if the text can be scanned and holds it.
#[must_use]
pub fn place_of(text: &str, path: &str) -> Option<Place> {
    let root = scan(text).ok()?;
    let walk = walk(text, &root, path).ok()?;
    walk.rest.is_empty().then(|| Place::of(text, &walk.node.span.range()))
}

/// The value at `path` as it is written, if the text can be scanned and holds it.
#[must_use]
pub fn text_at<'t>(text: &'t str, path: &str) -> Option<&'t str> {
    let root = scan(text).ok()?;
    let walk = walk(text, &root, path).ok()?;
    walk.rest.is_empty().then(|| walk.node.span.of(text))
}

/// Follows `path` from `root` until it ends or names a field that is not there.
pub(super) fn walk<'t, 'p>(
    text: &str,
    root: &'t Node,
    path: &'p str,
) -> Result<Walk<'t, 'p>, PathError> {
    let mut walk = Walk { node: root, parents: Vec::new(), rest: path, canonical: String::new() };
    while !walk.rest.is_empty() {
        pass_some(text, &mut walk);
        let Some(group) = &walk.node.group else { break };
        let first = walk.parents.is_empty();
        let (found, rest) = if group.is_list(text) {
            list_step(text, group, &walk, path)?
        } else {
            match field_step(text, group, walk.rest, first, path)? {
                Some(step) => step,
                None => break,
            }
        };
        push_step(&mut walk.canonical, text, found, group.items[found].key);
        walk.parents.push((walk.node, found));
        walk.node = &group.items[found].value;
        walk.rest = rest;
    }
    Ok(walk)
}

/// `Some(x)` is `x`: the wrapping may be left out in a file, so that paths go through it. A path that
/// ends there means it whole.
fn pass_some(text: &str, walk: &mut Walk<'_, '_>) {
    while let Some(group) = &walk.node.group
        && group.name.is_some_and(|name| name.of(text) == "Some")
        && let [item] = group.items.as_slice()
        && item.key.is_none()
    {
        walk.parents.push((walk.node, 0));
        walk.node = &item.value;
    }
}

/// The next name of a path and what follows it: `("training", ".epochs")`.
pub(super) fn split_name<'p>(
    rest: &'p str,
    first: bool,
    path: &str,
) -> Result<(&'p str, &'p str), PathError> {
    let body = match rest.strip_prefix('.') {
        Some(body) => body,
        None if first || rest.starts_with('[') => rest,
        None => return Err(syntax(path, format!("expected `.` or `[` before `{rest}`"))),
    };
    if body.starts_with('[') {
        return Ok((body, ""));
    }
    let end = body.find(['.', '[']).unwrap_or(body.len());
    if end == 0 {
        return Err(syntax(path, "a name is missing".to_owned()));
    }
    Ok((&body[..end], &body[end..]))
}

fn syntax(path: &str, reason: String) -> PathError {
    PathError::Syntax { path: path.to_owned(), reason }
}

fn field_step<'p>(
    text: &str,
    group: &Group,
    rest: &'p str,
    first: bool,
    path: &str,
) -> Result<Option<(usize, &'p str)>, PathError> {
    if let Some((index, rest)) = bracket_index(rest, path)? {
        let fits = !group.has_keys() && index < group.items.len();
        return Ok(fits.then_some((index, rest)));
    }
    let (name, after) = split_name(rest, first, path)?;
    if let Some(at) = group.position(text, name) {
        return Ok(Some((at, after)));
    }
    if group.has_keys() {
        return Ok(None);
    }
    if let Ok(index) = name.parse::<usize>() {
        return Ok((index < group.items.len()).then_some((index, after)));
    }
    // The one field of `Norm(1.0)` is written without its name.
    let positional = group.name.is_some() && group.items.len() == 1;
    Ok(positional.then_some((0, after)))
}

/// `[12]` at the start of a path; `None` if there is no bracket.
fn bracket_index<'p>(rest: &'p str, path: &str) -> Result<Option<(usize, &'p str)>, PathError> {
    let Some(body) = rest.strip_prefix('.').unwrap_or(rest).strip_prefix('[') else {
        return Ok(None);
    };
    if body.starts_with('"') {
        return Ok(None);
    }
    let Some((inside, after)) = body.split_once(']') else {
        return Err(syntax(path, "`[` is not closed".to_owned()));
    };
    match inside.trim().parse() {
        Ok(index) => Ok(Some((index, after))),
        Err(_not_a_number) => {
            Err(syntax(path, format!("`[{inside}]` is neither an index nor a name in quotes")))
        }
    }
}

fn list_step<'p>(
    text: &str,
    group: &Group,
    walk: &Walk<'_, 'p>,
    path: &str,
) -> Result<(usize, &'p str), PathError> {
    let rest = walk.rest;
    let list = if walk.canonical.is_empty() { "the list" } else { walk.canonical.as_str() };
    let in_range = |index: usize, after: &'p str| {
        let length = group.items.len();
        if index < length {
            Ok((index, after))
        } else {
            Err(PathError::OutOfRange { list: list.to_owned(), index, length })
        }
    };
    if let Some((index, after)) = bracket_index(rest, path)? {
        return in_range(index, after);
    }
    let body = rest.strip_prefix('.').unwrap_or(rest);
    if let Some(quoted) = body.strip_prefix('[') {
        let (name, after) = quoted_name(quoted, path)?;
        return by_name(text, group, list, |candidate| candidate == name, &name)
            .map(|index| (index, after));
    }
    let (segment, after) = split_name(rest, walk.parents.is_empty(), path)?;
    if let Ok(index) = segment.parse::<usize>() {
        return in_range(index, after);
    }
    // A name may itself hold dots: it is compared with all that is left of the path.
    let starts = |candidate: &str| {
        !candidate.is_empty()
            && body
                .strip_prefix(candidate)
                .is_some_and(|after| after.is_empty() || after.starts_with(['.', '[']))
    };
    let index = by_name(text, group, list, starts, segment)?;
    let length = item_name(text, &group.items[index].value).map_or(0, |name| name.len());
    Ok((index, &body[length..]))
}

fn quoted_name<'p>(quoted: &'p str, path: &str) -> Result<(String, &'p str), PathError> {
    let unclosed = || syntax(path, "the name in quotes is not closed".to_owned());
    let mut escaped = false;
    let end = quoted.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let (end, _) = end.ok_or_else(unclosed)?;
    let name = string(&quoted[..=end]).ok_or_else(unclosed)?;
    let after = quoted[end + 1..].trim_start().strip_prefix(']').ok_or_else(unclosed)?;
    Ok((name, after))
}

fn by_name(
    text: &str,
    group: &Group,
    list: &str,
    matches: impl Fn(&str) -> bool,
    asked: &str,
) -> Result<usize, PathError> {
    let names: Vec<Option<String>> =
        group.items.iter().map(|item| item_name(text, &item.value)).collect();
    let mut found = (0..names.len()).filter(|&i| names[i].as_deref().is_some_and(&matches));
    match (found.next(), found.next()) {
        (Some(index), None) => Ok(index),
        (Some(_), Some(_)) => {
            Err(PathError::Ambiguous { list: list.to_owned(), name: asked.to_owned() })
        }
        (None, _) => {
            let known: Vec<&str> = names.iter().flatten().map(String::as_str).collect();
            let hint = if known.is_empty() {
                "its items have no names; write an index".to_owned()
            } else {
                crate::catalog::suggestion(asked, known)
            };
            Err(PathError::NoSuchName { list: list.to_owned(), name: asked.to_owned(), hint })
        }
    }
}

/// The `name` of a list's item: `"Adam"` of `(name: "Adam", …)`.
fn item_name(text: &str, node: &Node) -> Option<String> {
    let group = node.group.as_ref()?;
    string(group.get(text, "name")?.span.of(text))
}
