//! What an update rule is, and its state as data.
//!
//! Not here: any rule.

use std::fmt::Debug;

use crate::catalog::Chosen;
use crate::numeric::{Real, Runner, Team, all_finite};

use super::{Optimizers, Stage};

/// An update rule over one flat parameter vector.
///
/// Knobs are read once, in [`Optimizer::configure`], so that an update touches no table. Scalar
/// coefficients are computed in `f64` and rounded once, as PyTorch does in Python. Rules that treat
/// every parameter alike are written as a [`Rule`](super::Rule), which gives them all of this.
pub trait Optimizer<R: Real>: Send + Debug {
    /// Takes over the knobs. Called before the first update and after each change of a knob,
    /// between two updates; state that a change makes meaningless is dropped here.
    fn configure(&mut self, knobs: &Chosen<Optimizers>);

    /// From now on these help with updates of many parameters, which changes no number.
    fn join(&mut self, team: &Team) {
        let _: &Team = team;
    }

    /// One update: moves `params` along `gradient` (of the same length).
    fn update(&mut self, scheduled: Scheduled, params: &mut [R], gradient: &[R]);

    /// The same beside the parameters: `next` becomes what [`Optimizer::update`] makes of `params`. Gives
    /// whether all of it is finite.
    fn advance(
        &mut self,
        scheduled: Scheduled,
        params: &[R],
        next: &mut [R],
        gradient: &[R],
    ) -> bool {
        next.copy_from_slice(params);
        self.update(scheduled, next, gradient);
        all_finite(Runner::active(), &Team::alone(), next)
    }

    /// The update of parameter `index` that [`Optimizer::update`] would make now, told in stages;
    /// nothing is changed. Computed by the code of the update itself.
    fn explain(
        &self,
        scheduled: Scheduled,
        params: &[R],
        gradient: &[R],
        index: usize,
    ) -> Vec<Stage>;

    /// Everything an update depends on beside knobs, parameters and gradient.
    fn state(&self) -> OptimizerState<R>;

    /// Takes back what [`Optimizer::state`] gave, in an optimizer of the same row and length.
    fn restore(&mut self, state: &OptimizerState<R>);
}

/// What the schedule sets for one update.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scheduled {
    /// The learning rate.
    pub learning_rate: f64,
    /// The momentum (`momentum`, or `beta1` where there is none), where the schedule moves it.
    pub momentum: Option<f64>,
}

impl Scheduled {
    /// A learning rate alone.
    #[must_use]
    pub fn rate(learning_rate: f64) -> Self {
        Self { learning_rate, momentum: None }
    }
}

/// An optimizer's memory as plain data: its buffers, one number a parameter each, and its counters.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OptimizerState<R> {
    /// Buffers, in the rule's own order; most are as long as the parameter vector.
    pub buffers: Vec<Vec<R>>,
    /// Counters, products and flags, in the rule's own order.
    pub numbers: Vec<f64>,
}

impl<R> OptimizerState<R> {
    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.buffers.iter().map(|b| size_of_val(b.as_slice())).sum::<usize>()
            + size_of_val(self.numbers.as_slice())
    }
}
