//! The loss around the lanes: a plane through their parameters, the loss over it, their paths on it.
//!
//! Of a task of two parameters the plane is the whole of them, and the map the true loss. Of a network it
//! is a [`Slice`]: through the lanes' paths by principal components, along two random directions
//! normalised by filters (Li, Xu, Taylor, Studer, Goldstein, 2018, "Visualizing the loss landscape of
//! neural nets"), or along two parameters.
//!
//! Invariant: a height is the objective over all training rows, in double precision, penalties included
//! and nothing silenced, at exactly that point of the plane: what an evaluation of a lane there says.
//! Heights are found from coarse to fine, and none is interpolated.
//!
//! Deliberately not here: who waits for whom, and drawing.

mod eigen;
mod slice;
mod survey;
mod thrust;

pub use eigen::eigen;
pub use slice::{Slice, SliceKind, Spot, filter_normalised};
pub use survey::{Sheet, Survey, Window, layout_of};
pub use thrust::{Thrust, thrust};
