//! What a lane's thread drives: a trainer with its past.
//!
//! The thread knows nothing of optimizers and networks; it asks for updates, measurements and
//! pictures through [`Body`]. The one body in the program is a trainer with its branches; tests put
//! others in its place, which fail on command.

use std::collections::VecDeque;
use std::ops::Range;

use ndarray::ArrayView2;

use crate::catalog::Duration;
use crate::experiment::{Change, LanePlan};
use crate::numeric::Team;
use crate::objective::{Evaluation, Inside, Outputs};

use super::super::allowance::Share;
use super::super::fork::Lineage;
use super::super::inside::Look;
use super::super::retrace::RetraceError;
use super::super::{
    AnyTrainer, BranchId, Branches, Burst, ChangeRecord, Checkpoint, End, Fingerprint, LossSink,
    Retrace, Route,
};
use super::outbox::Outbox;

/// What a lane's thread drives.
pub(super) trait Body {
    /// At most `updates` updates, as of [`super::super::AnyTrainer::burst`].
    fn burst(&mut self, updates: u64, out: &LossSink) -> Burst;
    /// What it begins with.
    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::default()
    }
    /// The last batch's loss.
    fn last_loss(&self) -> Option<f64>;
    /// Updates done.
    fn step(&self) -> u64;
    /// Epochs finished.
    fn epoch(&self) -> u64;
    /// Rows seen.
    fn samples(&self) -> u64;
    /// Evaluations of the loss, for gradients or guesses.
    fn loss_evaluations(&self) -> u64;
    /// The learning rate of the next update.
    fn learning_rate(&self) -> f64;
    /// Updates of the present plan in all.
    fn planned_steps(&self) -> Option<u64>;
    /// How the run ended, if it did.
    fn end(&self) -> Option<&End>;
    /// Ends the run.
    fn stop(&mut self);
    /// Lengthens the plan; whether the run goes on.
    fn train_on(&mut self, more: Duration) -> bool;
    /// Turns a knob, or says why not.
    fn change(&mut self, change: &Change) -> Result<ChangeRecord, String>;
    /// Goes back to the state after `step` updates, at most those done, before or after the changes made
    /// there, and opens a branch. Which branch was left, and which is opened.
    fn rewind(&mut self, step: u64, before_changes: bool) -> (BranchId, BranchId);
    /// Goes to the end of an older branch; the branch left. None if there is no such branch.
    fn return_to(&mut self, branch: BranchId) -> Option<BranchId>;
    /// A good moment to remember the present state.
    fn remember(&mut self);
    /// Measures the present state.
    fn evaluate(&mut self) -> Evaluation;
    /// The model's outputs for unscaled rows; `None` on a surface.
    fn predict(&mut self, rows: ArrayView2<'_, f64>) -> Option<Outputs>;
    /// The same unit by unit; see [`AnyTrainer::units`].
    fn units(&mut self, rows: ArrayView2<'_, f64>, shown: &[Range<usize>]) -> Option<Outputs> {
        let _: (ArrayView2<'_, f64>, &[Range<usize>]) = (rows, shown);
        None
    }
    /// Begins a look inside the model; none where there are no layers.
    fn look(&self) -> Option<Look> {
        None
    }
    /// Gathers for a look.
    fn gather(&mut self, rows: &[u32], part: Range<usize>, inside: &mut Inside) {
        let _: (&[u32], Range<usize>, &mut Inside) = (rows, part, inside);
    }
    /// The whole state; none where there is no trainer.
    fn checkpoint(&self) -> Option<Checkpoint> {
        None
    }
    /// What it takes to do these samples once more; none where that cannot be.
    fn retrace(&self, steps: Range<u64>) -> Option<Retrace> {
        let _: Range<u64> = steps;
        None
    }
    /// The way it came on this branch; none where there is no trainer.
    fn route(&self) -> Option<Route> {
        None
    }
    /// After how many updates it turns into a fork of what it is now; none if it never will.
    fn next_fork(&self) -> Option<u64> {
        None
    }
    /// Turns into that fork, and says why not if it cannot.
    fn fork(&mut self) -> Result<(), String> {
        Ok(())
    }
    /// Goes to where a stretch of another lane of the same plan ends; says why not, if it cannot.
    fn adopt(&mut self, stretch: Retrace) -> Result<(), String>;
    /// All parameters.
    fn params(&self) -> Vec<f64>;
    /// Where a task of two parameters stands.
    fn position(&self) -> Option<[f64; 2]>;
    /// Whether what is measured of it is of the step it stands at; not where the run that is shown has
    /// ended and others go on.
    fn is_of_its_step(&self) -> bool {
        true
    }
    /// Whether it keeps its losses itself, and tells of them.
    fn keeps_losses(&self) -> bool {
        false
    }
    /// Whether an epoch was finished in the last burst that is not told of.
    fn has_done_epoch(&self) -> bool {
        false
    }
    /// Of several runs, shows another one from now on; whether that is a change.
    fn show(&mut self, run: usize) -> bool {
        let _: usize = run;
        false
    }
    /// Tells what it has kept until now, `seconds` of computing after the start.
    fn tell(&mut self, out: &mut Outbox, seconds: f64) {
        let _: (&mut Outbox, f64) = (out, seconds);
    }
}

/// A trainer with its past.
#[derive(Debug)]
pub(super) struct TrainerBody {
    trainer: AnyTrainer,
    past: Branches,
    /// What its checkpoints may hold.
    share: Share,
    /// The stretch by which it came to where it stands, until it does an update of its own.
    adopted: Option<Retrace>,
    /// Whom its trainer turns into, after how many updates.
    forks: VecDeque<(u64, AnyTrainer)>,
    team: Team,
}

impl TrainerBody {
    pub(super) fn new(plan: &LanePlan, team: &Team, share: Share) -> Result<Self, String> {
        let lineage = Lineage::of(plan).map_err(|error| error.to_string())?;
        Ok(Self::of(lineage, team, share))
    }

    /// A trainer of the plan at step 0, be it a fork or not.
    pub(super) fn visitor(plan: &LanePlan, team: &Team, share: Share) -> Result<Self, String> {
        let trainer = AnyTrainer::new(plan).map_err(|error| error.to_string())?;
        Ok(Self::of(Lineage::alone(trainer), team, share))
    }

    /// A trainer of `plan` forked off where `way` leads in a lane of the plan `parent`.
    pub(super) fn forked(
        plan: &LanePlan,
        (parent, way): (&LanePlan, &Retrace),
        team: &Team,
        share: Share,
    ) -> Result<Self, String> {
        let forked = || {
            let mut child = AnyTrainer::new(plan)?;
            child.fork_off(&way.trainer_at_end(parent)?, way.steps().end)?;
            Ok(child)
        };
        let child = forked().map_err(|error: RetraceError| error.to_string())?;
        Ok(Self::of(Lineage::alone(child), team, share))
    }

    fn of(lineage: Lineage, team: &Team, share: Share) -> Self {
        let Lineage { mut trainer, forks } = lineage;
        trainer.join(team);
        let past = Branches::new(&trainer, share.bytes());
        Self { past, trainer, share, adopted: None, forks, team: team.clone() }
    }
}

impl Body for TrainerBody {
    fn burst(&mut self, updates: u64, out: &LossSink) -> Burst {
        self.adopted = None;
        self.trainer.burst(updates, out)
    }
    fn fingerprint(&self) -> Fingerprint {
        self.trainer.fingerprint()
    }
    fn last_loss(&self) -> Option<f64> {
        self.trainer.last_loss()
    }
    fn step(&self) -> u64 {
        self.trainer.step()
    }
    fn epoch(&self) -> u64 {
        self.trainer.epoch()
    }
    fn samples(&self) -> u64 {
        self.trainer.samples()
    }
    fn loss_evaluations(&self) -> u64 {
        self.trainer.loss_evaluations()
    }
    fn learning_rate(&self) -> f64 {
        self.trainer.learning_rate()
    }
    fn planned_steps(&self) -> Option<u64> {
        self.trainer.planned_steps()
    }
    fn end(&self) -> Option<&End> {
        self.trainer.end()
    }
    fn stop(&mut self) {
        self.adopted = None;
        self.past.stop(&mut self.trainer);
    }
    fn train_on(&mut self, more: Duration) -> bool {
        self.adopted = None;
        self.past.train_on(&mut self.trainer, more)
    }
    fn change(&mut self, change: &Change) -> Result<ChangeRecord, String> {
        self.adopted = None;
        self.past.change(&mut self.trainer, change).map_err(|error| error.to_string())
    }
    fn rewind(&mut self, step: u64, before_changes: bool) -> (BranchId, BranchId) {
        self.adopted = None;
        self.past.keep(&self.trainer);
        let from = self.past.current();
        let gone = if before_changes {
            self.past.rewind_before_changes(&mut self.trainer, step)
        } else {
            self.past.rewind(&mut self.trainer, step)
        };
        (from, gone.expect("every step up to the present one was kept"))
    }
    fn return_to(&mut self, branch: BranchId) -> Option<BranchId> {
        self.adopted = None;
        self.past.keep(&self.trainer);
        let (from, head) = (self.past.current(), self.past.head(branch)?);
        self.past.go_to(&mut self.trainer, branch, head).ok()?;
        Some(from)
    }
    fn remember(&mut self) {
        self.past.hold(self.share.bytes());
        self.past.keep(&self.trainer);
    }
    fn evaluate(&mut self) -> Evaluation {
        self.trainer.evaluate()
    }
    fn predict(&mut self, rows: ArrayView2<'_, f64>) -> Option<Outputs> {
        self.trainer.predict(rows)
    }
    fn units(&mut self, rows: ArrayView2<'_, f64>, shown: &[Range<usize>]) -> Option<Outputs> {
        self.trainer.units(rows, shown)
    }
    fn look(&self) -> Option<Look> {
        let model = (self.trainer.parts(), self.trainer.params());
        Look::new(model, self.trainer.last_moves(), self.trainer.train_rows())
    }
    fn gather(&mut self, rows: &[u32], part: Range<usize>, inside: &mut Inside) {
        self.trainer.gather(rows, part, inside);
    }
    fn checkpoint(&self) -> Option<Checkpoint> {
        Some(self.trainer.checkpoint())
    }
    fn retrace(&self, steps: Range<u64>) -> Option<Retrace> {
        self.past.retrace(steps).ok()
    }
    fn route(&self) -> Option<Route> {
        Some(self.past.route(&self.trainer))
    }
    fn next_fork(&self) -> Option<u64> {
        self.forks.front().map(|(step, _)| *step)
    }
    fn fork(&mut self) -> Result<(), String> {
        let Some((step, mut child)) = self.forks.pop_front() else { return Ok(()) };
        child.fork_off(&self.trainer, step).map_err(|error| error.to_string())?;
        child.join(&self.team);
        self.trainer = child;
        self.past = Branches::new(&self.trainer, self.share.bytes());
        Ok(())
    }
    fn adopt(&mut self, stretch: Retrace) -> Result<(), String> {
        let gone = stretch.go_to_end(&mut self.trainer, self.adopted.as_ref());
        gone.map_err(|error| error.to_string())?;
        self.past = Branches::new(&self.trainer, self.share.bytes());
        self.adopted = Some(stretch);
        Ok(())
    }
    fn params(&self) -> Vec<f64> {
        self.trainer.params()
    }
    fn position(&self) -> Option<[f64; 2]> {
        self.trainer.position()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::super::Allowance;
    use super::*;
    use crate::data::NoFiles;
    use crate::experiment::check;

    /// A lane whose checkpoints are some kilobytes, so that a run fills any of these budgets.
    fn body(allowance: &Arc<Allowance>) -> TrainerBody {
        let text = "(version: 1, task: Learn(data: Moons(samples: 20, noise: 0.1, seed: 1), \
            model: (hidden: [Dense(units: 100, activation: Tanh)])), training: (epochs: Unlimited, \
            batch_size: 10), lanes: [(name: \"a\", optimizer: Adam(learning_rate: 0.01))])";
        let plan = check(text).expect("valid").prepare(&NoFiles).expect("generated").remove(0);
        TrainerBody::new(&plan, &Team::alone(), Share::of(allowance)).expect("it can be built")
    }

    /// Trains on; the bytes of its checkpoints then.
    fn trained(body: &mut TrainerBody, updates: u64) -> usize {
        let until = body.step() + updates;
        while body.step() < until {
            let sink = LossSink::new(body.step(), crate::numeric::Precision::F64);
            body.burst(50, &sink);
            body.remember();
        }
        body.past.bytes()
    }

    #[test]
    fn lanes_share_the_memory_of_checkpoints_evenly_and_thin_theirs_when_one_comes() {
        let bytes = 400 << 10;
        let allowance = Allowance::new(bytes);
        let mut first = body(&allowance);
        let alone = trained(&mut first, 6_000);
        assert!((bytes * 9 / 10..=bytes).contains(&alone), "alone it may hold all: {alone}");
        let mut second = body(&allowance);
        let half = trained(&mut second, 6_000);
        assert!((bytes * 4 / 10..=bytes / 2).contains(&half), "{half}");
        let thinned = trained(&mut first, 50);
        assert!(thinned <= bytes / 2, "{thinned}");
        drop(second);
        let grown = trained(&mut first, 10_000);
        assert!((bytes * 9 / 10..=bytes).contains(&grown), "{grown}");
        let (step, params) = (first.step(), first.params());
        first.rewind(777, true);
        trained(&mut first, 1);
        first.rewind(0, true);
        trained(&mut first, step);
        assert_eq!((first.step(), first.params()), (step, params), "nothing that is needed went");
    }
}
