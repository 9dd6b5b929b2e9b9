//! The folder of a run: experiment, curves, weights and result as files.

use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result};

use crate::export::{
    Curves, LaneWeights, RunResult, Source, write_batches, write_epochs, write_weights,
};
use crate::session::library::{write_file, write_file_with};

use super::run::Job;
use crate::train::LaneResult;

/// Writes the folder; files that are there already are replaced, each whole.
pub(super) fn write_folder(
    folder: &Path,
    job: &Job,
    runs: &[LaneResult],
    result: &RunResult,
) -> Result<()> {
    let seeds: Vec<Option<u64>> =
        (0..job.plans.len()).map(|run| job.is_seeded().then(|| job.seed_of(run))).collect();
    let sources: Vec<Source<'_>> = job
        .plans
        .iter()
        .zip(&seeds)
        .map(|(plan, seed)| Source { lane: plan.name.as_str(), seed: *seed })
        .collect();
    let runs_of = || sources.iter().copied().zip(runs);
    write_file(&folder.join("experiment.ron"), job.text.as_bytes())?;
    write_file_with(&folder.join("batches.csv"), |out| {
        let losses = runs_of().map(|(source, run)| (source, run.batch_losses()));
        write_batches(out, losses).map_err(into_io)
    })?;
    let curves: Vec<_> = runs_of()
        .map(|(source, run)| Curves {
            source,
            epochs: &run.epoch_records,
            evaluations: &run.evaluations,
        })
        .collect();
    write_file_with(&folder.join("epochs.csv"), |out| write_epochs(out, &curves).map_err(into_io))?;
    // A lane that could not even start has no weights.
    let weights: Vec<_> = runs_of()
        .enumerate()
        .filter(|(_, (_, run))| !run.params.is_empty())
        .map(|(index, (source, run))| LaneWeights {
            lane: source.lane,
            seed: source.seed.filter(|_| job.is_several(index)),
            layout: &job.shape_of(index).layout,
            params: &run.params,
        })
        .collect();
    let mut archive = Cursor::new(Vec::new());
    write_weights(&mut archive, &weights).context("the weights cannot be packed")?;
    write_file(&folder.join("weights.npz"), archive.get_ref())?;
    write_file_with(&folder.join("result.json"), |out| {
        serde_json::to_writer_pretty(&mut *out, result)?;
        out.write_all(b"\n")
    })?;
    Ok(())
}

fn into_io(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}
