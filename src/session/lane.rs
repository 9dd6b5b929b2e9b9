//! One lane as the workbench sees it: its thread, what it reported, what it still has to be told.
//!
//! Invariant: everything shown of a lane stands here, complete, so that a face only reads. Commands
//! that the lane's full queue refuses wait here, merged per knob, and are sent at the next drain.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::TrySendError;
use std::time::{Duration, Instant};

use crate::catalog::Chosen;
use crate::data::{BatchSize, Dataset};
use crate::experiment::{Change, LanePlan, LaneSpec, Length, PlannedLength, TaskPlan, XAxis};
use crate::objective::{Regularize, surface_info};
use crate::optim::{Clips, Optimizers, Schedules};
use crate::series::{Axes, Series};
use crate::train::{
    ChangeRecord, Command, End, EndReason, EpochRecord, EvaluationRecord, Event, LaneHandle,
    LaneState, Picture, PictureKind, PictureRequest, Retrace, RowSet, Status, Target,
};

use super::curves::Curves;
use super::recipe::Recipe;

/// Which lane: stays the same while lanes are renamed, moved and removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(pub u64);

/// One lane: its thread and everything it reported.
#[derive(Debug)]
pub struct Lane {
    /// Which lane.
    pub id: LaneId,
    /// The lane as the file says it, at the time its run was built.
    pub spec: LaneSpec,
    /// What its run was built from.
    pub plan: Arc<LanePlan>,
    /// What its run follows from.
    pub(super) recipe: Recipe,
    /// Its colour, 0 to 7.
    pub color: usize,
    /// Batch losses.
    pub losses: Series,
    /// Points measured at some updates, for drawing.
    pub curves: Curves,
    /// From updates to epochs, samples and seconds.
    pub axes: Axes,
    /// Evaluations, each where it stays: there may be many, and they are large.
    pub evaluations: Vec<Arc<EvaluationRecord>>,
    /// What was measured where it last came to rest, if no evaluation was due there.
    at_rest: Option<EvaluationRecord>,
    /// Knobs turned, oldest first.
    pub changes: Vec<ChangeRecord>,
    /// The path on a two-parameter task: updates done and place.
    pub trail: Vec<(u64, [f64; 2])>,
    /// How it stands.
    pub status: Status,
    /// The knobs as they are now.
    pub knobs: Knobs,
    /// The latest pictures, one of each kind.
    pub pictures: Pictures,
    /// Whether more has arrived than was taken in.
    is_behind: bool,
    /// The updates its plan had at first, before any training on.
    pub(super) first_plan: Option<u64>,
    /// The samples that are being brought back, if any are.
    pub(super) recalling: Option<Range<u64>>,
    /// What it takes to bring them back, once the lane has said it.
    pub(super) retrace: Option<Box<Retrace>>,
    /// Why the last change was refused.
    pub refused: Option<String>,
    handle: LaneHandle,
    waiting: Vec<Command>,
    watched: Vec<PictureRequest>,
    /// Whether its state is sent along with its pictures.
    sends_state: bool,
    aimed: u64,
    pace: Option<f64>,
}

/// The values of everything that can be turned.
#[derive(Debug, Clone, PartialEq)]
pub struct Knobs {
    /// The optimizer with its present numbers.
    pub optimizer: Chosen<Optimizers>,
    /// The schedule with its present numbers.
    pub schedule: Chosen<Schedules>,
    /// The clipping.
    pub clip: Option<Chosen<Clips>>,
    /// The standard deviation of the noise on each gradient component.
    pub gradient_noise: f64,
    /// Rows per update.
    pub batch_size: BatchSize,
    /// The penalties on the weights.
    pub regularize: Regularize,
}

/// The latest pictures of a lane.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    /// What the model says over a plane.
    pub regions: Option<Picture>,
    /// Outputs per row of one set.
    pub outputs: Option<Picture>,
    /// The parameters.
    pub parameters: Option<Picture>,
    /// The whole state, for trials on a copy.
    pub state: Option<Picture>,
}

impl Knobs {
    fn of(plan: &LanePlan) -> Self {
        Self {
            optimizer: plan.optimizer.clone(),
            schedule: plan.schedule.clone(),
            clip: plan.clip.clone(),
            gradient_noise: plan.gradient_noise,
            batch_size: plan.batch_size,
            regularize: plan.regularize(),
        }
    }

    fn take(&mut self, change: &Change) {
        // The lane has accepted the change, so the tables allow it; a refusal here could only mean
        // that they disagree, and the old value would stay on screen.
        match change {
            Change::Optimizer { knob, value } => {
                let _unchanged_if_refused = self.optimizer.set(knob, (*value).into());
            }
            Change::Schedule { knob, value } => {
                let _unchanged_if_refused = self.schedule.set(knob, (*value).into());
            }
            Change::Clip(clip) => self.clip.clone_from(clip),
            Change::GradientNoise(std) => self.gradient_noise = *std,
            Change::BatchSize(batch_size) => self.batch_size = *batch_size,
            Change::Regularize { penalty, factor } => {
                self.regularize = self.regularize.with(*penalty, *factor);
            }
            // What a parameter is, training goes on to change: its pictures show it.
            Change::Parameter { .. } => {}
        }
    }
}

impl Lane {
    /// A lane that stands at its start.
    pub(super) fn new(
        id: LaneId,
        spec: LaneSpec,
        recipe: Recipe,
        plan: LanePlan,
        handle: LaneHandle,
    ) -> Self {
        let plan = Arc::new(plan);
        Self {
            id,
            spec,
            recipe,
            color: 0,
            losses: Series::new(),
            curves: Curves::default(),
            axes: axes_of(&plan),
            evaluations: Vec::new(),
            at_rest: None,
            changes: Vec::new(),
            trail: Vec::new(),
            status: Status {
                state: LaneState::Paused,
                step: 0,
                epoch: 0,
                planned_steps: None,
                batch_loss: None,
                learning_rate: plan.optimizer.number("learning_rate"),
                samples: 0,
                loss_evaluations: 0,
                seconds: 0.0,
                steps_per_second: 0.0,
            },
            knobs: Knobs::of(&plan),
            pictures: Pictures::default(),
            is_behind: false,
            first_plan: None,
            recalling: None,
            retrace: None,
            refused: None,
            handle,
            waiting: Vec::new(),
            watched: Vec::new(),
            sends_state: false,
            aimed: 0,
            pace: None,
            plan,
        }
    }

    /// The name on its card.
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// How it ended, if it did.
    pub fn end(&self) -> Option<&End> {
        match &self.status.state {
            LaneState::Ended(end) => Some(end),
            LaneState::Paused | LaneState::Running | LaneState::Waiting => None,
        }
    }

    /// Whether more training would do anything: not after a divergence or a failure.
    pub fn can_go_on(&self) -> bool {
        match self.end().map(|end| &end.reason) {
            None | Some(EndReason::Finished | EndReason::Rule(_) | EndReason::Stopped) => true,
            Some(EndReason::Diverged | EndReason::Failed(_)) => false,
        }
    }

    /// Whether it trains now, or would if it held a permit.
    pub fn is_running(&self) -> bool {
        matches!(self.status.state, LaneState::Running | LaneState::Waiting)
    }

    /// Whether its plan has no end.
    pub fn is_endless(&self) -> bool {
        matches!(
            self.plan.length,
            PlannedLength::Epochs(Length::Unlimited) | PlannedLength::Steps(Length::Unlimited)
        )
    }

    /// Whether it has done no update yet.
    pub fn is_at_start(&self) -> bool {
        self.status.step == 0
    }

    /// Rows of training data; 0 on a surface.
    pub fn train_rows(&self) -> usize {
        match &self.plan.task {
            TaskPlan::Learn(learn) => learn.split.train.rows(),
            TaskPlan::Surface { .. } => 0,
        }
    }

    /// f*, the value at the minimum of the surface it walks on; none where that is not known.
    pub fn lowest(&self) -> Option<f64> {
        match &self.plan.task {
            TaskPlan::Surface { function, .. } => surface_info(function).lowest,
            TaskPlan::Learn(_) => None,
        }
    }

    /// The number shown on its card: the last epoch's mean, else the last batch loss.
    pub fn shown_loss(&self) -> Option<f64> {
        self.curves.epoch_loss.last().map(|p| p.value).or(self.status.batch_loss)
    }

    /// The latest evaluation, or what was measured at rest since.
    pub fn latest(&self) -> Option<&EvaluationRecord> {
        let recorded = self.evaluations.last().map(Arc::as_ref);
        let at_rest = self.at_rest.as_ref();
        at_rest.filter(|at_rest| recorded.is_none_or(|r| r.step <= at_rest.step)).or(recorded)
    }

    /// What lanes are ranked by: the latest loss on held-out rows, else on all training rows.
    pub fn ranking_loss(&self) -> Option<f64> {
        let evaluation = &self.latest()?.evaluation;
        let held_out = evaluation.held_out.as_ref().and_then(|held_out| held_out.loss);
        Some(held_out.unwrap_or(evaluation.full_loss))
    }

    /// Tells the lane something, now or as soon as its queue has room.
    pub fn send(&mut self, command: Command) {
        if let Command::Change(change) = &command {
            let path = change.path();
            self.waiting.retain(|c| !matches!(c, Command::Change(c) if c.path() == path));
        }
        self.waiting.push(command);
        self.flush();
    }

    /// Holds the lane to a pace, if it is another than before.
    pub(super) fn set_pace(&mut self, pace: Option<f64>) {
        if self.pace != pace {
            self.pace = pace;
            self.send(Command::Pace(pace));
        }
    }

    /// One more update, however many are already asked for.
    pub(super) fn step_once(&mut self) {
        self.aimed = self.aimed.max(self.status.step) + 1;
        self.send(Command::Run(Target::Step(self.aimed)));
    }

    /// Whether the pictures asked for have come, finished, and show the lane as it stands.
    pub fn has_its_pictures(&self) -> bool {
        self.watched.iter().all(|request| {
            let picture = match request {
                PictureRequest::Regions { .. } => &self.pictures.regions,
                PictureRequest::Outputs { .. } => &self.pictures.outputs,
                PictureRequest::Parameters => &self.pictures.parameters,
                PictureRequest::State => &self.pictures.state,
            };
            let as_asked = |picture: &Picture| match (request, &picture.kind) {
                (PictureRequest::Outputs { of, .. }, PictureKind::Outputs { of: shown, .. }) => {
                    of == shown
                }
                (_, PictureKind::Regions { grain, .. }) => *grain == 1,
                _ => true,
            };
            picture.as_ref().is_some_and(|p| p.step == self.status.step && as_asked(p))
        })
    }

    /// The latest outputs for a set of rows: row by row, so many numbers each.
    pub fn outputs(&self, of: RowSet) -> Option<(&Arc<[f64]>, usize)> {
        match &self.pictures.outputs.as_ref()?.kind {
            PictureKind::Outputs { of: shown, outputs, width } if *shown == of => {
                Some((outputs, *width))
            }
            _ => None,
        }
    }

    /// The rows of a set: the training rows where none are held out; `None` on a surface.
    pub fn rows(&self, of: RowSet) -> Option<(RowSet, &Dataset)> {
        let TaskPlan::Learn(learn) = &self.plan.task else { return None };
        match (of, &learn.split.held_out) {
            (RowSet::HeldOut, Some(held_out)) => Some((of, held_out)),
            _ => Some((RowSet::Training, &learn.split.train)),
        }
    }

    /// Lengthens the plan and goes on. Counts as running at once, so that a pause right after reaches it.
    pub(super) fn train_on(&mut self, more: crate::catalog::Duration) {
        self.send(Command::TrainOn(more));
        self.send(Command::Run(Target::End));
        self.status.state = LaneState::Running;
    }

    /// Asks for pictures, if others are asked for than before.
    pub fn watch(&mut self, requests: Vec<PictureRequest>) {
        if self.watched != requests {
            self.watched = requests;
            self.send_watch();
        }
    }

    /// Has its state sent along with its pictures, or no longer.
    pub(super) fn send_state(&mut self, on: bool) {
        if self.sends_state != on {
            self.sends_state = on;
            self.pictures.state = None;
            self.send_watch();
        }
    }

    fn send_watch(&mut self) {
        let mut requests = self.watched.clone();
        requests.extend(self.sends_state.then_some(PictureRequest::State));
        self.send(Command::Watch(requests));
    }

    fn flush(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting).into_iter();
        for command in waiting.by_ref() {
            match self.handle.try_send(command) {
                Ok(()) => {}
                Err(TrySendError::Full(refused)) => {
                    self.waiting.push(refused);
                    break;
                }
                // The lane's thread is gone: it said how it ended, and nothing can be told to it.
                Err(TrySendError::Disconnected(_)) => return self.waiting.clear(),
            }
        }
        self.waiting.extend(waiting);
    }

    /// Takes in what the lane reported, for at most about `budget`. Says which changes were applied.
    pub fn drain(&mut self, budget: Duration) -> Vec<ChangeRecord> {
        self.flush();
        let begin = Instant::now();
        let mut applied = Vec::new();
        self.is_behind = false;
        while let Some(event) = self.handle.next_event() {
            self.take(event, &mut applied);
            if begin.elapsed() >= budget {
                self.is_behind = true;
                break;
            }
        }
        let left = budget.saturating_sub(begin.elapsed());
        self.is_behind |= !self.losses.refresh_for(left);
        applied
    }

    /// Whether more has arrived than the last drain had time for.
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// A copy of the batch losses with all that has arrived, also what is not shown yet.
    pub(super) fn all_losses(&self) -> Series {
        let mut losses = self.losses.clone();
        losses.refresh();
        losses
    }

    /// Gives up detail in the middle of long series until they fit.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        self.losses.shrink_to(bytes / 2);
        self.curves.shrink_to(bytes / 2);
    }

    /// The finished epochs that are still known one by one, oldest first.
    pub fn epochs(&self) -> impl Iterator<Item = EpochRecord> + '_ {
        let curve = &self.curves.epoch_loss;
        (0..curve.len()).filter_map(|i| curve.get(i).map(|p| (i, p))).map(|(index, point)| {
            let at = |axis| self.axes.x(point.step as f64, axis);
            EpochRecord {
                epoch: index + 1,
                step: point.step,
                loss: point.value,
                samples: at(XAxis::Samples).round() as u64,
                seconds: at(XAxis::Time),
            }
        })
    }

    fn take(&mut self, event: Event, applied: &mut Vec<ChangeRecord>) {
        match event {
            Event::Segment { first_step, segment } => self.losses.adopt(first_step, segment),
            Event::Epochs(epochs) => {
                for record in &epochs {
                    self.curves.epoch(record);
                    self.axes.epoch(record);
                }
            }
            Event::Evaluations(evaluations) => {
                for record in &evaluations {
                    self.curves.evaluation(record);
                }
                self.evaluations.extend(evaluations.into_iter().map(Arc::new));
            }
            Event::AtRest(record) => self.at_rest = Some(*record),
            Event::Changed(record) => {
                self.knobs.take(&record.change);
                self.refused = None;
                self.changes.push(record.clone());
                applied.push(record);
            }
            Event::Refused { reason, .. } => self.refused = Some(reason),
            Event::Rewound { step } => self.rewound_to(step),
            Event::Trail(points) => {
                for (step, place) in points {
                    // After going back the lane says again where it stands.
                    if self.trail.last().is_some_and(|(last, _)| *last == step) {
                        self.trail.pop();
                    }
                    self.trail.push((step, place));
                }
            }
            Event::Retrace(retrace) => self.retrace = Some(retrace),
            Event::Status(status) => {
                self.axes.status(&status);
                self.first_plan = self.first_plan.or(status.planned_steps);
                self.status = status;
            }
            Event::Picture(picture) => self.keep(picture),
        }
    }

    fn rewound_to(&mut self, step: u64) {
        self.aimed = step;
        self.losses.truncate(step);
        self.curves.truncate(step);
        self.axes.truncate(step);
        self.evaluations.retain(|e| e.step <= step);
        self.at_rest = None;
        (self.recalling, self.retrace) = (None, None);
        self.changes.retain(|c| c.step < step || (c.step == 0 && step == 0 && c.planned));
        self.trail.retain(|(at, _)| *at <= step);
        self.knobs = Knobs::of(&self.plan);
        for record in &self.changes {
            self.knobs.take(&record.change);
        }
    }

    fn keep(&mut self, picture: Picture) {
        match &picture.kind {
            PictureKind::Regions { .. } => self.pictures.regions = Some(picture),
            PictureKind::Outputs { .. } => self.pictures.outputs = Some(picture),
            PictureKind::Parameters(_) => self.pictures.parameters = Some(picture),
            PictureKind::State(_) => self.pictures.state = Some(picture),
        }
    }
}

fn axes_of(plan: &LanePlan) -> Axes {
    let TaskPlan::Learn(learn) = &plan.task else { return Axes::new(1, 1) };
    let rows = learn.split.train.rows();
    let per_step = match plan.batch_size {
        BatchSize::Full => rows,
        BatchSize::Rows(n) => usize::try_from(n).unwrap_or(rows).min(rows),
    };
    Axes::new(rows, per_step)
}
