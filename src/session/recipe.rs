//! What a lane's run follows from, and nothing else: two lanes with equal recipes train alike, bit
//! for bit. Names, colours, notes and the view are left out.

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
}

impl Recipe {
    pub(super) fn of(experiment: &Experiment, lane: &LaneSpec) -> Self {
        Self {
            task: experiment.task.clone(),
            training: experiment.training.clone(),
            stop: experiment.stop.clone(),
            lane: nameless(lane),
            edits: edits_of(experiment, lane).collect(),
        }
    }

    /// Whether the lane of the experiment as it reads now has this recipe. Asked every frame, so the
    /// task, which may hold thousands of rows, is compared where it lies.
    pub(super) fn is_of(&self, experiment: &Experiment, lane: &LaneSpec) -> bool {
        self.task == experiment.task
            && self.training == experiment.training
            && self.stop == experiment.stop
            && self.lane == nameless(lane)
            && edits_of(experiment, lane).eq(self.edits.iter().cloned())
    }
}

/// The lane without what does not decide its run.
fn nameless(lane: &LaneSpec) -> LaneSpec {
    LaneSpec { name: String::new(), color: None, ..lane.clone() }
}

/// The lane's edits, without its name.
fn edits_of<'a>(
    experiment: &'a Experiment,
    lane: &'a LaneSpec,
) -> impl Iterator<Item = EditSpec> + 'a {
    let own = experiment.edits.iter().filter(|edit| edit.lane == lane.name);
    own.map(|edit| EditSpec { lane: String::new(), ..edit.clone() })
}
