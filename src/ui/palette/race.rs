//! The race: by what lanes go abreast, who is drawn and compared with, what is to be reached.

use crate::experiment::{Race, Task};
use crate::session::{Action, Session};

use super::{Deed, Entry};

pub(super) fn entries(session: &Session) -> Vec<Entry<'_>> {
    let mut all = vec![target(session)];
    if session.view().target.is_some() {
        all.push(Entry::act("No target", Action::Aim(None)).also("results"));
    }
    let specs = &session.experiment().lanes;
    if specs.len() < 2 {
        return all;
    }
    let on_surface = matches!(session.experiment().task, Task::Surface(_));
    let fits = |rule: &Race| !on_surface || !matches!(rule, Race::Epoch | Race::Samples);
    all.extend(Race::ALL.into_iter().filter(fits).map(|rule| {
        Entry::act(format!("Race: {}", rule.label()), Action::Race(rule)).also("lockstep abreast")
    }));
    for (id, spec) in session.lane_ids().iter().copied().zip(specs) {
        let name = &spec.name;
        let (muted, solo) = (session.is_muted(id), session.is_solo(id));
        let mute = if muted { "Unmute" } else { "Mute" };
        all.push(Entry::act(format!("{mute} {name}"), Action::Mute(id, !muted)).also("hide show"));
        let alone = if solo { "No longer solo:" } else { "Solo" };
        all.push(Entry::act(format!("{alone} {name}"), Action::Solo(id, !solo)).also("only alone"));
        let pinned = session.pinned() == Some(id);
        let pin = if pinned { "Unpin" } else { "Pin" };
        let action = Action::Pin((!pinned).then_some(id));
        all.push(Entry::act(format!("{pin} {name}"), action).also("compare results top"));
    }
    all
}

fn target(session: &Session) -> Entry<'_> {
    let label = session.shown_measure().label.to_lowercase();
    Entry::value("Target", |typed| match typed.parse::<f64>() {
        Ok(target) if target.is_finite() => Ok(vec![Deed::Do(Action::Aim(Some(target)))]),
        _ => Err(format!("takes a number, not {typed}")),
    })
    .note(format!("what {label} should reach: the results say when"))
    .also("results goal")
}
