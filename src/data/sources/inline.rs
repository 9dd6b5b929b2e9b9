//! Rows written in the experiment file itself.

use ndarray::Array2;

use crate::catalog::{Card, Chosen, Entry, Field, Form, Given, Kind, Value};
use crate::data::limits::check_size;
use crate::data::source::{Opener, SourceRow};
use crate::data::{DataError, Dataset, Sources, Targets};

use super::common::numbered;

pub(in crate::data) static ROW: SourceRow = SourceRow {
    entry: Entry {
        name: "Inline",
        label: "Own points",
        summary: "Rows written in the experiment itself, or painted with the mouse.",
        details: "Targets are numbers, one a row, or rows of numbers. Whole numbers from 0 to K − 1, \
                  each of them there, are classes for a loss that tells classes apart, and numbers \
                  for one that predicts numbers. (0 and 1 alone count as classes for both, and \
                  train alike.)",
        source: "",
        fields: &[
            Field {
                name: "rows",
                label: "Rows",
                meaning: "The features, one list a row, all of one length.",
                kind: Kind::Rows,
                default: Given::Nothing,
                live: false,
            },
            Field {
                name: "targets",
                label: "Targets",
                meaning: "What is to be predicted for each row: a class 0, 1, …, a number, or a list \
                          of numbers.",
                kind: Kind::Targets,
                default: Given::Nothing,
                live: false,
            },
        ],
        form: Form::Named,
        card: Some(&Card {
            equation: "the rows and targets as they are written",
            shines: "A question about a handful of points: what does one outlier do, where does the \
                boundary go if this point moves?",
            hurts: "Long lists make the experiment file hard to read; a table belongs into a CSV \
                file.",
            differs: "Whole numbers count as classes for a loss over classes and as numbers for one \
                over numbers; most libraries want to be told.",
            call: "X, y = np.array({rows}), np.array({targets})",
            numpy: "",
        }),
    },
    check,
    load,
};

fn check(source: &Chosen<Sources>) -> Result<(), DataError> {
    let (rows, targets) = (rows_of(source, "rows"), rows_of(source, "targets"));
    let problem = |field, found: String, allowed: &str| {
        Err(DataError::NotAllowed { field, found, allowed: allowed.to_owned() })
    };
    if rows.is_empty() || rows[0].is_empty() {
        return problem("rows", "none".to_owned(), "at least one row of at least one number");
    }
    if rows.len() != targets.len() {
        return problem(
            "targets",
            format!("{} targets", targets.len()),
            &format!("one target for each of the {} rows", rows.len()),
        );
    }
    if targets[0].is_empty() {
        return problem("targets", "empty lists".to_owned(), "at least one number a row");
    }
    check_size(Some("rows"), rows.len() as u64, rows[0].len() as u64)?;
    check_size(Some("targets"), rows.len() as u64, targets[0].len() as u64)
}

fn load(source: &Chosen<Sources>, _opener: &dyn Opener) -> Result<Dataset, DataError> {
    let features = matrix(rows_of(source, "rows"));
    let values = matrix(rows_of(source, "targets"));
    let names =
        if values.ncols() == 1 { vec!["y".to_owned()] } else { numbered("y", values.ncols()) };
    let values = Targets::Values { values, names };
    let targets = match values.to_classes() {
        Ok(classes) if every_class_occurs(&classes) => classes,
        _ => values,
    };
    let names = numbered("x", features.ncols());
    Dataset::new(source.entry().label.to_owned(), features, names, targets)
}

fn rows_of<'a>(source: &'a Chosen<Sources>, field: &str) -> &'a [Vec<f64>] {
    match source.get(field) {
        Some(Value::Rows(rows)) => rows,
        _ => &[],
    }
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(row, column)| rows[row][column])
}

fn every_class_occurs(targets: &Targets) -> bool {
    match targets {
        Targets::Values { .. } => false,
        Targets::Classes { labels, names } => {
            let mut seen = vec![false; names.len()];
            for &label in labels {
                seen[label] = true;
            }
            seen.len() > 1 && seen.iter().all(|seen| *seen)
        }
    }
}
