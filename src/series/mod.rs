//! Series: what a lane measured, kept whole and drawn in the time a screen has.
//!
//! A [`Series`] holds one number per update; a [`Curve`] holds points at some updates (epochs,
//! evaluations); [`Axes`] turns updates into epochs, samples, gradient evaluations and seconds and back.
//! [`Smoothed`] and [`SmoothedCurve`] are series made of others, by an exponential moving average.
//!
//! Invariant, for all of them: nothing is smoothed unasked, or dropped on the way to the screen. A [`Bucket`]
//! states the exact least and greatest finite value of every sample it stands for, so a spike one
//! sample wide is seen at every zoom; samples that are not finite are counted in the bucket and
//! kept out of its range.
//!
//! Deliberately not here: colours, pixels, and where the samples come from.

mod axes;
mod bucket;
mod columns;
mod curve;
mod pieces;
mod pyramid;
mod samples;
mod smoothed;

pub use axes::Axes;
pub use bucket::Bucket;
pub use columns::Columns;
pub use curve::{Curve, Point};
pub use samples::Series;
pub use smoothed::{Smoothed, SmoothedCurve};
