//! Curves as CSV, in the long form that tables and plotting libraries read at once. Where runs are told
//! apart by a seed, a column `seed` stands after that of the lane.

use std::collections::BTreeMap;
use std::io::Write;

use crate::metrics::{SCORES, Scores};
use crate::objective::READINGS;
use crate::train::{EpochRecord, EvaluationRecord};

use super::number_text;

/// Whose numbers they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// The lane's name.
    pub lane: &'a str,
    /// The seed, where lanes stand for several.
    pub seed: Option<u64>,
}

impl Source<'_> {
    /// The head of its columns.
    fn head(is_seeded: bool) -> impl Iterator<Item = String> {
        ["lane", "seed"].into_iter().take(if is_seeded { 2 } else { 1 }).map(str::to_owned)
    }

    /// Its columns.
    fn cells(self, is_seeded: bool) -> impl Iterator<Item = String> {
        let seed = || self.seed.map(|seed| seed.to_string()).unwrap_or_default();
        std::iter::once(self.lane.to_owned()).chain(is_seeded.then(seed))
    }
}

/// What one run recorded at epochs and evaluations.
#[derive(Debug, Clone, Copy)]
pub struct Curves<'a> {
    /// Whose it is.
    pub source: Source<'a>,
    /// Its finished epochs, oldest first.
    pub epochs: &'a [EpochRecord],
    /// Its evaluations, oldest first.
    pub evaluations: &'a [EvaluationRecord],
}

/// Writes `lane,step,loss`, or `lane,seed,step,loss`: one row a batch. The loss at `step` is measured
/// after `step` updates, that is before update `step + 1`.
///
/// # Errors
/// If `out` refuses.
pub fn write_batches<'a, S>(
    out: impl Write,
    runs: impl IntoIterator<Item = (Source<'a>, S)>,
) -> Result<(), csv::Error>
where
    S: IntoIterator<Item = f64>,
{
    let runs: Vec<(Source<'a>, S)> = runs.into_iter().collect();
    let is_seeded = runs.iter().any(|(source, _)| source.seed.is_some());
    let mut table = csv::Writer::from_writer(out);
    let columns = ["step", "loss"].map(str::to_owned);
    table.write_record(Source::head(is_seeded).chain(columns))?;
    for (source, samples) in runs {
        let source: Vec<String> = source.cells(is_seeded).collect();
        for (step, loss) in samples.into_iter().enumerate() {
            let cells = [step.to_string(), number_text(loss)];
            table.write_record(source.iter().chain(&cells))?;
        }
    }
    Ok(table.flush()?)
}

/// The columns between a run's name and what is measured at evaluations.
const EPOCH_COLUMNS: [&str; 6] = ["epoch", "step", "samples", "seconds", "loss", "full_loss"];

/// The columns of an evaluation after its full loss: its readings, then the scores on the training
/// rows and on the held-out rows.
fn measured_columns() -> impl Iterator<Item = String> {
    let of = |set: &'static str| SCORES.iter().map(move |score| format!("{set}_{}", score.key));
    let readings = READINGS.iter().map(|reading| reading.key.to_owned());
    readings.chain(of("train")).chain(of("held_out"))
}

/// Writes one row per finished epoch and per evaluation, each at its true step. `loss` is the mean
/// of the epoch's batches; the columns after it are measured at the step itself. What was not
/// measured there is left empty.
///
/// # Errors
/// If `out` refuses.
pub fn write_epochs(out: impl Write, runs: &[Curves<'_>]) -> Result<(), csv::Error> {
    let is_seeded = runs.iter().any(|run| run.source.seed.is_some());
    let mut table = csv::Writer::from_writer(out);
    let columns = EPOCH_COLUMNS.iter().map(|column| (*column).to_owned());
    table.write_record(Source::head(is_seeded).chain(columns).chain(measured_columns()))?;
    for run in runs {
        for ((step, epoch), row) in joined(run) {
            let mut record: Vec<String> = run.source.cells(is_seeded).collect();
            record.extend([epoch.to_string(), step.to_string()]);
            record.extend(epoch_cells(row.epoch));
            record.extend(evaluation_cells(row.evaluation));
            table.write_record(record)?;
        }
    }
    Ok(table.flush()?)
}

#[derive(Default)]
struct Row<'a> {
    epoch: Option<&'a EpochRecord>,
    evaluation: Option<&'a EvaluationRecord>,
}

fn joined<'a>(run: &Curves<'a>) -> BTreeMap<(u64, u64), Row<'a>> {
    let mut rows: BTreeMap<(u64, u64), Row<'a>> = BTreeMap::new();
    for record in run.epochs {
        rows.entry((record.step, record.epoch)).or_default().epoch = Some(record);
    }
    for record in run.evaluations {
        rows.entry((record.step, record.epoch)).or_default().evaluation = Some(record);
    }
    rows
}

fn epoch_cells(record: Option<&EpochRecord>) -> [String; 3] {
    record.map_or_else(Default::default, |r| {
        [r.samples.to_string(), number_text(r.seconds), number_text(r.loss)]
    })
}

fn evaluation_cells(record: Option<&EvaluationRecord>) -> Vec<String> {
    let Some(record) = record else {
        return vec![String::new(); 1 + READINGS.len() + 2 * SCORES.len()];
    };
    let measured = &record.evaluation;
    let cell = |x: Option<f64>| x.map(number_text).unwrap_or_default();
    let scores = |scores: Option<&Scores>| -> Vec<String> {
        SCORES.iter().map(|score| cell(scores.and_then(score.of))).collect()
    };
    let mut cells = vec![number_text(measured.full_loss)];
    cells.extend(READINGS.iter().map(|reading| cell((reading.of)(measured))));
    cells.extend(scores(Some(&measured.train)));
    cells.extend(scores(measured.held_out.as_ref()));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Evaluation;

    fn written(write: impl FnOnce(&mut Vec<u8>) -> Result<(), csv::Error>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn batches_are_rows_of_lane_step_loss() {
        let of = |lane, seed| Source { lane, seed };
        let (sgd, adam) = (vec![0.5, f64::INFINITY], vec![0.25]);
        let lanes = [(of("SGD, plain", None), sgd), (of("Adam", None), adam.clone())];
        let text = written(|out| write_batches(out, lanes));
        assert_eq!(
            text,
            "lane,step,loss\n\"SGD, plain\",0,0.5\n\"SGD, plain\",1,inf\nAdam,0,0.25\n"
        );
        let seeds = [(of("Adam", Some(3)), adam.clone()), (of("Adam", Some(4)), adam)];
        let text = written(|out| write_batches(out, seeds));
        assert_eq!(text, "lane,seed,step,loss\nAdam,3,0,0.25\nAdam,4,0,0.25\n");
    }

    #[test]
    fn an_evaluation_joins_the_epoch_that_ended_at_its_step() {
        let epochs = [EpochRecord { epoch: 1, step: 13, loss: 2.5, samples: 400, seconds: 0.125 }];
        let evaluation = Evaluation { full_loss: 2.0, gradient_norm: 1.5, ..Evaluation::default() };
        let at = |step, epoch| EvaluationRecord { step, epoch, evaluation: evaluation.clone() };
        let evaluations = [at(0, 0), at(13, 1)];
        let curves = Curves {
            source: Source { lane: "a", seed: None },
            epochs: &epochs,
            evaluations: &evaluations,
        };
        let text = written(|out| write_epochs(out, &[curves]));
        let rows: Vec<_> = text.lines().map(|row| row.trim_end_matches(',')).collect();
        assert!(
            rows[0].contains(",full_loss,gradient_norm,parameter_norm,update_ratio,"),
            "{text}"
        );
        assert!(rows[0].contains(",train_accuracy,") && rows[0].ends_with(",held_out_rmse"));
        assert_eq!(rows[1..], ["a,0,0,,,,2.0,1.5,0.0", "a,1,13,400,0.125,2.5,2.0,1.5,0.0"]);
        let widths: Vec<_> = text.lines().map(|row| row.split(',').count()).collect();
        assert_eq!(widths, [widths[0]; 3], "every row is as wide as the header");
        let seed = Curves { source: Source { lane: "a", seed: Some(7) }, ..curves };
        let text = written(|out| write_epochs(out, &[seed]));
        assert!(text.starts_with("lane,seed,epoch,step,") && text.contains("\na,7,0,0,"), "{text}");
    }
}
