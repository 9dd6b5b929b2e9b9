//! What a lane does with its gradient before it follows it, and lanes that follow none: noise,
//! numeric gradients, random searches.

use downhill::experiment::{Change, LanePlan};
use downhill::objective::surface_gradient;
use downhill::train::AnyTrainer;

use crate::plans::{chosen, small, surface};

/// Parameters after each of the first `steps` updates, and the losses before them.
fn path(plan: &LanePlan, steps: u64) -> (Vec<Vec<f64>>, Vec<f64>) {
    let mut trainer = AnyTrainer::new(plan).expect("a plan that can be trained");
    let mut places = vec![trainer.params()];
    let mut losses = Vec::new();
    for _ in 0..steps {
        trainer.replay(1);
        places.push(trainer.params());
        losses.extend(trainer.last_loss());
    }
    (places, losses)
}

/// A trainer that has done `steps` updates.
fn trained(plan: &LanePlan, steps: u64) -> AnyTrainer {
    let mut trainer = AnyTrainer::new(plan).expect("a plan that can be trained");
    replay_to(&mut trainer, steps);
    trainer
}

/// Goes on to a step: bursts end early where something is due.
fn replay_to(trainer: &mut AnyTrainer, step: u64) {
    while trainer.step() < step {
        trainer.replay(step - trainer.step());
    }
}

#[test]
fn gradient_noise_depends_on_seed_and_step_alone_and_spares_values() {
    let mut plan = surface("Ravine(condition: 10.0)", [1.0, -2.0]);
    plan.optimizer = chosen("Sgd(learning_rate: 1.0)");
    let exact = surface_gradient(&chosen("Ravine(condition: 10.0)"), 1.0, -2.0);
    let noise = |std: f64, seed: u64| {
        let mut plan = plan.clone();
        (plan.gradient_noise, plan.seeds.noise) = (std, seed);
        let (places, losses) = path(&plan, 1);
        assert_eq!(losses, [20.5], "the value is the surface's own");
        [places[0][0] - places[1][0] - exact[0], places[0][1] - places[1][1] - exact[1]]
    };
    assert_eq!(noise(0.0, 1), [0.0; 2]);
    assert_eq!(noise(0.3, 1), noise(0.3, 1));
    assert_ne!(noise(0.3, 1), noise(0.3, 2));
    let mean = (0..4000).map(|seed| noise(0.3, seed)[0]).sum::<f64>() / 4000.0;
    assert!(mean.abs() < 0.02, "{mean}");
}

#[test]
fn noise_can_be_turned_while_a_lane_runs_and_a_net_has_it_on_every_parameter() {
    let (mut trainer, mut calm) = (trained(&small(), 3), trained(&small(), 3));
    let record = trainer.change(&Change::GradientNoise(0.5)).expect("a live knob");
    assert_eq!((record.from.as_str(), record.to.as_str()), ("0.0", "0.5"));
    trainer.replay(1);
    calm.replay(1);
    assert!(trainer.params().iter().zip(calm.params()).all(|(noisy, calm)| *noisy != calm));
}

#[test]
fn a_numeric_gradient_takes_the_path_of_the_analytic_one_and_counts_what_it_costs() {
    for mut plan in [small(), surface("Rosenbrock", [-1.5, 2.0])] {
        plan.optimizer = chosen("Sgd(learning_rate: 0.0005, momentum: 0.9)");
        let (exact, exact_losses) = path(&plan, 60);
        plan.gradient = Some(chosen("Numeric(1e-5)"));
        let (measured, losses) = path(&plan, 60);
        assert_eq!(losses[0], exact_losses[0], "the recorded loss is the same");
        for (exact, measured) in exact.iter().zip(&measured) {
            for (a, b) in exact.iter().zip(measured) {
                assert!((a - b).abs() < 1e-6 * a.abs().max(1.0), "{a} {b}");
            }
        }
        assert_ne!(exact.last(), measured.last(), "nearly, not exactly");
        let trainer = trained(&plan, 10);
        assert_eq!(trainer.loss_evaluations(), 10 * (1 + 2 * trainer.params().len() as u64));
    }
}

#[test]
fn a_search_never_goes_up_on_all_rows_and_counts_two_evaluations_an_update() {
    for method in ["RandomSearch(spread: 2.0)", "RandomLocalSearch(learning_rate: 0.3)"] {
        let mut plan = surface("Himmelblau", [-1.0, -1.0]);
        plan.optimizer = chosen(method);
        let (places, losses) = path(&plan, 400);
        assert!(losses.windows(2).all(|pair| pair[1] <= pair[0]), "{method}");
        assert!(losses[399] < 0.5 * losses[0], "{method}: {} {}", losses[0], losses[399]);
        let moves = places.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert!((1..400).contains(&moves), "{method}: most guesses are worse");
        let trainer = trained(&plan, 10);
        assert_eq!(trainer.loss_evaluations(), 20);
    }
}

#[test]
fn a_search_replays_from_any_step() {
    let mut plan = small();
    plan.optimizer = chosen("RandomLocalSearch()");
    let (places, _) = path(&plan, 40);
    for at in [1, 7, 8, 39] {
        let kept = trained(&plan, at).checkpoint();
        let mut other = AnyTrainer::new(&plan).expect("a trainer");
        other.restore(&kept).expect("of the same plan");
        replay_to(&mut other, 40);
        assert_eq!(other.params(), places[40], "from step {at}");
    }
}
