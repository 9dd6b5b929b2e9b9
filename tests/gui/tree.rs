//! The tree of a lane's past on the screen: what it says, that none of it is cut off, and that it leads there.

use std::time::{Duration, Instant};

use downhill::experiment::Change;
use downhill::session::library::Library;
use downhill::session::{Action, Draft, Session, Waker};
use downhill::ui::App;
use downhill::ui::shot::{Stage, StageSettings};
use eframe::egui::Theme;
use egui_kittest::kittest::Queryable as _;

use super::desk::{desk, press, wait_for};
use super::gallery::keep;

const TWO: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 400),
    lanes: [
        (name: "A lane with the longest name that anybody would think of", optimizer: Sgd(learning_rate: 0.0005)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

fn wait(session: &mut Session, done: impl Fn(&Session) -> bool) {
    let begin = Instant::now();
    while !done(session) {
        assert!(begin.elapsed() < Duration::from_mins(1), "it takes too long");
        session.drain(Duration::from_millis(5));
        std::thread::yield_now();
    }
}

fn train_to(session: &mut Session, step: u64) {
    session.hurry_to(step);
    wait(session, |s| s.lanes().iter().all(|l| l.status.step >= step && !l.is_running()));
}

/// Goes back twice, turns a knob, and forks.
fn grow(session: &mut Session) {
    train_to(session, 300);
    session.apply(Action::RewindTo(120));
    wait(session, |s| s.lanes()[0].status.step == 120);
    let lane = session.lane_ids()[0];
    let change = Change::Optimizer { knob: "learning_rate", value: 0.001 };
    session.apply(Action::Turn { lane, change });
    wait(session, |s| s.lanes()[0].changes.len() == 1);
    train_to(session, 220);
    session.apply(Action::RewindTo(60));
    wait(session, |s| s.lanes()[0].status.step == 60);
    train_to(session, 180);
    session.apply(Action::Fork { lane, step: Some(90), change: None });
    wait(session, |s| s.lanes().len() == 3 && !s.is_busy());
    train_to(session, 200);
}

#[test]
fn no_text_of_the_tree_is_cut_off() {
    for (theme, size, text_size) in [
        (Theme::Dark, [1440.0, 900.0], 1.0),
        (Theme::Light, [1280.0, 800.0], 1.0),
        (Theme::Light, [1280.0, 800.0], 2.0),
    ] {
        let folder = tempfile::tempdir().expect("a place for settings");
        let draft = Draft::open(TWO.to_owned(), None).expect("valid");
        let mut session = Session::new(draft, Library::under(folder.path()), Waker::silent());
        wait(&mut session, |s| !s.is_busy());
        grow(&mut session);
        let mut stage = Stage::new(StageSettings { size, pixels_per_point: 1.0, theme, text_size });
        let mut app = App::new(stage.context(), session);
        app.set_theme(stage.context(), theme);
        app.set_text_scale(stage.context(), text_size);
        app.open_branches(0);
        for _ in 0..5 {
            stage.frame(|ui| app.draw(ui));
        }
        keep(&format!("branches-{text_size}-{theme:?}-{}", size[0]), &stage.picture());
        let texts = stage.texts();
        for said in
            ["steps 0 – 300", "steps 120 – 220", "steps 60 – ", "fork at 90", "Learning rate"]
        {
            assert!(texts.iter().any(|(text, ..)| text.contains(said)), "{said}");
        }
        for (text, place, clip) in texts {
            let seen = place.intersects(clip) && !text.trim().is_empty();
            let is_whole = place.left() >= clip.left() - 1.5 && place.right() <= clip.right() + 1.5;
            assert!(!seen || is_whole, "{text:?} at {place} of {clip} × {text_size}");
        }
    }
}

#[test]
fn a_branch_that_was_left_is_a_click_away() {
    let mut h = desk(TWO);
    grow(h.state_mut().session_mut());
    h.run_ok();
    let all = h.state().session().lanes()[0].branches();
    let name = h.state().session().lanes()[0].name().to_owned();
    press(&mut h, &format!("Menu of {name}"));
    h.get_by_label("Branches…").click();
    h.run_ok();
    h.run_ok();
    // The first branch stands first.
    let first =
        h.get_all_by_label("Go there").min_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
    first.expect("it was left").click();
    h.run_ok();
    wait_for(&mut h, |s| s.lanes()[0].branch() == all[0].id && s.lanes()[0].status.step == 300);
    h.run_ok();
    assert!(h.query_by_label("here").is_some(), "the sheet follows");
}
