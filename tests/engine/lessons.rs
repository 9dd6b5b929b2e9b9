//! Every lesson that ships, taken from beginning to end without a window: what it asks has one answer that
//! comes true, and what it wants is reached by the answer it knows.

use std::time::{Duration, Instant};

use downhill::lesson::{Standing, shipped_lessons};
use downhill::session::library::Library;
use downhill::session::{Action, Draft, LessonAction, LessonRun, Session, Waker};

const BLANK: &str = "(version: 1, task: Surface(function: Sphere, start: (1.0, 1.0)), \
                     lanes: [(name: \"a\", optimizer: Sgd(learning_rate: 0.1))])";

fn session() -> Session {
    let draft = Draft::open(BLANK.to_owned(), None).expect("it is valid");
    let home = tempfile::tempdir().expect("a place");
    let mut session = Session::new(draft, Library::under(home.path()), Waker::silent());
    wait(&mut session, |session| !session.is_busy());
    session
}

fn wait(session: &mut Session, done: impl Fn(&Session) -> bool) {
    let begin = Instant::now();
    while !done(session) {
        assert!(begin.elapsed() < Duration::from_mins(1), "it does not come");
        session.drain(Duration::from_millis(20));
        std::thread::yield_now();
    }
}

fn take(session: &mut Session, action: LessonAction) {
    session.apply(Action::Lesson(action));
    wait(session, |session| !session.is_busy());
}

/// Trains to the end, however slowly the lesson would have it watched.
fn train(session: &mut Session) {
    session.apply(Action::SetPace(None));
    session.apply(Action::Run);
    wait(session, Session::is_over);
    session.drain(Duration::from_millis(20));
}

fn begin(name: &str) -> Session {
    let mut session = session();
    take(&mut session, LessonAction::Open(name.to_owned()));
    assert!(session.lesson().is_some(), "{name} begins");
    session
}

/// A way down that looks at nothing but heights: tries each direction with a step that halves when
/// none of them goes lower.
fn walk(session: &mut Session) {
    let mut length = 4.0;
    let mut tried = 0;
    let mut direction = 0;
    let directions = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]];
    loop {
        let run = session.lesson().and_then(LessonRun::walk).expect("it is a walk");
        if run.left() == 0 || run.is_met() {
            return;
        }
        let before = *run.heights().last().expect("it has begun");
        let by = directions[direction].map(|part: f64| part * length);
        take(session, LessonAction::Walk(by));
        let run = session.lesson().and_then(LessonRun::walk).expect("it is a walk");
        if *run.heights().last().expect("a step") < before {
            tried = 0;
            continue;
        }
        // Back, which is a step, too.
        take(session, LessonAction::Walk(by.map(|part| -part)));
        direction = (direction + 1) % 4;
        tried += 1;
        if tried == 4 {
            (length, tried) = (length / 2.0, 0);
        }
    }
}

#[test]
fn every_prediction_has_an_answer_that_comes_true_and_every_goal_is_reached_by_its_answer() {
    assert_eq!(shipped_lessons().len(), 6);
    for shipped in shipped_lessons() {
        let mut session = begin(shipped.name);
        loop {
            let run = session.lesson().expect("it goes on");
            let (at, _) = run.place();
            let what = format!("step {} of {}", at + 1, shipped.name);
            let step = run.step().clone();
            assert!(!run.is_done(), "{what} is there to be done");
            if let Some(prediction) = &step.predict {
                assert!(!session.may_train(), "{what}");
                take(&mut session, LessonAction::Predict(0));
                assert!(session.may_train(), "{what}");
                train(&mut session);
                let run = session.lesson().expect("it goes on");
                let came = run.came_true().expect("it is over");
                let says: Vec<_> = came.iter().map(|at| &prediction.choices[*at].says).collect();
                println!("{what}: {says:?}");
                assert_eq!(came.len(), 1, "{what}: one answer is true, not {says:?}");
                assert!(!step.then.is_empty(), "{what} explains it");
            }
            if let Some(goal) = &step.goal {
                train(&mut session);
                let missed = session.lesson().expect("it goes on").standing();
                assert_eq!(missed, Standing::Missed, "{what} is not reached by doing nothing");
                take(&mut session, LessonAction::ShowAnswer);
                train(&mut session);
                let met = session.lesson().expect("it goes on").standing();
                assert!(matches!(met, Standing::Met(_)), "{what}: {met:?}");
                assert!(!goal.met.is_empty() && !goal.missed.is_empty(), "{what}");
            }
            if step.walk.is_some() {
                assert!(!session.may_train(), "{what}");
                walk(&mut session);
                let run = session.lesson().expect("it goes on");
                let way = run.walk().expect("it is a walk");
                println!("{what}: {:.3} with {} steps left", way.lowest(), way.left());
                assert!(way.is_met(), "{what} can be walked by trying");
                take(&mut session, LessonAction::Reveal);
                wait(&mut session, Session::is_over);
            }
            let run = session.lesson().expect("it goes on");
            assert!(run.is_done(), "{what} is done");
            let is_last = run.is_last();
            take(&mut session, LessonAction::Next);
            if is_last {
                assert!(session.lesson().is_none(), "{} is over", shipped.name);
                break;
            }
        }
    }
}

#[test]
fn what_a_lesson_locks_stays_as_it_is_and_leaving_it_frees_everything() {
    let mut session = begin("momentum");
    let before = session.draft().text().to_owned();
    let lane = session.lane_ids()[0];
    let change = session.read_dial(lane, "optimizer.learning_rate", "0.5").expect("it is a knob");
    let turn = Action::Turn { lane, change };
    session.apply(turn.clone());
    session.apply(Action::RemoveLane(lane));
    session.apply(Action::Run);
    assert_eq!(session.draft().text(), before);
    assert!(!session.is_running(), "it waits for the answer");
    assert!(session.is_locked("optimizer.learning_rate"));
    assert!(!session.has_unsaved());
    take(&mut session, LessonAction::Leave);
    session.apply(turn);
    assert!(session.draft().text().contains("learning_rate: 0.5"));
    take(&mut session, LessonAction::Open("momentum".to_owned()));
    session.apply(Action::OpenPreset("moons".to_owned()));
    assert!(session.lesson().is_none(), "another experiment ends it");
    session.apply(Action::Lesson(LessonAction::Open("nothing".to_owned())));
    assert!(session.notices().iter().any(|notice| notice.text.contains("no lesson “nothing”")));
}

#[test]
fn a_goal_that_is_missed_can_be_tried_again_with_the_knob_that_is_free() {
    let mut session = begin("learning_rate");
    take(&mut session, LessonAction::Next);
    take(&mut session, LessonAction::Next);
    train(&mut session);
    assert_eq!(session.lesson().map(LessonRun::standing), Some(Standing::Missed));
    session.apply(Action::Reset);
    wait(&mut session, |session| !session.is_busy());
    assert_eq!(session.lesson().map(LessonRun::standing), Some(Standing::Open));
    let lane = session.goal_lane().expect("the goal names a lane");
    let change = session.read_dial(lane, "optimizer.learning_rate", "0.5").expect("it is free");
    session.apply(Action::Turn { lane, change });
    wait(&mut session, |session| !session.is_busy());
    train(&mut session);
    assert_eq!(session.lesson().map(LessonRun::standing), Some(Standing::Met(1)));
}
