//! The loss view: the plane through the lanes' parameters, the loss over it, and their paths on it.
//!
//! While somebody looks ([`Action::WatchLandscape`](super::Action::WatchLandscape)), the lanes are asked
//! for the way they came, a worker lays the plane and finds the loss over it from coarse to fine, and what
//! it has is shown as it comes. Between two planes the paths grow by the parameters that lanes send along
//! with their pictures. A plane is laid anew when it is asked for, when the experiment or the view of it
//! changes, when a lane walks out of the window, and once when all lanes have ended; a lane that is added
//! or goes back gets its path on the plane there is.
//!
//! Invariant: only one worker's news count; whatever an older one still says is dropped, and it is told to
//! stop. Deliberately not here: what a height is ([`crate::lab`]), and drawing.

mod paths;
mod start;
mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::lab::{Sheet, Specimen};
use crate::train::{Checkpoint, Command, EndReason, EvaluationRecord, PictureKind};

use super::workbench::Session;
use super::{Lane, LaneId};
use paths::Traced;
use work::{Member, Order, Subject, lay_and_survey, project_thrusts};

pub(super) use work::SurveyNews;
pub use work::{Apart, Chart, DrawnThrust};

/// Time between two planes that nobody asked for, at least.
const BETWEEN: Duration = Duration::from_millis(700);
/// A loss so many times the first one is that of a lane that leaves all bounds.
const BLOWN_UP: f64 = 4.0;
/// Time between two looks at what drives the lanes, at least.
const BETWEEN_THRUSTS: Duration = Duration::from_millis(60);

/// The loss view of a session.
#[derive(Debug, Default)]
pub struct Landscape {
    watched: bool,
    /// Whether the paths have not been followed for a while.
    paths_are_old: bool,
    /// The plane is to be laid anew.
    again: bool,
    /// How many times as wide as high the picture of the plane is, once it was drawn; and what it was when the
    /// last worker was sent.
    shape: Option<f64>,
    sent_shape: Option<f64>,
    stage: Stage,
    /// Which worker's news count, and the word that stops it.
    ticket: u64,
    stale: Arc<AtomicBool>,
    /// What the plane there is, or is being laid, is of.
    subject: Option<Subject>,
    chart: Option<Arc<Chart>>,
    sheet: Option<Sheet>,
    problem: Option<String>,
    traced: Vec<Traced>,
    /// When the last plane was ready, and how long it took.
    finished: Option<(Instant, Duration)>,
    thrusts: Vec<DrawnThrust>,
    /// The states that were last looked at for them.
    asked_thrusts: Vec<(LaneId, Arc<Checkpoint>)>,
    /// Whether a worker looks at what drives the lanes, and when the last one was done.
    thrusting: Option<Instant>,
    thrust_done: Option<(Instant, Duration)>,
}

/// How far the work is.
#[derive(Debug, Default)]
enum Stage {
    #[default]
    Idle,
    /// Waiting for the lanes to say how they came.
    Asking { since: Instant, keep: bool },
    /// A worker is at it.
    Working { since: Instant },
}

impl Landscape {
    /// The plane, once there is one.
    pub fn chart(&self) -> Option<&Arc<Chart>> {
        self.chart.as_ref()
    }

    /// The loss over it, as fine as it is known.
    pub fn sheet(&self) -> Option<&Sheet> {
        self.sheet.as_ref()
    }

    /// Why there is none.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Whether there will be more.
    pub fn is_working(&self) -> bool {
        !matches!(self.stage, Stage::Idle)
    }

    /// What drives the lanes where they are shown, as far as it is known.
    pub fn thrusts(&self) -> &[DrawnThrust] {
        &self.thrusts
    }

    /// How many times as wide as high the picture of the plane was last drawn.
    pub fn shape(&self) -> Option<f64> {
        self.shape
    }

    /// Whether the loss is known, or being found, over all that the picture shows.
    fn fills_its_picture(&self) -> bool {
        self.chart.as_ref().is_none_or(|chart| {
            let filling = |shape| chart.window.filling(shape);
            filling(self.shape) == filling(self.sent_shape)
        })
    }

    /// Stops whoever is at work, and drops what it still says.
    fn stop(&mut self) {
        self.stale.store(true, Ordering::Release);
        self.stale = Arc::new(AtomicBool::new(false));
        self.ticket += 1;
        self.stage = Stage::Idle;
    }

    fn forget_thrusts(&mut self) {
        self.thrusts.clear();
        self.asked_thrusts.clear();
    }

    /// Whether enough time has passed since the last plane for another that nobody asked for.
    fn is_rested(&self) -> bool {
        self.finished.is_none_or(|(at, took)| at.elapsed() >= BETWEEN.max(2 * took))
    }
}

impl Session {
    /// The loss view.
    pub fn landscape(&self) -> &Landscape {
        &self.landscape
    }

    /// Whether the loss view, where somebody looks at it, shows all it will while the lanes rest.
    pub fn has_its_landscape(&self) -> bool {
        let landscape = &self.landscape;
        let has_plane = landscape.chart.is_some() || landscape.problem.is_some();
        let has_arrows = !self.view().landscape.arrows || self.next_thrusts().is_empty();
        let has_plane = has_plane && landscape.subject.as_ref() == Some(&self.landscape_subject());
        let is_shown = has_plane
            && has_arrows
            && landscape.fills_its_picture()
            && !landscape.is_working()
            && landscape.thrusting.is_none();
        !landscape.watched || is_shown
    }

    pub(super) fn watch_landscape(&mut self, on: bool) {
        if self.landscape.watched == on {
            return;
        }
        self.landscape.watched = on;
        if !on {
            self.landscape.stop();
            self.landscape.paths_are_old = true;
        }
        self.go_on_with_landscape();
    }

    pub(super) fn shape_landscape(&mut self, shape: f64) {
        if shape.is_finite() && shape > 0.0 && self.landscape.shape != Some(shape) {
            self.landscape.shape = Some(shape);
            self.go_on_with_landscape();
        }
    }

    pub(super) fn survey_again(&mut self) {
        self.landscape.again = true;
        self.go_on_with_landscape();
    }

    /// Does whatever is next for the loss view. Never waits.
    pub(super) fn go_on_with_landscape(&mut self) {
        if !self.landscape.watched || self.lanes.is_empty() {
            return;
        }
        self.grow_paths();
        let subject = self.landscape_subject();
        let known = self.landscape.subject.as_ref();
        let same_ground = known.is_some_and(|known| known.has_ground_of(&subject));
        if !same_ground || std::mem::take(&mut self.landscape.again) {
            if !same_ground {
                (self.landscape.chart, self.landscape.sheet) = (None, None);
                self.landscape.problem = None;
                self.landscape.traced.clear();
                self.landscape.forget_thrusts();
            }
            self.ask_for_routes(subject, false);
        } else if known != Some(&subject)
            || self.landscape.paths_are_old
            || !self.landscape.fills_its_picture()
        {
            // Lanes came or went: the plane stays, once there is something to be seen of it.
            let keep = self.landscape.chart.is_some() && self.landscape.sheet.is_some();
            self.ask_for_routes(subject, keep);
        } else if matches!(self.landscape.stage, Stage::Idle)
            && (self.landscape.is_rested() || !self.lanes.iter().any(Lane::is_running))
            && self.plane_is_outgrown()
        {
            self.ask_for_routes(subject, false);
        }
        self.start_survey();
        self.start_thrusts();
    }

    fn landscape_subject(&self) -> Subject {
        let members = self.lanes.iter().filter(|lane| can_be_asked(lane));
        Subject {
            plane: self.view().landscape.plane,
            members: members.map(|l| (l.id, Arc::clone(&l.plan), l.branch())).collect(),
        }
    }

    /// Asks every lane how it came; with `keep`, for its path on the plane there is.
    fn ask_for_routes(&mut self, subject: Subject, keep: bool) {
        self.landscape.stop();
        self.landscape.paths_are_old = false;
        self.landscape.sent_shape = self.landscape.shape;
        self.landscape.stage = Stage::Asking { since: Instant::now(), keep };
        for lane in self.lanes.iter_mut().filter(|lane| can_be_asked(lane)) {
            lane.route = None;
            lane.send(Command::Route);
        }
        self.landscape.subject = Some(subject);
    }

    /// Hands over to a worker once all lanes have answered.
    fn start_survey(&mut self) {
        let Stage::Asking { since, keep } = self.landscape.stage else { return };
        let asked = || self.lanes.iter().filter(|lane| can_be_asked(lane));
        if asked().next().is_none() || asked().any(|lane| lane.route.is_none()) {
            return;
        }
        let mut members = Vec::new();
        for lane in self.lanes.iter_mut().filter(|lane| can_be_asked(lane)) {
            let Some(route) = lane.route.take() else { continue };
            let traced = self.landscape.traced.iter().find(|traced| traced.is_of(lane));
            let known = traced.map_or_else(Vec::new, |traced| traced.places.clone());
            let runs_away = runs_away(lane);
            members.push(Member {
                id: lane.id,
                plan: Arc::clone(&lane.plan),
                branch: lane.branch(),
                route,
                known,
                runs_away,
            });
        }
        let landscape = &self.landscape;
        let order = Order {
            ticket: landscape.ticket,
            stale: Arc::clone(&landscape.stale),
            plane: self.draft.experiment().view.landscape.plane,
            members,
            earlier: landscape.chart.clone(),
            shape: landscape.sent_shape,
            keep: landscape.sheet.clone().filter(|_| keep),
        };
        match self.jobs.survey(move |tell| lay_and_survey(order, tell)) {
            Ok(()) => self.landscape.stage = Stage::Working { since },
            Err(error) => {
                self.landscape.stage = Stage::Idle;
                self.landscape.problem = Some(format!("No worker could be started: {error}"));
            }
        }
    }

    /// Takes in what a worker has found.
    pub(super) fn take_survey(&mut self, news: SurveyNews) {
        let landscape = &mut self.landscape;
        if let SurveyNews::Thrusts { chart, found } = news {
            let took = landscape.thrusting.take().map(|since| since.elapsed());
            landscape.thrust_done = Some((Instant::now(), took.unwrap_or_default()));
            if landscape.chart.as_ref().is_some_and(|now| Arc::ptr_eq(&now.slice, &chart.slice)) {
                landscape.thrusts = found;
            }
            return;
        }
        if news.ticket() != Some(landscape.ticket) {
            return;
        }
        match news {
            SurveyNews::Laid { chart, paths, .. } => {
                let moved = landscape
                    .chart
                    .as_ref()
                    .is_none_or(|old| old.window != chart.window || old.slice != chart.slice);
                if moved {
                    landscape.sheet = None;
                    landscape.forget_thrusts();
                }
                landscape.problem = None;
                landscape.traced = paths;
                landscape.chart = Some(chart);
                for traced in &mut landscape.traced {
                    traced.note_where_it_is(landscape.chart.as_deref());
                }
            }
            SurveyNews::Sheet { sheet, .. } => landscape.sheet = Some(sheet),
            SurveyNews::Failed { reason, .. } => {
                landscape.problem = Some(reason);
                (landscape.chart, landscape.sheet) = (None, None);
            }
            SurveyNews::Over { .. } => {
                if let Stage::Working { since } = landscape.stage {
                    landscape.finished = Some((Instant::now(), since.elapsed()));
                }
                landscape.stage = Stage::Idle;
            }
            SurveyNews::Thrusts { .. } => {}
        }
    }

    /// Whether a lane has walked out of the window, or the plane shows less than there is by now.
    fn plane_is_outgrown(&self) -> bool {
        let Some(chart) = &self.landscape.chart else { return false };
        let lanes = || self.lanes.iter().filter(|lane| self.landscape.traces(lane.id).is_some());
        if chart.is_makeshift() {
            return lanes().any(|lane| lane.status.step > lane.first_step());
        }
        let ended = chart.frames_paths()
            && self.is_over()
            && lanes().any(|lane| lane.status.step > chart.furthest);
        ended || self.landscape.traced.iter().any(|traced| traced.has_left(chart))
    }

    /// Has a worker find out what drives the lanes, where somebody wants to know.
    fn start_thrusts(&mut self) {
        let Some(chart) = self.landscape.chart.clone() else { return };
        let rested = self
            .landscape
            .thrust_done
            .is_none_or(|(at, took)| at.elapsed() >= BETWEEN_THRUSTS.max(3 * took));
        // At rest nothing else would call again.
        let rested = rested || !self.lanes.iter().any(Lane::is_running);
        if !self.view().landscape.arrows || self.landscape.thrusting.is_some() || !rested {
            return;
        }
        let specimens = self.next_thrusts();
        if !specimens.is_empty() {
            self.landscape.asked_thrusts =
                specimens.iter().map(|(id, specimen)| (*id, Arc::clone(&specimen.state))).collect();
            let started = self.jobs.survey(move |tell| tell(project_thrusts(chart, specimens)));
            self.landscape.thrusting = started.is_ok().then(Instant::now);
        }
    }

    /// The lanes on the plane in the states they are shown in, if what drives one of them is not known.
    fn next_thrusts(&self) -> Vec<(LaneId, Specimen)> {
        let mut specimens = Vec::new();
        for lane in &self.lanes {
            let Some(picture) = &lane.pictures().state else { continue };
            if let PictureKind::State(state) = &picture.kind
                && self.landscape.traces(lane.id).is_some()
            {
                let specimen = Specimen { plan: Arc::clone(&lane.plan), state: Arc::clone(state) };
                specimens.push((lane.id, specimen));
            }
        }
        let known = |(id, specimen): &(LaneId, Specimen)| {
            let asked = self.landscape.asked_thrusts.iter().find(|(lane, _)| lane == id);
            asked.is_some_and(|(_, state)| Arc::ptr_eq(state, &specimen.state))
        };
        if specimens.iter().all(known) { Vec::new() } else { specimens }
    }
}

/// Whether a lane leaves all bounds: it has diverged, or its loss is many times what it was at first.
fn runs_away(lane: &Lane) -> bool {
    let diverged = lane.end().is_some_and(|end| end.reason == EndReason::Diverged);
    let loss = |record: &EvaluationRecord| record.evaluation.full_loss;
    let (first, now) =
        (lane.evaluations.first().map(|record| loss(record)), lane.latest().map(loss));
    let is_high = first.zip(now).is_some_and(|(first, now)| {
        !now.is_finite() || now > first + (BLOWN_UP - 1.0) * first.abs()
    });
    diverged || is_high
}

/// Whether a lane has a way to tell of: not if its thread is gone, or if it is a fork that has not yet come
/// to where it begins.
fn can_be_asked(lane: &Lane) -> bool {
    lane.status.step >= lane.first_step()
        && !lane.end().is_some_and(|end| matches!(end.reason, EndReason::Failed(_)))
}
