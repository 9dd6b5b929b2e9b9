//! Building lanes: from the experiment as it reads now to threads that stand at their start.
//!
//! Data are loaded on a worker; when it is done, lanes whose recipe changed get new threads, the
//! others go on untouched. A lane that has trained is never thrown away by an edit: it is marked
//! stale and takes the change on Reset.

use std::sync::Arc;

use crate::experiment::{EditSpec, Experiment, LanePlan, LaneSpec, Problem};
use crate::train::{Command, Target, spawn, spawn_seeds};

use super::jobs::{JobDone, Order};
use super::library::FileOpener;
use super::recipe::{Recipe, edits_of};
use super::undo::TextState;
use super::workbench::{Ghost, NoticeKind, Session};
use super::{Lane, LaneId};

/// How many earlier runs are kept as ghosts.
const MAX_GHOSTS: usize = 16;
/// How many removed lanes are kept for undo.
const MAX_ATTIC: usize = 16;

impl Session {
    /// Gives every lane of the experiment a new identity.
    pub(super) fn fresh_ids(&mut self) {
        self.ids.clear();
        for _ in 0..self.draft.experiment().lanes.len() {
            let id = self.new_id();
            self.ids.push(id);
        }
    }

    pub(super) fn new_id(&mut self) -> LaneId {
        self.next_id += 1;
        LaneId(self.next_id)
    }

    /// Whether the lane's run no longer follows from the experiment: it applies on Reset.
    pub fn is_stale(&self, id: LaneId) -> bool {
        let (Some(lane), Some(index)) = (self.lane(id), self.index_of(id)) else { return false };
        lane.is_stale(self.draft.valid(), index)
    }

    /// Whether any lane is stale.
    pub fn needs_reset(&self) -> bool {
        self.lanes.iter().any(|l| self.is_stale(l.id))
    }

    /// Builds all lanes anew.
    pub(super) fn rebuild_all(&mut self) {
        self.order(self.ids.clone());
    }

    /// After a change of the text: builds what is missing, rebuilds what stands at its start, drops
    /// what is gone, and takes over names and colours.
    pub(super) fn sync_lanes(&mut self) {
        self.store_removed();
        self.fetch_restored();
        self.sort_lanes();
        self.take_over_looks();
        if !self.draft.problems().is_empty() {
            return;
        }
        let build: Vec<LaneId> = self
            .ids
            .iter()
            .copied()
            .filter(|id| match self.lane(*id) {
                None => true,
                Some(_) if self.is_awaited(*id) => true,
                Some(lane) => lane.is_at_start() && !lane.is_running() && self.is_stale(*id),
            })
            .collect();
        if !build.is_empty() {
            self.order(build);
        }
    }

    fn order(&mut self, build: Vec<LaneId>) {
        self.generation += 1;
        self.data_problems.clear();
        let order = Order {
            generation: self.generation,
            valid: Arc::clone(self.draft.valid()),
            ids: self.ids.clone(),
            build,
        };
        let opener = self.opener();
        if let Err(error) = self.jobs.prepare(order, opener) {
            self.notify(NoticeKind::Failed, format!("no thread could be started: {error}"));
        }
    }

    /// Opens the tables the experiment names: relative to its own folder.
    pub(super) fn opener(&self) -> FileOpener {
        let folder = self.draft.path.as_deref().and_then(std::path::Path::parent);
        FileOpener::new(folder.map(std::path::Path::to_path_buf).unwrap_or_default())
    }

    pub(super) fn take_job(&mut self, done: JobDone) {
        match done {
            JobDone::Prepared { order, plans } => self.take_plans(&order, plans),
            JobDone::Read { path, text } => self.take_read(&path, text),
            JobDone::Written { path, text, result } => self.take_written(path, &text, result),
            JobDone::Previewed(preview) => self.table_preview = Some(preview),
            JobDone::Programmed(program) => self.program = Some(program),
            JobDone::Exported { path, result } => self.take_exported(&path, result),
            JobDone::Examined(finding) => self.take_finding(*finding),
            JobDone::Recalled(recalled) => self.take_recalled(recalled),
            JobDone::Projected { split, found } => self.take_projected(&split, found),
            JobDone::Surveyed(news) => self.take_survey(*news),
            JobDone::Autopsied(examined) => self.take_autopsy(*examined),
            JobDone::Shelved { shelf, result } => self.take_shelved(*shelf, result),
        }
    }

    fn take_plans(&mut self, order: &Order, plans: Result<Vec<LanePlan>, Vec<Problem>>) {
        if order.generation != self.generation {
            // A newer order is under way; it must also build what this one would have.
            return self.sync_lanes();
        }
        match plans {
            Err(problems) => {
                self.data_problems = problems;
                self.run_when_ready = false;
            }
            Ok(plans) => {
                let experiment = order.valid.experiment();
                let parts = order.ids.iter().zip(&experiment.lanes).zip(plans);
                for ((id, spec), plan) in parts {
                    if order.build.contains(id) && self.ids.contains(id) {
                        let recipe = Recipe::of(experiment, spec);
                        self.build_lane(*id, (spec.clone(), recipe, plan), experiment);
                    }
                }
                self.sort_lanes();
                self.take_over_looks();
                if std::mem::take(&mut self.run_when_ready) {
                    self.running = true;
                    self.send_open(&Command::Run(Target::End));
                }
            }
        }
    }

    /// Starts a lane: from the file alone, or, if it is forked off a run that is there, from that.
    fn build_lane(
        &mut self,
        id: LaneId,
        built: (LaneSpec, Recipe, LanePlan),
        experiment: &Experiment,
    ) {
        if self.fork_waits(id, &built) {
            return;
        }
        // After a reset it is built from the file; the lane that it follows goes on having its origin.
        let is_reset = self.is_awaited(id);
        let before = self.lanes.iter_mut().find(|lane| lane.id == id && !is_reset);
        let origin = before.and_then(|lane| {
            let same = lane.recipe.begins_as(experiment, &built.0);
            lane.origin.take().filter(|_| same)
        });
        if let Some(origin) = origin {
            return self.start_forked(id, built, *origin);
        }
        let (spec, recipe, plan) = built;
        let (permits, waker) = (Arc::clone(&self.permits), self.waker.as_fn());
        let handle = match spec.seeds {
            0 | 1 => spawn(plan.clone(), permits, &self.checkpoints, waker),
            seeds => spawn_seeds(plan.clone(), seeds, permits, &self.checkpoints, waker),
        };
        self.welcome(Lane::new(id, spec, recipe, plan, handle));
    }

    /// A lane with a new thread: it is told what the others know, and stands in its place.
    pub(super) fn welcome(&mut self, mut lane: Lane) {
        lane.set_pace(self.draft.valid().experiment().view.pace);
        if self.running {
            lane.send(Command::Run(Target::End));
        }
        if let Some(at) = self.lanes.iter().position(|l| l.id == lane.id) {
            let before = self.lanes.remove(at);
            self.keep_earlier(before);
        }
        self.lanes.push(lane);
        self.sort_lanes();
        self.take_over_looks();
    }

    /// All lanes back to the same start; false if the experiment has mistakes.
    pub(super) fn reset(&mut self) -> bool {
        self.reset_as("Reset", None)
    }

    /// The same under another name, and with a change of the text that was made for it.
    pub(super) fn reset_as(&mut self, label: &str, text: Option<(TextState, TextState)>) -> bool {
        self.running = false;
        self.run_when_ready = false;
        self.restart_lesson_step();
        if !self.draft.problems().is_empty() {
            let text = "The experiment has mistakes, marked in the panel: mend them, then reset.";
            self.notify(NoticeKind::Failed, text);
            return false;
        }
        self.look_at(None);
        let is_at_start = self.lanes.iter().all(|lane| lane.is_at_start() && !lane.is_running());
        if self.lesson.is_some() || (is_at_start && text.is_none()) {
            self.keep_ghosts();
            if self.lesson.is_some() {
                self.undo.forget_live();
                self.attic.clear();
            }
            for lane in &mut self.lanes {
                lane.origin = None;
            }
        } else {
            self.leave_run(label, text);
        }
        self.forks.clear();
        for lane in &mut self.lanes {
            lane.send(Command::Pause);
        }
        self.rebuild_all();
        true
    }

    /// Takes the length of training for that of these runs: it was just written from them.
    pub(super) fn adopt_length(&mut self, runs: &[LaneId]) {
        let training = self.draft.valid().experiment().training.clone();
        for lane in self.lanes.iter_mut().filter(|lane| runs.contains(&lane.id)) {
            lane.adopt_training(training.clone());
        }
    }

    /// The lanes whose runs follow from the experiment as it reads now.
    pub(super) fn up_to_date(&self) -> Vec<LaneId> {
        self.ids
            .iter()
            .copied()
            .filter(|id| self.lane(*id).is_some() && !self.is_stale(*id))
            .collect()
    }

    /// Takes note of which knobs turned by hand the file orders by now.
    pub(super) fn sync_written(&mut self) {
        let experiment = self.draft.experiment();
        for (id, spec) in self.ids.iter().zip(&experiment.lanes) {
            if let Some(lane) = self.lanes.iter_mut().find(|lane| lane.id == *id) {
                let edits: Vec<EditSpec> = edits_of(experiment, spec).collect();
                lane.sync_written(&edits);
            }
        }
        self.sync_written_before();
    }

    pub(super) fn keep_ghosts(&mut self) {
        for lane in self.lanes.iter().filter(|l| !l.is_at_start()) {
            self.ghosts.push(Ghost {
                name: lane.name().to_owned(),
                color: lane.color,
                losses: lane.all_losses(),
                epoch_loss: lane.curves.epoch_loss.clone(),
                axes: lane.axes.clone(),
            });
        }
        let surplus = self.ghosts.len().saturating_sub(MAX_GHOSTS);
        self.ghosts.drain(..surplus);
    }

    /// Puts lanes that the experiment no longer has where undo finds them.
    fn store_removed(&mut self) {
        let (kept, mut removed): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.lanes).into_iter().partition(|l| self.ids.contains(&l.id));
        self.lanes = kept;
        for lane in &mut removed {
            lane.send(Command::Pause);
        }
        self.attic.append(&mut removed);
        let surplus = self.attic.len().saturating_sub(MAX_ATTIC);
        self.attic.drain(..surplus);
    }

    fn fetch_restored(&mut self) {
        let (restored, kept) =
            std::mem::take(&mut self.attic).into_iter().partition(|l| self.ids.contains(&l.id));
        self.attic = kept;
        let restored: Vec<Lane> = restored;
        for lane in restored {
            if self.lane(lane.id).is_none() {
                self.lanes.push(lane);
            }
        }
    }

    fn sort_lanes(&mut self) {
        let ids = &self.ids;
        self.lanes.sort_by_key(|l| ids.iter().position(|id| *id == l.id));
    }

    /// Names and colours apply at once, whatever the lane is doing.
    fn take_over_looks(&mut self) {
        let colors = lane_colors(&self.draft.experiment().lanes);
        for (index, id) in self.ids.iter().enumerate() {
            let spec = self.draft.experiment().lanes.get(index);
            let lane = self.lanes.iter_mut().find(|l| l.id == *id);
            if let (Some(spec), Some(lane)) = (spec, lane) {
                lane.spec.name.clone_from(&spec.name);
                lane.spec.color = spec.color;
                lane.color = colors[index];
            }
        }
    }
}

/// A colour for every lane: its own, else the first that no lane has, else by position.
fn lane_colors(lanes: &[LaneSpec]) -> Vec<usize> {
    let own = |l: &LaneSpec| l.color.map(|c| usize::from(c.clamp(1, 8)) - 1);
    let mut used: Vec<usize> = lanes.iter().filter_map(own).collect();
    lanes
        .iter()
        .enumerate()
        .map(|(index, lane)| {
            own(lane).unwrap_or_else(|| {
                let color = (0..8).find(|c| !used.contains(c)).unwrap_or(index % 8);
                used.push(color);
                color
            })
        })
        .collect()
}
