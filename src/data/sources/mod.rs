//! The data sources, one a file. Each holds its row of the table: fields, help, check, loading.

pub(super) mod blobs;
pub(super) mod circles;
mod common;
pub(super) mod moons;
