//! How much data may be asked for; checked before anything is allocated.

use super::DataError;

/// The most rows a dataset may have.
pub const MAX_ROWS: u64 = 10_000_000;

/// The most features a generator may be asked for.
pub const MAX_FEATURES: u64 = 10_000;

/// The most bytes that the features of one dataset may take.
pub const MEMORY_BUDGET: u64 = 512 << 20;

/// The most bytes that are read of a table.
pub const MAX_TABLE_BYTES: u64 = 256 << 20;

/// Refuses a matrix of f64 beyond [`MAX_ROWS`] or [`MEMORY_BUDGET`]; the error names `field`.
///
/// # Errors
/// [`DataError::TooLarge`].
pub(super) fn check_size(
    field: Option<&'static str>,
    rows: u64,
    columns: u64,
) -> Result<(), DataError> {
    let bytes = rows.checked_mul(columns).and_then(|n| n.checked_mul(8));
    if rows <= MAX_ROWS && bytes.is_some_and(|bytes| bytes <= MEMORY_BUDGET) {
        return Ok(());
    }
    Err(DataError::TooLarge { field, rows, columns, budget: MEMORY_BUDGET })
}
