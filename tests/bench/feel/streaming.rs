//! What it costs to be watched: the tutorial's run in the workbench, drained sixty times a second,
//! against the same run as `downhill run` makes it. All are the time the training thread had the
//! processor, evaluations included, which are the same in both; beside them the updates alone.

use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant};

use downhill::data::NoFiles;
use downhill::experiment::{LanePlan, check};
use downhill::session::{Action, Session};
use downhill::train::{AnyTrainer, HeadlessOptions, LossSink, train_all};

use crate::lanes::{FRAME, ready, until};
use crate::processor::{own_time, thread_time, until_gone};
use crate::table::{Table, spread};

/// Updates of a run.
const UPDATES: u64 = 10_000_000;
/// Pairs of runs.
const PAIRS: usize = 7;
/// The lane's thread.
const THREAD: &str = "lane tutorial";

/// The tutorial's workload, W1.
pub(crate) fn tutorial(updates: &str) -> String {
    format!(
        r#"(
    version: 1,
    task: Learn(
        data: Blobs(samples: 400, features: 2, centers: 2, std: 2.5, seed: 95),
        model: (hidden: [], output: Auto, init: BiasTrick(low: 0.0, high: 1.0)),
        loss: CrossEntropy,
        report: SquaredErrorSum,
    ),
    training: (steps: {updates}, batch_size: 32, shuffle: Never, precision: F64),
    lanes: [(name: "tutorial", optimizer: Sgd(learning_rate: 0.01))],
)"#
    )
}

pub(crate) fn plan_of(text: &str) -> LanePlan {
    let valid = check(text).unwrap_or_else(|problems| panic!("{problems:?}"));
    valid.prepare(&NoFiles).unwrap_or_else(|problems| panic!("{problems:?}")).remove(0)
}

pub(crate) fn measure(table: &mut Table) {
    let plan = plan_of(&tutorial(&UPDATES.to_string()));
    let (mut kept, mut bare) = (Vec::new(), Vec::new());
    let (mut each, mut only) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let watched = watched();
        kept.push(headless(&plan, true) / watched);
        bare.push(headless(&plan, false) / watched);
        each.push(watched * 1e9 / UPDATES as f64);
        only.push(alone(&plan) * 1e9 / UPDATES as f64);
    }
    let percent = |(median, least, most): (f64, f64, f64)| {
        format!("{:.1} % ({:.1} to {:.1})", 100.0 * median, 100.0 * least, 100.0 * most)
    };
    let what = "W1 watched, speed against `run` that keeps its losses";
    table.row(what, percent(spread(&mut kept)), "> 95 %");
    let what = "W1 watched, speed against `run` that keeps nothing";
    table.row(what, percent(spread(&mut bare)), "> 95 %");
    for (what, mut times) in [
        ("W1 watched, an update with all that belongs to it", each),
        ("W1, an update alone, its loss recorded", only),
    ] {
        let (median, least, most) = spread(&mut times);
        table.row(what, format!("{median:.0} ns ({least:.0} to {most:.0})"), "");
    }
}

/// Seconds of the lane's thread.
fn watched() -> f64 {
    let mut session = ready(&tutorial(&UPDATES.to_string()));
    let (begin, before) = (Instant::now(), thread_time(THREAD));
    session.apply(Action::Run);
    until(&mut session, FRAME, Session::is_over);
    let (wall, after) = (begin.elapsed(), thread_time(THREAD));
    assert_eq!(session.lanes()[0].losses.len(), UPDATES, "no sample is lost");
    drop(session);
    until_gone(THREAD);
    seconds(before, after, wall)
}

/// Seconds of a thread that trains as `run` does.
fn headless(plan: &LanePlan, history: bool) -> f64 {
    let train = || {
        let (begin, before) = (Instant::now(), own_time());
        let options = HeadlessOptions { threads: 1, history, params_at: Vec::new() };
        let results = train_all(std::slice::from_ref(plan), &options, &AtomicBool::new(false), &());
        assert_eq!(results[0].steps, UPDATES);
        seconds(before, own_time(), begin.elapsed())
    };
    thread::scope(|scope| scope.spawn(train).join()).expect("it trains")
}

/// Seconds of the updates alone, their losses recorded and nothing else.
fn alone(plan: &LanePlan) -> f64 {
    let train = || {
        let mut trainer = AnyTrainer::new(plan).unwrap_or_else(|error| panic!("{error}"));
        let mut sink = LossSink::new(0, plan.precision);
        let (begin, before) = (Instant::now(), own_time());
        while trainer.step() < UPDATES {
            if trainer.step() == sink.end() {
                sink = LossSink::new(trainer.step(), plan.precision);
            }
            trainer.burst(UPDATES - trainer.step(), &sink);
        }
        seconds(before, own_time(), begin.elapsed())
    };
    thread::scope(|scope| scope.spawn(train).join()).expect("it trains")
}

/// On the processor, if the system tells; else by the clock on the wall.
fn seconds(before: Option<Duration>, after: Option<Duration>, wall: Duration) -> f64 {
    let spent = before.zip(after).map_or(wall, |(before, after)| after.saturating_sub(before));
    spent.as_secs_f64()
}
