//! Tests of the window: one binary, a module a subject.

mod dialog;
mod gallery;
mod kit;
mod plots;
mod tiles;
