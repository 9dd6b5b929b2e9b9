//! Forking a lane: a new one goes on from where it stood after some updates, with knobs of its own.
//!
//! The fork is a lane of the file (`from: (lane: "SGD", step: 156)`), so it is saved, undone and built like
//! every other. Forked off a run that is there, it need not be trained so far again: its thread gets the
//! way to the parent's state, and what the parent reported up to there is its past, too. After a reset it
//! is built from the file alone, its parent's updates done once more; that gives the same bits, because
//! the knobs turned by hand on the parent are written into the file with it.

use std::sync::Arc;

use crate::experiment::{Change, ForkSpec, LanePlan, LaneSpec, TextEdit, literal};
use crate::model::DropoutRates;
use crate::train::{Command, Retrace, spawn_fork};

use super::lane::Past;
use super::live::parameter_order;
use super::recipe::Recipe;
use super::templates::fork_name;
use super::workbench::{NoticeKind, Session};
use super::{Knobs, Lane, LaneId};

/// Where a fork of a run that is there begins.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// What the parent's run was built from.
    pub(super) parent: Arc<LanePlan>,
    /// How its state is found.
    pub(super) way: Retrace,
    /// What it reported up to there.
    pub(super) past: Past,
}

/// A fork that waits for its plan, and for the way to its parent's state.
#[derive(Debug)]
pub(super) struct Waiting {
    id: LaneId,
    parent: LaneId,
    step: u64,
    plan: Option<(LaneSpec, Recipe, LanePlan)>,
}

impl Session {
    /// Forks a lane off another where that one is shown, or at a step, and makes a change in it. Gives
    /// the new lane.
    pub(super) fn fork(
        &mut self,
        id: LaneId,
        step: Option<u64>,
        change: Option<&Change>,
    ) -> Option<LaneId> {
        let (lane, index) = (self.lane(id)?, self.index_of(id)?);
        if lane.status.step < lane.first_step() {
            let words = format!("“{}” is not yet where it was forked off.", lane.name());
            self.notify(NoticeKind::Failed, words);
            return None;
        }
        let step = lane.reached(step.unwrap_or(lane.shown_step()));
        // A fork goes on from the first seed. Where another one is shown, it is built from the file.
        let step = step.min(lane.seed_end(0).map_or(u64::MAX, |end| end.step));
        let is_at_hand = lane.shown_seed() == 0;
        let parent = &self.experiment().lanes[index];
        let made = lane.changes.iter().filter(|change| change.step <= step);
        let mut knobs = Knobs::after(&lane.plan, made);
        if let Some(change) = change {
            knobs.take(change);
        }
        let mut spec = self.with_knobs(parent, &knobs);
        let names = self.experiment().lanes.iter().map(|lane| &*lane.name);
        spec.name = fork_name((&parent.name, parent.from.is_some()), step, names);
        spec.from = Some(ForkSpec { lane: parent.name.clone(), step });
        (spec.color, spec.start, spec.seeds) = (None, None, 1);
        let new = self.new_id();
        let mut ids = self.ids.clone();
        ids.insert(index + 1, new);
        let label = format!("Fork {}", spec.name);
        let lanes: Vec<&Lane> = self.lanes.iter().collect();
        let mut orders = self.live_edits(&lanes);
        orders.extend(change.and_then(|change| parameter_order(&spec, change)));
        let mut edits = self.orders(orders, &lanes);
        edits.extend(self.colors_kept_from(index + 1));
        edits.push(TextEdit::insert("lanes", index + 1, literal(&spec)));
        if is_at_hand {
            self.forks.push(Waiting { id: new, parent: id, step, plan: None });
            let lane = self.lanes.iter_mut().find(|lane| lane.id == id)?;
            lane.ask_for_way(step);
        }
        let runs = self.up_to_date();
        self.edit_as(&edits, ids, label, None);
        if self.refused.is_some() {
            self.forks.retain(|fork| fork.id != new);
            return None;
        }
        self.adopt_length(&runs);
        Some(new)
    }

    /// A lane's spec with these knobs; what it shares with the experiment stays shared.
    fn with_knobs(&self, spec: &LaneSpec, knobs: &Knobs) -> LaneSpec {
        let experiment = self.experiment();
        let mut now = spec.clone();
        now.optimizer.clone_from(&knobs.optimizer);
        now.schedule.clone_from(&knobs.schedule);
        now.clip.clone_from(&knobs.clip);
        if experiment.batch_size(spec) != knobs.batch_size {
            now.batch_size = Some(knobs.batch_size);
        }
        if experiment.gradient_noise(spec) != knobs.gradient_noise {
            now.gradient_noise = Some(knobs.gradient_noise);
        }
        if experiment.regularize(spec).is_some_and(|shared| shared != knobs.regularize) {
            now.regularize = Some(knobs.regularize);
        }
        let shared = experiment.model(spec);
        if let Some(shared) = shared.filter(|model| DropoutRates::of(model) != knobs.dropout) {
            now.model = Some(knobs.dropout.in_model(shared));
        }
        now
    }

    /// Whether the lane is a fork that waits for where it begins; it keeps the plan then.
    pub(super) fn fork_waits(&mut self, id: LaneId, built: &(LaneSpec, Recipe, LanePlan)) -> bool {
        let fork = self.forks.iter_mut().find(|fork| fork.id == id);
        let waits = fork.is_some();
        if let Some(fork) = fork {
            fork.plan = Some(built.clone());
        }
        waits
    }

    /// Starts the forks that have all they need.
    pub(super) fn start_forks(&mut self) {
        for fork in std::mem::take(&mut self.forks) {
            let parent = self.lanes.iter_mut().find(|lane| lane.id == fork.parent);
            let (Some(parent), true) = (parent, self.ids.contains(&fork.id)) else {
                // Undone, or its parent gone: built like every other lane, if it still is one.
                self.sync_lanes();
                continue;
            };
            if parent.status.step < fork.step && !parent.knows_way(fork.step) {
                // Taken back to before it meanwhile: its thread will not say the way any more.
                parent.ways_asked.retain(|step| *step != fork.step);
                self.sync_lanes();
                continue;
            }
            if fork.plan.is_some()
                && let Some(way) = parent.take_way(fork.step)
            {
                let origin = Origin {
                    parent: Arc::clone(&parent.plan),
                    way,
                    past: parent.past_until(fork.step),
                };
                if let Some((spec, recipe, plan)) = fork.plan {
                    self.start_forked(fork.id, (spec, recipe, plan), origin);
                }
            } else {
                self.forks.push(fork);
            }
        }
    }

    /// Starts the thread of a fork.
    pub(super) fn start_forked(
        &mut self,
        id: LaneId,
        (spec, recipe, plan): (LaneSpec, Recipe, LanePlan),
        origin: Origin,
    ) {
        let handle = spawn_fork(
            plan.clone(),
            Arc::clone(&origin.parent),
            origin.way.clone(),
            Arc::clone(&self.permits),
            &self.checkpoints,
            self.waker.as_fn(),
        );
        let mut lane = Lane::new(id, spec, recipe, plan, handle);
        lane.take_past(&origin.past);
        lane.origin = Some(Box::new(origin));
        self.welcome(lane);
    }

    /// Turns a knob of a lane whose past is looked at: what it was then stays, a fork gets the knob. All
    /// of one gesture goes to one fork.
    pub(super) fn turn_in_the_past(&mut self, id: LaneId, change: &Change) {
        let known =
            self.turned_fork.filter(|(parent, fork)| *parent == id && self.ids.contains(fork));
        if let Some((_, fork)) = known {
            return self.turn_at_start(fork, change);
        }
        self.turned_fork = self.fork(id, None, Some(change)).map(|fork| (id, fork));
    }
}

impl Lane {
    /// Asks its thread for the way to the state after `step` updates.
    pub(super) fn ask_for_way(&mut self, step: u64) {
        self.ways_asked.push(step);
        self.send(Command::Retrace(step..step));
    }
}
