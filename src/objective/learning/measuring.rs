//! Everything measured of a network at one step.
//!
//! Invariant: what is measured depends on parameters, data and batch size alone, and changes nothing
//! that training sees. Deliberately not here: when it is measured, and the size of the last update,
//! which the trainer knows.

use std::sync::Arc;

use crate::data::{Dataset, Targets};
use crate::metrics::{Baseline, Scores, column_means, frequencies, repeated};
use crate::model::{CHUNK_ROWS, Link, LossRows};
use crate::numeric::{Real, euclidean_norm};

use super::super::rows::Rows;
use super::super::{Evaluation, LayerSums, Objective};
use super::{Chunk, Learning, Machine, Sums};

/// Batches whose gradients are compared with the full one.
const NOISE_BATCHES: usize = 4;
/// How near to 0 and 1 a frequency may come where it is turned into a sum.
const NEAREST: f64 = 1e-6;

/// Whether activations are probabilities.
fn is_probable(link: Link) -> bool {
    match link {
        Link::Sigmoid | Link::Softmax => true,
        Link::Identity | Link::Score => false,
    }
}

impl<R: Real> Machine<R> {
    /// The scores of a dataset, given its activations, the sums of its loss terms and the divisor of
    /// its loss.
    fn scores(&self, dataset: &Dataset, outputs: &[f64], sums: Sums<R>, divisor: R) -> Scores {
        let rows = dataset.rows();
        let loss = (rows > 0).then(|| self.values(sums, (rows, divisor), R::ZERO).shown.to_f64());
        Scores { loss, ..self.scores_of(dataset, outputs) }
    }

    fn scores_of(&self, dataset: &Dataset, outputs: &[f64]) -> Scores {
        let head = self.network.head();
        match &dataset.targets {
            Targets::Classes { labels, names } => {
                let labels = labels.as_standard_layout();
                let labels = labels.as_slice().unwrap_or_default();
                Scores::of_classes(labels, names.len(), outputs, is_probable(head.link))
            }
            Targets::Values { values, .. } => {
                let targets = values.as_standard_layout();
                let targets = targets.as_slice().unwrap_or_default();
                Scores::of_values(outputs, targets, head.width)
            }
        }
    }

    /// The shown loss of a model that says `outputs` for every row.
    fn constant_loss(&mut self, rows: &Rows<R>, outputs: &[f64]) -> f64 {
        let head = self.network.head();
        let logit = |p: f64| (p / (1.0 - p)).ln();
        let sum = |x: &f64| match head.link {
            Link::Identity | Link::Score => *x,
            Link::Sigmoid => logit(x.clamp(NEAREST, 1.0 - NEAREST)),
            Link::Softmax => x.max(NEAREST).ln(),
        };
        let sums: Vec<f64> = outputs.iter().map(sum).collect();
        let chunk = |one: &[f64]| -> Vec<R> {
            repeated(one, CHUNK_ROWS).into_iter().map(R::from_f64).collect()
        };
        let (sums, mut total) = (chunk(&sums), Sums::ZERO);
        head.link.forward(&sums, head.width, &mut self.activations);
        for first in (0..rows.count()).step_by(CHUNK_ROWS) {
            let (_, targets) = rows.run(first, CHUNK_ROWS.min(rows.count() - first));
            let count = targets.len();
            let chunk = LossRows {
                sums: &sums[..count],
                activations: &self.activations[..count],
                targets,
                width: head.width,
            };
            total.loss += self.loss.sum(&chunk, &mut self.scratch[..count]);
            if let Some(report) = &self.report {
                total.report += report.sum(&chunk, &mut self.scratch[..count]);
            }
        }
        let divisor = self.loss.divisor_of(rows.all_targets(), head.width);
        self.values(total, (rows.count(), divisor), R::ZERO).shown.to_f64()
    }
}

impl<R: Real> Learning<R> {
    /// Everything measured at `params`; the noise of the gradient for batches of so many rows.
    pub(super) fn measured(&mut self, params: &[R], batch_rows: Option<usize>) -> Evaluation {
        let baseline = self.baseline();
        let mut gradient = std::mem::take(&mut self.gradient);
        gradient.fill(R::ZERO);
        let (machine, outputs) = (&mut self.machine, &mut self.outputs);
        let count = self.train.count();
        let width = machine.network.head().width;
        let divisor = machine.loss.divisor_of(self.train.all_targets(), width);
        let mut sums = Sums::ZERO;
        machine.prepare(params, count);
        outputs.clear();
        self.speaking.fill(false);
        for first in (0..count).step_by(CHUNK_ROWS) {
            let rows = CHUNK_ROWS.min(count - first);
            let data = self.train.run(first, rows);
            let chunk = Chunk::new(data, None);
            machine.descend(params, chunk, true, divisor, &mut sums, (&mut gradient, false));
            machine.network.mark_speaking(rows, &machine.workspace, &mut self.speaking);
            outputs.extend(machine.activations[..data.1.len()].iter().map(|a| a.to_f64()));
        }
        let train = machine.scores(&self.split.train, outputs, sums, divisor);
        let gradient_noise = batch_rows.map(|rows| self.gradient_noise(params, rows, &gradient));
        let loss = sums.loss / divisor + self.penalize(params, &mut gradient);
        let dead = self.speaking.iter().filter(|speaks| !**speaks).count();
        let units = self.speaking.len();
        let evaluation = Evaluation {
            full_loss: loss.to_f64(),
            gradient_norm: euclidean_norm(&gradient).to_f64(),
            parameter_norm: euclidean_norm(params).to_f64(),
            update_ratio: None,
            gradient_noise,
            dead_units: (units > 0).then(|| dead as f64 / units as f64),
            train,
            held_out: self.held_out_scores(params),
            baseline: Some(baseline),
        };
        self.gradient = gradient;
        evaluation
    }

    /// The loss over all training rows, penalties included, nothing silenced; no gradient.
    pub(super) fn loss_of_all(&mut self, params: &[R]) -> f64 {
        let count = self.train.count();
        if self.linear.is_some() || self.small.is_some() {
            // One pass instead of layers, where nothing is ever silenced.
            let rows: Vec<u32> = (0..count as u32).collect();
            return self.value(params, &rows, 0).loss.to_f64();
        }
        let machine = &mut self.machine;
        let width = machine.network.head().width;
        let divisor = machine.loss.divisor_of(self.train.all_targets(), width);
        let mut sums = Sums::ZERO;
        machine.prepare(params, count);
        for first in (0..count).step_by(CHUNK_ROWS) {
            let data = self.train.run(first, CHUNK_ROWS.min(count - first));
            machine.measure(params, Chunk::new(data, None), &mut sums);
        }
        (sums.loss / divisor + self.penalty(params)).to_f64()
    }

    /// What the units of each hidden layer get in some training rows.
    pub(super) fn sums_of_layers(&mut self, params: &[R], rows: &[u32]) -> Vec<LayerSums> {
        let mut layers: Vec<LayerSums> = Vec::new();
        let machine = &mut self.machine;
        machine.prepare(params, rows.len());
        for chunk in rows.chunks(CHUNK_ROWS) {
            let (x, _) = self.train.pick(chunk, &mut self.gathered);
            machine.forward(params, (x, chunk.len()), None, false);
            let found = machine.network.hidden_sums(chunk.len(), &machine.workspace);
            for (at, (layer, activation, sums)) in found.enumerate() {
                if at == layers.len() {
                    layers.push(LayerSums { layer, activation, sums: Vec::new() });
                }
                layers[at].sums.extend(sums.iter().map(|sum| sum.to_f64()));
            }
        }
        layers
    }

    /// The mean of ‖g − G‖² over the first batches in file order, without penalties; `full` is G.
    fn gradient_noise(&mut self, params: &[R], batch_rows: usize, full: &[R]) -> f64 {
        let count = self.train.count();
        if batch_rows == 0 || batch_rows >= count {
            return 0.0;
        }
        let machine = &mut self.machine;
        let width = machine.network.head().width;
        // A loss that is a sum over rows has a gradient as many times greater as there are more rows.
        let share = batch_rows as f64 / count as f64;
        let even = machine.loss.divisor(count, width).to_f64();
        let scale = share * even / machine.loss.divisor(batch_rows, width).to_f64();
        let batches = NOISE_BATCHES.min(count / batch_rows);
        self.batch_gradient.resize(full.len(), R::ZERO);
        let mut total = 0.0;
        for batch in 0..batches {
            self.batch_gradient.fill(R::ZERO);
            let (first, past) = (batch * batch_rows, (batch + 1) * batch_rows);
            let mut sums = Sums::ZERO;
            let targets = (first..past).map(|row| self.train.targets_of(row));
            let divisor = machine.loss.divisor_of(targets, width);
            machine.prepare(params, batch_rows);
            for start in (first..past).step_by(CHUNK_ROWS) {
                let data = self.train.run(start, CHUNK_ROWS.min(past - start));
                let gradient = &mut self.batch_gradient;
                let chunk = Chunk::new(data, None);
                machine.descend(params, chunk, false, divisor, &mut sums, (gradient, false));
            }
            let pairs = self.batch_gradient.iter().zip(full);
            total += pairs
                .map(|(g, full)| g.to_f64() - scale * full.to_f64())
                .map(|far| far * far)
                .sum::<f64>();
        }
        total / batches as f64
    }

    /// The scores on the held-out rows at `params`, if there are any.
    fn held_out_scores(&mut self, params: &[R]) -> Option<Scores> {
        let (rows, dataset) = (self.held_out.as_ref()?, self.split.held_out.as_ref()?);
        let (machine, outputs) = (&mut self.machine, &mut self.outputs);
        machine.prepare(params, rows.count());
        outputs.clear();
        let mut sums = Sums::ZERO;
        for first in (0..rows.count()).step_by(CHUNK_ROWS) {
            let chunk = rows.run(first, CHUNK_ROWS.min(rows.count() - first));
            machine.measure(params, Chunk::new(chunk, None), &mut sums);
            outputs.extend(machine.activations[..chunk.1.len()].iter().map(|a| a.to_f64()));
        }
        let divisor = machine.loss.divisor_of(rows.all_targets(), machine.network.head().width);
        Some(machine.scores(dataset, outputs, sums, divisor))
    }

    /// The scores of the frequencies or means of the training rows, computed once.
    fn baseline(&mut self) -> Arc<Baseline> {
        if let Some(baseline) = &self.baseline {
            return Arc::clone(baseline);
        }
        let outputs = match &self.split.train.targets {
            Targets::Classes { labels, names } => {
                let labels = labels.as_standard_layout();
                let said = frequencies(labels.as_slice().unwrap_or_default(), names.len());
                match (said.as_slice(), self.machine.network.head().width) {
                    ([second], 2) => vec![1.0 - second, *second],
                    _ => said,
                }
            }
            Targets::Values { values, .. } => {
                let values = values.as_standard_layout();
                column_means(values.as_slice().unwrap_or_default(), values.ncols())
            }
        };
        let (machine, has_loss) = (&mut self.machine, self.has_baseline_loss);
        let mut scores = |rows: &Rows<R>, dataset: &Dataset| {
            let loss = has_loss.then(|| machine.constant_loss(rows, &outputs));
            let loss = loss.filter(|_| rows.count() > 0);
            Scores { loss, ..machine.scores_of(dataset, &repeated(&outputs, dataset.rows())) }
        };
        let train = scores(&self.train, &self.split.train);
        let held_out = self.held_out.as_ref().zip(self.split.held_out.as_ref());
        let held_out = held_out.map(|(rows, dataset)| scores(rows, dataset));
        let baseline = Arc::new(Baseline { train, held_out });
        self.baseline = Some(Arc::clone(&baseline));
        baseline
    }
}
