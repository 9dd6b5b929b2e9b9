//! Laws of a lane's thread, on a body that fails on command.

pub(super) mod fake;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::TrySendError;
use std::time::{Duration, Instant};

use crate::data::{Dataset, Targets};
use crate::experiment::Change;
use crate::objective::{Evaluation, Outputs};

use super::super::{
    Burst, ChangeRecord, EpochRecord, EvaluationRecord, Event, LossSink, MapPlane, Picture,
    PictureKind, PictureRequest, SEGMENT_LEN, Segment, Target,
};
use super::*;
use fake::{Fake, Faults, PER_EPOCH, Reader};

fn setting(permits: &Arc<Permits>) -> Setting {
    Setting {
        precision: Precision::F64,
        split: None,
        permits: Arc::clone(permits),
        waker: Arc::new(|| {}),
        undelivered: UNDELIVERED,
        parcels: PARCELS,
    }
}

fn start_with(body: Fake, setting: Setting) -> Reader {
    Reader::new(spawn_body("test", setting, move || Ok(Box::new(body))))
}

fn start(body: Fake) -> Reader {
    start_with(body, setting(&Permits::new(1)))
}

fn planned(steps: u64) -> Fake {
    Fake::new(Some(steps), Faults::default())
}

fn knob(value: f64) -> Command {
    Command::Change(Change::Optimizer { knob: "learning_rate", value })
}

/// The losses of an uninterrupted run.
fn uninterrupted(steps: u64) -> Vec<u64> {
    let mut reader = start(planned(steps));
    reader.tell(Command::Run(Target::End));
    assert_eq!(reader.until_end(), End { reason: EndReason::Finished, step: steps });
    let losses = reader.losses();
    assert_eq!(losses.len() as u64, steps);
    losses
}

#[test]
fn a_run_reports_every_epoch_and_evaluation_once_and_in_order() {
    let steps = 3 * SEGMENT_LEN as u64;
    let mut reader = start(planned(steps));
    reader.tell(Command::Run(Target::End));
    reader.until_end();
    let epochs: Vec<u64> = reader.epochs.iter().map(|e| e.epoch).collect();
    assert_eq!(epochs, (1..=steps / PER_EPOCH).collect::<Vec<_>>());
    assert!(reader.epochs.is_sorted_by(|a, b| a.step < b.step && a.seconds <= b.seconds));
    assert!(reader.evaluations.is_sorted_by(|a, b| a.step < b.step));
    assert_eq!(reader.evaluations[0].step, 0, "the start is measured");
    assert_eq!(reader.evaluations[1].step, 7 * PER_EPOCH);
    assert_eq!(reader.evaluations.last().map(|e| e.step), Some(steps), "and the end");
    assert_eq!(reader.segments.len(), 3);
    assert_eq!(reader.losses().len() as u64, steps);
}

#[test]
fn pausing_stepping_pacing_and_looking_change_no_bit() {
    let steps = 2_000;
    let expected = uninterrupted(steps);
    for script in 0..8_u64 {
        let mut reader = start(planned(steps));
        let mut draw = script.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        for _ in 0..60 {
            draw ^= draw << 13;
            draw ^= draw >> 7;
            draw ^= draw << 17;
            let step = reader.status.as_ref().map_or(0, |s| s.step);
            reader.tell(match draw % 8 {
                0 => Command::Pause,
                1 => Command::Run(Target::Step(step + draw % 50)),
                2 => Command::Run(Target::EpochEnd),
                3 => Command::Pace(Some(1e5)),
                4 => Command::Pace(None),
                5 => Command::Watch(vec![PictureRequest::Parameters]),
                6 => Command::Rewind { step: draw % (step + 1), before_changes: true },
                _ => Command::Run(Target::End),
            });
            reader.until("an answer", |r| r.status.is_some());
        }
        reader.tell(Command::Run(Target::End));
        reader.until("the end", |r| r.end().is_some_and(|end| end.step == steps));
        assert_eq!(reader.losses(), expected, "script {script}");
        let epochs: Vec<u64> = reader.epochs.iter().map(|e| e.epoch).collect();
        assert_eq!(epochs, (1..=steps / PER_EPOCH).collect::<Vec<_>>(), "script {script}");
    }
}

#[test]
fn targets_are_met_exactly() {
    let mut reader = start(planned(100));
    reader.until_rest(0);
    for step in [1, 2, 3] {
        reader.tell(Command::Run(Target::Step(step)));
        reader.until_rest(step);
    }
    for step in [10, 20] {
        reader.tell(Command::Run(Target::EpochEnd));
        reader.until_rest(step);
    }
    reader.tell(Command::Run(Target::Step(5)));
    reader.tell(Command::Run(Target::Step(57)));
    reader.until_rest(57);
    assert_eq!(reader.at_rest, [1, 2, 3, 10, 20, 57], "where it rests it is measured");
    assert_eq!(reader.evaluations.len(), 1, "but that is no record of the run");
    reader.tell(Command::Stop);
    assert_eq!(reader.until_end(), End { reason: EndReason::Stopped, step: 57 });
    assert_eq!(reader.evaluations.last().map(|e| e.step), Some(57));
    reader.tell(Command::TrainOn(crate::catalog::Duration::Steps(43)));
    reader.until("the end of more", |r| r.end().is_some_and(|e| e.step == 100));
    assert_eq!(reader.losses(), uninterrupted(100));
}

#[test]
fn a_turned_knob_is_echoed_with_its_step_and_survives_in_the_branch_it_was_turned_in() {
    let mut reader = start(planned(100));
    reader.tell(Command::Run(Target::Step(40)));
    reader.until_rest(40);
    reader.tell(knob(2.0));
    reader.until("an echo", |r| !r.changes.is_empty());
    let echo = &reader.changes[0];
    assert_eq!((echo.step, echo.from.as_str(), echo.to.as_str()), (40, "0.5", "2"));
    reader.tell(Command::Change(Change::Clip(None)));
    reader.until("a refusal", |r| r.refused == ["no such knob"]);
    reader.tell(Command::Run(Target::End));
    reader.until_end();
    let turned = reader.losses();
    let plain = uninterrupted(100);
    assert_eq!(turned[..=40], plain[..=40], "acts first in update 41");
    assert_ne!(turned[41], plain[41]);

    reader.tell(Command::Rewind { step: 70, before_changes: true });
    reader.until("the past", |r| r.rewound == [70]);
    reader.tell(Command::Run(Target::End));
    reader.until("the end", |r| r.end().is_some() && r.losses().len() == 100);
    assert_eq!(reader.losses(), turned, "rewound to after the turn");

    reader.tell(Command::Rewind { step: 39, before_changes: true });
    reader.until("the past", |r| r.rewound == [70, 39]);
    let last = |r: &Reader| r.evaluations.last().map(|e| e.step);
    reader.until("a measurement where it went", |r| last(r) == Some(39));
    reader.tell(Command::Run(Target::End));
    reader.until("the end", |r| r.end().is_some() && r.losses().len() == 100);
    assert_eq!(reader.losses(), plain, "rewound to before the turn");
}

#[test]
fn a_slow_reader_loses_nothing() {
    let steps = 5 * SEGMENT_LEN as u64 + 123;
    let body = planned(steps);
    let seen = Arc::clone(&body.seen);
    // The queue is full from the first word on: all else has to merge and wait.
    let mut reader = start_with(body, Setting { parcels: 1, ..setting(&Permits::new(1)) });
    reader.tell(Command::Run(Target::End));
    while seen.load(Ordering::Acquire) < steps {
        std::thread::yield_now();
    }
    reader.until_end();
    assert_eq!(reader.losses().len() as u64, steps);
    assert_eq!(reader.epochs.len() as u64, steps / PER_EPOCH);
    assert!(!reader.states.contains(&LaneState::Waiting));
}

/// Where a lane stands that has not moved for a while, or seems not to have.
fn until_still(seen: &AtomicU64) -> u64 {
    let (mut at, mut still) = (0, 0);
    while still < 50_000 {
        std::thread::yield_now();
        let now = seen.load(Ordering::Acquire);
        still = if now == at { still + 1 } else { 0 };
        at = now;
    }
    at
}

#[test]
fn a_lane_waits_for_a_stalled_reader_visibly_and_goes_on_when_it_reads() {
    let body = Fake::new(None, Faults::default());
    let seen = Arc::clone(&body.seen);
    let limit = 1 << 20;
    let mut reader = start_with(body, Setting { undelivered: limit, ..setting(&Permits::new(1)) });
    reader.tell(Command::Run(Target::End));
    let mut at = 0;
    while !reader.states.contains(&LaneState::Waiting) {
        let stands = until_still(&seen);
        let most = limit / 8 + (1 << 20);
        assert!(stands - at <= most, "undelivered memory is bounded: {at} to {stands}");
        reader.until("a later word", |r| r.status.as_ref().is_some_and(|s| s.step > at));
        at = reader.status.as_ref().map_or(at, |s| s.step);
    }
    let beyond = SEGMENT_LEN as u64;
    reader.until("a lane that goes on", |r| {
        let status = r.status.as_ref();
        status.is_some_and(|s| s.state == LaneState::Running && s.step > at + beyond)
    });
    reader.tell(Command::Stop);
    let end = reader.until_end();
    assert_eq!(reader.losses(), uninterrupted(end.step));
}

#[test]
fn a_thread_ends_when_its_reader_goes() {
    for command in [Command::Run(Target::End), Command::Pause, Command::Pace(Some(0.001))] {
        let body = Fake::new(None, Faults::default());
        let alive = Arc::downgrade(&body.seen);
        let mut reader = start(body);
        reader.tell(command.clone());
        reader.tell(Command::Run(Target::Step(100)));
        reader.until("a first word", |r| r.status.is_some());
        drop(reader);
        let deadline = Instant::now() + Duration::from_secs(30);
        while alive.strong_count() > 0 {
            assert!(Instant::now() < deadline, "still alive after {command:?}");
            std::thread::yield_now();
        }
    }
}

#[test]
fn a_panic_anywhere_ends_its_lane_alone() {
    let permits = Permits::new(1);
    let at_step = Faults { panic_in_step: Some(500), ..Faults::default() };
    let in_evaluation = Faults { panic_in_evaluation: Some(140), ..Faults::default() };
    let mut lanes: Vec<Reader> = [Faults::default(), at_step, in_evaluation, Faults::default()]
        .into_iter()
        .map(|faults| start_with(Fake::new(Some(5_000), faults), setting(&permits)))
        .collect();
    lanes.push(Reader::new(spawn_body("built badly", setting(&permits), || {
        panic!("no such {}", "network")
    })));
    lanes.push(Reader::new(spawn_body("refused", setting(&permits), || {
        Err("the data do not fit".to_owned())
    })));
    for lane in &lanes {
        // A lane that is gone already takes no commands.
        lane.handle.try_send(Command::Run(Target::End)).ok();
    }
    let ends: Vec<End> = lanes.iter_mut().map(Reader::until_end).collect();
    assert_eq!(ends[0], End { reason: EndReason::Finished, step: 5_000 });
    assert_eq!(ends[3], ends[0]);
    let failure = |end: &End| match &end.reason {
        EndReason::Failed(message) => message.clone(),
        other => panic!("{other:?}"),
    };
    assert!(failure(&ends[1]).contains("the step that fails"), "{:?}", ends[1]);
    assert!(ends[1].step <= 500);
    assert!(failure(&ends[2]).contains("what cannot be told"), "{:?}", ends[2]);
    assert_eq!(ends[2].step, 140);
    assert_eq!(failure(&ends[4]), "no such network");
    assert_eq!(failure(&ends[5]), "the data do not fit");
    assert_eq!(lanes[0].losses(), uninterrupted(5_000));
}

#[test]
fn a_diverged_run_keeps_its_last_finite_step() {
    let mut reader = start(Fake::new(Some(5_000), Faults { nan: Some(321), ..Faults::default() }));
    reader.tell(Command::Run(Target::End));
    assert_eq!(reader.until_end(), End { reason: EndReason::Diverged, step: 321 });
    let losses = reader.losses();
    assert_eq!(losses.len(), 322);
    assert!(f64::from_bits(losses[321]).is_nan());
    assert_eq!(reader.evaluations.last().map(|e| e.step), Some(321));
    reader.tell(Command::Rewind { step: 300, before_changes: true });
    reader.until("the past", |r| r.rewound == [300]);
    reader.until_rest(300);
    assert_eq!(reader.losses(), uninterrupted(5_000)[..300]);
}

#[test]
fn commands_are_heard_at_once_even_at_the_slowest_pace() {
    let mut reader = start(planned(1_000));
    reader.tell(Command::Pace(Some(0.001)));
    reader.tell(Command::Run(Target::End));
    reader.until("the first update", |r| r.status.as_ref().is_some_and(|s| s.step == 1));
    reader.tell(knob(3.0));
    reader.until("an echo", |r| !r.changes.is_empty());
    assert_eq!(reader.changes[0].step, 1);
    reader.tell(Command::Run(Target::Step(2)));
    reader.until_rest(2);
    reader.tell(Command::Run(Target::End));
    reader.tell(Command::Pace(None));
    assert_eq!(reader.until_end().step, 1_000);
}

#[test]
fn a_full_queue_hands_the_command_back() {
    let (go, wait) = sync_channel::<()>(1);
    let mut reader = Reader::new(spawn_body("test", setting(&Permits::new(1)), move || {
        wait.recv().map_err(|_gone| "nobody says go".to_owned())?;
        Ok(Box::new(planned(100)))
    }));
    let mut sent = 0;
    while reader.handle.try_send(Command::Pause).is_ok() {
        sent += 1;
    }
    assert_eq!(sent, COMMANDS);
    let back = reader.handle.try_send(Command::Rewind { step: 3, before_changes: true });
    assert!(matches!(back, Err(TrySendError::Full(Command::Rewind { step: 3, .. }))), "{back:?}");
    go.send(()).expect("the lane waits for it");
    reader.tell(Command::Run(Target::End));
    assert_eq!(reader.until_end().step, 100);
}

#[test]
fn a_fresh_picture_is_taken_at_every_rest_and_only_while_someone_looks() {
    let mut reader = start(planned(50));
    reader.until_rest(0);
    assert!(reader.pictures.is_empty(), "nobody looks");
    reader.tell(Command::Watch(vec![PictureRequest::Parameters]));
    let at = |step: u64| move |r: &Reader| r.pictures.last().is_some_and(|p| p.step == step);
    reader.until("a picture of the start", at(0));
    for step in 1..=3 {
        reader.tell(Command::Run(Target::Step(step)));
        reader.until("a picture of each step", at(step));
    }
    reader.tell(Command::Run(Target::End));
    reader.until("a picture of the end", at(50));
    let x = reader.evaluations.last().map_or(0.0, |e| e.evaluation.full_loss);
    let last = reader.pictures.last().map(|p| p.kind.clone());
    assert_eq!(last, Some(PictureKind::Parameters(vec![x].into())));
    let count = reader.pictures.len();
    reader.tell(Command::Watch(Vec::new()));
    reader.tell(Command::Rewind { step: 10, before_changes: true });
    reader.until("the past", |r| r.rewound == [10]);
    assert_eq!(reader.pictures.len(), count);
}

/// A request for a map, the rows it asks, and a lane whose model takes its time for each.
fn slow_lane(per_row: Duration) -> (Command, u64, Reader, Arc<AtomicU64>) {
    let cells = (64, 48);
    let request = PictureRequest::Regions {
        plane: MapPlane::Features([0, 1]),
        x: (0.0, 1.0),
        y: (0.0, 1.0),
        cells,
    };
    let body = planned(1_000_000).answering(per_row);
    let asked = Arc::clone(&body.asked);
    let names = |names: [&str; 2]| names.map(str::to_owned).to_vec();
    let values = ndarray::array![[0.0, 0.0], [1.0, 1.0]];
    let targets = Targets::Values { values: values.clone(), names: names(["u", "v"]) };
    let train = Dataset::new("two rows".to_owned(), values, names(["x", "y"]), targets);
    let train = train.expect("two finite rows");
    let rows = vec![0, 1];
    let split =
        Split { train, held_out: None, train_rows: rows, held_out_rows: vec![], scaler: None };
    let setting = Setting { split: Some(Arc::new(split)), ..setting(&Permits::new(1)) };
    (Command::Watch(vec![request]), 64 * 48, start_with(body, setting), asked)
}

fn grains(reader: &Reader) -> Vec<usize> {
    let grain = |picture: &Picture| match picture.kind {
        PictureKind::Regions { grain, .. } => grain,
        _ => panic!("only maps are asked for"),
    };
    reader.pictures.iter().map(grain).collect()
}

#[test]
fn a_map_that_takes_long_is_shown_from_coarse_to_fine_and_holds_up_no_command() {
    let (watch, rows, mut reader, asked) = slow_lane(Duration::from_millis(1));
    reader.until_rest(0);
    reader.tell(watch);
    reader.until("a coarse map", |r| !r.pictures.is_empty());
    reader.tell(knob(2.0));
    reader.until("an echo", |r| r.changes.len() == 1);
    assert!(asked.load(Ordering::Acquire) < rows, "the knob is obeyed while the map is drawn");
    reader.until("a finished map", |r| grains(r).ends_with(&[1]));
    let grains = grains(&reader);
    assert!(grains.len() > 1 && grains.is_sorted_by(|a, b| a > b), "{grains:?}");
    assert_eq!(asked.load(Ordering::Acquire), rows, "no cell is asked twice, for all the turning");
}

#[test]
fn training_waits_for_no_fine_map_and_a_pause_for_none() {
    let (watch, _, mut reader, _) = slow_lane(Duration::from_micros(400));
    reader.until_rest(0);
    reader.tell(Command::Pace(Some(1e3)));
    reader.tell(watch);
    reader.tell(Command::Run(Target::End));
    reader.until("training", |r| r.status.as_ref().is_some_and(|s| s.step > 0));
    reader.until("a map", |r| r.pictures.iter().any(|p| p.step > 0));
    assert!(grains(&reader).iter().all(|grain| *grain > 1), "{:?}", grains(&reader));
    reader.tell(Command::Pause);
    reader.until("rest", |r| r.status.as_ref().is_some_and(|s| s.state == LaneState::Paused));
    let step = reader.status.as_ref().map_or(0, |s| s.step);
    reader.until("a finished map", |r| grains(r).ends_with(&[1]));
    assert_eq!(reader.pictures.last().map(|p| p.step), Some(step));
}

#[test]
fn nobody_takes_pictures_for_a_reader_that_has_not_got_the_last_ones() {
    let body = Fake::new(None, Faults::default());
    let seen = Arc::clone(&body.seen);
    let mut reader = start(body);
    reader.tell(Command::Watch(vec![PictureRequest::Parameters]));
    reader.tell(Command::Run(Target::End));
    while seen.load(Ordering::Acquire) < 40 * SEGMENT_LEN as u64 {
        std::thread::yield_now();
    }
    reader.tell(Command::Stop);
    reader.until_end();
    let steps: Vec<u64> = reader.pictures.iter().map(|p| p.step).collect();
    // The one asked for, perhaps one more that was on its way, and the one at the end.
    assert!(steps.len() <= 4, "{steps:?}");
}

#[test]
fn the_path_of_a_surface_is_told_step_by_step() {
    let mut reader = start(Fake::surface(500));
    reader.tell(Command::Run(Target::EpochEnd));
    reader.until_rest(1);
    reader.tell(Command::Run(Target::End));
    reader.until_end();
    let told: Vec<u64> = reader.trail.iter().map(|(step, _)| *step).collect();
    assert_eq!(told, (0..=500).collect::<Vec<_>>());
    assert!(reader.trail.iter().all(|(step, position)| position[1] == *step as f64));
    reader.tell(Command::Rewind { step: 123, before_changes: true });
    reader.until("the past", |r| r.rewound == [123] && r.trail.len() == 124);
}

#[test]
fn many_lanes_share_one_permit_and_all_arrive() {
    let permits = Permits::new(1);
    let steps = 100_000;
    let mut lanes: Vec<Reader> =
        (0..6).map(|_| start_with(planned(steps), setting(&permits))).collect();
    for lane in &mut lanes {
        lane.tell(Command::Run(Target::End));
    }
    let expected = uninterrupted(steps);
    for lane in &mut lanes {
        lane.until_end();
        assert_eq!(lane.losses(), expected);
    }
}
