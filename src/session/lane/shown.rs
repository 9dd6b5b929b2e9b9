//! What is shown of a lane: as it is now, or as it was at the step that is looked at.
//!
//! Invariant: everything that is shown at once is of one step, [`Lane::shown_step`]. Deliberately not here:
//! how an earlier step is found again ([`super::shadow`]).

use std::borrow::Cow;
use std::sync::Arc;

use crate::data::Dataset;
use crate::experiment::{LanePlan, TaskPlan};
use crate::train::{
    Command, EvaluationRecord, LaneHandle, Picture, PictureKind, PictureRequest, RowSet,
};

use super::shadow::Shadow;
use super::{Knobs, Lane, Moment, Pictures, RowOutputs, Traces};

impl Lane {
    /// The number shown on its card: the last epoch's mean, else the last batch loss.
    pub fn shown_loss(&self) -> Option<f64> {
        if let Some(step) = self.looked_at() {
            let curve = &self.curves.epoch_loss;
            let epoch = curve.at(step).map(|point| point.value);
            return epoch.or_else(|| self.losses.get(step.checked_sub(1)?));
        }
        self.curves.epoch_loss.last().map(|p| p.value).or(self.status.batch_loss)
    }

    /// What is measured at the step that is looked at, else the latest evaluation, or what was measured
    /// at rest since.
    pub fn latest(&self) -> Option<&EvaluationRecord> {
        if let Some(moment) = self.moment() {
            return Some(&moment.evaluation);
        }
        let recorded = self.evaluations.last().map(Arc::as_ref);
        let at_rest = self.at_rest.as_ref();
        at_rest.filter(|at_rest| recorded.is_none_or(|r| r.step <= at_rest.step)).or(recorded)
    }

    /// Whether the pictures asked for have come, and show the lane as it is shown.
    pub fn has_its_pictures(&self) -> bool {
        match &self.shadow {
            Some(shadow) => shadow.has_arrived(&self.watched),
            None => self.pictures.answer(&self.watched, self.status.step),
        }
    }

    /// The pictures to show, one of each kind.
    pub fn pictures(&self) -> &Pictures {
        self.moment().map_or(&self.pictures, |moment| &moment.pictures)
    }

    /// Its whole state as last sent, whatever is looked at.
    pub(in crate::session) fn live_state(&self) -> Option<&Picture> {
        self.pictures.state.as_ref()
    }

    /// Its parameters as last sent, whatever is looked at.
    pub(in crate::session) fn live_parameters(&self) -> Option<&Picture> {
        self.pictures.parameters.as_ref()
    }

    /// The lane as it was at the step that is looked at; `None` where it is shown as it is now.
    pub fn moment(&self) -> Option<&Moment> {
        self.shadow.as_ref()?.moment()
    }

    /// The step that is looked at, on its way or shown; `None` for the present.
    pub fn looked_at(&self) -> Option<u64> {
        self.shadow.as_ref().map(Shadow::wanted)
    }

    /// The step that everything shown is of.
    pub fn shown_step(&self) -> u64 {
        self.looked_at().unwrap_or(self.status.step)
    }

    /// The knobs as they were, or are, at the step that is shown.
    pub fn shown_knobs(&self) -> Cow<'_, Knobs> {
        match self.looked_at() {
            None => Cow::Borrowed(&self.knobs),
            Some(step) => {
                let until = self.changes.iter().filter(|change| change.step <= step);
                Cow::Owned(Knobs::after(&self.plan, until))
            }
        }
    }

    /// The path up to the step that is shown.
    pub fn shown_trail(&self) -> &[(u64, [f64; 2])] {
        match self.looked_at() {
            None => &self.trail,
            Some(step) => &self.trail[..self.trail.partition_point(|(at, _)| *at <= step)],
        }
    }

    /// The part of a path that a fork has from its parent, and its own; the step where it begins belongs to
    /// both. A lane that is no fork has all of it itself.
    pub fn parted<'p, T>(&self, path: &'p [(u64, T)]) -> [&'p [(u64, T)]; 2] {
        parted(path, self.first_step())
    }

    /// Looks at an earlier step, or, at `None`, at the present again; `spawn` starts a thread of the
    /// lane's plan.
    pub(in crate::session) fn look_at(
        &mut self,
        step: Option<u64>,
        spawn: impl FnOnce(&LanePlan) -> LaneHandle,
    ) {
        let Some(step) = step else {
            self.shadow = None;
            return;
        };
        let step = self.reached(step);
        if let Some(shadow) = &mut self.shadow {
            shadow.want(step);
        } else {
            self.shadow = Some(Shadow::new(spawn(&self.plan), &self.watched, step));
        }
        self.ask_for_past();
    }

    /// Asks the thread for the way to the step that is looked at, if it is time.
    pub(super) fn ask_for_past(&mut self) {
        if let Some(step) = self.shadow.as_mut().and_then(Shadow::next_question) {
            self.send(Command::Retrace(step..step));
        }
    }

    /// The latest outputs for rows of a set.
    pub fn outputs(&self, of: RowSet) -> Option<RowOutputs<'_>> {
        match &self.pictures().outputs(of)?.kind {
            PictureKind::Outputs { outputs, width, every, .. } if *width > 0 => {
                Some(RowOutputs { outputs, width: *width, every: (*every).max(1) })
            }
            _ => None,
        }
    }

    /// The lines of the maps of earlier steps.
    pub fn traces(&self) -> &Traces {
        &self.traces
    }

    /// The rows of a set: the training rows where none are held out; `None` on a surface.
    pub fn rows(&self, of: RowSet) -> Option<(RowSet, &Dataset)> {
        let TaskPlan::Learn(learn) = &self.plan.task else { return None };
        match (of, &learn.split.held_out) {
            (RowSet::HeldOut, Some(held_out)) => Some((of, held_out)),
            _ => Some((RowSet::Training, &learn.split.train)),
        }
    }

    /// Asks for pictures, if others are asked for than before.
    pub fn watch(&mut self, requests: Vec<PictureRequest>) {
        if self.watched != requests {
            self.watched = requests;
            self.pictures.keep_asked(&self.watched);
            if let Some(shadow) = &mut self.shadow {
                shadow.watch(&self.watched);
            }
            self.send_watch();
        }
    }

    /// Has its state sent along with its pictures, or no longer.
    pub(in crate::session) fn send_state(&mut self, on: bool) {
        if self.sends_state != on {
            self.sends_state = on;
            self.pictures.state = None;
            self.send_watch();
        }
    }

    fn send_watch(&mut self) {
        let mut requests = self.watched.clone();
        requests.extend(self.sends_state.then_some(PictureRequest::State));
        self.send(Command::Watch(requests));
    }
}

/// A path before `first` updates and from there on; the step itself belongs to both.
fn parted<T>(path: &[(u64, T)], first: u64) -> [&[(u64, T)]; 2] {
    if first == 0 {
        return [&[], path];
    }
    let count = path.partition_point(|(step, _)| *step <= first);
    [&path[..count], &path[count.saturating_sub(1)..]]
}

#[cfg(test)]
mod tests {
    use super::parted;

    #[test]
    fn a_forks_path_is_parted_where_it_begins() {
        let path = [(0, 'a'), (5, 'b'), (10, 'c'), (15, 'd')];
        assert_eq!(parted(&path, 0), [&[][..], &path[..]]);
        assert_eq!(parted(&path, 10), [&path[..3], &path[2..]]);
        assert_eq!(parted(&path, 12), [&path[..3], &path[2..]]);
        assert_eq!(parted(&path[..0], 12), [&[][..], &[][..]]);
    }
}
