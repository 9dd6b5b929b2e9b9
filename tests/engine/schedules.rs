//! The schedules against PyTorch's, and the laws that all of them keep.

use downhill::catalog::{Chosen, Duration, Family};
use downhill::data::NoFiles;
use downhill::experiment::{Problem, check};
use downhill::optim::{Schedule, Schedules, Span};
use serde_json::Value;

use crate::fixtures::{assert_close, list, number, numbers, read};
use crate::plans::chosen;

/// The schedule of a case, the base rate it is asked for, and the run it is built for.
fn of_case(case: &Value) -> (Chosen<Schedules>, f64, Span) {
    let args = &case["args"];
    let base = number(&case["base_lr"]);
    let word = |name: &str| args[name].as_str().expect("a word");
    let over = |steps: &Value| Span { steps: Some(steps.as_u64().expect("a count")), epoch: 1 };
    let hundred = Span { steps: Some(100), epoch: 1 };
    let text = match case["scheduler"].as_str().expect("a scheduler") {
        "StepLR" => format!("Step(every: Steps({}), factor: {})", args["step_size"], args["gamma"]),
        "MultiStepLR" => {
            format!("MultiStep(at: {}, factor: {})", args["milestones"], args["gamma"])
        }
        "ConstantLR" => {
            // A lower rate for the first updates is a step up from it.
            let factor = number(&args["factor"]);
            let up =
                format!("MultiStep(at: [{}], factor: {:?})", args["total_iters"], 1.0 / factor);
            return (chosen(&up), base * factor, hundred);
        }
        "LinearLR" => format!(
            "Constant(warm_up: Steps({}), warm_up_start: {})",
            args["total_iters"], args["start_factor"]
        ),
        "ExponentialLR" => format!("Exponential(factor: {})", args["gamma"]),
        "MultiplicativeLR" => format!("Exponential(factor: {})", args["factor"]),
        "CosineAnnealingLR" => {
            return (
                chosen(&format!("Cosine(min: {})", args["eta_min"])),
                base,
                over(&args["T_max"]),
            );
        }
        "CosineAnnealingWarmRestarts" => format!(
            "CosineRestarts(first: Steps({}), multiply: {}, min: {})",
            args["T_0"], args["T_mult"], args["eta_min"]
        ),
        "OneCycleLR" => one_cycle(args),
        "PolynomialLR" => {
            let text = format!("Polynomial(power: {})", args["power"]);
            return (chosen(&text), base, over(&args["total_iters"]));
        }
        "CyclicLR" => {
            let mode = match word("mode") {
                "triangular" => "Triangular",
                "triangular2" => "Halving",
                _ => "Fading, gamma: 0.99",
            };
            let down =
                if args["step_size_down"].is_null() { "step_size_up" } else { "step_size_down" };
            format!(
                "Cyclic(low: {}, high: {}, up: Steps({}), down: Steps({}), mode: {mode})",
                args["base_lr"], args["max_lr"], args["step_size_up"], args[down]
            )
        }
        "ReduceLROnPlateau" => format!(
            "Plateau(factor: {}, patience: {}, threshold: {}, threshold_mode: {}, cooldown: {}, \
             min: {})",
            args["factor"],
            args["patience"],
            args["threshold"],
            if word("threshold_mode") == "rel" { "Relative" } else { "Absolute" },
            args["cooldown"],
            args["min_lr"],
        ),
        "LambdaLR" => "InverseSqrt()".to_owned(),
        "Warmup+Cosine" => format!(
            "Cosine(min: {}, warm_up: Steps({}), warm_up_start: {})",
            args["eta_min"], args["warmup"], args["start_factor"]
        ),
        other => panic!("no schedule for {other}"),
    };
    (chosen(&text), base, hundred)
}

/// One cycle with what the case says; the rest is left out here as there.
fn one_cycle(args: &Value) -> String {
    let names = [
        ("start_share", "pct_start"),
        ("start_divisor", "div_factor"),
        ("end_divisor", "final_div_factor"),
        ("three_phase", "three_phase"),
    ];
    let mut said =
        vec![format!("max: {}", args["max_lr"]), format!("length: Steps({})", args["total_steps"])];
    let given = names.iter().filter(|(_, theirs)| !args[*theirs].is_null());
    said.extend(given.map(|(ours, theirs)| format!("{ours}: {}", args[*theirs])));
    if args["anneal_strategy"] == "linear" {
        said.push("anneal: Linear".to_owned());
    }
    format!("OneCycle({})", said.join(", "))
}

#[test]
fn schedules_follow_pytorchs() {
    let fixture = read("lr_schedulers.json");
    let losses = numbers(&fixture["plateau_metric"]);
    let (mut rates, mut momenta) = (0, 0);
    for case in list(&fixture["cases"]) {
        let (chosen, base, span) = of_case(case);
        let mut schedule = Schedule::new(&chosen, span).expect("a schedule for the run");
        let (mut ours, mut momentum) = (Vec::new(), Vec::new());
        for step in 0..100 {
            let scheduled = schedule.at(base, step);
            ours.push(scheduled.learning_rate);
            momentum.extend(scheduled.momentum);
            schedule.see_epoch(base, losses[step as usize]);
        }
        let name = format!("{}: {chosen:?}", case["scheduler"]);
        assert_close(&ours, &numbers(&case["lr"]), 1e-14, &name);
        rates += 1;
        if !case["momentum"].is_null() {
            assert_close(&momentum, &numbers(&case["momentum"]), 1e-14, &name);
            momenta += 1;
        }
    }
    assert_eq!((rates, momenta), (19, 2));
}

/// Every schedule at its defaults and with its numbers in play.
fn all() -> Vec<Chosen<Schedules>> {
    let defaults = Schedules::entries().iter().map(|entry| Chosen::of(entry));
    let others = [
        "Cosine(min: 0.5, length: Epochs(3))",
        "Step(every: Epochs(2), factor: 1.5)",
        "MultiStep(at: [0, 3, 9], counted_in: Epochs, factor: 0.5)",
        "Exponential(factor: 0.5, every: Epochs(1))",
        "Polynomial(power: 0.1, length: Steps(1))",
        "CosineRestarts(first: Steps(1), multiply: 10)",
        "CosineRestarts(first: Steps(7), multiply: 1, min: 2.0)",
        "OneCycle(max: 3.0, start_share: 0.0, anneal: Linear, length: Steps(1))",
        "OneCycle(start_share: 1.0, start_divisor: 1.0, end_divisor: 1.0)",
        "OneCycle(start_share: 0.5, three_phase: true, cycle_momentum: false)",
        "OneCycle(start_share: 0.01, three_phase: true, length: Steps(3))",
        "Cyclic(low: 0.0, high: 0.0, up: Steps(1), down: Epochs(7), mode: Halving)",
        "Cyclic(mode: Fading, gamma: 0.5, down: Steps(3))",
        "Plateau(factor: 0.5, patience: 0, cooldown: 2, min: 0.3, epsilon: 0.0)",
    ];
    defaults.chain(others.map(chosen)).collect()
}

#[test]
fn rates_and_momenta_are_never_negative_and_never_nan() {
    let steps: Vec<u64> = (0..300).chain([1000, 12_345, 1 << 40, u64::MAX]).collect();
    for chosen in all() {
        for warm_up in [None, Some(0), Some(1), Some(13), Some(100), Some(500)] {
            for run in [1, 2, 3, 10, 100] {
                let chosen = chosen.clone().with("warm_up", warm_up.map(Duration::Steps));
                let span = Span { steps: Some(run), epoch: 4 };
                // Only a cycle longer than its run is refused.
                let Ok(mut schedule) = Schedule::new(&chosen, span) else { continue };
                for base in [0.0, 1e-300, 0.1, 10.0] {
                    for step in &steps {
                        let at = schedule.at(base, *step);
                        let rate = at.learning_rate;
                        assert!(rate.is_finite() && rate >= 0.0, "{chosen:?}: {rate} at {step}");
                        let momentum = at.momentum.unwrap_or(0.5);
                        assert!((0.0..1.0).contains(&momentum), "{chosen:?}: {momentum} at {step}");
                        schedule.see_epoch(base, if step % 3 == 0 { f64::NAN } else { 1.0 });
                    }
                }
            }
        }
    }
}

#[test]
fn a_warm_up_climbs_to_the_schedule_without_a_jump() {
    for chosen in all() {
        let span = Span { steps: Some(10_000), epoch: 100 };
        let warm = chosen.clone().with("warm_up", Some(Duration::Steps(1000)));
        let schedule = Schedule::new(&warm, span).expect("fits");
        let full = schedule.rate(0.1, 1000);
        let first = schedule.rate(0.1, 0);
        assert!((first - 0.01 * full).abs() <= 1e-15, "{warm:?}: from {first}");
        for step in 0..1000 {
            let climb = schedule.rate(0.1, step + 1) - schedule.rate(0.1, step);
            let even = full * 0.99 / 1000.0;
            assert!((climb - even).abs() <= 1e-12 * full.max(1.0), "{warm:?}: {climb} at {step}");
        }
        assert_eq!(schedule.momentum(0), schedule.momentum(1000), "{warm:?}");
    }
}

#[test]
fn after_its_end_a_schedule_holds_the_last_rate() {
    let span = Span { steps: Some(100), epoch: 10 };
    for (text, last) in [
        ("Cosine(min: 0.02)", 0.02),
        ("Polynomial()", 0.0),
        ("OneCycle()", 0.1 / 25.0 / 1e4),
        ("MultiStep()", 0.1 * 0.1 * 0.1),
    ] {
        let schedule = Schedule::new(&chosen(text), span).expect("fits");
        let rate = schedule.rate(0.1, 101);
        assert!((rate - last).abs() < 1e-15, "{text}: {rate}");
        let after: Vec<f64> = [102, 130].map(|step| schedule.rate(0.1, step)).into();
        assert_eq!(after, [rate, rate], "{text}");
    }
}

#[test]
fn lengths_left_out_follow_from_the_planned_run() {
    let span = Span { steps: Some(700), epoch: 7 };
    for (text, told) in [
        ("Step()", "Step(every: Steps(234))"),
        ("Step(every: Epochs(2))", "Step(every: Steps(14))"),
        ("MultiStep()", "MultiStep(at: [350.0, 525.0])"),
        ("MultiStep(at: [2, 3], counted_in: Epochs)", "MultiStep(at: [14.0, 21.0])"),
        ("CosineRestarts()", "CosineRestarts(first: Steps(100))"),
        ("OneCycle()", "OneCycle(length: Steps(700))"),
        ("Cyclic()", "Cyclic(up: Steps(88), down: Steps(88))"),
        ("Cyclic(down: Steps(5))", "Cyclic(up: Steps(5), down: Steps(5))"),
        ("Cosine(warm_up: Epochs(10))", "Cosine(length: Steps(630), warm_up: Steps(70))"),
    ] {
        let schedule = Schedule::new(&chosen(text), span).expect("fits");
        assert_eq!(schedule.in_updates(), &chosen(told), "{text}");
    }
    for entry in Schedules::entries() {
        let unlimited = Span { steps: None, epoch: 7 };
        if let Err(error) = Schedule::new(&Chosen::of(entry), unlimited) {
            let said = error.to_string();
            assert!(said.contains("the run is unlimited: give it "), "{said}");
        }
    }
}

/// The problems of an experiment with this schedule.
fn problems(schedule: &str, steps: &str) -> Vec<Problem> {
    let text = format!(
        "(version: 1, task: Surface(function: Rosenbrock, start: (0.0, 0.0)), \
         training: (steps: {steps}), \
         lanes: [(name: \"A\", optimizer: Sgd(), schedule: {schedule})])"
    );
    check(&text).and_then(|valid| valid.prepare(&NoFiles)).err().unwrap_or_default()
}

#[test]
fn numbers_that_do_not_go_together_are_named() {
    for entry in Schedules::entries() {
        assert_eq!(problems(&format!("{}()", entry.name), "100"), [], "{}", entry.name);
    }
    for (schedule, path, says) in [
        ("Cyclic(low: 0.2, high: 0.1)", "low", "`low` is 0.2, above `high`, which is 0.1"),
        ("Cyclic(base_momentum: 0.95)", "base_momentum", "above `max_momentum`, which is 0.9"),
        ("Cyclic(up: Steps(0))", "up", "no time at all"),
        ("MultiStep(at: [3, 9, 9])", "at", "the places must ascend, but 9 follows 9"),
        ("MultiStep(at: [0.5])", "at", "the place 0.5 is not a whole number from 0 on"),
        ("MultiStep(at: [-3])", "at", "the place -3 is not a whole number from 0 on"),
        ("Step(every: Steps(0))", "every", "no time at all"),
        ("CosineRestarts(first: Epochs(0))", "first", "no time at all"),
        ("OneCycle(start_share: 0.6, three_phase: true)", "start_share", "at most half"),
        ("OneCycle(base_momentum: 0.99)", "base_momentum", "above `max_momentum`"),
        ("OneCycle(length: Steps(101))", "", "takes 101 updates, but the run has only 100"),
    ] {
        let found = problems(schedule, "100");
        let [problem] = &found[..] else { panic!("{schedule}: {found:?}") };
        let dot = if path.is_empty() { "" } else { "." };
        assert_eq!(problem.path, format!("lanes[0].schedule{dot}{path}"), "{schedule}");
        assert!(problem.message.contains(says), "{schedule}: {}", problem.message);
        assert!(problem.place.is_some(), "{schedule}");
    }
    for (schedule, ask) in [
        ("Cosine()", "a `length`, such as `length: Epochs(100)`"),
        ("OneCycle()", "a `length`"),
        ("Step()", "`every`, such as"),
        ("MultiStep()", "places, such as"),
        ("Cyclic(warm_up: Steps(3))", "`up` and `down`"),
    ] {
        let found = problems(schedule, "Unlimited");
        let [problem] = &found[..] else { panic!("{schedule}: {found:?}") };
        assert!(problem.message.ends_with(ask) || problem.message.contains(ask), "{found:?}");
    }
    assert_eq!(problems("Cyclic(down: Steps(3))", "Unlimited"), [], "one tells the other");
    assert_eq!(problems("Plateau()", "Unlimited"), []);
}
