//! The whole window on an experiment, without a display: what the tests of its panels act on.

use std::time::{Duration, Instant};

use downhill::session::{Draft, Session, Waker, library::Library};
use downhill::ui::App;
use eframe::egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// The window.
pub(crate) type Desk = App;

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_mins(1);

/// The window on an experiment whose lanes are built; tall, so that nothing has to be scrolled to.
pub(crate) fn desk(text: &str) -> Harness<'static, Desk> {
    let draft = Draft::open(text.to_owned(), None).expect("the test's experiment is valid");
    let folder = tempfile::tempdir().expect("a place for settings");
    let session = Session::new(draft, Library::under(folder.path()), Waker::silent());
    let mut harness = Harness::builder()
        .with_size([1440.0, 2600.0])
        .build_eframe(|creation| App::new(&creation.egui_ctx, session));
    settle(&mut harness);
    harness
}

/// Waits until nothing is loaded or built any more, and draws.
pub(crate) fn settle(harness: &mut Harness<'_, Desk>) {
    wait_for(harness, |session| !session.is_busy());
}

/// Takes in news until it is as wanted, and draws.
pub(crate) fn wait_for(harness: &mut Harness<'_, Desk>, is_done: impl Fn(&Session) -> bool) {
    let begin = Instant::now();
    loop {
        harness.state_mut().take_news();
        if is_done(harness.state().session()) {
            break;
        }
        assert!(begin.elapsed() < PATIENCE, "what the test waits for did not come");
        std::thread::yield_now();
    }
    harness.run_ok();
}

/// Presses the button of that name, and draws.
pub(crate) fn press(harness: &mut Harness<'_, Desk>, name: &str) {
    harness.get_by_role_and_label(Role::Button, name).click();
    harness.run_ok();
}

/// Presses a key, and draws.
pub(crate) fn key(harness: &mut Harness<'_, Desk>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_ok();
}
