//! The loss view of a session: laid while somebody looks, followed, refreshed, and started from.

use std::sync::Arc;

use downhill::experiment::TextEdit;
use downhill::lab::SliceKind;
use downhill::numeric::fillable;
use downhill::session::{Action, Apart, LaneId, Session};
use downhill::train::PictureRequest;

use crate::story::{Story, story};

const NET: &str = r#"(
    version: 1,
    task: Learn(
        data: Moons(samples: 80, noise: 0.2, seed: 1),
        model: (hidden: [Dense(units: 4, activation: Tanh)]),
    ),
    training: (epochs: 40, batch_size: 20),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;
const RAVINE: &str = r#"(
    version: 1,
    task: Surface(function: Rosenbrock, start: (-1.5, 2.0)),
    training: (steps: 200),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.001))],
)"#;
const LINE: &str = r#"(
    version: 1,
    task: Learn(data: Regression(samples: 40, features: 1, seed: 1), loss: MeanSquaredError),
    training: (epochs: 20),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.05))],
)"#;

/// A session that is looked at.
fn desk(text: &str) -> Story {
    let mut story = story(text);
    story.session.apply(Action::WatchLandscape(true));
    for id in story.session.lane_ids().to_vec() {
        story.session.apply(Action::Watch(id, vec![PictureRequest::Parameters]));
    }
    story
}

impl Story {
    fn settle(&mut self) {
        self.until("the plane is laid", |s| {
            s.has_its_landscape() && s.landscape().sheet().is_some_and(|sheet| sheet.is_finest)
        });
    }

    fn id(&self, index: usize) -> LaneId {
        self.session.lane_ids()[index]
    }

    fn explained(&self) -> [f64; 2] {
        let chart = self.session.landscape().chart().expect("a plane");
        match chart.slice.kind {
            SliceKind::Paths { explained, .. } => explained,
            ref other => panic!("{other:?}"),
        }
    }

    fn set(&mut self, field: &str, value: &str) {
        let edits = vec![TextEdit::set(format!("view.landscape.{field}"), value)];
        self.session.apply(Action::Edit { edits, gesture: None });
    }
}

#[test]
fn a_plane_is_makeshift_until_lanes_move_and_goes_through_their_paths_then() {
    let mut desk = desk(NET);
    desk.settle();
    let makeshift = desk.session.landscape().chart().expect("a plane");
    assert_eq!(makeshift.slice.kind, SliceKind::Still);
    desk.run_to_end();
    desk.until("the paths' plane", |s| {
        s.has_its_landscape() && s.landscape().chart().is_some_and(|c| c.furthest == 160)
    });
    desk.settle();
    let explained = desk.explained();
    assert!(explained[0] >= explained[1] && explained[0] + explained[1] <= 1.0 + 1e-12);
    assert!(explained[0] + explained[1] > 0.7, "{explained:?}");
    let landscape = desk.session.landscape();
    let (chart, sheet) = (landscape.chart().expect("a plane"), landscape.sheet().expect("heights"));
    for lane in desk.session.lanes() {
        let path = landscape.path(lane);
        assert_eq!((path[0].0, path[path.len() - 1].0), (0, 160));
        assert!(path.iter().all(|(_, spot)| chart.window.holds(spot.at)), "{}", lane.name());
        let here = landscape.spot(lane).expect("it has a place");
        assert_eq!(here, path[path.len() - 1].1);
        // On the plane the height is the lane's loss, as far as it lies on it.
        let height = sheet.height(here.at).expect("in the window");
        let loss = lane.latest().expect("measured").evaluation.full_loss;
        assert!((height - loss).abs() < 0.1 + here.off, "{height} {loss} {here:?}");
    }
}

#[test]
fn paths_end_at_the_step_that_is_looked_at() {
    let mut desk = desk(NET);
    desk.run_to_end();
    desk.settle();
    desk.session.apply(Action::LookAt(Some(37)));
    desk.until("the past", |s| s.lanes().iter().all(downhill::session::Lane::has_its_pictures));
    let landscape = desk.session.landscape();
    let lane = &desk.session.lanes()[0];
    let path = landscape.path(lane);
    assert!(path.last().is_some_and(|(step, _)| *step <= 37) && path.len() > 30);
    let (here, last) = (landscape.spot(lane).expect("a place"), path[path.len() - 1]);
    assert_eq!(last, (37, here), "every one of the first steps is known exactly");
}

#[test]
fn the_path_grows_with_the_pictures_and_a_rewind_gives_another() {
    let mut desk = desk(NET);
    desk.settle();
    for _ in 0..5 {
        desk.session.apply(Action::StepOnce);
    }
    desk.until("five steps and their pictures", |s| {
        s.lanes().iter().all(|l| l.status.step == 5 && l.has_its_pictures())
            && s.has_its_landscape()
    });
    let end = |s: &Session| {
        let lane = &s.lanes()[0];
        s.landscape().path(lane).last().map(|(step, _)| *step)
    };
    assert_eq!(end(&desk.session), Some(5));
    desk.session.apply(Action::RewindTo(2));
    desk.until("two steps", |s| end(s) == Some(2) && s.has_its_landscape());
    assert_eq!(desk.session.landscape().path(&desk.session.lanes()[0]).len(), 3);
}

#[test]
fn a_view_that_is_opened_again_shows_the_same_plane_and_the_path_since() {
    let mut desk = desk(NET);
    desk.session.hurry_to(40);
    desk.until("forty steps", |s| s.lanes().iter().all(|l| l.status.step == 40));
    desk.session.apply(Action::SurveyAgain);
    desk.settle();
    let chart = Arc::clone(desk.session.landscape().chart().expect("a plane"));
    desk.session.apply(Action::WatchLandscape(false));
    desk.session.apply(Action::StepOnce);
    desk.until("one more step", |s| s.lanes().iter().all(|l| l.status.step == 41));
    desk.session.apply(Action::WatchLandscape(true));
    desk.until("the path", |s| {
        s.has_its_landscape() && s.landscape().path(&s.lanes()[0]).last().is_some_and(|p| p.0 == 41)
    });
    let now = desk.session.landscape().chart().expect("a plane");
    assert!(Arc::ptr_eq(&now.slice, &chart.slice) && now.window == chart.window);
    assert!(desk.session.landscape().sheet().is_some_and(|sheet| sheet.is_finest));
}

#[test]
fn the_loss_is_found_over_all_that_a_picture_shows_and_the_plane_stays() {
    let mut desk = desk(NET);
    desk.run_to_end();
    desk.settle();
    let chart = Arc::clone(desk.session.landscape().chart().expect("a plane"));
    let window = chart.window;
    assert_eq!(desk.session.landscape().sheet().expect("heights").window, window);
    for shape in [3.0, 3.01, 0.4] {
        desk.session.apply(Action::ShapeLandscape(shape));
        desk.settle();
        let landscape = desk.session.landscape();
        let now = landscape.chart().expect("a plane");
        assert!(Arc::ptr_eq(&now.slice, &chart.slice) && now.window == window);
        let sheet = landscape.sheet().expect("heights");
        let (wide, high) =
            (sheet.window.x.1 - sheet.window.x.0, sheet.window.y.1 - sheet.window.y.0);
        // As wide as the picture, unless a range would more than double.
        let slope = wide / high / fillable([window.x, window.y], [1.0, 1.0], shape);
        assert!(sheet.is_finest && (1.0 / 1.26..1.26).contains(&slope), "{slope} of {shape}");
        // What the bowl shows is the part around the paths, at the same heights.
        let part = sheet.part(window);
        let corner = sheet.height([window.x.0, window.y.0]).expect("inside");
        assert_eq!(part.len(), sheet.heights.len());
        assert!((part[0] - corner).abs() < 1e-9);
        assert!(part.iter().all(|height| height.is_finite()));
    }
}

#[test]
fn another_plane_is_laid_when_the_view_asks_for_one_and_old_work_is_dropped() {
    let mut desk = desk(NET);
    desk.run_to_end();
    for seed in 1..20 {
        // Faster than any of them can be finished.
        desk.set("plane", &format!("Random(seed: {seed})"));
    }
    desk.settle();
    let kind = |desk: &Story| desk.session.landscape().chart().expect("a plane").slice.kind.clone();
    assert_eq!(kind(&desk), SliceKind::Random { seed: 19 });
    let centre = |desk: &Story| {
        let sheet = desk.session.landscape().sheet().expect("heights");
        sheet.heights[sheet.heights.len() / 2]
    };
    let loss = desk.session.lanes()[0].latest().expect("measured").evaluation.full_loss;
    assert!((centre(&desk) - loss).abs() < 1e-12, "the middle is where the first lane is");
    desk.set("plane", "Parameters(0, 9)");
    desk.settle();
    assert_eq!(kind(&desk), SliceKind::Parameters([0, 9]));
    let names = desk.session.landscape().chart().expect("a plane").names.clone();
    assert_eq!(names, ["hidden1.weights[0, 0]", "hidden1.biases[1]"]);
    desk.set("plane", "Parameters(0, 900)");
    desk.until("a reason", |s| s.landscape().problem().is_some());
    let problem = desk.session.landscape().problem().expect("a reason");
    assert_eq!(problem, "Parameters 0 and 900 are not two of the 17, counted from 0.");
    // Undo takes the view back, and with it the plane.
    desk.session.apply(Action::Undo);
    desk.settle();
    assert_eq!(kind(&desk), SliceKind::Parameters([0, 9]));
    desk.session.apply(Action::WatchLandscape(false));
    assert!(!desk.session.landscape().is_working());
}

/// Two parameters are looked at on their own scale from the first, and around the paths in the end.
#[test]
fn the_plane_of_two_parameters_holds_the_lanes_before_and_after_training() {
    let mut desk = desk(NET);
    desk.set("plane", "Parameters(0, 9)");
    desk.settle();
    let window = desk.session.landscape().chart().expect("a plane").window;
    assert!(window.x.1 - window.x.0 > 0.5 && window.y.1 - window.y.0 > 0.5, "{window:?}");
    desk.run_to_end();
    desk.until("the plane of the whole run", |s| {
        s.has_its_landscape() && s.landscape().chart().is_some_and(|c| c.furthest == 160)
    });
    let landscape = desk.session.landscape();
    let window = landscape.chart().expect("a plane").window;
    for lane in desk.session.lanes() {
        assert!(landscape.path(lane).iter().all(|(_, spot)| window.holds(spot.at)));
    }
}

#[test]
fn lanes_of_another_model_are_named_and_not_shown() {
    let text = NET.replace(
        "(name: \"Adam\",",
        "(name: \"wide\", model: (hidden: [Dense(units: 9, activation: Tanh)]), \
         optimizer: Sgd(learning_rate: 0.1)), \
         (name: \"bent\", model: (hidden: [Dense(units: 4, activation: Relu)]), \
         optimizer: Sgd(learning_rate: 0.1)), (name: \"Adam\",",
    );
    let mut desk = desk(&text);
    desk.run_to_end();
    desk.settle();
    let landscape = desk.session.landscape();
    let apart = &landscape.chart().expect("a plane").apart;
    assert_eq!(apart, &[(desk.id(1), Apart::Model), (desk.id(2), Apart::Loss)]);
    let shown: Vec<bool> =
        desk.session.lanes().iter().map(|lane| landscape.spot(lane).is_some()).collect();
    assert_eq!(shown, [true, false, true, true]);
}

#[test]
fn a_lane_starts_where_the_plane_was_clicked_in_one_undo_step() {
    for text in [RAVINE, LINE, NET] {
        let mut desk = desk(text);
        desk.run_to_end();
        desk.settle();
        let chart = Arc::clone(desk.session.landscape().chart().expect("a plane"));
        let at = [
            chart.window.x.0 * 0.3 + chart.window.x.1 * 0.7,
            chart.window.y.0 * 0.6 + chart.window.y.1 * 0.4,
        ];
        let lanes = desk.session.lane_ids().len();
        let before = desk.session.draft().text().to_owned();
        desk.session.apply(Action::StartLaneAt(at));
        assert_eq!(desk.session.lane_ids().len(), lanes + 1);
        desk.until("the lane is built", |s| !s.is_busy() && s.lanes().len() == lanes + 1);
        desk.until("its path", |s| {
            let new = s.lanes().last().expect("a lane");
            s.landscape().spot(new).is_some() && s.has_its_landscape()
        });
        let new = desk.session.lanes().last().expect("a lane");
        assert!(new.name().starts_with("SGD from ("), "{}", new.name());
        let landscape = desk.session.landscape();
        let kept = landscape.chart().expect("a plane");
        assert_eq!((&kept.slice, kept.window), (&chart.slice, chart.window), "the plane stays");
        if let Some(start) = new.spec.start {
            assert!((start.0 - at[0]).hypot(start.1 - at[1]) < 1e-3);
        } else {
            let spot = landscape.spot(new).expect("a place");
            let size = chart.window.x.1 - chart.window.x.0;
            let far = (spot.at[0] - at[0]).hypot(spot.at[1] - at[1]);
            assert!(far < 1e-3 * size && spot.off < 1e-9, "{spot:?} {at:?}");
        }
        desk.session.apply(Action::Undo);
        assert_eq!(desk.session.draft().text(), before);
        assert_eq!(desk.session.lane_ids().len(), lanes);
    }
}

#[test]
fn no_lane_starts_where_too_many_parameters_would_have_to_be_written() {
    let wide = NET.replace("units: 4", "units: 400");
    let mut desk = desk(&wide);
    desk.until("a plane", |s| s.landscape().chart().is_some());
    desk.session.apply(Action::StartLaneAt([0.0, 0.0]));
    assert_eq!(desk.session.lane_ids().len(), 2);
    let said = desk.session.notices().iter().any(|n| n.text.contains("its 1601 parameters"));
    assert!(said, "{:?}", desk.session.notices());
}

#[test]
fn a_window_follows_a_lane_that_walks_out_and_a_runaway_does_not_spoil_it() {
    let mut text = LINE.replace("epochs: 20", "epochs: 60").replace("0.05", "0.02");
    text.truncate(text.rfind("],").expect("the lanes' end"));
    text += ", (name: \"away\", optimizer: Sgd(learning_rate: 50.0))],\n)";
    let mut desk = desk(&text);
    desk.settle();
    desk.run_to_end();
    desk.until("the last plane", |s| {
        let chart = s.landscape().chart().expect("a plane");
        let lane = &s.lanes()[0];
        let inside = s.landscape().spot(lane).is_some_and(|spot| chart.window.holds(spot.at));
        inside && s.has_its_landscape()
    });
    let chart = desk.session.landscape().chart().expect("a plane");
    let width = chart.window.x.1 - chart.window.x.0;
    assert!(width < 1e4, "the runaway would make it {width} wide");
}

#[test]
fn on_a_surface_the_window_follows_too() {
    let text = RAVINE.replace("Rosenbrock, start: (-1.5, 2.0)", "Saddle, start: (0.5, 0.01)");
    let mut desk = desk(&text.replace("0.001", "0.02"));
    desk.settle();
    let before = desk.session.landscape().chart().expect("a plane").window;
    desk.run_to_end();
    desk.until("a wider window", |s| {
        s.has_its_landscape() && s.landscape().chart().is_some_and(|c| c.window != before)
    });
    let after = desk.session.landscape().chart().expect("a plane").window;
    assert!(after.y.1 > before.y.1 && after.x == before.x, "{before:?} {after:?}");
}

#[test]
fn what_drives_lanes_is_told_of_the_states_that_are_shown() {
    let mut desk = desk(NET);
    desk.set("arrows", "true");
    for id in desk.session.lane_ids().to_vec() {
        let wanted = vec![PictureRequest::Parameters, PictureRequest::State];
        desk.session.apply(Action::Watch(id, wanted));
    }
    desk.run_to_end();
    desk.until("arrows", |s| s.has_its_landscape() && s.landscape().thrusts().len() == 2);
    let thrusts = desk.session.landscape().thrusts();
    assert!(thrusts.iter().all(|thrust| thrust.step == 160));
    assert!(thrusts[0].momentum.is_none() && thrusts[0].squares.is_none(), "plain descent");
    assert!(thrusts[1].momentum.is_some() && thrusts[1].squares.is_some(), "Adam");
    let [x, y] = thrusts[0].gradient;
    let [dx, dy] = thrusts[0].step_taken;
    assert!((dx + 0.1 * x).abs() < 1e-12 && (dy + 0.1 * y).abs() < 1e-12, "a step down it");
}
