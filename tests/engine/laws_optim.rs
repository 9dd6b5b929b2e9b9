//! Laws that every optimizer of the table is held to, as it is and with all its knobs turned; and the
//! cases in which one rule is another.

use downhill::catalog::{Chosen, Family, Kind, Value};
use downhill::experiment::{LanePlan, check};
use downhill::model::{ParamLayout, TensorKind};
use downhill::numeric::Real;
use downhill::optim::{
    Method, Optimizer, OptimizerState, Optimizers, Scheduled, Stage, Tabled, build_method, filled,
};
use downhill::train::AnyTrainer;

use crate::plans::{chosen, small, surface};

/// Wide and tall matrices and the rows that belong to them.
fn layout() -> ParamLayout {
    let mut layout = ParamLayout::default();
    layout.push("hidden1.weights", TensorKind::Weights, 3, 2);
    layout.push("hidden1.biases", TensorKind::Biases, 1, 3);
    layout.push("output.weights", TensorKind::Weights, 1, 3);
    layout.push("output.biases", TensorKind::Biases, 1, 1);
    layout
}

/// The optimizer; none for a method without a gradient.
fn optimizer<R: Tabled>(knobs: &Chosen<Optimizers>) -> Option<Box<dyn Optimizer<R>>> {
    match build_method(knobs, &layout()) {
        Method::Descent(optimizer) => Some(optimizer),
        Method::Search(_) => None,
    }
}

/// Every optimizer with a gradient: at its defaults, and with flags on and numbers away from 0.
fn optimizers() -> Vec<Chosen<Optimizers>> {
    let mut all = Vec::new();
    for entry in Optimizers::entries() {
        let plain = Chosen::<Optimizers>::of(entry);
        if optimizer::<f64>(&plain).is_none() {
            continue;
        }
        let mut turned = plain.clone();
        for field in entry.fields {
            let value = match field.kind {
                Kind::Flag => Value::Flag(true),
                Kind::Number(interval, _) => {
                    let near = [0.03, 0.7, 1.3, -0.7].into_iter().filter(|x| interval.contains(*x));
                    let default = turned.number(field.name);
                    let value = near.clone().find(|x| *x != default && default != 0.0);
                    Value::Number(value.or(near.clone().next()).expect("a value in range"))
                }
                _ => continue,
            };
            turned.set(field.name, value).unwrap_or_else(|e| panic!("{e}"));
        }
        all.extend([plain, turned]);
    }
    all
}

/// A gradient that depends on place and step, now and then 0.
fn gradient<R: Real>(step: u64, params: &[R]) -> Vec<R> {
    let number = |(index, w): (usize, &R)| {
        let phase = (step * 7 + index as u64 * 3) % 11;
        if phase == 5 { R::ZERO } else { *w + R::from_f64((phase as f64 - 5.0) * 0.3) }
    };
    params.iter().enumerate().map(number).collect()
}

fn start<R: Real>() -> Vec<R> {
    (0..layout().len()).map(|i| R::from_f64((i as f64 * 1.7).sin())).collect()
}

fn rate(knobs: &Chosen<Optimizers>) -> Scheduled {
    Scheduled::rate(knobs.number("learning_rate"))
}

fn bits<R: Real>(numbers: &[R]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits64()).collect()
}

fn state_bits<R: Real>(state: &OptimizerState<R>) -> Vec<Vec<u64>> {
    let mut all: Vec<_> = state.buffers.iter().map(|buffer| bits(buffer)).collect();
    all.push(state.numbers.iter().map(|x| x.to_bits()).collect());
    all
}

fn restored_goes_on<R: Tabled>(knobs: &Chosen<Optimizers>) {
    const STEPS: u64 = 60;
    let new = || optimizer::<R>(knobs).expect("a gradient");
    let (mut first, mut params) = (new(), start::<R>());
    let mut kept = Vec::new();
    for step in 0..STEPS {
        kept.push((params.clone(), first.state()));
        first.update(rate(knobs), &mut params.clone(), &gradient(step, &params));
        // The very update again, from what was kept.
        first.restore(&kept[step as usize].1);
        let gradient = gradient(step, &params);
        first.update(rate(knobs), &mut params, &gradient);
    }
    for (at, (mut place, state)) in kept.into_iter().enumerate() {
        let mut other = new();
        other.restore(&state);
        other.configure(knobs);
        assert_eq!(state_bits(&other.state()), state_bits(&state), "{knobs:?} at {at}");
        for step in at as u64..STEPS {
            let gradient = gradient(step, &place);
            other.update(rate(knobs), &mut place, &gradient);
        }
        assert_eq!(bits(&place), bits(&params), "{knobs:?} from {at}");
        assert_eq!(state_bits(&other.state()), state_bits(&first.state()), "{knobs:?} from {at}");
    }
}

#[test]
fn an_optimizer_restored_at_any_step_goes_on_bit_for_bit() {
    for knobs in optimizers() {
        restored_goes_on::<f32>(&knobs);
        restored_goes_on::<f64>(&knobs);
    }
}

#[test]
fn what_is_explained_is_what_is_done_and_explaining_changes_nothing() {
    for knobs in optimizers() {
        let mut optimizer = optimizer::<f64>(&knobs).expect("a gradient");
        let mut params = start::<f64>();
        for step in 0..9 {
            let gradient = gradient(step, &params);
            let before = (bits(&params), state_bits(&optimizer.state()));
            let told: Vec<Vec<Stage>> = (0..params.len())
                .map(|index| optimizer.explain(rate(&knobs), &params, &gradient, index))
                .collect();
            assert_eq!((bits(&params), state_bits(&optimizer.state())), before, "{knobs:?}");
            let old = params.clone();
            optimizer.update(rate(&knobs), &mut params, &gradient);
            for (index, stages) in told.iter().enumerate() {
                let what = format!("{knobs:?}, parameter {index}, step {step}: {stages:#?}");
                assert_eq!((stages[0].symbol, stages[0].value), ("w", old[index]), "{what}");
                assert_eq!((stages[1].symbol, stages[1].value), ("g", gradient[index]), "{what}");
                let last = stages.last().expect("stages");
                assert_eq!(last.symbol, "w", "{what}");
                assert_eq!(last.value.to_bits(), params[index].to_bits(), "{what}");
            }
        }
    }
}

#[test]
fn an_update_beside_the_parameters_is_the_update_in_place() {
    for knobs in optimizers() {
        let mut in_place = optimizer::<f64>(&knobs).expect("a gradient");
        let mut beside = optimizer::<f64>(&knobs).expect("a gradient");
        let mut params = start::<f64>();
        let mut next = vec![0.5; params.len()];
        for step in 0..9 {
            let (gradient, before) = (gradient(step, &params), params.clone());
            in_place.update(rate(&knobs), &mut params, &gradient);
            assert!(beside.advance(rate(&knobs), &before, &mut next, &gradient), "{knobs:?}");
            assert_eq!(bits(&next), bits(&params), "{knobs:?}, step {step}");
            assert_eq!(state_bits(&beside.state()), state_bits(&in_place.state()), "{knobs:?}");
        }
        let gradient = gradient(9, &params);
        params[4] = f64::NAN;
        assert!(!beside.advance(rate(&knobs), &params, &mut next, &gradient), "{knobs:?}");
    }
}

#[test]
fn every_symbol_of_a_formula_was_shown_before_it() {
    let prose = "sign max within either if is its place in Newton Schulz";
    for knobs in optimizers() {
        let mut optimizer = optimizer::<f64>(&knobs).expect("a gradient");
        let mut params = start::<f64>();
        for step in 0..9 {
            let gradient = gradient(step, &params);
            for index in [0, 6] {
                let stages = optimizer.explain(rate(&knobs), &params, &gradient, index);
                for at in 0..stages.len() {
                    let text = filled(&stages, at, |_| "0".to_owned());
                    let words = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
                    for word in words {
                        let known = prose.split(' ').any(|known| known == word);
                        assert!(known, "{}: `{word}` of {:?}", knobs.name(), stages[at]);
                    }
                }
            }
            optimizer.update(rate(&knobs), &mut params, &gradient);
        }
    }
}

#[test]
fn at_rate_0_nothing_moves() {
    for knobs in optimizers() {
        let field = knobs.entry().field("learning_rate").expect("a rate");
        if !field.live {
            // Rprop: its rate is only where its step sizes start.
            assert_eq!(knobs.name(), "Rprop");
            continue;
        }
        let mut optimizer = optimizer::<f64>(&knobs).expect("a gradient");
        let mut params = start::<f64>();
        for step in 0..5 {
            let gradient = gradient(step, &params);
            optimizer.update(Scheduled::rate(0.0), &mut params, &gradient);
        }
        assert_eq!(bits(&params), bits(&start::<f64>()), "{knobs:?}");
    }
}

#[test]
fn a_scheduled_momentum_stands_for_the_field_it_moves() {
    for knobs in optimizers() {
        let field = Optimizers::momentum_field(knobs.entry());
        let run = |knobs: &Chosen<Optimizers>, momentum: Option<f64>| {
            let mut optimizer = optimizer::<f64>(knobs).expect("a gradient");
            let mut params = start::<f64>();
            for step in 0..9 {
                let gradient = gradient(step, &params);
                let scheduled = Scheduled { momentum, ..rate(knobs) };
                optimizer.update(scheduled, &mut params, &gradient);
            }
            (bits(&params), state_bits(&optimizer.state()))
        };
        let scheduled = run(&knobs, Some(0.6));
        let turned = field.map_or(knobs.clone(), |field| knobs.clone().with(field, 0.6));
        assert_eq!(scheduled, run(&turned, None), "{knobs:?}");
        assert_eq!(scheduled == run(&knobs, None), field.is_none(), "{knobs:?}");
    }
}

#[test]
fn a_knob_turned_back_before_the_next_update_leaves_no_trace_but_what_it_must_drop() {
    for knobs in optimizers() {
        let other = optimizers().into_iter().rfind(|other| other.name() == knobs.name());
        let run = |turned: Option<&Chosen<Optimizers>>| {
            let mut optimizer = optimizer::<f64>(&knobs).expect("a gradient");
            let mut params = start::<f64>();
            for step in 0..9 {
                if let Some(turned) = turned {
                    optimizer.configure(turned);
                    optimizer.configure(&knobs);
                }
                let gradient = gradient(step, &params);
                optimizer.update(rate(&knobs), &mut params, &gradient);
            }
            bits(&params)
        };
        assert_eq!(run(None), run(other.as_ref()), "{knobs:?}");
    }
}

/// The parameters after some updates.
fn path(knobs: &Chosen<Optimizers>) -> Vec<f64> {
    let mut optimizer = optimizer::<f64>(knobs).expect("a gradient");
    let mut params = start::<f64>();
    for step in 0..40 {
        let gradient = gradient(step, &params);
        optimizer.update(rate(knobs), &mut params, &gradient);
    }
    params
}

#[track_caller]
fn same_path(one: &str, other: &str) {
    let (ours, theirs) = (path(&chosen(one)), path(&chosen(other)));
    for (a, b) in ours.iter().zip(&theirs) {
        assert!((a - b).abs() <= 1e-12, "{one} and {other}: {a} and {b}");
    }
    assert_ne!(ours, start::<f64>());
}

#[test]
fn rules_that_contain_another_are_the_other_at_its_knobs() {
    same_path("Qhm(learning_rate: 0.1, nu: 0.0)", "Sgd(learning_rate: 0.1)");
    same_path("Qhm(learning_rate: 0.1, momentum: 0.0)", "Sgd(learning_rate: 0.1)");
    same_path(
        "Qhm(learning_rate: 0.1, nu: 1.0, momentum: 0.75, weight_decay: 0.1)",
        "Sgd(learning_rate: 0.025, momentum: 0.75, weight_decay: 0.1)",
    );
    same_path(
        "QhAdam(learning_rate: 0.02, beta1: 0.9, nu1: 1.0, nu2: 1.0, weight_decay: 0.1)",
        "Adam(learning_rate: 0.02, weight_decay: 0.1)",
    );
    same_path(
        "QhAdam(learning_rate: 0.02, nu1: 0.0, nu2: 1.0, beta2: 0.9)",
        "Adam(learning_rate: 0.02, beta1: 0.0, beta2: 0.9)",
    );
    same_path("AdamW(learning_rate: 0.02, weight_decay: 0.0)", "Adam(learning_rate: 0.02)");
    same_path("Asgd(learning_rate: 0.1, lambda: 0.0)", "Sgd(learning_rate: 0.1)");
    same_path(
        "SignSgd(learning_rate: 0.02)",
        "Lion(learning_rate: 0.02, beta1: 0.0, weight_decay: 0.0)",
    );
    same_path(
        "Rprop(learning_rate: 0.02, step_min: 0.02, step_max: 0.02)",
        "Rprop(learning_rate: 0.5, step_min: 0.02, step_max: 0.02)",
    );
}

#[test]
fn quasi_hyperbolic_momentum_is_dampened_momentum_once_both_start_from_nothing() {
    // PyTorch's first buffer is the bare gradient; a first gradient of 0 makes them start alike.
    let run = |text: &str| {
        let knobs = chosen(text);
        let mut optimizer = optimizer::<f64>(&knobs).expect("a gradient");
        let mut params = start::<f64>();
        optimizer.update(rate(&knobs), &mut params, &[0.0; 13]);
        for step in 0..40 {
            let gradient = gradient(step, &params);
            optimizer.update(rate(&knobs), &mut params, &gradient);
        }
        params
    };
    let ours = run("Qhm(learning_rate: 0.1, nu: 1.0, momentum: 0.9)");
    let theirs = run("Sgd(learning_rate: 0.1, momentum: 0.9, dampening: 0.9)");
    assert!(ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() <= 1e-12), "{ours:?} {theirs:?}");
}

/// The loss over all rows before and after so many updates.
fn losses(plan: &LanePlan, steps: u64) -> [f64; 2] {
    let mut trainer = AnyTrainer::new(plan).expect("a plan that can be trained");
    let before = trainer.evaluate().full_loss;
    while trainer.step() < steps && trainer.end().is_none() {
        trainer.replay(steps - trainer.step());
    }
    assert_eq!(trainer.step(), steps, "{:?}: {:?}", plan.optimizer, trainer.end());
    [before, trainer.evaluate().full_loss]
}

/// A rate at which the rule goes down Rosenbrock's valley, where its default is another problem's.
fn valley_rate(name: &str) -> Option<f64> {
    match name {
        "Sgd" | "Asgd" => Some(1e-4),
        "Qhm" => Some(3e-4),
        _ => None,
    }
}

#[test]
fn every_optimizer_goes_down_a_valley_and_trains_a_network() {
    for entry in Optimizers::entries() {
        let knobs = Chosen::<Optimizers>::of(entry);
        let mut valley = surface("Rosenbrock", [-1.5, 2.0]);
        valley.optimizer = match valley_rate(entry.name) {
            Some(rate) => knobs.clone().with("learning_rate", rate),
            None => knobs.clone(),
        };
        let mut net = small();
        net.optimizer = knobs;
        for (plan, steps) in [(valley, 1000), (net, 200)] {
            let [before, after] = losses(&plan, steps);
            assert!(after < 0.99 * before, "{}: {before} to {after}", entry.name);
        }
    }
}

#[test]
fn fields_that_disagree_are_refused_at_their_place() {
    let problems = |optimizer: &str| -> String {
        let text = format!(
            "(version: 1, task: Surface(function: Sphere, start: (1.0, 1.0)), training: (steps: 9), \
             lanes: [(name: \"a\",\noptimizer: {optimizer})])"
        );
        let found = check(&text).err().unwrap_or_default();
        found.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        problems("Muon(newton_schulz_coefficients: [2.0, -1.5])"),
        "line 2, column 45: lanes[0].optimizer.newton_schulz_coefficients: \
         `newton_schulz_coefficients` takes three numbers: a, b and c; leave it out, or write \
         `[3.4445, -4.775, 2.0315]`"
    );
    assert_eq!(
        problems("Rprop(step_min: 0.5, step_max: 0.1)"),
        "line 2, column 28: lanes[0].optimizer.step_min: `step_min` is above `step_max`, 0.1; make \
         `step_min` the smaller of the two"
    );
    assert_eq!(problems("Rprop(step_min: 0.1, step_max: 0.1)"), "");
    assert_eq!(problems("Muon(momentum: 0.0, nesterov: true)"), "", "only SGD needs momentum");
}
