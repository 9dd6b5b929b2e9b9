//! Tests of the window: one binary, a module a subject.

mod autopsy;
mod cards;
mod curve;
mod desk;
mod dialog;
#[path = "../display.rs"]
mod display;
mod gallery;
mod idle;
mod inside;
mod instruments;
mod judged;
mod kit;
mod landscape;
mod layout;
mod lessons;
mod palette;
mod panels;
mod panes;
mod plots;
mod presentation;
mod program;
mod race;
mod ranking;
mod reach;
mod said;
mod seeds;
mod sides;
mod story;
mod tiles;
mod timeline;
mod tree;
mod window;
