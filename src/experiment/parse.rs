//! Reading an experiment's text: `ron` reads it, and what `ron` refuses is said with path, place and
//! suggestion.
//!
//! Not here: whether the experiment makes sense ([`super::validate`]).

use ron::error::SpannedError;
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

use super::blame::shape_problem;
use super::problem::head;
use super::spans::{MAX_TEXT, Node, ScanError, quoted_bracket, scan};
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

fn syntax_problem(text: &str, error: &ScanError<'_>) -> Problem {
    let mut problem = Problem::new("", error.message.clone()).at(text, &error.range);
    problem.hint = error.opened.map(|(what, open)| {
        let place = Place::of(text, &(open..open + 1));
        let what = quoted_bracket(what);
        format!("{what} opened on line {}, column {} is still open", place.line, place.column)
    });
    if problem.hint.is_none() && !text.contains('(') {
        problem.hint = Some(
            "an experiment is a `( … )` with named fields: `downhill new FILE` writes one to start from"
                .to_owned(),
        );
    }
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
