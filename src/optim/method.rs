//! The two ways to get from one point to the next: down a gradient, or by guessing.
//!
//! A [`Search`] is the honest baseline: it evaluates the loss at a guess and keeps the better point.
//! It has no memory beside the point itself; its guesses are functions of seed and step.

use crate::catalog::Chosen;
use crate::numeric::{Noise, Real, Team};

use super::{Optimizer, OptimizerState, Optimizers, Scheduled, Stage};

/// How a lane moves.
#[derive(Debug)]
pub enum Method<R: Real> {
    /// Along a gradient.
    Descent(Box<dyn Optimizer<R>>),
    /// By guessing.
    Search(Search),
}

/// Where a search guesses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Search {
    /// Anywhere: normal numbers of this spread around zero.
    Anywhere {
        /// Their standard deviation.
        spread: f64,
    },
    /// Near the best point so far: normal numbers around it, of the learning rate's spread.
    Nearby,
}

impl Search {
    /// Writes the guess of the update after `step` updates.
    pub fn guess<R: Real>(
        self,
        scheduled: Scheduled,
        (seed, step): (u64, u64),
        params: &[R],
        guess: &mut [R],
    ) {
        let (keep, spread) = match self {
            Self::Anywhere { spread } => (R::ZERO, spread),
            Self::Nearby => (R::ONE, scheduled.learning_rate),
        };
        let pairs = guess.chunks_mut(2).zip(params.chunks(2));
        for (index, (guess, params)) in pairs.enumerate() {
            let normal = Noise::Guess.normal_pair(seed, step, index as u32);
            for ((guess, w), x) in guess.iter_mut().zip(params).zip(normal) {
                *guess = keep * *w + R::from_f64(spread * x);
            }
        }
    }
}

impl<R: Real> Method<R> {
    /// From now on these help with updates of many parameters.
    pub fn join(&mut self, team: &Team) {
        if let Self::Descent(optimizer) = self {
            optimizer.join(team);
        }
    }

    /// Takes over changed knobs, between two updates.
    pub fn configure(&mut self, knobs: &Chosen<Optimizers>) {
        match self {
            Self::Descent(optimizer) => optimizer.configure(knobs),
            Self::Search(Search::Anywhere { spread }) => *spread = knobs.number("spread"),
            Self::Search(Search::Nearby) => {}
        }
    }

    /// The next update of one parameter, told in stages; none for a search, which has no gradient.
    #[must_use]
    pub fn explain(
        &self,
        scheduled: Scheduled,
        params: &[R],
        gradient: &[R],
        index: usize,
    ) -> Vec<Stage> {
        match self {
            Self::Descent(optimizer) => optimizer.explain(scheduled, params, gradient, index),
            Self::Search(_) => Vec::new(),
        }
    }

    /// Everything an update depends on beside knobs, parameters and gradient.
    #[must_use]
    pub fn state(&self) -> OptimizerState<R> {
        match self {
            Self::Descent(optimizer) => optimizer.state(),
            Self::Search(_) => OptimizerState::default(),
        }
    }

    /// Takes back what [`Method::state`] gave.
    pub fn restore(&mut self, state: &OptimizerState<R>) {
        if let Self::Descent(optimizer) = self {
            optimizer.restore(state);
        }
    }
}
