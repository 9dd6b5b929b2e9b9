//! The runs of a lane that stands for several seeds, driven as one body.
//!
//! They go on together: a burst takes the run that is shown, or the first one that still trains, as far as
//! it goes, and then every other one to the same step. So whatever is done to the lane between two bursts
//! is done to all of its runs at one step, and a file that orders it there gives the same bits. A run that
//! has ended stays where it is, and the others go on; the lane ends with the last of them.
//!
//! Invariant: what a run computes is what it would compute alone. All runs open the same branches in the
//! same order, so that a branch has one name. Not here: which run is which seed ([`LanePlan::of_run`]).

use std::ops::Range;
use std::sync::Arc;

use ndarray::ArrayView2;

use crate::catalog::Duration;
use crate::experiment::{Change, LanePlan};
use crate::numeric::{Precision, Team};
use crate::objective::{Evaluation, Inside, Outputs};

use super::super::allowance::Share;
use super::super::inside::Look;
use super::super::{
    Allowance, BranchId, Burst, ChangeRecord, Checkpoint, End, EndReason, EpochRecord,
    EvaluationRecord, Event, Fingerprint, LossSink, Retrace, Route,
};
use super::body::{Body, TrainerBody};
use super::outbox::Outbox;
use super::trail::Trail;

/// Runs of one lane.
#[derive(Debug)]
pub(super) struct Group {
    runs: Vec<Run>,
    /// Whose pictures and numbers the lane's own are.
    shown: usize,
    precision: Precision,
    /// How the lane ended, if all runs did.
    end: Option<End>,
    /// How the runs ended, as last told.
    told: Vec<Option<End>>,
    /// The step of the last change by hand on this branch, or a later one.
    changed: u64,
    /// Whether an epoch was finished in the last burst.
    epoch_done: bool,
}

/// One run, with what it has to tell.
#[derive(Debug)]
struct Run {
    body: TrainerBody,
    sink: LossSink,
    sink_is_told: bool,
    trail: Option<Trail>,
    /// The step of the last evaluation on this branch.
    evaluated: Option<u64>,
    fingerprint: Option<Fingerprint>,
    epochs: Vec<EpochRecord>,
    evaluations: Vec<EvaluationRecord>,
    positions: Vec<(u64, [f64; 2])>,
}

impl Run {
    fn new(body: TrainerBody, precision: Precision) -> Self {
        Self {
            sink: LossSink::new(body.step(), precision),
            sink_is_told: false,
            trail: body.position().map(|_| Trail::default()),
            evaluated: None,
            fingerprint: Some(body.fingerprint()),
            epochs: Vec::new(),
            evaluations: Vec::new(),
            positions: Vec::new(),
            body,
        }
    }

    fn is_live(&self) -> bool {
        self.body.end().is_none()
    }

    /// Losses go to a new segment: it stands elsewhere now.
    fn arrive(&mut self, precision: Precision) {
        self.sink = LossSink::new(self.body.step(), precision);
        self.sink_is_told = false;
        self.evaluated = None;
        if let Some(trail) = &mut self.trail {
            trail.rewind();
        }
    }

    fn burst(&mut self, updates: u64, precision: Precision) -> Burst {
        if self.body.step() >= self.sink.end() {
            self.sink = LossSink::new(self.body.step(), precision);
            self.sink_is_told = false;
        }
        let burst = self.body.burst(updates, &self.sink);
        self.sink.segment().summarise();
        burst
    }

    fn evaluate(&mut self) {
        let (step, epoch) = (self.body.step(), self.body.epoch());
        if self.evaluated != Some(step) {
            let evaluation = self.body.evaluate();
            self.evaluations.push(EvaluationRecord { step, epoch, evaluation });
            self.evaluated = Some(step);
        }
    }

    /// Tells what it has kept: `of` which run it is, if it is not the one shown.
    fn tell(&mut self, out: &mut Outbox, of: Option<usize>, seconds: f64) {
        if let Some(fingerprint) = self.fingerprint.take()
            && of.is_some()
        {
            out.of_run(of, Event::Began(fingerprint), 0);
        }
        // A sink that nothing was written into yet is told later, so that it cuts nothing off.
        let segment = self.sink.segment();
        if !self.sink_is_told && !segment.is_empty() {
            self.sink_is_told = true;
            let (first_step, bytes) = (self.sink.first_step(), segment.bytes() as u64);
            let segment = Arc::clone(segment);
            out.of_run(of, Event::Segment { first_step, segment }, bytes);
        }
        if !self.epochs.is_empty() {
            let mut epochs = std::mem::take(&mut self.epochs);
            for epoch in &mut epochs {
                epoch.seconds = seconds;
            }
            let bytes = size_of_val(epochs.as_slice()) as u64;
            out.of_run(of, Event::Epochs(epochs), bytes);
        }
        if !self.evaluations.is_empty() {
            let evaluations = std::mem::take(&mut self.evaluations);
            let bytes = size_of_val(evaluations.as_slice()) as u64;
            out.of_run(of, Event::Evaluations(evaluations), bytes);
        }
        if !self.positions.is_empty() {
            let positions = std::mem::take(&mut self.positions);
            let bytes = size_of_val(positions.as_slice()) as u64;
            out.of_run(of, Event::Trail(positions), bytes);
        }
    }

    fn record_position(&mut self, must: bool) {
        let step = self.body.step();
        if let Some(trail) = &mut self.trail
            && trail.keeps(step, must)
            && let Some(position) = self.body.position()
        {
            self.positions.push((step, position));
        }
    }
}

impl Group {
    /// So many runs of a plan, at step 0.
    pub(super) fn new(
        plan: &LanePlan,
        runs: u32,
        team: &Team,
        checkpoints: &Arc<Allowance>,
    ) -> Result<Self, String> {
        let run = |number| {
            let body = TrainerBody::new(&plan.of_run(number), team, Share::of(checkpoints))?;
            Ok(Run::new(body, plan.precision))
        };
        let runs = (0..runs.max(1)).map(run).collect::<Result<Vec<Run>, String>>()?;
        let told = vec![None; runs.len()];
        let (shown, precision, end) = (0, plan.precision, None);
        Ok(Self { runs, shown, precision, end, told, changed: 0, epoch_done: false })
    }

    /// The step that the furthest run has reached: all that still train stand there.
    fn front(&self) -> u64 {
        self.runs.iter().map(|run| run.body.step()).max().unwrap_or(0)
    }

    /// The run that speaks for the lane: the one that is shown, or, once it has ended, the first one that
    /// still trains.
    fn voice(&self) -> &Run {
        let live = || self.runs.iter().find(|run| run.is_live());
        let shown = &self.runs[self.shown];
        if shown.is_live() { shown } else { live().unwrap_or(shown) }
    }

    fn first_live(&self) -> Option<usize> {
        if self.runs[self.shown].is_live() {
            return Some(self.shown);
        }
        self.runs.iter().position(Run::is_live)
    }

    /// Takes note of how the lane ended, if all runs did: as most of them did, if they differ as the one
    /// that got furthest without leaving all bounds.
    fn settle(&mut self) {
        let ends: Option<Vec<&End>> = self.runs.iter().map(|run| run.body.end()).collect();
        let front = self.front();
        let last = ends.and_then(|ends| {
            ends.into_iter().max_by_key(|end| (end.reason != EndReason::Diverged, end.step))
        });
        self.end = last.map(|end| End { reason: end.reason.clone(), step: front });
    }

    /// Runs `index` up to a step, or to its end.
    fn bring(&mut self, index: usize, to: u64) -> bool {
        let run = &mut self.runs[index];
        let mut due = false;
        while run.is_live() && run.body.step() < to {
            let burst = run.burst(to - run.body.step(), self.precision);
            run.epochs.extend(burst.epoch);
            run.record_position(false);
            due |= burst.evaluation_due;
            if burst.done == 0 && burst.changed.is_empty() && !burst.evaluation_due {
                break;
            }
            if burst.evaluation_due && run.body.step() < to {
                run.evaluate();
            }
        }
        self.last_words(index);
        due
    }

    /// What is measured of a run at its end.
    fn last_words(&mut self, index: usize) {
        let run = &mut self.runs[index];
        if run.body.end().is_some() {
            run.evaluate();
            run.record_position(true);
        }
    }

    /// A run that stands behind the others because it had ended before: lets it see again that it has.
    fn end_again(&mut self, front: u64) {
        for run in self.runs.iter_mut().filter(|run| run.body.step() < front) {
            for _ in 0..2 {
                if run.is_live() {
                    let burst = run.burst(1, self.precision);
                    run.epochs.extend(burst.epoch);
                }
            }
        }
        self.settle();
    }
}

impl Body for Group {
    fn burst(&mut self, updates: u64, out: &LossSink) -> Burst {
        self.epoch_done = false;
        let front = self.front();
        let is_late = |run: &Run| run.is_live() && run.body.step() < front;
        if let Some(late) = self.runs.iter().position(is_late) {
            let to = front.min(self.runs[late].body.step() + updates);
            self.bring(late, to);
            self.settle();
            return Burst { ended: self.end.is_some(), ..Burst::default() };
        }
        let Some(first) = self.first_live() else {
            return Burst { ended: true, ..Burst::default() };
        };
        let live: Vec<usize> = (0..self.runs.len()).filter(|i| self.runs[*i].is_live()).collect();
        let room = out.end().saturating_sub(front).min(updates);
        let mut burst = self.runs[first].burst(room, self.precision);
        self.epoch_done = burst.epoch.is_some();
        if first != self.shown {
            self.runs[first].epochs.extend(burst.epoch.take());
            self.runs[first].record_position(false);
        }
        self.last_words(first);
        let to = self.runs[first].body.step();
        for index in live.into_iter().filter(|index| *index != first) {
            burst.evaluation_due |= self.bring(index, to);
        }
        self.settle();
        burst.ended = self.end.is_some();
        burst
    }
    fn fingerprint(&self) -> Fingerprint {
        self.runs[self.shown].body.fingerprint()
    }
    fn last_loss(&self) -> Option<f64> {
        self.voice().body.last_loss()
    }
    fn step(&self) -> u64 {
        self.front()
    }
    fn epoch(&self) -> u64 {
        self.voice().body.epoch()
    }
    fn samples(&self) -> u64 {
        self.voice().body.samples()
    }
    fn loss_evaluations(&self) -> u64 {
        self.voice().body.loss_evaluations()
    }
    fn learning_rate(&self) -> f64 {
        self.voice().body.learning_rate()
    }
    fn planned_steps(&self) -> Option<u64> {
        self.voice().body.planned_steps()
    }
    fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }
    fn stop(&mut self) {
        for run in self.runs.iter_mut().filter(|run| run.is_live()) {
            run.body.stop();
        }
        self.settle();
    }
    /// A run that a rule ended before something was changed by hand has missed that: it stays.
    fn train_on(&mut self, more: Duration) -> bool {
        let changed = self.changed;
        let mut goes_on = false;
        for run in &mut self.runs {
            if run.is_live() || run.body.step() >= changed {
                goes_on |= run.body.train_on(more);
            }
        }
        self.settle();
        goes_on
    }
    fn change(&mut self, change: &Change) -> Result<ChangeRecord, String> {
        let front = self.front();
        let mut made = None;
        for run in self.runs.iter_mut().filter(|run| run.body.step() == front) {
            // All runs have the same knobs, so that the first refusal is that of all.
            let record = run.body.change(change)?;
            made.get_or_insert(record);
        }
        self.changed = self.changed.max(front);
        made.ok_or_else(|| "no run stands there".to_owned())
    }
    fn rewind(&mut self, step: u64, before_changes: bool) -> (BranchId, BranchId) {
        let mut ids = (BranchId(0), BranchId(0));
        for run in &mut self.runs {
            let own = step.min(run.body.step());
            ids = run.body.rewind(own, before_changes && own == step);
            run.arrive(self.precision);
        }
        self.changed = self.changed.min(step);
        self.end_again(step.min(self.front()));
        ids
    }
    fn return_to(&mut self, branch: BranchId) -> Option<BranchId> {
        let mut left = None;
        for run in &mut self.runs {
            left = Some(run.body.return_to(branch)?);
            run.arrive(self.precision);
        }
        let front = self.front();
        self.changed = front;
        self.end_again(front);
        left
    }
    fn remember(&mut self) {
        for run in &mut self.runs {
            run.body.remember();
        }
    }
    fn evaluate(&mut self) -> Evaluation {
        let front = self.front();
        let shown = self.shown;
        for (index, run) in self.runs.iter_mut().enumerate() {
            if index != shown && run.body.step() == front {
                run.evaluate();
            }
        }
        let evaluation = self.runs[shown].body.evaluate();
        self.settle();
        evaluation
    }
    fn predict(&mut self, rows: ArrayView2<'_, f64>) -> Option<Outputs> {
        self.runs[self.shown].body.predict(rows)
    }
    fn units(&mut self, rows: ArrayView2<'_, f64>, shown: &[Range<usize>]) -> Option<Outputs> {
        self.runs[self.shown].body.units(rows, shown)
    }
    fn look(&self) -> Option<Look> {
        self.runs[self.shown].body.look()
    }
    fn gather(&mut self, rows: &[u32], part: Range<usize>, inside: &mut Inside) {
        self.runs[self.shown].body.gather(rows, part, inside);
    }
    fn route(&self) -> Option<Route> {
        self.runs[self.shown].body.route()
    }
    fn checkpoint(&self) -> Option<Checkpoint> {
        self.runs[self.shown].body.checkpoint()
    }
    fn retrace(&self, steps: Range<u64>) -> Option<Retrace> {
        self.runs[self.shown].body.retrace(steps)
    }
    fn adopt(&mut self, _: Retrace) -> Result<(), String> {
        Err("a lane of several seeds visits no other lane's states".to_owned())
    }
    fn params(&self) -> Vec<f64> {
        self.runs[self.shown].body.params()
    }
    fn position(&self) -> Option<[f64; 2]> {
        self.runs[self.shown].body.position()
    }
    fn is_of_its_step(&self) -> bool {
        self.runs[self.shown].body.step() == self.front()
    }
    fn keeps_losses(&self) -> bool {
        true
    }
    fn has_done_epoch(&self) -> bool {
        self.epoch_done
    }
    fn show(&mut self, run: usize) -> bool {
        let can = run < self.runs.len() && run != self.shown;
        if can {
            self.shown = run;
            self.runs[run].evaluated = None;
        }
        can
    }
    fn tell(&mut self, out: &mut Outbox, seconds: f64) {
        for (index, run) in self.runs.iter_mut().enumerate() {
            let of = if index == self.shown { None } else { Some(index) };
            run.tell(out, of, seconds);
        }
        let ends = || self.runs.iter().map(|run| run.body.end());
        if !ends().eq(self.told.iter().map(Option::as_ref)) {
            self.told = ends().map(Option::<&End>::cloned).collect();
            out.of_run(None, Event::Ends(self.told.clone()), 0);
        }
    }
}
