//! Every knob of every lane by name, with a value: of one lane, or of all that have it.

use crate::session::{Action, Dial, LaneId, Session};

use super::{Deed, Entry};

pub(super) fn entries(session: &Session) -> Vec<Entry<'_>> {
    let specs = &session.experiment().lanes;
    let lanes: Vec<(LaneId, &str, Vec<Dial>)> = session
        .lane_ids()
        .iter()
        .zip(specs)
        .map(|(id, spec)| (*id, &*spec.name, session.dials(*id)))
        .collect();
    let mut all = of_all(session, &lanes);
    for (id, name, dials) in lanes {
        all.extend(dials.into_iter().map(|dial| of_one(session, id, name, dial)));
    }
    all
}

fn of_one<'a>(session: &'a Session, id: LaneId, name: &str, dial: Dial) -> Entry<'a> {
    let words = words_of(&dial.path);
    let late = if can_turn(session, id, &dial) { "" } else { "; not while it runs" };
    let note = format!("now {}; {}{late}. {}", dial.now, dial.allowed, dial.meaning);
    let path = dial.path;
    Entry::value(format!("{name}: {}", dial.label), move |typed| {
        let change = session.read_dial(id, &path, typed)?;
        Ok(vec![Deed::Do(Action::Turn { lane: id, change }), Deed::Do(Action::EndGesture)])
    })
    .note(note)
    .also(words)
}

/// Whether it can be turned now.
fn can_turn(session: &Session, id: LaneId, dial: &Dial) -> bool {
    let trained = session.lane(id).is_some_and(|lane| !lane.is_at_start() || lane.is_running());
    dial.live || !trained
}

/// Knobs that more than one lane has.
fn of_all<'a>(session: &'a Session, lanes: &[(LaneId, &str, Vec<Dial>)]) -> Vec<Entry<'a>> {
    let mut seen: Vec<&str> = Vec::new();
    let mut all = Vec::new();
    for dial in lanes.iter().flat_map(|(_, _, dials)| dials) {
        let has = |(id, _, dials): &&(LaneId, &str, Vec<Dial>)| {
            let same = |other: &Dial| other.path == dial.path && can_turn(session, *id, other);
            dials.iter().any(same)
        };
        let owners: Vec<LaneId> = lanes.iter().filter(has).map(|(id, _, _)| *id).collect();
        if owners.len() < 2 || seen.contains(&&*dial.path) {
            continue;
        }
        seen.push(&dial.path);
        let whose = if owners.len() == lanes.len() {
            "All lanes".to_owned()
        } else {
            format!("All {} that have it", owners.len())
        };
        let note = format!("{}. {}", dial.allowed, dial.meaning);
        let path = dial.path.clone();
        let entry = Entry::value(format!("{whose}: {}", dial.label), move |typed| {
            turn_all(session, &owners, &path, typed)
        });
        all.push(entry.note(note).also(words_of(&dial.path)));
    }
    all
}

/// Turns a knob, or a parameter, of several lanes.
fn turn_all(
    session: &Session,
    lanes: &[LaneId],
    path: &str,
    typed: &str,
) -> Result<Vec<Deed>, String> {
    let mut deeds = Vec::new();
    for lane in lanes {
        let change = session.read_dial(*lane, path, typed)?;
        deeds.push(Deed::Do(Action::Turn { lane: *lane, change }));
        deeds.push(Deed::Do(Action::EndGesture));
    }
    Ok(deeds)
}

/// The parameter that is named, of every lane and of all: `params.17`.
pub(super) fn parameter_entries<'a>(session: &'a Session, words: &[String]) -> Vec<Entry<'a>> {
    let Some(place) = words.iter().find_map(|word| place_of(word)) else { return Vec::new() };
    let path = format!("params.{place}");
    let specs = &session.experiment().lanes;
    let lanes: Vec<LaneId> = session.lane_ids().to_vec();
    let mut all = Vec::new();
    for (id, spec) in session.lane_ids().iter().zip(specs) {
        let (id, path) = (*id, path.clone());
        let title = format!("{}: {path}", spec.name);
        let entry = Entry::value(title, move |typed| turn_all(session, &[id], &path, typed));
        let count = session.parameters(id);
        let note =
            count.map(|n| format!("a number; there are {n}, counted from 0")).unwrap_or_default();
        all.push(entry.note(note).also("parameter weight"));
    }
    if lanes.len() > 1 {
        let title = format!("All lanes: {path}");
        let entry = Entry::value(title, move |typed| turn_all(session, &lanes, &path, typed));
        all.push(entry.note("a number").also("parameter weight"));
    }
    all
}

/// `17` of `params.17`, `params[17]`, `param.17`.
fn place_of(word: &str) -> Option<usize> {
    let rest = word.strip_prefix("param")?;
    let rest = rest.strip_prefix("eter").unwrap_or(rest);
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    rest.strip_prefix(['.', '[', '#'])?.trim_end_matches(']').parse().ok()
}

/// Short names that people type.
fn words_of(path: &str) -> &'static str {
    match path {
        "optimizer.learning_rate" => "learning_rate lr eta",
        "optimizer.weight_decay" => "weight_decay wd",
        "optimizer.momentum" => "mu",
        "optimizer.beta1" => "beta1",
        "optimizer.beta2" => "beta2",
        "optimizer.epsilon" => "epsilon eps",
        "batch_size" => "batch_size bs rows",
        "clip" => "clip clipping",
        "gradient_noise" => "gradient_noise",
        "regularize.l1" => "l1 regularize",
        "regularize.l2" => "l2 regularize",
        path if path.starts_with("model.hidden") => "dropout rate",
        _ => "knob",
    }
}
