//! The workbench without a window.
