//! What the window says and where it stands: found by role and label, or by the texts of a picture.

use std::time::{Duration, Instant};

use downhill::session::library::Library;
use downhill::session::{Draft, Session, Waker};
use downhill::ui::App;
use downhill::ui::shot::{Stage, StageSettings};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Rect, Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::desk::{Desk, desk, settle, wait_for};
use super::gallery::keep;

const TWO: &str = r#"(
    version: 1,
    name: "Said",
    task: Learn(
        data: Moons(samples: 60, noise: 0.2, seed: 1),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [Dense(units: 4, activation: Tanh)]),
    ),
    training: (epochs: 40, batch_size: 15),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1), batch_size: Full),
        (name: "Adam", optimizer: Adam(learning_rate: 0.02)),
    ],
)"#;

const MEASURED: &str = r#"(
    version: 1,
    task: Learn(data: Blobs(samples: 30, features: 2, centers: 2, seed: 1)),
    training: (epochs: 4, batch_size: 10),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.1), gradient: Numeric(1e-5))],
)"#;

const SURFACE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 40),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.001))],
)"#;

fn says(h: &Harness<'_, Desk>, part: &str) -> bool {
    h.query_all_by_label_contains(part).next().is_some()
}

fn press(h: &mut Harness<'_, Desk>, name: &str) {
    h.get_by_role_and_label(Role::Button, name).click();
    h.run_ok();
}

/// The window on an experiment before its first step, with its stage.
fn staged(text: &str, settings: StageSettings) -> (Stage, App) {
    let draft = Draft::open(text.to_owned(), None).expect("the test's experiment is valid");
    let folder = tempfile::tempdir().expect("a place for settings");
    let mut session = Session::new(draft, Library::under(folder.path()), Waker::silent());
    let begin = Instant::now();
    while session.is_busy() {
        assert!(begin.elapsed() < Duration::from_mins(1), "loading takes too long");
        session.drain(Duration::from_millis(5));
        std::thread::yield_now();
    }
    let stage = Stage::new(settings);
    let mut app = App::new(stage.context(), session);
    app.set_theme(stage.context(), settings.theme);
    app.set_text_scale(stage.context(), settings.text_size);
    (stage, app)
}

fn draw(stage: &mut Stage, app: &mut App) {
    for _ in 0..6 {
        app.take_news();
        stage.frame(|ui| app.draw(ui));
    }
}

/// The texts in sight.
fn seen(stage: &Stage) -> Vec<(String, Rect)> {
    let texts = stage.texts().into_iter();
    let seen =
        texts.filter(|(text, place, clip)| !text.trim().is_empty() && clip.intersects(*place));
    seen.map(|(text, place, _)| (text.trim().to_owned(), place)).collect()
}

#[test]
fn nothing_on_the_start_page_lies_over_anything_else() {
    for (size, text_size) in
        [([1440.0, 900.0], 1.0), ([1280.0, 800.0], 1.0), ([1280.0, 800.0], 1.5)]
    {
        for theme in [Theme::Dark, Theme::Light] {
            let settings = StageSettings { size, theme, text_size, pixels_per_point: 1.0 };
            let (mut stage, mut app) = staged(TWO, settings);
            app.open_start_page();
            draw(&mut stage, &mut app);
            let [width, height] = size;
            keep(&format!("start-{width}x{height}-{text_size}-{theme:?}"), &stage.picture());
            let begin = "What would you like to see?";
            for (text, place, clip) in stage.texts() {
                let beyond = place.right() > clip.right() + 1.5 && place.left() < clip.right();
                assert!(!beyond, "{text:?} is cut off at {size:?} × {text_size}");
            }
            let texts = seen(&stage);
            let at = texts.iter().position(|(text, _)| text == begin).expect("its heading");
            let page = &texts[at..texts.len().min(at + 30)];
            for (index, (one, place)) in page.iter().enumerate() {
                for (other, there) in &page[index + 1..] {
                    let over = place.intersect(*there);
                    let apart = over.width() < 1.0 || over.height() < 1.0;
                    assert!(apart, "{one:?} lies over {other:?} at {size:?} × {text_size}");
                }
            }
        }
    }
}

#[test]
fn before_the_first_step_nothing_is_measured_also_with_rows_held_out() {
    let (mut stage, mut app) = staged(TWO, StageSettings::default());
    let begin = Instant::now();
    while app.session().lanes().iter().any(|lane| lane.latest().is_none()) {
        assert!(begin.elapsed() < Duration::from_mins(1), "the first evaluation does not come");
        app.take_news();
    }
    draw(&mut stage, &mut app);
    let says =
        |stage: &Stage| seen(stage).iter().any(|(text, _)| text.starts_with("Nothing measured"));
    assert!(says(&stage));
    app.session_mut().hurry_to(1);
    while app.session().lanes().iter().any(|lane| lane.status.step == 0) {
        assert!(begin.elapsed() < Duration::from_mins(1), "the first step does not come");
        app.take_news();
    }
    draw(&mut stage, &mut app);
    assert!(!says(&stage));
}

#[test]
fn a_surface_has_no_epochs_to_step_by_and_says_why() {
    let h = desk(SURFACE);
    let epoch = h.get_by_role_and_label(Role::Button, "Epoch");
    assert!(epoch.accesskit_node().is_disabled());
    let h = desk(TWO);
    assert!(!h.get_by_role_and_label(Role::Button, "Epoch").accesskit_node().is_disabled());
}

#[test]
fn epoch_and_step_are_both_told_and_speeds_say_of_how_many_lanes() {
    let mut h = desk(&TWO.replace(", batch_size: Full", ""));
    assert!(says(&h, "epoch 0 · step 0"));
    press(&mut h, "Step");
    wait_for(&mut h, |s| s.lanes().iter().all(|lane| lane.status.step == 1));
    assert!(says(&h, "· step 1"));
    let h = desk(TWO);
    assert!(
        says(&h, "step 0") && !says(&h, "epoch 0"),
        "lanes of different batches share no epoch"
    );
    let mut h = desk(&TWO.replace("lanes: [", "view: (pace: 20.0), lanes: ["));
    assert!(says(&h, "20/s each"), "two lanes, each at that pace");
    press(&mut h, "Run");
    wait_for(&mut h, |s| s.lanes().iter().all(|lane| lane.status.step > 0));
    assert!(says(&h, "/s in all"));
    press(&mut h, "Pause");
}

#[test]
fn however_large_the_text_the_pace_can_be_set() {
    for size in [1.0, 1.5] {
        let mut h = desk(&TWO.replace("lanes: [", "view: (pace: 20.0), lanes: ["));
        let ctx = h.ctx.clone();
        h.state_mut().set_text_scale(&ctx, size);
        h.set_size(vec2(1280.0, 800.0));
        h.run_ok();
        if h.query_by_role_and_label(Role::Slider, "Pace").is_none() {
            press(&mut h, "Pace: 20/s each");
        }
        assert!(h.query_by_role_and_label(Role::Slider, "Pace").is_some(), "at {size}");
    }
}

#[test]
fn the_switches_of_the_axes_stand_in_one_line_behind_their_letters() {
    let line =
        |h: &Harness<'_, Desk>, name: &str| h.get_by_role_and_label(Role::RadioButton, name).rect();
    let letter = |h: &Harness<'_, Desk>, name: &str| h.get_by_label(name).rect();
    let mut h = desk(TWO);
    let all = ["Horizontal axis: step", "Horizontal scale: lin", "Vertical scale: lin"];
    let heights = all.map(|name| line(&h, name).center().y);
    assert!(heights.iter().all(|y| (y - heights[0]).abs() < 0.6), "{heights:?}");
    let follow = h.get_by_label("Follow").rect().center().y;
    assert!((follow - heights[0]).abs() < 1.1, "{follow} and {heights:?}");
    // Where it is narrow they are in the menu.
    let ctx = h.ctx.clone();
    h.state_mut().set_text_scale(&ctx, 2.0);
    h.set_size(vec2(1280.0, 800.0));
    h.run_ok();
    press(&mut h, "Curve's menu");
    assert!(letter(&h, "x").right() < line(&h, all[0]).left());
    assert!(line(&h, all[0]).right() < line(&h, all[1]).left());
    assert!(letter(&h, "y").right() < line(&h, all[2]).left());
    assert!(letter(&h, "y").top() > line(&h, all[0]).bottom());
}

#[test]
fn a_chip_follows_the_batch_size_that_is_turned_while_it_trains() {
    let mut h = desk(TWO);
    assert!(says(&h, "own batch size: Full"));
    press(&mut h, "Step");
    wait_for(&mut h, |s| s.lanes().iter().all(|lane| lane.status.step == 1));
    h.get_by_role_and_label(Role::Slider, "Batch size of SGD").set_value_accesskit(1.0);
    h.run_ok();
    let one = downhill::data::BatchSize::Rows(1);
    wait_for(&mut h, |s| s.lanes()[0].knobs.batch_size == one);
    assert!(says(&h, "own batch size: 1") && !says(&h, "own batch size: Full"));
}

#[test]
fn the_knob_of_dropout_turns_it_while_the_lane_trains() {
    let silenced = TWO.replace(
        "[Dense(units: 4, activation: Tanh)]",
        "[Dense(units: 4, activation: Tanh), Dropout(rate: 0.5)]",
    );
    let mut h = desk(&silenced);
    press(&mut h, "Step");
    wait_for(&mut h, |s| s.lanes().iter().all(|lane| lane.status.step == 1));
    press(&mut h, "More of SGD");
    h.get_by_role_and_label(Role::Slider, "Dropout of SGD").set_value_accesskit(0.25);
    h.run_ok();
    wait_for(&mut h, |s| s.lanes()[0].knobs.dropout.get(1) == Some(0.25));
    let change = &h.state().session().lanes()[0].changes[0].change;
    assert_eq!(change.path(), "model.hidden[1].rate");
    assert_eq!(h.state().session().lanes()[1].knobs.dropout.get(1), Some(0.5), "of one lane");
}

#[test]
fn a_measured_gradient_is_told_on_the_card_and_under_the_microscope() {
    let mut h = desk(MEASURED);
    assert!(says(&h, "gradient: numeric"), "also of a lane alone");
    press(&mut h, "Menu of SGD");
    h.get_by_label("Instruments…").click();
    h.run_ok();
    for _ in 0..3 {
        wait_for(&mut h, |s| !s.is_busy() && !s.is_examining_any());
    }
    assert!(says(&h, "measured by differences"));
}

#[test]
fn the_instruments_stand_over_the_middle_also_of_another_window() {
    let mut h = desk(TWO);
    press(&mut h, "Menu of Adam");
    h.get_by_label("Instruments…").click();
    h.run_ok();
    settle(&mut h);
    for (width, height) in [(1440.0, 900.0), (1280.0, 800.0), (1600.0, 1000.0)] {
        h.set_size(vec2(width, height));
        for _ in 0..4 {
            h.run_ok();
        }
        let close = h.get_by_label("Close the instruments").rect();
        let lanes = h.get_by_role_and_label(Role::Button, "Menu of Adam").rect();
        assert!(close.right() < lanes.left() - 150.0, "{close} over {lanes} at {width}");
        assert!(close.top() > height - 560.0 && close.bottom() < height - 400.0, "{close}");
    }
}

#[test]
fn the_program_is_still_there_when_saving_it_is_given_up() {
    let mut h = desk(TWO);
    press(&mut h, "Menu of SGD");
    h.get_by_label("Show as NumPy…").click();
    h.run_ok();
    wait_for(&mut h, |s| s.program().is_some());
    h.run_ok();
    press(&mut h, "Save…");
    h.run_ok();
    assert!(!says(&h, "SGD as a NumPy program"), "a file is chosen");
    h.key_press(Key::Escape);
    h.run_ok();
    assert!(says(&h, "SGD as a NumPy program"));
    h.key_press(Key::Escape);
    h.run_ok();
    assert!(!says(&h, "SGD as a NumPy program"));
}
