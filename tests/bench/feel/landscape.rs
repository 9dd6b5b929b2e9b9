//! The loss view: how soon a network's plane and its first pictures are there, from being looked at on, as
//! somebody at the screen has it.

use std::time::{Duration, Instant};

use downhill::experiment::TextEdit;
use downhill::session::library::Library;
use downhill::session::{Action, Draft, Session, Waker};

use crate::table::{Table, spread};

/// Times that the plane is laid.
const PLANES: usize = 20;
/// Points along a side of the picture that is wanted soon, and of the finest.
const SOON: usize = 41;

const TEXT: &str = r#"(
    version: 1,
    task: Learn(
        data: Circles(samples: 500, noise: 0.1, factor: 0.5, seed: 1),
        model: (hidden: [Dense(units: 8, activation: Tanh), Dense(units: 8, activation: Tanh)]),
    ),
    training: (epochs: 100, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Momentum", optimizer: Sgd(learning_rate: 0.05, momentum: 0.9)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.01)),
        (name: "RMSprop", optimizer: RmsProp(learning_rate: 0.003)),
    ],
)"#;

pub(crate) fn measure(table: &mut Table) {
    let folder = tempfile::tempdir().expect("a place for settings");
    let draft = Draft::open(TEXT.to_owned(), None).expect("a valid experiment");
    let mut session = Session::new(draft, Library::under(folder.path()), Waker::silent());
    until(&mut session, |s| !s.is_busy());
    session.apply(Action::Run);
    until(&mut session, Session::is_over);
    session.apply(Action::WatchLandscape(true));
    let (mut soon, mut fine) = (Vec::new(), Vec::new());
    for _ in 0..PLANES {
        // Another plane first: the same one would be kept.
        lay(&mut session, "Parameters(0, 1)");
        until(&mut session, Session::has_its_landscape);
        let begin = Instant::now();
        lay(&mut session, "Paths");
        // What is drained first drops the other plane.
        session.drain(Duration::from_millis(2));
        let side = |s: &Session| s.landscape().sheet().map_or(0, |sheet| sheet.side);
        until(&mut session, |s| side(s) >= SOON);
        soon.push(begin.elapsed().as_secs_f64() * 1e3);
        until(&mut session, Session::has_its_landscape);
        fine.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    let (median, least, most) = spread(&mut soon);
    let measured = format!("{median:.0} ms ({least:.0} to {most:.0})");
    table.row(
        "a plane of 41 × 41 heights, 4 lanes of 2-8-8-1, 5,000 updates",
        measured,
        "≤ 150 ms",
    );
    let (median, least, most) = spread(&mut fine);
    let measured = format!("{median:.0} ms ({least:.0} to {most:.0})");
    table.row("the same to 161 × 161", measured, "");
}

fn lay(session: &mut Session, plane: &str) {
    let edits = vec![TextEdit::set("view.landscape.plane".to_owned(), plane)];
    session.apply(Action::Edit { edits, gesture: None });
}

fn until(session: &mut Session, done: impl Fn(&Session) -> bool) {
    while !done(session) {
        session.drain(Duration::from_millis(2));
        std::thread::sleep(Duration::from_micros(200));
    }
}
