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
        let edits = experiment.edits.iter().filter(|e| e.lane == lane.name);
        let edits = edits.map(|e| EditSpec { lane: String::new(), ..e.clone() }).collect();
        Self {
            task: experiment.task.clone(),
            training: experiment.training.clone(),
            stop: experiment.stop.clone(),
            lane: LaneSpec { name: String::new(), color: None, ..lane.clone() },
            edits,
        }
    }
}
