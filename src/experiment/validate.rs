//! The laws of an experiment, as far as they can be seen without its data: every one that is broken
//! is reported, none is repaired.
//!
//! Invariant: nothing is allocated here in proportion to a number in the file; sizes are checked by
//! arithmetic that cannot overflow.
//!
//! Not here: what needs the data ([`super::prepare`]), and the ranges of single fields, which their
//! tables know.

mod lanes;
mod learn;

use crate::catalog::{Chosen, Family, suggestion};
use crate::numeric::Precision;
use crate::objective::{Surfaces, formula_of};

pub(super) use lanes::beyond;

use super::{Experiment, Length, Problem, SurfaceTask, Task, ViewSpec};

/// The longest name of an experiment or a lane, in characters.
const LONGEST_NAME: usize = 200;
/// The longest notes, in characters.
const LONGEST_NOTES: usize = 20_000;

/// Everything wrong with an experiment.
pub(super) fn validate(experiment: &Experiment) -> Vec<Problem> {
    let mut problems = Vec::new();
    too_long(&mut problems, "name", &experiment.name, LONGEST_NAME);
    too_long(&mut problems, "notes", &experiment.notes, LONGEST_NOTES);
    match &experiment.task {
        Task::Learn(task) => learn::learn(&mut problems, experiment, task),
        Task::Surface(task) => surface(&mut problems, task, experiment.training.precision),
    }
    training(&mut problems, experiment);
    stop(&mut problems, experiment);
    lanes::lanes(&mut problems, experiment);
    lanes::edits(&mut problems, experiment);
    view(&mut problems, experiment);
    problems
}

fn too_long(problems: &mut Vec<Problem>, path: &str, text: &str, most: usize) {
    let length = text.chars().count();
    if length > most {
        let message = format!("`{path}` has {length} characters; at most {most} are allowed");
        problems.push(Problem::new(path, message).hint("shorten it"));
    }
}

/// Every value of a choice that its table does not allow.
fn chosen<F: Family>(problems: &mut Vec<Problem>, path: &str, chosen: &Chosen<F>) {
    for problem in chosen.problems() {
        let path = format!("{path}.{}", problem.field);
        problems.push(Problem::not_allowed(path, problem.found, problem.allowed));
    }
}

fn finite(problems: &mut Vec<Problem>, path: &str, x: f64) {
    if !x.is_finite() {
        problems.push(Problem::not_allowed(path, format!("{x:?}"), "a finite number"));
    }
}

fn not_negative(problems: &mut Vec<Problem>, path: &str, x: f64) {
    if !(x.is_finite() && x >= 0.0) {
        problems.push(Problem::not_allowed(path, format!("{x:?}"), "a number of at least 0"));
    }
}

/// A point that is finite in the precision of training.
fn start(problems: &mut Vec<Problem>, path: &str, (x, y): (f64, f64), precision: Precision) {
    for (axis, place) in [x, y].into_iter().enumerate() {
        let path = format!("{path}[{axis}]");
        finite(problems, &path, place);
        let held = precision == Precision::F64 || (place as f32).is_finite();
        if place.is_finite() && !held {
            let allowed = "a number that `precision: F32` can hold, at most 3.4e38 in size";
            problems.push(Problem::not_allowed(path, format!("{place:?}"), allowed));
        }
    }
}

fn surface(problems: &mut Vec<Problem>, task: &SurfaceTask, precision: Precision) {
    chosen(problems, "task.function", &task.function);
    formula(problems, &task.function);
    start(problems, "task.start", task.start, precision);
    not_negative(problems, "task.noise", task.noise);
}

/// A formula that cannot be read, with the place inside its text.
fn formula(problems: &mut Vec<Problem>, function: &Chosen<Surfaces>) {
    let Some(Err(error)) = formula_of(function) else { return };
    let message = format!("column {} of the formula: {}", error.at.start + 1, error.message);
    let problem = Problem::new("task.function", message).inside(error.at);
    problems.push(Problem { hint: error.hint, ..problem });
}

fn training(problems: &mut Vec<Problem>, experiment: &Experiment) {
    let training = &experiment.training;
    if training.epochs == Some(Length::Count(0)) {
        let allowed = "a whole number of at least 1, or `Unlimited`";
        problems.push(Problem::not_allowed("training.epochs", "0", allowed));
    }
    if training.steps == Some(Length::Count(0)) {
        let allowed = "a whole number of at least 1, or `Unlimited`";
        problems.push(Problem::not_allowed("training.steps", "0", allowed));
    }
    if training.epochs.is_some() && experiment.surface().is_some() {
        problems.push(
            Problem::new("training.epochs", "a surface has no rows, so there are no epochs")
                .hint("write `steps` instead"),
        );
    } else if training.epochs.is_some() && training.steps.is_some() {
        problems.push(
            Problem::new("training.steps", "the length is given twice, as `epochs` and as `steps`")
                .hint("leave one of them out"),
        );
    }
    batch_size(problems, "training.batch_size", Some(training.batch_size));
}

fn batch_size(problems: &mut Vec<Problem>, path: &str, size: Option<crate::data::BatchSize>) {
    if size == Some(crate::data::BatchSize::Rows(0)) {
        let allowed = "a whole number of at least 1, or `Full`";
        problems.push(Problem::not_allowed(path, "0", allowed));
    }
}

fn stop(problems: &mut Vec<Problem>, experiment: &Experiment) {
    for (i, rule) in experiment.stop.iter().enumerate() {
        let path = format!("stop[{i}]");
        chosen(problems, &path, rule);
        if rule.name() == "AccuracyAbove" && experiment.surface().is_some() {
            problems.push(
                Problem::new(path.clone(), "a surface has no classes, so there is no accuracy")
                    .hint("use `LossBelow`"),
            );
        }
    }
}

/// The lanes that the view names, and where.
fn named_lanes(view: &ViewSpec) -> impl Iterator<Item = (String, &str)> {
    let muted = view.muted.iter().enumerate().map(|(at, n)| (format!("view.muted[{at}]"), &**n));
    let solo = view.solo.iter().enumerate().map(|(at, n)| (format!("view.solo[{at}]"), &**n));
    let pinned = view.pinned.iter().map(|n| ("view.pinned".to_owned(), &**n));
    let inside = view.inside.lane.iter().map(|n| ("view.inside.lane".to_owned(), &**n));
    let every = view.every_seed.iter().enumerate();
    let every = every.map(|(at, n)| (format!("view.every_seed[{at}]"), &**n));
    muted.chain(solo).chain(pinned).chain(inside).chain(every)
}

fn view(problems: &mut Vec<Problem>, experiment: &Experiment) {
    if let Some(pace) = experiment.view.pace
        && !(pace.is_finite() && pace > 0.0)
    {
        let allowed = "a number above 0 (steps a second), or `None` for full speed";
        problems.push(Problem::not_allowed("view.pace", format!("{pace:?}"), allowed));
    }
    let smooth = experiment.view.smooth;
    if !(0.0..=ViewSpec::SMOOTHEST).contains(&smooth) {
        let allowed = "a number of at least 0 and at most 0.999";
        problems.push(Problem::not_allowed("view.smooth", format!("{smooth:?}"), allowed));
    }
    if let Some(target) = experiment.view.target.filter(|target| !target.is_finite()) {
        problems.push(Problem::not_allowed(
            "view.target",
            format!("{target:?}"),
            "a finite number",
        ));
    }
    let threshold = experiment.view.tiles.threshold;
    if !threshold.is_finite() {
        let found = format!("{threshold:?}");
        problems.push(Problem::not_allowed("view.tiles.threshold", found, "a finite number"));
    }
    for (path, name) in named_lanes(&experiment.view) {
        if experiment.lane_index(name).is_none() {
            let problem = Problem::new(path, format!("there is no lane called `{name}`"));
            let names = experiment.lanes.iter().map(|lane| lane.name.as_str());
            problems.push(problem.found(name).hint(suggestion(name, names)));
        }
    }
    if let Some(found) = experiment.view.panes.problem() {
        let allowed = "rows of at least one pane, each pane once, as in `[[Curve], [Lanes]]`";
        problems.push(Problem::not_allowed("view.panes", found, allowed));
    }
}
