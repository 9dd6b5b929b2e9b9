//! From text to an experiment that can be trained.

use std::sync::Arc;

use super::parse::parse_with_tree;
use super::validate::validate;
use super::{Experiment, Place, Problem};

/// An experiment in which nothing is wrong that can be seen without its data. Only this is trained.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidExperiment {
    experiment: Experiment,
    text: Arc<str>,
}

/// Names put right to look further, at most.
const MOST_REPAIRS: usize = 16;

/// Reads and validates an experiment.
///
/// # Errors
/// All that is wrong. A misspelt name keeps the text from being read; what it was meant to be is put in its
/// place, if that can be told, so that all other problems are found, too.
pub fn check(text: &str) -> Result<ValidExperiment, Vec<Problem>> {
    let mut placed = match parse_with_tree(text) {
        Err(problem) => all_problems(text, problem),
        Ok((experiment, root)) => {
            let problems = validate(&experiment);
            if problems.is_empty() {
                return Ok(ValidExperiment { experiment, text: text.into() });
            }
            problems.into_iter().map(|p| p.placed(text, &root)).collect()
        }
    };
    placed.sort_by_key(|p| p.place.map(|place| (place.line, place.column)));
    Err(placed)
}

/// The problem that stopped the reading, and what is found once it is mended.
fn all_problems(text: &str, first: Problem) -> Vec<Problem> {
    let mut mended = text.to_owned();
    let mut repairs: Vec<Repair> = Vec::new();
    let (mut found, mut next) = (Vec::new(), Some(first));
    while let Some(problem) = next.take() {
        let repair = Repair::of(&mended, &problem);
        found.push(placed_back(problem, &repairs));
        let Some(repair) = repair.filter(|_| repairs.len() < MOST_REPAIRS) else { break };
        mended = repair.applied(&mended);
        repairs.push(repair);
        match parse_with_tree(&mended) {
            Err(problem) => next = Some(problem),
            Ok((experiment, root)) => {
                let problems = validate(&experiment).into_iter().map(|p| p.placed(&mended, &root));
                found.extend(problems.map(|problem| placed_back(problem, &repairs)));
            }
        }
    }
    found
}

/// A misspelt name with the one that is put in its place.
struct Repair {
    place: Place,
    name: String,
}

impl Repair {
    /// The name that a problem's hint guesses.
    fn of(text: &str, problem: &Problem) -> Option<Self> {
        let mut place = problem.place?;
        let name = problem.hint.as_deref()?.strip_prefix("did you mean `")?.strip_suffix("`?")?;
        let is_name = |word: &str| word.chars().all(|c| c.is_alphanumeric() || c == '_');
        // What is marked may have the bracket behind it.
        let marked = text[place.offset(text)..].chars().take(place.length);
        let written: String = marked.take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        place.length = written.chars().count();
        let is_repair = is_name(name) && !written.is_empty() && written != name;
        is_repair.then(|| Self { place, name: name.to_owned() })
    }

    fn applied(&self, text: &str) -> String {
        let start = self.place.offset(text);
        let rest: String = text[start..].chars().skip(self.place.length).collect();
        format!("{}{}{rest}", &text[..start], self.name)
    }

    /// From a place in the mended text to the same in the text before.
    fn undone(&self, place: Place) -> Place {
        let (at, new) = (self.place.column, self.name.chars().count());
        if place.line != self.place.line || place.column < at {
            return place;
        }
        if place.column < at + new {
            return Place { column: at, length: self.place.length, ..place };
        }
        Place { column: place.column + self.place.length - new, ..place }
    }
}

fn placed_back(mut problem: Problem, repairs: &[Repair]) -> Problem {
    problem.place = problem
        .place
        .map(|place| repairs.iter().rev().fold(place, |place, repair| repair.undone(place)));
    problem
}

impl ValidExperiment {
    /// The experiment.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// The text it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}
