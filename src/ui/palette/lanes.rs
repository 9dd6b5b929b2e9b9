//! What can be done to lanes: forks, copies, names, order, instruments.

use crate::session::{Action, Dial, Lane, LaneId, Session, TEMPLATES};
use crate::ui::instruments::Instrument;
use crate::ui::theme::LANE_COUNT;
use crate::ui::widgets::count;

use super::{Deed, Entry, WindowDeed, whole};

const INSTRUMENTS: [(Instrument, &str, &str); 4] = [
    (Instrument::Microscope, "Microscope", "The next update of one parameter, number by number."),
    (Instrument::GradientCheck, "Gradient check", "The numeric against the analytic gradient."),
    (
        Instrument::RateFinder,
        "Rate finder",
        "Which learning rates go down, by trying a ramp of them.",
    ),
    (Instrument::Sharpness, "Sharpness", "The largest curvature, against 2 ÷ learning rate."),
];

pub(super) fn entries(session: &Session) -> Vec<Entry<'_>> {
    let mut all: Vec<Entry<'_>> = TEMPLATES
        .iter()
        .map(|template| {
            Entry::act(format!("Add lane: {}", template.name), Action::AddLane(template.name))
                .note(template.note)
                .also("new optimizer")
        })
        .collect();
    let specs = &session.experiment().lanes;
    for (index, (id, spec)) in session.lane_ids().iter().zip(specs).enumerate() {
        let name = &*spec.name;
        if let Some(lane) = session.lane(*id) {
            all.extend(forks(lane));
        }
        all.extend(abreast(session, *id, name));
        all.extend(of_lane(session, *id, name, (index, specs.len())));
        for (instrument, title, note) in INSTRUMENTS {
            let deed = WindowDeed::Instrument(*id, instrument);
            all.push(
                Entry::window(format!("{title} on {name}"), deed).note(note).also("instrument"),
            );
        }
    }
    all
}

/// What is drawn and compared of a lane.
fn abreast<'a>(session: &Session, id: LaneId, name: &str) -> Vec<Entry<'a>> {
    let (muted, solo) = (session.is_muted(id), session.is_solo(id));
    let mute = if muted { format!("Draw {name} again") } else { format!("Mute {name}") };
    let alone =
        if solo { format!("Show others beside {name}") } else { format!("Show {name} alone") };
    let mut all = vec![
        Entry::act(mute, Action::Mute(id, !muted)).note("It trains on either way.").also("hide"),
        Entry::act(alone, Action::Solo(id, !solo)).note("Other lanes train on.").also("solo"),
    ];
    if session.pinned() == Some(id) {
        all.push(Entry::act("Compare with the first lane", Action::Pin(None)).also("unpin"));
    } else {
        let title = format!("Compare others with {name}");
        all.push(Entry::act(title, Action::Pin(Some(id))).also("pin baseline"));
    }
    all
}

fn forks(lane: &Lane) -> Vec<Entry<'_>> {
    if lane.is_at_start() {
        return Vec::new();
    }
    let (id, name) = (lane.id, lane.name());
    let (first, last, shown) = (lane.first_step(), lane.status.step, lane.shown_step());
    let fork = move |step| Action::Fork { lane: id, step: Some(step), change: None };
    let note =
        "A new lane that goes on from there: the same parameters, memory and place in the data.";
    vec![
        Entry::act(format!("Fork {name} at step {shown}"), fork(shown)).note(note),
        Entry::value(format!("Fork {name} at step"), move |typed| match whole(typed)? {
            step if (first..=last).contains(&step) => Ok(vec![Deed::Do(fork(step))]),
            step => Err(format!("{name} has been at steps {first} to {last}, not {step}")),
        })
        .note(format!("{} to {}", count(first), count(last))),
    ]
}

fn of_lane<'a>(
    session: &'a Session,
    id: LaneId,
    name: &'a str,
    (index, lanes): (usize, usize),
) -> Vec<Entry<'a>> {
    let specs = &session.experiment().lanes;
    let program = vec![Deed::Do(Action::WriteProgram(id)), Deed::Window(WindowDeed::Program(id))];
    let mut show = Entry::act(format!("Show {name} as NumPy"), Action::WriteProgram(id))
        .note("A plain program to read, run and change.")
        .also("python script code");
    show.takes = super::Takes::Nothing(program);
    let mut all = vec![
        Entry::window(format!("Branches of {name}"), WindowDeed::Branches(id))
            .note("What was left when it went back, and what was forked off it.")
            .also("tree past return"),
        Entry::act(format!("Duplicate {name}"), Action::DuplicateLane(id)).also("copy"),
        Entry::text(format!("Rename {name} to"), move |typed| {
            let taken = specs.iter().any(|lane| lane.name == typed && lane.name != name);
            match typed {
                _ if taken => Err(format!("another lane is called “{typed}”")),
                to => Ok(vec![Deed::Do(Action::RenameLane(id, to.to_owned()))]),
            }
        })
        .note("Its new name."),
        Entry::value(format!("Colour of {name}"), move |typed| match whole(typed)? {
            color if (1..=LANE_COUNT as u64).contains(&color) => {
                Ok(vec![Deed::Do(Action::RecolorLane(id, color as u8))])
            }
            _ => Err(format!("takes 1 to {LANE_COUNT}, not {typed}")),
        })
        .note(format!("1 to {LANE_COUNT}"))
        .also("color recolour"),
        show,
        Entry::window(format!("Show everything of {name}"), WindowDeed::Unfold(id))
            .also("card more"),
    ];
    let lane = session.lane(id).filter(|lane| lane.seed_count() > 1);
    for run in 0..lane.map_or(0, Lane::seed_count) {
        let title = format!("Show seed {} of {name}", run + 1);
        all.push(Entry::act(title, Action::ShowSeed(id, run)).also("run"));
    }
    if lane.is_some() {
        let on = session.draws_every_seed(id);
        let title = if on { "Draw the band of" } else { "Draw every seed of" };
        let act = Action::DrawSeeds(id, !on);
        all.push(Entry::act(format!("{title} {name}"), act).also("lines median runs"));
    }
    if index > 0 {
        all.push(Entry::act(format!("Move {name} up"), Action::MoveLane(id, -1)).also("order"));
    }
    if index + 1 < lanes {
        all.push(Entry::act(format!("Move {name} down"), Action::MoveLane(id, 1)).also("order"));
    }
    if lanes > 1 {
        all.push(Entry::act(format!("Remove {name}"), Action::RemoveLane(id)).also("delete"));
    }
    let spreads = session.dials(id).into_iter().filter(can_spread);
    all.extend(spreads.map(|dial| spread(session, id, name, dial)));
    all
}

fn can_spread(dial: &Dial) -> bool {
    let choice = dial.path.starts_with("optimizer.") || dial.path.starts_with("schedule.");
    dial.live && (choice || dial.path == "batch_size")
}

/// As many lanes as one spread may make.
const MOST: usize = 16;

fn spread<'a>(session: &'a Session, id: LaneId, name: &'a str, dial: Dial) -> Entry<'a> {
    let label = dial.label.to_lowercase();
    Entry::text(format!("Spread {name} over {label}"), move |typed| {
        let values = typed.split([',', ' ']).filter(|value| !value.is_empty());
        let values: Vec<String> = values.map(str::to_owned).collect();
        for value in &values {
            session.read_dial(id, &dial.path, value)?;
        }
        let path = dial.path.clone();
        match values.len() {
            2..=MOST => Ok(vec![Deed::Do(Action::SpreadLane { lane: id, path, values })]),
            n => Err(format!("takes 2 to {MOST} values, with commas between them; {n} are there")),
        }
    })
    .note(format!("Lanes over these values, all else alike; each {}", dial.allowed))
}
