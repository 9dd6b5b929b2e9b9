//! A window at rest: where nothing happens, no frame is asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use downhill::session::library::Library;
use downhill::session::{Action, Draft, Session, Waker};
use downhill::ui::App;
use downhill::ui::shot::{Stage, StageSettings};

const TWO: &str = r#"(
    version: 1,
    task: Learn(
        data: Moons(samples: 60, noise: 0.2, seed: 1),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [Dense(units: 4, activation: Tanh)]),
    ),
    training: (epochs: Unlimited, batch_size: 15),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.02)),
    ],
)"#;

/// Frames until a window must have come to rest, and frames it must then stay there.
const SETTLING: usize = 3_000;
const RESTING: usize = 30;

struct Window {
    stage: Stage,
    app: App,
    wakes: Arc<AtomicU64>,
    _folder: tempfile::TempDir,
}

impl Window {
    fn open(text: &str) -> Self {
        let wakes = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&wakes);
        let waker = Waker::new(move || _ = count.fetch_add(1, Ordering::Relaxed));
        let draft = Draft::open(text.to_owned(), None).expect("the test's experiment is valid");
        let folder = tempfile::tempdir().expect("a place for settings");
        let session = Session::new(draft, Library::under(folder.path()), waker);
        let stage = Stage::new(StageSettings::default());
        let app = App::new(stage.context(), session);
        Self { stage, app, wakes, _folder: folder }
    }

    /// Draws a frame; whether another one is wanted without anything happening, or something happened.
    fn is_restless_in_a_frame(&mut self) -> bool {
        let before = self.wakes.load(Ordering::Relaxed);
        self.app.take_news();
        self.stage.frame(|ui| self.app.draw(ui));
        let woken = self.wakes.load(Ordering::Relaxed) > before;
        self.stage.repaint_wanted().is_some() || woken
    }

    /// Draws frames until one leaves nothing to wait for.
    fn settle(&mut self, is_done: impl Fn(&Session) -> bool) {
        for _ in 0..SETTLING {
            let restless = self.is_restless_in_a_frame();
            if !restless && is_done(self.app.session()) {
                return;
            }
        }
        let wait: Option<Duration> = self.stage.repaint_wanted();
        panic!("it does not come to rest: another frame is wanted after {wait:?}");
    }

    fn assert_at_rest(&mut self, what: &str) {
        for frame in 0..RESTING {
            assert!(!self.is_restless_in_a_frame(), "{what}, frame {frame}");
        }
    }
}

fn has_pictures(session: &Session) -> bool {
    !session.is_busy() && session.lanes().iter().all(downhill::session::Lane::has_its_pictures)
}

#[test]
fn a_window_where_nothing_happens_asks_for_no_frame() {
    let mut window = Window::open(TWO);
    window.settle(has_pictures);
    window.assert_at_rest("before the first step");

    window.app.session_mut().apply(Action::Run);
    let begun = |session: &Session| session.lanes().iter().all(|lane| lane.losses.len() > 500);
    while !begun(window.app.session()) {
        window.is_restless_in_a_frame();
    }
    window.app.session_mut().apply(Action::Pause);
    let paused =
        |session: &Session| !session.lanes().iter().any(downhill::session::Lane::is_running);
    window.settle(|session| paused(session) && has_pictures(session));
    window.assert_at_rest("paused");
}
