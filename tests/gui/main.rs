//! Tests of the window: one binary, a module a subject.

mod cards;
mod curve;
mod desk;
mod dialog;
#[path = "../display.rs"]
mod display;
mod gallery;
mod idle;
mod instruments;
mod judged;
mod kit;
mod layout;
mod palette;
mod panels;
mod panes;
mod plots;
mod program;
mod race;
mod said;
mod story;
mod tiles;
mod timeline;
mod window;
