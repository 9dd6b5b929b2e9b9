//! A look inside a model: what it shows is what the model computes, and it leaves no trace.

use std::sync::Arc;
use std::sync::mpsc::TrySendError;
use std::time::{Duration, Instant};

use downhill::data::{BatchSize, NoFiles, Scaling, load, split};
use downhill::experiment::{LanePlan, TaskPlan};
use downhill::metrics::Histogram;
use downhill::numeric::Precision;
use downhill::train::{
    Allowance, AnyTrainer, Command, Event, LaneHandle, LayersInside, Permits, Picture, PictureKind,
    PictureRequest, Target, spawn,
};
use ndarray::{Array1, Array2, Axis};

use crate::plans::{chosen, learning, model, small};

/// Two hidden layers on scaled data of three features, with penalties.
fn deep(network: &str) -> LanePlan {
    let dataset = load(&chosen("Blobs(samples: 60, features: 3, centers: 3, seed: 4)"), &NoFiles)
        .expect("a generator needs no file");
    let split = Arc::new(split(&dataset, None, Some(Scaling::Standard)).expect("it splits"));
    let mut plan = learning(split, model(network), "CrossEntropy");
    plan.batch_size = BatchSize::Rows(8);
    plan
}

const TWO: &str =
    "(hidden: [Dense(units: 5, activation: Tanh), Dense(units: 4, activation: Relu)])";

fn trained(plan: &LanePlan, step: u64) -> AnyTrainer {
    let mut trainer = AnyTrainer::new(plan).expect("a plan that can be trained");
    while trainer.step() < step {
        trainer.replay(step - trainer.step());
    }
    trainer
}

/// What every layer says for rows as the network reads them, layer by layer, by matrices.
fn said(trainer: &AnyTrainer, x: &Array2<f64>) -> Vec<Array2<f64>> {
    let params = trainer.params();
    let mut input = x.clone();
    let mut all = Vec::new();
    for part in trainer.parts() {
        let weights = Array2::from_shape_vec(
            (part.units, part.inputs),
            params[part.weights.clone()].to_vec(),
        );
        let biases = Array1::from_vec(params[part.biases.clone()].to_vec());
        let sums = input.dot(&weights.expect("a matrix").t()) + &biases;
        let said = match part.activation {
            "Tanh" => sums.mapv(f64::tanh),
            "Relu" => sums.mapv(|z| z.max(0.0)),
            _ if part.units == 1 => sums.mapv(|z| 1.0 / (1.0 + (-z).exp())),
            _ => {
                let powers = sums.mapv(f64::exp);
                let totals = powers.sum_axis(Axis(1)).insert_axis(Axis(1));
                powers / totals
            }
        };
        all.push(said.clone());
        input = said;
    }
    all
}

/// The pictures that a lane's thread takes where it stands after `step` updates.
fn pictures(plan: &LanePlan, step: u64, requests: &[PictureRequest]) -> Vec<Picture> {
    let mut lane: LaneHandle =
        spawn(plan.clone(), Permits::new(1), &Allowance::of_checkpoints(), Arc::new(|| {}));
    let mut found: Vec<Picture> = Vec::new();
    let commands = [Command::Watch(requests.to_vec()), Command::Run(Target::Step(step))];
    for mut command in commands {
        while let Err(TrySendError::Full(back)) = lane.try_send(command) {
            command = back;
        }
    }
    let begin = Instant::now();
    while found.iter().filter(|picture| picture.step == step).count() < requests.len() {
        assert!(begin.elapsed() < Duration::from_mins(1), "no pictures");
        lane.wait(Duration::from_millis(20), |event| {
            if let Event::Picture(picture) = event {
                found.retain(|other| other.step == picture.step);
                found.push(picture);
            }
        });
    }
    found
}

fn layers(plan: &LanePlan, step: u64) -> Arc<LayersInside> {
    let found = pictures(plan, step, &[PictureRequest::Layers]);
    let PictureKind::Layers(layers) = &found[0].kind else { panic!("{found:?}") };
    Arc::clone(layers)
}

#[test]
fn maps_of_units_are_what_the_units_say() {
    let plan = deep(TWO);
    let request = PictureRequest::Units {
        features: [2, 0],
        x: (-9.0, 9.0),
        y: (-5.0, 7.0),
        cells: (9, 6),
        shown: vec![1..4, 0..9],
    };
    let found = pictures(&plan, 40, std::slice::from_ref(&request));
    let PictureKind::Units { request: shown, outputs, width, grain: 1 } = &found[0].kind else {
        panic!("{found:?}")
    };
    assert_eq!((shown, *width), (&request, 3 + 4 + 3), "of five units three, of four all");
    let TaskPlan::Learn(learn) = &plan.task else { panic!("it learns") };
    let scaler = learn.split.scaler.as_ref().expect("scaled");
    let means = learn.split.train.features.mean_axis(Axis(0)).expect("rows");
    let scaled = |feature: usize, x: f64| (x - scaler.shift[feature]) / scaler.scale[feature];
    let x = Array2::from_shape_fn((9 * 6, 3), |(cell, feature)| {
        let (i, j) = (cell % 9, cell / 9);
        match feature {
            2 => scaled(2, -9.0 + 18.0 * (i as f64 + 0.5) / 9.0),
            0 => scaled(0, -5.0 + 12.0 * (j as f64 + 0.5) / 6.0),
            _ => means[1],
        }
    });
    let expected = said(&trained(&plan, 40), &x);
    for (cell, shown) in outputs.chunks_exact(*width).enumerate() {
        let first = expected[0].row(cell).iter().skip(1).take(3).copied().collect::<Vec<_>>();
        let wanted = first.iter().chain(expected[1].row(cell)).chain(expected[2].row(cell));
        for (shown, wanted) in shown.iter().zip(wanted) {
            assert!((f64::from(*shown) - wanted).abs() < 1e-6, "cell {cell}: {shown} {wanted}");
        }
    }
}

#[test]
fn every_weight_activation_and_gradient_is_counted() {
    for precision in [Precision::F64, Precision::F32] {
        let mut plan = deep(TWO);
        plan.precision = precision;
        let found = layers(&plan, 25);
        assert_eq!((found.rows, found.is_all), (60, true));
        let TaskPlan::Learn(learn) = &plan.task else { panic!("it learns") };
        let trainer = trained(&plan, 25);
        let (params, said) = (trainer.params(), said(&trainer, &learn.split.train.features));
        let names: Vec<&str> = found.layers.iter().map(|layer| &*layer.part.name).collect();
        assert_eq!(names, ["hidden1", "hidden2", "output"]);
        for (layer, said) in found.layers.iter().zip(said) {
            let count = layer.part.units * layer.part.inputs;
            let weights = params[layer.part.weights.clone()].iter().copied();
            assert_eq!(layer.weights, Histogram::of(weights), "{}", layer.part.name);
            assert_eq!(layer.gradients.total(), count as u64);
            assert_eq!(layer.activations.total(), (60 * layer.part.units) as u64);
            let apart = Histogram::of(said.iter().copied());
            let pairs = layer.activations.counts.iter().zip(&apart.counts);
            // A number at an edge may fall to either side by rounding.
            let off: u32 = pairs.map(|(a, b)| a.abs_diff(*b)).sum();
            assert!(off <= 4 && layer.activations.exponent == apart.exponent, "{off}");
            let silent = (0..layer.part.units)
                .filter(|unit| said.column(*unit).iter().all(|a| *a == 0.0))
                .count();
            let rectifies = layer.part.name == "hidden2";
            assert_eq!(layer.dead, rectifies.then_some(silent));
        }
    }
}

#[test]
fn gradients_are_those_of_the_full_loss() {
    let plan = deep(TWO);
    let found = layers(&plan, 25);
    let mut trainer = trained(&plan, 25);
    // The length of the gradient from the bins, to the width of a bin, against the one measured.
    let mut squares = 0.0;
    for layer in &found.layers {
        for (bin, count) in layer.gradients.counts.iter().enumerate() {
            let (from, to) = (layer.gradients.edge(bin), layer.gradients.edge(bin + 1));
            let middle = f64::midpoint(from, to);
            squares += f64::from(*count) * middle * middle;
        }
        assert_eq!(layer.gradients.outside(), 0, "so few that none is left out");
    }
    let norm = trainer.evaluate().gradient_norm;
    assert!(squares.sqrt() <= norm * 1.1 && squares.sqrt() > norm * 0.5, "{squares} {norm}");
}

#[test]
fn the_ratio_of_a_layer_is_how_far_its_weights_moved_by_how_long_they_are() {
    let plan = deep(TWO);
    let found = layers(&plan, 25);
    let (before, after) = (trained(&plan, 24).params(), trained(&plan, 25).params());
    for layer in &found.layers {
        let weights = layer.part.weights.clone();
        let length = |numbers: &mut dyn Iterator<Item = f64>| numbers.map(|x| x * x).sum::<f64>();
        let moved = before[weights.clone()].iter().zip(&after[weights.clone()]);
        let moved = length(&mut moved.map(|(a, b)| b - a)).sqrt();
        let long = length(&mut after[weights].iter().copied()).sqrt();
        let ratio = layer.update_ratio.expect("an update was made");
        assert!((ratio / (moved / long) - 1.0).abs() < 1e-12, "{ratio} {}", moved / long);
    }
    assert!(layers(&plan, 0).layers.iter().all(|layer| layer.update_ratio.is_none()));
}

#[test]
fn units_that_never_speak_are_counted() {
    let mut plan = deep("(hidden: [Dense(units: 6, activation: Relu)])");
    let TaskPlan::Learn(learn) = &mut plan.task else { panic!("it learns") };
    learn.init = chosen("Zeros");
    plan.optimizer = chosen("Sgd(learning_rate: 0.0)");
    let found = layers(&plan, 3);
    assert_eq!(found.layers[0].dead, Some(6));
    assert_eq!(found.layers[1].dead, None, "an output is not a rectifier");
    assert_eq!(found.layers[0].update_ratio, None, "weights of length 0 have no ratio");
}

#[test]
fn looking_inside_between_two_updates_changes_neither() {
    let networks =
        [TWO, "()", "(hidden: [Dense(units: 5, activation: Relu), LayerNorm, Dropout(rate: 0.5)])"];
    for plan in networks.map(deep).into_iter().chain([small()]) {
        let quiet = trained(&plan, 30);
        let mut looked = AnyTrainer::new(&plan).expect("a trainer");
        let width = plan_width(&plan);
        for _ in 0..30 {
            let rows = Array2::from_elem((3, width), 0.5);
            looked.units(rows.view(), &[0..2]).expect("a network");
            looked.last_moves();
            looked.replay(1);
        }
        assert_eq!(looked.params(), quiet.params());
        let requests = [PictureRequest::Layers, PictureRequest::Parameters];
        for picture in pictures(&plan, 30, &requests) {
            if let PictureKind::Parameters(params) = picture.kind {
                assert_eq!(*params, *quiet.params());
            }
        }
    }
}

fn plan_width(plan: &LanePlan) -> usize {
    match &plan.task {
        TaskPlan::Learn(learn) => learn.split.train.width(),
        TaskPlan::Surface { .. } => 0,
    }
}
