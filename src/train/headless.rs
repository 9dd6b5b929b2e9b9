//! Training whole plans without a window: every lane to its end, on a few named threads.
//!
//! Invariant: what a lane computes is the same for any number of threads and whatever the watcher
//! does. A lane that panics ends as [`EndReason::Failed`]; the others go on.
//!
//! Deliberately not here: printing, files, signals. The caller sets the flag, draws the bars and
//! writes the results.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::experiment::LanePlan;
use crate::numeric::Team;
use crate::objective::Evaluation;

use super::fork::Lineage;
use super::permits::Turn;
use super::{
    AnyTrainer, ChangeRecord, End, EndReason, EpochRecord, EvaluationRecord, LossSink, Permits,
    Segment, TrainError,
};

/// How to train without a window.
#[derive(Debug, Clone, Default)]
pub struct HeadlessOptions {
    /// Threads that compute; 0 counts as 1. Each trains a lane; those for which no lane is left help
    /// with large pieces of work.
    pub threads: usize,
    /// Whether the loss of every batch is kept.
    pub history: bool,
    /// Steps whose parameters are kept, beside the last.
    pub params_at: Vec<u64>,
}

/// Someone who watches lanes train. Called on the training threads, so it should be quick.
pub trait Watcher: Sync {
    /// A lane finished an epoch.
    fn epoch(&self, _lane: usize, _record: &EpochRecord) {}
    /// Where a lane stands; about twenty times a second.
    fn progress(&self, _lane: usize, _progress: &LaneProgress) {}
    /// A lane ended.
    fn ended(&self, _lane: usize, _result: &LaneResult) {}
}

/// Nobody watches.
impl Watcher for () {}

/// Where a lane stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaneProgress {
    /// Updates done.
    pub step: u64,
    /// Updates of the plan in all; `None` if unlimited.
    pub planned_steps: Option<u64>,
    /// Epochs finished.
    pub epoch: u64,
    /// The last epoch's mean loss, before the first the last batch's.
    pub loss: Option<f64>,
    /// Seconds of computing so far.
    pub seconds: f64,
}

/// What came of one lane.
#[derive(Debug, Clone)]
pub struct LaneResult {
    /// The lane's name.
    pub name: String,
    /// How it ended.
    pub end: End,
    /// Updates done.
    pub steps: u64,
    /// Epochs finished; 0 on a surface.
    pub epochs: u64,
    /// Rows seen.
    pub samples: u64,
    /// Evaluations of the loss, for gradients or guesses.
    pub loss_evaluations: u64,
    /// The loss of every batch, if it was asked for: segments and the step of each one's first sample.
    /// Sample k was measured before update k + 1; a diverged run has one more than it has updates.
    pub losses: Vec<(u64, Arc<Segment>)>,
    /// The mean of the batches of an epoch that was begun and not finished.
    pub partial_epoch: Option<f64>,
    /// Finished epochs.
    pub epoch_records: Vec<EpochRecord>,
    /// Evaluations: at the start, as they were due, and at the end.
    pub evaluations: Vec<EvaluationRecord>,
    /// Changes ordered by the file.
    pub changes: Vec<ChangeRecord>,
    /// The last parameters, in the order of the layout.
    pub params: Vec<f64>,
    /// Parameters after the steps asked for, as far as they were reached.
    pub params_at: BTreeMap<u64, Vec<f64>>,
    /// Seconds of computing, evaluations not counted.
    pub seconds: f64,
}

impl LaneResult {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            end: End { reason: EndReason::Stopped, step: 0 },
            steps: 0,
            epochs: 0,
            samples: 0,
            loss_evaluations: 0,
            losses: Vec::new(),
            partial_epoch: None,
            epoch_records: Vec::new(),
            evaluations: Vec::new(),
            changes: Vec::new(),
            params: Vec::new(),
            params_at: BTreeMap::new(),
            seconds: 0.0,
        }
    }

    /// The last evaluation.
    pub fn evaluation(&self) -> Option<&Evaluation> {
        self.evaluations.last().map(|record| &record.evaluation)
    }

    /// The last epoch's mean loss; before the first epoch's end the mean so far; on a surface its
    /// value.
    pub fn loss(&self) -> Option<f64> {
        let epoch = self.epoch_records.last().map(|record| record.loss);
        epoch.or(self.partial_epoch).or_else(|| self.evaluation().map(|e| e.full_loss))
    }

    /// Updates a second of computing; `None` before there was any.
    pub fn steps_per_second(&self) -> Option<f64> {
        (self.seconds > 0.0).then(|| self.steps as f64 / self.seconds)
    }

    /// The loss of every batch, one after another; empty if it was not asked for.
    pub fn batch_losses(&self) -> impl Iterator<Item = f64> + '_ {
        self.losses.iter().flat_map(|(_, segment)| (0..segment.len()).map(|i| segment.get(i)))
    }
}

/// Trains every plan to its end and returns the results in the plans' order. Once `interrupt` is set,
/// lanes end as stopped within some milliseconds, with what they have.
pub fn train_all(
    plans: &[LanePlan],
    options: &HeadlessOptions,
    interrupt: &AtomicBool,
    watcher: &dyn Watcher,
) -> Vec<LaneResult> {
    let next = AtomicUsize::new(0);
    let permits = Permits::new(options.threads);
    let results: Mutex<Vec<Option<LaneResult>>> = Mutex::new(plans.iter().map(|_| None).collect());
    let work = || {
        loop {
            let lane = next.fetch_add(1, Ordering::Relaxed);
            let Some(plan) = plans.get(lane) else { return };
            let run = Run { lane, options, interrupt, watcher };
            let mut turn = Turn::new(Arc::clone(&permits));
            while !turn.take(PATIENCE) {}
            let result = run.train(&plan.name, &permits.team(), || Lineage::of(plan));
            results.lock().expect("no lane panics while it holds this lock")[lane] = Some(result);
        }
    };
    let threads = options.threads.clamp(1, plans.len().max(1));
    thread::scope(|scope| {
        for number in 1..threads {
            let named = thread::Builder::new().name(format!("train {number}"));
            // Without another thread, this one trains all lanes.
            if named.spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
    let results = results.into_inner().expect("no lane panics while it holds this lock");
    let failed = |plan: &LanePlan| LaneResult::new(&plan.name);
    results.into_iter().zip(plans).map(|(r, plan)| r.unwrap_or_else(|| failed(plan))).collect()
}

/// One lane's run.
#[derive(Clone, Copy)]
struct Run<'a> {
    lane: usize,
    options: &'a HeadlessOptions,
    interrupt: &'a AtomicBool,
    watcher: &'a dyn Watcher,
}

/// How long a lane waits for a permit before it asks again.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long a burst may take, about, and how often the watcher is told.
const BURST: Duration = Duration::from_millis(5);
const TELL: Duration = Duration::from_millis(50);

impl Run<'_> {
    fn train(
        self,
        name: &str,
        team: &Team,
        build: impl FnOnce() -> Result<Lineage, TrainError>,
    ) -> LaneResult {
        let mut result = LaneResult::new(name);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut lineage = build()?;
            while let Some((step, _)) = lineage.forks.front() {
                let until = *step;
                lineage.trainer.join(team);
                self.run(&mut lineage.trainer, &mut result, Some(until));
                if self.interrupt.load(Ordering::Relaxed) {
                    self.finish(&mut lineage.trainer, &mut result);
                    return Ok(());
                }
                lineage.fork()?;
            }
            lineage.trainer.join(team);
            self.run(&mut lineage.trainer, &mut result, None);
            self.finish(&mut lineage.trainer, &mut result);
            Ok(())
        }));
        let failure = match outcome {
            Ok(Ok(())) => None,
            Ok(Err::<(), TrainError>(error)) => Some(error.to_string()),
            Err(panic) => Some(message(&*panic)),
        };
        if let Some(failure) = failure {
            result.end = End { reason: EndReason::Failed(failure), step: result.steps };
        }
        self.watcher.ended(self.lane, &result);
        result
    }

    /// Trains until so many updates are done, or to the end.
    fn run(self, trainer: &mut AnyTrainer, result: &mut LaneResult, until: Option<u64>) {
        let mut wanted: Vec<u64> = self.options.params_at.clone();
        wanted.sort_unstable();
        let first = trainer.step();
        let mut wanted = wanted.into_iter().skip_while(|at| *at < first).peekable();
        let mut sink: Option<LossSink> = None;
        let mut size = 1_u64;
        let mut told = Instant::now();
        if result.evaluations.is_empty() {
            record_evaluation(trainer, result);
        }
        while trainer.end().is_none() && until.is_none_or(|until| trainer.step() < until) {
            let step = trainer.step();
            while wanted.next_if(|at| *at <= step).is_some() {
                result.params_at.insert(step, trainer.params());
            }
            if self.interrupt.load(Ordering::Relaxed) {
                trainer.stop();
                break;
            }
            if self.options.history && sink.as_ref().is_none_or(|s| step >= s.end()) {
                let fresh = LossSink::new(step, trainer.precision());
                result.losses.push((step, Arc::clone(fresh.segment())));
                sink = Some(fresh);
            }
            let room = wanted.peek().map_or(size, |at| size.min(at - step));
            let room = until.map_or(room, |until| room.min(until - step));
            let begun = Instant::now();
            let burst = match &sink {
                Some(sink) => trainer.burst(room, sink),
                None => trainer.replay(room),
            };
            let took = begun.elapsed();
            result.seconds += took.as_secs_f64();
            size = if took > BURST { (size / 2).max(1) } else { (size * 2).min(1 << 20) };
            note(trainer, result);
            result.changes.extend(burst.changed);
            if let Some(mut epoch) = burst.epoch {
                epoch.seconds = result.seconds;
                self.watcher.epoch(self.lane, &epoch);
                result.epoch_records.push(epoch);
            }
            if burst.evaluation_due {
                record_evaluation(trainer, result);
            }
            if told.elapsed() >= TELL {
                told = Instant::now();
                self.watcher.progress(self.lane, &progress(trainer, result));
            }
        }
    }

    fn finish(self, trainer: &mut AnyTrainer, result: &mut LaneResult) {
        record_evaluation(trainer, result);
        note(trainer, result);
        result.params = trainer.params();
        if self.options.params_at.contains(&trainer.step()) {
            result.params_at.insert(trainer.step(), result.params.clone());
        }
        if let Some(end) = trainer.end() {
            result.end = end.clone();
        }
        self.watcher.progress(self.lane, &progress(trainer, result));
    }
}

fn note(trainer: &AnyTrainer, result: &mut LaneResult) {
    result.steps = trainer.step();
    result.epochs = trainer.epoch();
    result.samples = trainer.samples();
    result.loss_evaluations = trainer.loss_evaluations();
    result.partial_epoch = trainer.partial_epoch_loss();
}

/// Measures where it stands, unless that was done.
fn record_evaluation(trainer: &mut AnyTrainer, result: &mut LaneResult) {
    if result.evaluations.last().is_some_and(|last| last.step == trainer.step()) {
        return;
    }
    let evaluation = trainer.evaluate();
    let (step, epoch) = (trainer.step(), trainer.epoch());
    result.evaluations.push(EvaluationRecord { step, epoch, evaluation });
}

fn progress(trainer: &AnyTrainer, result: &LaneResult) -> LaneProgress {
    LaneProgress {
        step: result.steps,
        planned_steps: trainer.planned_steps(),
        epoch: result.epochs,
        loss: result.epoch_records.last().map(|r| r.loss).or_else(|| trainer.last_loss()),
        seconds: result.seconds,
    }
}

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "the training code panicked".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Chosen;
    use crate::data::{BatchSize, Shuffle};
    use crate::experiment::{Length, PlannedLength, Seeds, TaskPlan};
    use crate::model::{ParamLayout, TensorKind};
    use crate::numeric::Precision;
    use crate::objective::{Objective, Outputs, Values};
    use crate::train::Trainer;

    fn plan(name: &str) -> LanePlan {
        LanePlan {
            name: name.to_owned(),
            from: None,
            task: TaskPlan::Surface {
                function: Chosen::named("Sphere").unwrap(),
                start: [1.0, 2.0],
            },
            length: PlannedLength::Steps(Length::Count(100)),
            batch_size: BatchSize::default(),
            shuffle: Shuffle::default(),
            seeds: Seeds { init: 1, order: 1, noise: 1 },
            precision: Precision::F64,
            optimizer: Chosen::named("Sgd").unwrap(),
            schedule: Chosen::named("Constant").unwrap(),
            gradient: None,
            gradient_noise: 0.0,
            clip: None,
            stop: Vec::new(),
            edits: Vec::new(),
        }
    }

    /// Flat, until it fails at the given step.
    #[derive(Debug)]
    struct FailsAt(u64, ParamLayout);

    impl Objective<f64> for FailsAt {
        fn layout(&self) -> &ParamLayout {
            &self.1
        }
        fn train_rows(&self) -> usize {
            1
        }
        fn value_and_gradient(
            &mut self,
            _: &[f64],
            _: &[u32],
            step: u64,
            gradient: &mut [f64],
        ) -> Values<f64> {
            assert!(step < self.0, "the kernel failed");
            gradient.fill(0.0);
            Values { loss: 1.0, shown: 1.0 }
        }
        fn value(&mut self, _: &[f64], _: &[u32], _: u64) -> Values<f64> {
            Values { loss: 1.0, shown: 1.0 }
        }
        fn evaluate(&mut self, _: &[f64]) -> Evaluation {
            Evaluation::default()
        }
        fn predict(&mut self, _: &[f64], _: ndarray::ArrayView2<'_, f64>) -> Option<Outputs> {
            None
        }
    }

    #[test]
    fn a_panic_ends_its_own_lane_only() {
        let options = HeadlessOptions { threads: 1, history: true, params_at: vec![40] };
        let interrupt = AtomicBool::new(false);
        let run = Run { lane: 0, options: &options, interrupt: &interrupt, watcher: &() };
        let failed = run.train("unlucky", &Team::alone(), || {
            let mut layout = ParamLayout::default();
            layout.push("position", TensorKind::Position, 1, 2);
            let objective = Box::new(FailsAt(57, layout));
            let trainer = Trainer::with_objective(&plan("unlucky"), objective, &[0.0; 2])?;
            Ok(Lineage::alone(AnyTrainer::F64(Box::new(trainer))))
        });
        let End { reason: EndReason::Failed(message), step } = failed.end else {
            panic!("it failed, so it should say so: {:?}", failed.end)
        };
        assert!(message.contains("the kernel failed"), "{message}");
        assert!((40..=57).contains(&step), "what was done before is known: {step}");
        assert_eq!(failed.params_at[&40], [0.0; 2]);
        let lucky = run.train("lucky", &Team::alone(), || Lineage::of(&plan("lucky")));
        assert_eq!(lucky.end, End { reason: EndReason::Finished, step: 100 });
    }

    #[test]
    fn what_cannot_be_built_fails_with_its_reason() {
        let unlimited = LanePlan {
            length: PlannedLength::Steps(Length::Unlimited),
            schedule: Chosen::named("Cosine").unwrap(),
            ..plan("endless")
        };
        let results =
            train_all(&[unlimited], &HeadlessOptions::default(), &AtomicBool::new(false), &());
        let reason = format!("{:?}", results[0].end.reason);
        assert!(reason.contains("needs to know where it ends"), "{reason}");
    }
}
