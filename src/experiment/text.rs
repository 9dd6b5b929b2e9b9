//! Writing an experiment: its values by `ron`, its layout by this file.
//!
//! The layout: what fits on a line of [`WIDTH`] characters stands on one line, everything else one
//! item a line, four spaces deeper; the experiment itself always one field a line.
//!
//! Invariant: reading what was written gives the same experiment, and writing that again the same
//! text.

use serde::Serialize;

use super::Experiment;
use super::parse::options;
use super::spans::{Group, Item, Node, scan};

/// How wide a line may get before its values are put on lines of their own.
const WIDTH: usize = 100;

/// The experiment as a text, in the canonical layout.
#[must_use]
pub fn to_text(experiment: &Experiment) -> String {
    let plain = literal(experiment);
    let Ok(root) = scan(&plain) else { return plain };
    let mut out = String::with_capacity(plain.len() * 2);
    match &root.group {
        Some(group) => broken(&plain, group, 0, &mut out),
        None => out.push_str(&plain),
    }
    out.push('\n');
    out
}

/// One value of an experiment as it is written in a file, on one line: what a
/// [`TextEdit`](super::TextEdit) takes.
#[must_use]
pub fn literal<T: Serialize>(value: &T) -> String {
    let plain = options()
        .to_string(value)
        .expect("the types of an experiment are numbers, texts, lists and structs, all writable");
    let Ok(root) = scan(&plain) else { return plain };
    let mut out = String::with_capacity(plain.len() + plain.len() / 8);
    inline(&plain, &root, &mut out);
    out
}

fn inline(text: &str, node: &Node, out: &mut String) {
    let Some(group) = &node.group else {
        out.push_str(node.span.of(text));
        return;
    };
    open(text, group, out);
    for (i, item) in group.items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        key(text, item, out);
        inline(text, &item.value, out);
    }
    close(text, group, out);
}

fn open(text: &str, group: &Group, out: &mut String) {
    out.push_str(group.name.map_or("", |name| name.of(text)));
    out.push_str(&text[group.open..=group.open]);
}

fn close(text: &str, group: &Group, out: &mut String) {
    out.push_str(&text[group.close..=group.close]);
}

fn key(text: &str, item: &Item, out: &mut String) {
    if let Some(key) = item.key {
        out.push_str(key.of(text));
        out.push_str(": ");
    }
}

/// One item a line.
fn broken(text: &str, group: &Group, depth: usize, out: &mut String) {
    open(text, group, out);
    if group.items.is_empty() {
        close(text, group, out);
        return;
    }
    out.push('\n');
    for item in &group.items {
        let line_start = out.len();
        indent(depth + 1, out);
        key(text, item, out);
        let value_start = out.len();
        inline(text, &item.value, out);
        // One more for the comma.
        let too_wide = out[line_start..].chars().count() + 1 > WIDTH;
        if let Some(inner) = item.value.group.as_ref().filter(|_| too_wide) {
            out.truncate(value_start);
            if is_flat(inner) {
                filled(text, inner, depth + 1, out);
            } else {
                broken(text, inner, depth + 1, out);
            }
        }
        out.push_str(",\n");
    }
    indent(depth, out);
    close(text, group, out);
}

/// A list of plain values, such as numbers.
fn is_flat(group: &Group) -> bool {
    group.items.iter().all(|item| item.key.is_none() && item.value.group.is_none())
}

/// As many items a line as fit.
fn filled(text: &str, group: &Group, depth: usize, out: &mut String) {
    open(text, group, out);
    let mut room = 0;
    for item in &group.items {
        let value = item.value.span.of(text);
        let length = value.chars().count() + 2;
        if length > room {
            out.push('\n');
            indent(depth + 1, out);
            room = WIDTH.saturating_sub(4 * (depth + 1));
        } else {
            out.push(' ');
        }
        out.push_str(value);
        out.push(',');
        room = room.saturating_sub(length);
    }
    out.push('\n');
    indent(depth, out);
    close(text, group, out);
}

fn indent(depth: usize, out: &mut String) {
    for _ in 0..depth {
        out.push_str("    ");
    }
}
