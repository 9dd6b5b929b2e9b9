//! Downhill: a workbench for gradient descent.
//!
//! An experiment (data, a model, a loss, a few optimizers) is a small text file. Downhill checks it,
//! trains its lanes side by side and shows every batch, in a window or without one. This crate is all
//! of it; the binary only hands arguments to a face.
//!
//! # From a file to a curve
//!
//! 1. [`experiment::check`] reads the text and either says everything that is wrong with it, each
//!    with its place, or gives a [`ValidExperiment`](experiment::ValidExperiment). Only that can be
//!    trained.
//! 2. [`ValidExperiment::prepare`](experiment::ValidExperiment::prepare) loads the data and gives one
//!    [`LanePlan`](experiment::LanePlan) a lane, complete: nothing is looked up later.
//! 3. An [`AnyTrainer`](train::AnyTrainer) is built from a plan. It is a plain value without locks or
//!    clocks; `burst(n)` does at most n updates and writes each batch's loss in place.
//! 4. A face drives it: [`train::train_all`] without a window, a [thread a lane](train::spawn) with
//!    one. Losses travel as [segments](train::Segment) that a [`series`] adopts without a copy.
//!
//! # Floors
//!
//! Ground first. A module uses only the floors before its own; a test walks the `use` lines and
//! proves it.
//!
//! | floor | what stands there | what deliberately does not |
//! | --- | --- | --- |
//! | [`catalog`] | how a choice is described: name, fields, ranges, meaning; reading and writing it | what any choice does |
//! | [`numeric`] | the two precisions, kernels for this processor, sums in a fixed order, NumPy's generator | data, models |
//! | [`data`] | sources, tables, scaling, splitting, row order | files: a reader is handed in |
//! | [`model`] | layers, activations, starts, losses, the layout of parameters | numbers: they come as one flat slice |
//! | [`optim`] | optimizers, schedules, clipping | networks: an optimizer sees slices |
//! | [`metrics`] | scores of classes, ranks, probabilities, numbers; baselines | when they are measured |
//! | [`objective`] | value and gradient of a flat vector: a model on data, or a surface | updates |
//! | [`experiment`] | the file: schema, places, edits of its text, validation, presets | what the user keeps |
//! | [`train`] | the trainer, checkpoints, branches, stop rules, the lane's thread | drawing, saving |
//! | [`lab`] | instruments on a copy of a lane: gradient check, rate finder, sharpness, microscope, autopsy, the loss around it | threads |
//! | [`series`] | every sample, drawn through a pyramid of exact ranges | what a sample means |
//! | [`export`] | CSV, NPZ, JSON, PNG into any writer | paths |
//! | [`script`] | an experiment as a plain NumPy program or notebook | running it |
//! | [`lesson`] | lessons: their files, and what came true of what was predicted | running anything |
//! | [`session`] | the workbench without a window: lanes, drafts, undo; what the user keeps | egui |
//! | [`cli`], [`ui`] | the two faces. They do not know each other | anything the other could want |
//!
//! A new optimizer, data source, surface or activation is one new file and one row in its table
//! ([`catalog::Family`]); the panel, the command line, validation and the parity tests find it there.
//! [`optim`] shows it on a whole example: an optimizer added by one file and one row.
//!
//! # Invariants
//!
//! Each is a test, or a fact the compiler knows.
//!
//! - Nothing below [`ui`] names the window's crates; without the feature `gui` none of them is built.
//! - Below [`train`] there is no clock, thread, channel or file.
//! - What a lane computes depends on its plan and the changes made to it, bit for bit; never on burst
//!   length, pace, threads, or on who is looking.
//! - A checkpoint restored and trained on is the run that was never interrupted.
//! - No batch loss is ever dropped, and none is changed: what is not finite is kept and shown as it is.
//! - The text of an experiment is changed in place, so that comments and layout survive.
//! - A file is replaced whole or not at all.

pub mod catalog;
pub mod cli;
pub mod data;
pub mod experiment;
pub mod export;
pub mod lab;
pub mod lesson;
pub mod metrics;
pub mod model;
pub mod numeric;
pub mod objective;
pub mod optim;
pub mod script;
pub mod series;
pub mod session;
pub mod train;
#[cfg(feature = "gui")]
pub mod ui;
