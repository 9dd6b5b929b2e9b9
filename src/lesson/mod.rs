//! Lessons: an experiment in steps, each with something to read, a prediction to make before anything is
//! trained, and a goal to reach with the few knobs that are left free.
//!
//! A lesson is a file of its own (`experiments/lessons/*.ron` ship with the program) around an experiment.
//! What comes true is never written in it: every answer of a prediction names claims about the run
//! ([`Claim`]), and the lesson's judge holds them against what was measured. So a lesson cannot teach what does not
//! happen; tests run each to see that it can be passed.
//!
//! Deliberately not here: running anything, and what a locked control looks like.

mod check;
mod judge;
mod schema;
mod shipped;

pub use check::{ValidLesson, check_lesson};
pub use judge::{Course, Standing, came_true, standing};
pub use schema::{
    Answer, Choice, Claim, Control, Goal, Lesson, LessonStep, Prediction, Reach, Setting, Walk,
};
pub use shipped::{ShippedLesson, shipped_lesson, shipped_lessons};
