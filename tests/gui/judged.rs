//! What the tiles say of rows, chosen and moved as a person does: by role and label.

use downhill::data::Targets;
use downhill::experiment::Metric;
use downhill::metrics::{Confusion, predicted_class};
use downhill::train::{MapPlane, PictureKind, PictureRequest, RowSet};
use eframe::egui::accesskit::Role;
use eframe::egui::{Key, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use super::desk::{Desk, desk, press, settle, wait_for};

const TWO: &str = r#"(
    version: 1,
    name: "Judged",
    task: Learn(
        data: Moons(samples: 120, noise: 0.3, seed: 1),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: [Dense(units: 6, activation: Relu)]),
    ),
    training: (epochs: 4, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.02)),
    ],
)"#;

const NUMBERS: &str = r#"(
    version: 1,
    task: Learn(data: Regression(samples: 60, features: 3, seed: 1), loss: MeanSquaredError),
    training: (epochs: 2),
    lanes: [(name: "SGD", optimizer: Sgd(learning_rate: 0.01))],
)"#;

fn trained(text: &str) -> Harness<'static, Desk> {
    let mut h = desk(text);
    h.state_mut().session_mut().hurry_to(u64::MAX);
    wait_for(&mut h, downhill::session::Session::is_over);
    h
}

/// Draws until the tiles show what was chosen.
fn look(h: &mut Harness<'_, Desk>) {
    settle(h);
    wait_for(h, |s| s.lanes().iter().all(downhill::session::Lane::has_its_pictures));
    h.run_ok();
}

/// Chooses what the tiles show, out of the menu where the choice is folded.
fn choose(h: &mut Harness<'_, Desk>, name: &str) {
    let is_folded = h.query_by_role_and_label(Role::RadioButton, name).is_none();
    if let Some(menu) = pictures(h, "Tiles: ").first().filter(|_| is_folded) {
        press(h, menu);
    }
    h.get_by_role_and_label(Role::RadioButton, name).click();
    h.run_ok();
    look(h);
}

/// The names of pictures that contain `part`.
fn pictures(h: &Harness<'_, Desk>, part: &str) -> Vec<String> {
    let found = h.query_all_by_label_contains(part);
    found.filter_map(|node| node.accesskit_node().label()).collect()
}

#[test]
fn one_choice_sets_all_tiles_and_says_of_which_rows() {
    let mut h = trained(TWO);
    choose(&mut h, "Tiles show: matrix");
    let found = pictures(&h, "Confusion matrix of ");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|name| name.contains("held out, 30 rows")), "{found:?}");
    choose(&mut h, "Rows judged: training");
    let found = pictures(&h, "Confusion matrix of Adam");
    assert!(found[0].contains("training, 90 rows"), "{found:?}");
    let accuracy = h.state().session().lanes()[1].latest().expect("it was trained");
    let accuracy = accuracy.evaluation.train.accuracy.expect("there are classes");
    assert!(found[0].contains(&format!("{:.1} % right", 100.0 * accuracy)), "{found:?}");
    choose(&mut h, "Tiles show: rows");
    assert!(pictures(&h, "Confusion matrix of ").is_empty());
    h.get_all_by_label("activation").next().expect("the table of rows");
}

#[test]
fn what_the_tiles_show_is_kept_with_the_experiment_and_undone() {
    let mut h = trained(TWO);
    choose(&mut h, "Tiles show: ROC");
    choose(&mut h, "Rows judged: training");
    h.get_by_role_and_label(Role::Slider, "Threshold").set_value_accesskit(0.25);
    h.run_ok();
    let text = h.state().session().draft().text().to_owned();
    let kept = "tiles: (show: Roc, rows: Training, threshold: 0.25)";
    assert!(text.contains(kept), "{text}");
    let mut again = trained(&text);
    look(&mut again);
    let found = pictures(&again, "ROC curve of ");
    assert!(found.len() == 2 && found[1].ends_with("threshold 0.250"), "{found:?}");
    look(&mut h);
    assert_eq!(pictures(&h, "ROC curve of "), found);
    for _ in 0..3 {
        h.state_mut().session_mut().apply(downhill::session::Action::Undo);
    }
    look(&mut h);
    assert_eq!(h.state().session().draft().text(), TWO);
    assert!(pictures(&h, "ROC curve of ").is_empty());
}

#[test]
fn the_bar_of_the_pictures_has_a_key_of_the_classes() {
    let iris = TWO.replace("Moons(samples: 120, noise: 0.3, seed: 1)", "Iris");
    let mut h = trained(&iris);
    let has_key = |h: &Harness<'_, Desk>| {
        h.query_by_label_contains("Classes: setosa, versicolor, virginica").is_some()
    };
    assert!(has_key(&h));
    choose(&mut h, "Tiles show: matrix");
    assert!(!has_key(&h), "a matrix names them itself");
}

#[test]
fn the_threshold_moves_by_key_and_along_the_curve() {
    let mut h = trained(TWO);
    choose(&mut h, "Tiles show: ROC");
    let found = pictures(&h, "ROC curve of ");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|name| name.ends_with("threshold 0.500")), "{found:?}");
    h.get_by_role_and_label(Role::Slider, "Threshold").focus();
    h.run_ok();
    h.key_press(Key::ArrowRight);
    h.run_ok();
    let found = pictures(&h, "ROC curve of ");
    assert!(found.iter().all(|name| name.ends_with("threshold 0.510")), "{found:?}");
    // Where every row passes: the upper right end of the curve.
    let name = pictures(&h, "ROC curve of Adam").remove(0);
    let plot = h.get_by_label(&name).rect();
    let end = pos2(plot.right() - 7.0, plot.top() + 7.0);
    h.drag_at(end);
    h.step();
    h.drop_at(end);
    h.run_ok();
    let lowest = h.state().session().lanes()[1].outputs(RowSet::HeldOut);
    let lowest = lowest.expect("outputs").outputs.iter().copied().fold(1.0, f64::min);
    let found = pictures(&h, "ROC curve of ");
    let says = format!("threshold {lowest:.3}");
    assert!(found.iter().all(|name| name.ends_with(&says)), "{found:?}, not {says}");
}

#[test]
fn the_plot_offers_what_applies_and_shows_it() {
    let mut h = trained(TWO);
    h.get_by_role_and_label(Role::Button, "Metric: Loss").click();
    h.run_ok();
    assert!(h.query_by_label("Mean absolute error").is_none(), "there are classes");
    assert!(h.query_by_label("Dead units").is_some(), "a layer rectifies");
    h.get_by_label("ROC AUC").click();
    h.run_ok();
    settle(&mut h);
    assert_eq!(h.state().session().view().metric, Metric::RocAuc);
    h.get_by_role_and_label(Role::Button, "Metric: ROC AUC");
    h.get_by_label("ROC AUC of all lanes");

    let mut h = trained(NUMBERS);
    h.get_by_role_and_label(Role::Button, "Metric: Loss").click();
    h.run_ok();
    assert!(h.query_by_label("Accuracy").is_none() && h.query_by_label("Dead units").is_none());
    assert!(
        h.query_by_label("R²").is_some() && h.query_by_label("Root mean squared error").is_some()
    );
}

#[test]
fn a_regression_says_what_its_picture_is_worth() {
    let mut h = trained(NUMBERS);
    look(&mut h);
    let lane = h.state().session().lanes()[0].latest().expect("it was trained").clone();
    let r2 = lane.evaluation.train.r2.expect("numbers");
    let found = pictures(&h, "Predictions of SGD");
    assert!(found[0].contains(&format!("training, 60 rows, R² {r2:.3}")), "{found:?}");
    assert!(h.query_by_label("Tiles show: matrix").is_none());
}

const FOUR: &str = r#"(
    version: 1,
    task: Learn(data: Iris, scale: Standard, held_out: (fraction: 0.2, seed: 1)),
    training: (epochs: 3, batch_size: 10),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.02)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.05)),
    ],
)"#;

/// Draws until the plane is known and the tiles show what was chosen.
fn look_at_plane(h: &mut Harness<'_, Desk>) {
    for _ in 0..2 {
        look(h);
        wait_for(h, |s| !s.is_projecting());
    }
    look(h);
}

/// How many rows a lane takes for another class, by its latest outputs, and how many there are.
fn wrong(h: &Harness<'_, Desk>, lane: usize, set: RowSet) -> (u64, u64) {
    let lane = &h.state().session().lanes()[lane];
    let Targets::Classes { labels, names } = &lane.rows(set).expect("rows").1.targets else {
        panic!("there are classes")
    };
    let said = lane.outputs(set).expect("outputs");
    let pairs = labels.iter().copied().zip(said.rows().map(predicted_class));
    let confusion = Confusion::of(names.len(), pairs);
    (confusion.rows() - confusion.right(), confusion.rows())
}

#[test]
fn rings_are_as_many_as_the_matrix_has_beside_its_diagonal() {
    let mut h = trained(FOUR);
    look_at_plane(&mut h);
    for (index, name) in ["SGD", "Adam"].into_iter().enumerate() {
        let found = pictures(&h, &format!("Regions of {name}"));
        let (training, of_training) = wrong(&h, index, RowSet::Training);
        let (held_out, of_held_out) = wrong(&h, index, RowSet::HeldOut);
        assert_eq!((of_training, of_held_out), (120, 30));
        assert!(training > 0, "there is something to mark");
        let says = format!(
            "wrong: {training} of 120 training rows, {held_out} of 30 held out (hollow), distances \
             off the plane not shown"
        );
        assert!(found[0].contains(&says), "{found:?}, not {says}");
        let latest = h.state().session().lanes()[index].latest().expect("it is measured");
        let accuracy = latest.evaluation.train.accuracy.expect("there are classes");
        assert!((accuracy - 1.0 + training as f64 / 120.0).abs() < 1e-12);
    }
}

#[test]
fn the_plane_of_many_features_is_chosen_for_all_tiles() {
    let mut h = trained(FOUR);
    look_at_plane(&mut h);
    let said = h.query_all_by_label_contains("distances off the plane not shown").count();
    assert!(said >= 2, "{said}");
    press(&mut h, "Axes: PC1 × PC2");
    h.get_by_role_and_label(Role::RadioButton, "Axes: two features").click();
    h.run_ok();
    h.get_by_role_and_label(Role::RadioButton, "up: petal_width_cm").click();
    h.run_ok();
    look_at_plane(&mut h);
    let named = |h: &Harness<'_, Desk>| {
        h.query_by_role_and_label(Role::Button, "Axes: sepal_length_cm × petal_width_cm").is_some()
    };
    assert!(named(&h), "{:?}", pictures(&h, "Axes: "));
    for lane in h.state().session().lanes() {
        let Some(PictureKind::Regions { request, .. }) =
            lane.pictures().regions.as_ref().map(|picture| &picture.kind)
        else {
            panic!("a map")
        };
        let PictureRequest::Regions { plane, .. } = request else { panic!("of a plane") };
        assert_eq!(*plane, MapPlane::Features([0, 3]));
    }
    assert!(pictures(&h, "Regions of Adam")[0].contains("the other features at their means"));
    // The axis that is taken changes places.
    if h.query_by_role_and_label(Role::RadioButton, "across: petal_width_cm").is_none() {
        press(&mut h, "Axes: sepal_length_cm × petal_width_cm");
    }
    h.get_by_role_and_label(Role::RadioButton, "across: petal_width_cm").click();
    h.run_ok();
    assert!(
        h.query_by_role_and_label(Role::Button, "Axes: petal_width_cm × sepal_length_cm").is_some()
    );
}

const CURVE: &str = r#"(
    version: 1,
    task: Learn(
        data: Regression(samples: 80, features: 1, noise: 4.0, seed: 1),
        held_out: (fraction: 0.25, seed: 1),
        scale: Standard,
        model: (hidden: [Dense(units: 8, activation: Tanh)]),
        loss: MeanSquaredError,
    ),
    training: (epochs: 8, batch_size: 10),
    lanes: [(name: "Adam", optimizer: Adam(learning_rate: 0.05))],
)"#;

#[test]
fn a_regression_of_one_feature_shows_its_curve_its_fit_and_what_is_left() {
    let mut h = desk(CURVE);
    for step in [4, 12, u64::MAX] {
        look(&mut h);
        h.state_mut().session_mut().hurry_to(step);
        wait_for(&mut h, |s| s.lanes().iter().all(|l| l.end().is_some() || l.status.step >= step));
    }
    look(&mut h);
    let lane = &h.state().session().lanes()[0];
    let picture = lane.pictures().regions.as_ref().expect("a curve");
    let PictureKind::Regions { request, outputs, .. } = &picture.kind else { panic!("a map") };
    assert_eq!(outputs.len(), 160, "a number at each place");
    let earlier = lane.traces().before(request, picture.step, 6);
    assert!(earlier.len() >= 2 && earlier[0].step == 0, "{}", earlier.len());
    assert!(earlier.iter().all(|trace| trace.values.len() == 160 && trace.lines.is_empty()));
    let r2 = lane.latest().and_then(|r| r.evaluation.held_out.as_ref()?.r2).expect("numbers");
    let says = format!("held out, 20 rows, R² {r2:.3}");
    for (view, what) in [("", "Fitted curve"), ("fit", "Predictions"), ("residuals", "Residuals")] {
        if !view.is_empty() {
            choose(&mut h, &format!("Tiles show: {view}"));
        }
        let found = pictures(&h, &format!("{what} of Adam"));
        assert!(found[0].contains(&says), "{found:?}, not {says}");
    }
}

#[test]
fn a_row_of_a_scatter_tells_its_number_under_the_pointer() {
    let mut h = trained(NUMBERS);
    look(&mut h);
    choose(&mut h, "Tiles show: residuals");
    let name = pictures(&h, "Residuals of SGD").remove(0);
    let plot = h.get_by_label(&name).rect();
    // Here and there, evenly, until a point is met.
    let told = (1..600).find_map(|i| {
        let part = |ratio: f32| (i as f32 * ratio).fract() * 0.9 + 0.05;
        let part = eframe::egui::vec2(part(0.754_877_7), part(0.569_840_3));
        h.hover_at(plot.min + part * plot.size());
        // Words come when the pointer has rested for a while.
        for _ in 0..6 {
            h.step();
        }
        let found = h.query_all_by_label_contains("target − prediction ");
        let texts = found.filter_map(|node| node.accesskit_node().value());
        texts.into_iter().find(|text| text.starts_with("row "))
    });
    let told = told.expect("there is a point somewhere");
    let number = |from: &str| -> f64 {
        let rest = told.split(from).nth(1).expect("it is told");
        let end = rest.find(|c: char| ", \n".contains(c)).unwrap_or(rest.len());
        rest[..end].parse().unwrap_or_else(|e| panic!("{told}: {e}"))
    };
    let lane = &h.state().session().lanes()[0];
    let (_, data) = lane.rows(RowSet::Training).expect("rows");
    let Targets::Values { values, .. } = &data.targets else { panic!("numbers") };
    let row = number("row ") as usize;
    let target = values[[row, 0]];
    assert!((number("target ") - target).abs() <= target.abs() * 1e-2, "{told}, not {target}");
}

const DIGITS: &str = r#"(
    version: 1,
    task: Learn(data: Digits, scale: Standard, held_out: (fraction: 0.25, seed: 1)),
    training: (steps: 30, batch_size: 20),
    lanes: [
        (name: "SGD", optimizer: Sgd(learning_rate: 0.02)),
        (name: "Adam", optimizer: Adam(learning_rate: 0.02)),
    ],
)"#;

#[test]
fn the_worst_mistakes_among_images_stand_first() {
    let mut h = trained(DIGITS);
    choose(&mut h, "Tiles show: mistakes");
    let lane = &h.state().session().lanes()[0];
    let Targets::Classes { labels, names } = &lane.rows(RowSet::HeldOut).expect("rows").1.targets
    else {
        panic!("there are classes")
    };
    let said = lane.outputs(RowSet::HeldOut).expect("outputs");
    assert_eq!(said.rows().len(), 450);
    // −ln of the true class's probability, by hand.
    let mut rows: Vec<(f64, usize, usize)> = Vec::new();
    for (truth, outputs) in labels.iter().zip(said.rows()) {
        let taken = predicted_class(outputs);
        if taken != *truth {
            rows.push((-outputs[*truth].ln(), *truth, taken));
        }
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let name = pictures(&h, "Mistakes of SGD").remove(0);
    assert!(name.contains(&format!("{} mistakes", rows.len())), "{name}");
    assert!(name.contains("held out, 450 rows"), "{name}");
    let told: Vec<&str> = name.rsplit(": ").next().expect("images").split(", ").collect();
    assert_eq!(told.len(), 5, "{told:?}");
    for (words, (_, truth, taken)) in told.iter().zip(&rows) {
        let wanted = format!("{} → {} ", names[*truth], names[*taken]);
        assert!(words.starts_with(&wanted) && words.ends_with('%'), "{words}, not {wanted}");
    }
    choose(&mut h, "Rows judged: training");
    assert!(pictures(&h, "Mistakes of SGD")[0].contains("training, 1347 rows"));
}

fn along(centers: usize) -> String {
    format!(
        r#"(
    version: 1,
    task: Learn(
        data: Blobs(samples: 90, features: 1, centers: {centers}, std: 0.8, seed: 3),
        held_out: (fraction: 0.25, seed: 1),
        model: (hidden: []),
    ),
    training: (epochs: 30, batch_size: 10),
    lanes: [
        (name: "Line", optimizer: Sgd(learning_rate: 0.1)),
        (name: "Net", optimizer: Adam(learning_rate: 0.02), model: (hidden: [Dense(units: 6, activation: Tanh)])),
    ],
)"#
    )
}

#[test]
fn classes_by_one_feature_have_a_picture_with_their_thresholds() {
    for centers in [2, 3] {
        let mut h = desk(&along(centers));
        for step in [4, 40, u64::MAX] {
            look(&mut h);
            h.state_mut().session_mut().hurry_to(step);
            wait_for(&mut h, |s| {
                s.lanes().iter().all(|l| l.end().is_some() || l.status.step >= step)
            });
        }
        look(&mut h);
        assert!(h.query_by_role_and_label(Role::RadioButton, "Tiles show: picture").is_some());
        for lane in h.state().session().lanes() {
            let name = format!("probability of classes by x1, {}", lane.name());
            let said = pictures(&h, &name).remove(0);
            let rows = lane.latest().expect("it was trained").evaluation.train.accuracy;
            let wrong = 67.0 * (1.0 - rows.expect("classes"));
            assert!(said.contains(&format!("wrong: {wrong:.0} of 67 training rows")), "{said}");
            assert!(said.contains("boundaries after "), "{said}");
            let picture = lane.pictures().regions.as_ref().expect("a map");
            let PictureKind::Regions { outputs, width, request, .. } = &picture.kind else {
                panic!("a map")
            };
            assert_eq!(outputs.len(), 160 * width);
            let PictureRequest::Regions { x, .. } = request else { panic!("a map") };
            // Where the answer turns between two places, there the threshold is told to lie.
            let answers: Vec<usize> = outputs
                .chunks(*width)
                .map(|said| {
                    predicted_class(&said.iter().map(|p| f64::from(*p)).collect::<Vec<_>>())
                })
                .collect();
            let turns: Vec<f64> = (1..160)
                .filter(|at| answers[*at] != answers[at - 1])
                .map(|at| x.0 + (x.1 - x.0) * at as f64 / 160.0)
                .collect();
            assert!(!turns.is_empty(), "it tells classes apart");
            let told = said.split("threshold").nth(1).expect("told").trim_start_matches('s');
            let told: Vec<f64> = told
                .split(", ")
                .map_while(|number| number.trim().replace('−', "-").parse().ok())
                .collect();
            assert_eq!(told.len(), turns.len(), "{said}, not {turns:?}");
            let cell = (x.1 - x.0) / 160.0;
            for (told, turn) in told.iter().zip(&turns) {
                assert!((told - turn).abs() < cell * 0.6, "{said}, not {turns:?}");
            }
        }
    }
}

#[test]
fn axes_of_one_unit_are_equal_and_the_map_covers_what_is_seen() {
    for (scale, wide) in [("None", 1.0), ("Standard", 1.0), ("None", 40.0)] {
        let rows: Vec<String> = (0..40)
            .map(|i| {
                let angle = f64::from(i) * 0.7;
                format!("[{:.4}, {:.4}]", wide * angle.cos(), angle.sin())
            })
            .collect();
        let targets: Vec<String> = (0..40).map(|i| (i % 2).to_string()).collect();
        let text = format!(
            "(version: 1, task: Learn(data: Inline(rows: [{}], targets: [{}]), scale: {scale}, \
             loss: CrossEntropy), training: (steps: 3), lanes: [(name: \"a\", optimizer: \
             Sgd(learning_rate: 0.1))])",
            rows.join(", "),
            targets.join(", ")
        );
        let mut h = trained(&text);
        look(&mut h);
        let lane = &h.state().session().lanes()[0];
        let picture = lane.pictures().regions.as_ref().expect("a map");
        let PictureKind::Regions { request: PictureRequest::Regions { x, y, cells, .. }, .. } =
            &picture.kind
        else {
            panic!("a map")
        };
        let slope = (x.1 - x.0) / (y.1 - y.0);
        let square = slope / cells.0 as f64 * cells.1 as f64;
        if wide > 1.0 {
            // Units so unlike are no units of one kind.
            assert!((slope - 40.0).abs() < 1.0 && cells.0 == cells.1, "{slope}, {cells:?}");
        } else {
            // Cells as wide as high over a part that is not square, because the tile is not.
            assert!((square - 1.0).abs() < 0.03, "{slope}, {cells:?}");
            assert!((slope - 1.0).abs() > 0.2, "{slope}");
            let ends = if slope > 1.0 { x } else { y };
            assert!(ends.1 - ends.0 > 2.5 && x.0 < -1.0 && y.1 > 1.0, "{x:?}, {y:?}");
        }
    }
}
