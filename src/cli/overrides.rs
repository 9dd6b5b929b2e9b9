//! The changes a command line makes to an experiment before it runs: `--set` and the short forms.
//!
//! All of them are edits of the file's text, so that `experiment.ron` in a run's folder is exactly
//! what was trained.

use crate::experiment::{self, TextEdit, apply_edits};

use super::{Failure, RunArguments};

/// The text with all changes made, the short forms first, then each `--set` in turn.
pub(super) fn overridden(text: &str, arguments: &RunArguments) -> Result<String, Failure> {
    let mut text = text.to_owned();
    for (option, edits) in short_forms(&text, arguments) {
        text = edited(&text, &option, &edits)?;
    }
    for set in &arguments.set {
        let option = format!("--set {set}");
        let (path, value) = split(set).ok_or_else(|| {
            Failure::BadInput(format!("{option}: write it as PATH=VALUE, as in training.epochs=20"))
        })?;
        text = edited(&text, &option, &[TextEdit::set(path, value)])?;
    }
    Ok(text)
}

fn edited(text: &str, option: &str, edits: &[TextEdit]) -> Result<String, Failure> {
    apply_edits(text, edits).map_err(|error| Failure::BadInput(format!("{option}: {error}")))
}

/// The edits of each short form that was given. A text that cannot be read has no lanes to change;
/// what is wrong with it is said when it is checked.
fn short_forms(text: &str, arguments: &RunArguments) -> Vec<(String, Vec<TextEdit>)> {
    let Ok(experiment) = experiment::parse(text) else { return Vec::new() };
    let lanes = 0..experiment.lanes.len();
    let mut forms = Vec::new();
    let length = |name: &str, other: &str, n: u64| {
        let remove = TextEdit::remove(format!("training.{other}"));
        (
            format!("--{name} {n}"),
            vec![remove, TextEdit::set(format!("training.{name}"), n.to_string())],
        )
    };
    forms.extend(arguments.epochs.map(|n| length("epochs", "steps", n)));
    forms.extend(arguments.steps.map(|n| length("steps", "epochs", n)));
    if let Some(rate) = arguments.learning_rate {
        let edits = lanes
            .clone()
            .map(|i| TextEdit::set(format!("lanes[{i}].optimizer.learning_rate"), ron_number(rate)))
            .collect();
        forms.push((format!("--learning-rate {rate}"), edits));
    }
    if let Some(rows) = &arguments.batch_size {
        let mut edits = vec![TextEdit::set("training.batch_size", rows)];
        edits.extend(lanes.map(|i| TextEdit::remove(format!("lanes[{i}].batch_size"))));
        forms.push((format!("--batch-size {rows}"), edits));
    }
    forms
}

fn ron_number(x: f64) -> String {
    if x.is_nan() { "NaN".to_owned() } else { format!("{x:?}") }
}

/// `PATH` and `VALUE`, parted at the first `=` that stands outside quotes.
fn split(set: &str) -> Option<(&str, &str)> {
    let mut in_quotes = false;
    let at = set.find(|c| {
        in_quotes ^= c == '"';
        c == '=' && !in_quotes
    })?;
    let (path, value) = (set[..at].trim(), set[at + 1..].trim());
    (!path.is_empty() && !value.is_empty()).then_some((path, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_at_the_first_sign_outside_quotes() {
        assert_eq!(split("training.epochs=20"), Some(("training.epochs", "20")));
        assert_eq!(
            split("lanes[\"a=b\"].clip = Norm(1.0)"),
            Some(("lanes[\"a=b\"].clip", "Norm(1.0)"))
        );
        assert_eq!(split("name=\"a=b\""), Some(("name", "\"a=b\"")));
        for wrong in ["training.epochs", "=20", "training.epochs=", ""] {
            assert_eq!(split(wrong), None, "{wrong}");
        }
    }
}
