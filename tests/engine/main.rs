//! The engine against reference numbers and its own laws. One binary, since each links everything.

mod architecture;
mod determinism;
mod experiment;
mod experiment_text;
mod fixtures;
mod gradients;
mod lab;
mod laws_data;
mod library;
mod measures;
mod methods;
mod objectives;
mod parity_data;
mod parity_descent;
mod parity_metrics;
mod parity_model;
mod parity_optim;
mod parity_rng;
mod parity_train;
mod plans;
mod presets;
mod protocol;
mod runs;
mod session;
mod tables;
mod targets;
