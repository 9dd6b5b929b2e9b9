//! Learning: a network's loss on data, as an objective.
//!
//! Invariant: a batch is worked on in chunks of [`CHUNK_ROWS`] rows in the order given; loss and
//! gradient are sums over chunks in that order, so they depend on parameters, rows and, where the
//! network has dropout, on noise seed and step alone: a batch's value and gradient silence the same
//! units, evaluations and predictions none.
//! Penalties (l1·Σ|w| + l2/2·Σw² over weights, slope 0 where w is 0) belong to what is descended and
//! to nothing else. Deliberately not here: which rows make a batch.

mod asking;
mod linear;
mod measuring;
mod rules;
mod small;

use std::ops::Range;
use std::sync::Arc;

use ndarray::ArrayView2;

use crate::catalog::Chosen;
use crate::data::{Dataset, Split};
use crate::metrics::Baseline;
use crate::model::{
    CHUNK_ROWS, ClassTreatment, DensePart, DropoutRates, Link, LossFunction, LossRows, LossTask,
    Losses, Masks, ModelError, ModelSpec, Network, ParamLayout, Workspace, check_memory,
};
use crate::numeric::{Real, Team};

use super::rows::{Gathered, Rows};
use super::{Descent, Evaluation, Inside, LayerSums, Objective, Outputs, Regularize, Values};
use linear::Linear;
use small::Small;

/// A network's loss on data, in one precision.
#[derive(Debug)]
pub struct Learning<R: Real> {
    split: Arc<Split>,
    machine: Machine<R>,
    l1: R,
    l2: R,
    noise_seed: u64,
    train: Rows<R>,
    held_out: Option<Rows<R>>,
    gathered: Gathered<R>,
    /// The one pass that does for the layers, where there is one: of one sort or the other.
    linear: Option<Linear<R>>,
    small: Option<Small<R>>,
    /// The gradient over all training rows, at an evaluation.
    gradient: Vec<R>,
    /// The gradient over one batch, at an evaluation.
    batch_gradient: Vec<R>,
    /// The activations of all rows of one set, at an evaluation.
    outputs: Vec<f64>,
    /// Of each unit of the rectifying layers, whether it spoke on some row, at an evaluation.
    speaking: Vec<bool>,
    /// Whether the shown loss means something for activations that are frequencies or means.
    has_baseline_loss: bool,
    /// The scores without a look at the rows, from the first evaluation on.
    baseline: Option<Arc<Baseline>>,
}

/// The network with its losses and the space to run one chunk of rows through them.
#[derive(Debug)]
struct Machine<R: Real> {
    network: Network,
    loss: LossFunction<R>,
    report: Option<LossFunction<R>>,
    workspace: Workspace<R>,
    /// The activations of the chunk.
    activations: Vec<R>,
    /// Where slopes go that nobody reads.
    scratch: Vec<R>,
}

/// Rows of a batch that are worked on at once.
#[derive(Debug, Clone, Copy)]
struct Chunk<'a, R> {
    x: &'a [R],
    targets: &'a [R],
    /// What dropout silences.
    masks: Option<Masks>,
}

impl<'a, R> Chunk<'a, R> {
    fn new((x, targets): (&'a [R], &'a [R]), masks: Option<Masks>) -> Self {
        Self { x, targets, masks }
    }
}

/// Sums over rows of the loss's and the report's terms, not yet divided.
#[derive(Debug, Clone, Copy)]
struct Sums<R> {
    loss: R,
    report: R,
}

impl<R: Real> Sums<R> {
    const ZERO: Self = Self { loss: R::ZERO, report: R::ZERO };
}

impl<R: Real> Machine<R> {
    /// Makes ready for these parameters and batches of so many rows.
    fn prepare(&mut self, params: &[R], rows: usize) {
        self.network.prepare(params, rows == 1, &mut self.workspace);
    }

    /// Runs the rows of one chunk through the network, and writes their activations if asked to.
    fn forward(
        &mut self,
        params: &[R],
        (x, rows): (&[R], usize),
        masks: Option<Masks>,
        activations: bool,
    ) {
        self.network.forward(params, (x, rows), masks, &mut self.workspace);
        if activations {
            let head = self.network.head();
            let (sums, _) = self.workspace.output();
            let count = rows * head.width;
            head.link.forward(&sums[..count], head.width, &mut self.activations[..count]);
        }
    }

    /// Adds one chunk of a batch: its loss terms to `sums`, its gradient to `gradient`. Activations
    /// are written if a loss needs them, or if `activations` asks for them.
    fn descend(
        &mut self,
        params: &[R],
        chunk: Chunk<'_, R>,
        activations: bool,
        divisor: R,
        sums: &mut Sums<R>,
        gradient: (&mut [R], bool),
    ) {
        let head = self.network.head();
        let Chunk { x, targets, masks } = chunk;
        let rows = targets.len() / head.width;
        let needed = |loss: &LossFunction<R>| loss.needs_activations();
        let needed = needed(&self.loss) || self.report.as_ref().is_some_and(needed);
        self.forward(params, (x, rows), masks, needed || activations);
        let (outputs, delta) = self.workspace.output();
        let count = targets.len();
        let chunk = LossRows {
            sums: &outputs[..count],
            activations: &self.activations[..count],
            targets,
            width: head.width,
        };
        let delta = &mut delta[..count];
        sums.loss += self.loss.sum_and_gradient(&chunk, head.link, divisor, delta);
        if let Some(report) = &self.report {
            sums.report += report.sum(&chunk, &mut self.scratch[..count]);
        }
        self.network.backward(params, (x, rows), &mut self.workspace, gradient);
    }

    /// Adds the loss terms of one chunk to `sums`. Activations are written.
    fn measure(&mut self, params: &[R], chunk: Chunk<'_, R>, sums: &mut Sums<R>) {
        let head = self.network.head();
        let Chunk { x, targets, masks } = chunk;
        self.forward(params, (x, targets.len() / head.width), masks, true);
        let (outputs, _) = self.workspace.output();
        let count = targets.len();
        let chunk = LossRows {
            sums: &outputs[..count],
            activations: &self.activations[..count],
            targets,
            width: head.width,
        };
        sums.loss += self.loss.sum(&chunk, &mut self.scratch[..count]);
        if let Some(report) = &self.report {
            sums.report += report.sum(&chunk, &mut self.scratch[..count]);
        }
    }

    /// What a batch of so many rows gives, from its sums, the divisor of its loss and its penalty.
    fn values(&self, sums: Sums<R>, (rows, divisor): (usize, R), penalty: R) -> Values<R> {
        let width = self.network.head().width;
        let loss = sums.loss / divisor + penalty;
        let report = self.report.as_ref();
        Values { loss, shown: report.map_or(loss, |r| sums.report / r.divisor(rows, width)) }
    }
}

impl<R: Real> Learning<R> {
    /// The objective of learning `split`'s training rows.
    ///
    /// # Errors
    /// If loss or report does not fit the targets, the model cannot be built, a penalty is not a
    /// finite number of at least 0, or everything together would take more than
    /// [`MEMORY_BUDGET`](crate::model::MEMORY_BUDGET).
    pub fn new(
        split: Arc<Split>,
        model: &ModelSpec,
        loss: &Chosen<Losses>,
        report: Option<&Chosen<Losses>>,
        regularize: Regularize,
    ) -> Result<Self, ModelError> {
        for (field, found) in [("l1", regularize.l1), ("l2", regularize.l2)] {
            if !(found.is_finite() && found >= 0.0) {
                return Err(ModelError::Penalty { field, found });
            }
        }
        if split.train.rows() == 0 {
            return Err(ModelError::NoData { what: "rows" });
        }
        let network = Network::new(split.train.width(), model, &split.train.targets, loss)?;
        let head = network.head();
        if let Some(report) = report {
            head.check_report(report)?;
        }
        let rows = split.train.rows() + split.held_out.as_ref().map_or(0, Dataset::rows);
        let numbers = split.train.width() + head.width;
        check_memory("data", "the data", 0, &[rows as u64, numbers as u64])?;
        let count = CHUNK_ROWS * head.width;
        // A loss that compares classes by bare scores says nothing of frequencies.
        let has_baseline_loss = head.classes.is_none()
            || !matches!(head.link, Link::Identity | Link::Score)
            || Losses::task(report.unwrap_or(loss)) != LossTask::Classes;
        let machine = Machine {
            loss: LossFunction::new(loss),
            report: report.map(LossFunction::new),
            workspace: Workspace::new(&network),
            activations: vec![R::ZERO; count],
            scratch: vec![R::ZERO; count],
            network,
        };
        let train = Rows::new(&split.train, head);
        Ok(Self {
            linear: Linear::new(&machine.network, loss, report, &train),
            small: Small::new(&machine.network, loss, report),
            l1: R::from_f64(regularize.l1),
            l2: R::from_f64(regularize.l2),
            noise_seed: 0,
            train,
            held_out: split.held_out.as_ref().map(|dataset| Rows::new(dataset, head)),
            gathered: Gathered::new(split.train.width(), head.width),
            gradient: vec![R::ZERO; machine.network.layout().len()],
            batch_gradient: Vec::new(),
            outputs: Vec::new(),
            speaking: vec![false; machine.network.rectified_units()],
            has_baseline_loss,
            baseline: None,
            machine,
            split,
        })
    }

    /// The same with labels and classes treated, where the loss reads that; the report is left as it
    /// is.
    ///
    /// # Errors
    /// If the treatment does not fit the targets.
    pub fn treating(
        mut self,
        loss: &Chosen<Losses>,
        treatment: &ClassTreatment,
    ) -> Result<Self, ModelError> {
        treatment.on(loss).check(&self.split.train.targets)?;
        self.machine.loss = LossFunction::treated(loss, treatment);
        if !treatment.on(loss).is_neutral() {
            self.linear = None;
            self.small = None;
        }
        Ok(self)
    }

    /// With the seed that dropout draws from; it is 0 until then. A lane's is its noise seed.
    #[must_use]
    pub fn with_noise_seed(self, noise_seed: u64) -> Self {
        Self { noise_seed, ..self }
    }

    /// The network that is trained.
    pub fn network(&self) -> &Network {
        &self.machine.network
    }

    /// The data it is trained on.
    pub fn split(&self) -> &Arc<Split> {
        &self.split
    }

    /// Adds the penalties' gradient to `gradient`; returns their value.
    fn penalize(&self, params: &[R], gradient: &mut [R]) -> R {
        if self.l1 != R::ZERO || self.l2 != R::ZERO {
            for range in self.machine.network.layout().weight_ranges() {
                for (w, g) in params[range.clone()].iter().zip(&mut gradient[range]) {
                    *g += self.l1 * sign(*w) + self.l2 * *w;
                }
            }
        }
        self.penalty(params)
    }

    /// What dropout silences in a batch at a step, for its first chunk.
    fn masks(&self, rows: &[u32], step: u64) -> Masks {
        Masks { seed: self.noise_seed, step, batch: rows.len(), first: 0 }
    }

    /// The penalties' value.
    fn penalty(&self, params: &[R]) -> R {
        if self.l1 == R::ZERO && self.l2 == R::ZERO {
            return R::ZERO;
        }
        let half = self.l2 / (R::ONE + R::ONE);
        let mut penalty = R::ZERO;
        for range in self.machine.network.layout().weight_ranges() {
            let (mut absolute, mut squares) = (R::ZERO, R::ZERO);
            for w in &params[range] {
                absolute += w.abs();
                squares += *w * *w;
            }
            penalty += self.l1 * absolute + half * squares;
        }
        penalty
    }
}

/// −1, 0 or 1: the slope of |w|, with 0 at the kink as PyTorch takes it.
fn sign<R: Real>(w: R) -> R {
    if w > R::ZERO {
        R::ONE
    } else if w < R::ZERO {
        -R::ONE
    } else {
        R::ZERO
    }
}

impl<R: Real> Objective<R> for Learning<R> {
    fn layout(&self) -> &ParamLayout {
        self.machine.network.layout()
    }

    fn train_rows(&self) -> usize {
        self.train.count()
    }

    fn join(&mut self, team: &Team) {
        self.machine.workspace.join(team);
    }

    fn regularize(&mut self, penalties: Regularize) {
        self.l1 = R::from_f64(penalties.l1);
        self.l2 = R::from_f64(penalties.l2);
    }

    fn drop_out(&mut self, rates: &DropoutRates) {
        self.machine.network.drop_out(rates);
    }

    fn value_and_gradient(
        &mut self,
        params: &[R],
        rows: &[u32],
        step: u64,
        gradient: &mut [R],
    ) -> Values<R> {
        if let Some(linear) = &self.linear {
            let sums = linear.descend(params, (&self.train, rows), true, gradient);
            let penalty = self.penalize(params, gradient);
            let divisor = R::from_f64(rows.len() as f64);
            return self.machine.values(sums, (rows.len(), divisor), penalty);
        }
        if let Some(small) = &mut self.small {
            let sums = small.run(params, (&self.train, rows), Some(&mut *gradient));
            let penalty = self.penalize(params, gradient);
            let divisor = R::from_f64(rows.len() as f64);
            return self.machine.values(sums, (rows.len(), divisor), penalty);
        }
        if rows.is_empty() {
            gradient.fill(R::ZERO);
        }
        let width = self.machine.network.head().width;
        let targets = rows.iter().map(|row| self.train.targets_of(*row as usize));
        let divisor = self.machine.loss.divisor_of(targets, width);
        let mut sums = Sums::ZERO;
        self.machine.prepare(params, rows.len());
        let mut masks = self.masks(rows, step);
        for chunk in rows.chunks(CHUNK_ROWS) {
            let data = Chunk::new(self.train.pick(chunk, &mut self.gathered), Some(masks));
            let part = (&mut *gradient, masks.first == 0);
            self.machine.descend(params, data, false, divisor, &mut sums, part);
            masks.first += chunk.len();
        }
        let penalty = self.penalize(params, gradient);
        self.machine.values(sums, (rows.len(), divisor), penalty)
    }

    fn descend(&mut self, params: &[R], rows: &[u32], step: u64, gradient: &mut [R]) -> Descent<R> {
        if let (Some(linear), Some(report)) = (&self.linear, &self.machine.report) {
            let sums = linear.descend(params, (&self.train, rows), false, gradient);
            let penalty = self.penalize(params, gradient);
            if sums.loss.is_finite() && penalty.is_finite() {
                let shown = sums.report / report.divisor(rows.len(), 1);
                return Descent { shown, is_finite: true };
            }
        }
        let values = self.value_and_gradient(params, rows, step, gradient);
        Descent { shown: values.shown, is_finite: values.loss.is_finite() }
    }

    fn value(&mut self, params: &[R], rows: &[u32], step: u64) -> Values<R> {
        if let Some(linear) = &self.linear {
            let sums = linear.descend(params, (&self.train, rows), true, &mut self.gradient);
            let divisor = R::from_f64(rows.len() as f64);
            let penalty = self.penalty(params);
            return self.machine.values(sums, (rows.len(), divisor), penalty);
        }
        if let Some(small) = &mut self.small {
            let sums = small.run(params, (&self.train, rows), None);
            let divisor = R::from_f64(rows.len() as f64);
            let penalty = self.penalty(params);
            return self.machine.values(sums, (rows.len(), divisor), penalty);
        }
        let width = self.machine.network.head().width;
        let targets = rows.iter().map(|row| self.train.targets_of(*row as usize));
        let divisor = self.machine.loss.divisor_of(targets, width);
        let mut sums = Sums::ZERO;
        self.machine.prepare(params, rows.len());
        let mut masks = self.masks(rows, step);
        for chunk in rows.chunks(CHUNK_ROWS) {
            let data = Chunk::new(self.train.pick(chunk, &mut self.gathered), Some(masks));
            self.machine.measure(params, data, &mut sums);
            masks.first += chunk.len();
        }
        let penalty = self.penalty(params);
        self.machine.values(sums, (rows.len(), divisor), penalty)
    }

    fn evaluate(&mut self, params: &[R]) -> Evaluation {
        self.measured(params, None)
    }

    fn measure(&mut self, params: &[R], batch_rows: usize) -> Evaluation {
        self.measured(params, Some(batch_rows))
    }

    fn full_loss(&mut self, params: &[R]) -> f64 {
        self.loss_of_all(params)
    }

    fn layer_sums(&mut self, params: &[R], rows: &[u32]) -> Vec<LayerSums> {
        self.sums_of_layers(params, rows)
    }

    fn predict(&mut self, params: &[R], features: ArrayView2<'_, f64>) -> Option<Outputs> {
        self.answers(params, &features, &[])
    }

    fn parts(&self) -> Vec<DensePart> {
        self.machine.network.dense_parts()
    }

    fn units(
        &mut self,
        params: &[R],
        features: ArrayView2<'_, f64>,
        shown: &[Range<usize>],
    ) -> Option<Outputs> {
        self.answers(params, &features, shown)
    }

    fn gather(&mut self, params: &[R], rows: &[u32], part: Range<usize>, inside: &mut Inside) {
        self.gather_part(params, rows, part, inside);
    }
}
