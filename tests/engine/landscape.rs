//! The loss around the lanes: planes against NumPy, heights against evaluations, directions by their laws.

use std::sync::Arc;

use downhill::experiment::{LanePlan, TaskPlan};
use downhill::lab::{Slice, SliceKind, Specimen, Survey, Window, filter_normalised, thrust};
use downhill::model::{ParamLayout, TensorKind};
use downhill::objective::Regularize;
use downhill::train::{AnyTrainer, Place};

use crate::fixtures::{assert_close, list, number, numbers, read};
use crate::plans::{chosen, data, learning, model, small, surface};

fn layout(len: usize) -> ParamLayout {
    let mut layout = ParamLayout::default();
    layout.push("output.weights", TensorKind::Weights, 1, len);
    layout
}

fn trained(plan: &LanePlan, steps: u64) -> AnyTrainer {
    let mut trainer = AnyTrainer::new(plan).expect("a plan that can be trained");
    while trainer.step() < steps && trainer.end().is_none() {
        trainer.replay(steps - trainer.step());
    }
    trainer
}

fn path(places: &[Vec<f64>]) -> Vec<Place> {
    (0..).zip(places).map(|(step, place)| (step, place.as_slice().into())).collect()
}

#[test]
fn principal_components_are_those_of_numpy() {
    let fixture = read("principal.json");
    let places: Vec<Vec<f64>> = list(&fixture["places"]).iter().map(numbers).collect();
    let (first, second) = places.split_at(number(&fixture["first_path"]) as usize);
    let paths = [path(first), path(second)];
    let paths = [&*paths[0], &*paths[1]];
    let slice = Slice::through(&paths, &layout(6)).expect("places that differ");
    let SliceKind::Paths { explained, places: count } = slice.kind else { panic!() };
    assert_eq!(count, 12);
    assert_close(&explained, &numbers(&fixture["explained"]), 1e-12, "explained");
    // The first place lies at the left and below; numpy's components have no such sides.
    let start = numbers(&list(&fixture["at"])[0]);
    for ((place, at), off) in places.iter().zip(list(&fixture["at"])).zip(numbers(&fixture["off"]))
    {
        let spot = slice.spot(place).expect("of this size");
        let turned: Vec<f64> =
            numbers(at).iter().zip(&start).map(|(x, start)| -x * start.signum()).collect();
        assert_close(&spot.at, &turned, 1e-12, "coordinates");
        assert_close(&[spot.off], &[off], 1e-12, "distance from the plane");
        let back = slice.spot(&slice.point(spot.at)).expect("of this size");
        assert_close(&back.at, &spot.at, 1e-12, "a point is where it was");
        assert!(back.off < 1e-12, "a point of the plane lies on it");
    }
    assert_eq!(slice.spot(&[0.0; 5]), None, "of another model");
}

/// Whatever planes there were before, and whichever side the components came out on.
#[test]
fn the_first_path_sets_out_at_the_left_and_below() {
    let fixture = read("principal.json");
    let mut places: Vec<Vec<f64>> = list(&fixture["places"]).iter().map(numbers).collect();
    for _ in 0..places.len() {
        places.rotate_left(1);
        let mirrored = places.iter().map(|place| place.iter().map(|x| -x).collect());
        for places in [places.clone(), mirrored.collect()] {
            let slice = Slice::through(&[&path(&places)], &layout(6)).expect("they differ");
            let at = slice.spot(&places[0]).expect("of this size").at;
            assert!(at[0] < 0.0 && at[1] < 0.0, "{at:?}");
        }
    }
}

#[test]
fn a_plane_by_hand_and_planes_that_cannot_be() {
    // A right angle of 3 and 1 in three dimensions: all variance lies in the plane of the first two.
    let cross = [[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]];
    let places: Vec<Vec<f64>> = cross.iter().map(|[x, y]| vec![*x, *y, 7.0]).collect();
    let slice = Slice::through(&[&path(&places)], &layout(3)).expect("they differ");
    let SliceKind::Paths { explained, .. } = slice.kind else { panic!() };
    assert_close(&explained, &[0.9, 0.1], 1e-14, "18 of 20 and 2 of 20");
    let spot = slice.spot(&[1.0, 2.0, 9.0]).expect("of this size");
    assert_close(&[spot.at[0], spot.at[1], spot.off], &[-1.0, 2.0, 2.0], 1e-12, "spot");
    let still = path(&[vec![1.0, 2.0], vec![1.0, 2.0]]);
    assert_eq!(Slice::through(&[&still], &layout(2)), None, "nothing moved");
    // On a straight way there is one component, and a plane all the same.
    let straight = path(&[vec![0.0; 3], vec![1.0; 3], vec![2.0; 3]]);
    let slice = Slice::through(&[&straight], &layout(3)).expect("it moved");
    let SliceKind::Paths { explained, .. } = slice.kind else { panic!() };
    assert_close(&explained, &[1.0, 0.0], 1e-12, "one component");
    assert!(straight.iter().all(|(_, at)| slice.spot(at).expect("of this size").off < 1e-12));
    // What is not finite does not say where the plane lies.
    let mut away = places;
    away.extend([vec![1.0, f64::INFINITY, 2.0], vec![f64::NAN; 3]]);
    let slice = Slice::through(&[&path(&away)], &layout(3)).expect("they differ");
    let SliceKind::Paths { explained, .. } = slice.kind else { panic!() };
    assert_close(&explained, &[0.9, 0.1], 1e-14, "as without them");
    assert_eq!(Slice::of_parameters(&[1.0, 2.0], [1, 1]), None);
    assert_eq!(Slice::of_parameters(&[1.0, 2.0], [0, 2]), None);
}

#[test]
fn random_directions_are_as_long_as_the_weights_row_by_row() {
    let trainer = trained(&small(), 30);
    let (params, layout) = (trainer.params(), trainer.layout().clone());
    let direction = filter_normalised(&params, &layout, 3, 0);
    let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
    for tensor in &layout.tensors {
        let (drawn, own) = (&direction[tensor.range()], &params[tensor.range()]);
        if tensor.kind == TensorKind::Weights {
            for (drawn, own) in drawn.chunks(tensor.cols).zip(own.chunks(tensor.cols)) {
                assert!((norm(drawn) - norm(own)).abs() < 1e-12, "{}", tensor.name);
            }
        } else {
            assert!(drawn.iter().all(|x| *x == 0.0), "{} stays", tensor.name);
        }
    }
    assert_eq!(direction, filter_normalised(&params, &layout, 3, 0), "a seed is a direction");
    assert_ne!(direction, filter_normalised(&params, &layout, 3, 1));
    assert_ne!(direction, filter_normalised(&params, &layout, 4, 0));
    // Weights twice as large: directions twice as long, the same picture (Li et al., section 4).
    let doubled: Vec<f64> = params.iter().map(|x| 2.0 * x).collect();
    let twice: Vec<f64> = direction.iter().map(|x| 2.0 * x).collect();
    assert_close(&filter_normalised(&doubled, &layout, 3, 0), &twice, 1e-12, "scaled");
    assert!(Slice::random(&vec![0.0; params.len()], &layout, 1).is_none(), "no weights, no length");
}

/// Heights of a plane through a lane's parameters are what its evaluation says there.
fn heights_are_evaluations(plan: &LanePlan, what: &str) {
    let mut trainer = trained(plan, 20);
    let params = trainer.params();
    let full_loss = trainer.evaluate().full_loss;
    let slice = match &plan.task {
        TaskPlan::Surface { .. } => Slice::whole(),
        TaskPlan::Learn(_) => Slice::random(&params, trainer.layout(), 1).expect("weights"),
    };
    let [x, y] = slice.spot(&params).expect("of this model").at;
    let window = Window { x: (x - 1.0, x + 1.0), y: (y - 2.0, y + 2.0) };
    let mut survey = Survey::new(plan, trainer.regularize(), Arc::new(slice.clone()), window)
        .expect("a plan that can be trained");
    let mut asked = 0;
    let mut go_on = || {
        asked += 1;
        true
    };
    let coarse = survey.refine(&mut go_on).expect("a first sheet");
    let fine = survey.refine(&mut go_on).expect("a second sheet");
    assert_eq!((coarse.side, fine.side), (11, 21));
    assert_eq!(asked, 21 * 21, "{what}: no point is asked twice");
    for sheet in [&coarse, &fine] {
        let centre = sheet.heights[sheet.heights.len() / 2];
        assert_close(&[centre], &[full_loss], 1e-12, what);
        let between = sheet.height([x, y]).expect("inside");
        assert_close(&[between], &[centre], 1e-9, "between points, at one of them");
    }
    let corner = slice.point([x - 1.0, y + 2.0]);
    let mut other = plan.clone();
    let learns = match &mut other.task {
        TaskPlan::Learn(learn) => {
            learn.init = chosen(&format!("Values({corner:?})"));
            true
        }
        TaskPlan::Surface { start, .. } => {
            *start = [corner[0], corner[1]];
            false
        }
    };
    let there = trained(&other, 0).evaluate().full_loss;
    assert_close(&[fine.heights[20 * 21]], &[there], 1e-12, what);
    assert_eq!(fine.height([x + 1.01, y]), None, "outside {learns}");
    assert_eq!(survey.refine(&mut || false), None, "stale work is given up");
}

#[test]
fn heights_of_all_sorts_of_objectives_are_those_of_evaluations() {
    let mut ravine = surface("Rosenbrock", [-1.5, 2.0]);
    ravine.optimizer = chosen("Sgd(learning_rate: 0.0005)");
    heights_are_evaluations(&ravine, "a surface");
    heights_are_evaluations(&small(), "a small network");
    let blobs = || data("Blobs(samples: 300, features: 3, centers: 3, std: 2.0, seed: 2)", None);
    heights_are_evaluations(&learning(blobs(), model("(hidden: [])"), "CrossEntropy"), "linear");
    let text = "(hidden: [Dense(units: 12, activation: Relu), Dropout(rate: 0.5), LayerNorm])";
    let mut plan = learning(blobs(), model(text), "CrossEntropy");
    if let TaskPlan::Learn(learn) = &mut plan.task {
        learn.regularize = Regularize { l1: 0.01, l2: 0.1 };
    }
    heights_are_evaluations(&plan, "with dropout, norms and penalties");
}

#[test]
fn a_thrust_is_what_the_microscope_shows_of_every_parameter() {
    let mut plan = small();
    for (optimizer, has) in [
        ("Sgd(learning_rate: 0.1)", [false, false]),
        ("Sgd(learning_rate: 0.1, momentum: 0.9)", [true, false]),
        ("Adagrad(learning_rate: 0.1)", [false, true]),
        ("Adam(learning_rate: 0.1)", [true, true]),
    ] {
        plan.optimizer = chosen(optimizer);
        let mut trainer = trained(&plan, 13);
        let state = Arc::new(trainer.checkpoint());
        let found = thrust(&Specimen { plan: Arc::new(plan.clone()), state }).expect("it descends");
        assert_eq!(found.step, 13);
        assert_eq!([found.momentum.is_some(), found.squares.is_some()], has, "{optimizer}");
        let explained: Vec<_> =
            (0..trainer.params().len()).map(|i| trainer.explain_next(i)).collect();
        for (index, told) in explained.iter().enumerate() {
            assert_eq!(found.gradient[index], told.treated);
            let symbol = |symbols: [&str; 2]| {
                told.stages.iter().rfind(|stage| symbols.contains(&stage.symbol)).map(|s| s.value)
            };
            assert_eq!(found.momentum.as_ref().map(|all| all[index]), symbol(["m", "b"]));
            assert_eq!(found.squares.as_ref().map(|all| all[index]), symbol(["v", "s"]));
        }
        let before = trainer.params();
        trainer.replay(1);
        let moved: Vec<f64> = trainer.params().iter().zip(&before).map(|(a, b)| a - b).collect();
        assert_eq!(found.step_taken, moved, "{optimizer}");
    }
    plan.optimizer = chosen("RandomSearch()");
    let state = Arc::new(trained(&plan, 3).checkpoint());
    let refused = thrust(&Specimen { plan: Arc::new(plan), state });
    assert!(refused.is_err(), "a search follows no gradient");
}

#[test]
fn a_window_has_room_around_all_that_is_finite() {
    let points = [[0.0, 0.0], [10.0, 1.0], [f64::NAN, 3.0], [f64::INFINITY, 1e9]];
    let window = Window::around(points.into_iter(), 0.1);
    assert!(window.holds([0.0, 0.0]) && window.holds([10.0, 1.0]) && !window.holds([5.0, 9.0]));
    assert!(window.distance([5.0, 0.5]) < 1e-12 && window.distance([12.0, 0.5]) == 1.0);
    let nothing = Window::around(std::iter::empty(), 2.0);
    assert!(nothing.holds([0.1, -0.1]) && !nothing.holds([2.0, 0.0]));
}
