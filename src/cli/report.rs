//! From what was trained to what is said of it.

use crate::experiment::LanePlan;
use crate::export::{
    self, Number, Prediction, ReadingsResult, RunResult, ScoresResult, StopResult,
};
use crate::train::LaneResult;

use super::RunArguments;
use super::predictions::predictions;
use super::run::Job;
use crate::numeric::KernelPath;

/// The result of one experiment, with what the arguments ask for.
pub(super) fn run_result(job: &Job, runs: &[LaneResult], arguments: &RunArguments) -> RunResult {
    let lanes = job.plans.iter().zip(runs).map(|(plan, run)| {
        let rows = arguments.predictions.map(|count| predictions(plan, &run.params, count));
        lane_result(job, plan, run, rows, arguments)
    });
    RunResult {
        experiment: job.title.clone(),
        seed: job.seed,
        kernels: KernelPath::active().name().to_owned(),
        lanes: lanes.collect(),
    }
}

fn lane_result(
    job: &Job,
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
        seed: job.seed,
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
