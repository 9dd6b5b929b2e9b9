//! What happened along the way, and what of it is told as one.
//!
//! A knob that is dragged acts at many steps, and forks are often made where others were: single marks of
//! them would hide each other. Those nearly at one place make up a group with one label, which says what
//! acts in the end; its whole story is for who points at it.
//!
//! Invariant: every mark is in exactly one group. Not here: where labels lie.

use super::scene::{MarkerKind, PlotMarker};
use crate::ui::widgets::{count, elided_middle, short};

/// Marks of one kind that are at most so far apart, in points, are one group.
const NEAR: f32 = 14.0;
/// Letters of another lane's name in a label.
const NAME: usize = 20;
/// Values of a knob that are told one by one; of more the first and the last ones.
const VALUES: usize = 8;

/// What happened nearly at one place, told as one.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkGroup<'a> {
    /// In the order of their places; at least one.
    marks: Vec<PlotMarker<'a>>,
    /// The places of the first and of the last one.
    ends: [f32; 2],
}

/// Groups marks by their places; those without a place are left out. From left to right, by their last ones.
pub fn group<'a>(
    markers: &[PlotMarker<'a>],
    place: impl Fn(&PlotMarker<'a>) -> Option<f32>,
) -> Vec<MarkGroup<'a>> {
    let at = |mark: &PlotMarker<'a>| place(mark).map(|x| (x, mark.clone()));
    let mut placed: Vec<(f32, PlotMarker<'a>)> = markers.iter().filter_map(at).collect();
    placed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.step.cmp(&b.1.step)));
    let (mut groups, mut open) = (Vec::<MarkGroup<'a>>::new(), Vec::<usize>::new());
    for (x, mark) in placed {
        open.retain(|at| x - groups[*at].ends[1] <= NEAR);
        match open.iter().find(|at| groups[**at].takes(&mark)) {
            Some(at) => groups[*at].push(mark, x),
            None => {
                open.push(groups.len());
                groups.push(MarkGroup { marks: vec![mark], ends: [x, x] });
            }
        }
    }
    let mut groups = turned_alike(groups);
    groups.sort_by(|a, b| a.ends[1].total_cmp(&b.ends[1]));
    groups
}

/// A knob that was turned alike in several lanes at one place is one group, too.
fn turned_alike(groups: Vec<MarkGroup<'_>>) -> Vec<MarkGroup<'_>> {
    let mut merged: Vec<MarkGroup<'_>> = Vec::new();
    for group in groups {
        // They come from left to right by their first ones.
        let near =
            merged.iter_mut().rev().take_while(|other| group.ends[0] - other.ends[0] <= NEAR);
        let mut alike = near.filter(|other| {
            (group.ends[1] - other.ends[1]).abs() <= NEAR && group.turned() == other.turned()
        });
        match alike.next().filter(|_| group.turned().is_some()) {
            Some(other) => {
                other.ends[1] = other.ends[1].max(group.ends[1]);
                other.marks.extend(group.marks);
            }
            None => merged.push(group),
        }
    }
    merged
}

impl<'a> MarkGroup<'a> {
    /// The places of the first and of the last mark.
    pub fn ends(&self) -> [f32; 2] {
        self.ends
    }

    /// What its marks are; of one kind all of them.
    pub fn kind(&self) -> &MarkerKind<'a> {
        &self.marks[0].kind
    }

    /// The lanes that it is about, each once.
    pub fn lanes(&self) -> Vec<usize> {
        let mut lanes: Vec<usize> = Vec::new();
        for mark in &self.marks {
            if !lanes.contains(&mark.lane) {
                lanes.push(mark.lane);
            }
        }
        lanes
    }

    /// Whether another mark near it belongs to it.
    fn takes(&self, mark: &PlotMarker<'a>) -> bool {
        let last = &self.marks[self.marks.len() - 1];
        match (&last.kind, &mark.kind) {
            (MarkerKind::Edit { knob, .. }, MarkerKind::Edit { knob: other, .. }) => {
                last.lane == mark.lane && knob == other
            }
            (MarkerKind::Stop(rule), MarkerKind::Stop(other)) => rule == other,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }

    fn push(&mut self, mark: PlotMarker<'a>, x: f32) {
        self.marks.push(mark);
        self.ends[1] = x;
    }

    /// The knob that was turned, from what to what.
    fn turned(&self) -> Option<(&str, &'a str, &'a str)> {
        turned(self.marks.iter())
    }

    /// From which to which step.
    fn steps(&self) -> [u64; 2] {
        let steps = self.marks.iter().map(|mark| mark.step);
        let (first, last) = (steps.clone().min(), steps.max());
        [first.unwrap_or_default(), last.unwrap_or_default()]
    }

    /// What it says in few words, beside the signs of its lanes.
    pub fn label(&self) -> String {
        let lanes = self.lanes().len();
        let many = |words: &str| {
            if lanes > 1 { format!("{lanes} {words}") } else { words.to_owned() }
        };
        match self.kind() {
            MarkerKind::Edit { .. } => {
                let more = if lanes > 1 { format!(" · {lanes} lanes") } else { String::new() };
                let turned =
                    self.turned().map(|(knob, from, to)| turn_words(brief(knob), from, to));
                turned.unwrap_or_default() + &more
            }
            MarkerKind::Fork(parent) => match (self.marks.len(), self.steps()) {
                (1, [step, _]) => {
                    format!("forked from {} at step {}", elided_middle(parent, NAME), count(step))
                }
                (forks, [first, last]) if first == last => {
                    format!("{forks} forks at {}", count(first))
                }
                (forks, [first, last]) => {
                    format!("{forks} forks, {}–{}", count(first), count(last))
                }
            },
            MarkerKind::Stop(Some(rule)) => many(&format!("rule: {rule}")),
            MarkerKind::Stop(None) => many("stopped"),
            MarkerKind::Diverged => many("diverged"),
            MarkerKind::Failed => many("failed"),
            MarkerKind::Pause(_) => many("paused"),
        }
    }

    /// All that happened, a line a lane; `name` names the lanes.
    pub fn whole<'n>(&self, name: impl Fn(usize) -> &'n str) -> String {
        let line = |lane: usize| format!("{}: {}", name(lane), self.story(lane));
        self.lanes().into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// What happened to a lane.
    fn story(&self, lane: usize) -> String {
        let marks: Vec<&PlotMarker<'a>> = self.marks.iter().filter(|m| m.lane == lane).collect();
        if let Some((knob, from, to)) = turned(marks.iter().copied()) {
            return edits_words(&marks, &turn_words(knob, from, to));
        }
        let told = marks.iter().map(|mark| {
            let step = count(mark.step);
            match &mark.kind {
                MarkerKind::Fork(parent) => format!("forked from {parent} at step {step}"),
                MarkerKind::Stop(Some(rule)) => {
                    format!("ended by the rule “{rule}” at step {step}")
                }
                MarkerKind::Stop(None) => format!("stopped at step {step}"),
                MarkerKind::Diverged => format!("diverged at step {step}"),
                MarkerKind::Failed => format!("failed at step {step}"),
                MarkerKind::Pause(first) if *first < mark.step => {
                    format!("one at a time, steps {}–{step}", count(*first))
                }
                MarkerKind::Pause(_) => format!("paused at step {step}"),
                MarkerKind::Edit { .. } => String::new(),
            }
        });
        told.collect::<Vec<_>>().join(", ")
    }
}

/// The knob that these marks are of, from the first value to the last.
fn turned<'m, 'a: 'm>(
    marks: impl Iterator<Item = &'m PlotMarker<'a>> + Clone,
) -> Option<(&'m str, &'a str, &'a str)> {
    let MarkerKind::Edit { knob, from, .. } = &marks.clone().next()?.kind else { return None };
    let MarkerKind::Edit { to, .. } = &marks.last()?.kind else { return None };
    Some((knob, from, to))
}

/// The edits of a knob of one lane: how it was turned, when, and by which values.
fn edits_words(marks: &[&PlotMarker<'_>], turn: &str) -> String {
    let [first, .., last] = marks else {
        return format!("{turn} at step {}", count(marks[0].step));
    };
    let value = |mark: &&PlotMarker<'_>| match &mark.kind {
        MarkerKind::Edit { to, .. } => few(to),
        _ => String::new(),
    };
    let values: Vec<String> = marks.iter().map(value).collect();
    let values = if values.len() > VALUES {
        let (head, tail) = (&values[..VALUES / 2], &values[values.len() - VALUES / 2..]);
        format!("{}, … {}", head.join(", "), tail.join(", "))
    } else {
        values.join(", ")
    };
    let (steps, edits) = ((count(first.step), count(last.step)), marks.len());
    format!("{turn}, {edits} edits, steps {}–{}: {values}", steps.0, steps.1)
}

fn turn_words(knob: &str, from: &str, to: &str) -> String {
    let (from, to) = (few(from), few(to));
    if from == to { format!("{knob} back at {to}") } else { format!("{knob} {from} → {to}") }
}

/// A knob as it is called where there is little room.
fn brief(knob: &str) -> &str {
    if knob == "learning rate" { "lr" } else { knob }
}

/// A number of the file in few digits; other values as they are.
fn few(text: &str) -> String {
    text.parse::<f64>().map_or_else(|_not_a_number| text.to_owned(), short)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn edit<'a>(lane: usize, step: u64, from: &'a str, to: &'a str) -> PlotMarker<'a> {
        let knob = Cow::Borrowed("learning rate");
        PlotMarker { lane, step, kind: MarkerKind::Edit { knob, from, to } }
    }

    fn fork(lane: usize, step: u64) -> PlotMarker<'static> {
        PlotMarker { lane, step, kind: MarkerKind::Fork("Momentum") }
    }

    const NAMES: [&str; 3] = ["SGD", "Momentum", "Adam"];

    /// What is told of marks of which a point of the screen holds one step.
    fn told(marks: &[PlotMarker<'_>]) -> Vec<(String, String)> {
        let groups = group(marks, |mark| Some(mark.step as f32));
        groups.iter().map(|group| (group.label(), group.whole(|lane| NAMES[lane]))).collect()
    }

    #[test]
    fn a_knob_that_is_dragged_says_its_last_value_once() {
        let values = ["0.1", "0.09", "0.07", "0.05", "0.03"];
        let mut marks: Vec<PlotMarker<'_>> =
            (0..4).map(|i| edit(0, 812 + 5 * i as u64, values[i], values[i + 1])).collect();
        marks.push(edit(1, 815, "0.1", "0.2"));
        let whole = "SGD: learning rate 0.1 → 0.03, 4 edits, steps 812–827: 0.09, 0.07, 0.05, 0.03";
        let other = "Momentum: learning rate 0.1 → 0.2 at step 815";
        assert_eq!(
            told(&marks),
            [("lr 0.1 → 0.2".into(), other.into()), ("lr 0.1 → 0.03".into(), whole.into())]
        );
        // Zoomed in, each is told for itself.
        let near = group(&marks, |mark| Some(mark.step as f32 * 10.0));
        assert_eq!(near.len(), 5);
        let back = [edit(0, 5, "0.1", "0.2"), edit(0, 6, "0.2", "0.1")];
        assert_eq!(told(&back)[0].0, "lr back at 0.1");
    }

    #[test]
    fn a_long_drag_tells_its_first_and_last_values() {
        let values: Vec<String> = (0..=40).map(|i| format!("{}", 40 - i)).collect();
        let marks: Vec<PlotMarker<'_>> =
            (0..40).map(|i| edit(0, i as u64, &values[i], &values[i + 1])).collect();
        let whole = "SGD: learning rate 40 → 0, 40 edits, steps 0–39: 39, 38, 37, 36, … 3, 2, 1, 0";
        assert_eq!(told(&marks), [("lr 40 → 0".into(), whole.into())]);
    }

    #[test]
    fn a_knob_turned_alike_in_several_lanes_is_told_once() {
        let marks = [edit(0, 50, "0.1", "0.03"), edit(2, 51, "0.1", "0.03")];
        let whole = "SGD: learning rate 0.1 → 0.03 at step 50\n\
            Adam: learning rate 0.1 → 0.03 at step 51";
        assert_eq!(told(&marks), [("lr 0.1 → 0.03 · 2 lanes".into(), whole.into())]);
        let marks = [edit(0, 50, "0.1", "0.03"), edit(2, 51, "0.1", "0.04")];
        assert_eq!(told(&marks).len(), 2);
    }

    #[test]
    fn forks_at_one_step_are_counted_and_named() {
        let one = "forked from Momentum at step 86";
        assert_eq!(told(&[fork(2, 86)]), [(one.into(), format!("Adam: {one}"))]);
        let two = format!("SGD: {one}\nAdam: {one}");
        assert_eq!(told(&[fork(0, 86), fork(2, 86)]), [("2 forks at 86".into(), two)]);
        assert_eq!(told(&[fork(0, 86), fork(2, 90)])[0].0, "2 forks, 86–90");
        assert_eq!(told(&[fork(0, 86), fork(2, 186)]).len(), 2);
    }

    #[test]
    fn ends_of_one_kind_at_one_place_are_counted() {
        let end = |lane, kind| PlotMarker { lane, step: 7, kind };
        let marks = [
            end(0, MarkerKind::Diverged),
            end(1, MarkerKind::Stop(Some("no gain".into()))),
            end(2, MarkerKind::Diverged),
        ];
        let labels: Vec<String> = told(&marks).into_iter().map(|(label, _)| label).collect();
        assert_eq!(labels, ["2 diverged", "rule: no gain"]);
        assert_eq!(told(&marks)[1].1, "Momentum: ended by the rule “no gain” at step 7");
    }
}
