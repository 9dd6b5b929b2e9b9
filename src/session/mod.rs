//! The workbench without a window.

pub mod library;
