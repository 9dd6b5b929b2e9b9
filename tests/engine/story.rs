//! A session told what to do by Actions, without a window: what the tests of the workbench act on.

use std::time::{Duration, Instant};

use downhill::experiment::Change;
use downhill::objective::Penalty;
use downhill::session::library::Library;
use downhill::session::{Action, Draft, Lane, Session, Waker};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// A session with its folder.
pub(super) struct Story {
    pub(super) session: Session,
    pub(super) home: tempfile::TempDir,
}

/// A session on an experiment whose lanes are built.
pub(super) fn story(text: &str) -> Story {
    let home = tempfile::tempdir().expect("a place for settings");
    let draft = Draft::open(text.to_owned(), None).expect("the story's experiment is valid");
    let session = Session::new(draft, Library::under(home.path()), Waker::silent());
    let mut story = Story { session, home };
    story.until("lanes are built", |s| !s.is_busy());
    story
}

impl Story {
    /// Drains until `done`, which must come within a minute.
    pub(super) fn until(&mut self, what: &str, done: impl Fn(&Session) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !done(&self.session) {
            assert!(Instant::now() < deadline, "waited in vain until {what}");
            self.session.drain(Duration::from_millis(5));
            std::thread::yield_now();
        }
    }

    pub(super) fn run_to_end(&mut self) {
        self.session.apply(Action::Run);
        self.until("all lanes have ended", |s| s.is_over() && !s.is_running() && !s.is_busy());
    }

    pub(super) fn train_to(&mut self, step: u64) {
        self.session.hurry_to(step);
        self.until("the lanes are there", |s| {
            s.lanes().iter().all(|l| l.status.step == step && !l.is_running())
        });
    }

    pub(super) fn look_at(&mut self, step: u64) {
        self.session.apply(Action::LookAt(Some(step)));
        self.until("it is shown", |s| s.lanes().iter().all(Lane::has_its_pictures));
    }

    pub(super) fn losses(&self, lane: usize) -> Vec<f64> {
        let series = &self.session.lanes()[lane].losses;
        (0..series.len()).filter_map(|i| series.get(i)).collect()
    }

    pub(super) fn step(&self, lane: usize) -> u64 {
        self.session.lanes()[lane].status.step
    }
}

/// A turn of the penalty on squared weights.
pub(super) fn penalty(factor: f64) -> Change {
    Change::Regularize { penalty: Penalty::L2, factor }
}

/// A turn of the learning rate.
pub(super) fn rate(value: f64) -> Change {
    Change::Optimizer { knob: "learning_rate", value }
}
