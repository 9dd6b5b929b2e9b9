//! Reading delimited text into cells.
//!
//! The delimiter is the one of comma, semicolon, tab and bar that stands most often in the first
//! line; gzip is unpacked; a byte order mark is dropped. Limits on bytes and cells hold while reading, so
//! that a huge or hostile file is refused without being held.

use std::io::{self, Cursor, Read};

use csv::{ReaderBuilder, StringRecord, Terminator};
use flate2::read::MultiGzDecoder;

use crate::data::limits::{MAX_FEATURES, MAX_TABLE_BYTES, check_size};
use crate::data::{DataError, said_of_file};

/// How much of the file is looked at to find the delimiter.
const SNIFFED_BYTES: u64 = 64 << 10;

/// The cells of a table, all text in one buffer.
#[derive(Debug)]
pub(super) struct Cells {
    /// The names of the columns, all different, none empty.
    pub(super) headers: Vec<String>,
    /// Whether decimals may be written with a comma, as programs do that part columns by semicolons.
    pub(super) decimal_comma: bool,
    text: String,
    /// Where each cell's text ends, row by row.
    ends: Vec<u32>,
    /// The line of the file on which each row begins, from 1.
    lines: Vec<u64>,
}

impl Cells {
    /// How many rows there are, the header not counted.
    pub(super) fn rows(&self) -> usize {
        self.lines.len()
    }

    /// How many columns there are.
    pub(super) fn columns(&self) -> usize {
        self.headers.len()
    }

    /// The text of a cell, without spaces around it.
    pub(super) fn cell(&self, row: usize, column: usize) -> &str {
        let index = row * self.columns() + column;
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }

    /// An error about a cell.
    pub(super) fn error_at(&self, row: usize, column: usize, message: String) -> DataError {
        DataError::Table {
            line: Some(self.lines[row]),
            column: Some(self.headers[column].clone()),
            message,
        }
    }

    /// An error about a column.
    pub(super) fn error_in(&self, column: usize, message: String) -> DataError {
        DataError::Table { line: None, column: Some(self.headers[column].clone()), message }
    }
}

/// Reads the header and at most `row_limit` rows. `path` is what errors call the table.
pub(super) fn read(reader: impl Read, path: &str, row_limit: usize) -> Result<Cells, DataError> {
    let unreadable = |error: io::Error| DataError::Unreadable {
        path: path.to_owned(),
        reason: said_of_file(&error),
    };
    let mut reader: Box<dyn Read + '_> = Box::new(reader);
    let mut head = Vec::new();
    reader.by_ref().take(2).read_to_end(&mut head).map_err(unreadable)?;
    let zipped = head == [0x1f, 0x8b];
    let whole = Cursor::new(head).chain(reader);
    let mut plain: Box<dyn Read + '_> =
        if zipped { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) };
    let mut start = Vec::new();
    plain.by_ref().take(SNIFFED_BYTES).read_to_end(&mut start).map_err(unreadable)?;
    if start.contains(&0) || start.starts_with(b"PK\x03\x04") {
        return Err(table_error(
            None,
            "this is no text: save the table as CSV, in UTF-8, and open that".to_owned(),
        ));
    }
    let delimiter = delimiter_of(&start);
    // One line feed ends every record (a carriage return before it is trimmed from its last cell), the
    // last one too: so the reader's line says where a record began.
    let only_returns = !start.contains(&b'\n') && start.contains(&b'\r');
    let line_end = if only_returns { b'\r' } else { b'\n' };
    let bounded = Bounded { inner: Cursor::new(start).chain(plain), left: MAX_TABLE_BYTES };
    let mut rows = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .terminator(Terminator::Any(line_end))
        .delimiter(delimiter)
        .from_reader(bounded.chain(Cursor::new([line_end])));

    let mut record = StringRecord::new();
    let more = rows.read_record(&mut record).map_err(|error| from_csv(error, path))?;
    if !more {
        return Err(table_error(
            None,
            "the file is empty: its first line names the columns".into(),
        ));
    }
    let headers = headers(&record)?;
    let mut cells = Cells {
        headers,
        decimal_comma: delimiter == b';',
        text: String::new(),
        ends: Vec::new(),
        lines: Vec::new(),
    };
    while cells.rows() < row_limit
        && rows.read_record(&mut record).map_err(|error| from_csv(error, path))?
    {
        let is_blank = record.len() == 1 && record[0].trim().is_empty();
        if !is_blank {
            let inside = record.iter().flat_map(str::bytes).filter(|byte| *byte == b'\n').count();
            let line = if only_returns {
                cells.rows() as u64 + 2
            } else {
                rows.position().line().saturating_sub(1 + inside as u64)
            };
            push(&mut cells, &record, line)?;
        }
    }
    Ok(cells)
}

fn push(cells: &mut Cells, record: &StringRecord, line: u64) -> Result<(), DataError> {
    if record.len() != cells.columns() {
        return Err(table_error(
            Some(line),
            format!(
                "this row has {}, the header names {}",
                counted(record.len(), "cell"),
                counted(cells.columns(), "column")
            ),
        ));
    }
    cells.lines.push(line);
    check_size(None, cells.rows() as u64, cells.columns() as u64)?;
    for cell in record {
        cells.text.push_str(cell.trim());
        cells.ends.push(cells.text.len() as u32);
    }
    Ok(())
}

/// The names of the columns. A nameless one is called by its number, a repeated one gets a number.
fn headers(record: &StringRecord) -> Result<Vec<String>, DataError> {
    if record.len() as u64 > MAX_FEATURES {
        return Err(table_error(
            Some(1),
            format!("{} columns are more than the {MAX_FEATURES} a table may have", record.len()),
        ));
    }
    if record.iter().all(|cell| cell.trim().parse::<f64>().is_ok()) {
        return Err(table_error(
            Some(1),
            "this line holds only numbers: the first line must name the columns".to_owned(),
        ));
    }
    let mut names: Vec<String> = Vec::with_capacity(record.len());
    for (index, cell) in record.iter().map(str::trim).enumerate() {
        let plain = if cell.is_empty() { format!("column {}", index + 1) } else { cell.to_owned() };
        let mut name = plain.clone();
        let mut number = 2;
        while names.contains(&name) {
            name = format!("{plain} ({number})");
            number += 1;
        }
        names.push(name);
    }
    Ok(names)
}

/// The delimiter that stands most often in the first line, quoted text aside.
fn delimiter_of(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    for &byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                for (_, count) in counts.iter_mut().filter(|(delimiter, _)| *delimiter == byte) {
                    *count += 1;
                }
            }
        }
    }
    let mut best = counts[0];
    for candidate in counts {
        if candidate.1 > best.1 {
            best = candidate;
        }
    }
    best.0
}

fn from_csv(error: csv::Error, path: &str) -> DataError {
    let line = error.position().map(csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) => {
            DataError::Unreadable { path: path.to_owned(), reason: said_of_file(&error) }
        }
        csv::ErrorKind::Utf8 { err, .. } => table_error(
            line,
            format!("cell {} is not UTF-8 text: save the table in UTF-8", err.field() + 1),
        ),
        other => table_error(line, format!("{other:?}")),
    }
}

fn table_error(line: Option<u64>, message: String) -> DataError {
    DataError::Table { line, column: None, message }
}

/// "1 cell", "2 cells".
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// A reader that fails where a table grows beyond its limit.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("it is larger than the {} MiB a table may have", MAX_TABLE_BYTES >> 20),
            )
        })?;
        Ok(count)
    }
}
