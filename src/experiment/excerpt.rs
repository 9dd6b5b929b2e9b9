//! A problem shown in its text, for a terminal.
//!
//! ```text
//! error: `learning_rate` takes a number of at least 0, not -0.1
//!   --> my.ron:14:45
//!    |
//! 14 |     (name: "SGD", optimizer: Sgd(learning_rate: -0.1)),
//!    |                                                 ^^^^
//!    = at: lanes[0].optimizer.learning_rate
//!    = hint: …
//! ```
//!
//! Plain text, no colours: whoever prints it may add them.

use std::fmt::Write as _;

use super::{Place, Problem};

/// How much of a long line is shown.
const WIDTH: usize = 100;

/// The problem with the line of the text it is about, its characters marked.
#[must_use]
pub fn excerpt(text: &str, file_name: &str, problem: &Problem) -> String {
    let mut out = format!("error: {}\n", problem.message);
    let gutter = if let Some(place) = problem.place {
        marked_line(text, file_name, place, &mut out)
    } else {
        line(&mut out, &format!("  --> {file_name}"));
        1
    };
    let mut note = |label: &str, body: &str| {
        line(&mut out, &format!("{:gutter$} = {label}: {body}", ""));
    };
    if !problem.path.is_empty() {
        note("at", &problem.path);
    }
    if let Some(allowed) = problem.allowed.as_deref().filter(|a| !problem.message.contains(*a)) {
        note("allowed", allowed);
    }
    if let Some(hint) = &problem.hint {
        note("hint", hint);
    }
    out
}

fn line(out: &mut String, line: &str) {
    out.push_str(line.trim_end());
    out.push('\n');
}

/// Writes place, line and marks; gives the width of the line numbers.
fn marked_line(text: &str, file_name: &str, place: Place, out: &mut String) -> usize {
    let number = place.line.to_string();
    let gutter = number.len().max(1);
    let source = text.split('\n').nth(place.line - 1).unwrap_or("");
    let (shown, column) = window(source, place.column - 1);
    let room = shown.chars().count().saturating_sub(column).max(1);
    let marks = "^".repeat(place.length.min(room).max(1));
    line(out, &format!("{:gutter$}--> {file_name}:{}:{}", "", place.line, place.column));
    line(out, &format!("{:gutter$} |", ""));
    line(out, &format!("{number} | {shown}"));
    // Writing to a string cannot fail.
    writeln!(out, "{:gutter$} | {:column$}{marks}", "", "").unwrap_or_default();
    gutter
}

/// The part of a line around a column (from 0), with the column's place in it. Tabs become single
/// spaces, so that marks stand below what they mark.
fn window(source: &str, column: usize) -> (String, usize) {
    let plain: Vec<char> =
        source.trim_end().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let column = column.min(plain.len());
    if plain.len() <= WIDTH {
        return (plain.into_iter().collect(), column);
    }
    let start = column.saturating_sub(WIDTH / 2).min(plain.len() - WIDTH);
    let end = start + WIDTH;
    let before = if start > 0 { "…" } else { "" };
    let after = if end < plain.len() { "…" } else { "" };
    let shown: String = plain[start..end].iter().collect();
    (format!("{before}{shown}{after}"), column - start + before.chars().count())
}
