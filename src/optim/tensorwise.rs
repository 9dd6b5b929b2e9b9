//! Rules that look at whole tensors: the part that is the same for all of them.
//!
//! A [`TensorRule`] says what happens to one tensor, a matrix of weights or a row of biases;
//! [`Tensorwise`] makes an [`Optimizer`] of it, with its buffers, its checkpoints and its explanation.
//!
//! Invariant: an update and its explanation run the same code. An explanation works on copies of one
//! tensor, and a [`Watch`] keeps only what concerns the number asked about.

use std::fmt::Debug;

use crate::catalog::Chosen;
use crate::model::{ParamLayout, Tensor};
use crate::numeric::Real;

use super::{Optimizer, OptimizerState, Optimizers, Scheduled, Stage, Trace};

/// An update rule for whole tensors.
///
/// The value that implements it holds its knobs and its counters (in `f64`), not the buffers.
pub trait TensorRule: Send + Debug + Clone + 'static {
    /// The coefficients of one update, rounded to the precision of training.
    type Step<R: Real>: Copy;

    /// The rule with these knobs, before its first update.
    fn new(knobs: &Chosen<Optimizers>) -> Self;

    /// Takes over changed knobs between two updates.
    fn configure(&mut self, knobs: &Chosen<Optimizers>);

    /// How long each buffer is that the rule keeps of this tensor; all of them start at 0.
    fn buffers(tensor: &Tensor) -> Vec<usize>;

    /// How many numbers the rule needs for this tensor while it updates it, and forgets then.
    fn scratch(tensor: &Tensor) -> usize;

    /// Begins an update: counts it, and gives its coefficients.
    fn begin<R: Real>(&mut self, scheduled: Scheduled) -> Self::Step<R>;

    /// The update of one tensor. Shows `watch` every number on the way.
    fn update<R: Real, T: Watch<R>>(step: &Self::Step<R>, site: Site<'_, R>, watch: &mut T);

    /// Counters and products that an update depends on.
    fn numbers(&self) -> Vec<f64>;

    /// Takes back what [`TensorRule::numbers`] gave.
    fn restore(&mut self, numbers: &[f64]);
}

/// What an update of one tensor reads and writes.
#[derive(Debug)]
pub struct Site<'a, R> {
    /// Its shape.
    pub tensor: &'a Tensor,
    /// Its numbers, row by row.
    pub w: &'a mut [R],
    /// The gradient of each.
    pub g: &'a [R],
    /// The rule's buffers of this tensor.
    pub buffers: &'a mut [Vec<R>],
    /// Room for intermediate numbers, holding anything; longer than asked for, maybe.
    pub scratch: &'a mut [R],
}

/// A [`Trace`] that is told which number of the tensor is being computed.
pub trait Watch<R: Real>: Trace<R> {
    /// What is shown from here on concerns the number `index` of the tensor.
    fn element(&mut self, index: usize);
    /// What is shown from here on concerns all of the tensor.
    fn whole(&mut self);
}

impl<R: Real> Watch<R> for () {
    #[inline(always)]
    fn element(&mut self, _: usize) {}
    #[inline(always)]
    fn whole(&mut self) {}
}

/// Keeps what concerns one number of the tensor, or all of it.
#[derive(Debug)]
struct Spot {
    index: usize,
    looking: bool,
    stages: Vec<Stage>,
}

impl<R: Real> Trace<R> for Spot {
    fn given(&mut self, symbol: &'static str, value: R) {
        if self.looking {
            self.stages.given(symbol, value);
        }
    }

    fn computed(&mut self, symbol: &'static str, formula: &'static str, value: R) {
        if self.looking {
            self.stages.computed(symbol, formula, value);
        }
    }
}

impl<R: Real> Watch<R> for Spot {
    fn element(&mut self, index: usize) {
        self.looking = index == self.index;
    }

    fn whole(&mut self) {
        self.looking = true;
    }
}

/// A [`TensorRule`] with its buffers: an optimizer.
#[derive(Debug)]
pub struct Tensorwise<R, K> {
    rule: K,
    tensors: Vec<(Tensor, Vec<Vec<R>>)>,
    scratch: Vec<R>,
}

impl<R: Real, K: TensorRule> Tensorwise<R, K> {
    /// The rule for parameters laid out like this, before its first update.
    #[must_use]
    pub fn new(knobs: &Chosen<Optimizers>, layout: &ParamLayout) -> Self {
        let zeros = |len: usize| vec![R::ZERO; len];
        let tensors = layout.tensors.iter().map(|tensor| {
            let buffers = K::buffers(tensor).into_iter().map(zeros).collect();
            (tensor.clone(), buffers)
        });
        let scratch = layout.tensors.iter().map(K::scratch).max().unwrap_or(0);
        Self { rule: K::new(knobs), tensors: tensors.collect(), scratch: zeros(scratch) }
    }
}

impl<R: Real, K: TensorRule> Optimizer<R> for Tensorwise<R, K> {
    fn configure(&mut self, knobs: &Chosen<Optimizers>) {
        self.rule.configure(knobs);
    }

    fn update(&mut self, scheduled: Scheduled, params: &mut [R], gradient: &[R]) {
        let step = self.rule.begin::<R>(scheduled);
        for (tensor, buffers) in &mut self.tensors {
            let (w, g) = (&mut params[tensor.range()], &gradient[tensor.range()]);
            let site = Site { tensor, w, g, buffers, scratch: &mut self.scratch };
            K::update(&step, site, &mut ());
        }
    }

    fn explain(
        &self,
        scheduled: Scheduled,
        params: &[R],
        gradient: &[R],
        index: usize,
    ) -> Vec<Stage> {
        let step = self.rule.clone().begin::<R>(scheduled);
        let found = self.tensors.iter().find(|(tensor, _)| tensor.range().contains(&index));
        let Some((tensor, buffers)) = found else { return Vec::new() };
        let mut watch = Spot { index: index - tensor.offset, looking: true, stages: Vec::new() };
        Trace::<R>::given(&mut watch, "w", params[index]);
        Trace::<R>::given(&mut watch, "g", gradient[index]);
        let site = Site {
            tensor,
            w: &mut params[tensor.range()].to_vec(),
            g: &gradient[tensor.range()],
            buffers: &mut buffers.clone(),
            scratch: &mut vec![R::ZERO; self.scratch.len()],
        };
        K::update(&step, site, &mut watch);
        watch.stages
    }

    fn state(&self) -> OptimizerState<R> {
        let Self { rule, tensors, scratch: _ } = self;
        let buffers = tensors.iter().flat_map(|(_, buffers)| buffers.iter().cloned()).collect();
        OptimizerState { buffers, numbers: rule.numbers() }
    }

    fn restore(&mut self, state: &OptimizerState<R>) {
        let Self { rule, tensors, scratch: _ } = self;
        let own = tensors.iter_mut().flat_map(|(_, buffers)| buffers);
        for (buffer, kept) in own.zip(&state.buffers) {
            buffer.copy_from_slice(kept);
        }
        rule.restore(&state.numbers);
    }
}

/// √Σ x², summed in `f64` in the order of the slice and rounded once.
pub(super) fn length<R: Real>(x: &[R]) -> R {
    R::from_f64(squares(x).sqrt())
}

/// √(Σ x² / n), summed likewise.
pub(super) fn root_mean_square<R: Real>(x: &[R]) -> R {
    R::from_f64((squares(x) / x.len() as f64).sqrt())
}

fn squares<R: Real>(x: &[R]) -> f64 {
    x.iter().map(|x| x.to_f64() * x.to_f64()).sum()
}
