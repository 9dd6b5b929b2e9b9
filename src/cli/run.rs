//! `downhill run`: every experiment is checked before the first is trained; then each in turn, its
//! lanes side by side.

use std::ffi::OsString;
use std::io::Write;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::experiment::LanePlan;
use crate::export::RunResult;
use crate::session::library::{Document, Library, try_folder};
use crate::train::{EndReason, HeadlessOptions, LaneResult, train_all};

use super::check::{LaneShape, Ready, left_out, marked, ready};
use super::interrupt::{self, INTERRUPTED};
use super::kernels::kernels;
use super::output::write_folder;
use super::overrides::overridden;
use super::progress::{Bar, Epochs, Progress};
use super::report::run_result;
use super::table::{comparison, result_table};
use super::{Console, Failure, RunArguments, predictions};

/// The most samples that a history or a run's folder holds.
const MOST_SAMPLES: u64 = 100_000_000;

/// An experiment that is ready to be trained.
#[derive(Debug)]
pub(super) struct Job {
    /// Its name.
    pub(super) title: String,
    /// A short name for its folder.
    pub(super) stem: String,
    /// Its text, changes of the command line made.
    pub(super) text: String,
    /// The seed of its training.
    pub(super) seed: u64,
    /// One plan a run: as many as its lane has seeds, lane by lane.
    pub(super) plans: Vec<LanePlan>,
    /// Whose run each of them is.
    pub(super) places: Vec<Place>,
    /// The shape of each lane.
    pub(super) shapes: Vec<LaneShape>,
}

/// Whose run a run is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// The lane's place in the experiment.
    pub(super) lane: usize,
    /// Which of the lane's seeds, from 0.
    pub(super) number: u32,
}

impl Job {
    /// Whether any lane stands for several seeds.
    pub(super) fn is_seeded(&self) -> bool {
        self.places.len() > self.shapes.len()
    }

    /// Whether a run's lane stands for several seeds.
    pub(super) fn is_several(&self, run: usize) -> bool {
        let lane = self.places[run].lane;
        self.places.iter().filter(|place| place.lane == lane).count() > 1
    }

    /// The seed that a run has for the experiment's.
    pub(super) fn seed_of(&self, run: usize) -> u64 {
        self.seed.wrapping_add(u64::from(self.places[run].number))
    }

    /// The shape of a run's parameters.
    pub(super) fn shape_of(&self, run: usize) -> &LaneShape {
        &self.shapes[self.places[run].lane]
    }
}

/// Trains what the arguments name.
pub(super) fn run(console: &mut Console, arguments: &RunArguments) -> Result<ExitCode, Failure> {
    kernels()?;
    let Some(jobs) = jobs(console, arguments)? else { return Ok(ExitCode::from(2)) };
    for job in &jobs {
        refuse_too_long(job, arguments)?;
    }
    let folders = folders(&jobs, arguments);
    // What cannot be kept is said before hours of training, not after.
    for folder in folders.iter().flatten() {
        try_folder(folder).map_err(|error| Failure::Other(error.into()))?;
    }
    for job in &jobs {
        if let Some(words) = left_out(&job.plans) {
            console.say(&format!("{}: {words}", job.stem));
        }
    }
    let stop = interrupt::listen()?;
    let mut failed = false;
    for (job, folder) in jobs.iter().zip(folders) {
        let runs = train(job, arguments, stop);
        failed |= runs.iter().any(|run| matches!(run.end.reason, EndReason::Failed(_)));
        let result = run_result(job, &runs, arguments);
        print_result(console, &result, arguments, jobs.len() > 1)?;
        if let Some(folder) = folder {
            write_folder(&folder, job, &runs, &result)?;
            if !arguments.json {
                writeln!(console.out, "written to {}", folder.display())?;
            }
        }
        console.out.flush()?;
        if was_interrupted(stop, &runs) {
            return Ok(ExitCode::from(INTERRUPTED));
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn was_interrupted(stop: &AtomicBool, runs: &[LaneResult]) -> bool {
    stop.load(Ordering::SeqCst) && runs.iter().any(|run| run.end.reason == EndReason::Stopped)
}

/// All experiments, or none if anything is wrong with any of them; that has been said then.
fn jobs(console: &mut Console, arguments: &RunArguments) -> Result<Option<Vec<Job>>, Failure> {
    let library = Library::open();
    let mut jobs = Vec::new();
    let mut wrong = false;
    for file in &arguments.files {
        match job(&library, file, arguments)? {
            Ok(job) => jobs.push(job),
            Err(complaint) => {
                wrong = true;
                console.say(&complaint);
            }
        }
    }
    Ok((!wrong).then_some(jobs))
}

fn job(
    library: &Library,
    file: &OsString,
    arguments: &RunArguments,
) -> Result<Result<Job, String>, Failure> {
    let document = match library.find(file) {
        Ok(document) => document,
        Err(error) => return Ok(Err(format!("downhill: {error}"))),
    };
    let text = overridden(&document.text, arguments)?;
    let changed = if text == document.text { "" } else { " (with the changes asked for)" };
    Ok(match ready(&document, &text) {
        Ok(ready) => Ok(new_job(&document, text, ready)),
        Err(problems) => {
            Err(marked(&text, &format!("{}{changed}", document.shown_name()), &problems))
        }
    })
}

fn new_job(document: &Document, text: String, ready: Ready) -> Job {
    let stem = document.stem();
    let experiment = ready.experiment.experiment();
    let title = if experiment.name.is_empty() { stem.clone() } else { experiment.name.clone() };
    let seed = experiment.training.seed;
    let seeds = experiment.lanes.iter().map(|lane| 0..lane.seeds);
    let places: Vec<Place> = seeds
        .enumerate()
        .flat_map(|(lane, numbers)| numbers.map(move |number| Place { lane, number }))
        .collect();
    let plan = |place: &Place| ready.plans[place.lane].of_run(place.number);
    let plans = places.iter().map(plan).collect();
    Job { title, stem, text, seed, plans, places, shapes: ready.shapes }
}

/// A history is held in memory and printed whole; one that is too long for that is refused.
fn refuse_too_long(job: &Job, arguments: &RunArguments) -> Result<(), Failure> {
    let Some(option) = keeping(arguments) else { return Ok(()) };
    let planned = (0..job.plans.len()).filter_map(|run| job.shape_of(run).planned_steps);
    let samples = planned.fold(0u64, u64::saturating_add);
    if samples <= MOST_SAMPLES {
        return Ok(());
    }
    Err(Failure::BadInput(format!(
        "{}: {option} keeps at most {MOST_SAMPLES} batch losses, and {samples} are planned; train \
         fewer steps (--steps N) or leave {option} out",
        job.stem
    )))
}

/// The option that asks for every batch's loss to be kept.
fn keeping(arguments: &RunArguments) -> Option<&'static str> {
    match (arguments.history, &arguments.out) {
        (true, _) => Some("--history"),
        (false, Some(_)) => Some("--out"),
        (false, None) => None,
    }
}

fn train(job: &Job, arguments: &RunArguments, stop: &AtomicBool) -> Vec<LaneResult> {
    let bars = job.plans.iter().zip(&job.places).enumerate().map(|(run, (plan, place))| Bar {
        name: &plan.name,
        lane: place.lane,
        seed: job.seed_of(run),
        steps: job.shape_of(run).planned_steps,
    });
    let bars: Vec<Bar<'_>> = bars.collect();
    let epochs = match (arguments.verbose, arguments.json) {
        (false, _) => Epochs::Silent,
        (true, false) => Epochs::ToOutput,
        (true, true) => Epochs::ToError,
    };
    let progress = Progress::new(&bars, arguments.quiet, epochs);
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    let options = HeadlessOptions {
        threads: arguments.threads.map_or_else(cores, usize::from),
        history: keeping(arguments).is_some(),
        params_at: arguments.params_at.clone(),
    };
    let runs = train_all(&job.plans, &options, stop, &progress);
    progress.clear();
    runs
}

/// Each experiment's folder: `--out` itself for one, a folder in it for each of several.
fn folders(jobs: &[Job], arguments: &RunArguments) -> Vec<Option<PathBuf>> {
    let folder = |index: usize, job: &Job| {
        let out = arguments.out.as_ref()?;
        if jobs.len() == 1 {
            return Some(out.clone());
        }
        let earlier = jobs[..index].iter().filter(|other| other.stem == job.stem).count();
        let stem = job.stem.replace(['/', '\\'], "_");
        let number = if earlier == 0 { String::new() } else { format!(" {}", earlier + 1) };
        Some(out.join(format!("{stem}{number}")))
    };
    jobs.iter().enumerate().map(|(index, job)| folder(index, job)).collect()
}

fn print_result(
    console: &mut Console,
    result: &RunResult,
    arguments: &RunArguments,
    one_of_several: bool,
) -> Result<(), Failure> {
    if arguments.json {
        serde_json::to_writer(&mut console.out, result).map_err(std::io::Error::from)?;
        writeln!(console.out)?;
        return Ok(());
    }
    if one_of_several {
        writeln!(console.out, "\n{}", result.experiment)?;
    }
    writeln!(console.out, "{}", result_table(&result.lanes))?;
    let comparison = comparison(&result.lanes);
    if !comparison.is_empty() {
        writeln!(console.out, "\n{comparison}")?;
    }
    let is_seeded = result.lanes.windows(2).any(|two| two[0].name == two[1].name);
    for lane in &result.lanes {
        let seed = if is_seeded { format!(", seed {}", lane.seed) } else { String::new() };
        if let Some(message) = &lane.stop.message {
            let (name, step) = (&lane.name, lane.stop.step);
            writeln!(console.out, "{name}{seed} failed at step {step}: {message}")?;
        }
        predictions::print(&mut console.out, lane, &seed)?;
    }
    Ok(())
}
