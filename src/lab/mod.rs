//! The laboratory's instruments: what can be found out about a lane on a copy of it.
//!
//! | instrument | question |
//! | --- | --- |
//! | [`GradientCheck`] | is the analytic gradient right, layer by layer? |
//! | [`RateFinder`] | which learning rate would suit from here? |
//! | [`Sharpness`] | how curved is the loss here, against the steps the rate allows? |
//! | [`HiddenSums`] | where on their activations do the hidden units stand? |
//! | [`Autopsy`] | why did the lane leave all bounds, where did it begin, and what is kept? |
//! | [`Microscope`] | what does the next update do to this parameter, number by number? |
//! | [`Survey`] | what does the loss look like around the lanes, on a [`Slice`] through their paths? |
//! | [`thrust`] | what drives a lane where it stands, as vectors? |
//!
//! Invariant: an instrument works on a [`Specimen`], a plan with a state taken from the lane; the
//! lane itself never knows. What comes out depends on the specimen and the settings alone.
//!
//! Deliberately not here: threads (whoever asks decides where to wait), and drawing.

mod autopsy;
mod gradient_check;
mod landscape;
mod layer_sums;
mod microscope;
mod rate_finder;
mod sharpness;
mod specimen;

pub use autopsy::{Autopsy, FAR, Growth, LOOKED_AT, autopsy};
pub use gradient_check::{Checked, Coordinate, GradientCheck, Verdict, check_gradient};
pub use landscape::{
    Sheet, Slice, SliceKind, Spot, Survey, Thrust, Window, eigen, filter_normalised, layout_of,
    thrust,
};
pub use layer_sums::{HiddenSums, hidden_sums};
pub use microscope::{Microscope, Parameter, look_closely, parameter};
pub use rate_finder::{Ramp, RateFinder, Suggestion, SuggestionKind, find_rate};
pub use sharpness::{Sharpness, measure_sharpness};
pub use specimen::{LabError, Specimen};

/// An instrument with its settings.
#[derive(Debug, Clone, PartialEq)]
pub enum Tool {
    /// Numeric against analytic gradient.
    GradientCheck,
    /// A ramp of learning rates.
    RateFinder(Ramp),
    /// The largest curvature.
    Sharpness,
    /// What the units of the hidden layers get.
    HiddenSums,
    /// One parameter's update, `ahead` updates from the specimen's state.
    Microscope {
        /// Which parameter, in the order of the layout.
        index: usize,
        /// How many updates to make first.
        ahead: u64,
    },
}

/// What an instrument found.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// Numeric against analytic gradient.
    GradientCheck(GradientCheck),
    /// A ramp of learning rates.
    RateFinder(RateFinder),
    /// The largest curvature.
    Sharpness(Sharpness),
    /// What the units of the hidden layers get.
    HiddenSums(HiddenSums),
    /// One parameter's update.
    Microscope(Microscope),
}

/// Applies an instrument to a specimen. Takes as long as it takes: a fraction of a second on small
/// models, some seconds on large ones.
///
/// # Errors
/// If the specimen's parts do not fit each other, or the instrument does not apply to it.
pub fn examine(specimen: &Specimen, tool: &Tool) -> Result<Report, LabError> {
    Ok(match tool {
        Tool::GradientCheck => Report::GradientCheck(check_gradient(specimen)?),
        Tool::RateFinder(ramp) => Report::RateFinder(find_rate(specimen, *ramp)?),
        Tool::Sharpness => Report::Sharpness(measure_sharpness(specimen)?),
        Tool::HiddenSums => Report::HiddenSums(hidden_sums(specimen)?),
        Tool::Microscope { index, ahead } => {
            Report::Microscope(look_closely(specimen, *index, *ahead)?)
        }
    })
}
