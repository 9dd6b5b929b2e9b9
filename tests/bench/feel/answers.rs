//! How soon eight lanes at full speed answer: a turned knob, Run, Pause.
//!
//! A session without a window is looked at all the time, so that no frame's time is in what the lanes
//! take; a window on a stage counts frames.

use std::time::{Duration, Instant};

use downhill::experiment::Change;
use downhill::session::{Action, LaneId, Session};
use downhill::ui::App;
use downhill::ui::shot::{Stage, StageSettings};

use crate::lanes::{DRAIN, EIGHT, FRAME, LOOK, at_full_speed, look_on, ready, until};
use crate::table::Table;

/// Knobs turned.
const TURNS: usize = 400;
/// Runs begun, and held.
const RUNS: usize = 60;
/// Windows opened, and marks made in each: no more than there is room to label.
const WINDOWS: usize = 30;
const MARKS: usize = 3;

pub(crate) fn measure(table: &mut Table) {
    let mut times = turned();
    table.times("a knob turned → \"applied at step k\", 8 lanes", &mut times, "≤ 16 ms p99");
    let mut frames = marked();
    frames.sort_unstable();
    let at = |share: f64| frames[((frames.len() - 1) as f64 * share).round() as usize];
    let measured = format!("{} median, {} p99, {} worst", at(0.5), at(0.99), at(1.0));
    table.row("a knob turned → its mark drawn, in frames", measured, "≤ 2 p99");
    let (mut first, mut all) = begun();
    table.times("Run → first point of a lane", &mut first, "≤ 50 ms");
    table.times("Run → first point of every lane", &mut all, "≤ 50 ms");
    let (mut still, mut said) = held();
    table.times("Pause → no lane moves", &mut still, "≤ 16.7 ms");
    table.times("Pause → every lane says so, measured there", &mut said, "≤ 16.7 ms");
}

/// A rate that a lane has not had before.
fn turn(lane: LaneId, count: usize) -> Action {
    let value = 0.001 + 1e-6 * count as f64;
    Action::Turn { lane, change: Change::Optimizer { knob: "learning_rate", value } }
}

fn turned() -> Vec<Duration> {
    let mut session = at_full_speed(EIGHT);
    let mut times = Vec::new();
    for count in 0..TURNS {
        let index = count % session.lanes().len();
        let lane = &session.lanes()[index];
        let (id, before) = (lane.id, lane.changes.len());
        let begin = Instant::now();
        session.apply(turn(id, count));
        until(&mut session, LOOK, |s| s.lanes()[index].changes.len() > before);
        times.push(begin.elapsed());
        // At no particular moment of a lane's turn.
        look_on(&mut session, Duration::from_millis(11 + 7 * (count as u64 % 5)));
    }
    times
}

/// Frames from the one in which a knob is turned to the one that draws the mark's label.
fn marked() -> Vec<usize> {
    let mut stage = Stage::new(StageSettings::default());
    let mut frames = Vec::new();
    for _ in 0..WINDOWS {
        let mut app = App::new(stage.context(), at_full_speed(EIGHT));
        for _ in 0..20 {
            draw(&mut stage, &mut app, None);
        }
        for mark in 0..MARKS {
            let lane = &app.session().lanes()[mark];
            let (id, label) = (lane.id, format!("{} learning rate", lane.name()));
            let is_drawn = |stage: &Stage| stage.texts().iter().any(|t| t.0.starts_with(&label));
            assert!(!is_drawn(&stage), "no mark of {label} yet");
            draw(&mut stage, &mut app, Some(turn(id, mark)));
            let mut count = 0;
            while !is_drawn(&stage) {
                draw(&mut stage, &mut app, None);
                count += 1;
                assert!(count < 600, "a mark that is never drawn");
            }
            frames.push(count);
        }
    }
    frames
}

/// A frame of the window, sixty a second; what is done in it acts at its end, before the wait.
fn draw(stage: &mut Stage, app: &mut App, action: Option<Action>) {
    let begin = Instant::now();
    app.take_news();
    stage.frame(|ui| app.draw(ui));
    if let Some(action) = action {
        app.session_mut().apply(action);
    }
    std::thread::sleep(FRAME.saturating_sub(begin.elapsed()));
}

/// Times to the first point of some lane and of all.
fn begun() -> (Vec<Duration>, Vec<Duration>) {
    let run = |_| {
        let mut session = ready(EIGHT);
        let begin = Instant::now();
        session.apply(Action::Run);
        until(&mut session, LOOK, |s| s.lanes().iter().any(|lane| !lane.losses.is_empty()));
        let first = begin.elapsed();
        until(&mut session, LOOK, |s| s.lanes().iter().all(|lane| !lane.losses.is_empty()));
        (first, begin.elapsed())
    };
    (0..RUNS).map(run).unzip()
}

/// Times to the last update, and until every lane says that it rests.
fn held() -> (Vec<Duration>, Vec<Duration>) {
    let mut session = at_full_speed(EIGHT);
    let mut hold = |count| {
        session.apply(Action::Run);
        look_on(&mut session, Duration::from_millis(101 + 7 * (count as u64 % 5)));
        let begin = Instant::now();
        session.apply(Action::Pause);
        let (mut done, mut moved) = (updates(&session), Duration::ZERO);
        let mut rest = |s: &Session| {
            let now = updates(s);
            if now > done {
                (done, moved) = (now, begin.elapsed());
            }
            s.lanes().iter().all(|lane| !lane.is_running())
        };
        until(&mut session, LOOK, &mut rest);
        let said = begin.elapsed();
        session.drain(DRAIN);
        assert!(!rest(&session) || updates(&session) == done, "what rests does not move");
        (moved, said)
    };
    (0..RUNS).map(&mut hold).unzip()
}

fn updates(session: &Session) -> u64 {
    session.lanes().iter().map(|lane| lane.losses.len()).sum()
}
