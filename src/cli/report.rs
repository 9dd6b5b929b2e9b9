//! From what was trained to what is said of it.

use crate::experiment::LanePlan;
use crate::export::{
    self, ComparisonResult, Number, Prediction, ReadingsResult, RunResult, ScoresResult, StopResult,
};
use crate::session::{Outcome, verdicts};
use crate::train::LaneResult;

use super::RunArguments;
use super::predictions::predictions;
use super::run::Job;
use super::table::contenders;
use crate::numeric::KernelPath;

/// The result of one experiment, with what the arguments ask for.
pub(super) fn run_result(job: &Job, runs: &[LaneResult], arguments: &RunArguments) -> RunResult {
    let lanes = job.plans.iter().zip(runs).enumerate().map(|(index, (plan, run))| {
        let first = &job.plans[index - job.places[index].number as usize];
        let rows = arguments.predictions;
        let rows = rows.map(|count| predictions(plan, first.seeds.order, &run.params, count));
        lane_result(job.seed_of(index), plan, run, rows, arguments)
    });
    let lanes: Vec<_> = lanes.collect();
    RunResult {
        comparisons: comparisons(&lanes),
        experiment: job.title.clone(),
        seed: job.seed,
        kernels: KernelPath::active().name().to_owned(),
        lanes,
    }
}

/// What the seeds say of each pair of lanes.
fn comparisons(lanes: &[export::LaneResult]) -> Vec<ComparisonResult> {
    let contenders = contenders(lanes);
    let name = |at: usize| contenders[at].name.to_owned();
    let all = verdicts(&contenders).into_iter().map(|verdict| {
        let (winner, pairs) = (verdict.winner().map(name), verdict.pairs);
        let lanes = [name(verdict.first), name(verdict.second)];
        let plain = ComparisonResult { lanes, pairs, winner, ..ComparisonResult::default() };
        match verdict.outcome {
            Outcome::TooFew => plain,
            Outcome::Broken { diverged, lower } => {
                ComparisonResult { diverged: Some(diverged), lower: Some(lower), ..plain }
            }
            Outcome::Compared { test, corrected, comparisons } => ComparisonResult {
                mean: Some(Number(test.mean)),
                interval: Some([Number(test.low), Number(test.high)]),
                p: Some(Number(test.p)),
                p_corrected: Some(Number(corrected)),
                corrected_for: Some(comparisons),
                ..plain
            },
        }
    });
    all.collect()
}

fn lane_result(
    seed: u64,
    plan: &LanePlan,
    run: &LaneResult,
    predictions: Option<Vec<Prediction>>,
    arguments: &RunArguments,
) -> export::LaneResult {
    let measured = run.evaluation().cloned().unwrap_or_default();
    let params_at = run.params_at.iter().map(|(step, at)| (*step, Number::all(at.iter().copied())));
    export::LaneResult {
        name: plan.name.clone(),
        optimizer: plan.optimizer.name().to_owned(),
        seed,
        steps: run.steps,
        epochs: run.epochs,
        loss_evaluations: run.loss_evaluations,
        stop: StopResult::from(&run.end),
        loss: run.loss().map(Number),
        full_loss: Number(measured.full_loss),
        train: ScoresResult::of_train(&measured),
        held_out: ScoresResult::of_held_out(&measured),
        readings: ReadingsResult(run.evaluation().cloned()),
        params: Number::all(run.params.iter().copied()),
        seconds: Number(run.seconds),
        steps_per_second: Number(run.steps_per_second().unwrap_or(0.0)),
        batch_loss: arguments.history.then(|| Number::all(run.batch_losses())),
        epoch_loss: arguments
            .history
            .then(|| Number::all(run.epoch_records.iter().map(|e| e.loss))),
        params_at: (!arguments.params_at.is_empty()).then(|| params_at.collect()),
        predictions,
    }
}
