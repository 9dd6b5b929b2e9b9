//! A first look at a table, for choosing its target.

use std::io::Read;

use crate::data::DataError;

use super::cells::read;
use super::columns::{Content, content};

/// How many rows are looked through to say what columns hold.
const LOOKED_AT: usize = 1000;

/// The first rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The names of the columns.
    pub headers: Vec<String>,
    /// The first rows, one cell a column.
    pub rows: Vec<Vec<String>>,
    /// What each column seems to hold, from the first thousand rows.
    pub kinds: Vec<ColumnKind>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Numbers: one feature, or values to predict.
    Number,
    /// Texts: one feature a category, or classes to predict.
    Text,
    /// Numbers with a few texts among them, or one that is not finite: a mistake to be mended.
    Mixed,
    /// No value at all: left out.
    Empty,
}

impl Preview {
    /// Whether a column, as the target, is best predicted as a class: texts, or few whole numbers.
    pub fn is_class(&self, column: usize) -> bool {
        const FEW: usize = 10;
        match self.kinds.get(column) {
            Some(ColumnKind::Text | ColumnKind::Mixed) => true,
            Some(ColumnKind::Number) => {
                let mut seen: Vec<i64> = Vec::new();
                for cell in self.rows.iter().filter_map(|row| row.get(column)) {
                    match cell.trim().parse::<f64>() {
                        Ok(x) if x.fract() == 0.0 && x.abs() < 1000.0 => seen.push(x as i64),
                        Ok(_) => return false,
                        Err(_) if cell.trim().is_empty() => {}
                        Err(_) => return true,
                    }
                }
                let rows = seen.len();
                seen.sort_unstable();
                seen.dedup();
                seen.len() <= FEW && seen.len() * 2 <= rows
            }
            Some(ColumnKind::Empty) | None => false,
        }
    }

    /// The column most likely to be the target: one with a name that says so, else the last one.
    pub fn likely_target(&self) -> Option<usize> {
        const NAMES: [&str; 8] =
            ["target", "class", "label", "y", "species", "outcome", "diagnosis", "quality"];
        let called =
            |name: &&str| self.headers.iter().position(|header| header.eq_ignore_ascii_case(name));
        let last = (0..self.headers.len()).rfind(|&column| self.kinds[column] != ColumnKind::Empty);
        NAMES.iter().find_map(called).or(last)
    }
}

/// The header and the first `rows` rows of a table, read as the source `Csv` reads it.
///
/// # Errors
/// If it cannot be read, is no text, or a row has another number of cells than the header.
pub fn csv_preview(reader: impl Read, rows: usize) -> Result<Preview, DataError> {
    let cells = read(reader, "the table", rows.max(LOOKED_AT))?;
    let kinds = (0..cells.columns()).map(|column| match content(&cells, column) {
        Ok(Content::Numbers) => ColumnKind::Number,
        Ok(Content::Texts) => ColumnKind::Text,
        Ok(Content::Nothing) => ColumnKind::Empty,
        Err(_mistake) => ColumnKind::Mixed,
    });
    let row = |row| (0..cells.columns()).map(|column| cells.cell(row, column).to_owned()).collect();
    Ok(Preview {
        kinds: kinds.collect(),
        rows: (0..cells.rows().min(rows)).map(row).collect(),
        headers: cells.headers,
    })
}
