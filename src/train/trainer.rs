//! One lane's training, as a plain value.
//!
//! A [`Trainer`] owns everything an update touches: the objective, the optimizer, the parameters and
//! the place in the data. [`Trainer::burst`] does updates and writes their losses in place.
//!
//! Invariants:
//! - What an update computes depends on the plan, the changes so far and the step alone: not on how
//!   updates are grouped into bursts, what is evaluated in between, or any clock. Pausing, single
//!   steps and replays are the same burst with a smaller count.
//! - Sample k is the loss measured before update k + 1. A batch never crosses an epoch.
//! - A change after k updates acts first in update k + 1; changes planned for step k are made as soon
//!   as k updates are done.
//! - If a loss, a gradient or a parameter is not finite, the parameters stay those of the last step at
//!   which all were, and the run ends there. The sample that showed it is kept: a diverged run has one
//!   sample more than it has updates.
//! - After construction an update allocates nothing.
//!
//! On a surface there are no rows and no epochs: no epoch record is made, evaluations are spaced by
//! updates as elsewhere by epochs, and to stop rules every update is an epoch.
//!
//! Deliberately not here: clocks, threads, channels, checkpoints of the past ([`super::Branches`]).

use ndarray::ArrayView2;

use crate::catalog::{Chosen, Duration};
use crate::data::{BatchSize, Orders, RowOrder};
use crate::experiment::{LanePlan, PlannedEdit, TaskPlan};
use crate::model::{DropoutRates, ParamLayout};
use crate::numeric::{Aligned, Runner, Team};
use crate::objective::{Evaluation, Objective, Outputs, Regularize, with_gradient};
use crate::optim::{
    Clip, Clips, Method, Optimizers, Schedule, Scheduled, Schedules, Span, Tabled, build_method,
};

use super::progress::{Goal, Progress};
use super::stop::{Rules, next_evaluation};
use super::update::batch_rows;
use super::{ChangeRecord, End, EndReason, EpochRecord, LossSink, Start, TrainError};

/// One lane's training, as a plain value, in one precision.
#[derive(Debug)]
pub struct Trainer<R: Tabled> {
    pub(super) objective: Box<dyn Objective<R>>,
    pub(super) method: Method<R>,
    pub(super) knobs: Chosen<Optimizers>,
    /// The knob `learning_rate`, which every update asks for.
    pub(super) base_rate: f64,
    pub(super) schedule: Schedule,
    /// Stands for the scheduled rate in trials.
    pub(super) pinned_rate: Option<f64>,
    pub(super) clip: Option<Chosen<Clips>>,
    pub(super) clipping: Option<Clip<R>>,
    pub(super) gradient_noise: f64,
    pub(super) batch_size: BatchSize,
    pub(super) regularize: Regularize,
    pub(super) dropout: DropoutRates,
    pub(super) has_epochs: bool,
    pub(super) noise_seed: u64,
    pub(super) goal: Goal,
    pub(super) edits: Vec<PlannedEdit>,
    pub(super) rules: Rules,
    pub(super) progress: Progress,
    pub(super) params: Aligned<R>,
    /// The parameters before the last update; while one is made, those after it.
    pub(super) kept: Aligned<R>,
    /// How far the last update moved, where `kept` does not say it: after going back.
    pub(super) moved: Option<f64>,
    pub(super) gradient: Aligned<R>,
    /// Who makes passes over the parameters.
    pub(super) runner: Runner,
    /// Who helps with them where there are many.
    pub(super) team: Team,
    pub(super) order: Orders,
    pub(super) rows: Vec<u32>,
    /// The epoch whose order `rows` holds.
    pub(super) rows_of: Option<u64>,
    /// Changes made by the file that no burst has reported yet.
    pub(super) unreported: Vec<ChangeRecord>,
    /// The last evaluation and its step.
    pub(super) evaluated: Option<(u64, Evaluation)>,
}

/// What a burst did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Burst {
    /// Updates done.
    pub done: u64,
    /// The epoch that was finished, if one was. Its `seconds` are 0: the caller has the clock.
    pub epoch: Option<EpochRecord>,
    /// Whether [`Trainer::evaluate`] is due now. Where a stop rule waits for it, the next burst
    /// evaluates by itself if the caller did not.
    pub evaluation_due: bool,
    /// Changes that the file ordered, made since the last burst.
    pub changed: Vec<ChangeRecord>,
    /// Whether the run has ended; [`Trainer::end`] says how.
    pub ended: bool,
}

impl<R: Tabled> Trainer<R> {
    /// A trainer at step 0.
    ///
    /// # Errors
    /// If network, schedule or edits of the plan do not fit its data.
    pub fn new(plan: &LanePlan) -> Result<Self, TrainError> {
        let Start { objective, params } = Start::of(plan)?;
        let objective = with_gradient(objective, plan.gradient.as_ref());
        Self::with_objective(plan, objective, &params)
    }

    /// A trainer at step 0 on an objective of the caller's own, starting at `initial`; the plan's task
    /// only says whether there are epochs.
    ///
    /// # Errors
    /// If schedule or edits of the plan do not fit.
    pub fn with_objective(
        plan: &LanePlan,
        objective: Box<dyn Objective<R>>,
        initial: &[f64],
    ) -> Result<Self, TrainError> {
        let row_count = objective.train_rows();
        let has_epochs = matches!(plan.task, TaskPlan::Learn(_));
        let per_epoch = batches(row_count, plan.batch_size);
        let goal = Goal::new(plan.length, has_epochs);
        let progress = Progress::default();
        let steps = goal.steps(&progress, per_epoch, per_epoch);
        let schedule = Schedule::new(&plan.schedule, Span { steps, epoch: per_epoch })?;
        let params: Vec<R> = initial.iter().map(|x| R::from_f64(*x)).collect();
        let mut edits = plan.edits.clone();
        edits.sort_by_key(|edit| edit.step);
        let mut trainer = Self {
            method: build_method(&plan.optimizer, objective.layout()),
            knobs: plan.optimizer.clone(),
            base_rate: plan.optimizer.number("learning_rate"),
            schedule,
            pinned_rate: None,
            clip: plan.clip.clone(),
            clipping: plan.clip.as_ref().map(Clip::new),
            gradient_noise: plan.gradient_noise,
            batch_size: plan.batch_size,
            regularize: plan.regularize(),
            dropout: plan.dropout(),
            has_epochs,
            noise_seed: plan.seeds.noise,
            goal,
            edits,
            rules: Rules::new(&plan.stop),
            progress,
            kept: Aligned::of(&params),
            moved: None,
            gradient: Aligned::zeros(params.len()),
            params: Aligned::of(&params),
            runner: Runner::active(),
            team: Team::alone(),
            order: Orders::new(RowOrder::new(plan.shuffle, plan.seeds.order, row_count)),
            rows: vec![0; row_count],
            rows_of: None,
            unreported: Vec::new(),
            evaluated: None,
            objective,
        };
        trainer.rehearse_edits()?;
        trainer.make_planned_changes();
        Ok(trainer)
    }

    /// From now on these help with large pieces of work, which changes no number.
    pub fn join(&mut self, team: &Team) {
        self.objective.join(team);
        self.method.join(team);
        self.team = team.clone();
    }

    /// At most `n` updates, their losses stored in `sink` and published.
    ///
    /// Returns early at the end of an epoch, where an evaluation is due, at a planned edit, at the end
    /// of the run and at the end of the sink. Does nothing once the run has ended. Without a sink the
    /// losses go nowhere, as for a replay.
    pub fn burst(&mut self, n: u64, sink: Option<&LossSink>) -> Burst {
        if self.progress.judgement_due {
            self.evaluate();
        }
        let mut burst = Burst { changed: std::mem::take(&mut self.unreported), ..Burst::default() };
        if self.progress.end.is_none() && self.goal.is_reached(&self.progress) {
            self.end_with(EndReason::Finished);
            burst.evaluation_due = true;
        }
        if self.progress.end.is_none() {
            let room = self.room(n, sink);
            while burst.done < room && self.update(sink) {
                burst.done += 1;
                if !self.has_epochs && self.update_is_judged() && self.judge_update() {
                    break;
                }
            }
            if let Some(sink) = sink {
                let diverged = u64::from(self.has_diverged());
                sink.publish(self.progress.step + diverged);
            }
            if burst.done > 0 || self.progress.end.is_some() {
                self.after_updates(&mut burst);
            }
        }
        burst.ended = self.progress.end.is_some();
        burst
    }

    /// Everything measured at the current parameters. Changes no result; where a stop rule waits for
    /// it, the rule is judged now and may end the run.
    pub fn evaluate(&mut self) -> Evaluation {
        let step = self.progress.step;
        let mut evaluation = match self.evaluated.take() {
            Some((of, evaluation)) if of == step => evaluation,
            _ => self.measure_everything(),
        };
        if self.has_diverged() {
            // The update that ended the run was taken back, and the one before it with it.
            evaluation.update_ratio = None;
        }
        self.evaluated = Some((step, evaluation.clone()));
        if std::mem::take(&mut self.progress.judgement_due) {
            if let Some(rule) = self.rules.see_evaluation(&evaluation) {
                self.end_with(EndReason::Rule(rule));
            } else if self.goal.is_reached(&self.progress) {
                self.end_with(EndReason::Finished);
            }
        }
        evaluation
    }

    fn measure_everything(&mut self) -> Evaluation {
        let batch = batch_rows(self.rows.len(), self.batch_size);
        let mut evaluation = self.objective.measure(&self.params, batch);
        let moved = self.last_move().filter(|_| evaluation.parameter_norm > 0.0);
        evaluation.update_ratio = moved.map(|moved| moved / evaluation.parameter_norm);
        evaluation
    }

    /// Ends the run here, unless it has ended.
    pub fn stop(&mut self) {
        self.progress.judgement_due = false;
        self.end_with(EndReason::Stopped);
    }

    /// Lengthens the plan, from where the run ended or is planned to end, and lets it go on. A rule
    /// that ended it is overruled. Returns whether it goes on: a diverged run does not, rewind it.
    pub fn train_on(&mut self, more: Duration) -> bool {
        if self.has_diverged() {
            return false;
        }
        let per_epoch = self.has_epochs.then(|| self.batches_per_epoch());
        let planned = self.planned_steps();
        self.goal = self.goal.moved_on(more, &self.progress, planned, per_epoch);
        self.rules.overrule();
        self.progress.end = None;
        true
    }

    /// Activations of the model for unscaled feature rows; `None` on a surface.
    #[expect(clippy::needless_pass_by_value, reason = "views are handed on as views")]
    pub fn predict(&mut self, features: ArrayView2<'_, f64>) -> Option<Outputs> {
        self.objective.predict(&self.params, features)
    }

    /// Updates done.
    pub fn step(&self) -> u64 {
        self.progress.step
    }

    /// Epochs finished; 0 on a surface.
    pub fn epoch(&self) -> u64 {
        self.progress.epoch
    }

    /// Evaluations of the loss, for gradients or guesses; those of [`Trainer::evaluate`] not counted.
    pub fn loss_evaluations(&self) -> u64 {
        self.progress.loss_evaluations
    }

    /// Rows seen.
    pub fn samples(&self) -> u64 {
        self.progress.samples
    }

    /// The last batch's shown loss; `None` before the first update.
    pub fn last_loss(&self) -> Option<f64> {
        self.progress.last_loss
    }

    /// The mean of the current epoch's batch values so far; `None` before its first batch.
    pub fn partial_epoch_loss(&self) -> Option<f64> {
        let Progress { epoch_sum, epoch_batches, .. } = self.progress;
        (epoch_batches > 0).then(|| epoch_sum / epoch_batches as f64)
    }

    /// The layout of the parameter vector.
    pub fn layout(&self) -> &ParamLayout {
        self.objective.layout()
    }

    /// The parameters: a flat vector in the order of the layout.
    pub fn params(&self) -> &[R] {
        &self.params
    }

    /// The position on a surface; `None` elsewhere.
    pub fn position(&self) -> Option<[f64; 2]> {
        match (self.has_epochs, &*self.params) {
            (false, [x, y]) => Some([x.to_f64(), y.to_f64()]),
            _ => None,
        }
    }

    /// The rate of the next update, after the schedule.
    pub fn learning_rate(&self) -> f64 {
        self.scheduled().learning_rate
    }

    /// What the schedule sets for the next update.
    #[inline]
    pub(super) fn scheduled(&self) -> Scheduled {
        let scheduled = self.schedule.at(self.base_rate, self.progress.step);
        let learning_rate = self.pinned_rate.unwrap_or(scheduled.learning_rate);
        Scheduled { learning_rate, ..scheduled }
    }

    /// Holds the rate of the following updates, whatever optimizer and schedule say: for trials on a
    /// trainer that nobody keeps. No checkpoint remembers it.
    pub fn pin_rate(&mut self, rate: f64) {
        self.pinned_rate = Some(rate);
    }

    /// The optimizer with its knobs as they are now.
    pub fn knobs(&self) -> &Chosen<Optimizers> {
        &self.knobs
    }

    /// The schedule with its numbers as they are now.
    pub fn schedule(&self) -> &Chosen<Schedules> {
        self.schedule.chosen()
    }

    /// The clipping as it is now.
    pub fn clip(&self) -> Option<&Chosen<Clips>> {
        self.clip.as_ref()
    }

    /// The standard deviation of the noise on each gradient component as it is now.
    pub fn gradient_noise(&self) -> f64 {
        self.gradient_noise
    }

    /// Rows per update as it is now.
    pub fn batch_size(&self) -> BatchSize {
        self.batch_size
    }

    /// The penalties as they are now.
    pub fn regularize(&self) -> Regularize {
        self.regularize
    }

    /// The rates of dropout layers as they are now.
    pub fn dropout(&self) -> &DropoutRates {
        &self.dropout
    }

    /// Updates in an epoch at the current batch size; 1 on a surface.
    pub fn batches_per_epoch(&self) -> u64 {
        batches(self.rows.len(), self.batch_size)
    }

    /// Updates of the current plan in all, at the current batch size; `None` if unlimited.
    pub fn planned_steps(&self) -> Option<u64> {
        let left = batches(self.rows.len() - self.progress.row_offset, self.batch_size);
        self.goal.steps(&self.progress, left, self.batches_per_epoch())
    }

    /// How the run ended; `None` while it has not.
    pub fn end(&self) -> Option<&End> {
        self.progress.end.as_ref()
    }

    /// Updates that may be done before something else happens, at most `n`.
    fn room(&self, n: u64, sink: Option<&LossSink>) -> u64 {
        let step = self.progress.step;
        let mut until = sink.map_or(u64::MAX, LossSink::end);
        if let Some(edit) = self.edits.get(self.progress.edits_done) {
            until = until.min(edit.step);
        }
        if let Goal::Steps(goal) = self.goal {
            until = until.min(goal);
        }
        let pause = if self.has_epochs {
            batches(self.rows.len() - self.progress.row_offset, self.batch_size)
        } else {
            next_evaluation(step) - step
        };
        n.min(pause).min(until.saturating_sub(step))
    }

    /// Whether somebody watches the single updates of a surface.
    fn update_is_judged(&self) -> bool {
        !self.rules.is_empty() || self.schedule.watches()
    }

    /// Shows the last update of a surface to the schedule and the rules; whether one of them ended
    /// the run.
    fn judge_update(&mut self) -> bool {
        let Some(loss) = self.progress.last_loss else { return false };
        self.schedule.see_epoch(self.base_rate, loss);
        let held = self.rules.see_epoch(loss);
        if let Some(rule) = held {
            self.end_with(EndReason::Rule(rule));
        }
        held.is_some()
    }

    /// What is due after the last update of a burst: the epoch's end, the plan's end, planned changes.
    fn after_updates(&mut self, burst: &mut Burst) {
        let step = self.progress.step;
        let ended_before = self.progress.end.is_some();
        if self.has_epochs && self.progress.row_offset == self.rows.len() && !ended_before {
            burst.epoch = Some(self.finish_epoch());
            burst.evaluation_due = is_evaluated(self.progress.epoch) || self.progress.judgement_due;
        } else if !self.has_epochs {
            burst.evaluation_due = is_evaluated(step);
        }
        let undecided = self.progress.end.is_none() && !self.progress.judgement_due;
        if undecided && self.goal.is_reached(&self.progress) {
            self.end_with(EndReason::Finished);
        }
        burst.evaluation_due |= self.progress.end.is_some();
        self.make_planned_changes();
        burst.changed.append(&mut self.unreported);
    }

    fn finish_epoch(&mut self) -> EpochRecord {
        let progress = &mut self.progress;
        let loss = progress.epoch_sum / progress.epoch_batches as f64;
        progress.epoch += 1;
        progress.row_offset = 0;
        progress.epoch_sum = 0.0;
        progress.epoch_batches = 0;
        let record = EpochRecord {
            epoch: progress.epoch,
            step: progress.step,
            loss,
            samples: progress.samples,
            seconds: 0.0,
        };
        self.schedule.see_epoch(self.base_rate, loss);
        if let Some(rule) = self.rules.see_epoch(loss) {
            self.end_with(EndReason::Rule(rule));
        } else {
            self.progress.judgement_due = self.rules.need_evaluations();
        }
        record
    }

    pub(super) fn has_diverged(&self) -> bool {
        matches!(&self.progress.end, Some(end) if end.reason == EndReason::Diverged)
    }

    pub(super) fn end_with(&mut self, reason: EndReason) {
        if self.progress.end.is_none() {
            self.progress.end = Some(End { reason, step: self.progress.step });
        }
    }

    /// Makes every planned change whose step has come.
    pub(super) fn make_planned_changes(&mut self) {
        while let Some(edit) = self.edits.get(self.progress.edits_done) {
            if edit.step > self.progress.step {
                break;
            }
            let change = edit.change.clone();
            self.progress.edits_done += 1;
            if let Ok(record) = self.make(&change, true) {
                self.unreported.push(record);
            }
        }
    }
}

/// Batches needed for so many rows.
fn batches(rows: usize, size: BatchSize) -> u64 {
    match size {
        BatchSize::Rows(n) => (rows as u64).div_ceil(n.max(1)),
        BatchSize::Full => u64::from(rows > 0),
    }
}

fn is_evaluated(count: u64) -> bool {
    count > 0 && next_evaluation(count - 1) == count
}
