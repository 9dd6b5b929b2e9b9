//! What leaves the program: curves as CSV, weights as NPZ, results as JSON, pictures as PNG.
//!
//! Everything here writes into an `impl Write` and knows no path: where a file lies, and that it
//! replaces an old one only when it is complete, is the caller's matter. Numbers are written so that
//! reading them back gives the same bits; what is not finite is written `inf`, `-inf`, `nan`.

mod curves;
mod number;
mod picture;
mod result;
mod weights;

pub use curves::{Curves, Source, write_batches, write_epochs};
pub use number::{Number, number_text};
pub use picture::{PictureError, encode_png};
pub use result::{
    ComparisonResult, LaneResult, Prediction, ReadingsResult, RunResult, ScoresResult, StopResult,
};
pub use weights::{LaneWeights, WeightsError, write_weights};
