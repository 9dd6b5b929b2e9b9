//! From a valid experiment to plans that can be trained: loads the data once, splits it, lays each
//! lane's own settings over the experiment's, and tries whether every network can be built.
//!
//! Invariant: what comes out can be trained; lanes share their rows. Problems of the data stand at
//! the paths of `task.data`, those of a network at the lane's own setting if it has one.

use std::sync::Arc;

use crate::data::{self, DataError, Opener, Split};
use crate::model::{LossTask, Losses, ModelError, Network, check_memory, initial_parameters};
use crate::optim::Schedule;

use super::spans::scan;
use super::validate::beyond;
use super::{
    Change, Experiment, ForkPlan, LanePlan, LaneSpec, Learn, LearnPlan, PlannedEdit, PlannedLength,
    Problem, SurfaceTask, Task, TaskPlan, ValidExperiment, parse_change,
};

/// Numbers that a run may hold for each of its parameters, those of the hungriest optimizer.
const NUMBERS_A_PARAMETER: u64 = 14;

impl ValidExperiment {
    /// One plan a lane, in the file's order, with the data loaded.
    ///
    /// # Errors
    /// What is wrong with the data, or with a network for this data; all of it, with places.
    pub fn prepare(&self, opener: &dyn Opener) -> Result<Vec<LanePlan>, Vec<Problem>> {
        let split = self.load(opener)?;
        self.plan(split.as_ref())
    }

    /// The rows, loaded, split and scaled; `None` on a surface.
    ///
    /// # Errors
    /// What is wrong with the data.
    pub fn load(&self, opener: &dyn Opener) -> Result<Option<Arc<Split>>, Vec<Problem>> {
        let Some(task) = self.experiment().learn() else { return Ok(None) };
        let problem = |path: &str, error: &DataError| self.placed(vec![data_problem(path, error)]);
        let dataset = data::load(&task.data, opener).map_err(|e| problem("task.data", &e))?;
        let split = data::split(&dataset, task.held_out, task.scale).map_err(|error| {
            let path = if error.field().is_some() { "task.held_out" } else { "task.scale" };
            problem(path, &error)
        })?;
        Ok(Some(Arc::new(split)))
    }

    /// One plan a lane for rows that were loaded before, by this experiment or by one with the same
    /// data.
    ///
    /// # Errors
    /// What is wrong with a network for this data, or with an edit's step.
    pub fn plan(&self, split: Option<&Arc<Split>>) -> Result<Vec<LanePlan>, Vec<Problem>> {
        let experiment = self.experiment();
        let mut problems: Vec<Problem> = Vec::new();
        let mut plans = Vec::with_capacity(experiment.lanes.len());
        let mut readings = split.map(Readings::new);
        for (index, lane) in experiment.lanes.iter().enumerate() {
            let task = match (&experiment.task, &mut readings) {
                (Task::Learn(task), Some(readings)) => {
                    learn_plan(experiment, lane, task, &readings.of(task, lane))
                }
                (Task::Surface(task), _) => surface_plan(lane, task),
                (Task::Learn(_), None) => {
                    let problem = Problem::new("task.data", "the data has not been loaded");
                    return Err(self.placed(vec![problem]));
                }
            };
            let plan = lane_plan(experiment, lane, task);
            for problem in check_plan(experiment, index, &plan) {
                if !problems.iter().any(|p| p.path == problem.path) {
                    problems.push(problem);
                }
            }
            plans.push(plan);
        }
        if !problems.is_empty() {
            return Err(self.placed(problems));
        }
        let bare = plans.clone();
        for (plan, lane) in plans.iter_mut().zip(&experiment.lanes) {
            plan.from = fork_plan(experiment, lane, &bare);
        }
        Ok(plans)
    }

    fn placed(&self, problems: Vec<Problem>) -> Vec<Problem> {
        let text = self.text();
        match scan(text) {
            Ok(root) => problems.into_iter().map(|p| p.placed(text, &root)).collect(),
            Err(_unreadable) => problems,
        }
    }
}

/// A problem of the data or of its split, at the field it belongs to.
pub(super) fn data_problem(path: &str, error: &DataError) -> Problem {
    let path = error.field().map_or_else(|| path.to_owned(), |field| format!("{path}.{field}"));
    match error {
        DataError::NotAllowed { found, allowed, .. } => Problem::not_allowed(path, found, allowed),
        DataError::NoSuchColumn { name, hint } => {
            Problem::new(path, format!("the table has no column `{name}`"))
                .found(name.as_str())
                .hint(hint.as_str())
        }
        other => Problem::new(path, other.to_string()),
    }
}

/// The rows with their targets as each lane's loss reads them. Lanes that read them alike share them.
struct Readings {
    loaded: Arc<Split>,
    as_classes: Option<Arc<Split>>,
    as_values: Option<Arc<Split>>,
}

impl Readings {
    fn new(loaded: &Arc<Split>) -> Self {
        Self { loaded: Arc::clone(loaded), as_classes: None, as_values: None }
    }

    /// Where the file leaves it open what its targets are, a loss over classes reads whole numbers as
    /// classes, and one over numbers reads more than two classes as numbers. (Two are 0 and 1 either
    /// way; as classes their accuracy can be told.)
    fn of(&mut self, task: &Learn, lane: &LaneSpec) -> Arc<Split> {
        let targets = &self.loaded.train.targets;
        if !data::leaves_targets_open(&task.data, targets) {
            return Arc::clone(&self.loaded);
        }
        let loss = lane.loss.as_ref().unwrap_or(&task.loss);
        match (Losses::task(loss), targets.classes()) {
            (LossTask::Classes, None) => {
                let made = || self.loaded.with_classes().map(Arc::new);
                let split = self.as_classes.clone().map_or_else(made, Ok);
                let split = split.unwrap_or_else(|_not_classes| Arc::clone(&self.loaded));
                Arc::clone(self.as_classes.insert(split))
            }
            (LossTask::Values, Some(3..)) => {
                let made = || Arc::new(self.loaded.with_values());
                Arc::clone(self.as_values.get_or_insert_with(made))
            }
            _ => Arc::clone(&self.loaded),
        }
    }
}

fn surface_plan(lane: &LaneSpec, task: &SurfaceTask) -> TaskPlan {
    let (x, y) = lane.start.unwrap_or(task.start);
    TaskPlan::Surface { function: task.function.clone(), start: [x, y] }
}

fn lane_plan(experiment: &Experiment, lane: &LaneSpec, task: TaskPlan) -> LanePlan {
    let mut edits: Vec<PlannedEdit> = experiment
        .edits
        .iter()
        .filter(|edit| edit.lane == lane.name)
        .filter_map(|edit| {
            let change = parse_change(lane, &edit.set, &edit.to.0).ok()?;
            Some(PlannedEdit { step: edit.step, change })
        })
        .collect();
    edits.sort_by_key(|edit| edit.step);
    LanePlan {
        name: lane.name.clone(),
        from: None,
        task,
        length: experiment.length(),
        batch_size: experiment.batch_size(lane),
        shuffle: experiment.shuffle(lane),
        seeds: experiment.training.seeds(),
        precision: experiment.training.precision,
        optimizer: lane.optimizer.clone(),
        schedule: lane.schedule.clone(),
        gradient: lane.gradient.clone(),
        gradient_noise: experiment.gradient_noise(lane),
        clip: lane.clip.clone(),
        stop: experiment.stop.clone(),
        edits,
    }
}

fn learn_plan(
    experiment: &Experiment,
    lane: &LaneSpec,
    task: &Learn,
    split: &Arc<Split>,
) -> TaskPlan {
    let model = experiment.model(lane).unwrap_or(&task.model);
    let loss = lane.loss.as_ref().unwrap_or(&task.loss);
    TaskPlan::Learn(LearnPlan {
        split: Arc::clone(split),
        init: lane.init.clone().unwrap_or_else(|| model.init.0.clone()),
        model: model.clone(),
        treatment: task.class_treatment().on(loss),
        loss: loss.clone(),
        report: task.report.clone(),
        regularize: lane.regularize.unwrap_or(task.regularize),
    })
}

/// Where the lane is forked off, with everything its parents are to do; `bare` holds every lane's plan
/// but for that.
fn fork_plan(experiment: &Experiment, lane: &LaneSpec, bare: &[LanePlan]) -> Option<Arc<ForkPlan>> {
    let from = lane.from.as_ref()?;
    let at = experiment.lanes.iter().position(|parent| parent.name == from.lane)?;
    // No lane is its own ancestor: validation saw to it.
    let grandparent = fork_plan(experiment, &experiment.lanes[at], bare);
    let parent = LanePlan { from: grandparent, ..bare[at].clone() };
    Some(Arc::new(ForkPlan { parent, step: from.step }))
}

/// Tries what a trainer will do with the plan.
fn check_plan(experiment: &Experiment, index: usize, plan: &LanePlan) -> Vec<Problem> {
    let lane = &experiment.lanes[index];
    let mut problems = Vec::new();
    let mut params = Some(2);
    if let TaskPlan::Learn(learn) = &plan.task {
        let tried = try_network(learn, plan.seeds.init);
        params = tried.as_ref().ok().copied();
        if let Err(error) = tried {
            let path = blamed(lane, index, &error.path());
            problems.push(Problem::new(path, error.to_string()));
        }
        let classes = learn.split.train.targets.classes();
        for (i, rule) in plan.stop.iter().enumerate() {
            if rule.name() == "AccuracyAbove" && classes.is_none() {
                let message = "the targets are numbers, not classes, so there is no accuracy";
                problems.push(Problem::new(format!("stop[{i}]"), message).hint("use `LossBelow`"));
            }
        }
    }
    if let Some(params) = params {
        problems.extend(missing_parameters(experiment, lane, params));
        let path = format!("lanes[{index}].seeds");
        let numbers = [NUMBERS_A_PARAMETER, params as u64, u64::from(lane.seeds)];
        if let Err(error) = check_memory(&path, "the parameters of all seeds", 0, &numbers) {
            problems.push(Problem::new(path, error.to_string()).hint("ask for fewer"));
        }
    }
    let span = plan.span();
    if let Err(error) = Schedule::new(&plan.schedule, span) {
        problems.push(Problem::new(format!("lanes[{index}].schedule"), error.to_string()));
    }
    if let (PlannedLength::Epochs(_), Some(steps)) = (plan.length, span.steps)
        && plan.edits.iter().all(|edit| edit.change.path() != "batch_size")
    {
        let own = experiment.edits.iter().enumerate().filter(|(_, edit)| edit.lane == lane.name);
        for (i, edit) in own.filter(|(_, edit)| edit.step >= steps) {
            problems.push(beyond(&format!("edits[{i}]"), edit.step, steps));
        }
    }
    problems
}

/// Edits that put a parameter to a value which the lane, with so many of them, does not have.
fn missing_parameters<'a>(
    experiment: &'a Experiment,
    lane: &'a LaneSpec,
    params: usize,
) -> impl Iterator<Item = Problem> + 'a {
    let own = experiment.edits.iter().enumerate().filter(|(_, edit)| edit.lane == lane.name);
    own.filter_map(move |(i, edit)| match parse_change(lane, &edit.set, &edit.to.0) {
        Ok(Change::Parameter { index, .. }) if index >= params => {
            let message = format!("the lane `{}` has {params} parameters", lane.name);
            let problem = Problem::new(format!("edits[{i}].set"), message);
            Some(
                problem
                    .found(edit.set.as_str())
                    .hint(format!("the last is `params.{}`", params - 1)),
            )
        }
        _ => None,
    })
}

/// How many parameters the network has, if it can be built.
fn try_network(learn: &LearnPlan, seed: u64) -> Result<usize, ModelError> {
    let train = &learn.split.train;
    let network = Network::new(train.width(), &learn.model, &train.targets, &learn.loss)?;
    if let Some(report) = &learn.report {
        network.head().check_report(report)?;
    }
    learn.treatment.check(&train.targets)?;
    initial_parameters(&network, &learn.init, seed).map(|params| params.len())
}

/// Where a model's problem stands: at the lane's own setting, if it has one, else at the task's.
fn blamed(lane: &LaneSpec, index: usize, path: &str) -> String {
    let own = match path.split(['.', '[']).next() {
        Some("model") if path == "model.init" && lane.init.is_some() => Some("init".to_owned()),
        Some("model") => lane.model.as_ref().map(|_| path.to_owned()),
        Some("loss") => lane.loss.as_ref().map(|_| path.to_owned()),
        Some("regularize") => lane.regularize.map(|_| path.to_owned()),
        _ => None,
    };
    own.map_or_else(|| format!("task.{path}"), |own| format!("lanes[{index}].{own}"))
}
