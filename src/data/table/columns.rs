//! What a column holds: numbers, texts, or nothing.

use std::collections::BTreeSet;

use crate::data::DataError;

use super::cells::Cells;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A number in every cell that is not missing.
    Numbers,
    /// Words.
    Texts,
    /// Not a single value.
    Nothing,
}

/// Whether a cell stands for a missing value: empty, `?`, or one of the words that spreadsheets, R and
/// pandas write, in any case.
pub(super) fn is_missing(cell: &str) -> bool {
    const WORDS: [&str; 9] = ["", "?", "na", "n/a", "#n/a", "<na>", "nan", "null", "none"];
    cell.len() <= 4 && WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// The number a cell holds, finite or not.
pub(super) fn parse(cells: &Cells, cell: &str) -> Option<f64> {
    if cells.decimal_comma && cell.contains(',') && !cell.contains('.') {
        return cell.replacen(',', ".", 1).parse().ok();
    }
    cell.parse().ok()
}

/// What a column holds.
///
/// A single text among numbers, or up to one in twenty, is taken for a mistake in the table.
///
/// # Errors
/// Such a text, or a number that is not finite: with its line and column.
pub(super) fn content(cells: &Cells, column: usize) -> Result<Content, DataError> {
    let (mut numbers, mut texts) = (0, 0);
    let (mut first_text, mut first_infinite) = (None, None);
    for row in 0..cells.rows() {
        let cell = cells.cell(row, column);
        if is_missing(cell) {
            continue;
        }
        match parse(cells, cell) {
            Some(number) if number.is_finite() => numbers += 1,
            Some(_) => {
                texts += 1;
                first_infinite = first_infinite.or(Some(row));
            }
            None => {
                texts += 1;
                first_text = first_text.or(Some(row));
            }
        }
    }
    if numbers == 0 {
        return Ok(if texts == 0 { Content::Nothing } else { Content::Texts });
    }
    if let Some(row) = first_infinite {
        let cell = cells.cell(row, column);
        return Err(cells.error_at(row, column, format!("`{cell}` is not a finite number")));
    }
    match first_text {
        None => Ok(Content::Numbers),
        Some(row) if texts == 1 || texts * 20 <= numbers + texts => {
            Err(not_a_number(cells, row, column))
        }
        Some(_) => Ok(Content::Texts),
    }
}

/// The error about a text where a number must stand.
pub(super) fn not_a_number(cells: &Cells, row: usize, column: usize) -> DataError {
    let cell = cells.cell(row, column);
    let plain = cell.replace([',', '\'', ' '], "");
    let hint = if plain != cell && plain.parse::<f64>().is_ok() {
        "; write numbers with a decimal point and nothing between the thousands"
    } else {
        ", as the other cells of the column are"
    };
    cells.error_at(row, column, format!("`{cell}` is not a number{hint}"))
}

/// The different texts of a column in the given rows, sorted.
pub(super) fn categories<'a>(cells: &'a Cells, column: usize, rows: &[usize]) -> BTreeSet<&'a str> {
    let texts = rows.iter().map(|&row| cells.cell(row, column));
    texts.filter(|cell| !is_missing(cell)).collect()
}
