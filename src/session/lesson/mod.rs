//! A lesson being taken: which step, what was predicted, how its goal stands.
//!
//! Each step is an experiment of its own, opened like any other; what may be touched in it is held by
//! `lock`. What came true is judged from what the lanes measured, when the news of it comes in.
//! Invariant: nothing is trained while a question waits for its answer.

mod lock;
mod walk;

use std::sync::Arc;

use crate::experiment::TaskPlan;
use crate::lesson::{
    Course, LessonStep, Standing, ValidLesson, came_true, shipped_lesson, shipped_lessons, standing,
};

use super::workbench::{NoticeKind, Session};
use super::{Action, Lane, LaneId};

pub use walk::WalkRun;

/// Points of a curve that are looked through; lessons are short.
const MOST_POINTS: u64 = 20_000;

/// Something done in a lesson.
#[derive(Debug, Clone, PartialEq)]
pub enum LessonAction {
    /// Begin a lesson that ships, by name.
    Open(String),
    /// Begin a lesson.
    Start(Arc<ValidLesson>),
    /// Answer the step's question, by the answer's place.
    Predict(usize),
    /// On to the next step; after the last the lesson is over.
    Next,
    /// Back to the step before.
    Back,
    /// The step again, from its beginning.
    Again,
    /// Turn the knobs to the answer of the goal.
    ShowAnswer,
    /// A step of the walk: so far along x and y.
    Walk([f64; 2]),
    /// Show the map that was hidden.
    Reveal,
    /// Leave the lesson; its experiment stays, unlocked.
    Leave,
}

/// A lesson being taken.
#[derive(Debug, Clone)]
pub struct LessonRun {
    lesson: Arc<ValidLesson>,
    at: usize,
    predicted: Option<usize>,
    came_true: Option<Vec<usize>>,
    standing: Standing,
    walk: Option<WalkRun>,
    is_answer_shown: bool,
}

impl LessonRun {
    /// The lesson's title.
    pub fn title(&self) -> &str {
        &self.lesson.lesson().name
    }

    /// The place of the step, from 0, and how many there are.
    pub fn place(&self) -> (usize, usize) {
        (self.at, self.lesson.lesson().steps.len())
    }

    /// The step.
    pub fn step(&self) -> &LessonStep {
        &self.lesson.lesson().steps[self.at]
    }

    /// The answer that was chosen.
    pub fn predicted(&self) -> Option<usize> {
        self.predicted
    }

    /// Once the run is over, the answers that came true, by their places.
    pub fn came_true(&self) -> Option<&[usize]> {
        self.came_true.as_deref()
    }

    /// How the goal stands.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// The walk, if the step is one.
    pub fn walk(&self) -> Option<&WalkRun> {
        self.walk.as_ref()
    }

    /// Whether the knobs were turned to the answer.
    pub fn is_answer_shown(&self) -> bool {
        self.is_answer_shown
    }

    /// Whether a question waits for its answer.
    pub fn is_asked(&self) -> bool {
        self.step().predict.is_some() && self.predicted.is_none()
    }

    /// Whether the map is hidden.
    pub fn is_blind(&self) -> bool {
        self.walk.as_ref().is_some_and(|walk| !walk.is_revealed())
    }

    /// Whether the step is done.
    pub fn is_done(&self) -> bool {
        let step = self.step();
        let told = step.predict.is_none() || self.came_true.is_some();
        let met = step.goal.is_none() || matches!(self.standing, Standing::Met(_));
        told && met && !self.is_blind()
    }

    /// Whether this is the last step.
    pub fn is_last(&self) -> bool {
        self.at + 1 == self.lesson.lesson().steps.len()
    }
}

impl Session {
    /// The lesson being taken, if one is.
    pub fn lesson(&self) -> Option<&LessonRun> {
        self.lesson.as_deref()
    }

    pub(super) fn take_lesson_action(&mut self, action: LessonAction) {
        match action {
            LessonAction::Open(name) => self.open_lesson(&name),
            LessonAction::Start(lesson) => self.begin_step(&lesson, 0),
            LessonAction::Leave => self.lesson = None,
            LessonAction::Reveal => self.reveal(),
            action => {
                let Some(run) = &mut self.lesson else { return };
                let (lesson, at) = (Arc::clone(&run.lesson), run.at);
                match action {
                    LessonAction::Predict(choice) => {
                        let choices = run.step().predict.as_ref().map_or(0, |p| p.choices.len());
                        if run.predicted.is_none() && choice < choices {
                            run.predicted = Some(choice);
                        }
                    }
                    LessonAction::Next if run.is_last() => self.lesson = None,
                    LessonAction::Next => self.begin_step(&lesson, at + 1),
                    LessonAction::Back => self.begin_step(&lesson, at.saturating_sub(1)),
                    LessonAction::Again => self.begin_step(&lesson, at),
                    LessonAction::ShowAnswer => self.show_answer(),
                    LessonAction::Walk(by) => {
                        if let Some(walk) = &mut run.walk {
                            walk.go(by);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn open_lesson(&mut self, name: &str) {
        if let Some(shipped) = shipped_lesson(name) {
            return self.begin_step(&Arc::new(shipped.lesson()), 0);
        }
        let names: Vec<&str> = shipped_lessons().iter().map(|lesson| lesson.name).collect();
        let words = format!("There is no lesson “{name}”; there are {}.", names.join(", "));
        self.notify(NoticeKind::Failed, words);
    }

    /// Opens the experiment of a step.
    fn begin_step(&mut self, lesson: &Arc<ValidLesson>, at: usize) {
        let Some(text) = lesson.text(at) else { return };
        self.open_text(text.to_owned(), None, "The lesson");
        let step = lesson.step(at);
        let task = &self.experiment().task;
        let walk = step.and_then(|step| WalkRun::begin(step.walk.as_ref()?, task));
        self.lesson = Some(Box::new(LessonRun {
            lesson: Arc::clone(lesson),
            at,
            predicted: None,
            came_true: None,
            standing: Standing::Open,
            walk,
            is_answer_shown: false,
        }));
    }

    /// From the first step on.
    pub(super) fn restart_lesson(&mut self) {
        if let Some(lesson) = self.lesson.as_ref().map(|run| Arc::clone(&run.lesson)) {
            self.begin_step(&lesson, 0);
        }
    }

    /// What was true of a run that is being thrown away is not true of the next one.
    pub(super) fn restart_lesson_step(&mut self) {
        if let Some(run) = &mut self.lesson {
            run.came_true = None;
            run.standing = Standing::Open;
        }
    }

    fn show_answer(&mut self) {
        let Some(run) = &mut self.lesson else { return };
        let Some(goal) = run.step().goal.clone() else { return };
        run.is_answer_shown = true;
        let index = self.experiment().lanes.iter().position(|lane| lane.name == goal.lane);
        let Some(id) = index.and_then(|index| self.ids.get(index).copied()) else { return };
        self.restart_lesson_step();
        for answer in goal.answer {
            let spec = &self.experiment().lanes[index.unwrap_or(0)];
            // Lessons are checked: their answers can be read.
            if let Ok(change) = crate::experiment::parse_change(spec, &answer.knob, &answer.to.0) {
                self.turn_at_start(id, &change);
            }
        }
        self.undo.end_gesture();
        // The answer is of the start.
        self.reset();
    }

    fn reveal(&mut self) {
        if let Some(walk) = self.lesson.as_mut().and_then(|run| run.walk.as_mut()) {
            walk.reveal();
            self.run();
        }
    }

    /// Judges what has come in.
    pub(super) fn watch_lesson(&mut self) {
        // While lanes are being built, those that are there are of the run before.
        if self.lesson.is_none() || self.jobs.is_busy() || self.lanes.is_empty() {
            return;
        }
        let courses: Vec<Course> = self.lanes.iter().map(course).collect();
        let is_over = self.is_over();
        let Some(run) = &mut self.lesson else { return };
        let step = run.lesson.step(run.at);
        if let Some(goal) = step.and_then(|step| step.goal.as_ref())
            && run.standing == Standing::Open
        {
            run.standing = standing(goal, &courses);
        }
        if let Some(prediction) = step.and_then(|step| step.predict.as_ref())
            && run.predicted.is_some()
            && run.came_true.is_none()
            && is_over
        {
            run.came_true = Some(came_true(prediction, &courses));
        }
    }

    /// Whether an action is held still by the lesson; then nothing is done, and a sentence says why.
    pub(super) fn is_held(&mut self, action: &Action) -> bool {
        let held = self.lesson.as_ref().and_then(|run| lock::held(run, action));
        if let Some(words) = held {
            self.notify(NoticeKind::Done, words);
        }
        held.is_some()
    }

    /// Whether a lesson locks a knob of a lane, by its path below the lane.
    pub fn is_locked(&self, knob: &str) -> bool {
        self.lesson.as_ref().is_some_and(|run| !lock::is_free(run, knob))
    }

    /// Whether a lesson holds training still: it waits for an answer, or the map is hidden.
    pub fn may_train(&self) -> bool {
        self.lesson.as_ref().is_none_or(|run| !run.is_asked() && !run.is_blind())
    }

    /// The lane of the lesson's goal.
    pub fn goal_lane(&self) -> Option<LaneId> {
        let goal = self.lesson.as_ref()?.step().goal.as_ref()?;
        let index = self.experiment().lanes.iter().position(|lane| lane.name == goal.lane)?;
        self.ids.get(index).copied()
    }
}

/// What a lane has measured so far.
fn course(lane: &Lane) -> Course {
    let step = lane.status.step;
    let is_over = lane.end().is_some();
    let mut course = Course { name: lane.name().to_owned(), step, is_over, ..Course::default() };
    let on_surface = matches!(lane.plan.task, TaskPlan::Surface { .. });
    if on_surface {
        let from = step.saturating_sub(MOST_POINTS).max(lane.first_step());
        let values = (from..step).filter_map(|k| Some((k, lane.losses.get(k)?)));
        course.losses.extend(values);
    }
    let at_rest = lane.at_rest.iter();
    for record in lane.evaluations.iter().map(Arc::as_ref).chain(at_rest) {
        let evaluation = &record.evaluation;
        let is_new = course.losses.last().is_none_or(|(last, _)| record.step > *last);
        if is_new && (!on_surface || record.step == step) {
            course.losses.push((record.step, evaluation.full_loss));
        }
        let scores = evaluation.held_out.as_ref().unwrap_or(&evaluation.train);
        course.accuracies.extend(scores.accuracy.map(|accuracy| (record.step, accuracy)));
    }
    course
}
