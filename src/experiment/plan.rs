//! What one lane is to do, complete: the experiment's task and training with the lane's overrides
//! applied and the data loaded. A trainer is built from a plan and from nothing else.
//!
//! Invariant: plans exist only for validated experiments. Lanes share their data (`Arc`).

use std::sync::Arc;

use crate::catalog::Chosen;
use crate::data::{BatchSize, Shuffle, Split};
use crate::model::{ClassTreatment, DropoutRates, Initializers, Losses, ModelSpec, Network};
use crate::numeric::Precision;
use crate::objective::{Gradients, Penalty, Regularize, Surfaces, is_measured};
use crate::optim::{Clips, Optimizers, Schedules, Span};

use super::{Length, StopRules};

/// What one lane is to do.
#[derive(Debug, Clone)]
pub struct LanePlan {
    /// The lane's name.
    pub name: String,
    /// Where it is forked off another lane, if it is.
    pub from: Option<Arc<ForkPlan>>,
    /// What it minimises.
    pub task: TaskPlan,
    /// How long it trains.
    pub length: PlannedLength,
    /// Rows per update at the start.
    pub batch_size: BatchSize,
    /// How rows are ordered.
    pub shuffle: Shuffle,
    /// The seeds, all resolved.
    pub seeds: Seeds,
    /// The precision.
    pub precision: Precision,
    /// The update rule with its knobs at the start.
    pub optimizer: Chosen<Optimizers>,
    /// How the learning rate moves.
    pub schedule: Chosen<Schedules>,
    /// How it gets its gradient, if not analytically.
    pub gradient: Option<Chosen<Gradients>>,
    /// Standard deviation of the noise on each gradient component.
    pub gradient_noise: f64,
    /// Gradient clipping.
    pub clip: Option<Chosen<Clips>>,
    /// Rules that end it early.
    pub stop: Vec<Chosen<StopRules>>,
    /// Knobs turned at given steps, in the order of the file, steps ascending.
    pub edits: Vec<PlannedEdit>,
}

impl LanePlan {
    /// What run `number` of its runs is to do, from 0: the same with every seed of training raised by so
    /// many. Data and split stay, so that runs of one number pair between lanes.
    #[must_use]
    pub fn of_run(&self, number: u32) -> Self {
        Self { seeds: self.seeds.raised(u64::from(number)), ..self.clone() }
    }

    /// The penalties at the start; none on a surface.
    #[must_use]
    pub fn regularize(&self) -> Regularize {
        match &self.task {
            TaskPlan::Learn(learn) => learn.regularize,
            TaskPlan::Surface { .. } => Regularize::default(),
        }
    }

    /// The rates of its dropout layers; none where there are no layers.
    #[must_use]
    pub fn dropout(&self) -> DropoutRates {
        match &self.task {
            TaskPlan::Learn(learn) => DropoutRates::of(&learn.model),
            TaskPlan::Surface { .. } => DropoutRates::default(),
        }
    }

    /// How long the planned run and one epoch are, in updates.
    #[must_use]
    pub fn span(&self) -> Span {
        let rows = match &self.task {
            TaskPlan::Learn(learn) => learn.split.train.rows() as u64,
            TaskPlan::Surface { .. } => 1,
        };
        let epoch = match self.batch_size {
            BatchSize::Full => 1,
            BatchSize::Rows(size) => rows.div_ceil(size.max(1)).max(1),
        };
        let steps = match self.length {
            PlannedLength::Epochs(Length::Count(epochs)) => Some(epochs.saturating_mul(epoch)),
            PlannedLength::Steps(Length::Count(steps)) => Some(steps),
            PlannedLength::Epochs(Length::Unlimited) | PlannedLength::Steps(Length::Unlimited) => {
                None
            }
        };
        Span { steps, epoch }
    }

    /// How many evaluations of the loss or its gradient each update takes, and from which step on, the
    /// first from 0: a fork's past is its parents'.
    #[must_use]
    pub fn evaluations_per_update(&self) -> Vec<(u64, u64)> {
        let own = if Optimizers::is_search(self.optimizer.entry()) {
            // Here, and at the guess.
            2
        } else if is_measured(self.gradient.as_ref()) {
            1 + 2 * self.parameters() as u64
        } else {
            1
        };
        let mut all = Vec::new();
        if let Some(fork) = &self.from {
            all = fork.parent.evaluations_per_update();
            all.retain(|(step, _)| *step < fork.step);
        }
        all.push((self.from.as_ref().map_or(0, |fork| fork.step), own));
        all
    }

    /// How many parameters there are; 0 where the model does not fit its data.
    fn parameters(&self) -> usize {
        match &self.task {
            TaskPlan::Learn(learn) => {
                let data = &learn.split.train;
                let network = Network::new(data.width(), &learn.model, &data.targets, &learn.loss);
                network.map_or(0, |network| network.layout().len())
            }
            TaskPlan::Surface { start, .. } => start.len(),
        }
    }
}

/// Where a lane is forked off another.
#[derive(Debug, Clone)]
pub struct ForkPlan {
    /// What the parent is to do, complete.
    pub parent: LanePlan,
    /// After how many of its updates.
    pub step: u64,
}

/// What a lane minimises.
#[derive(Debug, Clone)]
pub enum TaskPlan {
    /// A model's loss on data.
    Learn(LearnPlan),
    /// An analytic function.
    Surface {
        /// The function.
        function: Chosen<Surfaces>,
        /// The start.
        start: [f64; 2],
    },
}

/// Learning from data, resolved.
#[derive(Debug, Clone)]
pub struct LearnPlan {
    /// The rows, split and scaled; shared by all lanes with the same data.
    pub split: Arc<Split>,
    /// The network.
    pub model: ModelSpec,
    /// Where the weights start (the lane's own, or the model's).
    pub init: Chosen<Initializers>,
    /// What each update descends.
    pub loss: Chosen<Losses>,
    /// How labels and classes are treated, where the loss reads it; neutral elsewhere.
    pub treatment: ClassTreatment,
    /// What the curve shows, if not the loss.
    pub report: Option<Chosen<Losses>>,
    /// Penalties.
    pub regularize: Regularize,
}

/// How long a lane trains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlannedLength {
    /// So many passes over the training rows.
    Epochs(Length),
    /// So many updates.
    Steps(Length),
}

/// The seeds of one lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeds {
    /// Of the initial parameters.
    pub init: u64,
    /// Of the row order.
    pub order: u64,
    /// Of gradient noise and dropout.
    pub noise: u64,
}

impl Seeds {
    /// Every seed raised by so many.
    #[must_use]
    pub fn raised(self, by: u64) -> Self {
        let Self { init, order, noise } = self;
        let [init, order, noise] = [init, order, noise].map(|seed| seed.wrapping_add(by));
        Self { init, order, noise }
    }
}

/// A knob to be turned after `step` updates.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedEdit {
    /// After how many updates; it acts first in update `step + 1`.
    pub step: u64,
    /// What changes.
    pub change: Change,
}

/// One change of a lane while it runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A knob of the optimizer.
    Optimizer {
        /// The knob's name: `learning_rate`.
        knob: &'static str,
        /// The new value (flags 0 and 1).
        value: f64,
    },
    /// A number of the schedule.
    Schedule {
        /// The knob's name.
        knob: &'static str,
        /// The new value.
        value: f64,
    },
    /// The clipping, as a whole.
    Clip(Option<Chosen<Clips>>),
    /// The standard deviation of the noise on each gradient component.
    GradientNoise(f64),
    /// Rows per update, from the next batch on.
    BatchSize(BatchSize),
    /// The factor of a penalty on the weights.
    Regularize {
        /// Which penalty.
        penalty: Penalty,
        /// The new factor.
        factor: f64,
    },
    /// The rate of a dropout layer.
    Dropout {
        /// Its place among the hidden layers, counted from 0.
        layer: usize,
        /// The new rate.
        rate: f64,
    },
    /// A parameter, put to a value.
    Parameter {
        /// Its place in the flat vector.
        index: usize,
        /// The value.
        value: f64,
    },
}

impl Change {
    /// What is changed, in few words: `learning rate`, `L2`, `dropout of layer 2`, `parameter 17`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Optimizer { knob, .. } | Self::Schedule { knob, .. } => knob.replace('_', " "),
            Self::Clip(_) => "clipping".to_owned(),
            Self::GradientNoise(_) => "gradient noise".to_owned(),
            Self::BatchSize(_) => "batch size".to_owned(),
            Self::Regularize { penalty, .. } => penalty.field().to_uppercase(),
            Self::Dropout { layer, .. } => format!("dropout of layer {}", layer + 1),
            Self::Parameter { index, .. } => format!("parameter {index}"),
        }
    }

    /// What is changed, as a path below the lane: `optimizer.learning_rate`. Two changes of one path
    /// replace each other.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Optimizer { knob, .. } => format!("optimizer.{knob}"),
            Self::Schedule { knob, .. } => format!("schedule.{knob}"),
            Self::Clip(_) => "clip".to_owned(),
            Self::GradientNoise(_) => "gradient_noise".to_owned(),
            Self::BatchSize(_) => "batch_size".to_owned(),
            Self::Regularize { penalty, .. } => format!("regularize.{}", penalty.field()),
            Self::Dropout { layer, .. } => format!("model.hidden[{layer}].rate"),
            Self::Parameter { index, .. } => format!("params.{index}"),
        }
    }
}
