//! The engine against reference numbers and its own laws. One binary, since each links everything.

mod fixtures;
mod parity_data;
mod parity_rng;
