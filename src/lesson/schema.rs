//! A lesson's file as types, field for field.
//!
//! Invariant: reading never corrects or invents anything; whether it makes sense is
//! [`check_lesson`](super::check_lesson)'s to say.

use serde::{Deserialize, Serialize};

use crate::experiment::{Experiment, Literal};

/// A whole lesson.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// The version of the format, 1.
    pub version: u32,
    /// Its title.
    pub name: String,
    /// What it is about, in a line.
    pub about: String,
    /// What is trained; every step begins with it, changed by its own settings.
    pub experiment: Experiment,
    /// The steps, in their order.
    pub steps: Vec<LessonStep>,
}

/// A step of a lesson.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LessonStep {
    /// A few words over it.
    pub title: String,
    /// What is to be read first.
    pub text: String,
    /// What is changed in the experiment for this step.
    #[serde(default)]
    pub set: Vec<Setting>,
    /// What can be touched beside running; all else is locked.
    #[serde(default)]
    pub allow: Vec<Control>,
    /// What is asked before anything runs.
    #[serde(default)]
    pub predict: Option<Prediction>,
    /// What is to be reached.
    #[serde(default)]
    pub goal: Option<Goal>,
    /// A walk by hand, seeing nothing but the loss.
    #[serde(default)]
    pub walk: Option<Walk>,
    /// What is said when the run is over, whatever was predicted.
    #[serde(default)]
    pub then: String,
}

/// A change of the experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The place, as in an edit of the file: `lanes[0].optimizer.learning_rate`.
    pub path: String,
    /// The value as the file writes it.
    pub to: Literal,
}

/// Something that may be touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    /// A knob of every lane, by its path below the lane: `optimizer.learning_rate`.
    Knob(String),
    /// Going back in the past.
    Rewind,
    /// Another seed.
    Seed,
}

/// A question whose answer the run gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prediction {
    /// The question.
    pub question: String,
    /// What may be answered.
    pub choices: Vec<Choice>,
}

/// An answer of a prediction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The answer in words.
    pub says: String,
    /// What it claims; it comes true if all of it does.
    pub claims: Vec<Claim>,
}

/// A statement about a run that has ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Claim {
    /// This lane ends lower than every other.
    Lowest(String),
    /// This lane is below a loss before every other, or alone.
    First(String, f64),
    /// This lane never gets below a loss.
    Never(String, f64),
    /// This lane's last loss lies between two numbers.
    Ends(String, f64, f64),
    /// This lane's last loss is no longer a number, or above this.
    Above(String, f64),
}

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// By which lane.
    pub lane: String,
    /// What.
    pub reach: Reach,
    /// Within how many updates; by the end of the run if it is left out.
    #[serde(default)]
    pub within: Option<u64>,
    /// A way to reach it: knobs of the lane, turned before the run.
    pub answer: Vec<Answer>,
    /// What is said when it is reached.
    pub met: String,
    /// What is said when it is missed.
    pub missed: String,
}

/// A number to reach.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Reach {
    /// A loss below this: on a surface its value, else over all training rows.
    LossBelow(f64),
    /// An accuracy of at least this, on held-out rows if there are any.
    AccuracyOf(f64),
}

/// A knob of a lane, and where it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The knob, as a path below the lane.
    pub knob: String,
    /// Its value.
    pub to: Literal,
}

/// A walk on a surface without its map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Walk {
    /// How many steps there are.
    pub steps: u64,
    /// The value to get below.
    pub below: f64,
    /// The lane that is compared with it when the map is shown.
    pub lane: String,
    /// What is said when the walker got there.
    pub met: String,
    /// What is said when not.
    pub missed: String,
}
