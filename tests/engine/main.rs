//! The engine against reference numbers and its own laws. One binary, since each links everything.

mod architecture;
mod fixtures;
mod parity_data;
mod parity_rng;
mod presets;
