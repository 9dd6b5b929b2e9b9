//! The experiment file as types: what `ron` reads and writes, field for field.
//!
//! Invariant: reading never corrects, drops or invents anything; a value out of range is kept for
//! validation to report. Names and defaults are those of the README's chapter on the file.
//! Deliberately not here: whether an experiment makes sense ([`super::validate`]), places in the text
//! ([`super::spans`]), data.

use serde::de::{self, Deserializer};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::catalog::{Chosen, count_or_word};
use crate::data::{BatchSize, HeldOut, Scaling, Shuffle, Sources};
use crate::model::{ClassTreatment, Initializers, Losses, ModelSpec};
use crate::numeric::Precision;
use crate::objective::{Gradients, Regularize, Surfaces};
use crate::optim::{Clips, Optimizers, Schedules};

use super::{StopRules, ViewSpec};

/// The version of the file format that this program writes.
pub const VERSION: u32 = 1;

/// A whole experiment: what is minimised, how, by which lanes, and how to look at it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// The version of the format, [`VERSION`].
    pub version: u32,
    /// The name in menus and titles.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What to look at, in the author's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// What is minimised.
    pub task: Task,
    /// How long, in which batches, from which seeds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub training: Training,
    /// Rules that end a lane early; any of them suffices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<Chosen<StopRules>>,
    /// The optimizers, side by side.
    pub lanes: Vec<LaneSpec>,
    /// Knobs turned during the run, part of its record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<EditSpec>,
    /// How to look at it; never changes a result.
    #[serde(default, skip_serializing_if = "is_default")]
    pub view: ViewSpec,
}

/// What is minimised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Task {
    /// The loss of a model on data.
    Learn(Box<Learn>),
    /// An analytic function of two variables.
    Surface(SurfaceTask),
}

/// Learning from data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learn {
    /// Where the rows come from.
    pub data: Chosen<Sources>,
    /// Scaling of the features, fitted on the training rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scaling>,
    /// Rows kept out of training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_out: Option<HeldOut>,
    /// The network.
    #[serde(default, skip_serializing_if = "is_default")]
    pub model: ModelSpec,
    /// What each update descends.
    #[serde(default = "cross_entropy", skip_serializing_if = "is_cross_entropy")]
    pub loss: Chosen<Losses>,
    /// Which part of each label cross-entropy spreads evenly over all classes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub label_smoothing: f64,
    /// A weight for each class in cross-entropy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_weights: Option<Vec<f64>>,
    /// By what cross-entropy multiplies the terms of class 1, of two classes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positive_weight: Option<f64>,
    /// What the curve shows, if not the loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Chosen<Losses>>,
    /// Penalties on the weights.
    #[serde(default, skip_serializing_if = "is_default")]
    pub regularize: Regularize,
}

impl Learn {
    /// How labels and classes are treated by a lane whose loss reads it.
    #[must_use]
    pub fn class_treatment(&self) -> ClassTreatment {
        ClassTreatment {
            label_smoothing: self.label_smoothing,
            class_weights: self.class_weights.clone(),
            positive_weight: self.positive_weight,
        }
    }
}

/// An analytic function of two variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceTask {
    /// The function.
    pub function: Chosen<Surfaces>,
    /// Where every lane starts.
    pub start: (f64, f64),
    /// Standard deviation of the noise on each gradient component, of lanes without their own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub noise: f64,
}

/// How long, in which batches, from which seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Training {
    /// Passes over the training rows. Exactly one of `epochs` and `steps` is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epochs: Option<Length>,
    /// Parameter updates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<Length>,
    /// Rows per update.
    #[serde(skip_serializing_if = "is_default")]
    pub batch_size: BatchSize,
    /// How rows are ordered.
    #[serde(skip_serializing_if = "is_default")]
    pub shuffle: Shuffle,
    /// The seed of everything random in training that has no seed of its own.
    pub seed: u64,
    /// The seed of the initial parameters, if not `seed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init_seed: Option<u64>,
    /// The seed of the row order, if not `seed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_seed: Option<u64>,
    /// The seed of gradient noise and dropout, if not `seed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise_seed: Option<u64>,
    /// The numbers' precision.
    #[serde(skip_serializing_if = "is_default")]
    pub precision: Precision,
}

impl Default for Training {
    fn default() -> Self {
        Self {
            epochs: None,
            steps: None,
            batch_size: BatchSize::default(),
            shuffle: Shuffle::default(),
            seed: 1,
            init_seed: None,
            order_seed: None,
            noise_seed: None,
            precision: Precision::default(),
        }
    }
}

/// A count, or no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// So many.
    Count(u64),
    /// Until stopped.
    Unlimited,
}

/// One lane: an optimizer, its schedule and treatment, and what it has of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaneSpec {
    /// The name on cards and in tables; unique in the experiment.
    pub name: String,
    /// Where it is forked off another lane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ForkSpec>,
    /// The update rule.
    pub optimizer: Chosen<Optimizers>,
    /// How the learning rate moves.
    #[serde(default = "constant", skip_serializing_if = "is_constant")]
    pub schedule: Chosen<Schedules>,
    /// Gradient clipping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip: Option<Chosen<Clips>>,
    /// How it gets its gradient, if not analytically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient: Option<Chosen<Gradients>>,
    /// Standard deviation of the noise on each component of its gradient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gradient_noise: Option<f64>,
    /// Its own batch size.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<BatchSize>,
    /// Its own row order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shuffle: Option<Shuffle>,
    /// Its own start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub init: Option<Chosen<Initializers>>,
    /// Its own loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<Chosen<Losses>>,
    /// Its own network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelSpec>,
    /// Its own penalties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regularize: Option<Regularize>,
    /// Its own start on a surface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<(f64, f64)>,
    /// Its colour, 1 to 8, if not the next free one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<u8>,
    /// How many runs it stands for, one a seed.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub seeds: u32,
    /// Metrics recorded at every step.
    #[serde(default, skip_serializing)]
    pub record: NotYet,
}

/// Where a lane is forked off another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForkSpec {
    /// The parent's name.
    pub lane: String,
    /// After how many of its updates.
    pub step: u64,
}

/// A knob turned during the run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditSpec {
    /// The lane's name.
    pub lane: String,
    /// After how many updates; the edit acts first in update `step + 1`.
    pub step: u64,
    /// What is set, as a path below the lane: `optimizer.learning_rate`.
    pub set: String,
    /// The new value.
    pub to: Literal,
}

/// A value kept as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Literal(pub String);

/// A field of the format that this version cannot do yet: refused wherever it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NotYet;

impl<'de> Deserialize<'de> for NotYet {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(de::Error::custom("this field is not yet supported; leave it out"))
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match count_or_word(deserializer, "Unlimited")? {
            Some(n) => Ok(Self::Count(n)),
            None => Ok(Self::Unlimited),
        }
    }
}

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(n) => serializer.serialize_u64(*n),
            Self::Unlimited => serializer.serialize_unit_variant("Length", 0, "Unlimited"),
        }
    }
}

impl<'de> Deserialize<'de> for Literal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<ron::value::RawValue>::deserialize(deserializer)?;
        Ok(Self(raw.trim().get_ron().to_owned()))
    }
}

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = ron::value::RawValue::from_ron(&self.0).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(count: &u32) -> bool {
    *count == 1
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn cross_entropy() -> Chosen<Losses> {
    Chosen::named("CrossEntropy").expect("the table of losses has a row for CrossEntropy")
}

fn is_cross_entropy(loss: &Chosen<Losses>) -> bool {
    loss.name() == "CrossEntropy"
}

fn constant() -> Chosen<Schedules> {
    Chosen::named("Constant").expect("the table of schedules has a row for Constant")
}

fn is_constant(schedule: &Chosen<Schedules>) -> bool {
    *schedule == constant()
}
