//! What is said to a lane and what a lane says.
//!
//! Invariant: no scalar is ever dropped. Samples travel as shared segments with a published length;
//! records (epochs, evaluations, changes) wait in the lane while the queue is full and are sent
//! merged; only [`Status`] and [`Picture`]s are replaced by newer ones.

use std::ops::Range;
use std::sync::Arc;

use crate::catalog::Duration;
use crate::data::Span;
use crate::experiment::Change;
use crate::objective::Evaluation;

use super::{BranchId, Checkpoint, Fingerprint, LayersInside, Retrace, Route, Segment};

/// What a lane is told. Applied between two updates, in the order sent.
#[derive(Debug, Clone)]
pub enum Command {
    /// Train until the target.
    Run(Target),
    /// Hold still.
    Pause,
    /// End here, with a final evaluation.
    Stop,
    /// Turn a knob. Answered by [`Event::Changed`] or [`Event::Refused`].
    Change(Change),
    /// At most so many updates a second; `None` is full speed.
    Pace(Option<f64>),
    /// Lengthen the plan and go on after the end.
    TrainOn(Duration),
    /// Go back to an earlier state and open a branch there. The lane pauses.
    Rewind {
        /// After so many updates.
        step: u64,
        /// Whether to the state before any knob was turned there, or after.
        before_changes: bool,
    },
    /// Go on in an older branch, from the furthest it reached. The lane pauses.
    Return(BranchId),
    /// What pictures someone looks at; empty when nobody does.
    Watch(Vec<PictureRequest>),
    /// Give out what it takes to do these samples once more, or, if there are none, to stand where they
    /// would begin.
    Retrace(Range<u64>),
    /// Give out the way it came.
    Route,
    /// Go to where a stretch of another lane of the same plan ends, and rest there. What this lane was
    /// before is forgotten.
    Adopt(Box<Retrace>),
    /// Of a lane that stands for several seeds, show this run, from 0: pictures, instruments and all that
    /// is not told [of another run](Event::Of) are of it. Answered by [`Event::Shown`].
    Show(usize),
    /// End the thread.
    Quit,
}

/// How far to train.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To the planned end.
    End,
    /// Until so many updates are done in all.
    Step(u64),
    /// To the end of the current epoch.
    EpochEnd,
}

/// What a lane reports.
#[derive(Debug, Clone)]
pub enum Event {
    /// A segment of batch losses: sample `i` is the loss of update `first_step + i + 1`, measured
    /// before that update. Sent once per segment; its length grows by itself.
    Segment {
        /// Updates done before its first sample.
        first_step: u64,
        /// The samples.
        segment: Arc<Segment>,
    },
    /// What the lane begins with; once, unless it was forked off a run that was there.
    Began(Fingerprint),
    /// Finished epochs, oldest first.
    Epochs(Vec<EpochRecord>),
    /// Evaluations, oldest first.
    Evaluations(Vec<EvaluationRecord>),
    /// What is measured where the lane came to rest, between two evaluations: to be shown, not to be
    /// recorded.
    AtRest(Box<EvaluationRecord>),
    /// A knob was turned.
    Changed(ChangeRecord),
    /// A change could not be made; nothing was changed.
    Refused {
        /// What was asked.
        change: Change,
        /// Why not.
        reason: String,
    },
    /// Everything after `step` belongs to an older branch now.
    Rewound {
        /// The updates kept.
        step: u64,
        /// Whether changes made at that step belong to the older branch, too.
        before_changes: bool,
        /// The branch that was left.
        from: BranchId,
        /// The branch that was opened.
        to: BranchId,
    },
    /// The lane goes on in an older branch: what it reported there counts again.
    Returned {
        /// The branch that was left.
        from: BranchId,
        /// The branch gone on in.
        to: BranchId,
    },
    /// The path of a two-parameter task: positions after the given steps, ascending, to be appended;
    /// one at a step that is there already replaces it. Every step at first, then ever fewer.
    Trail(Vec<(u64, [f64; 2])>),
    /// Of a lane that stands for several seeds: segments, epochs, evaluations, what it begins with, or the
    /// path, of a run that is not the one shown.
    Of(usize, Box<Self>),
    /// From here on this run of several is shown, and the one before is one of the others.
    Shown(usize),
    /// How each of several runs ended; none of those that train.
    Ends(Vec<Option<End>>),
    /// What was asked for with [`Command::Retrace`].
    Retrace(Box<Retrace>),
    /// What was asked for with [`Command::Route`].
    Route(Box<Route>),
    /// How the lane stands.
    Status(Status),
    /// A picture that was asked for.
    Picture(Picture),
}

/// One finished pass over the training rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EpochRecord {
    /// Which epoch, from 1.
    pub epoch: u64,
    /// Updates done at its end.
    pub step: u64,
    /// The plain mean of its batches' losses (of the report, where the experiment names one).
    pub loss: f64,
    /// Rows seen at its end.
    pub samples: u64,
    /// Seconds of computing at its end.
    pub seconds: f64,
}

/// Everything measured at one step.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluationRecord {
    /// Updates done.
    pub step: u64,
    /// Passes begun and finished.
    pub epoch: u64,
    /// The numbers.
    pub evaluation: Evaluation,
}

/// A knob that was turned.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeRecord {
    /// After how many updates; it acts first in update `step + 1`.
    pub step: u64,
    /// What changed, with its new value.
    pub change: Change,
    /// The old value, as it is written in the file.
    pub from: String,
    /// The new value, as it is written in the file.
    pub to: String,
    /// Whether the experiment file ordered it.
    pub planned: bool,
}

/// How a lane stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Running, paused, ended.
    pub state: LaneState,
    /// Updates done.
    pub step: u64,
    /// Epochs finished.
    pub epoch: u64,
    /// Updates of the current plan in all; `None` if unlimited.
    pub planned_steps: Option<u64>,
    /// The last batch's loss.
    pub batch_loss: Option<f64>,
    /// The learning rate of the next update, after the schedule.
    pub learning_rate: f64,
    /// Rows seen.
    pub samples: u64,
    /// Evaluations of the loss, for gradients or guesses.
    pub loss_evaluations: u64,
    /// Seconds of computing, evaluations and waits not counted.
    pub seconds: f64,
    /// Updates a second, lately.
    pub steps_per_second: f64,
}

/// Running, paused, ended.
#[derive(Debug, Clone, PartialEq)]
pub enum LaneState {
    /// Ready, or held still.
    Paused,
    /// Training.
    Running,
    /// Held because undelivered samples fill the memory allowed for them.
    Waiting,
    /// Ended.
    Ended(End),
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// Why.
    pub reason: EndReason,
    /// After how many updates.
    pub step: u64,
}

/// Why a run ended.
#[derive(Debug, Clone, PartialEq)]
pub enum EndReason {
    /// It reached its planned length.
    Finished,
    /// A stop rule held; the rule's name.
    Rule(&'static str),
    /// It was told to stop.
    Stopped,
    /// A loss, gradient or parameter was not finite; the last finite step is kept.
    Diverged,
    /// The program failed; the message.
    Failed(String),
}

impl EndReason {
    /// Whether the run left all bounds, or failed: its last numbers cannot be compared, and more training
    /// would do nothing.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        matches!(self, Self::Diverged | Self::Failed(_))
    }

    /// As results name it: `finished`, `rule:NoGain`, `stopped`, `diverged`, `failed`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Finished => "finished".to_owned(),
            Self::Rule(name) => format!("rule:{name}"),
            Self::Stopped => "stopped".to_owned(),
            Self::Diverged => "diverged".to_owned(),
            Self::Failed(_) => "failed".to_owned(),
        }
    }
}

/// One of the two sets that data is split into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowSet {
    /// The rows that are learned from.
    Training,
    /// The rows that are held out; where there are none, a face shows the training rows.
    #[default]
    HeldOut,
}

/// The plane that a map is taken over.
#[derive(Debug, Clone, PartialEq)]
pub enum MapPlane {
    /// Two features, x then y, unscaled; the others at their means over the training rows.
    Features([usize; 2]),
    /// Any other; as many numbers as features.
    Span(Arc<Span>),
}

/// A picture that someone looks at.
#[derive(Debug, Clone, PartialEq)]
pub enum PictureRequest {
    /// What the model says over a plane. Each cell is asked at its centre.
    Regions {
        /// Which plane.
        plane: MapPlane,
        /// The range of x on it.
        x: (f64, f64),
        /// The range of y on it.
        y: (f64, f64),
        /// Cells along x and y.
        cells: (usize, usize),
    },
    /// What each unit says over a plane, as for regions: of each hidden layer some of its units, and
    /// the output's activations.
    Units {
        /// The two features, x then y.
        features: [usize; 2],
        /// Unscaled range of x.
        x: (f64, f64),
        /// Unscaled range of y.
        y: (f64, f64),
        /// Cells along x and y.
        cells: (usize, usize),
        /// Which units of each hidden layer, from input to output; none of a layer that is not named.
        shown: Vec<Range<usize>>,
    },
    /// How weights, activations and gradients of every layer are spread.
    Layers,
    /// The model's outputs for rows of a set, from the first on. There is no picture of held-out rows
    /// where none are held out.
    Outputs {
        /// Of which set.
        of: RowSet,
        /// How many rows at most.
        rows: usize,
        /// Every how many-th row, from 1 up.
        every: usize,
    },
    /// The parameters.
    Parameters,
    /// The whole state, to try things on a copy of the lane.
    State,
}

impl PictureRequest {
    /// Whether its picture takes the place of another's: one of its kind, and of outputs, of its set.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Outputs { of, .. }, Self::Outputs { of: other, .. }) => of == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// A picture that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// After how many updates.
    pub step: u64,
    /// What it shows.
    pub kind: PictureKind,
}

/// What a picture shows.
#[derive(Debug, Clone, PartialEq)]
pub enum PictureKind {
    /// Outputs over a plane.
    Regions {
        /// What was asked.
        request: PictureRequest,
        /// Per cell, rows of y from low to high, x fastest: the model's activations (probabilities
        /// for classes: one number for two classes, K for K; values for regression).
        outputs: Arc<[f32]>,
        /// Numbers per cell.
        width: usize,
        /// How many cells along each side share one answer, that of the first of them, until a finer
        /// picture comes: 1 in a finished one.
        grain: usize,
    },
    /// What each unit says over a plane.
    Units {
        /// What was asked.
        request: PictureRequest,
        /// Per cell, rows of y from low to high, x fastest: the units of the first hidden layer that
        /// were asked for, those of the next, and so on, then the model's activations as for regions.
        outputs: Arc<[f32]>,
        /// Numbers per cell.
        width: usize,
        /// As for regions.
        grain: usize,
    },
    /// How weights, activations and gradients of every layer are spread.
    Layers(Arc<LayersInside>),
    /// Outputs per row.
    Outputs {
        /// Of which set.
        of: RowSet,
        /// Of every how many-th of its rows.
        every: usize,
        /// Row by row, `width` numbers each, as for regions.
        outputs: Arc<[f64]>,
        /// Numbers per row.
        width: usize,
    },
    /// All parameters.
    Parameters(Arc<[f64]>),
    /// The whole state.
    State(Arc<Checkpoint>),
}
