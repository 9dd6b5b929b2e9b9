//! The laws of lanes and of the edits that belong to them.

use crate::catalog::{Chosen, Value, suggestion};
use crate::numeric::Precision;
use crate::optim::{Optimizers, Schedules};

use super::super::{
    EditSpec, Experiment, ForkSpec, LaneSpec, Length, PlannedLength, Problem, lacks_dropout,
    parse_change,
};
use super::{LONGEST_NAME, batch_size, chosen, learn, not_negative, start};

/// The most lanes.
const MOST_LANES: usize = 64;
/// The most runs that one lane stands for, and the most of all lanes together.
const MOST_SEEDS: u32 = 64;
const MOST_RUNS: u32 = 512;
/// How many colours lanes have.
const COLORS: u8 = 8;

pub(super) fn lanes(problems: &mut Vec<Problem>, experiment: &Experiment) {
    let lanes = &experiment.lanes;
    if lanes.is_empty() {
        problems.push(
            Problem::new("lanes", "there are no lanes, so nothing would be trained")
                .hint("add one, as in `(name: \"SGD\", optimizer: Sgd(learning_rate: 0.1))`"),
        );
    }
    if lanes.len() > MOST_LANES {
        let message = format!("there are {} lanes; at most {MOST_LANES} are allowed", lanes.len());
        problems.push(Problem::new("lanes", message));
    }
    let runs = lanes.iter().fold(0_u32, |runs, lane| runs.saturating_add(lane.seeds));
    if let Some(most) = lanes.iter().rposition(|lane| lane.seeds > 1)
        && runs > MOST_RUNS
    {
        let message = format!("the lanes stand for {runs} runs; at most {MOST_RUNS} are allowed");
        problems.push(Problem::new(format!("lanes[{most}].seeds"), message).hint("ask for fewer"));
    }
    for (i, spec) in lanes.iter().enumerate() {
        let path = format!("lanes[{i}]");
        name(problems, &path, spec, &lanes[..i]);
        lane(problems, &path, spec, experiment);
        seeds(problems, &path, spec);
        if let Some(from) = &spec.from {
            fork(problems, &format!("{path}.from"), (spec, from), experiment);
        }
    }
}

/// How many runs a lane stands for.
fn seeds(problems: &mut Vec<Problem>, path: &str, lane: &LaneSpec) {
    let path = format!("{path}.seeds");
    if !(1..=MOST_SEEDS).contains(&lane.seeds) {
        let allowed = format!("a whole number from 1 to {MOST_SEEDS}");
        problems.push(Problem::not_allowed(path, lane.seeds.to_string(), allowed));
    } else if lane.from.is_some() && lane.seeds > 1 {
        let message = "a fork goes on from one run, so it has one seed";
        let problem = Problem::new(path, message).found(lane.seeds.to_string());
        problems.push(problem.hint("leave `seeds` out, or let the lane start at step 0"));
    }
}

/// A fork has a parent that was there, and is not its own ancestor.
fn fork(
    problems: &mut Vec<Problem>,
    path: &str,
    (lane, from): (&LaneSpec, &ForkSpec),
    experiment: &Experiment,
) {
    let parent_of = |name: &str| experiment.lanes.iter().find(|lane| lane.name == name);
    let Some(parent) = parent_of(&from.lane) else {
        let names = experiment.lanes.iter().map(|l| l.name.as_str()).filter(|n| *n != lane.name);
        let problem = Problem::new(
            format!("{path}.lane"),
            format!("there is no lane called `{}`", from.lane),
        );
        return problems
            .push(problem.found(from.lane.as_str()).hint(suggestion(&from.lane, names)));
    };
    let mut ancestor = Some(parent);
    for _ in 0..experiment.lanes.len() {
        let Some(one) = ancestor else { break };
        if one.name == lane.name {
            let message = format!("the lane `{}` would be forked off itself", lane.name);
            let hint = "let one of the lanes start at step 0";
            return problems.push(Problem::new(format!("{path}.lane"), message).hint(hint));
        }
        ancestor = one.from.as_ref().and_then(|from| parent_of(&from.lane));
    }
    let at = format!("{path}.step");
    if let Some(begun) = &parent.from
        && from.step < begun.step
    {
        let message = format!("the lane `{}` itself begins at step {}", from.lane, begun.step);
        problems.push(Problem::new(&at, message).found(from.step.to_string()));
    }
    if let PlannedLength::Steps(Length::Count(steps)) = experiment.length()
        && from.step >= steps
    {
        let message = format!("the run ends after {steps} updates, so nothing is left to train");
        let problem = Problem::new(&at, message).found(from.step.to_string());
        problems.push(problem.hint("fork earlier, or lengthen the run"));
    }
    for (i, edit) in experiment.edits.iter().enumerate() {
        if edit.lane == lane.name && edit.step < from.step {
            let message = format!("the lane `{}` begins at step {}", lane.name, from.step);
            let problem = Problem::new(format!("edits[{i}].step"), message);
            problems.push(problem.found(edit.step.to_string()));
        }
    }
    if lane.start.is_some() {
        let message = "a fork starts where its parent stood";
        let path = path.replace(".from", ".start");
        problems.push(Problem::new(path, message).hint("leave `start` out"));
    }
}

fn name(problems: &mut Vec<Problem>, path: &str, lane: &LaneSpec, before: &[LaneSpec]) {
    let path = format!("{path}.name");
    if lane.name.trim().is_empty() {
        problems.push(Problem::new(path, "a lane needs a name").found(format!("{:?}", lane.name)));
    } else if let Some(other) = before.iter().position(|other| other.name == lane.name) {
        problems.push(
            Problem::new(path, format!("lanes[{other}] is called `{}` as well", lane.name))
                .hint("names tell lanes apart in tables, plots and edits"),
        );
    } else if lane.name.chars().count() > LONGEST_NAME {
        let message = format!("the name is longer than {LONGEST_NAME} characters");
        problems.push(Problem::new(path, message).hint("shorten it"));
    }
}

fn lane(problems: &mut Vec<Problem>, path: &str, lane: &LaneSpec, experiment: &Experiment) {
    let at = |field: &str| format!("{path}.{field}");
    chosen(problems, &at("optimizer"), &lane.optimizer);
    optimizer(problems, &at("optimizer"), &lane.optimizer);
    chosen(problems, &at("schedule"), &lane.schedule);
    schedule(problems, &at("schedule"), &lane.schedule);
    if let Some(clip) = &lane.clip {
        chosen(problems, &at("clip"), clip);
    }
    if let Some(gradient) = &lane.gradient {
        chosen(problems, &at("gradient"), gradient);
    }
    if let Some(noise) = lane.gradient_noise {
        not_negative(problems, &at("gradient_noise"), noise);
    }
    batch_size(problems, &at("batch_size"), lane.batch_size);
    if let Some(color) = lane.color
        && !(1..=COLORS).contains(&color)
    {
        let allowed = format!("a whole number from 1 to {COLORS}");
        problems.push(Problem::not_allowed(at("color"), color.to_string(), allowed));
    }
    match experiment.learn() {
        Some(task) => own_learning(problems, path, lane, experiment, task),
        None => own_surface(problems, path, lane, experiment.training.precision),
    }
}

/// Numbers of a schedule that do not go together.
fn schedule(problems: &mut Vec<Problem>, path: &str, schedule: &Chosen<Schedules>) {
    if let Some(flaw) = Schedules::flaw(schedule) {
        let found = schedule.get(flaw.field).map(ToString::to_string).unwrap_or_default();
        let problem = Problem::new(format!("{path}.{}", flaw.field), flaw.message);
        problems.push(problem.found(found).hint(flaw.hint));
    }
}

/// What an optimizer's fields ask of each other.
fn optimizer(problems: &mut Vec<Problem>, path: &str, optimizer: &Chosen<Optimizers>) {
    nesterov(problems, path, optimizer);
    let at = |field: &str| format!("{path}.{field}");
    if let Some(Value::Numbers(given)) = optimizer.get("newton_schulz_coefficients")
        && given.len() != 3
    {
        let field = at("newton_schulz_coefficients");
        problems.push(
            Problem::new(field, "`newton_schulz_coefficients` takes three numbers: a, b and c")
                .found(format!("{} of them", given.len()))
                .hint("leave it out, or write `[3.4445, -4.775, 2.0315]`"),
        );
    }
    let (least, most) = (optimizer.number("step_min"), optimizer.number("step_max"));
    if least > most {
        problems.push(
            Problem::new(at("step_min"), format!("`step_min` is above `step_max`, {most:?}"))
                .found(format!("{least:?}"))
                .hint("make `step_min` the smaller of the two"),
        );
    }
}

/// torch's own rule: SGD's look-ahead is defined for plain momentum only.
fn nesterov(problems: &mut Vec<Problem>, path: &str, optimizer: &Chosen<Optimizers>) {
    if !optimizer.flag("nesterov") || optimizer.get("dampening").is_none() {
        return;
    }
    if optimizer.number("momentum") == 0.0 {
        problems.push(
            Problem::new(format!("{path}.nesterov"), "`nesterov` needs a momentum above 0")
                .found("true")
                .hint("write `momentum: 0.9`"),
        );
    }
    if optimizer.number("dampening") != 0.0 {
        problems.push(
            Problem::new(format!("{path}.dampening"), "`nesterov` allows no dampening")
                .found(format!("{:?}", optimizer.number("dampening")))
                .hint("leave `dampening` out"),
        );
    }
}

fn own_learning(
    problems: &mut Vec<Problem>,
    path: &str,
    lane: &LaneSpec,
    experiment: &Experiment,
    task: &super::super::Learn,
) {
    let at = |field: &str| format!("{path}.{field}");
    let by = (&task.data, lane.loss.as_ref().unwrap_or(&task.loss));
    if let Some(model) = &lane.model {
        learn::model(problems, &at("model"), model, &task.data);
        if lane.init.is_none() {
            learn::init(problems, &at("model.init"), &model.init.0, model, by);
        }
    }
    if let (Some(init), Some(model)) = (&lane.init, experiment.model(lane)) {
        learn::init(problems, &at("init"), init, model, by);
    }
    if let Some(loss) = &lane.loss {
        chosen(problems, &at("loss"), loss);
    }
    if let Some(regularize) = lane.regularize {
        learn::regularize(problems, &at("regularize"), regularize);
    }
    if lane.start.is_some() {
        problems.push(
            Problem::new(at("start"), "`start` is for surfaces; a model's start is its `init`")
                .hint("write `init`, as in `init: Uniform(low: 0.0, high: 1.0)`"),
        );
    }
}

fn own_surface(problems: &mut Vec<Problem>, path: &str, lane: &LaneSpec, precision: Precision) {
    let meaningless = [
        ("batch_size", lane.batch_size.is_some()),
        ("shuffle", lane.shuffle.is_some()),
        ("init", lane.init.is_some()),
        ("loss", lane.loss.is_some()),
        ("model", lane.model.is_some()),
        ("regularize", lane.regularize.is_some()),
    ];
    for (field, _) in meaningless.iter().filter(|(_, given)| *given) {
        let message = format!("`{field}` is for learning from data; this task is a surface");
        let hint = if *field == "init" { "write `start: (x, y)` instead" } else { "leave it out" };
        problems.push(Problem::new(format!("{path}.{field}"), message).hint(hint));
    }
    if let Some(point) = lane.start {
        start(problems, &format!("{path}.start"), point, precision);
    }
}

pub(super) fn edits(problems: &mut Vec<Problem>, experiment: &Experiment) {
    for (i, edit) in experiment.edits.iter().enumerate() {
        let path = format!("edits[{i}]");
        let Some(lane) = experiment.lanes.iter().find(|lane| lane.name == edit.lane) else {
            let names: Vec<&str> = experiment.lanes.iter().map(|l| l.name.as_str()).collect();
            let message = format!("there is no lane called `{}`", edit.lane);
            let problem = Problem::new(format!("{path}.lane"), message).found(edit.lane.as_str());
            problems.push(problem.hint(suggestion(&edit.lane, names)));
            continue;
        };
        change(problems, &path, lane, edit, experiment);
        if let PlannedLength::Steps(Length::Count(steps)) = experiment.length()
            && edit.step >= steps
        {
            problems.push(beyond(&path, edit.step, steps));
        }
    }
}

/// The problem of an edit after the run's last update.
pub(in crate::experiment) fn beyond(path: &str, step: u64, steps: u64) -> Problem {
    Problem::new(
        format!("{path}.step"),
        format!("the run ends after {steps} updates, so an edit at step {step} never acts"),
    )
    .found(step.to_string())
    .hint("lengthen the run, or leave the edit out")
}

fn change(
    problems: &mut Vec<Problem>,
    path: &str,
    lane: &LaneSpec,
    edit: &EditSpec,
    experiment: &Experiment,
) {
    let read = parse_change(lane, &edit.set, &edit.to.0).and_then(|change| {
        let model = experiment.model(lane);
        lacks_dropout(&change, model).map_or(Ok(()), Err)
    });
    if let Err(problem) = read {
        // What is wrong is the value if something else would be allowed, else the path.
        let field = if problem.allowed.is_some() { "to" } else { "set" };
        problems.push(Problem { path: format!("{path}.{field}"), ..problem });
    } else if experiment.surface().is_some() {
        let message = match edit.set.split('.').next() {
            Some("batch_size") => "a surface has no rows, so there is no batch size",
            Some("regularize") => "a surface has no weights, so there are no penalties on them",
            _ => return,
        };
        problems.push(Problem::new(format!("{path}.set"), message).hint("leave the edit out"));
    }
}
