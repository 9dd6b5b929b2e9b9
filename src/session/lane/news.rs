//! What a lane reported, taken in.

use std::cmp::Ordering;

use crate::train::{ChangeRecord, Event, LaneState, Picture, PictureKind, Retrace, Status};

use super::record::{take_epochs, take_evaluations, take_trail, truncate_pauses};
use super::{Knobs, Lane, Pictures};

impl Lane {
    pub(super) fn take(&mut self, event: Event, applied: &mut Vec<ChangeRecord>) {
        match event {
            Event::Segment { first_step, segment } => self.losses.adopt(first_step, segment),
            Event::Began(fingerprint) => self.began = Some(fingerprint),
            Event::Epochs(epochs) => take_epochs(&mut self.curves, &mut self.axes, &epochs),
            Event::Evaluations(found) => {
                take_evaluations(&mut self.curves, &mut self.evaluations, found);
            }
            Event::Of(run, event) => {
                if let Some(seeds) = &mut self.seeds {
                    seeds.take(run, *event);
                }
            }
            Event::Shown(run) => self.exchange(run),
            Event::Ends(ends) => {
                if let Some(seeds) = &mut self.seeds {
                    seeds.ended(ends);
                }
            }
            Event::AtRest(record) => self.at_rest = Some(*record),
            Event::Changed(record) => {
                self.knobs.take(&record.change);
                self.refused = None;
                self.changes.push(record.clone());
                applied.push(record);
            }
            Event::Refused { reason, .. } => self.refused = Some(reason),
            Event::Rewound { step, before_changes, from, to } => {
                self.keep_record(from);
                self.leave_branch(from);
                self.open_branch(to, from, step);
                self.branch = to;
                if let Some(seeds) = &mut self.seeds {
                    seeds.rewound(step, from);
                }
                self.rewound_to(step, before_changes);
            }
            Event::Returned { from, to } => {
                self.keep_record(from);
                self.leave_branch(from);
                self.branch = to;
                let known = self.take_record(to);
                debug_assert!(known, "only branches that are known are returned to");
                if let Some(seeds) = &mut self.seeds {
                    seeds.returned(from, to);
                }
                self.returned();
            }
            Event::Trail(points) => take_trail(&mut self.trail, points),
            Event::Retrace(way) => self.take_stretch(way),
            Event::Route(route) => self.route = Some(route),
            Event::Status(status) => {
                self.axes.status(&status);
                self.note_pause(&status);
                self.first_plan = self.first_plan.or(status.planned_steps);
                self.status = status;
            }
            Event::Picture(picture) => self.take_picture(picture),
        }
    }

    /// What it takes to do some updates once more, for whoever has asked.
    fn take_stretch(&mut self, way: Box<Retrace>) {
        if self.autopsy_asked == Some(way.steps()) {
            (self.autopsy_asked, self.autopsy_way) = (None, Some(way));
        } else if !way.steps().is_empty() {
            self.retrace = Some(way);
        } else if let Some(at) = self.ways_asked.iter().position(|step| *step == way.steps().end) {
            self.ways_asked.remove(at);
            self.ways.push(*way);
        } else if let Some(shadow) = &mut self.shadow {
            shadow.go(way);
        }
    }

    fn take_picture(&mut self, picture: Picture) {
        if let PictureKind::Layers(layers) = &picture.kind {
            self.inside.keep(picture.step, layers);
        }
        let is_map = matches!(picture.kind, PictureKind::Regions { .. });
        self.pictures.keep(picture);
        let Pictures { regions, trace, .. } = &self.pictures;
        if let (true, Some(map), Some(trace)) = (is_map, regions, trace) {
            self.traces.keep(map, trace);
        }
    }

    /// Takes note of where it is held, if it is now and was not before. A step alone joins the one before
    /// it.
    fn note_pause(&mut self, now: &Status) {
        let went_on = self.is_running() || now.step > self.status.step;
        if self.is_hurried
            || now.state != LaneState::Paused
            || !went_on
            || now.step <= self.first_step()
        {
            return;
        }
        match self.pauses.last_mut() {
            Some([_, last]) if *last + 1 == now.step => *last = now.step,
            Some([_, last]) if *last == now.step => {}
            _ => self.pauses.push([now.step; 2]),
        }
    }

    fn rewound_to(&mut self, step: u64, before_changes: bool) {
        self.aimed = step;
        self.losses.truncate(step);
        self.curves.truncate(step);
        self.axes.truncate(step);
        self.evaluations.retain(|e| e.step <= step);
        self.at_rest = None;
        self.changes.retain(|c| match c.step.cmp(&step) {
            Ordering::Less => true,
            // What the file orders at a step is part of the state at that step.
            Ordering::Equal => c.planned || !before_changes,
            Ordering::Greater => false,
        });
        self.written.truncate(self.changes.len());
        truncate_pauses(&mut self.pauses, step);
        self.trail.retain(|(at, _)| *at <= step);
        self.traces.truncate(step);
        self.inside.truncate(step);
        if let Some(shadow) = &mut self.shadow {
            shadow.cut(step);
        }
        self.returned();
    }

    /// The record is that of another branch now: what follows from it is brought in line.
    fn returned(&mut self) {
        (self.recalling, self.retrace) = (None, None);
        self.knobs = Knobs::after(&self.plan, &self.changes);
    }
}
