//! From a lesson's text to a lesson that can be given: every step's experiment can be trained, and
//! every lane and knob that it names is there.

use ron::extensions::Extensions;

use crate::experiment::{
    Experiment, Place, Problem, TextEdit, apply_edits, check, lacks_dropout, parse_change,
    place_of, text_at,
};

use super::schema::{Claim, Control, Lesson, LessonStep};

/// The version of the format.
const VERSION: u32 = 1;

/// A lesson in which nothing is wrong that can be seen without running it.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidLesson {
    lesson: Lesson,
    /// The text of every step's experiment.
    texts: Vec<String>,
}

impl ValidLesson {
    /// The lesson.
    #[must_use]
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// A step by its place, from 0.
    #[must_use]
    pub fn step(&self, at: usize) -> Option<&LessonStep> {
        self.lesson.steps.get(at)
    }

    /// The text of a step's experiment.
    #[must_use]
    pub fn text(&self, at: usize) -> Option<&str> {
        self.texts.get(at).map(String::as_str)
    }
}

/// Reads and validates a lesson.
///
/// # Errors
/// All that is wrong, each with its path and place; what keeps the text from being read stands alone.
pub fn check_lesson(text: &str) -> Result<ValidLesson, Vec<Problem>> {
    let options = ron::Options::default()
        .with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES);
    let lesson: Lesson = options.from_str(text).map_err(|error| {
        let start = error.span.start;
        let mut problem = Problem::new("", error.code.to_string());
        problem.place = Some(Place { line: start.line, column: start.col, length: 1 });
        vec![problem]
    })?;
    let mut problems = Vec::new();
    if lesson.version != VERSION {
        let message =
            format!("there is no version {} of lessons; this is {VERSION}", lesson.version);
        problems.push(Problem::new("version", message));
    }
    if lesson.steps.is_empty() {
        problems.push(Problem::new("steps", "a lesson needs a step"));
    }
    let base = text_at(text, "experiment").unwrap_or_default();
    let mut texts = Vec::new();
    for (at, step) in lesson.steps.iter().enumerate() {
        let path = format!("steps[{at}]");
        match step_text(base, step) {
            Ok((text, experiment)) => {
                problems.extend(step_problems(&path, step, &experiment));
                texts.push(text);
            }
            Err(found) => problems.extend(found.into_iter().map(|problem| of_step(&path, problem))),
        }
    }
    if problems.is_empty() {
        return Ok(ValidLesson { lesson, texts });
    }
    for problem in &mut problems {
        let mut path = &*problem.path;
        problem.place = loop {
            match (place_of(text, path), path.rfind(['.', '['])) {
                (Some(place), _) => break Some(place),
                (None, Some(cut)) => path = &path[..cut],
                (None, None) => break None,
            }
        };
    }
    Err(problems)
}

/// The experiment of a step: the lesson's, with what the step sets.
fn step_text(base: &str, step: &LessonStep) -> Result<(String, Experiment), Vec<Problem>> {
    let edits: Vec<TextEdit> =
        step.set.iter().map(|set| TextEdit::set(&set.path, set.to.0.as_str())).collect();
    let text =
        apply_edits(base, &edits).map_err(|error| vec![Problem::new("set", error.to_string())])?;
    let valid = check(&text)?;
    let experiment = valid.experiment().clone();
    Ok((text, experiment))
}

/// A problem of a step's experiment, where a reader of the lesson finds it.
fn of_step(step: &str, mut problem: Problem) -> Problem {
    let path = match problem.path.as_str() {
        "set" => format!("{step}.set"),
        path => format!("experiment.{path}"),
    };
    let hint = match (&problem.hint, path.starts_with("experiment")) {
        (Some(hint), true) => Some(format!("{hint}; as {step} has it")),
        (None, true) => Some(format!("as {step} has it")),
        (hint, false) => hint.clone(),
    };
    (problem.path, problem.hint, problem.place) = (path, hint, None);
    problem
}

fn step_problems(path: &str, step: &LessonStep, experiment: &Experiment) -> Vec<Problem> {
    let mut problems = Vec::new();
    let lanes: Vec<&str> = experiment.lanes.iter().map(|lane| &*lane.name).collect();
    let mut named = |place: String, lane: &str| {
        if !lanes.contains(&lane) {
            let problem = Problem::new(place, format!("there is no lane `{lane}` in this step"));
            problems.push(problem.hint(format!("the lanes are {}", lanes.join(", "))));
        }
    };
    if let Some(prediction) = &step.predict {
        for (at, choice) in prediction.choices.iter().enumerate() {
            for claim in &choice.claims {
                let (Claim::Lowest(lane)
                | Claim::First(lane, _)
                | Claim::Never(lane, _)
                | Claim::Ends(lane, ..)
                | Claim::Above(lane, _)) = claim;
                named(format!("{path}.predict.choices[{at}].claims"), lane);
            }
        }
    }
    if let Some(goal) = &step.goal {
        named(format!("{path}.goal.lane"), &goal.lane);
    }
    if let Some(walk) = &step.walk {
        named(format!("{path}.walk.lane"), &walk.lane);
    }
    problems.extend(asked_problems(path, step));
    problems.extend(knob_problems(path, step, experiment));
    problems
}

/// A question without answers, an answer without claims, a step in which there is nothing to do.
fn asked_problems(path: &str, step: &LessonStep) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(prediction) = &step.predict {
        if prediction.choices.len() < 2 {
            let message = "a prediction needs two answers to choose from";
            problems.push(Problem::new(format!("{path}.predict.choices"), message));
        }
        for (at, _) in prediction.choices.iter().enumerate().filter(|(_, c)| c.claims.is_empty()) {
            let message = "an answer needs a claim, or it always comes true";
            problems.push(Problem::new(format!("{path}.predict.choices[{at}].claims"), message));
        }
    }
    if step.walk.is_some() && (step.predict.is_some() || step.goal.is_some()) {
        let message = "a walk is a step of its own, without a prediction or a goal";
        problems.push(Problem::new(format!("{path}.walk"), message));
    }
    problems
}

/// Knobs that some lane has to have, with values that it takes.
fn knob_problems(path: &str, step: &LessonStep, experiment: &Experiment) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, control) in step.allow.iter().enumerate() {
        let Control::Knob(knob) = control else { continue };
        let has = |lane| {
            let layer = parse_change(lane, knob, "0.0").ok();
            let lacks = layer.and_then(|change| lacks_dropout(&change, experiment.model(lane)));
            lacks.is_none() && is_there(parse_change(lane, knob, "none of these"))
        };
        if !experiment.lanes.iter().any(has) {
            let message = format!("no lane of this step has `{knob}`");
            problems.push(Problem::new(format!("{path}.allow[{at}]"), message));
        }
    }
    let Some(goal) = &step.goal else { return problems };
    let Some(lane) = experiment.lanes.iter().find(|lane| lane.name == goal.lane) else {
        return problems;
    };
    for (at, answer) in goal.answer.iter().enumerate() {
        let place = format!("{path}.goal.answer[{at}]");
        if let Err(mut problem) = parse_change(lane, &answer.knob, &answer.to.0) {
            problem.path = place;
            problems.push(problem);
        } else if !step.allow.contains(&Control::Knob(answer.knob.clone())) {
            let message = format!("`{}` is the answer, but it is locked", answer.knob);
            problems.push(Problem::new(place, message).hint("add it to `allow`"));
        }
    }
    problems
}

/// Whether a refusal is of the value: then the knob is there.
fn is_there<T>(read: Result<T, Problem>) -> bool {
    read.map_or_else(|problem| problem.allowed.is_some() || problem.path == "clip", |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LESSON: &str = r#"(
    version: 1,
    name: "Small",
    about: "A bowl.",
    experiment: (
        version: 1,
        task: Surface(function: Sphere, start: (-3.0, 2.0)),
        training: (steps: 20),
        lanes: [(name: "Yours", optimizer: Sgd(learning_rate: 0.01))],
    ),
    steps: [
        (
            title: "Go",
            text: "Turn it.",
            allow: [Knob("optimizer.learning_rate")],
            goal: (
                lane: "Yours", reach: LossBelow(0.001), within: 10,
                answer: [(knob: "optimizer.learning_rate", to: 0.4)],
                met: "There.", missed: "Not there.",
            ),
        ),
    ],
)"#;

    /// The path and the message of the one thing that is wrong.
    fn wrong(from: &str, to: &str) -> (String, String) {
        assert!(LESSON.contains(from), "{from}");
        let problems = check_lesson(&LESSON.replace(from, to)).expect_err("something is wrong");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].place.is_some(), "{problems:?}");
        (problems[0].path.clone(), problems[0].message.clone())
    }

    #[test]
    fn a_lesson_is_read_with_the_text_of_each_step() {
        let lesson = check_lesson(LESSON).expect("it is valid");
        assert!(lesson.text(0).expect("a step").contains("Sgd(learning_rate: 0.01)"));
        assert_eq!(lesson.text(1), None);
    }

    #[test]
    fn what_is_wrong_is_told_in_its_place() {
        let (path, message) = wrong("lane: \"Yours\", reach", "lane: \"Mine\", reach");
        assert_eq!(path, "steps[0].goal.lane");
        assert!(message.contains("no lane `Mine`"), "{message}");
        let (path, _) = wrong("learning_rate: 0.01", "learning_rate: -1.0");
        assert_eq!(path, "experiment.lanes[0].optimizer.learning_rate");
        let (path, message) = wrong("to: 0.4", "to: -0.4");
        assert_eq!(path, "steps[0].goal.answer[0]");
        assert!(message.contains("takes"), "{message}");
        let (_, message) = wrong("allow: [Knob(\"optimizer.learning_rate\")],", "");
        assert!(message.contains("locked"), "{message}");
        let (path, _) = wrong(
            "Knob(\"optimizer.learning_rate\")",
            "Knob(\"optimizer.learning_rate\"), Knob(\"optimizer.beta9\")",
        );
        assert_eq!(path, "steps[0].allow[1]");
        let (_, message) = wrong("title: \"Go\"", "tilte: \"Go\"");
        assert!(message.contains("tilte"), "{message}");
    }

    #[test]
    fn a_prediction_needs_answers_that_claim_something() {
        let (path, message) = wrong(
            "            goal: (",
            "            predict: (question: \"?\", choices: [(says: \"a\", claims: []), \
             (says: \"b\", claims: [Lowest(\"Yours\")])]),\n            goal: (",
        );
        assert_eq!(path, "steps[0].predict.choices[0].claims");
        assert!(message.contains("needs a claim"), "{message}");
    }
}
