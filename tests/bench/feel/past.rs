//! How soon any step of a long run is shown again, and gone back to; and what a frame takes meanwhile.

use std::time::{Duration, Instant};

use downhill::session::{Action, Lane, Session};
use downhill::ui::App;
use downhill::ui::shot::{Stage, StageSettings};

use crate::lanes::{EIGHT, LOOK, at_full_speed, ready, until};
use crate::table::Table;

/// The tutorial's run (W1), a million updates long.
const MILLION: &str = "(version: 1, task: Learn(data: Blobs(samples: 400, features: 2, centers: 2, \
     std: 2.0, seed: 1), model: (init: Uniform(low: 0.0, high: 1.0)), report: SquaredErrorSum), \
     training: (steps: 1000000, batch_size: 32, shuffle: Never), \
     lanes: [(name: \"a\", optimizer: Sgd(learning_rate: 0.01))])";

/// Steps looked at, and gone back to.
const LOOKS: u64 = 300;
const BACKS: u64 = 40;
/// Frames drawn while the past is dragged through.
const FRAMES: usize = 300;

pub(crate) fn measure(table: &mut Table) {
    let mut session = ready(MILLION);
    session.apply(Action::Run);
    until(&mut session, LOOK, Session::is_over);
    let step_of = |count: u64| count.wrapping_mul(7_919_777) % 1_000_000;
    let mut times: Vec<Duration> = (0..LOOKS)
        .map(|count| {
            let step = step_of(count);
            let begin = Instant::now();
            session.apply(Action::LookAt(Some(step)));
            let is_there = |lane: &Lane| lane.moment().is_some_and(|m| m.status.step == step);
            until(&mut session, LOOK, |s| s.lanes().iter().all(is_there));
            begin.elapsed()
        })
        .collect();
    table.times("a step of a million (W1) → shown again", &mut times, "≤ 250 ms");
    let mut times: Vec<Duration> = (0..BACKS)
        .map(|count| {
            let step = step_of(count);
            let begin = Instant::now();
            session.apply(Action::RewindTo(step));
            until(&mut session, LOOK, |s| s.lanes().iter().all(|lane| lane.status.step == step));
            let took = begin.elapsed();
            session.apply(Action::Undo);
            until(&mut session, LOOK, Session::is_over);
            took
        })
        .collect();
    table.times("a step of a million (W1) → gone back to", &mut times, "≤ 250 ms");
    let mut frames = dragged();
    table.times(
        "a frame while the past of 8 lanes is dragged through",
        &mut frames,
        "≤ 16.7 ms p99",
    );
}

/// What frames take (wall time) while eight lanes train and every frame looks at another step.
fn dragged() -> Vec<Duration> {
    let mut stage = Stage::new(StageSettings::default());
    let mut app = App::new(stage.context(), at_full_speed(EIGHT));
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(1) {
        app.take_news();
        stage.frame(|ui| app.draw(ui));
    }
    (0..FRAMES as u64)
        .map(|count| {
            let furthest = app.session().furthest();
            let step = furthest * (count % 100) / 100;
            let begin = Instant::now();
            app.session_mut().apply(Action::LookAt(Some(step)));
            app.take_news();
            stage.frame(|ui| app.draw(ui));
            let took = begin.elapsed();
            std::thread::sleep(crate::lanes::FRAME.saturating_sub(took));
            took
        })
        .collect()
}
