//! What came of a run, held against what was claimed and what was to be reached.

use super::schema::{Claim, Goal, Prediction, Reach};

/// What was measured of one lane so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Course {
    /// The lane's name.
    pub name: String,
    /// The loss after so many updates, ascending: on a surface its value at every step, else over all
    /// training rows at every evaluation.
    pub losses: Vec<(u64, f64)>,
    /// The accuracy after so many updates: on held-out rows if there are any.
    pub accuracies: Vec<(u64, f64)>,
    /// Updates done.
    pub step: u64,
    /// Whether it has ended.
    pub is_over: bool,
}

impl Course {
    /// The first step with a loss below this.
    fn first_below(&self, loss: f64) -> Option<u64> {
        self.losses.iter().find(|(_, value)| *value < loss).map(|(step, _)| *step)
    }

    fn last(&self) -> f64 {
        self.losses.last().map_or(f64::NAN, |(_, value)| *value)
    }
}

/// How a goal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can still be reached.
    Open,
    /// It was reached, after so many updates.
    Met(u64),
    /// It was not.
    Missed,
}

/// How a goal stands, as far as its lane has got.
#[must_use]
pub fn standing(goal: &Goal, courses: &[Course]) -> Standing {
    let Some(course) = courses.iter().find(|course| course.name == goal.lane) else {
        return Standing::Open;
    };
    let within = goal.within.unwrap_or(u64::MAX);
    let reached = match goal.reach {
        Reach::LossBelow(loss) => course.first_below(loss),
        Reach::AccuracyOf(least) => {
            course.accuracies.iter().find(|(_, value)| *value >= least).map(|(step, _)| *step)
        }
    };
    match reached {
        Some(step) if step <= within => Standing::Met(step),
        _ if course.is_over || course.step >= within => Standing::Missed,
        _ => Standing::Open,
    }
}

/// Which answers of a prediction came true, once every lane has ended, by their places: those all of whose
/// claims hold.
#[must_use]
pub fn came_true(prediction: &Prediction, courses: &[Course]) -> Vec<usize> {
    let holds = |claims: &[Claim]| claims.iter().all(|claim| holds(claim, courses));
    let choices = prediction.choices.iter().enumerate();
    choices.filter(|(_, choice)| holds(&choice.claims)).map(|(at, _)| at).collect()
}

fn holds(claim: &Claim, courses: &[Course]) -> bool {
    let of = |name: &str| courses.iter().find(|course| course.name == name);
    let others = |name: &str| -> Vec<&Course> {
        courses.iter().filter(|course| course.name != name).collect()
    };
    match claim {
        Claim::Lowest(name) => of(name).is_some_and(|course| {
            let last = course.last();
            last.is_finite() && others(name).iter().all(|other| is_above(other.last(), last))
        }),
        Claim::First(name, loss) => of(name).and_then(|c| c.first_below(*loss)).is_some_and(|at| {
            others(name).iter().all(|other| other.first_below(*loss).is_none_or(|step| step > at))
        }),
        Claim::Never(name, loss) => of(name).is_some_and(|c| c.first_below(*loss).is_none()),
        Claim::Ends(name, low, high) => {
            of(name).is_some_and(|course| (*low..=*high).contains(&course.last()))
        }
        Claim::Above(name, loss) => of(name).is_some_and(|course| is_above(course.last(), *loss)),
    }
}

/// Whether a loss is above another; one that is no number is above all.
fn is_above(loss: f64, other: f64) -> bool {
    loss > other || loss.is_nan()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::schema::Choice;

    fn course(name: &str, values: &[f64]) -> Course {
        let losses = values.iter().enumerate().map(|(step, value)| (step as u64, *value)).collect();
        let step = values.len() as u64 - 1;
        Course { name: name.to_owned(), losses, accuracies: Vec::new(), step, is_over: true }
    }

    #[test]
    fn claims_are_held_against_what_was_measured() {
        let courses = [course("a", &[4.0, 2.0, 1.0]), course("b", &[4.0, 5.0, f64::NAN])];
        let name = |name: &str| name.to_owned();
        for (claim, expected) in [
            (Claim::Lowest(name("a")), true),
            (Claim::Lowest(name("b")), false),
            (Claim::First(name("a"), 3.0), true),
            (Claim::First(name("a"), 0.5), false),
            (Claim::Never(name("b"), 3.0), true),
            (Claim::Ends(name("a"), 0.9, 1.1), true),
            (Claim::Ends(name("b"), 0.0, 9.0), false),
            (Claim::Above(name("b"), 100.0), true),
            (Claim::Above(name("a"), 100.0), false),
            (Claim::Lowest(name("nobody")), false),
        ] {
            assert_eq!(holds(&claim, &courses), expected, "{claim:?}");
        }
        let choice = |claims| Choice { says: String::new(), claims };
        let choices = vec![
            choice(vec![Claim::Lowest(name("b"))]),
            choice(vec![Claim::Lowest(name("a")), Claim::Above(name("b"), 1.0)]),
        ];
        let prediction = Prediction { question: String::new(), choices };
        assert_eq!(came_true(&prediction, &courses), [1]);
    }

    #[test]
    fn a_goal_is_open_until_it_is_met_or_its_time_is_over() {
        let goal = Goal {
            lane: "a".to_owned(),
            reach: Reach::LossBelow(1.5),
            within: Some(2),
            answer: Vec::new(),
            met: String::new(),
            missed: String::new(),
        };
        let mut late = course("a", &[4.0, 2.0]);
        late.is_over = false;
        assert_eq!(standing(&goal, &[late.clone()]), Standing::Open);
        assert_eq!(standing(&goal, &[course("a", &[4.0, 2.0, 1.0])]), Standing::Met(2));
        assert_eq!(standing(&goal, &[course("a", &[4.0, 2.0, 1.8, 1.0])]), Standing::Missed);
        late.is_over = true;
        assert_eq!(standing(&goal, &[late]), Standing::Missed);
    }
}
