//! Activations that a pass over a whole network takes into its own loops: those whose slope is known
//! from their value.
//!
//! Invariant: value and slope are the table's own. Deliberately not here: activations whose slope needs the
//! sum, or functions without vector code.

use crate::numeric::Real;

use super::{Pointwise, relu::Relu, sigmoid::Sigmoid, tanh::Tanh};

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inlined {
    Identity,
    Relu,
    Sigmoid,
    Tanh,
}

impl Inlined {
    /// The one of this name in the file, if it is one.
    pub(in crate::model) fn of(name: &str) -> Option<Self> {
        match name {
            "Identity" => Some(Self::Identity),
            "Relu" => Some(Self::Relu),
            "Sigmoid" => Some(Self::Sigmoid),
            "Tanh" => Some(Self::Tanh),
            _ => None,
        }
    }

    /// f of each sum, in its place.
    #[inline(always)]
    pub(crate) fn values<R: Real>(self, sums: &mut [R]) {
        match self {
            Self::Identity => {}
            Self::Relu => values::<Relu, R>(sums),
            Self::Sigmoid => values::<Sigmoid, R>(sums),
            Self::Tanh => values::<Tanh, R>(sums),
        }
    }

    /// Multiplies each gradient by the slope where the value is this.
    #[inline(always)]
    pub(crate) fn slopes<R: Real>(self, values: &[R], gradient: &mut [R]) {
        match self {
            Self::Identity => {}
            Self::Relu => slopes::<Relu, R>(values, gradient),
            Self::Sigmoid => slopes::<Sigmoid, R>(values, gradient),
            Self::Tanh => slopes::<Tanh, R>(values, gradient),
        }
    }
}

#[inline(always)]
fn values<P: Pointwise, R: Real>(sums: &mut [R]) {
    for x in sums {
        *x = P::value(*x);
    }
}

#[inline(always)]
fn slopes<P: Pointwise, R: Real>(values: &[R], gradient: &mut [R]) {
    for (g, y) in gradient.iter_mut().zip(values) {
        *g *= P::slope(*y, *y);
    }
}
