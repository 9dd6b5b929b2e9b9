//! Data: where rows come from, and how they are scaled, split and ordered.
//!
//! [`load`] makes a [`Dataset`] of a source chosen from the table [`Sources`]; [`split`] parts and
//! scales it; [`RowOrder`] says in which order an epoch visits the training rows. Everything
//! random is redrawn from a seed, as NumPy and scikit-learn draw it.

mod dataset;
mod error;
mod image;
mod limits;
mod order;
mod principal;
mod scale;
mod source;
mod sources;
mod spec;
mod split;
mod stratify;
mod table;

pub use dataset::{Dataset, Targets};
pub use error::{DataError, said_of_file};
pub use image::ImageShape;
pub use limits::{MAX_FEATURES, MAX_ROWS, MAX_TABLE_BYTES, MEMORY_BUDGET};
pub use order::{Orders, RowOrder};
pub use principal::{Principal, Span};
pub use scale::Scaler;
pub use source::{NoFiles, Opener, Sources, check, leaves_targets_open, load};
pub use spec::{BatchSize, HeldOut, Scaling, Shuffle};
pub use split::{Split, split};
pub use table::{ColumnKind, Preview, csv_preview};
