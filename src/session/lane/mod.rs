//! One lane as the workbench sees it: its thread, what it reported, what it still has to be told.
//!
//! Invariant: everything shown of a lane stands here, complete, so that a face only reads. Commands
//! that the lane's full queue refuses wait here, merged per knob, and are sent at the next drain. While
//! an earlier step is looked at, what is *shown* is of that step; everything else goes on.

mod branches;
mod inside;
mod knobs;
mod news;
mod pictures;
mod record;
mod seeds;
mod shadow;
mod shown;
mod traces;
mod turned;
mod wire;

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::data::BatchSize;
use crate::experiment::{LanePlan, LaneSpec, Length, PlannedLength, TaskPlan, XAxis};
use crate::objective::surface_info;
use crate::series::{Axes, Series};
use crate::train::{
    BranchId, ChangeRecord, Command, End, EpochRecord, EvaluationRecord, Fingerprint, LaneHandle,
    LaneState, PictureRequest, Retrace, Route, Status, Target,
};

use super::curves::Curves;
use super::forks::Origin;
use super::recipe::Recipe;

pub use branches::LaneBranch;
pub use inside::Watched;
pub use knobs::Knobs;
pub use pictures::{Pictures, RowOutputs};
pub use seeds::{Band, Bands};
pub use shadow::Moment;
pub use traces::{Trace, Traces};

use branches::Grown;
pub(super) use record::Past;
use record::Record;
use seeds::Seeds;
use shadow::Shadow;
use turned::Judged;
use wire::Wire;

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
    pub(in crate::session) at_rest: Option<EvaluationRecord>,
    /// What it begins with, once it is built; a fork of a run that was there has its parent's beginning.
    pub began: Option<Fingerprint>,
    /// Knobs turned, oldest first.
    pub changes: Vec<ChangeRecord>,
    /// Of each of those, whether it stands in the file.
    pub(super) written: Vec<bool>,
    /// Where it was held, oldest first: the step, or the first and the last of steps that were done one
    /// at a time.
    pub pauses: Vec<[u64; 2]>,
    /// Whether its run follows from the experiment, as last found.
    judged: RefCell<Option<Judged>>,
    /// The path on a two-parameter task: updates done and place.
    pub trail: Vec<(u64, [f64; 2])>,
    /// How it stands.
    pub status: Status,
    /// The knobs as they are now.
    pub knobs: Knobs,
    /// The latest pictures, one of each kind.
    pictures: Pictures,
    /// The lines of earlier ones.
    traces: Traces,
    /// What was seen inside its model while somebody watched.
    pub inside: Watched,
    /// Whether more has arrived than was taken in.
    is_behind: bool,
    /// The updates its plan had at first, before any training on.
    pub(super) first_plan: Option<u64>,
    /// The samples that are being brought back, if any are.
    pub(super) recalling: Option<Range<u64>>,
    /// What it takes to bring them back, once the lane has said it.
    pub(super) retrace: Option<Box<Retrace>>,
    /// The way it came, as it said when it was last asked.
    pub(super) route: Option<Box<Route>>,
    /// The last updates that an autopsy was asked for, and what it takes to do them once more.
    pub(super) autopsy_asked: Option<Range<u64>>,
    pub(super) autopsy_way: Option<Box<Retrace>>,
    /// Why the last change was refused.
    pub refused: Option<String>,
    wire: Wire,
    /// The branch that its thread reports of.
    branch: BranchId,
    /// What it reported of branches that were left.
    left: Vec<Record>,
    /// All branches that there are.
    grown: Vec<Grown>,
    /// Whoever looks at its past, if somebody does.
    shadow: Option<Shadow>,
    /// Its runs, if it stands for several seeds.
    seeds: Option<Box<Seeds>>,
    /// Where it begins, if it was forked off a run that was there.
    pub(super) origin: Option<Box<Origin>>,
    /// The steps that forks were asked for at, and the ways to them that its thread has said.
    pub(super) ways_asked: Vec<u64>,
    ways: Vec<Retrace>,
    watched: Vec<PictureRequest>,
    /// Whether its state is sent along with its pictures.
    sends_state: bool,
    aimed: u64,
    /// Whether where it rests next is no pause of somebody's.
    pub(super) is_hurried: bool,
    pace: Option<f64>,
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
        let seeds = Seeds::of(&spec, &plan);
        let plan = seeds.as_ref().map_or_else(|| Arc::new(plan), |seeds| seeds.plan());
        Self {
            id,
            recipe,
            color: 0,
            losses: Series::new(),
            curves: Curves::default(),
            axes: axes_of(&plan),
            evaluations: Vec::new(),
            at_rest: None,
            began: None,
            changes: Vec::new(),
            pauses: Vec::new(),
            written: Vec::new(),
            judged: RefCell::new(None),
            trail: Vec::new(),
            status: Status {
                state: LaneState::Paused,
                step: plan.from.as_ref().map_or(0, |from| from.step),
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
            traces: Traces::default(),
            inside: Watched::default(),
            is_behind: false,
            first_plan: None,
            recalling: None,
            retrace: None,
            route: None,
            autopsy_asked: None,
            autopsy_way: None,
            refused: None,
            wire: Wire::new(handle),
            branch: BranchId(0),
            left: Vec::new(),
            grown: vec![Grown::first()],
            shadow: None,
            seeds,
            origin: None,
            ways_asked: Vec::new(),
            ways: Vec::new(),
            watched: Vec::new(),
            sends_state: false,
            aimed: 0,
            is_hurried: false,
            pace: None,
            spec,
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
        !self.end().is_some_and(|end| end.reason.is_broken())
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

    /// Whether it has done no update of its own yet.
    pub fn is_at_start(&self) -> bool {
        self.status.step <= self.first_step()
    }

    /// The step at which it begins: 0, or where it was forked off.
    pub fn first_step(&self) -> u64 {
        self.plan.from.as_ref().map_or(0, |from| from.step)
    }

    /// The step nearest to one at which it has been.
    pub(super) fn reached(&self, step: u64) -> u64 {
        // A fork that does its parent's updates again is not yet where it begins.
        let last = self.status.step.min(self.last_step_of_shown());
        step.clamp(self.first_step().min(last), last)
    }

    /// Whether its thread has said the way to the state after `step` updates.
    pub(super) fn knows_way(&self, step: u64) -> bool {
        self.ways.iter().any(|way| way.steps().end == step)
    }

    /// The way to the state after `step` updates, if its thread has said it.
    pub(super) fn take_way(&mut self, step: u64) -> Option<Retrace> {
        let at = self.ways.iter().position(|way| way.steps().end == step)?;
        Some(self.ways.remove(at))
    }

    /// Rows of training data; 0 on a surface.
    pub fn train_rows(&self) -> usize {
        match &self.plan.task {
            TaskPlan::Learn(learn) => learn.split.train.rows(),
            TaskPlan::Surface { .. } => 0,
        }
    }

    /// Where a run that left all bounds was still calm: the last step whose batch loss was no higher than
    /// at its first; not looked for further back than some ten thousand updates.
    pub fn calm_step(&self) -> u64 {
        let (first, end) = (self.first_step(), self.status.step);
        let Some(height) = self.losses.get(first) else { return end };
        let calm = |step: &u64| self.losses.get(*step).is_none_or(|loss| loss <= height);
        let earliest = end.saturating_sub(1 << 15).max(first);
        (earliest..=end).rev().find(calm).unwrap_or(earliest)
    }

    /// Whether the batch loss at a step was no higher than at the lane's first.
    pub fn is_calm_at(&self, step: u64) -> bool {
        let height = self.losses.get(self.first_step());
        height.zip(self.losses.get(step)).is_none_or(|(height, loss)| loss <= height)
    }

    /// f*, the value at the minimum of the surface it walks on; none where that is not known.
    pub fn lowest(&self) -> Option<f64> {
        match &self.plan.task {
            TaskPlan::Surface { function, .. } => surface_info(function).lowest,
            TaskPlan::Learn(_) => None,
        }
    }

    /// Tells the lane something, now or as soon as its queue has room.
    pub fn send(&mut self, command: Command) {
        self.is_hurried &= !matches!(command, Command::Run(_));
        self.wire.send(command);
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

    /// The branch that it is on.
    pub fn branch(&self) -> BranchId {
        self.branch
    }

    /// Lengthens the plan and goes on. Counts as running at once, so that a pause right after reaches it.
    pub(super) fn train_on(&mut self, more: crate::catalog::Duration) {
        self.send(Command::TrainOn(more));
        self.send(Command::Run(Target::End));
        self.status.state = LaneState::Running;
    }

    /// Takes in what the lane reported, for at most about `budget`. Says which changes were applied.
    pub fn drain(&mut self, budget: Duration) -> Vec<ChangeRecord> {
        self.wire.flush();
        let begin = Instant::now();
        let mut applied = Vec::new();
        self.is_behind = false;
        while let Some(event) = self.wire.next_event() {
            self.take(event, &mut applied);
            if begin.elapsed() >= budget {
                self.is_behind = true;
                break;
            }
        }
        let left = budget.saturating_sub(begin.elapsed());
        self.is_behind |= !self.losses.refresh_for(left);
        if let Some(shadow) = &mut self.shadow {
            shadow.drain();
            if let Some(Pictures { regions: Some(map), trace: Some(trace), .. }) =
                shadow.arrived().map(|moment| &moment.pictures)
                && !self.traces.has(map)
            {
                self.traces.keep(map, trace);
            }
            self.ask_for_past();
        }
        self.is_behind |= !self.draw_bands();
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
        let bytes = bytes / self.seed_count();
        if let Some(seeds) = &mut self.seeds {
            seeds.shrink_to(bytes);
        }
        self.losses.shrink_to(bytes / 2);
        self.curves.shrink_to(bytes / 2);
        let each = bytes / 2 / self.left.len().max(1);
        self.left.iter_mut().for_each(|record| record.shrink_to(each));
    }

    /// The finished epochs that are still known one by one, oldest first.
    pub fn epochs(&self) -> impl Iterator<Item = EpochRecord> + '_ {
        epochs_of(&self.curves, &self.axes)
    }
}

fn epochs_of<'a>(curves: &'a Curves, axes: &'a Axes) -> impl Iterator<Item = EpochRecord> + 'a {
    let curve = &curves.epoch_loss;
    (0..curve.len()).filter_map(|i| curve.get(i).map(|p| (i, p))).map(move |(index, point)| {
        let at = |axis| axes.x(point.step as f64, axis);
        EpochRecord {
            epoch: index + 1,
            step: point.step,
            loss: point.value,
            samples: at(XAxis::Samples).round() as u64,
            seconds: at(XAxis::Time),
        }
    })
}

fn axes_of(plan: &LanePlan) -> Axes {
    let spent = plan.evaluations_per_update();
    let TaskPlan::Learn(learn) = &plan.task else { return Axes::new(1, 1).spending(spent) };
    let rows = learn.split.train.rows();
    let per_step = match plan.batch_size {
        BatchSize::Full => rows,
        BatchSize::Rows(n) => usize::try_from(n).unwrap_or(rows).min(rows),
    };
    Axes::new(rows, per_step).spending(spent)
}
