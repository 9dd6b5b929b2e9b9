//! The data sources, one a file. Each holds its row of the table: fields, help, check, loading.

pub(super) mod above_curve;
pub(super) mod blobs;
pub(super) mod bundled;
pub(super) mod circles;
pub(super) mod classification;
mod common;
pub(super) mod csv_table;
pub(super) mod gaussian_quantiles;
pub(super) mod inline;
pub(super) mod moons;
pub(super) mod regression;
pub(super) mod spirals;
pub(super) mod xor;
