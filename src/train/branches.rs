//! A lane's past: a tree of branches that share losses, checkpoints and deeds up to where they part.
//!
//! Going back never truncates: it opens a branch at a step of another, and what came after stays with
//! the older branch. A state is found again by restoring the nearest checkpoint before it and doing
//! the same updates once more, with the same deeds between them; that gives the same bits.
//!
//! Invariant: the first checkpoint of the first branch is never dropped, so every step of every branch
//! can be reached. Checkpoints lie close together at first, then about 1/256 of the way apart; past
//! the byte budget those of abandoned branches go first, then those closest together in proportion
//! to their age.
//!
//! Deliberately not here: edits ordered by the file (the trainer makes them itself, in a replay too),
//! the reader's side of the losses ([`crate::series`]).

use std::ops::Range;
use std::sync::Arc;

use crate::catalog::Duration;
use crate::experiment::Change;
use crate::numeric::Precision;

use super::retrace::advance;
use super::{
    AnyTrainer, ChangeError, ChangeRecord, Checkpoint, LossSink, RestoreError, Retrace, Route,
    Segment,
};

/// Updates between two checkpoints at the start of a run.
const DENSE: u64 = 100;
/// Later, checkpoints lie this part of the way apart.
const PARTS: u64 = 256;

/// A lane's past.
#[derive(Debug)]
pub struct Branches {
    all: Vec<Branch>,
    current: usize,
    precision: Precision,
    budget: usize,
    /// Bytes of all checkpoints.
    held: usize,
    deeds_done: u64,
    next_mark: u64,
}

/// Which branch; the first is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BranchId(pub usize);

/// A stretch of losses: `samples` of the segment belong to the branch, from `first_step` on.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// Updates done before its first sample.
    pub first_step: u64,
    /// The samples.
    pub segment: Arc<Segment>,
    /// How many of them belong to the branch; for the last stretch, as many as are published.
    pub samples: usize,
}

/// Why a step could not be gone to; nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RewindError {
    /// The branch does not reach it.
    #[error("step {step} is not between {first} and {last}, where this branch has been")]
    NotThere {
        /// The step asked for.
        step: u64,
        /// The first step of the lane.
        first: u64,
        /// The last step of the branch.
        last: u64,
    },
    /// There is no such branch.
    #[error("there is no branch {0}")]
    NoSuchBranch(usize),
    /// The trainer is not the one the past belongs to.
    #[error(transparent)]
    Restore(#[from] RestoreError),
}

#[derive(Debug, Default)]
struct Branch {
    /// The branch it parted from, and after how many updates.
    parent: Option<(usize, u64)>,
    /// Its own losses, from where it parted.
    sinks: Vec<LossSink>,
    /// Its own checkpoints, ascending.
    marks: Vec<Mark>,
    /// Everything done to the lane from the very first step on.
    deeds: Vec<Deed>,
    /// The furthest step it reached.
    head: u64,
}

#[derive(Debug)]
struct Mark {
    checkpoint: Arc<Checkpoint>,
    /// Deeds done to the lane before it was taken.
    after: u64,
}

/// Something done to the lane from outside.
#[derive(Debug, Clone)]
pub(super) struct Deed {
    number: u64,
    step: u64,
    act: Act,
}

/// A moment of a branch: after so many updates, and before the deed of that number.
#[derive(Debug, Clone, Copy)]
struct Until {
    step: u64,
    deed: u64,
}

#[derive(Debug, Clone)]
enum Act {
    Change(Change),
    TrainOn(Duration),
    Stop,
}

impl Branches {
    /// The past of a trainer that has none yet. Checkpoints may hold `budget` bytes, about.
    #[must_use]
    pub fn new(trainer: &AnyTrainer, budget: usize) -> Self {
        let mut past = Self {
            all: vec![Branch { head: trainer.step(), ..Branch::default() }],
            current: 0,
            precision: trainer.precision(),
            budget,
            held: 0,
            deeds_done: 0,
            next_mark: 0,
        };
        past.mark(trainer);
        past
    }

    /// The branch that training goes on in.
    pub fn current(&self) -> BranchId {
        BranchId(self.current)
    }

    /// The branch another one parted from, and after how many updates.
    pub fn parent(&self, id: BranchId) -> Option<(BranchId, u64)> {
        self.all.get(id.0)?.parent.map(|(parent, step)| (BranchId(parent), step))
    }

    /// Where the losses after `step` updates go: the current branch's last segment, or a fresh one.
    pub fn sink(&mut self, step: u64) -> &LossSink {
        let sinks = &mut self.all[self.current].sinks;
        if sinks.last().is_none_or(|sink| step >= sink.end()) {
            sinks.push(LossSink::new(step, self.precision));
        }
        sinks.last().expect("one was just pushed if there was none")
    }

    /// Takes note of how far the trainer got, and a checkpoint if one is due. To be called after every
    /// burst, so that there are enough of them; costs next to nothing otherwise.
    pub fn keep(&mut self, trainer: &AnyTrainer) {
        let step = trainer.step();
        let branch = &mut self.all[self.current];
        branch.head = branch.head.max(step);
        if step >= self.next_mark {
            self.mark(trainer);
        }
    }

    /// From now on checkpoints may hold `budget` bytes, about.
    pub fn hold(&mut self, budget: usize) {
        if self.budget != budget {
            self.budget = budget;
            self.fit();
        }
    }

    /// Makes a change and remembers it.
    ///
    /// # Errors
    /// If the trainer refuses it; nothing is changed then.
    pub fn change(
        &mut self,
        trainer: &mut AnyTrainer,
        change: &Change,
    ) -> Result<ChangeRecord, ChangeError> {
        let record = trainer.change(change)?;
        self.remember(trainer.step(), Act::Change(change.clone()));
        Ok(record)
    }

    /// Lengthens the plan and remembers it; see [`super::Trainer::train_on`].
    pub fn train_on(&mut self, trainer: &mut AnyTrainer, more: Duration) -> bool {
        let goes_on = trainer.train_on(more);
        if goes_on {
            self.remember(trainer.step(), Act::TrainOn(more));
        }
        goes_on
    }

    /// Ends the run and remembers it.
    pub fn stop(&mut self, trainer: &mut AnyTrainer) {
        if trainer.end().is_none() {
            trainer.stop();
            self.remember(trainer.step(), Act::Stop);
        }
    }

    /// Takes the trainer back to the state after `step` updates of the current branch and opens a new
    /// branch there. Changes made at that very step stay; an order to stop does not.
    ///
    /// # Errors
    /// If the branch has not been there.
    pub fn rewind(&mut self, trainer: &mut AnyTrainer, step: u64) -> Result<BranchId, RewindError> {
        self.fork(trainer, self.current(), step)
    }

    /// As [`Self::rewind`], but to before the changes made at that very step: how one is taken back.
    ///
    /// # Errors
    /// If the branch has not been there.
    pub fn rewind_before_changes(
        &mut self,
        trainer: &mut AnyTrainer,
        step: u64,
    ) -> Result<BranchId, RewindError> {
        let deeds = &self.all[self.current].deeds;
        let made_here = |d: &&Deed| d.step == step && matches!(d.act, Act::Change(_));
        let first = deeds.iter().find(made_here).map_or(u64::MAX, |deed| deed.number);
        self.part(trainer, self.current, Until { step, deed: first })
    }

    /// As [`Self::rewind`], from any branch.
    ///
    /// # Errors
    /// If there is no such branch, or it has not been there.
    pub fn fork(
        &mut self,
        trainer: &mut AnyTrainer,
        from: BranchId,
        step: u64,
    ) -> Result<BranchId, RewindError> {
        self.part(trainer, from.0, Until { step, deed: u64::MAX })
    }

    fn part(
        &mut self,
        trainer: &mut AnyTrainer,
        from: usize,
        until: Until,
    ) -> Result<BranchId, RewindError> {
        self.replay(trainer, from, until)?;
        let branch = Branch {
            parent: Some((from, until.step)),
            deeds: lasting(&self.all[from].deeds, until),
            head: until.step,
            ..Branch::default()
        };
        self.current = self.all.len();
        self.all.push(branch);
        self.mark(trainer);
        Ok(self.current())
    }

    /// Takes the trainer to the state after `step` updates of a branch and goes on in that branch if
    /// `step` is its last, else in a new one that parts there: how undo and redo move about.
    ///
    /// # Errors
    /// If there is no such branch, or it has not been there.
    pub fn go_to(
        &mut self,
        trainer: &mut AnyTrainer,
        branch: BranchId,
        step: u64,
    ) -> Result<BranchId, RewindError> {
        if self.all.get(branch.0).is_some_and(|b| b.head == step) {
            let until = Until { step, deed: u64::MAX };
            self.replay(trainer, branch.0, until)?;
            self.current = branch.0;
            let deeds = &mut self.all[branch.0].deeds;
            *deeds = lasting(deeds, until);
            self.mark(trainer);
            return Ok(branch);
        }
        self.fork(trainer, branch, step)
    }

    /// The furthest step a branch reached.
    pub fn head(&self, id: BranchId) -> Option<u64> {
        self.all.get(id.0).map(|branch| branch.head)
    }

    /// The losses of the current branch, oldest first, shared ones included.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        for (id, until) in self.path(self.current) {
            for sink in &self.all[id].sinks {
                let first_step = sink.first_step();
                let published = sink.segment().len();
                let samples = until.saturating_sub(first_step).min(published as u64) as usize;
                if samples > 0 || until == u64::MAX {
                    let segment = Arc::clone(sink.segment());
                    stretches.push(Stretch { first_step, segment, samples });
                }
            }
        }
        stretches
    }

    /// Bytes of all losses and checkpoints.
    pub fn bytes(&self) -> usize {
        let losses = self.all.iter().flat_map(|b| &b.sinks).map(|s| s.segment().bytes());
        losses.sum::<usize>() + self.held
    }

    /// Lets go of the losses and checkpoints that only abandoned branches hold. Their states can still
    /// be reached, by replay.
    pub fn forget_abandoned(&mut self) {
        let path = self.path(self.current);
        for (id, branch) in self.all.iter_mut().enumerate() {
            match path.iter().find(|(on_path, _)| *on_path == id) {
                None => {
                    branch.sinks.clear();
                    branch.marks.clear();
                }
                Some((_, until)) => {
                    branch.sinks.retain(|sink| sink.first_step() < *until);
                    branch.marks.retain(|mark| mark.checkpoint.step() <= *until);
                }
            }
        }
        self.count();
    }

    fn remember(&mut self, step: u64, act: Act) {
        self.deeds_done += 1;
        let deed = Deed { number: self.deeds_done, step, act };
        self.all[self.current].deeds.push(deed);
    }

    /// Takes a checkpoint, unless the run has ended: an ended run's state is found again by replay.
    fn mark(&mut self, trainer: &AnyTrainer) {
        let step = trainer.step();
        self.next_mark = step + DENSE.max(step / PARTS);
        if trainer.end().is_some() {
            return;
        }
        let mark = Mark { checkpoint: Arc::new(trainer.checkpoint()), after: self.deeds_done };
        let marks = &mut self.all[self.current].marks;
        let later = marks.partition_point(|old| old.checkpoint.step() < step);
        let gone: usize = marks.drain(later..).map(|old| old.checkpoint.bytes()).sum();
        self.held += mark.checkpoint.bytes();
        self.held -= gone;
        marks.push(mark);
        self.fit();
    }

    /// Lets go of checkpoints until the others fit.
    fn fit(&mut self) {
        if self.held > self.budget {
            self.forget_abandoned_marks();
            self.thin();
        }
    }

    /// The bytes of all checkpoints, after some were dropped.
    fn count(&mut self) {
        self.held = self.all.iter().flat_map(|b| &b.marks).map(|m| m.checkpoint.bytes()).sum();
    }

    fn forget_abandoned_marks(&mut self) {
        let path = self.path(self.current);
        for (id, branch) in self.all.iter_mut().enumerate() {
            if path.iter().all(|(on_path, _)| *on_path != id) {
                branch.marks.clear();
            }
        }
        self.count();
    }

    /// Drops checkpoints of the current path until they fit, never the first or the last: each time the
    /// one whose loss makes the smallest gap in proportion to its distance from the end.
    fn thin(&mut self) {
        while self.held > self.budget {
            let places: Vec<(usize, usize, u64)> = self
                .path(self.current)
                .into_iter()
                .flat_map(|(id, _)| {
                    let marks = self.all[id].marks.iter().enumerate();
                    marks.map(move |(index, mark)| (id, index, mark.checkpoint.step()))
                })
                .collect();
            let end = places.last().map_or(0, |place| place.2);
            let cheapest = places.windows(3).min_by(|a, b| {
                let cost = |w: &[(usize, usize, u64)]| {
                    w[2].2.saturating_sub(w[0].2) as f64 / (end.saturating_sub(w[0].2) + 1) as f64
                };
                cost(a).total_cmp(&cost(b))
            });
            let Some(&[_, (id, index, _), _]) = cheapest else { return };
            self.held -= self.all[id].marks.remove(index).checkpoint.bytes();
        }
    }

    /// From the first branch to `id`: which branches, and up to which step each counts.
    fn path(&self, id: usize) -> Vec<(usize, u64)> {
        let mut path = vec![(id, u64::MAX)];
        let mut until = u64::MAX;
        let mut at = id;
        while let Some((parent, step)) = self.all[at].parent {
            until = until.min(step);
            path.push((parent, until));
            at = parent;
        }
        path.reverse();
        path
    }

    /// The last checkpoint from which a moment of a branch can be reached.
    fn nearest(&self, id: usize, until: Until) -> Result<&Mark, RewindError> {
        let step = until.step;
        let branch = self.all.get(id).ok_or(RewindError::NoSuchBranch(id))?;
        let first = self.all[0].marks[0].checkpoint.step();
        if step < first || step > branch.head {
            return Err(RewindError::NotThere { step, first, last: branch.head });
        }
        let marks = self.path(id).into_iter().flat_map(|(on_path, parted)| {
            let marks = self.all[on_path].marks.iter();
            marks.filter(move |mark| {
                mark.checkpoint.step() <= parted.min(step) && mark.after < until.deed
            })
        });
        let nearest = marks.max_by_key(|mark| mark.checkpoint.step());
        Ok(nearest.expect("the first checkpoint is never dropped"))
    }

    /// Brings the trainer to the state after `step` updates of a branch.
    fn replay(&self, trainer: &mut AnyTrainer, id: usize, until: Until) -> Result<(), RewindError> {
        let nearest = self.nearest(id, until)?;
        trainer.restore(&nearest.checkpoint)?;
        let deeds = lasting(&self.all[id].deeds, until);
        for deed in deeds.iter().filter(|d| d.number > nearest.after) {
            advance(trainer, deed.step);
            deed.repeat(trainer);
        }
        advance(trainer, until.step);
        Ok(())
    }

    /// What it takes to do samples `steps` of the current branch once more, or, if there are none, to
    /// stand where they would begin.
    ///
    /// # Errors
    /// If the branch has not been there.
    pub fn retrace(&self, steps: Range<u64>) -> Result<Retrace, RewindError> {
        let id = self.current;
        let until = |step| Until { step, deed: u64::MAX };
        let nearest = self.nearest(id, until(steps.start))?;
        let deeds = lasting(&self.all[id].deeds, until(steps.end)).into_iter();
        let deeds = deeds.filter(|deed| deed.number > nearest.after).collect();
        Ok(Retrace { checkpoint: Arc::clone(&nearest.checkpoint), deeds, steps })
    }

    /// The way of the current branch to where the trainer stands.
    pub fn route(&self, trainer: &AnyTrainer) -> Route {
        let mut marks: Vec<(Arc<Checkpoint>, u64)> = Vec::new();
        for (id, until) in self.path(self.current) {
            let marks_of = self.all[id].marks.iter();
            for mark in marks_of.filter(|mark| mark.checkpoint.step() <= until) {
                let step = mark.checkpoint.step();
                // Where branches part, the state of the later one counts.
                if marks.last().is_some_and(|(last, _)| last.step() == step) {
                    marks.pop();
                }
                marks.push((Arc::clone(&mark.checkpoint), mark.after));
            }
        }
        let until = Until { step: trainer.step(), deed: u64::MAX };
        let deeds = lasting(&self.all[self.current].deeds, until);
        Route { marks, deeds, end: Arc::new(trainer.checkpoint()) }
    }
}

impl Deed {
    /// Its place in the order of all that was done to the lane.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn step(&self) -> u64 {
        self.step
    }

    /// Does it again to a trainer in the state in which it was done.
    pub(super) fn repeat(&self, trainer: &mut AnyTrainer) {
        match &self.act {
            Act::Change(change) => {
                // It was made once at this very state, so it cannot be refused now.
                trainer.change(change).map(drop).unwrap_or_default();
            }
            Act::TrainOn(more) => {
                trainer.train_on(*more);
            }
            Act::Stop => trainer.stop(),
        }
    }
}

/// The deeds up to and at a moment, without orders to stop that nobody overruled.
fn lasting(deeds: &[Deed], until: Until) -> Vec<Deed> {
    let before = |deed: &&Deed| deed.step <= until.step && deed.number < until.deed;
    let kept: Vec<_> = deeds.iter().filter(before).collect();
    let overruled = kept.iter().rposition(|d| matches!(d.act, Act::TrainOn(_))).unwrap_or(0);
    let lasts = |(i, deed): &(usize, &Deed)| !matches!(deed.act, Act::Stop) || *i < overruled;
    kept.into_iter().enumerate().filter(lasts).map(|(_, deed)| deed.clone()).collect()
}
