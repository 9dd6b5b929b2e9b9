//! One update of a lane: which rows, which way, and what makes it the last.
//!
//! Invariant: an update that cannot be made leaves the parameters as they were. Sample k is the loss
//! measured before update k + 1, whichever way the method moves.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::data::BatchSize;
use crate::numeric::{Arithmetic, Noise, Team, Work, sum_of_squares};
use crate::objective::Values;
use crate::optim::{Method, Search, Stage, Tabled};

use super::{EndReason, LossSink, Trainer};

/// The next update of one parameter, told before it is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Updates done.
    pub step: u64,
    /// The batch's loss, penalties included.
    pub loss: f64,
    /// The parameter's gradient as the batch gives it.
    pub raw: f64,
    /// The same with the lane's noise on it.
    pub noisy: f64,
    /// The same after clipping: what the method sees.
    pub treated: f64,
    /// The method's own numbers, in the order in which they come up; the last is the new value.
    pub stages: Vec<Stage>,
}

impl<R: Tabled> Trainer<R> {
    /// One update. False if the run ended instead, with the parameters as they were.
    pub(super) fn update(&mut self, sink: Option<&LossSink>) -> bool {
        let batch = self.next_batch();
        let (count, stop) = (batch.len() as u64, batch.end);
        let moved = match self.method {
            Method::Descent(_) => self.descend(batch, sink),
            Method::Search(search) => self.search(search, batch, sink),
        };
        if !moved {
            self.end_with(EndReason::Diverged);
            return false;
        }
        self.moved = None;
        let progress = &mut self.progress;
        progress.step += 1;
        progress.samples += count;
        if self.has_epochs {
            progress.row_offset = stop;
            progress.epoch_sum += progress.last_loss.unwrap_or_default();
            progress.epoch_batches += 1;
        }
        true
    }

    /// Brings the rows into the order of the present epoch.
    fn order_rows(&mut self) {
        let stale = match self.rows_of {
            Some(epoch) => epoch != self.progress.epoch && !self.order.is_fixed(),
            None => true,
        };
        if stale && self.has_epochs {
            self.order.fill(self.progress.epoch, &mut self.rows);
            self.rows_of = Some(self.progress.epoch);
        }
    }

    /// Moves along the gradient of the batch `rows[batch]`; false if something is not finite.
    fn descend(&mut self, batch: Range<usize>, sink: Option<&LossSink>) -> bool {
        let (step, rows) = (self.progress.step, &self.rows[batch]);
        let descent = self.objective.descend(&self.params, rows, step, &mut self.gradient);
        self.progress.loss_evaluations += self.objective.evaluations();
        self.record(descent.shown, sink);
        self.add_noise();
        let finite = self.keep();
        if !descent.is_finite || !finite {
            return false;
        }
        self.clip_gradient();
        let scheduled = self.scheduled();
        if let Method::Descent(optimizer) = &mut self.method {
            optimizer.update(scheduled, &mut self.params, &self.gradient);
        }
        let finite = self.all_finite(&self.params);
        if !finite {
            self.params.copy_from_slice(&self.kept);
        }
        finite
    }

    /// Moves to a guess if the batch's loss is lower there; false if the loss here is not finite.
    fn search(&mut self, search: Search, batch: Range<usize>, sink: Option<&LossSink>) -> bool {
        let (step, rows) = (self.progress.step, &self.rows[batch.clone()]);
        let here = self.objective.value(&self.params, rows, step);
        self.progress.loss_evaluations += 1;
        self.record(here.shown, sink);
        if !here.loss.is_finite() {
            return false;
        }
        let scheduled = self.scheduled();
        search.guess(scheduled, (self.noise_seed, step), &self.params, &mut self.kept);
        let rows = &self.rows[batch];
        let there = self.objective.value(&self.kept, rows, step);
        self.progress.loss_evaluations += 1;
        if there.loss < here.loss && self.all_finite(&self.kept) {
            std::mem::swap(&mut self.params, &mut self.kept);
        } else {
            self.kept.copy_from_slice(&self.params);
        }
        true
    }

    /// The loss of the batch `rows[batch]`; its bare gradient is written to `gradient`.
    fn measure(&mut self, batch: Range<usize>) -> Values<R> {
        let (step, rows) = (self.progress.step, &self.rows[batch]);
        self.objective.value_and_gradient(&self.params, rows, step, &mut self.gradient)
    }

    fn clip_gradient(&mut self) {
        if let Some(clipping) = &self.clipping {
            clipping.apply(&mut self.gradient);
        }
    }

    /// Which training rows the next update takes; one on a surface.
    pub fn next_rows(&mut self) -> &[u32] {
        let batch = self.next_batch();
        &self.rows[batch]
    }

    /// The next update of parameter `index`, told in stages by the code that will do it. Nothing is
    /// changed. The stages are empty under a method that follows no gradient.
    ///
    /// # Panics
    /// If there is no such parameter.
    pub fn explain_next(&mut self, index: usize) -> Explained {
        let batch = self.next_batch();
        let values = self.measure(batch);
        let raw = self.gradient[index].to_f64();
        self.add_noise();
        let noisy = self.gradient[index].to_f64();
        self.clip_gradient();
        let scheduled = self.scheduled();
        let stages = self.method.explain(scheduled, &self.params, &self.gradient, index);
        Explained {
            step: self.progress.step,
            loss: values.loss.to_f64(),
            raw,
            noisy,
            treated: self.gradient[index].to_f64(),
            stages,
        }
    }

    /// Brings the rows into order; where among them the next batch lies.
    fn next_batch(&mut self) -> Range<usize> {
        self.order_rows();
        let start = self.progress.row_offset;
        start..start + batch_rows(self.rows.len() - start, self.batch_size)
    }

    /// Adds the lane's noise to its gradient: a function of seed and step alone.
    fn add_noise(&mut self) {
        if self.gradient_noise == 0.0 {
            return;
        }
        for (index, pair) in self.gradient.chunks_mut(2).enumerate() {
            let noise =
                Noise::Gradient.normal_pair(self.noise_seed, self.progress.step, index as u32);
            for (g, noise) in pair.iter_mut().zip(noise) {
                *g += R::from_f64(self.gradient_noise * noise);
            }
        }
    }

    /// How far the last update moved the parameters; `None` before the first.
    pub(super) fn last_move(&self) -> Option<f64> {
        if self.progress.step == 0 || self.moved.is_some() {
            return self.moved;
        }
        let mut far = [R::ZERO; 256];
        let chunks = self.params.chunks(far.len()).zip(self.kept.chunks(far.len()));
        let squares = chunks.map(|(now, before)| {
            for (far, (now, before)) in far.iter_mut().zip(now.iter().zip(before)) {
                *far = *now - *before;
            }
            sum_of_squares(&far[..now.len()]).to_f64()
        });
        Some(squares.sum::<f64>().sqrt())
    }

    fn record(&mut self, shown: R, sink: Option<&LossSink>) {
        if let Some(sink) = sink {
            sink.store(self.progress.step, shown);
        }
        self.progress.last_loss = Some(shown.to_f64());
    }
}

/// Rows of the next batch, of `left` in the epoch.
pub(super) fn batch_rows(left: usize, size: BatchSize) -> usize {
    match size {
        BatchSize::Rows(n) => left.min(n.max(1) as usize),
        BatchSize::Full => left,
    }
}

impl<R: Tabled> Trainer<R> {
    /// Copies the parameters to `kept`; gives whether the gradient is finite.
    fn keep(&mut self) -> bool {
        let Self { kept, params, gradient, .. } = self;
        if params.len() < LANES {
            kept.copy_from_slice(params);
            return gradient.iter().all(|g| g.is_finite());
        }
        let each = part_len(&self.team, params.len());
        let parts = kept.chunks_mut(each).zip(params.chunks(each).zip(gradient.chunks(each)));
        let parts = parts.map(|(kept, (params, gradient))| Keep { kept, params, gradient });
        let runner = self.runner;
        all(&self.team, parts, |part| runner.run(part))
    }

    /// Whether every number is finite.
    fn all_finite(&self, numbers: &[R]) -> bool {
        if numbers.len() < LANES {
            return numbers.iter().all(|number| number.is_finite());
        }
        let parts = numbers.chunks(part_len(&self.team, numbers.len()));
        let runner = self.runner;
        all(&self.team, parts, |part| runner.run(Finite(part)))
    }
}

/// Numbers in each part of a pass over `len` numbers: all of them, where sharing would not pay.
fn part_len(team: &Team, len: usize) -> usize {
    let parts = if len < WORTH { 1 } else { team.parts() };
    len.div_ceil(parts).max(1)
}

/// Whether `holds` of every part.
fn all<T: Send>(
    team: &Team,
    mut parts: impl ExactSizeIterator<Item = T>,
    holds: impl Fn(T) -> bool + Sync,
) -> bool {
    if parts.len() < 2 {
        return parts.all(holds);
    }
    let well = AtomicBool::new(true);
    team.share(parts, |part| {
        if !holds(part) {
            well.store(false, Ordering::Relaxed);
        }
    });
    well.into_inner()
}

/// Numbers that a pass over is worth sharing.
const WORTH: usize = 1 << 16;

/// Numbers that are looked at side by side, without a branch.
const LANES: usize = 32;

struct Finite<'a, R>(&'a [R]);

impl<R: Tabled> Work for Finite<'_, R> {
    type Output = bool;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> bool {
        // Zero times what is finite is zero, and NaN otherwise, which stays.
        let mut lanes = [R::ZERO; LANES];
        let mut blocks = self.0.chunks_exact(LANES);
        let rest = blocks.remainder().iter().all(|x| x.is_finite());
        if self.0.len() < LANES {
            return rest;
        }
        for block in &mut blocks {
            for (lane, x) in lanes.iter_mut().zip(block) {
                *lane += *x * R::ZERO;
            }
        }
        rest & lanes.iter().all(|lane| *lane == R::ZERO)
    }
}

/// Copies the parameters; gives whether the gradient is finite.
struct Keep<'a, R> {
    kept: &'a mut [R],
    params: &'a [R],
    gradient: &'a [R],
}

impl<R: Tabled> Work for Keep<'_, R> {
    type Output = bool;

    #[inline(always)]
    fn run<A: Arithmetic>(self) -> bool {
        let mut lanes = [R::ZERO; LANES];
        let mut kept = self.kept.chunks_exact_mut(LANES);
        let (mut params, mut gradient) =
            (self.params.chunks_exact(LANES), self.gradient.chunks_exact(LANES));
        let blocks = (&mut kept).zip((&mut params).zip(&mut gradient));
        for (kept, (params, gradient)) in blocks {
            for (lane, g) in lanes.iter_mut().zip(gradient) {
                *lane += *g * R::ZERO;
            }
            kept.copy_from_slice(params);
        }
        let mut finite = true;
        let rest = params.remainder().iter().zip(gradient.remainder());
        for (kept, (param, g)) in kept.into_remainder().iter_mut().zip(rest) {
            finite &= g.is_finite();
            *kept = *param;
        }
        finite && (self.params.len() < LANES || lanes.iter().all(|lane| *lane == R::ZERO))
    }
}
