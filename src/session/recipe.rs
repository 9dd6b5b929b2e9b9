//! What a lane's run follows from, and nothing else: two lanes with equal recipes train alike, bit
//! for bit. Names, colours, notes and the view are left out.

use std::collections::{HashMap, HashSet};

use crate::catalog::Chosen;
use crate::experiment::{EditSpec, Experiment, LaneSpec, StopRules, Task, Training};

/// Everything in the experiment that decides a lane's run.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recipe {
    task: Task,
    training: Training,
    stop: Vec<Chosen<StopRules>>,
    lane: LaneSpec,
    edits: Vec<EditSpec>,
    /// Of the lane it is forked off, as far as that counts, and the step where.
    parent: Option<(Box<Self>, u64)>,
}

impl Recipe {
    pub(super) fn of(experiment: &Experiment, lane: &LaneSpec) -> Self {
        Self::until(experiment, lane, u64::MAX)
    }

    /// Of the lane's run up to a step.
    fn until(experiment: &Experiment, lane: &LaneSpec, step: u64) -> Self {
        Self {
            task: experiment.task.clone(),
            training: experiment.training.clone(),
            stop: experiment.stop.clone(),
            lane: nameless(lane),
            edits: edits_of(experiment, lane).filter(|edit| edit.step <= step).collect(),
            parent: parent_of(experiment, lane)
                .map(|(parent, step)| (Box::new(Self::until(experiment, parent, step)), step)),
        }
    }

    /// Whether the lane of the experiment as it reads now has this recipe, `made` being what was turned
    /// by hand since, which the file may order by now. The task, which may hold thousands of
    /// rows, is compared where it lies.
    pub(super) fn is_of(
        &self,
        experiment: &Experiment,
        lane: &LaneSpec,
        made: &[EditSpec],
    ) -> bool {
        self.is_until(experiment, lane, (u64::MAX, made))
    }

    /// The same of the lane's run up to a step.
    fn is_until(
        &self,
        experiment: &Experiment,
        lane: &LaneSpec,
        (step, made): (u64, &[EditSpec]),
    ) -> bool {
        let edits = edits_of(experiment, lane).filter(|edit| edit.step <= step);
        self.lane == nameless(lane) && self.orders(edits, made) && self.begins_as(experiment, lane)
    }

    /// Whether the lane of the experiment as it reads now begins as this one does: a fork's parents are
    /// the same as far as they count.
    pub(super) fn begins_as(&self, experiment: &Experiment, lane: &LaneSpec) -> bool {
        let same_parent = match (&self.parent, parent_of(experiment, lane)) {
            (None, None) => true,
            (Some((recipe, step)), Some((parent, at))) => {
                *step == at && recipe.is_until(experiment, parent, (at, &[]))
            }
            _ => false,
        };
        same_parent
            && self.task == experiment.task
            && self.training == experiment.training
            && self.stop == experiment.stop
    }

    /// Whether a file's edits are those of the recipe, and beside them only what was made by hand.
    fn orders(&self, edits: impl Iterator<Item = EditSpec>, made: &[EditSpec]) -> bool {
        let made: HashSet<&EditSpec> = made.iter().collect();
        let mut missing: HashMap<&EditSpec, usize> = HashMap::new();
        for wanted in &self.edits {
            *missing.entry(wanted).or_default() += 1;
        }
        for edit in edits {
            match missing.get_mut(&edit) {
                Some(times) if *times > 0 => *times -= 1,
                _ if made.contains(&edit) => {}
                _ => return false,
            }
        }
        missing.values().all(|times| *times == 0)
    }

    /// The same but for the length of training, which was written from the run.
    pub(super) fn with_training(self, training: Training) -> Self {
        Self { training, ..self }
    }
}

/// The lane that one is forked off, and where.
fn parent_of<'a>(experiment: &'a Experiment, lane: &LaneSpec) -> Option<(&'a LaneSpec, u64)> {
    let from = lane.from.as_ref()?;
    let parent = experiment.lanes.iter().find(|parent| parent.name == from.lane)?;
    Some((parent, from.step))
}

/// The lane without what does not decide its run.
fn nameless(lane: &LaneSpec) -> LaneSpec {
    LaneSpec { name: String::new(), color: None, from: None, ..lane.clone() }
}

/// The lane's edits, without its name.
pub(super) fn edits_of<'a>(
    experiment: &'a Experiment,
    lane: &'a LaneSpec,
) -> impl Iterator<Item = EditSpec> + 'a {
    let own = experiment.edits.iter().filter(|edit| edit.lane == lane.name);
    own.map(|edit| EditSpec { lane: String::new(), ..edit.clone() })
}
