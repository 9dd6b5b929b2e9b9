//! Smoothing against `TensorBoard`'s formula in NumPy, and the axis of gradient evaluations against what
//! trainers count.

use std::sync::Arc;
use std::time::Duration;

use downhill::experiment::{ForkPlan, LanePlan, XAxis};
use downhill::numeric::Precision;
use downhill::series::{Axes, Curve, Series, Smoothed, SmoothedCurve};
use downhill::train::{AnyTrainer, Segment};

use crate::fixtures::{integers, list, number, numbers, read};
use crate::plans::{chosen, small, surface};

#[test]
fn a_smoothed_series_is_tensorboards() {
    let fixture = read("smoothing.json");
    let samples = numbers(&fixture["samples"]);
    let segment = Segment::new(Precision::F64);
    for (at, sample) in samples.iter().enumerate() {
        segment.store_bits(at, sample.to_bits());
    }
    segment.publish(samples.len());
    let mut series = Series::new();
    series.adopt(0, Arc::new(segment));
    series.refresh();
    let mut curve = Curve::new();
    samples.iter().enumerate().for_each(|(at, value)| curve.push(at as u64 * 10, *value));
    for case in list(&fixture["smoothed"]) {
        let weight = number(&case["weight"]);
        let (mut smoothed, mut points) = (Smoothed::default(), SmoothedCurve::default());
        assert!(smoothed.advance(&series, weight, Duration::MAX));
        points.advance(&curve, weight);
        let made = smoothed.series().expect("numbers");
        for (at, expected) in integers(&fixture["at"]).into_iter().zip(numbers(&case["values"])) {
            let ours = made.get(at as u64).expect("a number");
            let near = (ours - expected).abs() <= 1e-13 * expected.abs();
            let same = ours == expected || (ours.is_nan() && expected.is_nan());
            assert!(near || same, "weight {weight}, sample {at}: {ours:?}, expected {expected:?}");
            let point = points.curve().get(at as u64).expect("a point");
            assert_eq!((point.step, point.value.to_bits()), (at as u64 * 10, ours.to_bits()));
        }
    }
}

/// A plan of each way to move, and what an update of it takes.
fn ways() -> Vec<LanePlan> {
    let mut plans = Vec::new();
    for plan in [small(), surface("Rosenbrock", [-1.5, 2.0])] {
        let with = |optimizer: &str, gradient: Option<&str>| {
            let mut plan = plan.clone();
            plan.optimizer = chosen(optimizer);
            plan.gradient = gradient.map(chosen);
            plan
        };
        plans.extend([
            with("Sgd(learning_rate: 0.001, momentum: 0.9, nesterov: true)", None),
            with("Adam(learning_rate: 0.001)", None),
            with("Sgd(learning_rate: 0.0005)", Some("Numeric(1e-5)")),
            with("RandomSearch(spread: 1.0)", None),
            with("RandomLocalSearch(learning_rate: 0.1)", None),
        ]);
    }
    plans
}

fn counted(plan: &LanePlan, steps: &[u64]) {
    let axes = Axes::new(60, 10).spending(plan.evaluations_per_update());
    let mut trainer = AnyTrainer::born(plan).expect("a trainer");
    for step in steps {
        // Bursts end early where something is due.
        while trainer.step() < *step {
            trainer.replay(step - trainer.step());
        }
        let ours = axes.x(*step as f64, XAxis::Evaluations);
        let what = format!("{} {:?}", plan.optimizer.name(), plan.gradient);
        assert_eq!(ours, trainer.loss_evaluations() as f64, "{what} after {step}");
    }
}

#[test]
fn the_axis_of_gradient_evaluations_is_what_trainers_count() {
    let plans = ways();
    for plan in &plans {
        counted(plan, &[0, 1, 2, 25]);
    }
    // And through forks of one way off another.
    for (parent, child) in plans.iter().zip(plans.iter().cycle().skip(2)) {
        let mut child = child.clone();
        if std::mem::discriminant(&parent.task) != std::mem::discriminant(&child.task) {
            continue;
        }
        child.from = Some(Arc::new(ForkPlan { parent: parent.clone(), step: 10 }));
        counted(&child, &[10, 11, 25]);
    }
}
