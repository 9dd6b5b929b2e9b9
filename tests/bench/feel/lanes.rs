//! The sessions that are measured: eight lanes at full speed.

use std::time::Duration;

use downhill::session::library::Library;
use downhill::session::{Action, Draft, Session, Waker};

/// Time between two frames.
pub(crate) const FRAME: Duration = Duration::from_micros(16_667);
/// What a frame gives to news.
pub(crate) const DRAIN: Duration = Duration::from_millis(6);
/// Between two looks of whoever looks all the time.
pub(crate) const LOOK: Duration = Duration::from_micros(200);

/// Eight lanes of a small net that train until they are stopped.
pub(crate) const EIGHT: &str = include_str!("../eight_lanes.ron");

/// A session on an experiment whose lanes stand at their start, measured there. Its library is empty
/// and keeps nothing.
pub(crate) fn ready(text: &str) -> Session {
    let draft = Draft::open(text.to_owned(), None).expect("a valid experiment");
    let nowhere = std::env::temp_dir().join("downhill-bench-keeps-nothing");
    let mut session = Session::new(draft, Library::under(&nowhere), Waker::silent());
    let at_start = |session: &Session| {
        let lanes = session.lanes();
        !lanes.is_empty() && lanes.iter().all(|lane| !lane.evaluations.is_empty())
    };
    until(&mut session, LOOK, at_start);
    session
}

/// The same, at full speed for a while.
pub(crate) fn at_full_speed(text: &str) -> Session {
    let mut session = ready(text);
    session.apply(Action::Run);
    let warm = |session: &Session| session.lanes().iter().all(|lane| lane.losses.len() > 10_000);
    until(&mut session, FRAME, warm);
    session
}

/// Takes in news every so often until something holds.
pub(crate) fn until(
    session: &mut Session,
    every: Duration,
    mut holds: impl FnMut(&Session) -> bool,
) {
    loop {
        session.drain(DRAIN);
        if holds(session) {
            return;
        }
        std::thread::sleep(every);
    }
}

/// Takes in news as the window does, for so long.
pub(crate) fn look_on(session: &mut Session, time: Duration) {
    let begin = std::time::Instant::now();
    until(session, FRAME, |_| begin.elapsed() >= time);
}
