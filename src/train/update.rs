//! One update of a lane: which rows, which way, and what makes it the last.
//!
//! Invariant: an update that cannot be made leaves the parameters as they were. Sample k is the loss
//! measured before update k + 1, whichever way the method moves.

use std::ops::Range;

use crate::data::BatchSize;
use crate::numeric::{Noise, all_finite, sum_of_squares};
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
        let mut finite = descent.is_finite && self.all_finite(&self.gradient);
        if finite {
            self.clip_gradient();
            let scheduled = self.scheduled();
            if let Method::Descent(optimizer) = &mut self.method {
                finite = optimizer.advance(scheduled, &self.params, &mut self.kept, &self.gradient);
            }
        }
        if finite {
            std::mem::swap(&mut self.params, &mut self.kept);
        } else {
            self.kept.copy_from_slice(&self.params);
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
    pub(super) fn measure(&mut self, batch: Range<usize>) -> Values<R> {
        let (step, rows) = (self.progress.step, &self.rows[batch]);
        self.objective.value_and_gradient(&self.params, rows, step, &mut self.gradient)
    }

    pub(super) fn clip_gradient(&mut self) {
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

    /// The method's own numbers of the next update of the first `count` parameters, as
    /// [`Trainer::explain_next`] tells them. Says whether there are any: not under a method that follows no
    /// gradient. Nothing is changed.
    pub fn explain_all(&mut self, count: usize, mut see: impl FnMut(usize, &[Stage])) -> bool {
        let batch = self.next_batch();
        self.measure(batch);
        self.add_noise();
        self.clip_gradient();
        let scheduled = self.scheduled();
        for index in 0..count {
            let stages = self.method.explain(scheduled, &self.params, &self.gradient, index);
            if stages.is_empty() {
                return false;
            }
            see(index, &stages);
        }
        true
    }

    /// The gradient that the method was last shown, or told of.
    pub fn treated_gradient(&self) -> &[R] {
        &self.gradient
    }

    /// Brings the rows into order; where among them the next batch lies.
    pub(super) fn next_batch(&mut self) -> Range<usize> {
        self.order_rows();
        let start = self.progress.row_offset;
        start..start + batch_rows(self.rows.len() - start, self.batch_size)
    }

    /// Adds the lane's noise to its gradient: a function of seed and step alone.
    pub(super) fn add_noise(&mut self) {
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
    /// Whether every number is finite.
    fn all_finite(&self, numbers: &[R]) -> bool {
        all_finite(self.runner, &self.team, numbers)
    }
}
