//! The session itself: its parts, and the routing of actions to the pages that do them.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::experiment::{Experiment, Problem, ViewSpec};
use crate::series::{Axes, Curve, Series};
use crate::train::{Allowance, Command, Permits, Target};

use super::autopsies::Autopsies;
use super::bench::Bench;
use super::comparison::Comparison;
use super::earlier::Earlier;
use super::forks::Waiting;
use super::jobs::{Jobs, TablePreview};
use super::library::Library;
use super::programs::LaneProgram;
use super::projections::Projections;
use super::timeline::Timeline;
use super::undo::UndoStack;
use super::{Action, Draft, Landscape, Lane, LaneId, LessonRun, Shelf};

/// What the lanes' series may hold in memory, all lanes together.
const SERIES_BYTES: usize = 1 << 30;

/// Tells the screen that there is news. Called from any thread, once per piece of news.
#[derive(Clone)]
pub struct Waker(Arc<dyn Fn() + Send + Sync>);

impl Waker {
    /// A waker that calls `wake`.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(wake))
    }

    /// A waker that does nothing, where somebody drains anyway.
    pub fn silent() -> Self {
        Self::new(|| {})
    }

    /// Wakes the screen.
    pub fn wake(&self) {
        (self.0)();
    }

    pub(super) fn as_fn(&self) -> Arc<dyn Fn() + Send + Sync> {
        Arc::clone(&self.0)
    }
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waker")
    }
}

/// An earlier run of this session, kept to be drawn behind the present one.
#[derive(Debug, Clone)]
pub struct Ghost {
    /// The lane's name then.
    pub name: String,
    /// The lane's colour then.
    pub color: usize,
    /// Its batch losses.
    pub losses: Series,
    /// Its epochs' means.
    pub epoch_loss: Curve,
    /// Where its steps lie on the other axes.
    pub axes: Axes,
}

/// A sentence for the person, shown until dismissed or, if good news, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Which one, for [`Action::Dismiss`].
    pub id: u64,
    /// What sort.
    pub kind: NoticeKind,
    /// The sentence.
    pub text: String,
    /// What can be done about it.
    pub offer: Option<Offer>,
}

/// What a notice offers to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// [`Action::KeepTurned`]: so many knobs.
    KeepTurned(usize),
}

/// What sort of notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done.
    Done,
    /// Something could not be done.
    Failed,
}

/// The workbench without a window.
#[derive(Debug)]
pub struct Session {
    pub(super) draft: Draft,
    pub(super) ids: Vec<LaneId>,
    pub(super) next_id: u64,
    pub(super) lanes: Vec<Lane>,
    pub(super) attic: Vec<Lane>,
    /// The run that the last reset has left.
    pub(super) earlier: Option<Box<Earlier>>,
    pub(super) running: bool,
    pub(super) run_when_ready: bool,
    pub(super) generation: u64,
    pub(super) data_problems: Vec<Problem>,
    pub(super) refused: Option<Problem>,
    pub(super) permits: Arc<Permits>,
    /// Bytes of all lanes' checkpoints together.
    pub(super) checkpoints: Arc<Allowance>,
    pub(super) waker: Waker,
    pub(super) jobs: Jobs,
    pub(super) undo: UndoStack,
    /// Bytes that all lanes' curves together may hold.
    pub(super) series_bytes: usize,
    pub(super) ghosts: Vec<Ghost>,
    pub(super) notices: Vec<Notice>,
    pub(super) next_notice: u64,
    pub(super) library: Library,
    pub(super) shelf: Shelf,
    pub(super) table_preview: Option<TablePreview>,
    pub(super) program: Option<LaneProgram>,
    pub(super) bench: Bench,
    pub(super) autopsies: Autopsies,
    pub(super) timeline: Timeline,
    pub(super) projections: Projections,
    pub(super) landscape: Landscape,
    /// Forks that are not yet there.
    pub(super) forks: Vec<Waiting>,
    /// What the seeds of the lanes say of each other.
    pub(super) comparison: Comparison,
    /// The lane of which a knob is being turned in the past, and the fork that gets it.
    pub(super) turned_fork: Option<(LaneId, LaneId)>,
    /// The lesson being taken.
    pub(super) lesson: Option<Box<LessonRun>>,
}

impl Session {
    /// A session on a document; its lanes are being built.
    pub fn new(draft: Draft, library: Library, waker: Waker) -> Self {
        let mut session = Self {
            draft,
            ids: Vec::new(),
            next_id: 0,
            lanes: Vec::new(),
            attic: Vec::new(),
            earlier: None,
            running: false,
            run_when_ready: false,
            generation: 0,
            data_problems: Vec::new(),
            refused: None,
            permits: Permits::beside_a_screen(),
            checkpoints: Allowance::of_checkpoints(),
            jobs: Jobs::new(waker.clone()),
            waker,
            undo: UndoStack::default(),
            series_bytes: SERIES_BYTES,
            ghosts: Vec::new(),
            notices: Vec::new(),
            next_notice: 0,
            shelf: Shelf::read(&library),
            table_preview: None,
            program: None,
            bench: Bench::default(),
            autopsies: Autopsies::default(),
            timeline: Timeline::default(),
            projections: Projections::default(),
            landscape: Landscape::default(),
            forks: Vec::new(),
            comparison: Comparison::default(),
            turned_fork: None,
            lesson: None,
            library,
        };
        session.fresh_ids();
        session.sync_race();
        session.rebuild_all();
        session
    }

    /// The experiment's text, meaning and problems.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// What the text says, valid or not.
    pub fn experiment(&self) -> &Experiment {
        self.draft.experiment()
    }

    /// How to look at it.
    pub fn view(&self) -> &ViewSpec {
        &self.draft.experiment().view
    }

    /// The lanes, in the experiment's order.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// One identity a lane of the experiment, in its order; lanes being built are among them.
    pub fn lane_ids(&self) -> &[LaneId] {
        &self.ids
    }

    /// A lane by its identity.
    pub fn lane(&self, id: LaneId) -> Option<&Lane> {
        self.lanes.iter().find(|l| l.id == id)
    }

    /// The lane's place in the experiment's list.
    pub fn index_of(&self, id: LaneId) -> Option<usize> {
        self.ids.iter().position(|i| *i == id)
    }

    /// Whether training goes on (or will, once data are loaded).
    pub fn is_running(&self) -> bool {
        self.running || self.run_when_ready
    }

    /// Whether data or files are being worked on.
    pub fn is_busy(&self) -> bool {
        self.jobs.is_busy()
    }

    /// Whether there are lanes and all of them have ended.
    pub fn is_over(&self) -> bool {
        !self.lanes.is_empty() && self.lanes.iter().all(|l| l.end().is_some())
    }

    /// What is wrong: with the text, else with the data it names.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.draft.problems().iter().chain(&self.data_problems).chain(&self.refused)
    }

    /// Earlier runs of this session.
    pub fn ghosts(&self) -> &[Ghost] {
        &self.ghosts
    }

    /// What the person should read.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Presets, recent files, settings, as last read.
    pub fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// The first rows of the table last asked for.
    pub fn table_preview(&self) -> Option<&TablePreview> {
        self.table_preview.as_ref()
    }

    /// Whether something would be lost if the experiment were replaced now.
    pub fn has_unsaved(&self) -> bool {
        // What is turned in a lesson is not anybody's work.
        self.lesson.is_none()
            && (self.draft.is_changed() || self.lanes.iter().any(Lane::has_unwritten))
    }

    /// What the experiment is called: its name, else its file's.
    pub fn shown_name(&self) -> String {
        let name = &self.experiment().name;
        if !name.is_empty() {
            return name.clone();
        }
        let stem = self.draft.path.as_deref().and_then(std::path::Path::file_stem);
        stem.map_or_else(|| "Unnamed".to_owned(), |s| s.to_string_lossy().into_owned())
    }

    /// What undo would take back.
    pub fn next_undo(&self) -> Option<String> {
        self.undo.next_undo()
    }

    /// What redo would make again.
    pub fn next_redo(&self) -> Option<String> {
        self.undo.next_redo()
    }

    /// Does what a person asked for. Never waits.
    pub fn apply(&mut self, action: Action) {
        if self.is_held(&action) {
            return;
        }
        match action {
            Action::ToggleRun if self.is_running() => self.hold_still(),
            Action::Run | Action::ToggleRun => self.run(),
            Action::Pause => self.hold_still(),
            Action::StepOnce => self.step_once(),
            Action::StepEpoch => self.send_open(&Command::Run(Target::EpochEnd)),
            Action::Stop => self.stop(),
            Action::Reset => {
                self.reset();
            }
            Action::ResetKeeping { run } => self.reset_keeping(run),
            Action::KeepTurned => self.keep_turned(),
            Action::Reseed => self.reseed(),
            Action::TrainOn(more) => self.train_on(more),
            Action::SetPace(pace) => self.set_pace(pace),
            Action::Edit { edits, gesture } => self.edit(&edits, gesture),
            Action::EndGesture => {
                self.turned_fork = None;
                self.undo.end_gesture();
            }
            Action::Turn { lane, change } => self.turn(lane, change),
            Action::LookAt(step) => self.look_at(step),
            Action::PlayBack(rate) => self.play_back(rate),
            Action::RewindTo(step) => self.rewind_to(step),
            Action::GoToBranch(lane, branch) => self.go_to_branch(lane, branch),
            Action::Fork { lane, step, change } => {
                self.fork(lane, step, change.as_ref());
            }
            Action::AddLane(template) => self.add_lane(template),
            Action::DuplicateLane(lane) => self.duplicate_lane(lane),
            Action::MoveLane(lane, by) => self.move_lane(lane, by),
            Action::RemoveLane(lane) => self.remove_lane(lane),
            Action::RenameLane(lane, name) => self.rename_lane(lane, &name),
            Action::RecolorLane(lane, color) => self.recolor_lane(lane, color),
            Action::SpreadLane { lane, path, values } => self.spread_lane(lane, &path, &values),
            Action::Paint { class, points } => self.paint(class, &points),
            Action::Undo => self.undo_last(),
            Action::Redo => self.redo_last(),
            Action::Race(rule) => self.race_by(rule),
            Action::Mute(lane, on) => self.mute(lane, on),
            Action::Solo(lane, on) => self.solo(lane, on),
            Action::DrawSeeds(lane, on) => self.draw_seeds(lane, on),
            Action::Pin(lane) => self.pin(lane),
            Action::Aim(target) => self.aim_at(target),
            Action::Arrange(change) => self.arrange(change),
            Action::ShowSeed(lane, run) => self.send_to(lane, Command::Show(run)),
            Action::Watch(lane, requests) => self.watch(lane, requests),
            Action::Project(lane) => self.project(lane),
            Action::PutOnBench(lane) => self.put_on_bench(lane),
            Action::Examine(lane, tool) => self.examine(lane, tool),
            Action::WatchLandscape(on) => self.watch_landscape(on),
            Action::ShapeLandscape(shape) => self.shape_landscape(shape),
            Action::SurveyAgain => self.survey_again(),
            Action::StartLaneAt(at) => self.start_lane_at(at),
            Action::Autopsy(lane) => self.ask_for_autopsy(lane),
            Action::Recall(lane, steps) => self.recall(lane, steps),
            Action::Lesson(action) => self.take_lesson_action(action),
            Action::ClearGhosts => self.ghosts.clear(),
            Action::Dismiss(id) => self.notices.retain(|n| n.id != id),
            file => self.apply_to_files(file),
        }
    }

    /// Takes in news from lanes and workers, for at most about `budget`. Says whether there was any. If
    /// more has come than there was time for, the screen is woken again.
    pub fn drain(&mut self, budget: Duration) -> bool {
        let start = Instant::now();
        let mut news = false;
        while let Some(done) = self.jobs.next() {
            news = true;
            self.take_job(done);
        }
        self.show_bands();
        let lanes = u32::try_from(self.lanes.len()).unwrap_or(u32::MAX);
        for (index, waiting) in (0..self.lanes.len()).zip((1..=lanes).rev()) {
            // What one lane leaves of its share goes to the others.
            let share = budget.saturating_sub(start.elapsed()) / waiting;
            let id = self.lanes[index].id;
            for record in self.lanes[index].drain(share.max(budget / lanes / 4)) {
                news = true;
                if !record.planned {
                    self.undo.settle_live(id, &record.change, record.step);
                }
            }
        }
        self.advance_playback();
        self.look_again();
        self.compare();
        if self.lanes.iter().any(Lane::is_behind) {
            self.waker.wake();
        }
        self.watch_lesson();
        self.start_examinations();
        self.start_retraces();
        self.start_autopsies();
        self.start_forks();
        self.go_on_with_landscape();
        self.forget_earlier();
        let all = self.lanes.len() + self.earlier_lanes().len();
        let share = self.series_bytes / all.max(1);
        self.earlier_lanes().iter_mut().for_each(|lane| lane.shrink_to(share));
        for lane in &mut self.lanes {
            lane.shrink_to(share);
        }
        if self.running && self.is_over() {
            self.running = false;
        }
        news
    }

    /// How many bytes the curves of all lanes together may hold; 1 GiB until it is said. Past it the
    /// middle of long runs gives up single losses, which come back when somebody looks closely
    /// ([`Action::Recall`]).
    pub fn set_series_bytes(&mut self, bytes: usize) {
        self.series_bytes = bytes;
    }

    /// Trains every lane until so many updates are done in all, or to its end, at full speed whatever
    /// the experiment's pace: for pictures, which nobody watches come about.
    pub fn hurry_to(&mut self, step: u64) {
        for lane in &mut self.lanes {
            lane.set_pace(None);
        }
        self.send_open(&Command::Run(Target::Step(step)));
        for lane in &mut self.lanes {
            lane.is_hurried = true;
        }
    }

    pub(super) fn notify(&mut self, kind: NoticeKind, text: impl Into<String>) {
        self.say(kind, text.into(), None);
    }

    pub(super) fn offer(&mut self, kind: NoticeKind, text: impl Into<String>, offer: Offer) {
        self.say(kind, text.into(), Some(offer));
    }

    fn say(&mut self, kind: NoticeKind, text: String, offer: Option<Offer>) {
        let id = self.next_notice;
        self.next_notice += 1;
        self.notices.push(Notice { id, kind, text, offer });
        if self.notices.len() > 8 {
            self.notices.remove(0);
        }
    }

    pub(super) fn run(&mut self) {
        if self.jobs.is_busy() && self.lanes.is_empty() {
            self.run_when_ready = true;
        } else if self.is_over() {
            self.run_when_ready = self.reset();
        } else if !self.lanes.is_empty() {
            if self.problems().next().is_some() {
                let words = "There are mistakes in the experiment, marked where they stand: what runs \
                    is as it was before them.";
                self.notify(NoticeKind::Failed, words);
            }
            self.running = true;
            self.send_open(&Command::Run(Target::End));
        }
    }

    /// Nothing trains any more, nor will once it is built.
    pub(super) fn hold_still(&mut self) {
        self.running = false;
        self.run_when_ready = false;
        self.permits.course().hold();
        self.send_open(&Command::Pause);
    }

    fn stop(&mut self) {
        self.running = false;
        self.run_when_ready = false;
        self.send_open(&Command::Stop);
    }

    fn step_once(&mut self) {
        self.running = false;
        self.permits.course().hold();
        for lane in self.lanes.iter_mut().filter(|l| l.end().is_none()) {
            if lane.is_running() {
                lane.send(Command::Pause);
            } else {
                lane.step_once();
            }
        }
    }

    fn train_on(&mut self, more: crate::catalog::Duration) {
        self.permits.course().go();
        for lane in &mut self.lanes {
            if lane.can_go_on() {
                lane.train_on(more);
            }
        }
        self.running = true;
    }

    fn watch(&mut self, lane: LaneId, requests: Vec<crate::train::PictureRequest>) {
        if let Some(lane) = self.lanes.iter_mut().find(|l| l.id == lane) {
            lane.watch(requests);
        }
    }

    pub(super) fn send_open(&mut self, command: &Command) {
        match command {
            Command::Run(Target::EpochEnd) => self.running = false,
            Command::Run(Target::End) => self.permits.course().go(),
            _ => {}
        }
        for lane in self.lanes.iter_mut().filter(|l| l.end().is_none()) {
            lane.send(command.clone());
        }
    }
}
