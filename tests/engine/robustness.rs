//! A hundred thousand experiments that nobody would write: whatever an optimizer, schedule or clipping
//! allows, up to the very ends. Nothing panics, everything ends, and divergence is told at exactly the
//! first step at which something is not finite, found again here by updates made one by one.

use downhill::catalog::{Chosen, Duration, Family, Given, Interval, Kind, Scale, Value};
use downhill::data::{BatchSize, Shuffle};
use downhill::experiment::{Change, LanePlan, PlannedEdit, TaskPlan};
use downhill::model::initial_parameters;
use downhill::numeric::{Noise, Precision, RandomState};
use downhill::objective::{Learning, Objective, SurfaceObjective, Surfaces};
use downhill::optim::{Clip, Method, Optimizers, Schedule, Span, Tabled, build_method};
use downhill::train::{EndReason, Trainer};

use crate::plans::{data, learning, model, surface};

const EXPERIMENTS: u32 = 100_000;
const MOST_STEPS: u64 = 25;

/// Draws from what is allowed.
struct Dice(RandomState);

impl Dice {
    /// From 0 up to, not including, `n`.
    fn below(&mut self, n: usize) -> usize {
        ((self.0.random_sample() * n as f64) as usize).min(n - 1)
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.0.random_sample()
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 0
    }

    /// A number of the interval: an end, a usual one, or one of any size.
    fn number(&mut self, interval: Interval, scale: Scale) -> f64 {
        loop {
            let x = match self.below(8) {
                0 if interval.low.is_finite() => interval.low,
                1 if interval.low.is_finite() => interval.low.next_up(),
                2 if interval.high.is_finite() => interval.high,
                3 if interval.high.is_finite() => interval.high.next_down(),
                4 => self.pick(&[f64::MAX, -f64::MAX, f64::MIN_POSITIVE, 1e300, 1e-300, 0.0]),
                5 => 10_f64.powf(self.within(-320.0, 308.0)),
                _ => match scale {
                    Scale::Linear(low, high) => self.within(low, high),
                    Scale::Log(low, high) => self.within(low.ln(), high.ln()).exp(),
                    Scale::OneMinus(high) => self.within(0.0, high),
                },
            };
            if interval.contains(x) {
                return x;
            }
        }
    }

    fn value(&mut self, kind: Kind, default: Given) -> Option<Value> {
        Some(match kind {
            Kind::Number(interval, scale) => Value::Number(self.number(interval, scale)),
            Kind::Integer { min, max, .. } => {
                let most = max.min(min.saturating_add(100));
                Value::Integer(self.pick(&[min, most, min + (most - min) / 9]))
            }
            Kind::Flag => Value::Flag(self.flag()),
            Kind::Word(words) => Value::Text(self.pick(words).into()),
            Kind::Duration => Value::Duration(match self.below(3) {
                0 => None,
                1 => Some(Duration::Epochs(self.below(4) as u64)),
                _ => Some(Duration::Steps(self.below(30) as u64)),
            }),
            Kind::Numbers => match default {
                Given::Numbers(usual) if self.flag() => {
                    let wild = Interval::FINITE;
                    let number = |_: &f64| self.number(wild, Scale::Linear(-5.0, 5.0));
                    Value::from(usual.iter().map(number).collect::<Vec<_>>())
                }
                _ => return None,
            },
            Kind::Text | Kind::Rows | Kind::Targets => return None,
        })
    }

    /// A member of the family with about half of its fields turned.
    fn chosen<F: Family>(&mut self) -> Chosen<F> {
        let entry = self.pick(F::entries());
        let mut chosen = Chosen::<F>::of(entry);
        for field in entry.fields {
            if (field.default == Given::Nothing || self.flag())
                && let Some(value) = self.value(field.kind, field.default)
            {
                chosen.set(field.name, value).unwrap_or_else(|e| panic!("{e}"));
            }
        }
        chosen
    }

    /// A live knob of the optimizer turned in mid-run.
    fn edit(&mut self, knobs: &Chosen<Optimizers>) -> Option<PlannedEdit> {
        let live: Vec<_> = knobs.entry().fields.iter().filter(|field| field.live).collect();
        if live.is_empty() || self.below(3) > 0 {
            return None;
        }
        let field = self.pick(&live);
        let value = self.value(field.kind, field.default)?.as_number()?;
        let step = self.below(MOST_STEPS as usize) as u64;
        Some(PlannedEdit { step, change: Change::Optimizer { knob: field.name, value } })
    }

    fn plan(&mut self, net: &LanePlan) -> LanePlan {
        let mut plan = if self.below(4) == 0 {
            net.clone()
        } else {
            let function = self.chosen::<Surfaces>();
            let mut plan = surface("Sphere", [0.0; 2]);
            // A start that no f32 can hold is no start.
            let place = Interval::closed(f64::from(f32::MIN), f64::from(f32::MAX));
            let start = [0; 2].map(|_| self.number(place, Scale::Linear(-3.0, 3.0)));
            plan.task = TaskPlan::Surface { function, start };
            plan
        };
        plan.precision = if self.flag() { Precision::F32 } else { Precision::F64 };
        plan.optimizer = self.chosen();
        plan.schedule = self.chosen();
        plan.clip = self.flag().then(|| self.chosen());
        if self.flag() {
            plan.gradient_noise = self.number(Interval::NOT_NEGATIVE, Scale::Log(1e-3, 1.0));
        }
        plan.batch_size = self.pick(&[BatchSize::Full, BatchSize::Rows(3), BatchSize::Rows(1)]);
        plan.seeds.noise = self.below(1000) as u64;
        plan.edits = self.edit(&plan.optimizer).into_iter().collect();
        plan
    }
}

/// A 2-3-1 network on seven points, in the order of the data.
fn tiny() -> LanePlan {
    let split = data("Blobs(samples: 7, centers: 2, std: 2.5, seed: 3)", None);
    let model = model("(hidden: [Dense(units: 3, activation: Tanh)])");
    let mut plan = learning(split, model, "CrossEntropy");
    plan.shuffle = Shuffle::Never;
    plan
}

/// What a run must come to: parameters, updates done, and whether it diverged.
#[derive(Debug, PartialEq)]
struct Outcome {
    params: Vec<u64>,
    steps: u64,
    diverged: bool,
}

fn finite<R: Tabled>(numbers: &[R]) -> bool {
    numbers.iter().all(|x| x.is_finite())
}

fn bits<R: Tabled>(numbers: &[R]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits64()).collect()
}

/// The run as the trainer makes it, in bursts.
fn trained<R: Tabled>(plan: &LanePlan, steps: u64) -> Outcome {
    let mut trainer = Trainer::<R>::new(plan).unwrap_or_else(|e| panic!("{plan:?}: {e}"));
    let mut bursts = 0;
    while trainer.step() < steps && trainer.end().is_none() {
        trainer.burst(steps - trainer.step(), None);
        bursts += 1;
        assert!(bursts < 1000, "it goes on: {plan:?}");
    }
    assert!(finite(trainer.params()), "the last finite step is kept: {plan:?}");
    assert!(trainer.position().is_none_or(|at| at.iter().all(|x| x.is_finite())), "{plan:?}");
    assert!(trainer.knobs().problems().is_empty(), "{plan:?}");
    Outcome {
        params: bits(trainer.params()),
        steps: trainer.step(),
        diverged: trainer.end().is_some_and(|end| end.reason == EndReason::Diverged),
    }
}

fn objective<R: Tabled>(plan: &LanePlan) -> (Box<dyn Objective<R>>, Vec<f64>) {
    match &plan.task {
        TaskPlan::Surface { function, start } => {
            (Box::new(SurfaceObjective::new(function)), start.to_vec())
        }
        TaskPlan::Learn(learn) => {
            let split = std::sync::Arc::clone(&learn.split);
            let made = Learning::new(split, &learn.model, &learn.loss, None, learn.regularize);
            let made = made.expect("an objective");
            let start = initial_parameters(made.network(), &learn.init, plan.seeds.init);
            (Box::new(made), start.expect("a start"))
        }
    }
}

/// The run made by hand, update by update.
fn by_hand<R: Tabled>(plan: &LanePlan, steps: u64) -> Outcome {
    let (mut objective, start) = objective::<R>(plan);
    let mut knobs = plan.optimizer.clone();
    let mut method = build_method::<R>(&knobs, objective.layout());
    let all: Vec<u32> = (0..objective.train_rows() as u32).collect();
    let size = match plan.batch_size {
        BatchSize::Rows(n) => n as usize,
        BatchSize::Full => all.len(),
    };
    let batches: Vec<&[u32]> = all.chunks(size).collect();
    let epoch = batches.len() as u64;
    let planned = if matches!(plan.task, TaskPlan::Learn(_)) { 100 * epoch } else { 1000 };
    let schedule = Schedule::new(&plan.schedule, Span { steps: Some(planned), epoch });
    let mut schedule = schedule.expect("a schedule");
    let mut epoch_losses = Vec::new();
    let clip = plan.clip.as_ref().map(Clip::<R>::new);
    let mut params: Vec<R> = start.iter().map(|x| R::from_f64(*x)).collect();
    let mut gradient = vec![R::ZERO; params.len()];
    for step in 0..steps {
        for edit in plan.edits.iter().filter(|edit| edit.step == step) {
            let Change::Optimizer { knob, value } = &edit.change else { panic!("{edit:?}") };
            knobs.set(knob, Value::Number(*value)).expect("a value in range");
            method.configure(&knobs);
        }
        let scheduled = schedule.at(knobs.number("learning_rate"), step);
        let rows = batches[(step % epoch) as usize];
        let mut next = params.clone();
        let mut sound = true;
        let loss;
        match &mut method {
            Method::Descent(optimizer) => {
                loss = objective.value_and_gradient(&params, rows, step, &mut gradient).loss;
                if plan.gradient_noise != 0.0 {
                    for (index, pair) in gradient.chunks_mut(2).enumerate() {
                        let (seed, index) = (plan.seeds.noise, index as u32);
                        let noise = Noise::Gradient.normal_pair(seed, step, index);
                        for (g, noise) in pair.iter_mut().zip(noise) {
                            *g += R::from_f64(plan.gradient_noise * noise);
                        }
                    }
                }
                sound &= loss.is_finite() && finite(&gradient);
                if sound {
                    if let Some(clip) = &clip {
                        clip.apply(&mut gradient);
                    }
                    optimizer.update(scheduled, &mut next, &gradient);
                }
            }
            Method::Search(search) => {
                loss = objective.value(&params, rows, step).loss;
                let mut guess = params.clone();
                search.guess(scheduled, (plan.seeds.noise, step), &params, &mut guess);
                if objective.value(&guess, rows, step).loss < loss && finite(&guess) {
                    next = guess;
                }
                sound &= loss.is_finite();
            }
        }
        if !(sound && finite(&next)) {
            return Outcome { params: bits(&params), steps: step, diverged: true };
        }
        params = next;
        // A schedule that watches is shown the mean of every epoch's batches.
        epoch_losses.push(loss.to_f64());
        if epoch_losses.len() as u64 == epoch {
            let mean = epoch_losses.iter().sum::<f64>() / epoch as f64;
            schedule.see_epoch(knobs.number("learning_rate"), mean);
            epoch_losses.clear();
        }
    }
    Outcome { params: bits(&params), steps, diverged: false }
}

#[test]
fn no_experiment_however_wild_panics_and_each_diverges_at_its_first_number_that_is_not_finite() {
    let net = tiny();
    let mut dice = Dice(RandomState::new(20_260_725));
    let mut diverged = 0;
    for index in 0..EXPERIMENTS {
        let plan = dice.plan(&net);
        let steps = 1 + dice.below(MOST_STEPS as usize) as u64;
        let [ours, theirs] = match plan.precision {
            Precision::F32 => [trained::<f32>(&plan, steps), by_hand::<f32>(&plan, steps)],
            Precision::F64 => [trained::<f64>(&plan, steps), by_hand::<f64>(&plan, steps)],
        };
        assert_eq!(ours, theirs, "experiment {index}, {steps} steps: {plan:#?}");
        diverged += u32::from(ours.diverged);
    }
    let share = f64::from(diverged) / f64::from(EXPERIMENTS);
    assert!((0.05..0.95).contains(&share), "both kinds of run are met: {share}");
}
