//! What several rules share: fields of one meaning, running means with their bias corrections, signs.
//!
//! A row takes a field as it is, or with a default or meaning of its own:
//! `Field { default: Given::Number(0.002), ..LEARNING_RATE }`. Deliberately not here: any rule.

use crate::catalog::{Field, Given, Interval, Kind, Scale};
use crate::numeric::Real;

use super::Trace;

pub(super) const LEARNING_RATE: Field = Field {
    name: "learning_rate",
    label: "Learning rate",
    meaning: "About how far each parameter moves in one update. Too small crawls; too large jitters \
        around the minimum or diverges. Usual: 0.001; small problems bear 0.05.",
    kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-5, 10.0)),
    default: Given::Number(0.001),
    live: true,
};

pub(super) const BETA1: Field = Field {
    name: "beta1",
    label: "Beta 1",
    meaning: "How much of the gradient's running mean is kept: the momentum. Small follows every noisy \
        batch; close to 1 reacts late and overshoots.",
    kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.999)),
    default: Given::Number(0.9),
    live: true,
};

pub(super) const BETA2: Field = Field {
    name: "beta2",
    label: "Beta 2",
    meaning: "How much of the squares' running mean is kept. Too small makes step sizes jump with each \
        batch; close to 1 remembers an early steep slope for long.",
    kind: Kind::Number(Interval::BELOW_ONE, Scale::OneMinus(0.9999)),
    default: Given::Number(0.999),
    live: true,
};

pub(super) const EPSILON: Field = Field {
    name: "epsilon",
    label: "Epsilon",
    meaning: "Added to the root of the mean square, against division by 0. Too large turns the rule \
        into plain momentum with a tiny rate; too small lets vanishing gradients take full steps.",
    kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-12, 1.0)),
    default: Given::Number(1e-8),
    live: true,
};

pub(super) const EPSILON_ROOT: Field = Field {
    name: "epsilon_root",
    label: "Epsilon in the root",
    meaning: "Added to the mean square before its root is taken. Too large makes steps small and alike; \
        0 leaves all protection against division by 0 to epsilon.",
    kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-16, 1.0)),
    default: Given::Number(0.0),
    live: true,
};

/// Weight decay that is added to the gradient.
pub(super) const WEIGHT_DECAY: Field = Field {
    name: "weight_decay",
    label: "Weight decay",
    meaning: "Adds this part of each parameter to its gradient, which pulls it toward 0. 0 is none; \
        where steps are divided by the gradient's size, that evens it out and it acts less than one \
        expects; too large keeps the model from fitting.",
    kind: Kind::Number(Interval::NOT_NEGATIVE, Scale::Log(1e-6, 1.0)),
    default: Given::Number(0.0),
    live: true,
};

/// Weight decay that shrinks parameters beside the step.
pub(super) const SHRINKAGE: Field = Field {
    meaning: "In each update every parameter loses learning_rate times this part of it, whatever its \
        gradient. 0 is none; too large holds the model near 0 and keeps it from fitting.",
    ..WEIGHT_DECAY
};

/// Whether weight decay is of the second sort.
pub(super) const DECOUPLED: Field = Field {
    name: "decoupled_weight_decay",
    label: "Decoupled decay",
    meaning: "Shrinks the parameters beside the step, as AdamW does, instead of adding the decay to the \
        gradient, where the division by its size evens it out. Does nothing while weight_decay is 0.",
    kind: Kind::Flag,
    default: Given::Flag(false),
    live: true,
};

pub(super) const AMSGRAD: Field = Field {
    name: "amsgrad",
    label: "AMSGrad",
    meaning: "Divides by the largest mean square seen so far, so that steps can only get smaller. \
        Steadier near a minimum, slower after an early spike.",
    kind: Kind::Flag,
    default: Given::Flag(false),
    live: true,
};

/// The coefficients of a running mean in one update, in the precision of training.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mean<R> {
    /// β, the part that is kept.
    pub(super) old: R,
    /// 1 − β.
    pub(super) new: R,
    /// 1 − βᵗ, by which the mean of a start at 0 falls short.
    pub(super) correction: R,
}

impl<R: Real> Mean<R> {
    /// Counts an update with `beta`. `product` is that of all the βs applied so far, so that the
    /// correction stays exact when β is turned.
    pub(super) fn begin(beta: f64, product: &mut f64) -> Self {
        *product *= beta;
        Self {
            old: R::from_f64(beta),
            new: R::from_f64(1.0 - beta),
            correction: R::from_f64(1.0 - *product),
        }
    }

    /// β·mean + (1 − β)·x.
    #[inline(always)]
    pub(super) fn of(&self, mean: R, x: R) -> R {
        self.old * mean + self.new * x
    }

    /// The mean without the pull of its start at 0.
    #[inline(always)]
    pub(super) fn corrected(&self, mean: R) -> R {
        mean / self.correction
    }

    /// Shows β and βᵗ under these symbols.
    #[inline(always)]
    pub(super) fn tell<T: Trace<R>>(&self, symbols: [&'static str; 2], trace: &mut T) {
        trace.given(symbols[0], self.old);
        trace.given(symbols[1], R::ONE - self.correction);
    }
}

/// −1, 0 or 1; NaN of NaN.
#[inline(always)]
pub(super) fn sign<R: Real>(x: R) -> R {
    if x > R::ZERO {
        R::ONE
    } else if x < R::ZERO {
        -R::ONE
    } else {
        // Keeps NaN, and makes −0 a 0.
        x + R::ZERO
    }
}

/// g + λ·w, shown; the way of weight decay that is added to the gradient.
#[inline(always)]
pub(super) fn decayed<R: Real, T: Trace<R>>(decay: R, w: R, g: R, trace: &mut T) -> R {
    trace.given("λ", decay);
    let g = g + decay * w;
    trace.computed("g", "g + λ·w", g);
    g
}

/// w − moved, with Δw and w shown; `formula` is that of Δw.
#[inline(always)]
pub(super) fn moved<R: Real, T: Trace<R>>(
    w: R,
    moved: R,
    formula: &'static str,
    trace: &mut T,
) -> R {
    trace.computed("Δw", formula, -moved);
    let after = w - moved;
    trace.computed("w", "w + Δw", after);
    after
}
