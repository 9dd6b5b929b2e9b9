//! Every kind of action is reached as its line says, and everything is found by typing.

use super::coverage::{ROWS, Reach, row_of};
use super::query::{Enter, find};
use super::*;
use crate::session::library::{Library, Settings};
use crate::session::{Draft, Waker};

const TEXT: &str = r#"(
    version: 1,
    name: "Two ways",
    task: Learn(data: Moons(samples: 40, noise: 0.1, seed: 1)),
    training: (epochs: 3, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.01)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05), schedule: Cosine(min: 0.0), seeds: 2),
    ],
)"#;

fn session() -> Session {
    let draft = Draft::open(TEXT.to_owned(), None).expect("it is valid");
    let home = tempfile::tempdir().expect("a place");
    let mut session = Session::new(draft, Library::under(home.path()), Waker::silent());
    settle(&mut session, |session| !session.is_busy());
    session
}

fn settle(session: &mut Session, done: impl Fn(&Session) -> bool) {
    while !done(session) {
        session.drain(std::time::Duration::from_millis(20));
        std::thread::yield_now();
    }
}

/// A session with everything there is to do: trained, looked back at, something undone, saved once.
fn busy_session() -> Session {
    let mut session = session();
    session.apply(Action::Run);
    settle(&mut session, Session::is_over);
    session.apply(Action::DuplicateLane(session.lane_ids()[0]));
    session.apply(Action::Reset);
    settle(&mut session, |session| !session.is_busy() && session.lanes().len() == 3);
    session.apply(Action::Undo);
    session.apply(Action::Redo);
    session.apply(Action::SetPace(Some(5.0)));
    session.apply(Action::Undo);
    session.apply(Action::Run);
    settle(&mut session, Session::is_over);
    session.apply(Action::LookAt(Some(4)));
    session
}

fn window() -> WindowState {
    WindowState::from_settings(&Settings::default())
}

/// What the first entry that fits does.
fn first(session: &Session, window: &WindowState, typed: &str) -> Vec<Deed> {
    let mut found = find(session, window, typed);
    assert!(!found.is_empty(), "{typed} finds nothing");
    match found.swap_remove(0) {
        super::query::Found { enter: Enter::Do(deeds), .. } => deeds,
        other => panic!("{typed}: {other:?}"),
    }
}

/// Values that some entry takes each.
const VALUES: [&str; 11] =
    ["1", "2", "0.5", "full", "A name", "1, 2", "0.1, 0.2", "on, off", "true", "120", "none"];

#[test]
fn every_action_is_reached_as_its_line_says() {
    let session = busy_session();
    let window = window();
    let mut reached: Vec<&str> = Vec::new();
    for entry in entries(&session, &window) {
        let deeds: Vec<Deed> = match &entry.takes {
            Takes::Nothing(deeds) => deeds.clone(),
            Takes::Value(value) => {
                VALUES.iter().filter_map(|typed| (value.read)(typed).ok()).flatten().collect()
            }
        };
        let is_late = entry.note.contains("not while it runs");
        assert!(is_late || !deeds.is_empty(), "{entry:?} does nothing whatever it is given");
        for deed in deeds {
            match deed {
                Deed::Do(action) | Deed::Replace(action) | Deed::Key(KeyCommand::Do(action)) => {
                    reached.push(row_of(&action).name);
                }
                Deed::Key(KeyCommand::Revert) => reached.push("Revert"),
                Deed::Key(KeyCommand::New) => reached.push("New"),
                Deed::Key(KeyCommand::Save) => reached.push("Save"),
                Deed::Key(_) | Deed::Window(_) => {}
            }
        }
    }
    for row in ROWS {
        let is_reached = reached.contains(&row.name);
        match row.reach {
            // These need a file that was opened or saved.
            Reach::Entry if matches!(row.name, "Save" | "Open") => {}
            Reach::Entry => assert!(is_reached, "no entry does {}", row.name),
            Reach::Opens => assert!(!is_reached, "{} has an entry of its own by now", row.name),
            Reach::Not(reason) => assert!(reason.len() > 10, "{} says no reason", row.name),
        }
    }
}

#[test]
fn every_entry_is_found_by_its_own_title() {
    let session = busy_session();
    let window = window();
    for entry in entries(&session, &window) {
        let found = find(&session, &window, &entry.title);
        let place = found.iter().position(|found| found.remembered == entry.title);
        assert!(place.is_some_and(|place| place < 4), "{entry:?} stands at {place:?}");
    }
}

#[test]
fn a_knob_is_turned_by_its_name_and_a_value() {
    let session = session();
    let window = window();
    let turned = |typed: &str| -> Vec<String> {
        let deeds = first(&session, &window, typed);
        let told = deeds.into_iter().filter_map(|deed| match deed {
            Deed::Do(Action::Turn { lane, change }) => {
                let at = session.index_of(lane)?;
                Some(format!("{} {}", session.experiment().lanes[at].name, change.path()))
            }
            _ => None,
        });
        told.collect()
    };
    assert_eq!(turned("adam learning rate 0.03"), ["Adam optimizer.learning_rate"]);
    assert_eq!(turned("adam lr=0.03"), ["Adam optimizer.learning_rate"]);
    assert_eq!(turned("momentum 0.9"), ["SGD optimizer.momentum"]);
    assert_eq!(turned("l2 0.01"), ["SGD regularize.l2", "Adam regularize.l2"]);
    assert_eq!(turned("batch size 16"), ["SGD batch_size", "Adam batch_size"]);
    assert_eq!(turned("sgd batch size full"), ["SGD batch_size"]);
    assert_eq!(turned("sgd params.2 0.5"), ["SGD params.2"]);
    assert_eq!(turned("sgd nesterov off"), ["SGD optimizer.nesterov"]);
    assert_eq!(turned("sgd clip norm(1)"), ["SGD clip"]);
}

#[test]
fn a_value_that_is_not_taken_says_what_is() {
    let session = session();
    let window = window();
    for (typed, says) in [
        ("adam learning rate -1", "takes a number"),
        ("sgd momentum 1.5", "takes"),
        ("batch size 0", "at least 1"),
        ("params.99 1", "it has 3 parameters"),
        ("text size 300", "100 to 200"),
        ("pace 0", "above 0"),
    ] {
        let found = find(&session, &window, typed);
        let refused: Vec<_> =
            found.iter().filter(|found| matches!(found.enter, Enter::Refused)).collect();
        assert!(refused.iter().any(|found| found.note.contains(says)), "{typed}: {refused:?}");
    }
}

#[test]
fn what_was_used_lately_comes_first() {
    let session = session();
    let mut window = window();
    window.lately = vec!["Light theme".to_owned(), "Quit".to_owned()];
    let titles = |window: &WindowState, typed: &str| -> Vec<String> {
        find(&session, window, typed).into_iter().map(|found| found.title).collect()
    };
    assert_eq!(titles(&window, "")[..3], ["Light theme", "Quit", "Run"]);
    assert_eq!(titles(&window, "theme")[0], "Light theme");
    window.lately.clear();
    assert_eq!(titles(&window, "theme")[0], "Dark theme");
}

#[test]
fn entries_say_their_keys_and_presets_and_forks_are_there() {
    let session = busy_session();
    let window = window();
    let keys = |typed: &str| find(&session, &window, typed).remove(0).keys;
    assert_eq!(keys("reset to the same start"), "R");
    assert_eq!(keys("larger text"), "Ctrl +");
    assert_eq!(keys("help and keys"), "F1");
    let open = first(&session, &window, "open preset rosenbrock race");
    assert_eq!(open, [Deed::Replace(Action::OpenPreset("rosenbrock".to_owned()))]);
    let adam = session.lane_ids()[2];
    let fork = Action::Fork { lane: adam, step: Some(4), change: None };
    assert_eq!(first(&session, &window, "fork adam at step 4"), [Deed::Do(fork)]);
    let remove = first(&session, &window, "remove adam");
    assert_eq!(remove, [Deed::Do(Action::RemoveLane(adam))]);
    let rename = first(&session, &window, "Rename Adam to Best of all");
    assert_eq!(rename, [Deed::Do(Action::RenameLane(adam, "Best of all".to_owned()))]);
}
