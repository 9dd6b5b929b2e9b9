//! Every view × theme × size × lanes × longest names: no text is cut off by its clip.
//!
//! Text may scroll out of sight vertically, as lists do; horizontally it must be whole, or shortened
//! on purpose with an ellipsis.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use downhill::catalog::{Entry, Family};
use downhill::experiment::{Arrange, Pane};
use downhill::experiment::{InsideView, TileView};
use downhill::model::{Activations, Initializers, Layers, Losses};
use downhill::objective::Surfaces;
use downhill::optim::{Optimizers, Schedules};
use downhill::session::library::Library;
use downhill::session::{Action, Draft, Lane, LessonAction, LessonRun, Session, Waker};
use downhill::ui::shot::{Stage, StageSettings};
use downhill::ui::theme::Theme;
use downhill::ui::{App, Instrument};
use eframe::egui::{Event, Key, Modifiers, Rect};

const BLOBS: &str = "Learn(data: Blobs(samples: 90, features: 2, centers: 3, std: 1.0, seed: 1))";
const IRIS: &str = "Learn(data: Iris, held_out: (fraction: 0.2, seed: 1))";
const DIGITS: &str = "Learn(data: Digits, scale: Standard, held_out: (fraction: 0.2, seed: 1))";
const MOONS: &str =
    "Learn(data: Moons(samples: 90, noise: 0.2, seed: 1), held_out: (fraction: 0.2, seed: 1))";
const NUMBERS: &str =
    "Learn(data: Regression(samples: 60, features: 3, seed: 1), loss: MeanSquaredError)";
const CURVE: &str = "Learn(data: Regression(samples: 60, features: 1, noise: 4.0, seed: 1), \
    held_out: (fraction: 0.2, seed: 1), loss: MeanSquaredError)";
const SURFACE: &str = "Surface(function: Rosenbrock, start: (-1.5, 2.0))";

/// What tasks there are to look at: regions, a confusion matrix, a ROC curve, rows, a fit, a map.
const TASKS: [(&str, TileView); 12] = [
    (BLOBS, TileView::Picture),
    (IRIS, TileView::Picture),
    (IRIS, TileView::Confusion),
    (IRIS, TileView::Rows),
    (DIGITS, TileView::Mistakes),
    (MOONS, TileView::Confusion),
    (MOONS, TileView::Roc),
    (NUMBERS, TileView::Picture),
    (NUMBERS, TileView::Residuals),
    (CURVE, TileView::Picture),
    (NUMBERS, TileView::Rows),
    (SURFACE, TileView::Picture),
];

fn experiment(task: &str, lanes: usize) -> String {
    // With eight lanes the curve shows all that it can show.
    let all = "smooth: 0.9, y_symlog: true, robust: true, x: Evaluations";
    experiment_seen(task, lanes, if lanes == 8 { all } else { "" })
}

fn experiment_seen(task: &str, lanes: usize, view: &str) -> String {
    let is_short = task.starts_with("Surface") || task == DIGITS;
    let steps = if is_short { "steps: 40" } else { "epochs: 4" };
    let mut text = format!(
        "(version: 1, name: \"Layout\", task: {task}, training: ({steps}), view: ({view}), lanes: ["
    );
    for lane in 0..lanes {
        write!(
            text,
            "(name: \"A lane with the longest name anybody would type {lane}\", \
             optimizer: Sgd(learning_rate: 0.0001234567, momentum: 0.{lane}){}),",
            // Two of them stand for several seeds, and are compared.
            if lane < 2 { ", seeds: 5" } else { "" }
        )
        .expect("writing to a string cannot fail");
    }
    text + "])"
}

/// Draws until sizes have settled and what is waited for is there.
fn draw_until(stage: &mut Stage, app: &mut App, is_there: impl Fn(&Session) -> bool) {
    let begin = Instant::now();
    for frame in 0.. {
        app.take_news();
        stage.frame(|ui| app.draw(ui));
        if frame >= 4 && is_there(app.session()) {
            return;
        }
        assert!(begin.elapsed() < Duration::from_mins(1), "what is drawn takes too long to come");
    }
}

fn has_pictures(session: &Session) -> bool {
    session.lanes().iter().all(Lane::has_its_pictures)
}

/// The texts that are cut off at the sides.
fn cut_off(stage: &Stage, what: &str) -> Vec<String> {
    let is_cut = |(text, place, clip): &(String, Rect, Rect)| {
        let seen = place.intersects(*clip) && !text.trim().is_empty();
        let whole = place.left() >= clip.left() - 1.5 && place.right() <= clip.right() + 1.5;
        seen && !whole
    };
    let told = |(text, place, clip)| format!("{text:?} at {place} of {clip} in {what}");
    stage.texts().into_iter().filter(is_cut).map(told).collect()
}

fn pressed(key: Key) -> Event {
    let modifiers = Modifiers::NONE;
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
}

#[test]
fn no_text_of_an_instrument_is_cut_off() {
    let mut cut = Vec::new();
    let instruments = [
        Instrument::Microscope,
        Instrument::GradientCheck,
        Instrument::RateFinder,
        Instrument::Sharpness,
    ];
    for task in [BLOBS, SURFACE] {
        let folder = tempfile::tempdir().unwrap();
        let text = experiment(task, 2);
        for (size, text_size) in [([1280.0, 800.0], 1.0), ([1280.0, 800.0], 2.0)] {
            let settings =
                StageSettings { size, pixels_per_point: 1.0, theme: Theme::Dark, text_size };
            let mut stage = Stage::new(settings);
            let mut app = App::new(stage.context(), session(&text, &folder));
            app.set_text_scale(stage.context(), text_size);
            for instrument in instruments {
                app.open_instrument(0, instrument);
                for _ in 0..3 {
                    stage.frame(|ui| app.draw(ui));
                }
                let begin = Instant::now();
                while app.session().is_examining_any() {
                    assert!(begin.elapsed() < Duration::from_mins(1), "{instrument:?} is slow");
                    app.take_news();
                }
                for _ in 0..3 {
                    stage.frame(|ui| app.draw(ui));
                }
                let what = format!("{instrument:?}, {task}, {size:?} × {text_size}");
                cut.extend(cut_off(&stage, &what));
            }
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

/// The loss view beside others and alone, from above and as a bowl, with all that it can show.
#[test]
fn no_text_of_the_landscape_is_cut_off() {
    let mut cut = Vec::new();
    let sizes = [([1280.0, 800.0], 1.0), ([1280.0, 800.0], 2.0), ([1440.0, 900.0], 1.0)];
    let views = [
        "panes: [[Curve, Landscape], [Lanes]], landscape: (arrows: true)",
        "panes: [[Landscape, Curve], [Lanes]], landscape: (shape: Bowl, heights: Linear)",
        "panes: [[Landscape], [Curve]], maximised: Landscape, landscape: (arrows: true, \
         plane: Parameters(0, 1))",
        "panes: [[Landscape], [Curve]], maximised: Landscape, landscape: (shape: Bowl)",
        "panes: [[Curve, Landscape, Lanes]], landscape: (plane: Parameters(7, 7))",
    ];
    for (task, views) in [(BLOBS, &views[..]), (SURFACE, &views[..2])] {
        for (lanes, view) in views.iter().enumerate().map(|(i, view)| ([2, 8][i % 2], view)) {
            for (index, (size, text_size)) in sizes.into_iter().enumerate() {
                let folder = tempfile::tempdir().unwrap();
                let theme = if index % 2 == 0 { Theme::Dark } else { Theme::Light };
                let settings = StageSettings { size, pixels_per_point: 1.0, theme, text_size };
                let mut stage = Stage::new(settings);
                let text = experiment_seen(task, lanes, view);
                let mut app = App::new(stage.context(), session(&text, &folder));
                app.set_theme(stage.context(), theme);
                app.set_text_scale(stage.context(), text_size);
                draw_until(&mut stage, &mut app, Session::has_its_landscape);
                for _ in 0..2 {
                    stage.frame(|ui| app.draw(ui));
                }
                let what = format!("{task}, {lanes} lanes, {view}, {size:?} × {text_size}");
                cut.extend(cut_off(&stage, &what));
            }
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

#[test]
fn no_text_of_a_card_is_cut_off() {
    let mut cut = Vec::new();
    let folder = tempfile::tempdir().unwrap();
    let text = experiment(BLOBS, 2);
    for (size, text_size) in [([1280.0, 800.0], 1.0), ([1280.0, 800.0], 2.0)] {
        let settings =
            StageSettings { size, pixels_per_point: 1.0, theme: Theme::Light, text_size };
        let mut stage = Stage::new(settings);
        let mut app = App::new(stage.context(), session(&text, &folder));
        app.set_theme(stage.context(), Theme::Light);
        app.set_text_scale(stage.context(), text_size);
        let names = |entries: &'static [&'static Entry]| entries.iter().map(|entry| entry.name);
        for name in names(Optimizers::entries())
            .chain(names(Schedules::entries()))
            .chain(names(Losses::entries()))
            .chain(names(Layers::entries()))
            .chain(names(Activations::entries()))
            .chain(names(Initializers::entries()))
            .chain(names(Surfaces::entries()))
        {
            assert!(app.open_card(name), "{name} has a card");
            for _ in 0..3 {
                stage.frame(|ui| app.draw(ui));
            }
            cut.extend(cut_off(&stage, &format!("the card of {name}, {size:?} × {text_size}")));
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

#[test]
fn no_text_of_a_lesson_is_cut_off() {
    let mut cut = Vec::new();
    for shipped in downhill::lesson::shipped_lessons() {
        for (size, text_size, theme) in
            [([1280.0, 800.0], 1.0, Theme::Dark), ([1280.0, 800.0], 2.0, Theme::Light)]
        {
            let folder = tempfile::tempdir().unwrap();
            let settings = StageSettings { size, pixels_per_point: 1.0, theme, text_size };
            let mut stage = Stage::new(settings);
            let session = session(&experiment(SURFACE, 1), &folder);
            let mut app = App::new(stage.context(), session);
            app.set_theme(stage.context(), theme);
            app.set_text_scale(stage.context(), text_size);
            let mut take = |app: &mut App, action, what: &str| {
                app.session_mut().apply(Action::Lesson(action));
                let begin = Instant::now();
                while app.session().is_busy() {
                    assert!(begin.elapsed() < Duration::from_mins(1), "{what} is slow");
                    app.take_news();
                }
                for _ in 0..4 {
                    app.take_news();
                    stage.frame(|ui| app.draw(ui));
                }
                cut.extend(cut_off(&stage, &format!("{what} of {}, × {text_size}", shipped.name)));
            };
            take(&mut app, LessonAction::Open(shipped.name.to_owned()), "the beginning");
            while let Some((at, steps)) = app.session().lesson().map(LessonRun::place) {
                for _ in 0..2 {
                    take(&mut app, LessonAction::Walk([3.0, -1.0]), "a walk");
                }
                take(&mut app, LessonAction::Reveal, "the map");
                take(&mut app, LessonAction::Predict(0), "an answer");
                app.session_mut().hurry_to(u64::MAX);
                let begin = Instant::now();
                while !app.session().is_over() {
                    assert!(begin.elapsed() < Duration::from_mins(1), "training is slow");
                    app.take_news();
                }
                take(&mut app, LessonAction::Walk([0.0, 0.0]), "the end of a step");
                take(&mut app, LessonAction::Next, &format!("step {} of {steps}", at + 2));
            }
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

#[test]
fn no_text_is_cut_off_while_presenting() {
    let mut cut = Vec::new();
    for (lanes, theme) in [(2, Theme::Dark), (8, Theme::Light)] {
        for text_size in [1.0, 1.5, 2.0] {
            let folder = tempfile::tempdir().unwrap();
            let size = [1280.0, 800.0];
            let settings = StageSettings { size, pixels_per_point: 1.0, theme, text_size };
            let mut stage = Stage::new(settings);
            let mut app = App::new(stage.context(), session(&experiment(BLOBS, lanes), &folder));
            app.set_theme(stage.context(), theme);
            app.present(stage.context());
            app.set_text_scale(stage.context(), text_size);
            for _ in 0..4 {
                stage.frame(|ui| app.draw(ui));
            }
            let what = format!("{lanes} lanes, {theme:?}, × {text_size}, presenting");
            cut.extend(cut_off(&stage, &what));
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

#[test]
fn no_text_of_the_palette_is_cut_off() {
    let mut cut = Vec::new();
    let folder = tempfile::tempdir().unwrap();
    for lanes in [2, 8] {
        let text = experiment(BLOBS, lanes);
        for (size, text_size) in [([1280.0, 800.0], 1.0), ([1280.0, 800.0], 2.0)] {
            let settings =
                StageSettings { size, pixels_per_point: 1.0, theme: Theme::Dark, text_size };
            let mut stage = Stage::new(settings);
            let mut app = App::new(stage.context(), session(&text, &folder));
            app.set_text_scale(stage.context(), text_size);
            for typed in ["", "learning rate 0.03", "lane momentum 7", "no such thing", "fork"] {
                app.open_palette(typed.to_owned());
                for _ in 0..3 {
                    stage.frame(|ui| app.draw(ui));
                }
                cut.extend(cut_off(&stage, &format!("{typed:?}, {lanes} lanes, × {text_size}")));
            }
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

fn session(text: &str, folder: &tempfile::TempDir) -> Session {
    let draft = Draft::open(text.to_owned(), None).expect("the test's experiment is valid");
    let mut session = Session::new(draft, Library::under(folder.path()), Waker::silent());
    let wait = |session: &mut Session, done: fn(&Session) -> bool| {
        let begin = Instant::now();
        while !done(session) {
            assert!(begin.elapsed() < Duration::from_mins(1), "training takes too long");
            session.drain(Duration::from_millis(5));
            std::thread::yield_now();
        }
    };
    wait(&mut session, |s| !s.is_busy());
    session.hurry_to(u64::MAX);
    wait(&mut session, Session::is_over);
    session
}

#[test]
fn no_text_is_cut_off_in_any_theme_size_or_number_of_lanes() {
    let sizes = [([1280.0, 800.0], 1.0), ([1280.0, 800.0], 2.0), ([2560.0, 1440.0], 1.5)];
    let mut cut = Vec::new();
    for (task, tiles) in TASKS {
        for lanes in [2, 8] {
            for (index, (size, text_size)) in sizes.into_iter().enumerate() {
                let folder = tempfile::tempdir().unwrap();
                let theme = if index % 2 == 0 { Theme::Dark } else { Theme::Light };
                let settings = StageSettings { size, pixels_per_point: 1.0, theme, text_size };
                let mut stage = Stage::new(settings);
                let mut app = App::new(stage.context(), session(&experiment(task, lanes), &folder));
                app.set_theme(stage.context(), theme);
                app.set_text_scale(stage.context(), text_size);
                app.show_tiles(tiles);
                let begin = Instant::now();
                let mut frame = 0;
                loop {
                    app.take_news();
                    stage.frame(|ui| app.draw(ui));
                    let complete = app.session().lanes().iter().all(Lane::has_its_pictures);
                    if app.session().is_projecting() {
                        frame = 0;
                    } else if frame >= 4 && complete {
                        break;
                    }
                    frame += 1;
                    assert!(begin.elapsed() < Duration::from_mins(1), "pictures take too long");
                }
                let what = format!("{task} ({tiles:?}), {lanes} lanes, {size:?} × {text_size}");
                cut.extend(cut_off(&stage, &what));
                // And the curves as a table.
                stage.frame_with(vec![pressed(Key::T)], |ui| app.draw(ui));
                stage.frame(|ui| app.draw(ui));
                cut.extend(cut_off(&stage, &format!("the table of {what}")));
            }
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

/// Every pane, beside the others and alone.
#[test]
fn no_text_of_a_pane_is_cut_off() {
    let mut cut = Vec::new();
    for lanes in [2, 8] {
        for (size, text_size) in [([1280.0, 800.0], 1.0), ([1280.0, 800.0], 2.0)] {
            let folder = tempfile::tempdir().unwrap();
            let theme = if lanes == 2 { Theme::Dark } else { Theme::Light };
            let settings = StageSettings { size, pixels_per_point: 1.0, theme, text_size };
            let mut stage = Stage::new(settings);
            let mut app = App::new(stage.context(), session(&experiment(MOONS, lanes), &folder));
            app.set_theme(stage.context(), theme);
            app.set_text_scale(stage.context(), text_size);
            app.session_mut().apply(Action::Aim(Some(0.5)));
            for pane in Pane::ALL {
                for change in [Arrange::Open(*pane), Arrange::Maximise(Some(*pane))] {
                    app.session_mut().apply(Action::Arrange(change));
                    draw_until(&mut stage, &mut app, has_pictures);
                    let what = format!("{change:?}, {lanes} lanes, {size:?} × {text_size}");
                    // Its tables may be wider than the pane: they scroll sideways.
                    if *pane != Pane::Results {
                        cut.extend(cut_off(&stage, &what));
                    }
                }
                app.session_mut().apply(Action::Arrange(Arrange::Maximise(None)));
            }
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

/// A fork among lanes, at a step that lies back: in the timeline's row nothing lies on anything else.
#[test]
fn no_text_is_cut_off_or_covered_while_one_looks_back() {
    let (mut cut, mut folder) = (Vec::new(), tempfile::tempdir().unwrap());
    for lanes in [2, 8] {
        for (size, text_size) in
            [([1280.0, 800.0], 1.0), ([1280.0, 800.0], 2.0), ([1680.0, 1050.0], 1.0)]
        {
            let theme = Theme::Dark;
            let settings = StageSettings { size, pixels_per_point: 1.0, theme, text_size };
            let mut stage = Stage::new(settings);
            let mut app = App::new(stage.context(), session(&experiment(MOONS, lanes), &folder));
            app.set_text_scale(stage.context(), text_size);
            let lane = app.session().lanes()[0].id;
            let fork = Action::Fork { lane, step: Some(5), change: None };
            app.session_mut().apply(fork);
            app.session_mut().apply(Action::LookAt(Some(7)));
            draw_until(&mut stage, &mut app, |s| has_pictures(s) && s.lanes().len() == lanes + 1);
            let what = format!("{lanes} lanes and a fork, {size:?} × {text_size}");
            cut.extend(cut_off(&stage, &what));
            let texts = stage.texts();
            let of_row = |text: &str| {
                texts.iter().find(|(found, ..)| found.contains(text)).map(|(_, place, _)| *place)
            };
            let row = ["viewing step", "Back to live", "Go back here", "Fork here", "steps/s"];
            let places: Vec<_> =
                row.iter().filter_map(|text| Some((text, of_row(text)?))).collect();
            assert!(text_size > 1.0 || places.len() >= 2, "{what}: {places:?}");
            for pair in places.windows(2) {
                if pair[0].1.right() > pair[1].1.left() {
                    cut.push(format!("{:?} lies on {:?} in {what}", pair[0], pair[1]));
                }
            }
            folder = tempfile::tempdir().unwrap();
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

/// Networks to look into: small, wide and deep with many inputs, of numbers, and none.
const NETWORKS: [&str; 4] = [
    MOONS,
    "Learn(data: Digits, model: (hidden: [Dense(units: 40, activation: Relu), LayerNorm, \
     Dropout(rate: 0.1), Dense(units: 20, activation: GeluTanh)]))",
    "Learn(data: Regression(samples: 60, features: 1, seed: 1), loss: MeanSquaredError, \
     model: (hidden: [Dense(units: 4, activation: Tanh)]))",
    SURFACE,
];

#[test]
fn no_text_inside_a_model_is_cut_off() {
    let mut cut = Vec::new();
    let folder = tempfile::tempdir().unwrap();
    let sizes = [([1280.0, 800.0], 1.0), ([1280.0, 800.0], 2.0), ([2560.0, 1440.0], 1.5)];
    for task in NETWORKS {
        for (index, (size, text_size)) in sizes.into_iter().enumerate() {
            let theme = if index % 2 == 0 { Theme::Dark } else { Theme::Light };
            let settings = StageSettings { size, pixels_per_point: 1.0, theme, text_size };
            let mut stage = Stage::new(settings);
            let mut app = App::new(stage.context(), session(&experiment(task, 2), &folder));
            app.set_theme(stage.context(), theme);
            app.set_text_scale(stage.context(), text_size);
            for view in [InsideView::Network, InsideView::Weights, InsideView::Histograms] {
                app.show_inside(view);
                draw_until(&mut stage, &mut app, has_pictures);
                let what = format!("{view:?} of {task}, {size:?} × {text_size}");
                cut.extend(cut_off(&stage, &what));
            }
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}

/// Lanes that diverged, in one update or some, in tiles of all widths.
#[test]
fn no_text_of_an_autopsy_is_cut_off() {
    let mut cut = Vec::new();
    let folder = tempfile::tempdir().unwrap();
    for lanes in [1, 2, 8] {
        for (size, text_size) in
            [([1280.0, 800.0], 1.0), ([1280.0, 800.0], 2.0), ([2560.0, 1440.0], 1.5)]
        {
            let settings =
                StageSettings { size, pixels_per_point: 1.0, theme: Theme::Light, text_size };
            let text = experiment(NUMBERS, lanes).replace("0.0001234567", "7e60");
            let mut stage = Stage::new(settings);
            let mut app = App::new(stage.context(), session(&text, &folder));
            app.set_theme(stage.context(), Theme::Light);
            app.set_text_scale(stage.context(), text_size);
            for _ in 0..3 {
                stage.frame(|ui| app.draw(ui));
            }
            let begin = Instant::now();
            while app.session().is_examining_any() {
                assert!(begin.elapsed() < Duration::from_mins(1), "an autopsy is slow");
                app.take_news();
            }
            for _ in 0..3 {
                stage.frame(|ui| app.draw(ui));
            }
            let texts = stage.texts();
            let said = texts.iter().any(|(text, ..)| text.contains("Diverged at step"));
            assert!(said || text_size > 1.0, "{lanes} lanes");
            cut.extend(cut_off(&stage, &format!("{lanes} lanes, {size:?} × {text_size}")));
        }
    }
    assert!(cut.is_empty(), "{} texts are cut off:\n{}", cut.len(), cut.join("\n"));
}
