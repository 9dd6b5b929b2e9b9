//! Work that can take long, on named worker threads: loading data, reading and writing files.
//!
//! Results come back over one bounded channel and are taken in by [`Session::drain`]. Each waits
//! for nobody: a job's thread holds no lock.
//!
//! [`Session::drain`]: super::Session::drain

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread;

use crate::data::{Preview, Principal, Split, csv_preview};
use crate::experiment::{LanePlan, Problem, ValidExperiment};
use crate::lab::{Report, Specimen, Tool, examine};
use crate::train::Retrace;

use super::autopsies::Examined as Autopsied;
use super::bench::Finding;
use super::exports::Content;
use super::landscape::SurveyNews;
use super::library::{self, FileOpener, Library, LibraryError};
use super::programs::LaneProgram;
use super::recall::Recalled;
use super::shelf::Shelf;
use super::{LaneId, Waker};

/// Rows of a table shown before its target is chosen.
const PREVIEW_ROWS: usize = 20;

/// What a finished job brings.
#[derive(Debug)]
pub(super) enum JobDone {
    Prepared { order: Order, plans: Result<Vec<LanePlan>, Vec<Problem>> },
    Read { path: PathBuf, text: Result<String, String> },
    Written { path: PathBuf, text: String, result: Result<(), String> },
    Previewed(TablePreview),
    Programmed(LaneProgram),
    Exported { path: PathBuf, result: Result<(), String> },
    Examined(Box<Finding>),
    Recalled(Recalled),
    Projected { split: Arc<Split>, found: Option<Principal> },
    Surveyed(Box<SurveyNews>),
    Autopsied(Box<Autopsied>),
    Shelved { shelf: Box<Shelf>, result: Result<Option<String>, String> },
}

/// The first rows of a table, read to choose its target by.
#[derive(Debug, Clone, PartialEq)]
pub struct TablePreview {
    /// The table's file.
    pub path: PathBuf,
    /// Its first rows, or why it cannot be read.
    pub found: Result<Preview, String>,
}

/// Which lanes were to be built from which experiment.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) generation: u64,
    pub(super) valid: Arc<ValidExperiment>,
    /// One identity a lane of the experiment.
    pub(super) ids: Vec<LaneId>,
    /// Those to build anew.
    pub(super) build: Vec<LaneId>,
}

/// The workers and their results.
#[derive(Debug)]
pub(super) struct Jobs {
    sender: SyncSender<JobDone>,
    results: Receiver<JobDone>,
    waker: Waker,
    open: usize,
}

impl Jobs {
    pub(super) fn new(waker: Waker) -> Self {
        let (sender, results) = sync_channel(64);
        Self { sender, results, waker, open: 0 }
    }

    /// Whether anything is under way that somebody waits for.
    pub(super) fn is_busy(&self) -> bool {
        self.open > 0
    }

    /// The next result, if one has come in.
    pub(super) fn next(&mut self) -> Option<JobDone> {
        match self.results.try_recv() {
            Ok(done) => {
                // What comes and goes while one looks on keeps nobody waiting.
                let waited_for = !matches!(
                    done,
                    JobDone::Examined(_)
                        | JobDone::Recalled(_)
                        | JobDone::Projected { .. }
                        | JobDone::Surveyed(_)
                        | JobDone::Autopsied(_)
                );
                self.open -= usize::from(waited_for);
                Some(done)
            }
            Err(TryRecvError::Empty | TryRecvError::Disconnected) => None,
        }
    }

    pub(super) fn prepare(&mut self, order: Order, opener: FileOpener) -> io::Result<()> {
        self.start("prepare", move || {
            let plans = order.valid.prepare(&opener);
            JobDone::Prepared { order, plans }
        })
    }

    pub(super) fn read(&mut self, path: PathBuf) -> io::Result<()> {
        self.start("open", move || {
            let text = library::read_experiment(&path).map_err(|e| e.to_string());
            JobDone::Read { path, text }
        })
    }

    pub(super) fn write(&mut self, path: PathBuf, text: String) -> io::Result<()> {
        self.start("save", move || {
            let result = library::write_file(&path, text.as_bytes()).map_err(|e| e.to_string());
            JobDone::Written { path, text, result }
        })
    }

    pub(super) fn preview(&mut self, path: PathBuf) -> io::Result<()> {
        self.start("preview", move || {
            let file = std::fs::File::open(&path).map_err(|e| format!("{}: {e}", path.display()));
            let found = file.and_then(|f| {
                csv_preview(io::BufReader::new(f), PREVIEW_ROWS).map_err(|e| e.to_string())
            });
            JobDone::Previewed(TablePreview { path, found })
        })
    }

    pub(super) fn program(
        &mut self,
        work: impl FnOnce() -> LaneProgram + Send + 'static,
    ) -> io::Result<()> {
        self.start("program", move || JobDone::Programmed(work()))
    }

    pub(super) fn export(&mut self, path: PathBuf, content: Content) -> io::Result<()> {
        self.start("export", move || {
            let bytes = content.bytes();
            let result = bytes
                .and_then(|bytes| library::write_file(&path, &bytes).map_err(|e| e.to_string()));
            JobDone::Exported { path, result }
        })
    }

    pub(super) fn examine(
        &mut self,
        specimen: Specimen,
        tool: Tool,
        finding: impl FnOnce(Tool, Result<Report, String>) -> Finding + Send + 'static,
    ) -> io::Result<()> {
        self.start("examine", move || {
            let found = examine(&specimen, &tool).map_err(|error| error.to_string());
            JobDone::Examined(Box::new(finding(tool, found)))
        })?;
        self.open -= 1;
        Ok(())
    }

    pub(super) fn recall(
        &mut self,
        lane: LaneId,
        plan: Arc<LanePlan>,
        retrace: Retrace,
    ) -> io::Result<()> {
        self.start("recall", move || {
            let found = retrace.losses(&plan);
            JobDone::Recalled(Recalled { lane, plan, steps: retrace.steps(), found })
        })?;
        self.open -= 1;
        Ok(())
    }

    pub(super) fn project(&mut self, split: Arc<Split>) -> io::Result<()> {
        self.start("project", move || {
            let found = Principal::of_split(&split);
            JobDone::Projected { split, found }
        })?;
        self.open -= 1;
        Ok(())
    }

    pub(super) fn autopsy(
        &mut self,
        work: impl FnOnce() -> Autopsied + Send + 'static,
    ) -> io::Result<()> {
        self.start("autopsy", move || JobDone::Autopsied(Box::new(work())))?;
        self.open -= 1;
        Ok(())
    }

    /// Work on the loss view, which tells what it has as it goes on.
    pub(super) fn survey(
        &mut self,
        work: impl FnOnce(&mut dyn FnMut(SurveyNews)) + Send + 'static,
    ) -> io::Result<()> {
        let (sender, waker) = (self.sender.clone(), self.waker.clone());
        thread::Builder::new().name("landscape".to_owned()).spawn(move || {
            work(&mut |news| {
                if sender.send(JobDone::Surveyed(Box::new(news))).is_ok() {
                    waker.wake();
                }
            });
        })?;
        Ok(())
    }

    /// Changes what the library keeps, then reads it anew. `done` is the sentence on success.
    pub(super) fn shelve(
        &mut self,
        library: Library,
        done: Option<String>,
        change: impl FnOnce(&Library) -> Result<(), LibraryError> + Send + 'static,
    ) -> io::Result<()> {
        self.start("library", move || {
            let result = change(&library).map(|()| done).map_err(|e| e.to_string());
            JobDone::Shelved { shelf: Box::new(Shelf::read(&library)), result }
        })
    }

    fn start(
        &mut self,
        name: &str,
        job: impl FnOnce() -> JobDone + Send + 'static,
    ) -> io::Result<()> {
        let sender = self.sender.clone();
        let waker = self.waker.clone();
        thread::Builder::new().name(name.to_owned()).spawn(move || {
            let done = job();
            // The receiver is gone only when the session is: then nobody waits for the result.
            if sender.send(done).is_ok() {
                waker.wake();
            }
        })?;
        self.open += 1;
        Ok(())
    }
}
