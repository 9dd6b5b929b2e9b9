//! Downhill: a workbench for gradient descent.
//!
//! Floors, ground first. A module uses only floors above it in this list; a test walks the `use`
//! lines and proves it.

pub mod catalog;
pub mod cli;
pub mod data;
pub mod experiment;
pub mod export;
pub mod metrics;
pub mod model;
pub mod numeric;
pub mod objective;
pub mod optim;
pub mod series;
pub mod session;
pub mod train;
#[cfg(feature = "gui")]
pub mod ui;
