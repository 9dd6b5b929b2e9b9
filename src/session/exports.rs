//! Writing what is on screen to a file: the content is copied out of the session first, then
//! written on a worker.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use crate::data::{Dataset, Targets};
use crate::experiment::TaskPlan;
use crate::export::{Curves, Source, encode_png, number_text, write_batches, write_epochs};
use crate::series::Series;
use crate::train::{EpochRecord, EvaluationRecord, PictureKind, RowSet};

use super::Lane;
use super::action::Export;
use super::workbench::{NoticeKind, Session};

/// The lane's name; and the seed, where any lane stands for several.
type RunName = (String, Option<u64>);

/// Something to write, complete in itself.
#[derive(Debug)]
pub(super) enum Content {
    Batches(Vec<(RunName, Series)>),
    Epochs(Vec<(RunName, Vec<EpochRecord>, Vec<EvaluationRecord>)>),
    Table(Vec<Vec<String>>),
    Text(String),
    Picture { width: u32, height: u32, rgba: Arc<[u8]> },
}

impl Content {
    /// The bytes of the file.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, String> {
        let mut out = Vec::new();
        self.write(&mut out).map_err(|e| e.to_string())?;
        Ok(out)
    }

    fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::Batches(lanes) => {
                let samples =
                    |s: &Series| (0..s.len()).filter_map(|i| s.get(i)).collect::<Vec<_>>();
                write_batches(out, lanes.iter().map(|(n, s)| (source(n), samples(s))))
                    .map_err(io::Error::other)
            }
            Self::Epochs(lanes) => {
                let lanes: Vec<Curves<'_>> = lanes
                    .iter()
                    .map(|(lane, epochs, evaluations)| Curves {
                        source: source(lane),
                        epochs,
                        evaluations,
                    })
                    .collect();
                write_epochs(out, &lanes).map_err(io::Error::other)
            }
            Self::Table(rows) => {
                let mut table = csv::Writer::from_writer(out);
                for row in rows {
                    table.write_record(row)?;
                }
                table.flush()
            }
            Self::Text(text) => out.write_all(text.as_bytes()),
            Self::Picture { width, height, rgba } => {
                encode_png(out.by_ref(), *width, *height, rgba).map_err(io::Error::other)
            }
        }
    }
}

impl Session {
    pub(super) fn export(&mut self, path: PathBuf, what: Export) {
        match self.content(what) {
            None => self.notify(NoticeKind::Failed, "There is nothing to write yet: train first."),
            Some(content) => {
                if let Err(error) = self.jobs.export(path, content) {
                    self.notify(NoticeKind::Failed, format!("no thread could be started: {error}"));
                }
            }
        }
    }

    /// Every seed of every lane.
    fn runs(&self) -> Vec<(RunName, &Lane, usize)> {
        let is_seeded = self.lanes.iter().any(|lane| lane.seed_count() > 1);
        let first = self.draft.valid().experiment().training.seed;
        let of = |lane: &'_ Lane, run: usize| {
            let seed = is_seeded.then(|| first.wrapping_add(run as u64));
            (lane.name().to_owned(), seed)
        };
        let lanes = self.lanes.iter();
        lanes
            .flat_map(|lane| (0..lane.seed_count()).map(move |run| (of(lane, run), lane, run)))
            .collect()
    }

    fn content(&self, what: Export) -> Option<Content> {
        Some(match what {
            Export::Batches => {
                let runs = self.runs();
                let run = |(name, lane, run): (_, &Lane, _)| (name, lane.seed_record(run).0);
                Content::Batches(runs.into_iter().map(run).collect())
            }
            Export::Epochs => {
                let run = |(name, lane, run): (_, &Lane, usize)| {
                    let evaluations = lane.seed_evaluations(run).iter();
                    let evaluations = evaluations.map(|e| EvaluationRecord::clone(e)).collect();
                    (name, lane.seed_record(run).1, evaluations)
                };
                Content::Epochs(self.runs().into_iter().map(run).collect())
            }
            Export::Outputs(id) => Content::Table(outputs_table(self.lane(id)?)?),
            Export::Trail(id) => Content::Table(trail_table(self.lane(id)?)),
            Export::Program => Content::Text(self.program()?.found.as_ref().ok()?.text()),
            Export::Notebook => Content::Text(self.program()?.found.as_ref().ok()?.notebook()),
            Export::Picture { width, height, rgba } => Content::Picture { width, height, rgba },
        })
    }

    /// Reads the first rows of a table on a worker.
    pub(super) fn preview_table(&mut self, path: PathBuf) {
        self.table_preview = None;
        if let Err(error) = self.jobs.preview(path) {
            self.notify(NoticeKind::Failed, format!("no thread could be started: {error}"));
        }
    }

    pub(super) fn take_exported(&mut self, path: &std::path::Path, result: Result<(), String>) {
        match result {
            Ok(()) => self.notify(NoticeKind::Done, format!("Wrote {}.", path.display())),
            Err(message) => self.notify(NoticeKind::Failed, message),
        }
    }
}

fn source((lane, seed): &RunName) -> Source<'_> {
    Source { lane, seed: *seed }
}

/// The rows that the lane's latest outputs are of, unscaled, with their targets and the outputs.
fn outputs_table(lane: &Lane) -> Option<Vec<Vec<String>>> {
    let TaskPlan::Learn(learn) = &lane.plan.task else { return None };
    let pictures = lane.pictures();
    let picture = pictures.outputs(RowSet::HeldOut).or(pictures.outputs(RowSet::Training))?;
    let PictureKind::Outputs { of, every, outputs, width } = &picture.kind else { return None };
    let (_, data) = lane.rows(*of)?;
    let mut header = data.feature_names.clone();
    header.push("target".to_owned());
    header.extend((0..*width).map(|i| format!("output {}", i + 1)));
    let mut rows = vec![header];
    let shown = (0..data.rows()).step_by((*every).max(1));
    for (row, outputs) in shown.zip(outputs.chunks(*width)) {
        let mut cells: Vec<String> = (0..data.width())
            .map(|column| {
                let x = data.features[[row, column]];
                let scaler = learn.split.scaler.as_ref();
                number_text(scaler.map_or(x, |s| x * s.scale[column] + s.shift[column]))
            })
            .collect();
        cells.push(target_text(data, row));
        cells.extend(outputs.iter().map(|x| number_text(*x)));
        rows.push(cells);
    }
    Some(rows)
}

fn target_text(data: &Dataset, row: usize) -> String {
    match &data.targets {
        Targets::Classes { labels, names } => names[labels[row]].clone(),
        Targets::Values { values, .. } => {
            values.row(row).iter().map(|x| number_text(*x)).collect::<Vec<_>>().join(" ")
        }
    }
}

fn trail_table(lane: &Lane) -> Vec<Vec<String>> {
    let header = ["step", "x", "y"].map(str::to_owned).to_vec();
    let rows = lane
        .trail
        .iter()
        .map(|(step, [x, y])| vec![step.to_string(), number_text(*x), number_text(*y)]);
    std::iter::once(header).chain(rows).collect()
}
