//! The decision map: what a picture of 128 × 128 cells takes of a lane's thread, and how many are
//! taken while a lane trains and somebody looks on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use downhill::train::{
    Allowance, Command, Event, LaneHandle, Permits, PictureKind, PictureRequest, Target, spawn,
};

use crate::lanes::{DRAIN, FRAME};
use crate::processor::{thread_time, until_gone};
use crate::streaming::plan_of;
use crate::table::{Table, spread};

const CELLS: usize = 128;
/// Pictures taken at rest.
const PICTURES: usize = 200;
/// How long is looked on.
const LOOK_ON: Duration = Duration::from_secs(3);
pub(crate) fn measure(table: &mut Table) {
    for precision in ["F32", "F64"] {
        let mut times = at_rest(precision);
        let (median, least, most) = spread(&mut times);
        let what = format!("a map of 128 × 128 cells, 2-8-8-1 tanh, {precision}");
        let measured = format!("{median:.2} ms ({least:.2} to {most:.2})");
        table.row(&what, measured, "≤ 1 ms");
    }
    let (maps, share, frames) = while_training();
    let measured = format!("{maps:.0} a second, {share:.1} % of the lane's time");
    table.row(
        "maps while training at full speed",
        measured,
        format!("≤ {frames:.0} frames, ≤ 20 %"),
    );
}

fn lane(precision: &str) -> LaneHandle {
    let text = format!(
        r#"(
    version: 1,
    task: Learn(
        data: Circles(samples: 500, noise: 0.1, factor: 0.5, seed: 1),
        model: (hidden: [Dense(units: 8, activation: Tanh), Dense(units: 8, activation: Tanh)]),
    ),
    training: (epochs: Unlimited, batch_size: 10, precision: {precision}),
    lanes: [(name: "{precision}", optimizer: Sgd(learning_rate: 0.01))],
)"#
    );
    spawn(plan_of(&text), Permits::new(1), &Allowance::of_checkpoints(), Arc::new(|| {}))
}

/// A request that differs from the last a little, so that nothing is the same twice.
fn request(number: usize) -> Command {
    let wide = 1.5 + 1e-3 * number as f64;
    Command::Watch(vec![PictureRequest::Regions {
        plane: downhill::train::MapPlane::Features([0, 1]),
        x: (-wide, wide),
        y: (-wide, wide),
        cells: (CELLS, CELLS),
    }])
}

/// The cells of an event that is a map, else 0.
fn cells_of(event: &Event) -> usize {
    match event {
        Event::Picture(picture) => match &picture.kind {
            PictureKind::Regions { outputs, width, .. } => outputs.len() / width,
            _ => 0,
        },
        _ => 0,
    }
}

/// Milliseconds of the lane's thread for each map.
fn at_rest(precision: &str) -> Vec<f64> {
    let mut lane = lane(precision);
    let thread = format!("lane {precision}");
    let mut times = Vec::new();
    for number in 0..PICTURES {
        let (begin, before) = (Instant::now(), thread_time(&thread));
        lane.try_send(request(number)).expect("its queue is empty");
        let mut cells = 0;
        while cells == 0 {
            lane.wait(Duration::from_millis(100), |event| cells += cells_of(&event));
        }
        assert_eq!(cells, CELLS * CELLS);
        let wall = begin.elapsed();
        // Its clock is read where it sleeps again.
        std::thread::sleep(Duration::from_millis(1));
        let spent =
            before.zip(thread_time(&thread)).map(|(before, after)| after.saturating_sub(before));
        times.push(spent.unwrap_or(wall).as_secs_f64() * 1e3);
    }
    drop(lane);
    until_gone(&thread);
    // The first ones find everything cold.
    times.split_off(PICTURES / 10)
}

/// Maps a second, percent of the lane's time they take, and frames a second.
fn while_training() -> (f64, f64, f64) {
    let (_, alone, _) = looked_on(None);
    let (maps, pictured, frames) = looked_on(Some(request(0)));
    (maps, 100.0 * (1.0 - pictured / alone), frames)
}

/// Maps, updates and frames: the first and the last a second, the second a second on the processor.
fn looked_on(watch: Option<Command>) -> (f64, f64, f64) {
    let mut lane = lane("F32");
    for command in watch.into_iter().chain([Command::Run(Target::End)]) {
        lane.try_send(command).expect("its queue has room");
    }
    let (mut step, mut maps, mut frames) = (0, 0, 0.0);
    let (begin, before) = (Instant::now(), thread_time("lane F32"));
    while begin.elapsed() < LOOK_ON {
        lane.drain(DRAIN, |event| {
            maps += usize::from(cells_of(&event) > 0);
            if let Event::Status(status) = event {
                step = status.step;
            }
        });
        frames += 1.0;
        std::thread::sleep(FRAME);
    }
    let (wall, after) = (begin.elapsed(), thread_time("lane F32"));
    let spent = before.zip(after).map_or(wall, |(before, after)| after.saturating_sub(before));
    drop(lane);
    until_gone("lane F32");
    let wall = wall.as_secs_f64();
    (maps as f64 / wall, step as f64 / spent.as_secs_f64(), frames / wall)
}
