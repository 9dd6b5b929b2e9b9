//! Runs of which the cost of an update is measured, in nanoseconds of the processor.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use downhill::data::NoFiles;
use downhill::experiment::{LanePlan, check};
use downhill::session::library::Library;
use downhill::session::{Action, Draft, Session, Waker};
use downhill::train::{AnyTrainer, LossSink};

/// Rounds of which the best counts.
const ROUNDS: usize = 7;
/// Seconds of a round.
const SECONDS: f64 = 0.12;
/// Time between two looks of a session at its lanes.
const FRAME: Duration = Duration::from_micros(16_667);
/// The time it gives to news.
const DRAIN: Duration = Duration::from_millis(6);

/// A net that is trained on 2048 rows of ten features: hidden layers of rectifying units.
#[derive(Debug, Clone)]
pub(crate) struct Net {
    pub(crate) hidden: Vec<u64>,
    pub(crate) batch: u64,
    pub(crate) precision: &'static str,
}

impl Net {
    pub(crate) fn of(hidden: &[u64]) -> Self {
        Self { hidden: hidden.to_vec(), batch: 32, precision: "F32" }
    }

    fn text(&self, lanes: usize) -> String {
        let layer = |units: &u64| format!("Dense(units: {units}, activation: Relu)");
        let hidden: Vec<String> = self.hidden.iter().map(layer).collect();
        let lane = |index| format!("(name: \"{index}\", optimizer: Sgd(learning_rate: 1e-9))");
        let lanes: Vec<String> = (0..lanes).map(lane).collect();
        format!(
            "(version: 1, task: Learn(data: Regression(samples: 2048, features: 10, informative: 10, \
             noise: 1.0, seed: 0), scale: Standard, model: (hidden: [{}]), loss: MeanSquaredError), \
             training: (epochs: Unlimited, batch_size: {}, shuffle: Never, precision: {}), \
             lanes: [{}])",
            hidden.join(", "),
            self.batch,
            self.precision,
            lanes.join(", ")
        )
    }

    fn plan(&self) -> LanePlan {
        let text = self.text(1);
        let valid = check(&text).unwrap_or_else(|problems| panic!("{text}\n{problems:?}"));
        valid.prepare(&NoFiles).unwrap_or_else(|e| panic!("{text}\n{e:?}")).remove(0)
    }
}

/// A trainer as its lane's thread drives it: a sink after another, bursts in between.
struct Alone {
    trainer: AnyTrainer,
    sink: LossSink,
}

impl Alone {
    fn new(net: &Net) -> Self {
        let plan = net.plan();
        let trainer = AnyTrainer::new(&plan).unwrap_or_else(|e| panic!("{e}"));
        Self { sink: LossSink::new(0, plan.precision), trainer }
    }

    /// At least so many updates, to the end of a burst; how many.
    fn train(&mut self, updates: u64) -> u64 {
        let mut done = 0;
        while done < updates {
            if self.trainer.step() == self.sink.end() {
                self.sink = LossSink::new(self.trainer.step(), self.trainer.precision());
            }
            done += self.trainer.burst(updates - done, &self.sink).done;
            assert!(self.trainer.end().is_none(), "the run ends: {:?}", self.trainer.end());
        }
        done
    }

    fn train_to(&mut self, step: u64) {
        while self.trainer.step() < step {
            let left = step - self.trainer.step();
            self.train(left);
        }
    }
}

/// Nanoseconds of an update.
pub(crate) fn update(net: &Net) -> f64 {
    let mut run = Alone::new(net);
    run.train(50);
    let mut round = || {
        let (begin, before) = (Instant::now(), spent_so_far());
        let mut updates = 0;
        while begin.elapsed().as_secs_f64() < SECONDS {
            updates += run.train(100);
        }
        spent_since(begin, before).as_secs_f64() * 1e9 / updates as f64
    };
    (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min)
}

/// Nanoseconds of an update where so many lanes train in the workbench at full speed.
pub(crate) fn in_company(net: &Net, lanes: usize) -> f64 {
    let mut session = session(&net.text(lanes));
    session.apply(Action::Run);
    let updates =
        |session: &Session| -> u64 { session.lanes().iter().map(|lane| lane.losses.len()).sum() };
    // Past the first thousand epochs, each of which is followed by an evaluation.
    while session.lanes().iter().any(|lane| lane.status.epoch < 2_000) {
        look(&mut session);
    }
    let mut round = || {
        let (begin, before, from) = (Instant::now(), on_lanes(), updates(&session));
        while begin.elapsed().as_secs_f64() < 0.6 {
            look(&mut session);
        }
        let spent = on_lanes()
            .zip(before)
            .map_or(begin.elapsed(), |(now, before)| now.saturating_sub(before));
        spent.as_secs_f64() * 1e9 / (updates(&session) - from) as f64
    };
    (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min)
}

/// Points of a curve: updates so far, nanoseconds of an update.
type Points = Vec<(f64, f64)>;

/// Nanoseconds of an update in each decade of a long run: alone, and in the workbench with losses,
/// epochs, evaluations and checkpoints, the lane's side and the window's.
pub(crate) fn along(net: &Net, decades: RangeInclusive<u32>) -> (Points, Points) {
    let ends = || decades.clone().map(|power| 10_u64.pow(power));
    let mut alone: Points = ends().map(|end| (end as f64, f64::INFINITY)).collect();
    let mut watched = alone.clone();
    for round in 0..12 {
        let short = if round == 0 { u64::MAX } else { 1_000_000 };
        let ends = || ends().filter(|end| *end <= short);
        let mut run = Alone::new(net);
        note(&mut alone, ends(), |end| run.train_to(end));
        let mut session = session(&net.text(1));
        note(&mut watched, ends(), |end| {
            session.hurry_to(end);
            while session.lanes()[0].status.step < end || session.lanes()[0].is_running() {
                look(&mut session);
            }
        });
    }
    (alone, watched)
}

/// Notes what an update took from each step to the next, where that is less than before.
fn note(points: &mut Points, ends: impl Iterator<Item = u64>, mut go: impl FnMut(u64)) {
    let mut step = 0;
    for ((_, best), end) in points.iter_mut().zip(ends) {
        let (begin, before) = (Instant::now(), spent_so_far());
        go(end);
        let spent = spent_since(begin, before).as_secs_f64();
        *best = best.min(spent * 1e9 / (end - step) as f64);
        step = end;
    }
}

fn session(text: &str) -> Session {
    while on_lanes().is_some_and(|_| lanes_alive() > 0) {
        std::thread::sleep(Duration::from_millis(1));
    }
    let draft = Draft::open(text.to_owned(), None).expect("a valid experiment");
    let nowhere = std::env::temp_dir().join("downhill-bench-keeps-nothing");
    let mut session = Session::new(draft, Library::under(&nowhere), Waker::silent());
    while session.lanes().is_empty() {
        look(&mut session);
    }
    session
}

fn look(session: &mut Session) {
    session.drain(DRAIN);
    std::thread::sleep(FRAME);
}

/// The threads of this process and the time each has had the processor, where the system tells.
fn threads() -> Option<Vec<(String, Duration)>> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?.flatten();
    let told = |folder: PathBuf| {
        let name = std::fs::read_to_string(folder.join("comm")).ok()?;
        let text = std::fs::read_to_string(folder.join("schedstat")).ok()?;
        let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
        Some((name, Duration::from_nanos(nanoseconds)))
    };
    Some(tasks.filter_map(|task| told(task.path())).collect())
}

fn lanes_alive() -> usize {
    let threads = threads().unwrap_or_default();
    threads.iter().filter(|(name, _)| name.starts_with("lane ")).count()
}

/// The time the lanes' threads have had the processor.
fn on_lanes() -> Option<Duration> {
    let threads = threads()?;
    Some(threads.iter().filter(|(name, _)| name.starts_with("lane ")).map(|(_, time)| *time).sum())
}

/// The time all threads that live have had the processor; else what the clock on the wall says.
fn spent_so_far() -> Duration {
    static BEGIN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let wall = BEGIN.get_or_init(Instant::now).elapsed();
    threads().map_or(wall, |threads| threads.iter().map(|(_, time)| *time).sum())
}

/// The time on the processor since a moment at which it was `before`. Its clock is read in ticks: over
/// a short time it says nothing, and the wall's counts.
fn spent_since(begin: Instant, before: Duration) -> Duration {
    let (wall, spent) = (begin.elapsed(), spent_so_far().saturating_sub(before));
    if wall > Duration::from_millis(100) { spent } else { wall }
}
