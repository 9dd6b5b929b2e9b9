//! Changing the text of an experiment in place: one value, field or list item at a time, keeping
//! the user's layout and comments.
//!
//! Invariant: bytes outside the value, field or item that is edited are kept, comments included. An
//! item takes the comment behind it on its own line with it; comments on lines above it stay when
//! it is removed and go along when it is moved. The result can be scanned again. Whether it still
//! makes an experiment is for [`super::check`] to say.

use std::ops::Range;

use super::path::{PathError, Walk, split_name, walk};
use super::shape;
use super::spans::{Group, Item, ScanError, scan, scan_value, skip_space};

/// One change of a text. Paths are those of [`place_of`](super::place_of).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextEdit {
    /// Replaces a value, or adds a field that is not there yet.
    Set {
        /// Which value: `training.epochs`.
        path: String,
        /// The new value, as it is written in a file.
        value: String,
    },
    /// Removes a field or a list item. A field that is not there is no error.
    Remove {
        /// Which field or item: `lanes[1]`, `training.seed`.
        path: String,
    },
    /// Adds an item to a list; the list is created if it is not there.
    Insert {
        /// The list: `lanes`.
        path: String,
        /// The position the item will have; beyond the end is at the end.
        index: usize,
        /// The item, as it is written in a file.
        value: String,
    },
    /// Moves an item within its list.
    Move {
        /// The list: `lanes`.
        path: String,
        /// Where the item is.
        from: usize,
        /// The position it will have.
        to: usize,
    },
}

impl TextEdit {
    /// What it changes: the value, or the list an item is put into or moved in.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Set { path, .. }
            | Self::Remove { path }
            | Self::Insert { path, .. }
            | Self::Move { path, .. } => path,
        }
    }

    /// Replaces or adds the value at `path`.
    pub fn set(path: impl Into<String>, value: impl Into<String>) -> Self {
        Self::Set { path: path.into(), value: value.into() }
    }

    /// Removes the field or item at `path`.
    pub fn remove(path: impl Into<String>) -> Self {
        Self::Remove { path: path.into() }
    }

    /// Adds `value` to the list at `path`.
    pub fn insert(path: impl Into<String>, index: usize, value: impl Into<String>) -> Self {
        Self::Insert { path: path.into(), index, value: value.into() }
    }
}

/// Why a text could not be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The text to be changed is no RON.
    #[error("the experiment's text cannot be read: {0}")]
    Text(String),
    /// The new value is no RON value.
    #[error("`{value}` for `{path}` is not a value: {reason}")]
    Value {
        /// Where it should go.
        path: String,
        /// The value.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The path leads nowhere.
    #[error(transparent)]
    Path(#[from] PathError),
    /// The path goes through something that is not there and cannot be made up.
    #[error("`{missing}` is not in the file, so nothing inside it can be set; set it as a whole")]
    Missing {
        /// The part that is missing.
        missing: String,
    },
    /// The path goes through a value without fields.
    #[error("`{path}` is `{found}`, which has no fields; set it as a whole")]
    NoFields {
        /// The value's path.
        path: String,
        /// The value.
        found: String,
    },
    /// The edit needs a list and found something else.
    #[error("`{path}` is not a list")]
    NotAList {
        /// The path.
        path: String,
    },
}

/// Applies edits to a text, one after the other.
///
/// # Errors
/// If the text or a value is no RON, or a path leads nowhere. Then nothing is changed.
pub fn apply_edits(text: &str, edits: &[TextEdit]) -> Result<String, EditError> {
    let mut text = text.to_owned();
    for edit in edits {
        text = apply(&text, edit)?;
    }
    Ok(text)
}

fn apply(text: &str, edit: &TextEdit) -> Result<String, EditError> {
    match edit {
        TextEdit::Set { path, value } => set(text, path, trimmed(path, value)?),
        TextEdit::Remove { path } => remove(text, path),
        TextEdit::Insert { path, index, value } => {
            insert(text, path, *index, trimmed(path, value)?)
        }
        TextEdit::Move { path, from, to } => move_item(text, path, *from, *to),
    }
}

fn unreadable(error: ScanError<'_>) -> EditError {
    EditError::Text(error.message)
}

/// The value without white space and comments around it.
fn trimmed<'v>(path: &str, value: &'v str) -> Result<&'v str, EditError> {
    match scan_value(value) {
        Ok(node) => Ok(node.span.of(value)),
        Err(error) => Err(EditError::Value {
            path: path.to_owned(),
            value: value.to_owned(),
            reason: error.message,
        }),
    }
}

fn spliced(text: &str, range: Range<usize>, with: &str) -> String {
    let mut out = String::with_capacity(text.len() + with.len());
    out.push_str(&text[..range.start]);
    out.push_str(with);
    out.push_str(&text[range.end..]);
    out
}

fn set(text: &str, path: &str, value: &str) -> Result<String, EditError> {
    let root = scan(text).map_err(unreadable)?;
    let walk = walk(text, &root, path)?;
    if walk.rest.is_empty() {
        return Ok(spliced(text, walk.node.span.range(), value));
    }
    add_field(text, &walk, path, value)
}

/// Adds what is left of the walk's path as a new field of the last group reached.
fn add_field(text: &str, walk: &Walk, path: &str, value: &str) -> Result<String, EditError> {
    let mut names = Vec::new();
    let mut rest = walk.rest;
    while !rest.is_empty() {
        let first = names.is_empty() && walk.parents.is_empty();
        let (name, after) = split_name(rest, first, path)?;
        if name.starts_with('[') {
            return Err(missing(walk, &names));
        }
        names.push(name);
        rest = after;
    }
    let Some(group) = &walk.node.group else {
        return Err(EditError::NoFields {
            path: walk.canonical.clone(),
            found: walk.node.span.of(text).to_owned(),
        });
    };
    if group.is_list(text) || (!group.has_keys() && !group.items.is_empty()) {
        return Err(EditError::NoFields {
            path: walk.canonical.clone(),
            found: walk.node.span.of(text).to_owned(),
        });
    }
    if let Some(begun) = names[..names.len() - 1].iter().position(|key| !shape::may_be_begun(key)) {
        return Err(missing(walk, &names[..=begun]));
    }
    let mut new = value.to_owned();
    for (depth, name) in names.iter().enumerate().rev() {
        new = if depth == 0 { format!("{name}: {new}") } else { format!("({name}: {new})") };
    }
    let variant = group.name.map(|name| name.of(text));
    let at = place_in_order(text, group, names[0], shape::fields(&walk.canonical, variant));
    Ok(insert_item(text, group, at, &new))
}

fn missing(walk: &Walk, names: &[&str]) -> EditError {
    let mut missing = walk.canonical.clone();
    for name in names {
        if !missing.is_empty() {
            missing.push('.');
        }
        missing.push_str(name);
    }
    EditError::Missing { missing }
}

/// Where a new field goes: behind the last field that the format puts before it.
fn place_in_order(
    text: &str,
    group: &Group,
    name: &str,
    order: Option<Vec<&'static str>>,
) -> usize {
    let order = order.unwrap_or_default();
    let Some(rank) = order.iter().position(|n| *n == name) else { return group.items.len() };
    let earlier = |item: &Item| {
        let key = item.key.map_or("", |key| key.of(text));
        order.iter().position(|n| *n == key).is_some_and(|r| r < rank)
    };
    group.items.iter().rposition(earlier).map_or(0, |at| at + 1)
}

fn insert(text: &str, path: &str, index: usize, value: &str) -> Result<String, EditError> {
    let root = scan(text).map_err(unreadable)?;
    let walk = walk(text, &root, path)?;
    if !walk.rest.is_empty() {
        return add_field(text, &walk, path, &format!("[{value}]"));
    }
    match &walk.node.group {
        Some(group) if group.is_list(text) => {
            Ok(insert_item(text, group, index.min(group.items.len()), value))
        }
        _ => Err(EditError::NotAList { path: walk.canonical }),
    }
}

/// The white space in front of `at`, if nothing but white space stands before it on its line.
fn indent_of(text: &str, at: usize) -> Option<&str> {
    let line_start = text[..at].rfind('\n')? + 1;
    let indent = &text[line_start..at];
    indent.chars().all(|c| c == ' ' || c == '\t').then_some(indent)
}

/// The end of the line of `from`, if only white space and comments stand on the rest of it.
fn end_of_own_line(text: &str, from: usize) -> Option<usize> {
    let end = text[from..].find('\n').map_or(text.len(), |n| from + n);
    let next = skip_space(text, from);
    if next < end {
        return None;
    }
    // A block comment that begins on this line and ends on a later one is not taken apart.
    let own = text[from..end].trim_end_matches('\r');
    let opens = own.find("/*").filter(|&at| !own[..at].contains("//"));
    if opens.is_some_and(|at| !own[at..].contains("*/")) {
        return None;
    }
    Some(from + own.len())
}

fn insert_item(text: &str, group: &Group, index: usize, new: &str) -> String {
    let Some(last) = group.items.last() else {
        let start = group.open + 1;
        let space = if start == group.close { "" } else { " " };
        return spliced(text, start..start, &format!("{new}{space}"));
    };
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    // Items that begin a line show how the group is laid out.
    let indent = group.items.iter().rev().find_map(|item| indent_of(text, item.start()));
    if index == 0 {
        let first = &group.items[0];
        return match (indent_of(text, first.start()), end_of_own_line(text, group.open + 1)) {
            (Some(indent), Some(at)) => spliced(text, at..at, &format!("{newline}{indent}{new},")),
            _ => spliced(text, first.start()..first.start(), &format!("{new}, ")),
        };
    }
    let before = &group.items[index - 1];
    let is_last = index == group.items.len();
    let comma = if is_last && last.comma().is_none() { "" } else { "," };
    let after = before.comma().map_or(before.end(), |at| at + 1);
    let own_line = indent.and_then(|indent| Some((indent, end_of_own_line(text, after)?)));
    match (own_line, before.comma()) {
        (Some((indent, end)), Some(_)) => {
            spliced(text, end..end, &format!("{newline}{indent}{new}{comma}"))
        }
        (Some((indent, end)), None) => {
            let text = spliced(text, end..end, &format!("{newline}{indent}{new}"));
            spliced(&text, before.end()..before.end(), ",")
        }
        (None, Some(_)) => spliced(text, after..after, &format!(" {new}{comma}")),
        (None, None) => match indent.filter(|_| starts_own_line(text, before)) {
            Some(indent) => spliced(text, after..after, &format!(",{newline}{indent}{new}")),
            None => spliced(text, after..after, &format!(", {new}")),
        },
    }
}

fn starts_own_line(text: &str, item: &Item) -> bool {
    indent_of(text, item.start()).is_some()
}

fn remove(text: &str, path: &str) -> Result<String, EditError> {
    let root = scan(text).map_err(unreadable)?;
    let walk = walk(text, &root, path)?;
    if !walk.rest.is_empty() {
        return Ok(text.to_owned());
    }
    let Some((parent, index)) = walk.parents.last() else {
        return Err(EditError::Missing { missing: path.to_owned() });
    };
    let Some(group) = &parent.group else { return Ok(text.to_owned()) };
    Ok(remove_item(text, group, *index))
}

fn remove_item(text: &str, group: &Group, index: usize) -> String {
    let item = &group.items[index];
    let after = item.comma().map_or(item.end(), |at| at + 1);
    let is_last = index + 1 == group.items.len();
    // Without a comma behind it, the one before it would be left over.
    let left_over = group.items[..index]
        .last()
        .and_then(Item::comma)
        .filter(|_| is_last && item.comma().is_none());
    let line = indent_of(text, item.start()).zip(end_of_own_line(text, after));
    let range = if let Some((indent, end)) = line {
        let start = item.start() - indent.len();
        let end = end + text[end..].find('\n').map_or(0, |n| n + 1);
        start..end.max(after)
    } else if is_last {
        let behind = text[..item.start()].trim_end_matches([' ', '\t']).len();
        // A line comment before the item must not swallow what follows it.
        let start = if text[..behind].ends_with('\n') { item.start() } else { behind };
        start.max(group.open + 1).max(left_over.map_or(0, |at| at + 1))..after
    } else {
        let blank = text[after..].len() - text[after..].trim_start_matches([' ', '\t']).len();
        item.start()..after + blank
    };
    let text = spliced(text, range, "");
    match left_over {
        Some(at) => spliced(&text, at..at + 1, ""),
        None => text,
    }
}

fn move_item(text: &str, path: &str, from: usize, to: usize) -> Result<String, EditError> {
    let root = scan(text).map_err(unreadable)?;
    let walk = walk(text, &root, path)?;
    let group = match &walk.node.group {
        Some(group) if walk.rest.is_empty() && group.is_list(text) => group,
        _ => return Err(EditError::NotAList { path: path.to_owned() }),
    };
    let length = group.items.len();
    if from >= length || to >= length {
        let (list, index) = (walk.canonical.clone(), from.max(to));
        return Err(PathError::OutOfRange { list, index, length }.into());
    }
    let mut order: Vec<usize> = (0..length).collect();
    let moved = order.remove(from);
    order.insert(to, moved);
    Ok(match own_chunks(text, group) {
        Some(chunks) => reordered_lines(text, group, &chunks, &order),
        None => reordered_values(text, group, &order),
    })
}

/// The list's items as runs of whole lines, with the comments above and behind them; `None` if
/// items share lines.
fn own_chunks(text: &str, group: &Group) -> Option<Vec<Range<usize>>> {
    let mut start = end_of_own_line(text, group.open + 1)?;
    let mut chunks = Vec::with_capacity(group.items.len());
    for item in &group.items {
        indent_of(text, item.start())?;
        let after = item.comma().map_or(item.end(), |at| at + 1);
        let end = end_of_own_line(text, after)?;
        chunks.push(start..end);
        start = end;
    }
    Some(chunks)
}

fn reordered_lines(text: &str, group: &Group, chunks: &[Range<usize>], order: &[usize]) -> String {
    let (Some(first), Some(last)) = (chunks.first(), chunks.last()) else {
        return text.to_owned();
    };
    let trailing = group.items.last().is_some_and(|item| item.comma().is_some());
    let mut new = String::new();
    for (position, &index) in order.iter().enumerate() {
        let (item, chunk) = (&group.items[index], &chunks[index]);
        new.push_str(&text[chunk.start..item.end()]);
        if position + 1 < order.len() || trailing {
            new.push(',');
        }
        match item.comma() {
            Some(comma) => {
                new.push_str(&text[item.end()..comma]);
                new.push_str(&text[comma + 1..chunk.end]);
            }
            None => new.push_str(&text[item.end()..chunk.end]),
        }
    }
    spliced(text, first.start..last.end, &new)
}

fn reordered_values(text: &str, group: &Group, order: &[usize]) -> String {
    let mut out = text.to_owned();
    for (position, &index) in order.iter().enumerate().rev() {
        let (slot, source) = (&group.items[position], &group.items[index]);
        out = spliced(&out, slot.start()..slot.end(), &text[source.start()..source.end()]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, edit: TextEdit, expected: &str) {
        let edited = apply_edits(text, &[edit]).expect("the edit applies");
        assert_eq!(edited, expected);
    }

    fn set(path: &str, value: &str) -> TextEdit {
        TextEdit::set(path, value)
    }

    const TWO: &str = "(version: 1, // v
    lanes: [
        // plain
        (name: \"SGD\", optimizer: Sgd(learning_rate: 0.1)), // slow
        (name: \"Adam 0.1\", optimizer: Adam(/* all defaults */)),
    ],
)";

    #[test]
    fn a_value_is_replaced_and_nothing_else() {
        check(
            "(a: 1, // one\n b: X(c: [1, 2]))",
            set("b.c[1]", "7"),
            "(a: 1, // one\n b: X(c: [1, 7]))",
        );
        let edited = apply_edits(TWO, &[set("lanes.SGD.optimizer.learning_rate", "0.5")]);
        assert_eq!(edited, Ok(TWO.replace("learning_rate: 0.1", "learning_rate: 0.5")));
        check("(a: Some(1))", set("a", "None"), "(a: None)");
        check("(a: Some(X(b: 1)))", set("a.b", "2"), "(a: Some(X(b: 2)))");
        check("(c: Norm(1.0))", set("c.max", "2.0"), "(c: Norm(2.0))");
    }

    #[test]
    fn a_missing_field_follows_the_layout_and_the_order() {
        check("(version: 1)", set("name", "\"x\""), "(version: 1, name: \"x\")");
        check("(version: 1,)", set("name", "\"x\""), "(version: 1, name: \"x\",)");
        check("(lanes: [])", set("version", "1"), "(version: 1, lanes: [])");
        check("(version: 1)", set("training.seed", "3"), "(version: 1, training: (seed: 3))");
        check(
            "(\n    version: 1, // v\n    lanes: [], // l\n)",
            set("name", "\"x\""),
            "(\n    version: 1, // v\n    name: \"x\",\n    lanes: [], // l\n)",
        );
        check(
            "(\n    // first\n    lanes: [] // l\n)",
            set("version", "1"),
            "(\n    version: 1,\n    // first\n    lanes: [] // l\n)",
        );
        check(
            "(\n    version: 1,\n    lanes: [] // l\n)",
            set("view.pace", "2.0"),
            "(\n    version: 1,\n    lanes: [], // l\n    view: (pace: 2.0)\n)",
        );
        check(
            "(version: 1,\n lanes: [])",
            set("view", "()"),
            "(version: 1,\n lanes: [],\n view: ())",
        );
    }

    #[test]
    fn lanes_are_found_by_index_and_by_name() {
        for path in ["lanes[1]", "lanes.1", "lanes.Adam 0.1", "lanes[\"Adam 0.1\"]"] {
            let edited = apply_edits(TWO, &[set(&format!("{path}.color"), "3")]);
            let expected = TWO.replace("defaults */)", "defaults */), color: 3");
            assert_eq!(edited, Ok(expected), "{path}");
        }
        let edited = apply_edits(TWO, &[set("lanes.1.optimizer.beta1", "0.8")]);
        assert_eq!(edited, Ok(TWO.replace("(/* all", "(beta1: 0.8 /* all")));
        let error = apply_edits(TWO, &[set("lanes.SDG.color", "3")]).unwrap_err();
        assert!(error.to_string().contains("did you mean `SGD`?"), "{error}");
        let error = apply_edits(TWO, &[set("lanes.2.color", "3")]).unwrap_err();
        assert_eq!(error.to_string(), "`lanes` has no item 2: it has 2, counted from 0");
    }

    #[test]
    fn what_cannot_be_made_up_is_refused() {
        let error = apply_edits(TWO, &[set("lanes.SGD.clip.max_norm", "1.0")]).unwrap_err();
        assert_eq!(error, EditError::Missing { missing: "lanes[0].clip".into() });
        let error = apply_edits("(init: Zeros)", &[set("init.low", "1.0")]).unwrap_err();
        assert_eq!(error, EditError::NoFields { path: "init".into(), found: "Zeros".into() });
        for value in ["", "1 2", "(", "1, b: 2", "// x", "1 // x\n)"] {
            let error = apply_edits(TWO, &[set("version", value)]).unwrap_err();
            assert!(matches!(error, EditError::Value { .. }), "{value:?}: {error}");
        }
        for path in ["lanes[", "lanes[x]", "lanes..a", "lanes[\"a", ".", "a]b.", "lanes[0]x"] {
            assert!(apply_edits(TWO, &[set(path, "1")]).is_err(), "{path}");
        }
    }

    #[test]
    fn removing_takes_the_comma_and_the_comment_on_the_line() {
        check("(a: 1, b: 2, c: 3)", TextEdit::remove("b"), "(a: 1, c: 3)");
        check("(a: 1, b: 2)", TextEdit::remove("b"), "(a: 1)");
        check("(a: 1, b: 2,)", TextEdit::remove("b"), "(a: 1,)");
        check("(a: 1)", TextEdit::remove("a"), "()");
        check("(a: Some(1), b: 2)", TextEdit::remove("a"), "(b: 2)");
        check("(a: 1)", TextEdit::remove("b"), "(a: 1)");
        check(
            "(\n  a: 1, // one\n  // of b\n  b: 2 // two\n)",
            TextEdit::remove("b"),
            "(\n  a: 1 // one\n  // of b\n)",
        );
        check("[1, // c\n 2]", TextEdit::remove("1"), "[1 // c\n ]");
        check("(a: 1, /* k */ b: 2)", TextEdit::remove("b"), "(a: 1 /* k */)");
    }

    #[test]
    fn list_items_are_inserted_and_moved() {
        let insert = |index| TextEdit::insert("l", index, "9");
        check("(l: [])", insert(4), "(l: [9])");
        check("(l: [1, 2])", insert(0), "(l: [9, 1, 2])");
        check("(l: [1, 2])", insert(1), "(l: [1, 9, 2])");
        check("(l: [1, 2])", insert(2), "(l: [1, 2, 9])");
        check("()", insert(0), "(l: [9])");
        check("(l: [\n  1, // a\n  2\n])", insert(1), "(l: [\n  1, // a\n  9,\n  2\n])");
        check("(l: [\n  1, // a\n  2 // b\n])", insert(2), "(l: [\n  1, // a\n  2, // b\n  9\n])");
        let swap = |from, to| TextEdit::Move { path: "l".into(), from, to };
        check("(l: [1, 2, 3])", swap(0, 2), "(l: [2, 3, 1])");
        check(
            "(l: [\n  1, // a\n  // of 2\n  2, // b\n  3 // c\n])",
            swap(1, 2),
            "(l: [\n  1, // a\n  3, // c\n  // of 2\n  2 // b\n])",
        );
        assert!(apply_edits("(l: [1])", &[swap(0, 1)]).is_err());
        assert!(apply_edits("(l: 1)", &[insert(0)]).is_err());
    }
}
