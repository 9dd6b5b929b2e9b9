//! Making a dataset of a table: numbers as they are, texts as one column a category, targets as
//! classes or values.
//!
//! Which targets are classes, if `kind` does not say: texts always; whole numbers if there are just two
//! different ones, or at most twenty that come three times each on average. All else is values.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2};

use crate::catalog::did_you_mean;
use crate::data::limits::check_size;
use crate::data::{DataError, Dataset, Targets};

use super::cells::{Cells, counted, read};
use super::columns::{Content, categories, content, is_missing, not_a_number, parse};

/// The most categories a text column may have as a feature.
const MAX_CATEGORIES: usize = 100;

/// The most classes a target column may have.
const MAX_CLASSES: usize = 1000;

/// The most different whole numbers that are taken for classes without being told.
const MAX_NUMBERED_CLASSES: usize = 20;

/// How many columns an error lists.
const MAX_LISTED: usize = 20;

/// What is done about missing values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::data) enum Missing {
    /// Rows with a missing value are left out.
    DropRows,
    /// A number becomes the column's mean, a text its most frequent one; rows without a target are
    /// left out.
    Fill,
}

/// What the target column is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::data) enum TargetKind {
    /// As its cells look.
    Auto,
    /// A class a different value.
    Classes,
    /// Numbers.
    Values,
}

/// How a table becomes a dataset.
#[derive(Debug)]
pub(in crate::data) struct TableOptions<'a> {
    /// What the dataset is called.
    pub(in crate::data) name: &'a str,
    /// What errors call the file.
    pub(in crate::data) path: &'a str,
    /// The column to be predicted.
    pub(in crate::data) target: &'a str,
    /// Columns that are left out, separated by commas.
    pub(in crate::data) ignore: &'a str,
    /// What is done about missing values.
    pub(in crate::data) missing: Missing,
    /// What the target is read as.
    pub(in crate::data) kind: TargetKind,
}

/// Reads a table and makes a dataset of it.
pub(in crate::data) fn dataset(
    reader: impl std::io::Read,
    options: &TableOptions,
) -> Result<Dataset, DataError> {
    let cells = read(reader, options.path, usize::MAX)?;
    let target = column_called(&cells, options.target)
        .map_err(|hint| DataError::NoSuchColumn { name: options.target.to_owned(), hint })?;
    let columns = feature_columns(&cells, target, options.ignore)?;
    let rows = kept_rows(&cells, target, &columns, options.missing);
    if rows.is_empty() {
        return Err(DataError::NoRows { dropped: cells.rows() as u64 });
    }
    let (names, features) = features(&cells, &columns, &rows)?;
    let targets = targets(&cells, target, &rows, options.kind)?;
    let made = Dataset::new(options.name.to_owned(), features, names, targets)?;
    Ok(Dataset { left_out: cells.rows() - rows.len(), ..made })
}

/// The column of that name; else a hint.
fn column_called(cells: &Cells, name: &str) -> Result<usize, String> {
    let place = cells.headers.iter().position(|header| header == name);
    place.ok_or_else(|| {
        let known = || cells.headers.iter().map(String::as_str);
        if let Some(header) = did_you_mean(name, known().filter(|header| header.len() > 2)) {
            return format!("did you mean `{header}`?");
        }
        let more = if cells.columns() > MAX_LISTED { ", …" } else { "" };
        let listed: Vec<&str> = known().take(MAX_LISTED).collect();
        format!("its columns are {}{more}", listed.join(", "))
    })
}

/// The columns that become features, with what they hold: all but the target, those to be ignored and
/// those without any value.
fn feature_columns(
    cells: &Cells,
    target: usize,
    ignore: &str,
) -> Result<Vec<(usize, Content)>, DataError> {
    let mut left_out = vec![target];
    for name in ignore.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        left_out.push(column_called(cells, name).map_err(|hint| DataError::NotAllowed {
            field: "ignore",
            found: name.to_owned(),
            allowed: format!("names of columns, separated by commas ({hint})"),
        })?);
    }
    let mut columns = Vec::new();
    for column in (0..cells.columns()).filter(|column| !left_out.contains(column)) {
        let content = content(cells, column)?;
        if content != Content::Nothing {
            columns.push((column, content));
        }
    }
    if columns.is_empty() && cells.rows() > 0 {
        return Err(cells.error_in(
            target,
            "there is no other column with values to predict this one from".to_owned(),
        ));
    }
    Ok(columns)
}

fn kept_rows(
    cells: &Cells,
    target: usize,
    columns: &[(usize, Content)],
    missing: Missing,
) -> Vec<usize> {
    let is_there = |row: usize, column: usize| !is_missing(cells.cell(row, column));
    let complete = |row: &usize| {
        is_there(*row, target)
            && (missing == Missing::Fill
                || columns.iter().all(|(column, _)| is_there(*row, *column)))
    };
    (0..cells.rows()).filter(complete).collect()
}

/// Names and rows × features.
fn features(
    cells: &Cells,
    columns: &[(usize, Content)],
    rows: &[usize],
) -> Result<(Vec<String>, Array2<f64>), DataError> {
    let mut names = Vec::new();
    let mut makers = Vec::new();
    for &(column, content) in columns {
        let header = &cells.headers[column];
        if content == Content::Numbers {
            makers.push(Maker::Number { column, fill: mean(cells, column, rows) });
            names.push(header.clone());
            continue;
        }
        let texts = categories(cells, column, rows);
        if texts.len() > MAX_CATEGORIES {
            return Err(cells.error_in(
                column,
                format!(
                    "{} different texts are too many for categories; if they are names or \
                     identifiers, list the column under `ignore`",
                    texts.len()
                ),
            ));
        }
        let most = most_frequent(cells, column, rows);
        for text in texts {
            makers.push(Maker::Category { column, text, filled: text == most });
            names.push(format!("{header}={text}"));
        }
    }
    check_size(None, rows.len() as u64, makers.len() as u64)?;
    let features = Array2::from_shape_fn((rows.len(), makers.len()), |(row, feature)| {
        makers[feature].value(cells, rows[row])
    });
    Ok((names, features))
}

/// How a feature is made of a column.
enum Maker<'a> {
    /// The number itself.
    Number { column: usize, fill: f64 },
    /// 1 where the column holds `text`, else 0.
    Category { column: usize, text: &'a str, filled: bool },
}

impl Maker<'_> {
    fn value(&self, cells: &Cells, row: usize) -> f64 {
        match *self {
            Self::Number { column, fill } => {
                let cell = cells.cell(row, column);
                if is_missing(cell) { fill } else { parse(cells, cell).unwrap_or(fill) }
            }
            Self::Category { column, text, filled } => {
                let cell = cells.cell(row, column);
                f64::from(u8::from(if is_missing(cell) { filled } else { cell == text }))
            }
        }
    }
}

/// The mean of a column over the given rows.
fn mean(cells: &Cells, column: usize, rows: &[usize]) -> f64 {
    let present = rows.iter().map(|&row| cells.cell(row, column)).filter(|cell| !is_missing(cell));
    let (sum, count) = present
        .filter_map(|cell| parse(cells, cell))
        .fold((0.0, 0.0), |(sum, count), x| (sum + x, count + 1.0));
    if count == 0.0 { 0.0 } else { sum / count }
}

/// The most frequent text of a column; of equally frequent ones the first by the alphabet.
fn most_frequent<'a>(cells: &'a Cells, column: usize, rows: &[usize]) -> &'a str {
    let mut counts = BTreeMap::new();
    for cell in rows.iter().map(|&row| cells.cell(row, column)).filter(|cell| !is_missing(cell)) {
        *counts.entry(cell).or_insert(0) += 1;
    }
    let best = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0)));
    best.map_or("", |(text, _)| text)
}

fn targets(
    cells: &Cells,
    column: usize,
    rows: &[usize],
    kind: TargetKind,
) -> Result<Targets, DataError> {
    if kind != TargetKind::Classes && content(cells, column)? == Content::Numbers {
        let numbers: Vec<f64> = rows
            .iter()
            .map(|&row| parse(cells, cells.cell(row, column)).unwrap_or(f64::NAN))
            .collect();
        if kind == TargetKind::Values || !look_like_classes(&numbers) {
            let values = Array2::from_shape_fn((rows.len(), 1), |(row, _)| numbers[row]);
            return Ok(Targets::Values { values, names: vec![cells.headers[column].clone()] });
        }
    }
    if kind == TargetKind::Values {
        let is_text = |row: &&usize| parse(cells, cells.cell(**row, column)).is_none();
        let row = rows.iter().find(is_text).copied().unwrap_or(rows[0]);
        return Err(not_a_number(cells, row, column));
    }
    classes(cells, column, rows)
}

/// Whether numbers are classes if nobody says so.
fn look_like_classes(numbers: &[f64]) -> bool {
    if numbers.iter().any(|x| x.fract() != 0.0) {
        return false;
    }
    let mut different = numbers.to_vec();
    different.sort_by(f64::total_cmp);
    different.dedup();
    let count = different.len();
    count == 2 || (count > 2 && count <= MAX_NUMBERED_CLASSES && count * 3 <= numbers.len())
}

/// A class a different value: numbers in their order, texts in that of the alphabet.
fn classes(cells: &Cells, column: usize, rows: &[usize]) -> Result<Targets, DataError> {
    let mut different: Vec<&str> = categories(cells, column, rows).into_iter().collect();
    let count = different.len();
    if count > MAX_CLASSES {
        return Err(cells.error_in(
            column,
            format!("{count} different values are too many for classes ({MAX_CLASSES} at most)"),
        ));
    }
    if count < 2 {
        return Err(cells.error_in(
            column,
            format!(
                "every row has the same class `{}` ({}), so there is nothing to tell apart",
                different.first().unwrap_or(&""),
                counted(rows.len(), "row")
            ),
        ));
    }
    let number = |text: &str| parse(cells, text).filter(|x| x.is_finite());
    if different.iter().all(|text| number(text).is_some()) {
        different.sort_by(|a, b| {
            number(a).unwrap_or(0.0).total_cmp(&number(b).unwrap_or(0.0)).then(a.cmp(b))
        });
        different.dedup_by_key(|text| key(number, text));
    }
    let index: BTreeMap<Key, usize> =
        different.iter().enumerate().map(|(class, text)| (key(number, text), class)).collect();
    let labels = rows.iter().map(|&row| index[&key(number, cells.cell(row, column))]);
    Ok(Targets::Classes {
        labels: Array1::from_iter(labels),
        names: different.into_iter().map(str::to_owned).collect(),
    })
}

/// What makes two cells the same class: the same number (`1` and `1.0`), else the same text.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(u64),
    Text(String),
}

fn key(number: impl Fn(&str) -> Option<f64>, text: &str) -> Key {
    match number(text) {
        // Adding 0 makes the two zeros one.
        Some(x) => Key::Number((x + 0.0).to_bits()),
        None => Key::Text(text.to_owned()),
    }
}
