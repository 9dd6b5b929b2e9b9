//! Rules that treat every parameter alike: the part that is the same for all of them.
//!
//! A [`Rule`] says what happens to one parameter; [`Elementwise`] makes an [`Optimizer`] of it, with
//! its buffers, its checkpoints and its explanation.
//!
//! Invariant: an update and its explanation run the same `element`.

use std::array;
use std::fmt::Debug;

use crate::catalog::Chosen;
use crate::numeric::{Arithmetic, Plain, Real, Runner, Team, Work};

use super::{Optimizer, OptimizerState, Optimizers, Scheduled, Stage, Trace};

/// An update rule for single parameters, with `N` buffers of one number a parameter.
///
/// The value that implements it holds its knobs and its counters (in `f64`), not the buffers.
pub trait Rule<const N: usize>: Send + Debug + Clone + 'static {
    /// The coefficients of one update, rounded to the precision of training.
    type Step<R: Real>: Copy + Send;

    /// The rule with these knobs, before its first update.
    fn new(knobs: &Chosen<Optimizers>) -> Self;

    /// Takes over changed knobs between two updates. State that the change makes meaningless is
    /// dropped here: `buffers` are the rule's own.
    fn configure<R: Real>(&mut self, knobs: &Chosen<Optimizers>, buffers: &mut [Vec<R>; N]);

    /// What the buffers hold before the first update.
    fn initial(&self) -> [f64; N] {
        [0.0; N]
    }

    /// Begins an update: counts it, and gives its coefficients.
    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Self::Step<R>;

    /// The update of one parameter: its value `w`, its gradient `g`, its number in each buffer. Gives
    /// the new value, and shows `trace` every number on the way.
    fn element<R: Real, T: Trace<R>>(
        step: &Self::Step<R>,
        w: R,
        g: R,
        buffers: [&mut R; N],
        trace: &mut T,
    ) -> R;

    /// Counters, products and flags that an update depends on.
    fn numbers(&self) -> Vec<f64>;

    /// Takes back what [`Rule::numbers`] gave.
    fn restore(&mut self, numbers: &[f64]);
}

/// Parameters whose update is worth sharing: some tens of microseconds of one core.
const WORTH: usize = 1 << 15;

/// A [`Rule`] with its buffers: an optimizer.
#[derive(Debug, Clone)]
pub struct Elementwise<R, K, const N: usize> {
    rule: K,
    buffers: [Vec<R>; N],
    runner: Runner,
    team: Team,
}

impl<R: Real, K: Rule<N>, const N: usize> Elementwise<R, K, N> {
    /// The rule for `len` parameters, before its first update.
    #[must_use]
    pub fn new(knobs: &Chosen<Optimizers>, len: usize) -> Self {
        let rule = K::new(knobs);
        let buffers = rule.initial().map(|x| vec![R::from_f64(x); len]);
        Self { rule, buffers, runner: Runner::active(), team: Team::alone() }
    }
}

/// The update of all parameters, beside them.
struct Update<'a, R: Real, K: Rule<N>, const N: usize> {
    step: K::Step<R>,
    params: &'a [R],
    next: &'a mut [R],
    gradient: &'a [R],
    buffers: [&'a mut [R]; N],
}

impl<'a, R: Real, K: Rule<N>, const N: usize> Update<'a, R, K, N> {
    /// The same update, `each` parameters at a time.
    fn divided(self, each: usize) -> impl Iterator<Item = Self> {
        let Self { step, params, next, gradient, buffers } = self;
        let mut buffers = buffers.map(|buffer| buffer.chunks_mut(each));
        let parts = params.chunks(each).zip(next.chunks_mut(each)).zip(gradient.chunks(each));
        parts.map(move |((params, next), gradient)| {
            let following =
                |chunks: &mut std::slice::ChunksMut<'a, R>| chunks.next().unwrap_or_default();
            let buffers = buffers.each_mut().map(following);
            Self { step, params, next, gradient, buffers }
        })
    }
}

impl<R: Real, K: Rule<N>, const N: usize> Work for Update<'_, R, K, N> {
    /// Whether the new parameters are finite.
    type Output = bool;

    /// Rules are made of operations that are the same on every path, so updates are, too.
    #[inline(always)]
    fn run<A: Arithmetic>(self) -> bool {
        let len = self.params.len();
        let (step, params) = (self.step, self.params);
        let (next, gradient) = (&mut self.next[..len], &self.gradient[..len]);
        let mut buffers = self.buffers.map(|buffer| &mut buffer[..len]);
        let mut finite = true;
        for i in 0..len {
            let numbers = buffers.each_mut().map(|buffer| &mut buffer[i]);
            let w = K::element(&step, params[i], gradient[i], numbers, &mut ());
            next[i] = w;
            finite &= w.is_finite();
        }
        finite
    }
}

/// So few parameters are updated without a call to the path's instructions.
const FEW: usize = 8;

/// Parameters that are set aside at a time, where an update is made in place.
const STRETCH: usize = 256;

impl<R: Real, K: Rule<N>, const N: usize> Optimizer<R> for Elementwise<R, K, N> {
    fn configure(&mut self, knobs: &Chosen<Optimizers>) {
        self.rule.configure(knobs, &mut self.buffers);
    }

    fn join(&mut self, team: &Team) {
        self.team = team.clone();
    }

    fn update(&mut self, scheduled: Scheduled, params: &mut [R], gradient: &[R]) {
        let step = self.rule.begin::<R>(scheduled);
        let mut before = [R::ZERO; STRETCH];
        let mut buffers = self.buffers.each_mut().map(|buffer| buffer.chunks_mut(STRETCH));
        for (next, gradient) in params.chunks_mut(STRETCH).zip(gradient.chunks(STRETCH)) {
            let before = &mut before[..next.len()];
            before.copy_from_slice(next);
            let buffers = buffers.each_mut().map(|chunks| chunks.next().unwrap_or_default());
            self.runner.run(Update::<R, K, N> { step, params: before, next, gradient, buffers });
        }
    }

    fn advance(
        &mut self,
        scheduled: Scheduled,
        params: &[R],
        next: &mut [R],
        gradient: &[R],
    ) -> bool {
        let step = self.rule.begin::<R>(scheduled);
        let buffers = self.buffers.each_mut().map(|buffer| &mut buffer[..]);
        let all = Update::<R, K, N> { step, params, next, gradient, buffers };
        if all.params.len() < FEW {
            // Vectors would not be filled; rules are the same on every path.
            return all.run::<Plain>();
        }
        let (parts, runner) = (self.team.parts(), self.runner);
        if parts < 2 || all.params.len() < WORTH {
            return runner.run(all);
        }
        let each = all.params.len().div_ceil(parts);
        self.team.all(all.divided(each), |part| runner.run(part))
    }

    fn explain(
        &self,
        scheduled: Scheduled,
        params: &[R],
        gradient: &[R],
        index: usize,
    ) -> Vec<Stage> {
        let step = self.rule.clone().begin::<R>(scheduled);
        let mut numbers: [R; N] = array::from_fn(|k| self.buffers[k][index]);
        let mut stages = Vec::new();
        let (w, g) = (params[index], gradient[index]);
        Trace::<R>::given(&mut stages, "w", w);
        Trace::<R>::given(&mut stages, "g", g);
        K::element(&step, w, g, numbers.each_mut(), &mut stages);
        stages
    }

    fn state(&self) -> OptimizerState<R> {
        let Self { rule, buffers, .. } = self;
        OptimizerState { buffers: buffers.to_vec(), numbers: rule.numbers() }
    }

    fn restore(&mut self, state: &OptimizerState<R>) {
        let Self { rule, buffers, .. } = self;
        for (buffer, kept) in buffers.iter_mut().zip(&state.buffers) {
            buffer.copy_from_slice(kept);
        }
        rule.restore(&state.numbers);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::adam::Adam;

    #[test]
    fn many_parameters_are_updated_in_place_as_beside() {
        let knobs = Chosen::<Optimizers>::named("Adam").unwrap();
        let count = 2 * STRETCH + 17;
        let mut params: Vec<f32> = (0..count).map(|i| (i as f32 * 0.37).sin()).collect();
        let mut next = vec![0.0; count];
        let mut in_place = Elementwise::<f32, Adam<false>, 3>::new(&knobs, count);
        let mut beside = in_place.clone();
        for _ in 0..3 {
            let (gradient, before) = (params.clone(), params.clone());
            in_place.update(Scheduled::rate(0.1), &mut params, &gradient);
            assert!(beside.advance(Scheduled::rate(0.1), &before, &mut next, &gradient));
            assert_eq!(params, next);
            assert_eq!(in_place.state(), beside.state());
        }
        let mut gradient = vec![0.0; count];
        gradient[count - 1] = f32::NAN;
        assert!(!beside.advance(Scheduled::rate(0.1), &params, &mut next, &gradient));
    }
}
