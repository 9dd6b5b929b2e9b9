//! The lessons that ship with the program: each a file in `experiments/lessons`, embedded as it stands.

use super::{ValidLesson, check_lesson};

/// A lesson with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShippedLesson {
    /// The name it is opened by: `"learning_rate"`.
    pub name: &'static str,
    /// The whole file.
    pub text: &'static str,
}

impl ShippedLesson {
    /// The lesson.
    ///
    /// # Panics
    /// Never: a test checks every file.
    #[must_use]
    pub fn lesson(&self) -> ValidLesson {
        check_lesson(self.text).expect("lessons that ship are valid")
    }
}

macro_rules! lessons {
    ($($name:literal),* $(,)?) => {
        &[$(ShippedLesson {
            name: $name,
            text: include_str!(concat!("../../experiments/lessons/", $name, ".ron")),
        }),*]
    };
}

/// The lessons that ship with the program, in the order in which they are best taken.
#[must_use]
pub fn shipped_lessons() -> &'static [ShippedLesson] {
    lessons!["blind_walker", "learning_rate", "batch_size", "momentum", "saddle_points", "why_adam",]
}

/// The shipped lesson called `name`.
#[must_use]
pub fn shipped_lesson(name: &str) -> Option<&'static ShippedLesson> {
    shipped_lessons().iter().find(|lesson| lesson.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_that_ships_is_valid() {
        for lesson in shipped_lessons() {
            let checked = check_lesson(lesson.text);
            assert!(checked.is_ok(), "{}: {checked:?}", lesson.name);
        }
    }
}
