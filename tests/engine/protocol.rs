//! A lane on its thread gives the bits of the same lane trained without one, whatever it is told on
//! the way; what it says is complete.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::TrySendError;
use std::time::{Duration, Instant};

use downhill::catalog;
use downhill::data::{NoFiles, Scaling, load, split};
use downhill::experiment::{Change, LanePlan, Length, PlannedEdit, PlannedLength};
use downhill::numeric::Precision;
use downhill::series::{Axes, Curve, Series};
use downhill::train::{
    Allowance, AnyTrainer, ChangeRecord, Command, End, EndReason, Event, HeadlessOptions,
    LaneHandle, LaneResult, LaneState, MapPlane, Permits, PictureKind, PictureRequest, RowSet,
    Status, Target, spawn, train_all,
};

use crate::plans::{chosen, learning, model, small, surface};

/// What a reader makes of a lane.
struct Lane {
    handle: LaneHandle,
    losses: Series,
    epochs: Curve,
    axes: Axes,
    changes: Vec<ChangeRecord>,
    rewound: u64,
    trail: BTreeMap<u64, [f64; 2]>,
    status: Option<Status>,
    pictures: Vec<(u64, PictureKind)>,
}

impl Lane {
    fn start(plan: &LanePlan) -> Self {
        Self {
            handle: spawn(
                plan.clone(),
                Permits::new(1),
                &Allowance::of_checkpoints(),
                Arc::new(|| {}),
            ),
            losses: Series::new(),
            epochs: Curve::new(),
            axes: Axes::new(50, 8),
            changes: Vec::new(),
            rewound: 0,
            trail: BTreeMap::new(),
            status: None,
            pictures: Vec::new(),
        }
    }

    fn tell(&mut self, mut command: Command) {
        while let Err(refused) = self.handle.try_send(command) {
            let TrySendError::Full(back) = refused else { panic!("the lane is gone") };
            command = back;
            self.read();
        }
    }

    fn read(&mut self) {
        let Self { handle, losses, epochs, axes, changes, rewound, trail, status, pictures } = self;
        handle.wait(Duration::from_millis(20), |event| match event {
            Event::Segment { first_step, segment } => losses.adopt(first_step, segment),
            Event::Epochs(records) => {
                for record in records {
                    epochs.push(record.step, record.loss);
                    axes.epoch(&record);
                }
            }
            Event::Began(_)
            | Event::Evaluations(_)
            | Event::AtRest(_)
            | Event::Retrace(_)
            | Event::Route(_) => {}
            Event::Changed(record) => changes.push(record),
            Event::Refused { reason, .. } => panic!("{reason}"),
            Event::Rewound { step, .. } => {
                losses.truncate(step);
                epochs.truncate(step);
                axes.truncate(step);
                changes.retain(|change| change.step <= step);
                trail.retain(|at, _| *at <= step);
                *rewound += 1;
            }
            Event::Trail(positions) => trail.extend(positions),
            Event::Status(now) => {
                axes.status(&now);
                *status = Some(now);
            }
            Event::Returned { .. } => panic!("nobody asked for it"),
            Event::Of(..) | Event::Shown(_) | Event::Ends(_) => panic!("it has one seed"),
            Event::Picture(picture) => pictures.push((picture.step, picture.kind)),
        });
        losses.refresh();
    }

    fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_mins(1);
        while !done(self) {
            assert!(Instant::now() < deadline, "never: {what}; {:?}", self.status);
            self.read();
        }
    }

    fn until_end(&mut self, step: u64) -> EndReason {
        self.until("the end", |lane| lane.end().is_some_and(|end| end.step == step));
        self.end().expect("just seen").reason.clone()
    }

    fn until_rest(&mut self, step: u64) {
        self.until("rest", |lane| {
            let status = lane.status.as_ref();
            status.is_some_and(|s| s.step == step && s.state == LaneState::Paused)
        });
    }

    fn end(&self) -> Option<&End> {
        match &self.status.as_ref()?.state {
            LaneState::Ended(end) => Some(end),
            _ => None,
        }
    }

    fn step(&self) -> u64 {
        self.status.as_ref().map_or(0, |status| status.step)
    }

    fn bits(&self) -> Vec<u64> {
        (0..self.losses.len()).filter_map(|i| Some(self.losses.get(i)?.to_bits())).collect()
    }

    /// The parameters where the lane rests.
    fn params(&mut self) -> Vec<f64> {
        self.pictures.clear();
        self.tell(Command::Watch(vec![PictureRequest::Parameters]));
        self.until("a picture", |lane| !lane.pictures.is_empty());
        match &self.pictures[0].1 {
            PictureKind::Parameters(params) => params.to_vec(),
            other => panic!("{other:?}"),
        }
    }
}

fn headless(plan: &LanePlan) -> LaneResult {
    let options = HeadlessOptions { threads: 1, history: true, params_at: Vec::new() };
    let results = train_all(std::slice::from_ref(plan), &options, &AtomicBool::new(false), &());
    results.into_iter().next().expect("one result a plan")
}

fn bits(result: &LaneResult) -> Vec<u64> {
    result.batch_losses().map(f64::to_bits).collect()
}

fn plans() -> Vec<LanePlan> {
    let mut adam = small();
    adam.optimizer = chosen("Adam(learning_rate: 0.02)");
    adam.schedule = chosen("Cosine(min: 0.001)");
    let mut single = small();
    single.precision = Precision::F32;
    single.optimizer = chosen("Sgd(learning_rate: 0.05, momentum: 0.9, nesterov: true)");
    let change = Change::Optimizer { knob: "learning_rate", value: 0.2 };
    single.edits = vec![PlannedEdit { step: 33, change }];
    let mut noisy = surface("Rosenbrock", [-1.5, 2.0]);
    noisy.optimizer = chosen("Adam(learning_rate: 0.05)");
    noisy.length = PlannedLength::Steps(Length::Count(200));
    vec![small(), adam, single, noisy]
}

#[test]
fn whatever_a_lane_is_told_its_bits_are_those_of_the_uninterrupted_run() {
    for (number, plan) in plans().iter().enumerate() {
        let expected = headless(plan);
        for script in 0..4_u64 {
            let mut lane = Lane::start(plan);
            let mut draw = (script + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            for _ in 0..40 {
                draw ^= draw << 13;
                draw ^= draw >> 7;
                draw ^= draw << 17;
                let step = lane.step();
                lane.tell(match draw % 9 {
                    0 => Command::Pause,
                    1 => Command::Run(Target::Step(step + draw % 40)),
                    2 => Command::Run(Target::EpochEnd),
                    3 => Command::Pace(Some(2e4)),
                    4 => Command::Pace(None),
                    5 => Command::Watch(vec![
                        PictureRequest::Parameters,
                        PictureRequest::Layers,
                        PictureRequest::Units {
                            features: [0, 1],
                            x: (-9.0, 9.0),
                            y: (-9.0, 9.0),
                            cells: (12, 12),
                            shown: vec![0..3, 1..2],
                        },
                    ]),
                    6 | 7 => Command::Rewind { step: draw % (step + 1), before_changes: true },
                    _ => Command::Run(Target::End),
                });
                lane.read();
            }
            lane.tell(Command::Pace(None));
            lane.tell(Command::Run(Target::End));
            assert_eq!(lane.until_end(200), EndReason::Finished);
            assert_eq!(lane.bits(), bits(&expected), "plan {number}, script {script}");
            assert_eq!(lane.params(), expected.params, "plan {number}, script {script}");
            let epochs = (0..lane.epochs.len()).filter_map(|i| lane.epochs.get(i));
            let told: Vec<_> = epochs.map(|p| (p.step, p.value)).collect();
            let made = expected.epoch_records.iter().map(|r| (r.step, r.loss));
            assert_eq!(told, made.collect::<Vec<_>>(), "plan {number}, script {script}");
        }
    }
}

#[test]
fn a_knob_turned_while_it_runs_is_a_planned_edit_at_the_step_it_is_echoed_with() {
    let mut plan = small();
    plan.length = PlannedLength::Steps(Length::Count(3_000));
    let mut lane = Lane::start(&plan);
    lane.tell(Command::Pace(Some(2e4)));
    lane.tell(Command::Run(Target::End));
    for value in [0.2, 0.01, 0.4] {
        let before = lane.changes.len();
        lane.tell(Command::Change(Change::Optimizer { knob: "learning_rate", value }));
        lane.until("an echo", |lane| lane.changes.len() > before);
    }
    lane.until_end(3_000);
    let live = lane.bits();
    let edits = lane.changes.iter();
    plan.edits = edits.map(|c| PlannedEdit { step: c.step, change: c.change.clone() }).collect();
    assert_eq!(live, bits(&headless(&plan)));

    let turned = lane.changes[1].step;
    let quiet = |step: &u64| lane.changes.iter().all(|change| change.step != *step);
    let back = (turned + 1..turned + 100).find(quiet).expect("three steps at most are taken");
    lane.tell(Command::Rewind { step: back, before_changes: true });
    lane.tell(Command::Run(Target::End));
    lane.until("the past", |lane| lane.rewound == 1);
    lane.until_end(3_000);
    assert_eq!(lane.changes.len(), plan.edits.iter().filter(|e| e.step < back).count());
    plan.edits.retain(|edit| edit.step < back);
    assert_eq!(lane.bits(), bits(&headless(&plan)), "later turns belong to the older branch");
}

#[test]
fn training_on_after_the_end_is_a_longer_plan() {
    let mut plan = small();
    let mut lane = Lane::start(&plan);
    lane.tell(Command::Run(Target::End));
    assert_eq!(lane.until_end(200), EndReason::Finished);
    lane.tell(Command::TrainOn(catalog::Duration::Steps(300)));
    assert_eq!(lane.until_end(500), EndReason::Finished);
    lane.tell(Command::Rewind { step: 450, before_changes: true });
    lane.until("the past", |lane| lane.rewound == 1);
    lane.tell(Command::Run(Target::Step(470)));
    lane.until_rest(470);
    lane.tell(Command::Stop);
    assert_eq!(lane.until_end(470), EndReason::Stopped);
    lane.tell(Command::TrainOn(catalog::Duration::Steps(30)));
    assert_eq!(lane.until_end(500), EndReason::Finished);
    plan.length = PlannedLength::Steps(Length::Count(500));
    assert_eq!(lane.bits(), bits(&headless(&plan)));
    let epoch = lane.axes.x(7.0 * 70.0, downhill::experiment::XAxis::Epoch);
    assert!((epoch - 70.0).abs() < 1e-9, "{epoch}");
}

#[test]
fn an_unlimited_lane_trains_until_it_is_stopped_and_wakes_its_reader_once_a_parcel() {
    let plan = LanePlan { length: PlannedLength::Steps(Length::Unlimited), ..small() };
    let woken = Arc::new(AtomicU64::new(0));
    let waker = Arc::clone(&woken);
    let mut lane = Lane::start(&plan);
    lane.handle = spawn(
        plan,
        Permits::beside_a_screen(),
        &Allowance::of_checkpoints(),
        Arc::new(move || {
            waker.fetch_add(1, Ordering::Relaxed);
        }),
    );
    lane.tell(Command::Run(Target::End));
    lane.until("a while", |lane| lane.step() > 20_000);
    lane.tell(Command::Stop);
    lane.until("the end", |lane| lane.end().is_some());
    let status = lane.status.clone().expect("a status");
    assert_eq!(status.planned_steps, None);
    assert_eq!(lane.losses.len(), status.step);
    assert!(status.seconds > 0.0 && status.steps_per_second > 0.0, "{status:?}");
    assert!(woken.load(Ordering::Relaxed) > 0);
}

#[test]
fn divergence_is_a_result_and_leaves_the_last_finite_step() {
    let mut plan = surface("Rosenbrock", [-1.5, 2.0]);
    plan.optimizer = chosen("Sgd(learning_rate: 0.1)");
    let expected = headless(&plan);
    let mut lane = Lane::start(&plan);
    lane.tell(Command::Run(Target::End));
    assert_eq!(lane.until_end(expected.steps), EndReason::Diverged);
    assert_eq!(lane.params(), expected.params);
    assert_eq!(lane.bits(), bits(&expected));
    let last = lane.trail.last_key_value().map(|(step, position)| (*step, position.to_vec()));
    assert_eq!(last, Some((expected.steps, expected.params)), "the path ends there");
    lane.tell(Command::Rewind { step: 1, before_changes: true });
    lane.until_rest(1);
    assert_eq!(lane.losses.len(), 1);
}

#[test]
fn a_plan_that_cannot_be_trained_fails_with_its_reason() {
    let mut plan = small();
    let change = Change::Optimizer { knob: "momentum", value: 7.0 };
    plan.edits = vec![PlannedEdit { step: 9, change }];
    let mut lane = Lane::start(&plan);
    lane.until("the end", |lane| lane.end().is_some());
    let EndReason::Failed(message) = &lane.end().expect("just seen").reason else {
        panic!("{:?}", lane.status)
    };
    assert!(message.contains("step 9"), "{message}");
}

#[test]
fn pictures_show_the_model_over_the_unscaled_plane() {
    let dataset = load(&chosen("Blobs(samples: 60, centers: 3, std: 1.0, seed: 4)"), &NoFiles)
        .expect("a generator needs no file");
    let split = Arc::new(split(&dataset, None, Some(Scaling::Standard)).expect("it splits"));
    let plan = learning(split, model("()"), "CrossEntropy");
    let mut lane = Lane::start(&plan);
    let regions = PictureRequest::Regions {
        plane: MapPlane::Features([1, 0]),
        x: (-10.0, 10.0),
        y: (-4.0, 0.0),
        cells: (5, 4),
    };
    lane.tell(Command::Watch(vec![
        regions.clone(),
        PictureRequest::Outputs { of: RowSet::Training, rows: 1_000, every: 1 },
    ]));
    lane.until("both pictures", |lane| lane.pictures.len() == 2);
    let mut trainer = AnyTrainer::new(&plan).expect("a plan of this test");
    let PictureKind::Regions { request, outputs, width, grain: 1 } = &lane.pictures[0].1 else {
        panic!("{:?}", lane.pictures[0])
    };
    assert_eq!((request, *width, outputs.len()), (&regions, 3, 5 * 4 * 3));
    // Cell 2 along x and 3 along y: x = 0, y = −0.5; x is feature 1.
    let cell = ndarray::array![[-0.5, 0.0]];
    let asked = trainer.predict(cell.view()).expect("a network");
    for (shown, said) in outputs[(3 * 5 + 2) * 3..][..3].iter().zip(asked.values) {
        assert!((f64::from(*shown) - said).abs() < 1e-6, "{shown} {said}");
    }
    let PictureKind::Outputs { of: RowSet::Training, every: 1, outputs, width } =
        &lane.pictures[1].1
    else {
        panic!("{:?}", lane.pictures[1])
    };
    let asked = trainer.predict(dataset.features.view()).expect("a network");
    assert_eq!((*width, outputs.len()), (3, 60 * 3));
    for (shown, said) in outputs.iter().zip(asked.values) {
        assert!((shown - said).abs() < 1e-12, "{shown} {said}");
    }
}
